"""Inclusion and consistency: proofs made from stored hashes, and checked with nothing but hashes (RFC 9162, 2.1.3 and 2.1.4)."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from samaran.audit.note import decode_hash
from samaran.audit.tree import EMPTY, Hashes, node_hash, split, subtree

_HEAD = "c2sp.org/tlog-proof@v1"


def inclusion(hashes: Hashes, index: int, size: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root at `size`, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path, lo, hi = [], 0, size
    while hi - lo > 1:
        middle = lo + split(hi - lo)
        if index < middle:
            path.append(subtree(hashes, middle, hi))
            hi = middle
        else:
            path.append(subtree(hashes, lo, middle))
            lo = middle
    return tuple(reversed(path))


def consistency(hashes: Hashes, old: int, new: int) -> tuple[bytes, ...]:
    """The hashes that show that the tree of `old` leaves is the beginning of the tree of `new` leaves."""
    if not 0 <= old <= new:
        raise ValueError("a log doesn't shrink")
    if old in (0, new):
        return ()
    path, lo, hi = [], 0, new
    while old != hi:
        middle = lo + split(hi - lo)
        if old <= middle:
            path.append(subtree(hashes, middle, hi))
            hi = middle
        else:
            path.append(subtree(hashes, lo, middle))
            lo = middle
    if lo:  # the old tree is no full subtree on the left edge: its last part has to be named
        path.append(subtree(hashes, lo, hi))
    return tuple(reversed(path))


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` (a leaf hash) is number `index` of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Whether `path` proves that the tree of size `old` is the beginning of the tree of size `new`."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root and (old > 0 or old_root == EMPTY)
    if old == 0:
        return not path and old_root == EMPTY
    steps = list(path)
    if old & (old - 1) == 0:  # a full subtree: its root is the first step, and not sent
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A `tlog-proof` file: where an entry stands, the way to the root, and the signed checkpoint with that root."""

    index: int
    path: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """In the C2SP format."""
        hashes = [base64.b64encode(step).decode() for step in self.path]
        return "\n".join([_HEAD, f"index {self.index}", *hashes, "", ""]).encode() + self.note

    @classmethod
    def parse(cls, data: bytes) -> "ProofFile":
        """Raises `ValueError` for bytes that are not such a file. Extra data is not ours and refused."""
        head, _, note = data.partition(b"\n\n")
        lines = head.decode("ascii").split("\n")
        if len(lines) < 2 or lines[0] != _HEAD or not lines[1].startswith("index "):
            raise ValueError("not a tlog-proof file")
        number = lines[1].removeprefix("index ")
        if str(int(number)) != number or int(number) < 0:
            raise ValueError("not a tlog-proof file")
        return cls(int(number), tuple(decode_hash(line) for line in lines[2:]), note)


def consistency_file(path: Sequence[bytes]) -> bytes:
    """A consistency proof as text: one hash a line, base64."""
    return b"".join(base64.b64encode(step) + b"\n" for step in path)
