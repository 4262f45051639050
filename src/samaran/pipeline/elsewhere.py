"""What of somebody who withdrew lies in other places: copies of their key, and copies of the study's folder on other machines.

Where samaran reaches, it destroys the key and sees whether a folder was replaced by a newer copy. Where it doesn't, a person says
so, and that stands in the log. Until nothing is left the withdrawal stays open and its clock runs.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from samaran import withdrawals
from samaran.audit.vocabulary import Act, Step
from samaran.errors import IntegrityError, UsageError
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.vault.erase import erase_key
from samaran.vault.pool import wrapped_sids
from samaran.withdrawals import ERASED, EXECUTED, Withdrawal

DESTROYED, REPLACED, SAID = "destroyed", "replaced", "said"
"""How it is known that nothing of theirs is left in a place: the key was destroyed there, the folder there is a newer copy of the
study, or a person says so."""


def look_elsewhere(desk: Desk, withdrawal: Withdrawal) -> Withdrawal:
    """Destroy copies of the key in every place that can be reached, and see which copies of the folder were replaced."""
    for place in withdrawal.places:
        with suppress(OSError):  # a stick that can't be written to is out of reach, too
            if all(erase_key(desk.study.folder / place, sid) for sid in withdrawal.sids):
                withdrawal = _without(desk, withdrawal, place, DESTROYED)
    for copy in withdrawal.copies:
        if _replaced(desk.study.folder / copy, withdrawal):
            withdrawal = _without(desk, withdrawal, copy, REPLACED)
    return withdrawal


def confirm(desk: Desk, withdrawal: Withdrawal, places: Collection[str], actor: str = COLLECTOR) -> Withdrawal:
    """A person says that nothing of theirs is left in these places. Each goes into the log, by the digest of its name.

    Raises `UsageError` before the key was destroyed here, for a place that isn't waited for, or one where samaran can see that it
    is not so.
    """
    if withdrawal.stage not in (ERASED, EXECUTED):
        raise UsageError("Nothing was destroyed here yet.", "Give the command with --key twice first, then say what is done.")
    for place in places:
        if place not in withdrawal.places + withdrawal.copies:
            left = ", ".join(withdrawal.places + withdrawal.copies) or "none"
            raise UsageError("This place is not one that is waited for.", f"Places left: {left}.")
        there = desk.study.folder / place
        if place in withdrawal.copies and (there / "state.db").exists() and not _here(desk, there):
            raise UsageError(
                "A copy from before the withdrawal lies there, within reach.",
                "Delete it, or put a copy of this folder in its place; then give the command again.",
            )
    for place in places:
        sid = next(iter(withdrawal.sids), None)
        desk.log.record(Act.INFORMANT_WITHDRAW, Step.RESOLVED, actor=actor, sid=sid, obj=digest_of(place))
        withdrawal = _without(desk, withdrawal, place, SAID)
    return withdrawal


def digest_of(place: str) -> str:
    """What the log says of a place: it may have a name in its path."""
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()


def _without(desk: Desk, withdrawal: Withdrawal, place: str, how: str) -> Withdrawal:
    return replace(
        withdrawal,
        places=tuple(one for one in withdrawal.places if one != place),
        copies=tuple(one for one in withdrawal.copies if one != place),
        done=(*withdrawal.done, f"{withdrawals.stamp(desk.now)} {how} {place}"),
    )


def _here(desk: Desk, folder: Path) -> bool:
    """Whether this is the study's folder itself: the place that is named is the machine at which somebody sits."""
    return folder.resolve() == desk.study.folder.resolve()


def _replaced(folder: Path, withdrawal: Withdrawal) -> bool:
    """Whether a copy of the study lies there that was made after the key was destroyed. An empty folder proves nothing: it may be
    where a stick is plugged in."""
    try:
        data = withdrawals.path_of(folder, withdrawal).read_bytes()
        newer = withdrawals.parsed(data).stage in (ERASED, EXECUTED)
    except (OSError, IntegrityError):
        return False
    return newer and not wrapped_sids(folder / "vault").intersection(withdrawal.sids)
