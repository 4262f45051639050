"""The error family. Each error is one sentence that says what happened and one that says what to do.

No message carries text of an interview, a name of a person or the name of a raw file: they may end in a log, in
Prefect's database or in a bug report. Raw file names are shown by the command line only, from values, not from errors.
"""

import traceback
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line, the same in every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    WAITING = 3  # withheld, or waiting for a human
    BROKEN = 4  # integrity: the log, a seal or a release is not what it was


class SamaranError(Exception):
    """Base of all errors that a user may see: `str()` is the sentence, `hint` is what to do next."""

    exit = Exit.FAILED

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.hint = hint


class Defect(SamaranError):
    """An exception that no one expected. Says where, and never its message, which may hold raw text."""

    def __init__(self, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(frames) if "samaran" in f.filename), frames[-1])
        file = place.filename.rpartition("/")[2]
        super().__init__(
            f"A defect: {type(error).__name__} in {place.name} ({file}:{place.lineno}).",
            "Nothing was released and the raw files are where they were. Please report the line above.",
        )


class UsageError(SamaranError):
    """A command, a config file or a table that a person wrote is wrong."""

    exit = Exit.USAGE


class Waiting(SamaranError):
    """Nothing is broken, but a human has to act first."""

    exit = Exit.WAITING


class Busy(SamaranError):
    """Another process has what this one needs; the same step may work in a moment. The only error that a schedule tries again."""


class IntegrityError(SamaranError):
    """Something is not what it was when it was written: damaged, cut short, swapped or tampered with."""

    exit = Exit.BROKEN


class KeyUnusable(SamaranError):
    """A key is missing, wrong, unreadable, or readable by others."""
