"""Files that appear whole or not at all: private temp file in the target folder, fsync, rename, fsync of the folder."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from samaran.disk import sync_folder
from samaran.errors import SamaranError, UsageError

_PART = ".part"
_BUFFER = 1 << 16  # pieces that age writes are larger and pass it by


@contextmanager
def appearing(target: Path, *, replace: bool = False, settled: bool = False, synced: bool = False) -> Iterator[BinaryIO]:
    """A new file, 0600, that becomes `target` when the block ends well, and of which nothing is left when it doesn't.

    The block may read back what it wrote: the file is open for both; `settled` says that the block calls `settle` itself,
    `synced` that the caller syncs the folder, once for several files.
    Raises `UsageError` when `target` exists and `replace` is false, or its folder doesn't; `SamaranError` when the disk is full
    or can't be written to. None touches an existing file.
    """
    if not replace and os.path.lexists(target):
        raise _exists()
    temp = target.parent / f".{secrets.token_hex(8)}{_PART}"
    try:
        with os.fdopen(_new(temp), "w+b", buffering=_BUFFER) as file:
            yield file
            if not settled:
                settle(file)
        if replace:
            temp.replace(target)
        else:
            _take_place(temp, target)
        if not synced:
            sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SamaranError(
                "The disk is full: nothing was written.", "Free some space and run the same command again; nothing is lost."
            ) from None
        raise
    finally:
        with suppress(FileNotFoundError):
            temp.unlink()


def _new(path: Path) -> int:
    try:
        return os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(
            "The folder in which a file should be made doesn't exist.", "Make the folder first, or name another place."
        ) from None
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        raise SamaranError(
            "A file can't be made: its folder may not be written to.",
            "Check whose it is, and whether the disk is read-only.",
        ) from None


def settle(file: BinaryIO) -> None:
    """Flush and fsync: what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sweep(folder: Path) -> int:
    """Remove temp files that a killed process left in a folder; they are never complete. Returns how many."""
    found = [path for path in folder.glob(f".*{_PART}") if path.is_file()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _take_place(temp: Path, target: Path) -> None:
    """Rename without overwriting: a hard link fails where a rename would replace."""
    try:
        os.link(temp, target)
    except FileExistsError:
        raise _exists() from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        _claim(temp, target)  # a file system without hard links, such as the FAT of a memory stick


def _claim(temp: Path, target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise _exists() from None
    temp.replace(target)


def _exists() -> UsageError:
    return UsageError(
        "There is a file already where the new one should go.",
        "Nothing was overwritten. Choose another place, or move the old file away first.",
    )
