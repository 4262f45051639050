"""The published log: a C2SP tlog-tiles folder that other programs read. Derived from the rows, at any time, byte for byte."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from samaran.audit import disk
from samaran.audit.tree import HEIGHT, WIDTH
from samaran.disk import sync_folder

FOLDER = "log"
CHECKPOINT = "checkpoint"
ENTRIES = -1
"""The level of entry bundles, beside level 0."""


class Rows(Protocol):
    """Where the contents come from."""

    def hashes(self, level: int, lo: int, hi: int) -> Sequence[bytes]: ...

    def rows(self, lo: int = 0, hi: int | None = None) -> Iterator[tuple[int, bytes, bytes]]: ...


@dataclass(frozen=True, slots=True)
class Tile:
    """One file: tile number `n` of a level, `width` hashes or entries wide."""

    level: int
    n: int
    width: int

    @property
    def path(self) -> PurePosixPath:
        """Where it lies below the folder: `tile/0/x001/234.p/17`."""
        digits = f"{self.n % 1000:03d}"
        rest = self.n // 1000
        while rest:
            digits = f"x{rest % 1000:03d}/{digits}"
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        return PurePosixPath("tile", level, digits if self.width == WIDTH else f"{digits}.p/{self.width}")


def tiles(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree of this size that a tree of size `since` doesn't have."""
    level = 0
    while size >> HEIGHT * level:
        count, before = size >> HEIGHT * level, since >> HEIGHT * level
        for n in range(before // WIDTH, -(-count // WIDTH)):
            width = min(WIDTH, count - n * WIDTH)
            if n > before // WIDTH or width > before % WIDTH:
                yield Tile(level, n, width)
                if level == 0:
                    yield Tile(ENTRIES, n, width)
        level += 1


def content(rows: Rows, tile: Tile) -> bytes:
    """The bytes of a tile."""
    lo = tile.n * WIDTH
    if tile.level == ENTRIES:
        return bundle([leaf for _, leaf, _ in rows.rows(lo, lo + tile.width)])
    return b"".join(rows.hashes(tile.level, lo, lo + tile.width))


def bundle(leaves: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry after its length in two bytes."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises `ValueError` when it is cut short."""
    found, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise ValueError("an entry bundle is cut short")
        found.append(data[at + 2 : end])
        at = end
    return found


def publish(rows: Rows, folder: Path, size: int, note: bytes, *, since: int, replace: bool = True) -> int:
    """Write the tiles that are new since size `since`, then the checkpoint. Returns how many files were written.

    With `since=0` everything is checked, and written where it is missing or differs; without `replace` only where it is missing:
    what differs stays, for whoever finds out why. Partial tiles go once the full one is
    there; those of earlier checkpoints stay until then, as the format wants it.
    """
    written, folders = 0, set[Path]()
    for tile in tiles(size, since):
        path, data = folder / tile.path, content(rows, tile)
        if not path.is_file() or (replace and path.read_bytes() != data):
            disk.put(path, data, sync_folder=False)
            written += 1
            folders.add(path.parent)
        if tile.width == WIDTH:
            _drop_partials(path.with_name(path.name + ".p"))
    for parent in sorted(folders):
        sync_folder(parent)
    path = folder / CHECKPOINT
    if not path.is_file() or (replace and path.read_bytes() != note):
        disk.put(path, note)
        written += 1
    return written


def _drop_partials(folder: Path) -> None:
    if folder.is_dir():
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
