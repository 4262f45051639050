"""The audit log: entries that are durable once `append` returns, and checkpoints over them.

A folder holds `log.db` (the rows), `log.vkey` (the public key), `log/` (the published tiles and checkpoint). The private key
lies where the caller says. Threads share one `Log`; processes each open their own.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, Unpack

from samaran.audit import disk, tiles
from samaran.audit.act import Draft, Facts, Running
from samaran.audit.entry import Entry
from samaran.audit.note import LogKey, Note
from samaran.audit.proof import ProofFile, consistency, inclusion
from samaran.audit.store import DATABASE, Store, translated
from samaran.audit.tree import frontier
from samaran.audit.vocabulary import Act, Code, Phase
from samaran.audit.writer import PREVIOUS, Clock, Writer
from samaran.errors import IntegrityError, KeyUnusable, UsageError, Waiting

VKEY = "log.vkey"
COLLECTOR = "collector"
_LOCK = "log.lock"
_AT_START = frozenset({"sid", "cfg", "model", "pkg", "second", "why"})
_AT_END = frozenset({"sid", "obj", "size", "n"})


def utc_now() -> datetime:
    """The clock that entries use unless another is given."""
    return datetime.now(UTC)


class Log:
    """An open log. Raises `UsageError` when there is none in the folder, `IntegrityError` when its database is damaged."""

    def __init__(self, folder: Path, *, clock: Clock = utc_now, store: Store | None = None) -> None:
        self.folder = folder
        self._store = store or Store(folder, writable=True)
        self._writer = Writer(self._store, clock)
        self._lock_file: int | None = None
        self.origin, self.vkey = self._store.origin, self._store.vkey

    @classmethod
    def create(cls, folder: Path, origin: str, key: LogKey, *, actor: str = COLLECTOR, clock: Clock = utc_now) -> Self:
        """Start a log: `log.start` is its first act, and under its first checkpoint.

        Raises `UsageError` when there is one, `KeyUnusable` for another log's key.
        """
        if key.origin != origin:
            raise KeyUnusable("This key belongs to a log of another origin.", "Make a key for this log.")
        disk.make_folder(folder)
        if not (folder / DATABASE).exists():
            os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
        store = Store(folder, writable=True, new=True)
        with store.transaction():
            if store.origin and (store.vkey != key.verifier.text or store.last_head()):
                raise UsageError("There is an audit log here already.", "A study has one log for life; nothing was changed.")
            if not store.origin:
                store.found(origin, key.verifier.text)
        log = cls(folder, clock=clock, store=store)
        if not log.size():  # else an earlier start was killed before its first checkpoint, and is finished now
            log.record(Act.LOG_START, Code.OK, actor=actor)
        disk.put(folder / VKEY, (log.vkey + "\n").encode())
        log.checkpoint(key)
        return log

    def size(self) -> int:
        """How many entries there are."""
        with self._writer.lock, translated():
            return self._store.size()

    def entries(self, lo: int = 0, hi: int | None = None) -> Iterator[Entry]:
        """Entries in order, streamed. Raises `IntegrityError` at one that isn't valid."""
        with Store(self.folder, writable=False) as store:
            for _, leaf, _ in store.rows(lo, hi):
                yield _entry(leaf)

    def append(self, drafts: Sequence[Draft]) -> tuple[int, ...]:
        """Write entries and return their numbers once they are on the disk; one call is all or nothing.

        Raises `ValueError` for a draft that is no valid entry, or a result without an open intent of the same act;
        `SamaranError` when the log can't be written.
        """
        if self._lock_file is None and any(draft.phase == Phase.INTENT for draft in drafts):
            self._hold()
        return self._writer.append(drafts)

    def act(self, act: str, *, actor: str = COLLECTOR, **facts: Unpack[Facts]) -> Running:
        """An act as a block: `with log.act("source.seal", sid=sid) as act: ...; act.ok(obj=digest, size=n)`. `facts` go into the
        intent; its `sid` is repeated in the result."""
        return Running(self, act, actor, facts)

    def record(self, act: str, code: str, *, actor: str = COLLECTOR, **facts: Unpack[Facts]) -> int:
        """Intent and result of an act that takes no time, in one commit. Returns the number of the result."""
        at_start, at_end = _only(facts, _AT_START), _only(facts, _AT_END)
        begun = Draft(act, Phase.INTENT, actor, at_start)
        return self.append([begun, Draft(act, Phase.RESULT, actor, at_end, of=PREVIOUS, code=code)])[1]

    def recover(self) -> int:
        """Close the intents that dead processes left, as `abandoned`. Returns how many.

        While another process has this log open for acts nothing is closed: nobody could tell whose intents they are.
        """
        with self._writer.lock, translated():
            left = [_entry(self._store.leaf(seq)) for seq in self._store.open_intents() if seq not in self._writer.mine]
        if not left or not self._alone():
            return 0
        self.append([Draft(e.act, Phase.RESULT, e.actor, {"sid": e.sid}, of=e.seq, code=Code.ABANDONED) for e in left])
        return len(left)

    def checkpoint(self, key: LogKey) -> bytes:
        """Sign the log as it stands and publish it; returns the signed note.

        Size and root are kept before anybody sees them, so there are never two roots for one size. Raises `KeyUnusable` for
        another key, `IntegrityError` when the log shrank or changed since it was signed last.
        """
        if key.verifier.text != self.vkey:
            raise KeyUnusable("This key is not the one that the log was started with.", "Give the log's own key.")
        with self._writer.lock:
            with self._store.transaction():
                size, last = self._store.size(), self._store.last_head()
                root = frontier(size, self._store.hashes).root()
                if last and (last[0] > size or frontier(last[0], self._store.hashes).root() != last[1]):
                    raise IntegrityError(
                        "The audit log is not the one that was signed last.",
                        "Run `samaran audit verify STUDY`; nothing was signed.",
                    )
                note = last[2] if last and last[0] == size else key.sign(size, root)
                if not last or last[0] != size:
                    self._store.add_head(size, root, note)
            self._publish(size, note, self._published())
        return note

    def rebuild(self) -> int:
        """Write the published folder again where it is missing or differs from the rows. Returns how many files were written."""
        with self._writer.lock, translated():
            head = self._store.last_head()
            return self._publish(head[0], head[2], 0) if head else 0

    def restore(self) -> int:
        """Write what is missing in the published folder again; what differs from the rows stays as it is. Returns how many files
        were written."""
        with self._writer.lock, translated():
            head = self._store.last_head()
            return self._publish(head[0], head[2], 0, replace=False) if head else 0

    def prove(self, seq: int) -> bytes:
        """A `tlog-proof` file for one entry under the newest checkpoint. Raises `UsageError`, or `Waiting` when it is too new."""
        with self._writer.lock, translated():
            head, size = self._store.last_head(), self._store.size()
            if not 0 <= seq < size:
                raise UsageError(f"There is no entry {seq} in this log.", f"It has {size} entries, numbered from 0.")
            if head is None or seq >= head[0]:
                raise Waiting(
                    f"Entry {seq} is newer than the last checkpoint.",
                    "`samaran audit watch STUDY` signs one, and so does the next run.",
                )
            return ProofFile(seq, inclusion(self._store.hashes, seq, head[0]), head[2]).to_bytes()

    def prove_growth(self, old: Note) -> tuple[bytes, ...]:
        """The consistency proof from a checkpoint that somebody kept to the newest one. Raises `UsageError` for another log's."""
        with self._writer.lock, translated():
            head = self._store.last_head()
            if head is None or old.origin != self.origin or old.size > head[0]:
                raise UsageError(
                    "This checkpoint is not an earlier one of this log.", "Take the one that was kept for this study."
                )
            return consistency(self._store.hashes, old.size, head[0])

    def close(self) -> None:
        """Close the database and let other processes recover."""
        self._store.close()
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _published(self) -> int:
        """The size that the published folder has for sure; 0 when in doubt."""
        try:
            return Note.parse((self.folder / tiles.FOLDER / tiles.CHECKPOINT).read_bytes()).size
        except (OSError, IntegrityError):
            return 0

    def _publish(self, size: int, note: bytes, since: int, *, replace: bool = True) -> int:
        folder, known = self.folder / tiles.FOLDER, since if since <= size else 0
        return tiles.publish(self._store, folder, size, note, since=known, replace=replace)

    def _hold(self) -> None:
        """Tell other processes that acts may be under way here; the system lets go when this process ends, however it ends."""
        descriptor = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        self._lock_file = descriptor

    def _alone(self) -> bool:
        if self._lock_file is None:
            self._hold()
        try:
            fcntl.flock(self._lock_file or 0, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._lock_file or 0, fcntl.LOCK_SH)
        return True


def _only(facts: Facts, names: frozenset[str]) -> Facts:
    return {name: value for name, value in facts.items() if name in names}  # type: ignore[return-value]


def _entry(leaf: bytes) -> Entry:
    try:
        return Entry.from_bytes(leaf)
    except ValueError:
        pass
    raise IntegrityError("An entry of the audit log is damaged.", "Run `samaran audit verify STUDY`; it names the entry.")
