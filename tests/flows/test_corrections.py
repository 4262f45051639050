"""A corrected version comes in through Prefect as it does without."""

import subprocess
from pathlib import Path

from tests.studies import SAMARAN, copy_of, environment, rows

CHAT = "INF-01_chat_2.txt"


def samaran(*words: object) -> None:
    done = subprocess.run(
        [*SAMARAN, *map(str, words)], env=environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 3), done.stderr


def test_a_correction_through_the_flow_is_one_without(prepared: Path, tmp_path: Path) -> None:
    """After the first version, its correction and a reviewer's key the state is the same, row by row, either way."""
    found = []
    for way in ([], ["--direct"]):
        study = copy_of(prepared, tmp_path / ("direct" if way else "flow"))
        text = (study / "inbox" / CHAT).read_text(encoding="utf-8")
        samaran("run", study, "--direct")
        (study / "inbox" / CHAT).write_text(text.rstrip("\n") + " euy\n", encoding="utf-8")
        samaran("run", study, *way)
        samaran("release", study, "--key", study.parent / "keys" / "reviewer.key")
        found.append(rows(study))
    assert found[0] == found[1]
    assert [row for row in found[0]["version"] if row[-1]]
    assert found[0]["cut"]
