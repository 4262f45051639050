"""Files of the log that appear whole: private temp file, fsync, rename, fsync of the folder."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from samaran import disk
from samaran.errors import SamaranError


def put(path: Path, data: bytes, *, sync_folder: bool = True) -> None:
    """Write or replace a file; a reader sees the old bytes or the new ones, also after a power cut.

    Without `sync_folder` the name is durable only after the caller syncs the folder: one for many files.
    """
    with appearing(path, sync_folder=sync_folder) as file:
        file.write(data)


@contextmanager
def appearing(path: Path, *, sync_folder: bool = True) -> Iterator[BinaryIO]:
    """A new file, 0600, that takes its place when the block ends well. Raises `SamaranError` when the disk is full."""
    make_folder(path.parent)
    temp = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temp.replace(path)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise SamaranError("The disk is full: the audit log can't be written.", "Free some space and run again.") from None
    finally:
        with suppress(FileNotFoundError):
            temp.unlink()
    if sync_folder:
        disk.sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder, 0700, with its parents, and make that durable."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    disk.sync_folder(folder.parent)
