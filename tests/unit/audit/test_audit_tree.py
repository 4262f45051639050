"""The tree and its proofs against a plain reading of RFC 6962, and against the ways in which proofs are forged."""

import base64
import hashlib
from collections.abc import Sequence

import pytest
from tlog_scales.tlog import ConsistencyProof, ConsistencyProofInvalid, InclusionProof, InclusionProofInvalid

from samaran.audit.proof import ProofFile, consistency, consistency_file, consistent, included, inclusion
from samaran.audit.tree import EMPTY, WIDTH, Frontier, fold, frontier, leaf_hash, node_hash, split, subtree

SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 63, 100, 255, 256, 257, 511, 512, 513, 600]


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % n) for n in range(size)]


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 writes it."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(hashes[:k]) + plain_root(hashes[k:])).digest()


def plain_path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH as RFC 6962, 2.1.1 writes it."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*plain_path(m, hashes[:k]), plain_root(hashes[k:])]
    return [*plain_path(m - k, hashes[k:]), plain_root(hashes[:k])]


def plain_growth(m: int, hashes: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF as RFC 6962, 2.1.2 writes it."""
    if m == len(hashes):
        return [] if whole else [plain_root(hashes)]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m <= k:
        return [*plain_growth(m, hashes[:k], whole), plain_root(hashes[k:])]
    return [*plain_growth(m - k, hashes[k:], False), plain_root(hashes[:k])]


class Stored:
    """Hashes as the log keeps them: leaves, and the nodes that a frontier hands out."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self.rows: dict[int, list[bytes]] = {0: []}
        self.tree = Frontier()
        for digest in hashes:
            self.rows[0].append(digest)
            for node in self.tree.add(digest):
                row = self.rows.setdefault(node.level, [])
                assert len(row) == node.n
                row.append(node.hash)

    def __call__(self, level: int, lo: int, hi: int) -> Sequence[bytes]:
        assert 0 <= lo < hi <= len(self.rows[level])
        return self.rows[level][lo:hi]


def test_known_hashes() -> None:
    """The empty tree and the prefixes are those of the RFC."""
    assert EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node_hash(b"N" * 32, b"M" * 32) == hashlib.sha256(b"\x01" + b"N" * 32 + b"M" * 32).digest()


@pytest.mark.parametrize("size", [0, *SIZES])
def test_root(size: int) -> None:
    """Growing leaf by leaf gives the root of the RFC at every size; so does starting from stored hashes."""
    hashes = leaves(size)
    stored = Stored(hashes)
    assert stored.tree.root() == plain_root(hashes)
    again = frontier(size, stored)
    assert (again.size, again.peaks) == (stored.tree.size, stored.tree.peaks)
    assert stored.tree.copy().peaks is not stored.tree.peaks


def test_tile_nodes() -> None:
    """Each stored node is the root over its 256 leaves, and they come in order."""
    hashes = leaves(3 * WIDTH + 5)
    stored = Stored(hashes)
    assert stored.rows[1] == [plain_root(hashes[n * WIDTH : (n + 1) * WIDTH]) for n in range(3)]
    assert fold(hashes[:WIDTH]) == stored.rows[1][0]


def test_second_level_node() -> None:
    """The node over 256 nodes appears exactly when its last leaf does."""
    tree, seen = Frontier(), []
    for n in range(WIDTH * WIDTH + 1):
        seen += [(n, node.level, node.n) for node in tree.add(EMPTY) if node.level == 2]
    assert seen == [(WIDTH * WIDTH - 1, 2, 0)]


@pytest.mark.parametrize("size", SIZES)
def test_inclusion(size: int) -> None:
    """Proofs are those of the RFC, hold for their leaf, and another program accepts them."""
    hashes = leaves(size)
    stored, root = Stored(hashes), plain_root(hashes)
    for index in {0, 1, size // 3, size // 2, size - 2, size - 1} & set(range(size)):
        path = inclusion(stored, index, size)
        assert list(path) == plain_path(index, hashes)
        assert included(hashes[index], index, size, path, root)
        InclusionProof(index, size, list(path)).check(hashes[index], root)


@pytest.mark.parametrize("new", SIZES)
def test_consistency(new: int) -> None:
    """Growth proofs are those of the RFC, hold, and another program accepts them."""
    hashes = leaves(new)
    stored, root = Stored(hashes), plain_root(hashes)
    for old in {1, 2, 3, new // 3, new // 2, new - 1, new, 128, 256} & set(range(1, new + 1)):
        path = consistency(stored, old, new)
        assert list(path) == plain_growth(old, hashes)
        assert consistent(old, new, path, plain_root(hashes[:old]), root)
        ConsistencyProof(old, new, list(path)).check(plain_root(hashes[:old]), root)


def test_impossible_questions() -> None:
    """There is no proof for a leaf that isn't there, nor for a log that shrank."""
    stored = Stored(leaves(5))
    for index in (-1, 5):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion(stored, index, 5)
    for old, new in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="shrink"):
            consistency(stored, old, new)


def _forged_inclusion(size: int, index: int) -> dict[str, tuple[bytes, int, int, tuple[bytes, ...], bytes]]:
    hashes = leaves(size)
    root, path = plain_root(hashes), tuple(plain_path(index, hashes))
    leaf, junk = hashes[index], hashlib.sha256(b"junk").digest()
    forged = {
        "other leaf": (junk, index, size, path, root),
        "other root": (leaf, index, size, path, junk),
        "empty root": (leaf, index, size, path, b""),
        "root of nothing": (leaf, index, size, path, EMPTY),
        "index beyond the end": (leaf, size, size, path, root),
        "negative index": (leaf, -1, size, path, root),
        "size zero": (leaf, index, 0, path, root),
        "negative size": (leaf, index, -size, path, root),
        "index moved by the size": (leaf, index + size, size, path, root),
        "junk at the end": (leaf, index, size, (*path, junk), root),
        "root at the end": (leaf, index, size, (*path, root), root),
        "empty hash at the end": (leaf, index, size, (*path, b""), root),
        "junk in front": (leaf, index, size, (junk, *path), root),
        "leaf in front": (leaf, index, size, (leaf, *path), root),
        "doubled": (leaf, index, size, path + path, root) if path else (leaf, index, size, (leaf,), root),
    }
    if path:
        forged |= {
            "no path": (leaf, index, size, (), root),
            "leaf as root": (leaf, index, size, path, leaf),
            "node as leaf": (root, index, size, path, root),
            "first step gone": (leaf, index, size, path[1:], root),
            "last step gone": (leaf, index, size, path[:-1], root),
            "first step junk": (leaf, index, size, (junk, *path[1:]), root),
            "last step junk": (leaf, index, size, (*path[:-1], junk), root),
            "neighbour's index": (leaf, index ^ 1 if index ^ 1 < size else index - 1, size, path, root),
            "half the size": (leaf, index, max(size // 2, 1), path, root),
            "first step halved": (leaf, index, size, (path[0][:16], *path[1:]), root),
        }
        if len(set(path)) > 1:
            forged["steps reversed"] = (leaf, index, size, path[::-1], root)
    if size & (size - 1):
        forged["size of the next full tree, proof extended"] = (leaf, index, 1 << size.bit_length(), (*path, junk), root)
    return forged


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 8, 9, 100, 256, 257])
def test_forged_inclusion(size: int) -> None:
    """Every forgery is refused, by us and by the other program (which is asked about those that it can express)."""
    for index in {0, size // 2, size - 1}:
        for name, (leaf, at, total, path, root) in _forged_inclusion(size, index).items():
            assert not included(leaf, at, total, path, root), name
            if at >= 0 and total >= 0:
                with pytest.raises(InclusionProofInvalid):
                    InclusionProof(at, total, list(path)).check(leaf, root)


def _forged_growth(old: int, new: int) -> dict[str, tuple[int, int, tuple[bytes, ...], bytes, bytes]]:
    hashes = leaves(new)
    first, second, path = plain_root(hashes[:old]), plain_root(hashes), tuple(plain_growth(old, hashes))
    junk = hashlib.sha256(b"junk").digest()
    forged = {
        "other old root": (old, new, path, junk, second),
        "other new root": (old, new, path, first, junk),
        "empty old root": (old, new, path, b"", second),
        "empty new root": (old, new, path, first, b""),
        "junk at the end": (old, new, (*path, junk), first, second),
        "empty hash at the end": (old, new, (*path, b""), first, second),
        "junk in front": (old, new, (junk, *path), first, second),
        "old root in front": (old, new, (first, *path), first, second),
        "from nothing": (0, new, path, first, second),
        "from nothing, with its root": (0, new, (*path, junk), EMPTY, second),
        "from a negative size": (-old, new, path, first, second),
        "to a negative size": (old, -new, path, first, second),
    }
    if old < new:
        forged |= {
            "roots of nothing": (old, new, path, EMPTY, EMPTY),
            "roots swapped": (old, new, path, second, first),
            "old root twice": (old, new, path, first, first),
            "new root twice": (old, new, path, second, second),
            "sizes swapped": (new, old, path, first, second),
            "no path": (old, new, (), first, second),
            "first step gone": (old, new, path[1:], first, second),
            "last step gone": (old, new, path[:-1], first, second),
            "last step junk": (old, new, (*path[:-1], junk), first, second),
            "first step junk": (old, new, (junk, *path[1:]), first, second),
            "one less": (old - 1, new, path, first, second),
            "called the same size": (new, new, path, first, second),
            "grew by nothing": (old, old, path, first, second),
        }
        if len(set(path)) > 1:
            forged["steps reversed"] = (old, new, path[::-1], first, second)
    return forged


@pytest.mark.parametrize(
    ("old", "new"), [(1, 1), (1, 2), (1, 8), (2, 5), (3, 7), (4, 8), (6, 8), (7, 8), (100, 257), (256, 512), (255, 256)]
)
def test_forged_growth(old: int, new: int) -> None:
    """Every forgery of growth is refused."""
    for name, (first, second, path, old_root, new_root) in _forged_growth(old, new).items():
        assert not consistent(first, second, path, old_root, new_root), name


def test_growth_from_nothing() -> None:
    """From the empty tree every tree has grown, by an empty proof and from the empty root alone."""
    root = plain_root(leaves(5))
    assert consistent(0, 5, (), EMPTY, root)
    assert consistent(0, 0, (), EMPTY, EMPTY)
    assert not consistent(0, 0, (), root, root)
    assert not consistent(0, 5, (), root, root)
    with pytest.raises(ConsistencyProofInvalid):
        ConsistencyProof(0, 5, []).check(root, root)


def test_proof_file() -> None:
    """A proof file reads back, and files that are nearly right are refused."""
    path, note = tuple(leaves(3)), b"a\n1\nb\n\nsignature\n"
    data = ProofFile(7, path, note).to_bytes()
    assert ProofFile.parse(data) == ProofFile(7, path, note)
    assert data.startswith(b"c2sp.org/tlog-proof@v1\nindex 7\n" + base64.b64encode(path[0]) + b"\n")
    text = data.decode()
    for bad in (
        text.replace("@v1", "@v2"),
        text.replace("index 7", "index 07"),
        text.replace("index 7", "index -7"),
        text.replace("index 7", "index x"),
        text.replace("index 7", "extra eA==\nindex 7"),
        text.replace("\nindex 7", ""),
        text.replace("=\n", "\n", 1),
        text.replace(base64.b64encode(path[0]).decode(), base64.b64encode(path[0] + b"x").decode()),
    ):
        with pytest.raises(ValueError, match=r"."):
            ProofFile.parse(bad.encode())
    assert consistency_file(path).splitlines() == [base64.b64encode(step) for step in path]


def test_proof_size() -> None:
    """A proof in a log of a million entries has 20 hashes, 21 for growth, and its file stays below 1.4 kB."""
    full = {level: [EMPTY] * (10**6 // WIDTH**level) for level in range(3)}

    def hashes(level: int, lo: int, hi: int) -> Sequence[bytes]:
        return full[level][lo:hi]

    path = inclusion(hashes, 4, 10**6)
    assert len(path) == 20
    assert len(consistency(hashes, 999_999, 10**6)) <= 21
    note = b"samaran.test/a-study-2026\n1000000\n" + base64.b64encode(EMPTY) + b"\n\n" + b"x" * 140
    assert len(ProofFile(4, path, note).to_bytes()) < 1400


def test_split() -> None:
    """A range is cut at the largest power of two below its width."""
    assert [split(width) for width in (2, 3, 4, 5, 8, 9)] == [1, 2, 2, 4, 4, 8]
    assert subtree(Stored(leaves(3)), 1, 1) == EMPTY
