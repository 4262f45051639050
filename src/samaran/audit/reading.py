"""Reading the log: the entries that fit a question. Works on a read-only disk."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from samaran.audit import tiles
from samaran.audit.act import is_act, is_code
from samaran.audit.entry import Entry
from samaran.audit.note import Note
from samaran.audit.store import Store
from samaran.audit.vocabulary import Act
from samaran.errors import IntegrityError, UsageError


@dataclass(frozen=True, slots=True)
class Question:
    """Which entries are wanted; what is not given fits all. `act` is an act or the first word of one (`source`), `since` and
    `until` are ISO days or the beginning of one, both included. Raises `UsageError` for words that no entry can have."""

    act: str = ""
    code: str = ""
    phase: str = ""
    actor: str = ""
    sid: str = ""
    since: str = ""
    until: str = ""

    def __post_init__(self) -> None:
        if self.act and not is_act(self.act) and self.act not in _FAMILIES:
            raise UsageError("No entry has such an act.", f"Acts: {', '.join(Act)}, or the word before the dot.")
        if self.code and not is_code(self.code):
            raise UsageError("No entry has such a code.", "Codes are listed in docs/formats/audit.md.")
        if self.phase not in ("", "intent", "result"):
            raise UsageError("No entry has such a phase.", "Phases: intent, result.")

    def fits(self, entry: Entry) -> bool:
        """Whether the entry is wanted."""
        return (
            (not self.act or entry.act == self.act or entry.act.startswith(self.act + "."))
            and (not self.code or entry.code == self.code)
            and (not self.phase or entry.phase == self.phase)
            and (not self.actor or entry.actor.startswith(self.actor))
            and (not self.sid or (entry.sid or "").startswith(self.sid))
            and entry.t >= self.since
            and (not self.until or entry.t[: len(self.until)] <= self.until)
        )


_T = b'"t":"'
_T_LENGTH = len("2026-03-01T14:00:00Z")
_ACKNOWLEDGED = f'{{"act":"{Act.LOG_ACKNOWLEDGE}"'.encode()
_FAMILIES = frozenset(act.partition(".")[0] for act in Act)


def entries(folder: Path, question: Question | None = None, lo: int = 0, hi: int | None = None) -> Iterator[Entry]:
    """Entries in order, streamed. Raises `UsageError` when there is no log, `IntegrityError` at an entry that is damaged."""
    head = f'{{"act":"{question.act}'.encode() if question else b""  # the first key of every entry: the rest need not be read
    with Store(folder, writable=False) as store:
        for seq, leaf, _ in store.rows(lo, hi):
            if not leaf.startswith(head):
                continue
            entry = _read(leaf, seq)
            if question is None or question.fits(entry):
                yield entry


def newest(folder: Path) -> datetime:
    """The latest time that an entry carries: it can't be earlier now. Only entries from the last acknowledgement on count; by it
    somebody says that the clock ran ahead. Raises as `entries`."""
    latest = b""
    with Store(folder, writable=False) as store:
        for _, leaf, _ in store.rows():
            t = leaf[leaf.rfind(_T) + len(_T) :][:_T_LENGTH]
            latest = t if leaf.startswith(_ACKNOWLEDGED) else max(latest, t)
    try:
        return datetime.strptime(latest.decode("ascii"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        pass
    raise IntegrityError("The audit log is damaged: a time in it is none.", "Run `samaran audit verify STUDY`; it says where.")


def newest_signed(folder: Path) -> Note:
    """The published checkpoint, or the newest that was signed where that file is lost or damaged. Raises `IntegrityError` when
    neither can be read."""
    published = folder / tiles.FOLDER / tiles.CHECKPOINT
    with suppress(OSError, IntegrityError):
        return Note.parse(published.read_bytes())
    with Store(folder, writable=False) as store:
        head = store.last_head()
    if head is None:
        raise IntegrityError("The audit log has no checkpoint.", "Run `samaran audit verify STUDY`; it says what is there.")
    return Note.parse(head[2])


def _read(leaf: bytes, seq: int) -> Entry:
    try:
        return Entry.from_bytes(leaf)
    except ValueError:
        pass
    raise IntegrityError(f"Entry {seq} of the audit log is damaged.", "Run `samaran audit verify STUDY`; it says how.")
