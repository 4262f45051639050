"""Kills a run and a join again and again: `correcting.py PREPARED PLACE SEED KILLS`, one JSON document on standard output.

A study is taken in, decided on and released; then a chat is corrected. On copies of it a forked child takes the correction in,
joins it at the review desk and releases, and kills itself at a moment that chance chose, until one ends. Then everything must be
as undisturbed.
"""

import json
import random
import sys
from pathlib import Path
from typing import Any

from samaran.audit.verify import verify
from samaran.model import Decision, Verdict
from samaran.pipeline.deidentify import deidentify
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import hand_over, profile_of
from samaran.pipeline.reviewing import decide, refresh
from samaran.vault.keys import load_private_key
from tests.guards.dying import load_once, run
from tests.studies import copy_of, release_bytes, rows

CHAT = "INF-01_chat_2.txt"


def reviewed(prepared: Path, place: Path) -> Path:
    """A study with decisions and a release, and a corrected chat in its inbox. Returns the folder above it."""
    study = copy_of(prepared, place)
    text = (study / "inbox" / CHAT).read_text(encoding="utf-8")
    key = load_private_key(place / "keys" / "reviewer.key", None)
    with Desk.open(study) as desk:
        deidentify(desk)
        found = [row for row in desk.state.mentions() if row.mention.score >= 0.5]
        verdicts = (Verdict.ACCEPT, Verdict.ACCEPT, Verdict.REJECT)
        said = [
            Decision(row.source_id, row.mention.span, verdicts[row.mention.span.start % 3], key.id, row.mention.type)
            for row in found  # not by their order, which hangs on the keys of the study
        ]
        decide(desk, said, key.id)
        refresh(desk, key)
        hand_over(desk, profile_of(desk, "analysis"), actor=key.id)
    lines = text.splitlines(keepends=True)
    lines[len(lines) // 2] = lines[len(lines) // 2].rstrip("\n") + " atuh euy\n"
    (study / "inbox" / CHAT).write_text("".join(lines[:5] + lines[6:]), encoding="utf-8")
    return place


def take_over(desk: Desk) -> None:
    """Take in, join and release."""
    key = load_private_key(desk.study.folder.parent / "keys" / "reviewer.key", None)
    deidentify(desk)
    refresh(desk, key)
    hand_over(desk, profile_of(desk, "analysis"), actor=key.id)


def main(prepared: Path, place: Path, seed: int, kills: int) -> dict[str, Any]:
    """See the head of this file."""
    load_once()
    chance, problems, dead, copies = random.Random(seed), [], 0, 0
    start = reviewed(prepared, place / "start")
    undisturbed = copy_of(start, place / "undisturbed")
    moments = run(undisturbed, 0, take_over)
    assert moments is not None
    while dead < kills:
        copies += 1
        study, ended, reach = copy_of(start, place / str(copies)), None, moments
        while ended is None:
            ended = run(study, chance.randint(1, reach) if dead < kills else 0, take_over)
            if ended is None:
                dead, reach = dead + 1, moments // 3
        if rows(study) != rows(undisturbed):
            tables = [name for name, kept in rows(study).items() if kept != rows(undisturbed)[name]]
            problems.append(f"copy {copies}: other rows in {', '.join(tables)}")
        if release_bytes(study) != release_bytes(undisturbed):
            problems.append(f"copy {copies}: other released bytes")
        bad = [check.name for check in verify(study / "audit", None, None).checks if not check.ok]
        problems += [f"copy {copies}: the log does not verify: {name}" for name in bad]
    with Desk.open(undisturbed) as desk:
        joined = [version.joined for version in desk.state.versions().values() if version.joined]
        carried = sum(decision.carried for decision in desk.state.decisions())
    return {
        "moments": moments,
        "kills": dead,
        "unchanged": [one.unchanged for one in joined],
        "carried": carried,
        "recalls": "releases/recalls" in {f"releases/{name}" for name in release_bytes(undisturbed)},
        "problems": problems,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
