"""An informant takes consent back: requested and frozen at once, then carried out, step by step, each of which may be repeated.

1. the request is written: from then on nothing of theirs is processed or released;
2. everybody else's sources are brought up to date, while the names are still known, as far as these sources can be opened;
3. register and state let go of them (`erasing`), and what others say of them is pinned;
4. the wrapped keys are destroyed in the vault and in every place that study.toml lists: the originals are dead everywhere;
5. sealed originals, work files, rows of the tables, files in the inbox and the study's own copies of releases go;
6. segments that had left are recalled in the signed list;
7. the database is written anew;
8. the log says so, and a certificate is written.

A killed withdrawal goes on when the command is given again.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from samaran import withdrawals
from samaran.audit.log import utc_now
from samaran.disk import sync_folder
from samaran.errors import SamaranError, UsageError, Waiting
from samaran.pipeline.certificate import write_certificate
from samaran.pipeline.desk import CLOCK_BEHIND, CLOCK_HINT, COLLECTOR, Desk
from samaran.pipeline.elsewhere import confirm, look_elsewhere
from samaran.pipeline.erasing import erasure
from samaran.pipeline.joining import due
from samaran.pipeline.opening import two_holders
from samaran.pipeline.recalling import EVERYWHERE, affected, recall_segments, remove, unrecorded
from samaran.pipeline.reviewing import check_reviewer, refresh
from samaran.pipeline.rows import Rows, delete, files_of, rows_of
from samaran.pipeline.sanitizing import reviewable
from samaran.pipeline.work import Draft, open_work
from samaran.state import SourceRow
from samaran.vault import disk
from samaran.vault.erase import erase_key
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import unwrap_any
from samaran.vault.pool import wrapped_sids
from samaran.withdrawals import ERASED, EXECUTED, EXECUTING, REQUESTED, SCOPES, Withdrawal

SHARED = ("erase", "withhold")
"""What may become of sources that belong to other informants too."""

_CODE = re.compile(r"([A-Za-z]{1,8})-?(\d{1,4})")


@dataclass(frozen=True, slots=True, repr=False)
class Remainder:
    """What only a person can still do: rows and files of theirs that were kept, places where copies of keys or of the study lie,
    others' sources that were not searched for their names and are withheld."""

    rows: tuple[Rows, ...]
    files: tuple[PurePosixPath, ...]
    places: tuple[str, ...]
    copies: tuple[str, ...] = ()
    unsearched: tuple[str, ...] = ()


class _NotKnown(UsageError):
    """An unknown scope or code: nobody is frozen."""


def freeze(folder: Path, code: str, scope: str) -> tuple[Withdrawal, Exception | None]:
    """From now on nothing of theirs is processed or released. Asking twice keeps the first clock.

    Waits for nothing: when the study can't be opened, or is out of order, they are frozen all the same, and what is wrong is
    returned. Raises `UsageError` for a folder that is no study, an unknown scope, or a code that this study does not know.
    """
    if scope not in SCOPES:
        raise _NotKnown("There is no such scope.", f"Scopes: {', '.join(SCOPES)}.")
    if not (folder / "study.toml").exists():
        raise _NotKnown("There is no study in this folder.", "Name the study folder.")
    match = _CODE.fullmatch(code.strip())
    if match is None:
        raise _NOT_KNOWN
    asked = Withdrawal(f"{match[1].upper()}-{match[2]}", scope, withdrawals.stamp(utc_now()))
    try:
        with Desk.open(folder, alone=False) as desk:
            return _request(desk, asked), None
    except _NotKnown:
        raise
    except Exception as error:  # whatever it is: freezing has to work in any state
        if not withdrawals.path_of(folder, asked).exists():
            withdrawals.write(folder, asked)
        return asked, error


def _request(desk: Desk, asked: Withdrawal) -> Withdrawal:
    code, scope = asked.informant, asked.scope
    theirs = {w.scope: w for w in desk.withdrawals if w.informant == code}
    if scope in theirs:
        asked = theirs[scope]
    elif "all" in theirs:
        raise _NotKnown("Everything was taken back already.", "`samaran status STUDY` says how far that is carried out.")
    elif _known(desk, code):
        asked = replace(asked, requested=withdrawals.stamp(_asked_at(desk, code)))
        withdrawals.write(desk.study.folder, asked)  # before the log: nothing may come between
    else:
        raise _NOT_KNOWN
    if asked.stage == REQUESTED and asked.entry < 0:
        sid = desk.register.subjects.get(code)
        asked = replace(asked, entry=desk.log.record("informant.withdraw", "waiting", actor=COLLECTOR, sid=sid))
        withdrawals.write(desk.study.folder, asked)
    return asked


_NOT_KNOWN = _NotKnown("This study knows no informant of this code.", "Codes stand in consent.csv, such as INF-01.")


def _asked_at(desk: Desk, code: str) -> datetime:
    """Now. With a clock that is behind, not before what the log and their own consents say: freezing waits for no clock, and an
    earlier day would let an older form count as given anew."""
    days = [consent.date for consent in desk.consent_history.get(code, ())] if desk.clock_behind else []
    return max([desk.now, *(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days)])


def _known(desk: Desk, code: str) -> bool:
    sources = {informant for row in desk.state.sources() for informant in row.informants}
    if code in sources or code in {e.informant for e in desk.register.register.entities}:
        return True  # whatever is wrong with the tables of consent
    return code in desk.consents


def execute(
    desk: Desk, withdrawal: Withdrawal, keys: Sequence[PrivateKey] = (), *, shared: str = "", keep_rows: bool = False
) -> Withdrawal:
    """Carry a withdrawal out, or go on where it was. What is left to do stands in the stage and the places.

    Taking everything back needs the keys of two holders: `KeyUnusable` without. Raises `Waiting` when sources belong to others
    too and nobody said what becomes of them.
    """
    if withdrawal.stage in (ERASED, EXECUTED) and withdrawal.whole and not keep_rows:
        _delete_rows(desk, withdrawal)  # a copy from elsewhere may have brought them back
    if withdrawal.stage == EXECUTED:
        return withdrawal
    if desk.clock_behind:
        raise UsageError(f"They are frozen. {CLOCK_BEHIND}", CLOCK_HINT)
    if not withdrawal.whole:
        return _take_back_use(desk, withdrawal)
    if withdrawal.stage != ERASED:
        withdrawal = _planned(desk, withdrawal, keys, shared)
        with desk.log.act(
            "informant.withdraw",
            actor=withdrawal.first,
            second=withdrawal.second,
            sid=desk.register.subjects.get(withdrawal.informant),
        ) as act:
            withdrawal = _erase(desk, withdrawal, keys, keep_rows)
            act.ok(n=withdrawal.segments)
        withdrawal = replace(withdrawal, entry=act.seq)
        withdrawals.write(desk.study.folder, withdrawal)
    return _end(desk, withdrawal)


def remainder(desk: Desk, withdrawal: Withdrawal) -> Remainder:
    """What is still there of somebody who withdrew altogether."""
    if not withdrawal.whole:
        return Remainder((), (), withdrawal.places)
    shared = withdrawal.shared == "erase"
    rows = rows_of(desk, withdrawal.informant, shared=shared)
    stale = tuple(row.source_id for row in desk.state.sources() if row.stale and row.source_id in withdrawal.unsearched)
    return Remainder(rows, files_of(desk, withdrawal.informant, shared=shared), withdrawal.places, withdrawal.copies, stale)


def _sources(desk: Desk, code: str) -> tuple[tuple[SourceRow, ...], tuple[SourceRow, ...]]:
    """Sources of this informant alone, and those that are others' too."""
    rows = [row for row in desk.state.sources() if code in row.informants]
    return tuple(r for r in rows if len(r.informants) == 1), tuple(r for r in rows if len(r.informants) > 1)


def _planned(desk: Desk, withdrawal: Withdrawal, keys: Sequence[PrivateKey], shared: str) -> Withdrawal:
    """The withdrawal with everything that has to go, written down before anything goes."""
    first, second = two_holders(
        desk, keys, "They are frozen: nothing of theirs is processed or released. Destroying their keys takes two holders."
    )
    if withdrawal.stage == EXECUTING:
        return withdrawal
    alone, others_too = _sources(desk, withdrawal.informant)
    if others_too and shared not in SHARED:
        raise Waiting(
            f"They are frozen. {len(others_too)} sources belong to other informants too.",
            "Say what becomes of these: --shared erase destroys them, --shared withhold keeps them sealed for good.",
        )
    _check_opens(desk, keys)
    gone = alone + (others_too if shared == "erase" else ())
    subjects = {withdrawal.informant, *(row.subject for row in gone)}
    planned = replace(
        withdrawal,
        stage=EXECUTING,
        first=first.id,
        second=second.id,
        shared=shared if others_too else "",
        sids=tuple(sorted(sid for subject, sid in desk.register.subjects.items() if subject in subjects)),
        source_ids=tuple(sorted(row.source_id for row in gone)),
        packs=tuple(sorted({row.pack for row in gone if row.pack})),
        sources=len(gone),
        segments=sum(desk.state.segment_counts().get(row.source_id, 0) for row in gone),
    )
    ids = planned.source_ids
    names = (*affected(desk, ids, lambda _: True), *unrecorded(desk, ids))
    left = bool(names or desk.state.releases())
    recalled = tuple(sorted(_segment_ids(desk, ids))) if left else ()
    planned = replace(planned, releases=names, recalled=recalled, unsearched=_bring_up_to_date(desk, keys))
    withdrawals.write(desk.study.folder, planned)
    return planned


def _segment_ids(desk: Desk, source_ids: Collection[str]) -> set[str]:
    """Segments that these sources have, and had before a correction."""
    profile = next(iter(desk.study.profiles))
    found = {segment.segment_id for source_id in source_ids for segment in desk.state.segments(source_id, profile)}
    return found | {one.segment_id for one in desk.state.former() if one.source_id in source_ids}


def _check_opens(desk: Desk, keys: Sequence[PrivateKey]) -> None:
    """Raises `KeyUnusable` when these keys open nobody's wrapped key: nobody's sources could be brought up to date."""
    vault, failed = desk.study.folder / "vault", None
    for sid in sorted(wrapped_sids(vault)):
        try:
            unwrap_any(vault, sid, keys)
            return
        except SamaranError as error:
            failed = error
    if failed is not None:
        raise failed


def _open(desk: Desk, row: SourceRow, keys: Sequence[PrivateKey]) -> Draft:
    return open_work(desk, row, unwrap_any(desk.study.folder / "vault", desk.register.subjects[row.subject], keys))


def _bring_up_to_date(desk: Desk, keys: Sequence[PrivateKey]) -> tuple[str, ...]:
    """Let everybody else's sources learn the names while these are known. Returns those that couldn't: broken, or damaged on the
    disk. A withdrawal does not wait for them; they stay withheld until they can be opened."""

    def opened(row: SourceRow) -> Draft:
        return _open(desk, row, keys)

    with suppress(Exception):
        refresh(desk, keys[0], opened=opened)
        return ()
    broken = []
    for source_id in [row.source_id for row in reviewable(desk)] + [version.source_id for version in due(desk)]:
        try:  # one of them stood in the way: each for itself
            refresh(desk, keys[0], opened=opened, only=source_id)
        except Exception:  # whatever is wrong with it, and it may be a defect in a recognizer: it has no say here
            broken.append(source_id)
    desk.state.add_decisions((), stale=broken)
    return tuple(sorted(broken))


def _others(desk: Desk, withdrawal: Withdrawal, keys: Sequence[PrivateKey]) -> Iterator[Draft]:
    """Everybody else's sources, those that can be opened."""
    for row in reviewable(desk):
        if row.source_id not in withdrawal.source_ids:
            with suppress(SamaranError):
                yield _open(desk, row, keys)


def _erase(desk: Desk, withdrawal: Withdrawal, keys: Sequence[PrivateKey], keep_rows: bool) -> Withdrawal:
    others = _others(desk, withdrawal, keys)
    gone = erasure(desk, withdrawal.informant, withdrawal.source_ids, withdrawal.sids, others)
    desk.state.erase(gone.state)
    desk.save_register(gone.register)
    vault = desk.study.folder / "vault"
    for sid in withdrawal.sids:
        erase_key(vault / "keys", sid)
    for pack in withdrawal.packs:
        desk.pack(pack).unlink(missing_ok=True)
    for source_id in withdrawal.source_ids:
        for path in (desk.original(source_id), *desk.works(source_id), desk.quarantined(source_id)):
            path.unlink(missing_ok=True)
            path.with_suffix(".json").unlink(missing_ok=True)
    for folder in (
        vault / "originals",
        vault / "work",
        vault / "keys",
        desk.study.folder / "quarantine",
        vault.parent / "register",
    ):
        disk.sweep(folder)
        sync_folder(folder)
    if not keep_rows:
        _delete_rows(desk, withdrawal)
    day = withdrawals.stamp(desk.now)[:10]
    recall_segments(desk, [f"{segment} {EVERYWHERE} {day}" for segment in withdrawal.recalled])
    remove(desk, withdrawal.releases)
    desk.state.shrink()
    return replace(
        withdrawal,
        stage=ERASED,
        source_ids=(),
        packs=(),
        recalled=(),
        places=tuple(desk.study.vault.places) if withdrawal.sids else (),
        copies=tuple(desk.study.vault.copies),
        keys=len(withdrawal.sids),
        pinned=len(gone.state.pins),
    )


def _delete_rows(desk: Desk, withdrawal: Withdrawal) -> None:
    delete(desk, withdrawal.informant, shared=withdrawal.shared == "erase")


def _end(desk: Desk, withdrawal: Withdrawal) -> Withdrawal:
    """Look at the other places; when none is left, it is carried out. The certificate says which are done and which are left."""
    ended = look_elsewhere(desk, withdrawal)
    if not ended.places and not ended.copies:
        ended = replace(ended, stage=EXECUTED, executed=withdrawals.stamp(desk.now), sids=())
    desk.sign()
    write_certificate(desk, ended)
    withdrawals.write(desk.study.folder, ended)
    return ended


def confirmed(desk: Desk, withdrawal: Withdrawal, places: Collection[str], keys: Sequence[PrivateKey] = ()) -> Withdrawal:
    """A person says that nothing of theirs is left in these places. Raises as `elsewhere.confirm`, and `KeyUnusable` for a
    stranger's key."""
    for key in keys:
        check_reviewer(desk, key)
    return _end(desk, confirm(desk, look_elsewhere(desk, withdrawal), places, keys[0].id if keys else COLLECTOR))


def _take_back_use(desk: Desk, withdrawal: Withdrawal) -> Withdrawal:
    """Quotes or archive: the consent shrinks; releases of profiles that need it are recalled."""
    alone, others_too = _sources(desk, withdrawal.informant)
    ids = [row.source_id for row in alone + others_too]
    flags = SCOPES[withdrawal.scope]
    digests = {row.name: row.digest for row in desk.state.releases()}
    names = affected(desk, ids, lambda row: bool(flags.intersection(desk.study.profiles[row.profile].consent)))
    segment_ids = _segment_ids(desk, ids)
    day = withdrawals.stamp(desk.now)[:10]
    sid = desk.register.subjects.get(withdrawal.informant)
    with desk.log.act("informant.withdraw", actor=COLLECTOR, sid=sid) as act:
        recall_segments(desk, [f"{segment} {digests[name]} {day}" for name in names for segment in sorted(segment_ids)])
        remove(desk, (*names, *unrecorded(desk, ids)))
        act.ok(n=len(segment_ids) if names else 0)
    ended = replace(withdrawal, sources=len(ids), segments=len(segment_ids) if names else 0, releases=names, entry=act.seq)
    return _end(desk, ended)
