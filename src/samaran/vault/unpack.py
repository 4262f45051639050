"""Taking a pack apart as a stream. Its headers are parsed by `tarfile`; what is done here is to cut a stream at them, since age
pushes what it decrypts and `tarfile` wants to pull.
"""

import tarfile
from collections.abc import Callable, Sequence

from samaran.vault.pack import Member, length
from samaran.vault.padding import padded
from samaran.vault.streams import Hashing, Matching, Writer

_BLOCK = tarfile.BLOCKSIZE


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


class Comparing:
    """Compares a padded tar that was read back with what was to be packed: a source in memory byte for byte, a file by its
    hash."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = {member.name: member for member in members}
        self._found: dict[str, Matching | Hashing] = {}
        self._unpacking = Unpacking(self._into)
        self.write, self.flush = self._unpacking.write, self._unpacking.flush

    @property
    def error(self) -> OSError | None:
        """What went wrong while writing, if anything did."""
        return self._unpacking.error

    def _into(self, name: str) -> Writer | None:
        if name not in self._members:
            return None
        source = self._members[name].source
        return self._found.setdefault(name, Matching(source) if isinstance(source, bytes) else Hashing())

    @property
    def same(self) -> bool:
        """Whether all of it came, in order, and nothing else."""
        size = padded(length([member.size for member in self._members.values()]))
        whole = self._unpacking.whole and self._unpacking.names == [*self._members] and self._unpacking.size == size
        return whole and all(self._right(name, found) for name, found in self._found.items())

    def _right(self, name: str, found: Matching | Hashing) -> bool:
        return found.same if isinstance(found, Matching) else found.sha256 == self._members[name].sha256
