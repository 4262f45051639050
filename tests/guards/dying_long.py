"""`dying.py`, with a chat in the inbox that is too long for memory: `dying_long.py PREPARED PLACE SEED KILLS`."""

import json
import sys
from pathlib import Path
from typing import Any

from samaran.ingest import parts
from tests.guards import dying
from tests.studies import copy_of

SAID = ("kemarin ketemu Teh Dewi di Cimahi", "besok ya", "nomorku 0812-3456-7890 ya", "makasih Teh Wulan")
CHAT = "".join(f"{n % 28 + 1:02}/08/25 18.{n % 60:02} - {('Rani', 'Lin')[n % 2]}: {SAID[n % 4]} {n}\n" for n in range(60))


def main(prepared: Path, place: Path, seed: int, kills: int) -> dict[str, Any]:
    """See the head of this file."""
    parts.LONG, parts.PART = 1500, 1000
    inbox = copy_of(prepared, place / "long") / "inbox"
    (inbox / "INF-01_chat_9.txt").write_text(CHAT)
    return dying.main(place / "long", place, seed, kills)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
