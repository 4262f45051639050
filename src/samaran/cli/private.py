"""Files with raw text, written where the user says: readable by their owner alone, never inside a study folder."""

import os
from pathlib import Path

from samaran.errors import UsageError

_FLAGS = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)


def outside_studies(path: Path) -> Path:
    """The path, when it lies in no study folder. Raises `UsageError` else, and for a folder: raw text has no place there."""
    where = path.resolve()
    if any((folder / "study.toml").exists() for folder in (where, *where.parents)):
        raise UsageError("This file holds raw text and may not lie in a study folder.", "Name a place outside of every study.")
    if where.is_dir() or not where.parent.is_dir():
        raise UsageError("The file with raw text can't be written there.", "Name a file in a folder that exists.")
    return where


def write_private(path: Path, text: str) -> None:
    """Write the file for its owner only (0600), also where it was there before. Raises `UsageError` as `outside_studies` does and
    where the system refuses."""
    try:
        with os.fdopen(os.open(outside_studies(path), _FLAGS, 0o600), "w", encoding="utf-8", newline="") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    except OSError:
        raise UsageError("The file with raw text can't be written there.", "Check the folder's rights and space.") from None
