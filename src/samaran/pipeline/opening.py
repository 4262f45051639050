"""Opening an original: two holders, a purpose from a closed list, logged before and after; in a time box, or to stay."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samaran.audit.vocabulary import Why
from samaran.errors import IntegrityError, KeyUnusable, UsageError
from samaran.pipeline.ceremony import listed
from samaran.pipeline.desk import Desk
from samaran.pipeline.drilling import not_as_sealed
from samaran.pipeline.retaining import destroyed
from samaran.pipeline.reviewing import check_reviewer
from samaran.pipeline.timebox import LONGEST_MIN, boxed, private_folder, wipe_left_open
from samaran.pipeline.wiping import wipe
from samaran.state import SourceRow
from samaran.vault.age import NoMatch
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import unwrap_any
from samaran.vault.seal import open_member, open_to

KEPT_PURPOSES = (Why.ACCESS, Why.RECOVERY)
"""Purposes for which an opened original may stay: a copy for the informant, and a vault that has to be made anew."""

_ENDINGS = {"text": ".txt", "whatsapp": ".txt", "copied-chat": ".txt", "image": "", "recording": ""}


@dataclass(frozen=True, slots=True)
class Opened:
    """An original that lies open: where, and until when."""

    path: Path
    until: datetime


def open_original(desk: Desk, source_id: str, keys: Sequence[PrivateKey], purpose: str, out: Path) -> None:
    """Write the original of a source to `out`, 0600, where it stays.

    Raises `KeyUnusable` unless two different holders' keys are given, `UsageError` for an unknown source or purpose, a purpose
    for which nothing may stay, a source of somebody who withdrew, or when `out` exists.
    """
    row = _asked(desk, source_id, keys, purpose)
    if purpose not in KEPT_PURPOSES:
        raise UsageError(
            f"For {purpose} an original is opened in a time box.", "Leave --out away: it lies open until you are done."
        )
    if out.exists():
        raise UsageError("There is a file of that name already.", "Name a file that does not exist yet.")
    with _logged(desk, row, keys, purpose):
        _open(desk, row, keys, out)


@contextmanager
def open_for(
    desk: Desk, source_id: str, keys: Sequence[PrivateKey], purpose: str, minutes: int, into: Path | None = None
) -> Iterator[Opened]:
    """The original of a source in a private folder, as long as the block lasts; the folder is wiped when it ends, however it
    ends, and only then the log says that the act is over. Raises as `open_original`."""
    row = _asked(desk, source_id, keys, purpose)
    desk.check_clock()
    if not 1 <= minutes <= LONGEST_MIN:
        raise UsageError("A time box of so many minutes can't be made.", f"Choose 1 to {LONGEST_MIN} minutes.")
    folder = private_folder(desk.sealed(row).stat().st_size, into)
    try:
        with _logged(desk, row, keys, purpose), boxed(desk, folder, minutes) as until:
            path = folder / ("original" + _ENDINGS.get(row.format, f".{row.format}" if row.format.isalnum() else ""))
            _open(desk, row, keys, path)
            yield Opened(path, until)
    finally:
        wipe(folder)


def two_holders(desk: Desk, keys: Sequence[PrivateKey], takes: str) -> tuple[PrivateKey, PrivateKey]:
    """The keys of two people. Raises `KeyUnusable`, with `takes` as its sentence, where they are not two, or for a stranger's;
    `IntegrityError` as `ceremony.listed`: who wrote a second holder into the list is not two people."""
    if len({key.id for key in keys}) < 2:
        raise KeyUnusable(takes, "Give the command again with --key twice, for two different people.")
    listed(desk)
    for key in keys:
        check_reviewer(desk, key)
    return different(keys)


def different(keys: Sequence[PrivateKey]) -> tuple[PrivateKey, PrivateKey]:
    """The first key and the next that is another."""
    return keys[0], next(key for key in keys if key.id != keys[0].id)


def _asked(desk: Desk, source_id: str, keys: Sequence[PrivateKey], purpose: str) -> SourceRow:
    """The source, once everything that was asked is allowed. What an earlier command left open is wiped first."""
    wipe_left_open(desk)
    two_holders(desk, keys, "Opening an original takes the keys of two holders.")
    if purpose not in set(Why):
        raise UsageError("This purpose is not in the list.", f"Purposes: {', '.join(Why)}.")
    if gone := destroyed(desk) & {"originals", "keys"}:
        raise UsageError(
            f"The {' and '.join(sorted(gone))} are destroyed: their retention has ended.", "Nothing opens them any more."
        )
    row = desk.state.source(source_id)
    if row is None:
        raise UsageError("This study has no such source.", "`samaran status STUDY` lists the source ids.")
    if desk.frozen.intersection(row.informants) and purpose != Why.WITHDRAWAL:
        raise UsageError(
            "The informant of this source has withdrawn.", "Only --purpose withdrawal is left, until it is destroyed."
        )
    return row


@contextmanager
def _logged(desk: Desk, row: SourceRow, keys: Sequence[PrivateKey], purpose: str) -> Iterator[None]:
    first, second = different(keys)
    sid = desk.register.subjects[row.subject]
    try:
        with desk.log.act("source.open", actor=first.id, sid=sid, second=second.id, why=purpose) as act:
            yield
            act.ok()
    finally:
        desk.sign()


def _open(desk: Desk, row: SourceRow, keys: Sequence[PrivateKey], out: Path) -> None:
    private = unwrap_any(desk.study.folder / "vault", desk.register.subjects[row.subject], keys)
    try:
        if row.pack:
            open_member(desk.sealed(row), row.source_id, [private], out)
        else:
            open_to(desk.sealed(row), [private], out)
    except (NoMatch, IntegrityError) as error:
        raise (not_as_sealed(desk, row) or error) from None
