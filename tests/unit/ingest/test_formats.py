"""The page about formats says what the code does."""

import re
from pathlib import Path

from samaran.ingest import FORMATS, WARNINGS, container
from samaran.ingest.unreadable import REASONS
from samaran.model import Reason

SOURCES = Path(container.__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "formats" / "sources.md"


def rows(head: str) -> list[list[str]]:
    """The rows of the table whose heading starts like that."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(head))
    found = []
    for line in lines[at + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return found


def test_the_table_of_formats() -> None:
    """Name, extensions and what is read, row by row."""
    assert rows("| format |") == [[f.name, ", ".join(f.extensions), f.reads] for f in FORMATS]


def test_the_table_of_reasons() -> None:
    """Each reason that a reader gives stands there, and the one that a recording without a transcript is kept with."""
    assert {row[0] for row in rows("| reason |")} == {*REASONS, Reason.NOT_TRANSCRIBED}


def test_the_table_of_warnings() -> None:
    """Each warning stands there with its meaning, and every code in a reader has one."""
    assert rows("| warning |") == [[f"`{code}`", meaning] for code, meaning in WARNINGS.items()]
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    codes = set(re.findall(r'^[A-Z_]+ = "([a-z]+(?:-[a-z]+)+)"$', source, re.MULTILINE))
    assert codes == set(WARNINGS)


def test_the_bounds() -> None:
    """The numbers on the page are those of the code."""
    page = PAGE.read_text(encoding="utf-8")
    members, unpacked, ratio = (
        int(n.replace(",", "")) for n in re.findall(r"than ([\d,]+) members, over (\d+) MB .* over 1:(\d+)", page)[0]
    )
    assert (members, unpacked * 1024 * 1024, ratio) == (container.MAX_MEMBERS, container.MAX_UNPACKED, container.MAX_RATIO)
