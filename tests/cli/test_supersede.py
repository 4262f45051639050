"""A transcript is corrected after it was reviewed and released."""

import json
from pathlib import Path

from tests.cli.conftest import INTERVIEW, Samaran, Small
from tests.cli.test_withdraw import released, settle

NAME = "INF-01_wawancara_1.txt"


def segments(folder: Path) -> dict[str, str]:
    """Texts of a release by segment id."""
    rows = [json.loads(line) for line in (folder / "segments.jsonl").read_bytes().splitlines()]
    return {row["segment_id"]: row["text"] for row in rows}


def test_a_corrected_transcript_keeps_ids_and_decisions(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Unchanged segments have their id, text and decisions in the next release; only what was edited is open again."""
    small.put(NAME, INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    settle(small, samaran, tmp_path)
    first = segments(released(small, samaran))
    small.put(NAME, INTERVIEW.replace("Tarif 400rb", "Tarif 450rb").replace("P: Kenal", "P: Oh begitu.\nP: Kenal"))
    done = samaran("run", small.folder, "--direct", "--json")



    settle(small, samaran, tmp_path)

    second = segments(released(small, samaran))


