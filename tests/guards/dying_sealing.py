"""Kills the sealing of a full inbox at its moments, one by one: `dying_sealing.py PREPARED PLACE STEP`, one JSON document.

In a copy of the prepared study lie small sources of several informants, a large one, and two of nobody's. A forked child seals
them and kills itself with SIGKILL at the chosen moment; then something new may come into the inbox; then the next child seals to
the end. Every STEPth moment is tried. Whatever the moment: no raw file is gone, each is sealed once, nothing else is left.
"""

import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

from samaran.audit.verify import verify
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk
from samaran.pipeline.inventory import check
from samaran.vault.keys import load_private_key
from samaran.vault.pool import unwrap
from tests.guards.dying import contents, load_once, names, run
from tests.studies import copy_of, rows

_SMALL = 6


def fill(inbox: Path) -> None:
    """Sources of everybody, each another text."""
    shutil.rmtree(inbox)
    (inbox / "literatur").mkdir(parents=True)
    text = "P: Sudah makan?\nI: Sudah, teh.\n"
    for informant in ("INF-01", "INF-02", "INF-05"):
        for n in range(_SMALL):
            (inbox / f"{informant}_chat_{n + 1}.txt").write_text(f"{text * (9 * n + 1)}I: {informant} {n}.\n")
    for n in range(2):
        (inbox / "literatur" / f"mead{n}.md").write_text(f"{text}{n}")
    (inbox / "INF-02_wawancara_9.txt").write_text(text * 150_000)  # more than a pack of small ones holds


def seal_all(desk: Desk) -> None:
    """The sealing step alone."""
    going = Run(desk)
    going.begin()
    for source_id in going.source_ids:
        going.seal(source_id)
    if going.outcomes:
        raise AssertionError(going.outcomes)
    going.end()


def main(prepared: Path, place: Path, step: int) -> dict[str, Any]:
    """See the head of this file."""
    load_once()
    shutil.copytree(prepared, place / "filled")
    fill(place / "filled" / "study" / "inbox")
    undisturbed = copy_of(place / "filled", place / "undisturbed")
    moments = run(undisturbed, 0, seal_all)
    assert moments is not None
    holder = load_private_key(prepared / "keys" / "reviewer.key", None)
    sids = [path.stem for path in (prepared / "study" / "vault" / "keys").glob("*.age")]
    keys = [unwrap(prepared / "study" / "vault", sid, holder) for sid in sids]
    chance, problems, dead, pieces = random.Random(step), [], 0, 0
    for last in range(1 + chance.randrange(step), moments + 1, step):
        study = copy_of(place / "filled", place / "study")
        given, _ = contents(study, keys)
        killed = run(study, last, seal_all) is None
        dead += killed
        pieces += len(list((study / "vault").rglob(".*.part")))
        readable = [p for p in (study / "vault").rglob("*") if p.is_file() and b"Sudah makan" in p.read_bytes()]
        more = chance.random() < 0.3
        if more:
            (study / "inbox" / "INF-01_chat_0.txt").write_text("I: baru.\n")
            given.update([b"I: baru.\n"])
        assert run(study, 0, seal_all) is not None
        inbox, sealed = contents(study, keys)
        with Desk.open(study, alone=False) as desk:
            faults, noted = check(desk, (holder,)).faults, desk.state.sealing()
        said = {
            "raw files are gone": inbox != given,
            "plaintext in the vault": bool(readable),
            "not each is sealed once": sealed != given,
            "vault check finds faults": bool(faults),
            "notes of packs are left": bool(noted),
            "other rows": not more and rows(study) != rows(undisturbed),
            "other files": not more and names(study) != names(undisturbed),
            "the log does not verify": any(not one.ok for one in verify(study / "audit", None, None).checks),
        }
        problems += [f"killed at {last}, {more=}: {what}" for what, wrong in said.items() if wrong]
        shutil.rmtree(place / "study")
    return {"moments": moments, "kills": dead, "pieces": pieces, "problems": problems}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
