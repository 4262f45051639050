"""The alarm that a failed verification leaves: runs and releases wait until somebody who holds a key of the study has seen it.

`audit/alarm.json` holds what failed, by number of the check, and who acknowledged it. The same failure stays acknowledged;
another one is a new alarm.
"""

from dataclasses import dataclass
from pathlib import Path

from samaran import codec
from samaran.audit import disk
from samaran.errors import IntegrityError

_NAME = "alarm.json"


@dataclass(frozen=True, slots=True)
class Alarm:
    """What failed: numbers of checks, the first bad entry if it is known; and the key id of who acknowledged it."""

    checks: tuple[int, ...]
    first_bad: int = -1
    acknowledged: str = ""


def check(study: Path) -> None:
    """Raises `IntegrityError` while an alarm stands that nobody has acknowledged."""
    alarm = read(study)
    if alarm is not None and not alarm.acknowledged:
        raise IntegrityError(
            "The last verification of the audit log failed, and nobody has acknowledged it.",
            "`samaran audit verify STUDY` says what; then `samaran audit acknowledge STUDY --key KEY`.",
        )


def read(study: Path) -> Alarm | None:
    """The alarm of a study. A file that can't be read is an alarm that nobody acknowledged."""
    path = study / "audit" / _NAME
    if not path.exists():
        return None
    try:
        value = codec.parse(path.read_bytes())
        return Alarm(tuple(int(n) for n in value["checks"]), int(value["first_bad"]), str(value["acknowledged"]))
    except (OSError, IntegrityError, KeyError, TypeError, ValueError):
        return Alarm(())


def clear(study: Path) -> None:
    """Take the alarm away: the log holds again."""
    path = study / "audit" / _NAME
    if path.exists():  # a read-only disk refuses to take away also what is not there
        path.unlink()


def write(study: Path, alarm: Alarm) -> None:
    """Write or replace the alarm."""
    value = {"checks": list(alarm.checks), "first_bad": alarm.first_bad, "acknowledged": alarm.acknowledged}
    disk.put(study / "audit" / _NAME, codec.canonical(value) + b"\n")
