"""The Merkle tree of RFC 6962: SHA-256, leaves prefixed with 0x00, nodes with 0x01.

Besides the leaf hashes, the hashes of full subtrees of 256, 65,536, ... leaves are kept: the rows of the tile levels. With
them a root or a proof of any size takes a few hundred hashes, and adding a leaf takes at most one hash per level.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HEIGHT = 8
WIDTH = 1 << HEIGHT
EMPTY = sha256(b"").digest()

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""`hashes(level, lo, hi)`: the hashes `lo` to `hi` of a tile level; level 0 are the leaves, level k full subtrees of 256^k
leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees joined."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Node:
    """A full subtree just completed: number `n` of its tile level."""

    level: int
    n: int
    hash: bytes


@dataclass(slots=True)
class Frontier:
    """A growing tree, reduced to what growing needs: its size and the roots of its full subtrees, largest first."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def copy(self) -> "Frontier":
        """An independent one."""
        return Frontier(self.size, list(self.peaks))

    def add(self, leaf: bytes) -> list[Node]:
        """Append a leaf hash; returns the nodes of tile levels that it completes."""
        completed, height, rest = [], 0, self.size
        while rest & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            height, rest = height + 1, rest >> 1
            if height % HEIGHT == 0:
                completed.append(Node(height // HEIGHT, self.size >> height, leaf))
        self.peaks.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root hash at this size."""
        if not self.peaks:
            return EMPTY
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def frontier(size: int, hashes: Hashes) -> Frontier:
    """The frontier of a stored tree, without reading its leaves."""
    peaks, at = [], 0
    for height in range(size.bit_length() - 1, -1, -1):
        if size >> height & 1:
            peaks.append(subtree(hashes, at, at + (1 << height)))
            at += 1 << height
    return Frontier(size, peaks)


def subtree(hashes: Hashes, lo: int, hi: int) -> bytes:
    """The hash over leaves `lo` to `hi`: MTH(D[lo:hi]). `lo` lies where RFC 6962 would cut."""
    width = hi - lo
    if width == 0:
        return EMPTY
    if width & (width - 1):
        middle = lo + split(width)
        return node_hash(subtree(hashes, lo, middle), subtree(hashes, middle, hi))
    level = (width.bit_length() - 1) // HEIGHT
    row = list(hashes(level, lo >> HEIGHT * level, hi >> HEIGHT * level))
    return fold(row)


def fold(row: Sequence[bytes]) -> bytes:
    """The root over a full row: 1, 2, 4, ... hashes."""
    while len(row) > 1:
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def split(width: int) -> int:
    """Where RFC 6962 cuts a range: the largest power of two below its width."""
    return 1 << (width - 1).bit_length() - 1
