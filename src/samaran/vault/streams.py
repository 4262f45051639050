"""Readers and writers that count, hash and compare what passes, and remember their own error (pyrage swallows it)."""

import hashlib
import os
import queue
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Protocol

_BLOCK = 1 << 20
_MOST_PIECES = 512  # at once; systems take 1,024


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


class Digest:
    """SHA-256 of a stream. From the second large block on it is computed in a thread of its own, beside the encryption:
    hashlib lets go of the interpreter while it works on a large block, pyrage doesn't.
    """

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._blocks: queue.Queue[bytes] = queue.Queue(maxsize=4)
        self._thread: threading.Thread | None = None
        self._begun = False

    def update(self, block: bytes) -> None:
        """Add the next block."""
        if self._thread is None and self._begun and block:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._begun = True
        if self._thread is None:
            self._sha256.update(block)
        elif block:
            self._blocks.put(block)

    def _work(self) -> None:
        while block := self._blocks.get():
            self._sha256.update(block)

    def finish(self) -> None:
        """Wait until everything is hashed. The digest can't be updated in parallel afterwards, but goes on serially."""
        if self._thread is not None:
            self._blocks.put(b"")
            self._thread.join()
            self._thread, self._begun = None, False

    def hex(self) -> str:
        """Of everything so far."""
        self.finish()
        return self._sha256.hexdigest()


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


class Matching:
    """Compares what is written with what should be, given in pieces of any size, and keeps nothing of it."""

    def __init__(self, expected: Iterator[bytes]) -> None:
        self._expected = BlockReader(expected)
        self._same = True

    @property
    def error(self) -> Exception | None:
        """What went wrong while reading what should be."""
        return self._expected.error

    @property
    def same(self) -> bool:
        """Whether all of it was written so far, and nothing else."""
        return self._same and not self._expected.read(1)

    def write(self, data: bytes, /) -> int:
        at = 0
        while self._same and at < len(data):
            piece = self._expected.read(len(data) - at)
            self._same = bool(piece) and data.startswith(piece, at)
            at += len(piece)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: there is no file."""


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


class BehindWriter:
    """Writes to a file of the system in large pieces, from the second one on in a thread of its own, behind the encryption. Call
    `finish` at the end; an error of the thread is raised there, or by an earlier `write`."""

    def __init__(self, target: BinaryIO) -> None:
        self.error: OSError | None = None
        self._file = target.fileno()
        self._pieces: list[bytes] = []
        self._held = 0
        self._waiting: queue.Queue[list[bytes]] = queue.Queue(maxsize=4)
        self._thread: threading.Thread | None = None

    def write(self, data: bytes, /) -> int:
        if self.error is not None:
            raise self.error
        self._pieces.append(data)
        self._held += len(data)
        if self._held >= _BLOCK or len(self._pieces) == _MOST_PIECES:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._waiting.put(self._pieces)
            self._pieces, self._held = [], 0
        return len(data)

    def flush(self) -> None:
        """Nothing to do before the end: see `finish`."""

    def _work(self) -> None:
        while pieces := self._waiting.get():
            if self.error is None:  # after one, pieces are only taken away, so that nobody waits for room
                with suppress(OSError):
                    self._put(pieces)

    def _put(self, pieces: list[bytes]) -> None:
        try:
            written = os.writev(self._file, pieces)
            rest = b"".join(pieces)[written:] if written < sum(map(len, pieces)) else b""
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            self.error = error
            raise

    def close(self) -> None:
        """End the thread, if there is one."""
        if self._thread is not None:
            self._waiting.put([])
            self._thread.join()
            self._thread = None

    def finish(self) -> None:
        """Wait until everything is written."""
        self.close()
        if self.error is not None:
            raise self.error
        if self._pieces:
            self._put(self._pieces)


class HashingSink:
    """Swallows what is written: keeps only its size and hash. Pieces are gathered, to hash in large blocks."""

    def __init__(self) -> None:
        self.error: OSError | None = None
        self.size = 0
        self._digest = Digest()
        self._pieces: list[bytes] = []
        self._held = 0

    def write(self, data: bytes, /) -> int:
        self._pieces.append(data)
        self._held += len(data)
        self.size += len(data)
        if self._held >= _BLOCK:
            self._hash()
        return len(data)

    def flush(self) -> None:
        """Nothing to do: there is no file."""

    def _hash(self) -> None:
        self._digest.update(b"".join(self._pieces))
        self._pieces, self._held = [], 0

    def close(self) -> None:
        """End the thread that hashes, if there is one."""
        self._digest.finish()

    @property
    def sha256(self) -> str:
        """Of everything written so far, in hex."""
        self._hash()
        return self._digest.hex()
