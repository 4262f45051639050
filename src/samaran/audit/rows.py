"""One pass over the rows of a log: every entry read and hashed again, every full tile compared with what is published."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import takewhile
from operator import gt, itemgetter
from pathlib import Path
from typing import Protocol

from samaran.audit import tiles
from samaran.audit.entry import EARLIER, Columns, Scanner, fault, scan
from samaran.audit.store import Store
from samaran.audit.tree import WIDTH, fold
from samaran.audit.vocabulary import FIELDS

_HASH = 32
_SEQ = b"%d".__mod__
_pick = itemgetter(*(tuple(FIELDS).index(name) for name in ("act", "of", "seq", "t")))


class Faults(Protocol):
    """Where faults are noted: number of the check, entry, what is wrong."""

    looked: dict[int, str]

    def fault(self, number: int, seq: int | None, text: str, *, rough: bool = False) -> None: ...


@dataclass(slots=True)
class Rows:
    """The tree as computed from the entries themselves, level by level."""

    size: int = 0
    levels: list[bytearray] = field(default_factory=lambda: [bytearray()])

    def hashes(self, level: int, lo: int, hi: int) -> Sequence[bytes]:
        """See `tree.Hashes`."""
        row = self.levels[level]
        return [bytes(row[at : at + _HASH]) for at in range(lo * _HASH, hi * _HASH, _HASH)]

    def add(self, leaves: Sequence[bytes]) -> None:
        """Append leaf hashes: a full tile's worth, or the last ones."""
        self.size += len(leaves)
        row, level = leaves, 0
        while True:
            self.levels[level] += b"".join(row)
            done = len(self.levels[level]) // _HASH
            if done % WIDTH or not row:
                return
            last = row if len(row) == WIDTH else self.hashes(level, done - WIDTH, done)
            row, level = [fold(last)], level + 1
            if level == len(self.levels):
                self.levels.append(bytearray())


def read(store: Store, published: Path, found: Faults) -> Rows:
    """Checks 2 to 7 and 11 of `verify`. Returns the tree of the entries as they are there."""
    rows, waiting, expected = Rows(), dict[bytes, bytes](), 0
    scanner, last = Scanner(), store.last_head()
    signed, closed, back, before = last[0] if last else 0, 0, 0, b""
    for chunk in store.batches(WIDTH):
        seqs, leaves, stored = zip(*chunk, strict=True)
        hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
        columns = scanner.scan(leaves)
        numbers = range(expected, expected + len(chunk))
        if columns is None or seqs != (*numbers,) or columns.seq != (*map(_SEQ, numbers),) or stored != (*hashes,):
            columns = _one_by_one(chunk, hashes, expected, found)
        expected = seqs[-1] + 1
        for seq, act, of in zip(columns.seq, columns.act, columns.of, strict=True):
            if not of:
                waiting[seq] = act
            elif waiting.pop(of, None) != act:
                found.fault(5, int(seq), "a result whose intent is missing, has a result already, or is of another act")
                if int(of) >= int(seq):
                    found.fault(3, int(seq), EARLIER)
        closed += len(columns.of) - columns.of.count(b"")
        back += sum(map(gt, (before, *columns.t), columns.t))
        before = columns.t[-1] if columns.t else before
        rows.add(hashes)
        _compare_bundle(published, rows.size, signed, leaves, found)
    _compare_nodes(store, rows, found)
    _compare_tiles(published, rows, signed, found)
    if set(map(int, waiting)) != set(store.open_intents()):
        found.fault(5, None, "the list of open intents doesn't fit the entries")
    found.looked |= {
        2: f"{rows.size} rows",
        3: f"{rows.size} entries" + (f"; the clock was set back {back} times" if back else ""),
        5: f"{closed} acts" + (f", {len(waiting)} open" if waiting else ""),
        7: f"{sum(len(level) for level in rows.levels[1:]) // _HASH} nodes",
        11: f"{sum(1 for _ in tiles.tiles(min(signed, rows.size)))} files",
    }
    return rows


def _one_by_one(chunk: Sequence[tuple[int, bytes, bytes]], hashes: Sequence[bytes], expected: int, found: Faults) -> Columns:
    """Something in these rows doesn't hold: say what. Returns the fields of those that can be read, under their rows' numbers."""
    read = []
    for (seq, leaf, stored), digest in zip(chunk, hashes, strict=True):
        if seq != expected:
            found.fault(2, expected, "missing: entries were removed" if seq > expected else "a row before the first")
        expected = seq + 1
        if digest != stored:
            found.fault(6, seq, "its content was changed after it was written")
        values = scan(leaf)
        if values is None:
            found.fault(3, seq, _kind(leaf))
            continue
        problem = fault(values)
        if problem:
            found.fault(3, seq, problem)
        act, of, own, t = _pick(values)
        if own != str(seq):
            found.fault(4, seq, f"says that it is number {own}: entries were swapped, doubled, or others removed before it")
        read.append((act.encode(), (of or "").encode(), b"%d" % seq, t.encode()))
    return Columns(*zip(*read, strict=True)) if read else Columns((), (), (), ())


def _kind(leaf: bytes) -> str:
    """What fits bytes that no writer makes."""
    try:
        text = leaf.decode("ascii")
    except UnicodeDecodeError:
        return "not plain ASCII: bytes were damaged, or text was written into it"
    if text.startswith("{") and text.endswith("}"):
        return "not canonical, or a field or value that the format doesn't know: edited by hand, or damaged"
    return "cut short or damaged"


def _compare_bundle(published: Path, size: int, signed: int, leaves: Sequence[bytes], found: Faults) -> None:
    n = (size - len(leaves)) // WIDTH
    width = min(signed - n * WIDTH, WIDTH)
    if width < 1 or width > len(leaves):
        return
    data = tiles.bundle(leaves[:width])
    _compare(published, tiles.Tile(tiles.ENTRIES, n, width), data, found)


def _compare_tiles(published: Path, rows: Rows, signed: int, found: Faults) -> None:
    for tile in tiles.tiles(min(signed, rows.size)):
        if tile.level != tiles.ENTRIES:
            lo = tile.n * WIDTH * _HASH
            _compare(published, tile, bytes(rows.levels[tile.level][lo : lo + tile.width * _HASH]), found)


def _compare(published: Path, tile: tiles.Tile, data: bytes, found: Faults) -> None:
    first = tile.n * WIDTH * WIDTH ** max(tile.level, 0)
    try:
        there = (published / tile.path).read_bytes()
    except OSError:
        found.fault(11, None, f"{tile.path} is missing: rebuild the published log")
        return
    if there == data:
        return
    if tile.level == tiles.ENTRIES:
        seq = first + _first_other(there, data)
        found.fault(11, seq, f"{tile.path} holds another entry here than the rows: one of the two was changed")
        return
    bad = next((at for at in range(0, len(data), _HASH) if there[at : at + _HASH] != data[at : at + _HASH]), 0) // _HASH
    seq = first + bad * WIDTH**tile.level
    found.fault(
        11,
        seq,
        f"{tile.path} doesn't hold the hash of this entry: rows or tiles were changed, or the tile was cut",
        rough=tile.level > 0,
    )


def _first_other(there: bytes, data: bytes) -> int:
    """The first entry in which two bundles differ."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(there, data, strict=False)))
    n, at = 0, 0
    while at + 2 <= len(data) and (end := at + 2 + int.from_bytes(data[at : at + 2], "big")) <= same:
        n, at = n + 1, end
    return n


def _compare_nodes(store: Store, rows: Rows, found: Faults) -> None:
    for level, row in enumerate(rows.levels[1:], start=1):
        stored = b"".join(digest for _, digest in store.nodes(level))
        if stored != row:
            bad = next((at for at in range(0, len(row), _HASH) if stored[at : at + _HASH] != row[at : at + _HASH]), 0) // _HASH
            text = "from here on a stored node is not that of its leaves: rows were changed"
            found.fault(7, bad * WIDTH**level, text, rough=True)
    if store.node_count() != sum(len(row) for row in rows.levels[1:]) // _HASH:
        found.fault(7, None, "there are more or fewer stored nodes than the tree has")
