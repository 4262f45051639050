"""Seal and open: one file in, one age file out, whole or not at all, with nothing of the plaintext left on the way."""

import io
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from samaran.errors import IntegrityError
from samaran.vault import age, disk
from samaran.vault.keys import PrivateKey
from samaran.vault.streams import FileWriter, HashingReader, HashingSink, PlainReader


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: size and SHA-256 of the ciphertext (these may stand in the log), and of the plaintext (these may not)."""

    size: int
    sha256: str
    plain_size: int
    plain_sha256: str

    def __repr__(self) -> str:
        return f"Sealed({self.size}, {self.sha256})"


def seal(source: Path | bytes | BinaryIO, target: Path, recipients: Sequence[str], *, replace: bool = False) -> Sealed:
    """Encrypt `source` into a new file `target`, which only the recipients' keys open, in constant memory.

    1. Encrypt into a private temp file, for the recipients and for a read-back key that exists only in this call.
    2. Flush and fsync.
    3. Decrypt from the disk into a hash and compare with what was read; no plaintext is written anywhere.
    4. Rename without overwriting (unless `replace`), fsync the folder.

    Raises `UsageError` (bad recipients, `target` exists), `IntegrityError` (read-back differs), `SamaranError` (disk full) and
    `OSError` as met. After any exception `target` is as it was and no temp file is left.
    """
    age.check_recipients(recipients)
    read_back, read_back_recipient = age.generate(post_quantum=age.is_post_quantum(recipients[0]))
    with ExitStack() as stack:
        plain = stack.enter_context(closing(HashingReader(_opened(source, stack))))
        file = stack.enter_context(disk.appearing(target, replace=replace, settled=True))
        age.encrypt(plain, FileWriter(file), [*recipients, read_back_recipient])
        disk.settle(file)
        file.seek(0)
        cipher, sink = stack.enter_context(closing(HashingReader(file))), stack.enter_context(closing(HashingSink()))
        try:
            age.decrypt(cipher, sink, [read_back])
        except IntegrityError:
            raise _differs() from None
        cipher.drain()
        if (sink.size, sink.sha256) != (plain.size, plain.sha256):
            raise _differs()
        return Sealed(cipher.size, cipher.sha256, plain.size, plain.sha256)


def open_bytes(path: Path, keys: Sequence[PrivateKey], *, size: int | None = None) -> bytes:
    """The plaintext of a sealed file, complete or not at all. `size` is what the file should measure, if that is known.

    Raises `KeyUnusable` (no key fits, or the header is damaged), `IntegrityError` (damaged, cut short, appended to, missing).
    """
    buffer = io.BytesIO()
    _decrypt(path, buffer, keys, size)
    return buffer.getvalue()


def open_to(path: Path, keys: Sequence[PrivateKey], target: Path, *, size: int | None = None) -> int:
    """Decrypt into a new file, 0600, in constant memory; it appears once it is complete. Returns its size.

    Raises as `open_bytes`, and `UsageError` when `target` exists. After any exception nothing of the plaintext is left.
    """
    with disk.appearing(target) as file:
        return _decrypt(path, file, keys, size)


def _opened(source: Path | bytes | BinaryIO, stack: ExitStack) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    return stack.enter_context(source.open("rb")) if isinstance(source, Path) else source


def _decrypt(path: Path, target: BinaryIO, keys: Sequence[PrivateKey], size: int | None) -> int:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None
    with source:
        there = source.seek(0, io.SEEK_END)
        source.seek(0)
        if size is not None and there < size:
            raise IntegrityError(
                f"Incomplete copy: {_amount(there, size)}.", "Copy the file again, whole, or take another copy of the vault."
            )
        if size is not None and there > size:
            raise IntegrityError(
                f"Something was appended to this sealed file: {there} bytes instead of {size}.", "Take another copy of the vault."
            )
        writer = FileWriter(target)
        age.decrypt(PlainReader(source), writer, [key.secret for key in keys])
        return writer.size


def _amount(there: int, size: int) -> str:
    return f"{there / 1e6:.0f} of {size / 1e6:.0f} MB" if size >= 10_000_000 else f"{there} of {size} bytes"


def _differs() -> IntegrityError:
    return IntegrityError(
        "What was sealed doesn't read back as it was written.", "Nothing is lost. Check the disk and the memory, then run again."
    )
