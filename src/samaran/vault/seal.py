"""Seal and open: one age file, whole or not at all, with nothing of the plaintext left on the way."""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from samaran.errors import IntegrityError
from samaran.vault import age, disk
from samaran.vault.behind import Behind
from samaran.vault.keys import PrivateKey
from samaran.vault.pack import Member, Unchanged, packed
from samaran.vault.streams import BlockReader, FileWriter, HashingWriter, Matching, PlainReader, Writer
from samaran.vault.unpack import Comparing, Unpacking


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file: size and SHA-256 of the ciphertext. These may stand in the log."""

    size: int
    sha256: str


def seal(data: bytes, target: Path, recipients: Sequence[str], *, replace: bool = False) -> Sealed:
    """Encrypt `data` into a new file `target`, which only the recipients' keys open.

    1. Encrypt into a private temp file, for the recipients and for a read-back key that exists only in this call.
    2. Flush and fsync.
    3. Decrypt from the disk and compare with what was to be sealed; no plaintext is written anywhere.
    4. Rename without overwriting (unless `replace`), fsync the folder.

    Raises `UsageError` (bad recipients, `target` exists), `IntegrityError` (read-back differs), `SamaranError` (disk full) and
    `OSError` as met. After any exception `target` is as it was and no temp file is left.
    """
    with disk.appearing(target, replace=replace, settled=True) as file:
        return _seal(file, iter((data,)), Matching(data), recipients)


def seal_pack(members: Sequence[Member], target: Path, recipients: Sequence[str]) -> Sealed:
    """Encrypt sources of one subject into one padded tar, in constant memory, as `seal` does; a file of that name is replaced.

    The caller syncs the folder: the pack is durable after that. Raises as `seal`, and `Changed` when a file is not what it was.
    """
    files = Unchanged(members)
    with disk.appearing(target, replace=True, settled=True, synced=True) as file:
        try:
            sealed = _seal(file, packed(members), Comparing(members), recipients)
        except IntegrityError:
            files.check_content()  # is it the source that differs, and not the disk?
            raise
        files.check()
        return sealed


def _seal(file: BinaryIO, content: Iterator[bytes], expected: Matching | Comparing, recipients: Sequence[str]) -> Sealed:
    """Size and hash are those of what was written. age proves that the disk gives the same back, `expected` that it is what was
    to be sealed."""
    age.check_recipients(recipients)
    read_back, read_back_recipient = age.generate(post_quantum=age.is_post_quantum(recipients[0]))
    written = HashingWriter(file)
    with closing(Behind(written)) as behind:
        age.encrypt(BlockReader(content), behind, [*recipients, read_back_recipient])
        behind.finish()
    disk.settle(file)
    file.seek(0)
    with closing(Behind(expected)) as behind:
        try:
            age.decrypt(PlainReader(file), behind, [read_back])
        except (IntegrityError, age.NoMatch):
            raise _differs() from None
        behind.finish()
    if not expected.same:
        raise _differs()
    return Sealed(written.size, written.sha256)


def open_bytes(path: Path, keys: Sequence[PrivateKey], *, size: int | None = None) -> bytes:
    """The plaintext of a sealed file, complete or not at all. `size` is what the file should measure, if that is known.

    Raises `KeyUnusable` (no key fits, or the header is damaged), `IntegrityError` (damaged, cut short, appended to, missing).
    """
    buffer = io.BytesIO()
    _decrypt(path, FileWriter(buffer), keys, size)
    return buffer.getvalue()


def open_to(path: Path, keys: Sequence[PrivateKey], target: Path, *, size: int | None = None) -> int:
    """Decrypt into a new file, 0600, in constant memory; it appears once it is complete. Returns its size.

    Raises as `open_bytes`, and `UsageError` when `target` exists. After any exception nothing of the plaintext is left.
    """
    with disk.appearing(target) as file:
        writer = FileWriter(file)
        _decrypt(path, writer, keys, size)
        return writer.size


def open_member(path: Path, name: str, keys: Sequence[PrivateKey], target: Path) -> int:
    """Decrypt one source out of a pack into a new file, as `open_to` does. Raises as it, and `IntegrityError` when the pack is no
    pack, or has no such source."""
    with disk.appearing(target) as file:
        writer = FileWriter(file)
        unpacking = Unpacking(lambda found: writer if found == name else None)
        _decrypt(path, unpacking, keys, None)
        if not unpacking.whole or name not in unpacking.names:
            raise IntegrityError("A pack doesn't hold the source that it should.", "Take another copy of the vault.")
        return writer.size


def _decrypt(path: Path, target: Writer, keys: Sequence[PrivateKey], size: int | None) -> None:
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
        age.decrypt(PlainReader(source), target, [key.secret for key in keys])


def _amount(there: int, size: int) -> str:
    return f"{there / 1e6:.0f} of {size / 1e6:.0f} MB" if size >= 10_000_000 else f"{there} of {size} bytes"


def _differs() -> IntegrityError:
    return IntegrityError(
        "What was sealed doesn't read back as it was written.", "Nothing is lost. Check the disk and the memory, then run again."
    )
