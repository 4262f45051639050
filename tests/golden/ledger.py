"""The regression ledger: what detection misses on tests/gold/dev, by document, offsets and type, with and without the roster."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from samaran.evaluate import panel, read_gold
from samaran.ingest import read_text
from samaran.pipeline.looking import Looker

GOLD = Path(__file__).parents[1] / "gold/dev"
LEDGER = Path(__file__).with_name("known-misses.csv")
_HEAD = ("roster", "document", "start", "end", "type")


@dataclass(frozen=True, order=True)
class Known:
    """A mark of the gold that is not covered: in which setting and where. It holds no text."""

    roster: str
    document: str
    start: int
    end: int
    type: str


def measured() -> frozenset[Known]:
    """Every miss of the shipped detector as it stands."""
    gold = read_gold(GOLD)
    transcripts = [(f"{g.name}.txt", read_text(g.text, f"{g.name}.txt")) for g in gold]
    looker = Looker()
    found = set()
    for word, roster in (("without", None), ("with", GOLD / "roster.csv")):
        seen = looker(transcripts, roster)
        misses = panel(gold, [[(s.mention, s.pseudonym) for s in document] for document in seen]).misses
        found |= {Known(word, miss.document, miss.span.start, miss.span.end, str(miss.type)) for miss in misses}
    return frozenset(found)


def read() -> frozenset[Known]:
    """The misses that the ledger lists."""
    rows = csv.DictReader(io.StringIO(LEDGER.read_text(encoding="utf-8")))
    return frozenset(Known(r["roster"], r["document"], int(r["start"]), int(r["end"]), r["type"]) for r in rows)


def write(misses: Iterable[Known]) -> None:
    """Write the ledger anew."""
    with LEDGER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerows(astuple(miss) for miss in sorted(misses))


def told(misses: Iterable[Known]) -> str:
    """Misses as lines, for people."""
    return "\n".join(f"  {m.document} {m.start}-{m.end} {m.type} ({m.roster} roster)" for m in sorted(misses)) or "  none"
