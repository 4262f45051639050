"""The table of imports is true."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.table import EXCEPTIONS, HOMES, LAYERS, NO_PLACE, SLOW

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "samaran"
FLOWS, CONFIG = ROOT / "flows", ROOT / "config"
HEIGHT = {part: height for height, layer in enumerate(LAYERS) for part in layer}


def modules() -> Iterator[tuple[str, str, Path]]:
    """Every module: its part of the package, its path within the package, its file."""
    for base, prefix in ((SOURCE, ""), (FLOWS, "flows/"), (CONFIG, "config/")):
        for path in sorted(base.rglob("*.py")):
            place = prefix + path.relative_to(base).as_posix()
            yield place.split("/")[0].removesuffix(".py"), place, path


def imported(source: str) -> Iterator[str]:
    """Dotted names that a module imports, at its head or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "samaran":
                yield from (f"samaran.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def breaches(part: str, place: str, source: str) -> list[str]:
    """What in a module's imports the table does not allow."""
    found = []
    for name in imported(source):
        top, _, rest = name.partition(".")
        if top == "samaran":
            target = rest.partition(".")[0]
            if target == "__version__":
                if part != "cli":
                    found.append(f"{place}: imports from the package root")
            elif target not in HEIGHT:
                found.append(f"{place}: {target} has no layer")
            elif target != part and (place, target) not in EXCEPTIONS and not HEIGHT[target] < HEIGHT[part]:
                found.append(f"{place}: {part} may not import {target}")
        elif top not in sys.stdlib_module_names and part not in HOMES.get(top, frozenset()):
            found.append(f"{place}: {top} does not live in {part}")
    return found


def test_imports_point_down_and_libraries_stay_home() -> None:
    """No module imports upwards, sideways, from the package root, or a library away from its home."""
    found = [
        breach for part, place, path in modules() if part != "__init__" for breach in breaches(part, place, path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("part", "place", "source"),
    [
        ("detect", "detect/a.py", "from samaran.pipeline import desk"),
        ("detect", "detect/a.py", "import samaran.vault.age"),
        ("model", "model.py", "from samaran import codec"),
        ("state", "state.py", "def f():\n    import pandas"),
        ("pipeline", "pipeline/a.py", "from prefect import flow"),
        ("cli", "cli/study.py", "from samaran.flows import here"),
        ("pipeline", "pipeline/a.py", "from samaran import __version__"),
        ("ingest", "ingest/a.py", "import requests"),
        ("ingest", "ingest/a.py", "from samaran.brand_new import x"),
    ],
)
def test_a_breach_is_seen(part: str, place: str, source: str) -> None:
    """Each kind of import that the table forbids is reported."""
    assert len(breaches(part, place, source)) == 1


def test_the_table_names_nothing_that_is_gone() -> None:
    """Every library in the table is imported somewhere."""
    used = {name.partition(".")[0] for _, _, path in modules() for name in imported(path.read_text())}
    assert sorted(HOMES.keys() - used) == []


def test_every_part_has_a_layer() -> None:
    """No part of the package stands outside the table."""
    assert sorted({part for part, _, _ in modules()} - HEIGHT.keys() - {"__init__"}) == []


def test_no_module_is_named_for_nothing() -> None:
    """There is no utils.py."""
    assert [place for _, place, path in modules() if path.stem in NO_PLACE] == []


def test_the_vocabulary_needs_the_standard_library_only() -> None:
    """`model` and `errors` import nothing of ours above them and no third-party library."""
    for name in ("model", "errors"):
        allowed = {"samaran.errors"} if name == "model" else set()
        names = set(imported((SOURCE / f"{name}.py").read_text())) - allowed
        assert {n for n in names if n.partition(".")[0] not in sys.stdlib_module_names} == set()


def test_the_command_line_starts_light() -> None:
    """Loading the command line loads none of the slow libraries: `samaran status` answers at once."""
    script = "import sys, samaran.cli.main; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert sorted(SLOW & set(done.stdout.split())) == []
