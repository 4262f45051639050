"""What the audit tests make logs of."""

from datetime import UTC, datetime

from samaran.audit.act import Draft
from samaran.audit.log import Log
from samaran.audit.vocabulary import Phase

ORIGIN = "samaran.test/audit"
SID = "5a" * 16
OBJ = "0b" * 32


def clock() -> datetime:
    return datetime(2026, 3, 1, 14, 59, 59, tzinfo=UTC)


def grow(log: Log, entries: int) -> None:
    """Append whole acts until the log has so many entries (an even number)."""
    assert entries % 2 == 0
    while (size := log.size()) < entries:
        drafts = []
        for n in range(size // 2, min(entries, size + 200) // 2):
            drafts += [
                Draft("source.seal", Phase.INTENT, "collector", {"sid": SID, "n": n}),
                Draft("source.seal", Phase.RESULT, "collector", {"sid": SID, "obj": OBJ, "size": n}, of=-1, code="ok"),
            ]
        log.append(drafts)
