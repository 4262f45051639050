"""Verify a log, and make what is lost of its published files again: they are a cache of the rows."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from samaran.audit.log import Log
from samaran.audit.verify import Report, verify
from samaran.errors import SamaranError

_PUBLISHED = {8, 11}
"""The checks of the published files. Where another one fails, nothing is made from those rows."""


def verify_restored(folder: Path, vkey: str | None = None, since: bytes | None = None) -> Report:
    """As `verify`; but where the rows hold and published files are missing, these are written again and all is verified
    again. The report counts them. A file that differs from the rows stays as it is and fails; so does a missing one that can't
    be written."""
    report = verify(folder, vkey, since)
    if report.ok or any(not check.ok and check.number not in _PUBLISHED for check in report.checks):
        return report
    restored = 0
    with suppress(SamaranError, OSError), Log(folder) as log:
        restored = log.restore()
    return replace(verify(folder, vkey, since), restored=restored) if restored else report
