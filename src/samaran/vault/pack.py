"""Packs: sources of one subject in one padded tar, which `age -d ... | tar -xi` takes apart. See docs/formats/vault.md.

The tar is written as a stream, so that a recording of many gigabytes takes no memory. Its headers are made by `tarfile`.
"""

import hashlib
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from samaran.errors import SamaranError
from samaran.vault.padding import padded
from samaran.vault.streams import blocks

ENDING = ".tar.age"

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)
_ZEROS = bytes(1 << 20)


class Changed(SamaranError):
    """A source is not the one that was received: somebody wrote to it meanwhile."""


@dataclass(frozen=True, slots=True)
class Member:
    """A source to be packed, from memory or from a file of so many bytes. `sha256` is that of a file's content as received;
    memory is taken as it is."""

    name: str
    source: bytes | Path = field(repr=False)
    size: int
    sha256: str = field(default="", repr=False)


def length(sizes: Sequence[int]) -> int:
    """The length of a tar of members of these sizes, before padding."""
    return sum(_BLOCK + -(-size // _BLOCK) * _BLOCK for size in sizes) + len(_END)


def packed(members: Sequence[Member]) -> Iterator[bytes]:
    """The padded tar, in pieces of at most 1 MiB, or as long as a source in memory. Raises `Changed` when a file is gone or has
    another length."""
    for member in members:
        yield _header(member)
        yield from _content(member)
        if short := -member.size % _BLOCK:
            yield _ZEROS[:short]
    yield _END
    size = length([member.size for member in members])
    left = padded(size) - size
    while left:
        piece = _ZEROS[: min(left, len(_ZEROS))]
        left -= len(piece)
        yield piece


def _header(member: Member) -> bytes:
    info = tarfile.TarInfo(member.name)
    info.size, info.mode = member.size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


def _content(member: Member) -> Iterator[bytes]:
    if isinstance(member.source, bytes):
        yield member.source
        return
    left = member.size
    with _opened(member.source) as file:
        for block in blocks(file):
            left -= len(block)
            if left < 0:
                break
            yield block
    if left:
        raise _changed()


class Unchanged:
    """The files of a pack, seen before it is sealed."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._expected = {member.source: member.sha256 for member in members if isinstance(member.source, Path)}
        self._before = self._seen()

    def _seen(self) -> list[tuple[int, int, int]]:
        try:
            found = [path.stat() for path in self._expected]
        except FileNotFoundError:
            raise _changed() from None
        return [(file.st_ino, file.st_size, file.st_mtime_ns) for file in found]

    def check(self) -> None:
        """Raises `Changed` when somebody wrote to one of them since, as far as the file system tells."""
        if self._seen() != self._before:
            raise _changed()

    def check_content(self) -> None:
        """Raises `Changed` when one of them isn't what was received."""
        self.check()
        for path, sha256 in self._expected.items():
            with _opened(path) as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise _changed()


def _opened(path: Path) -> FileIO:
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise _changed() from None


def _changed() -> Changed:
    return Changed("A file changed while it was sealed.", "Nothing of it was kept. Run again when nobody writes to it.")
