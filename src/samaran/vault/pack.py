"""Packs: sources of one subject in one padded tar, which `age -d ... | tar -xi` takes apart. See docs/formats/vault.md.

The tar is written and read as a stream, so that a recording of many gigabytes takes no memory. Its headers are made and parsed by
`tarfile`; what is done here is to cut a stream at them, since age pushes what it decrypts and `tarfile` wants to pull.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from samaran.errors import SamaranError
from samaran.vault.padding import padded
from samaran.vault.streams import Writer, blocks

ENDING = ".tar.age"

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)
_ZEROS = bytes(1 << 20)


class Changed(SamaranError):
    """A source is not the one that was received: somebody wrote to it meanwhile."""


@dataclass(frozen=True, slots=True)
class Member:
    """A source to be packed, from memory or from a file of so many bytes. `sha256` is what a file's content must have; memory is
    taken as it is."""

    name: str
    source: bytes | Path = field(repr=False)
    size: int
    sha256: str = field(default="", repr=False)


def length(sizes: Sequence[int]) -> int:
    """The length of a tar of members of these sizes, before padding."""
    return sum(_BLOCK + -(-size // _BLOCK) * _BLOCK for size in sizes) + len(_END)


def packed(members: Sequence[Member], *, check: bool = False) -> Iterator[bytes]:
    """The padded tar, in pieces of at most 1 MiB. With `check`, raises `Changed` when a file's content is not what it must be."""
    for member in members:
        yield _header(member)
        yield from _content(member, check)
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


def _content(member: Member, check: bool) -> Iterator[bytes]:
    if isinstance(member.source, bytes):
        yield member.source
        return
    digest, left = hashlib.sha256(), member.size
    with member.source.open("rb", buffering=0) as file:
        for block in blocks(file):
            if check:
                digest.update(block)
            left -= len(block)
            if left < 0:
                break
            yield block
    if left or (check and digest.hexdigest() != member.sha256):
        raise Changed("A file changed while it was sealed.", "Nothing of it was kept. Run again when nobody writes to it.")


class Unpacking:
    """Takes a tar apart as it comes, piece by piece. `into` gives, for the name of a member, where its content goes, or None.

    Trust nothing before `whole` says that the tar came to its proper end.
    """

    def __init__(self, into: Callable[[str], Writer | None]) -> None:
        self.error: OSError | None = None
        self.size = 0
        self.names: list[str] = []
        self._into = into
        self._target: Writer | None = None
        self._held = b""
        self._left = self._skip = 0
        self._ended = self._strange = False

    @property
    def whole(self) -> bool:
        """Whether everything was a tar of plain files, up to its end."""
        return self._ended and not self._strange

    def write(self, data: bytes, /) -> int:
        """The next piece."""
        self.size += len(data)
        at = 0
        while at < len(data) and not (self._ended or self._strange):
            if self._left:
                piece = data[at : at + self._left]
                self._left -= len(piece)
                at += len(piece)
                self._give(piece)
            elif self._skip:
                step = min(self._skip, len(data) - at)
                self._skip -= step
                at += step
            else:
                piece = data[at : at + _BLOCK - len(self._held)]
                self._held += piece
                at += len(piece)
                if len(self._held) == _BLOCK:
                    self._begin(self._held)
                    self._held = b""
        return len(data)

    def flush(self) -> None:
        """Nothing to do: what gets a member flushes itself."""

    def _give(self, piece: bytes) -> None:
        if self._target is None:
            return
        try:
            self._target.write(piece)
        except OSError as error:
            self.error = error
            raise

    def _begin(self, block: bytes) -> None:
        if not any(block):
            self._ended = True
            return
        try:
            info = tarfile.TarInfo.frombuf(block, "ascii", "strict")
        except (tarfile.TarError, ValueError):
            self._strange = True
            return
        if not info.isreg() or info.name in self.names:
            self._strange = True
            return
        self.names.append(info.name)
        self._left, self._skip = info.size, -info.size % _BLOCK
        self._target = self._into(info.name)
