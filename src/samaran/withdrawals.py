"""Withdrawals of consent: one small file each, `withdrawals/<code>.<scope>.json`. The file alone freezes, without a lock.

It holds codes, ids and times, never a name. What a withdrawal still has to do stands in it, so that one that was killed goes on.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samaran import codec
from samaran.disk import sync_folder
from samaran.errors import IntegrityError
from samaran.model import CONSENT_FLAGS, Consent

FOLDER = "withdrawals"
CLOCK_H = 72
"""Hours within which processing has to stop and the withdrawal to be carried out (3 x 24)."""

SCOPES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "all": frozenset(CONSENT_FLAGS),
        "quotes": frozenset({"quote_verbatim", "quote_paraphrase"}),
        "archive": frozenset({"archive", "reuse"}),
    }
)
"""Which consent flags each scope takes back."""

REQUESTED, EXECUTING, ERASED, EXECUTED = "requested", "executing", "erased", "executed"
"""Stages. All of them freeze; `erased` waits only for other places, with copies of keys or of the study's folder."""

_ISO = "%Y-%m-%dT%H:%MZ"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What one informant took back, and how far that has been carried out. `first` and `second` are the key ids of the two who
    did it. `sids`, `source_ids`, `packs` and `recalled` are what has to go, emptied when it is gone; the counts stay. `shared`
    says what becomes of sources that belong to other informants too.

    `places` are folders whose copies of the keys are still there, `copies` those copies of the study's folder that may still hold
    their names; `done` says of each other place when and how it became known that nothing is left there, such as
    `2026-03-02T10:00Z said laptop`. `unsearched` are others' sources that couldn't be opened then: nobody looked in them for the
    names that had come since they were last searched."""

    informant: str
    scope: str
    requested: str
    stage: str = REQUESTED
    executed: str = ""
    first: str = ""
    second: str = ""
    shared: str = ""
    sids: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    recalled: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    unsearched: tuple[str, ...] = ()
    keys: int = 0
    sources: int = 0
    segments: int = 0
    pinned: int = 0
    releases: tuple[str, ...] = field(default=())
    entry: int = -1

    @property
    def whole(self) -> bool:
        """Whether everything is taken back, not only a use."""
        return self.scope == "all"

    @property
    def deadline(self) -> datetime:
        """When the clock runs out."""
        return _time(self.requested) + timedelta(hours=CLOCK_H)

    def hours_taken(self) -> float:
        """From the request to the execution."""
        return (_time(self.executed) - _time(self.requested)).total_seconds() / 3600

    def hours_left(self, now: datetime) -> float:
        """Until the clock runs out; negative when it has."""
        return (self.deadline - now).total_seconds() / 3600


def stamp(moment: datetime) -> str:
    """A moment as the files hold it, to the minute."""
    return moment.strftime(_ISO)


def _time(text: str) -> datetime:
    return datetime.strptime(text, _ISO).replace(tzinfo=UTC)


def read(study: Path) -> tuple[Withdrawal, ...]:
    """All withdrawals, oldest first. Raises `IntegrityError` when a file is damaged: it may not thaw anybody."""
    folder = study / FOLDER
    if not folder.is_dir():
        return ()
    found = [parsed(path.read_bytes()) for path in sorted(folder.glob("*.json"))]
    return tuple(sorted(found, key=lambda w: (w.requested, w.informant, w.scope)))


def path_of(study: Path, withdrawal: Withdrawal) -> Path:
    """Where the file of a withdrawal lies."""
    return study / FOLDER / f"{withdrawal.informant}.{withdrawal.scope}.json"


def write(study: Path, withdrawal: Withdrawal) -> None:
    """Write or replace the file of a withdrawal, in one move."""
    target = path_of(study, withdrawal)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    temp = target.with_suffix(".part")
    with open(temp, "wb", opener=_private) as file:
        file.write(codec.canonical({f.name: codec.plain(getattr(withdrawal, f.name)) for f in fields(withdrawal)}))
        file.flush()
        os.fsync(file.fileno())
    temp.replace(target)
    sync_folder(target.parent)


def frozen(withdrawals: Iterable[Withdrawal]) -> frozenset[str]:
    """Codes of those of whom nothing is processed or released any more."""
    return frozenset(w.informant for w in withdrawals if w.whole)


def remaining(consents: Mapping[str, Consent], withdrawals: Iterable[Withdrawal]) -> Mapping[str, Consent]:
    """Consents without what was taken back. A form signed on a later day counts anew, unless everything was withdrawn."""
    left = dict(consents)
    for withdrawal in withdrawals:
        given = left.get(withdrawal.informant)
        if given is None:
            continue
        if withdrawal.whole:
            del left[withdrawal.informant]
        elif given.date <= withdrawal.requested[:10]:
            left[withdrawal.informant] = replace(given, flags=given.flags - SCOPES[withdrawal.scope])
    return MappingProxyType(left)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def parsed(data: bytes) -> Withdrawal:
    """A withdrawal from its file. Raises `IntegrityError` when it is damaged."""
    value: Any = codec.parse(data)
    try:
        given: dict[str, Any] = {name: tuple(item) if isinstance(item, list) else item for name, item in value.items()}
        withdrawal = Withdrawal(**given)
        _time(withdrawal.requested)
        known = withdrawal.scope in SCOPES and withdrawal.stage in (REQUESTED, EXECUTING, ERASED, EXECUTED)
    except (AttributeError, TypeError, ValueError):
        known = False
    if not known:
        raise IntegrityError("The file of a withdrawal is damaged.", "Restore it from a copy; until then nothing is done here.")
    return withdrawal
