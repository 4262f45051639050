"""Readers and writers that count, hash and compare what passes, and remember their own error (pyrage swallows it)."""

import hashlib
import os
from collections.abc import Iterator
from typing import BinaryIO, Protocol

_BLOCK = 1 << 20


class Writer(Protocol):
    """What is written to while encrypting or decrypting; `error` is what went wrong while writing, if anything did."""

    @property
    def error(self) -> Exception | None: ...

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """A file in large pieces, to its end."""
    while block := file.read(_BLOCK):
        yield block


class BlockReader:
    """Hands out pieces of any size in the small ones that age asks for."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self.error: Exception | None = None
        self._source = source
        self._block = b""
        self._at = 0

    def read(self, size: int = -1, /) -> bytes:
        while self._at == len(self._block):
            try:
                block = next(self._source, None)
            except Exception as error:
                self.error = error
                raise
            if block is None:
                return b""
            self._block, self._at = block, 0
        end = len(self._block) if size < 0 else min(self._at + size, len(self._block))
        piece = self._block[self._at : end]
        self._at = end
        return piece


class HashingReader:
    """Reads a file in large blocks and hands them out in the small pieces that age asks for."""

    def __init__(self, source: BinaryIO) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._source = source
        self._digest = hashlib.sha256()
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
        self._digest.update(self._block)
        return bool(self._block)

    def drain(self) -> None:
        """Read to the end, so that size and hash are those of the whole file."""
        while self._fill():
            pass

    @property
    def sha256(self) -> str:
        """Of what was read so far, in hex."""
        return self._digest.hexdigest()


class PlainReader:
    """Reads a file, and remembers its error."""

    def __init__(self, source: BinaryIO) -> None:
        self.error: OSError | None = None
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            self.error = error
            raise


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


class HashingWriter:
    """Writes to a file of the system, past Python's buffer, and hashes what was written."""

    def __init__(self, target: BinaryIO) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._file = target.fileno()
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self.error = error
            raise
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: nothing is held back."""

    @property
    def sha256(self) -> str:
        """Of everything written so far, in hex."""
        return self._digest.hexdigest()


class Hashing:
    """Hashes what is written and keeps nothing of it."""

    error = None

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: there is no file."""

    @property
    def sha256(self) -> str:
        """Of everything written so far, in hex."""
        return self._digest.hexdigest()


class Matching:
    """Compares what is written with what it should be."""

    error = None

    def __init__(self, expected: bytes) -> None:
        self._expected, self._at, self._same = expected, 0, True

    def write(self, data: bytes, /) -> int:
        self._same = self._same and self._expected.startswith(bytes(data), self._at)
        self._at += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: there is no file."""

    @property
    def same(self) -> bool:
        """Whether all of it was written, and nothing else."""
        return self._same and self._at == len(self._expected)
