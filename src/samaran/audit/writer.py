"""Appending: drafts become numbered entries in one transaction, which callers in several threads share (group commit)."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from samaran.audit.act import Draft
from samaran.audit.entry import Entry
from samaran.audit.store import Store
from samaran.audit.tree import Frontier, frontier, leaf_hash

PREVIOUS = -1
"""As `Draft.of`: the draft before this one in the same call."""

Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Ticket:
    """The drafts of one caller, and what became of them."""

    drafts: Sequence[Draft]
    seqs: tuple[int, ...] | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Batch:
    """What one transaction will write."""

    tree: Frontier
    entries: list[Entry] = field(default_factory=list)
    opened: dict[int, str] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)


class Writer:
    """Serializes appends of this process; SQLite serializes those of several."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.lock = threading.Lock()
        """Held while the store is used: a connection serves one thread at a time."""
        self.mine: set[int] = set()
        """Intents of this process that still wait for their result."""
        self._store, self._clock = store, clock
        self._queue = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._tree = Frontier()

    def append(self, drafts: Sequence[Draft]) -> tuple[int, ...]:
        """See `Log.append`."""
        ticket = _Ticket(drafts)
        with self._queue:
            self._waiting.append(ticket)
        with self.lock:
            if ticket.seqs is None and ticket.error is None:
                self._commit()
        if ticket.error is not None:
            raise ticket.error
        return ticket.seqs or ()

    def _commit(self) -> None:
        with self._queue:
            tickets, self._waiting = self._waiting, []
        try:
            with self._store.transaction():
                batch = _Batch(self._current_tree())
                first = batch.tree.size
                for ticket in tickets:
                    self._number(ticket, batch, first)
                self._write(batch)
        except BaseException as error:
            for ticket in tickets:
                ticket.seqs, ticket.error = None, ticket.error or error
            if not isinstance(error, Exception):
                raise
            return
        self._tree = batch.tree
        self.mine = (self.mine | set(batch.opened)) - batch.closed

    def _current_tree(self) -> Frontier:
        """Ours if nobody else wrote since, else read again: a few hundred hashes."""
        size = self._store.size()
        return self._tree.copy() if size == self._tree.size else frontier(size, self._store.hashes)

    def _number(self, ticket: _Ticket, batch: _Batch, first: int) -> None:
        """Make entries of a ticket's drafts: all of them, or none and an error."""
        t = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:00:00Z")
        start, made, opened, closed = first + len(batch.entries), [], dict[int, str](), set[int]()
        try:
            for seq, draft in enumerate(ticket.drafts, start=start):
                of = seq - 1 if draft.of == PREVIOUS else draft.of
                given = {key: value for key, value in draft.facts.items() if value is not None}
                entry = Entry(
                    seq=seq,
                    t=t,
                    act=draft.act,
                    phase=draft.phase,
                    actor=draft.actor,
                    of=of,
                    code=draft.code,
                    **given,  # type: ignore[arg-type]
                )
                if of is None:
                    opened[seq] = draft.act
                elif of in closed or of in batch.closed or draft.act != self._act_waiting(of, {**batch.opened, **opened}):
                    raise ValueError("audit entry: a result needs an open intent of the same act")
                else:
                    closed.add(of)
                made.append(entry)
        except ValueError as error:
            ticket.error = error
            return
        batch.entries += made
        batch.opened |= opened
        batch.closed |= closed
        ticket.seqs = tuple(range(start, start + len(made)))

    def _act_waiting(self, seq: int, fresh: dict[int, str]) -> str | None:
        if seq in fresh:
            return fresh[seq]
        return Entry.from_bytes(self._store.leaf(seq)).act if self._store.is_open(seq) else None

    def _write(self, batch: _Batch) -> None:
        rows, nodes = [], []
        for entry in batch.entries:
            leaf = entry.to_bytes()
            digest = leaf_hash(leaf)
            rows.append((entry.seq, leaf, digest))
            nodes += batch.tree.add(digest)
        self._store.insert(rows, nodes)
        self._store.mark_intents(opened=batch.opened.keys() - batch.closed, closed=batch.closed - batch.opened.keys())
