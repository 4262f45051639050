"""Readers and writers that count and hash what passes, and remember their own error (pyrage swallows it)."""

import hashlib
from typing import BinaryIO

_BLOCK = 1 << 20


class HashingReader:
    """Reads a file in large blocks and hands them out in the small pieces that age asks for."""

    def __init__(self, source: BinaryIO) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._source = source
        self._sha256 = hashlib.sha256()
        self._block = b""
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        if self._at == len(self._block) and not self._fill():
            return b""
        end = len(self._block) if size < 0 else min(self._at + size, len(self._block))
        piece = self._block[self._at : end]
        self._at = end
        return piece

    def _fill(self) -> bool:
        try:
            self._block = self._source.read(_BLOCK)
        except OSError as error:
            self.error = error
            raise
        self._at = 0
        self.size += len(self._block)
        self._sha256.update(self._block)
        return bool(self._block)

    def drain(self) -> None:
        """Read to the end, so that size and hash are those of the whole file."""
        while self._fill():
            pass

    @property
    def sha256(self) -> str:
        """Of what was read so far, in hex."""
        return self._sha256.hexdigest()


class FileWriter:
    """Writes to a file and counts."""

    def __init__(self, target: BinaryIO) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._target = target

    def write(self, data: bytes, /) -> int:
        try:
            self._target.write(data)
        except OSError as error:
            self.error = error
            raise
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        try:
            self._target.flush()
        except OSError as error:
            self.error = error
            raise


class HashingSink:
    """Swallows what is written: keeps only its size and hash. Pieces are gathered, to hash in large blocks."""

    def __init__(self) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._sha256 = hashlib.sha256()
        self._pieces: list[bytes] = []
        self._held = 0

    def write(self, data: bytes, /) -> int:
        self._pieces.append(data)
        self._held += len(data)
        self.size += len(data)
        if self._held >= _BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        self._sha256.update(b"".join(self._pieces))
        self._pieces, self._held = [], 0

    @property
    def sha256(self) -> str:
        """Of everything written so far, in hex."""
        self.flush()
        return self._sha256.hexdigest()
