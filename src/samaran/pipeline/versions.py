"""Versions of a file: which source corrects which, and which of them may be worked on and released.

docs/formats/corrections.md says when a file corrects an earlier one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from unicodedata import normalize

from samaran.errors import UsageError
from samaran.model import Reason
from samaran.pipeline.desk import Desk
from samaran.state import SourceRow, Stage, Version

_TEXT = (Stage.SANITIZED, Stage.DONE, Stage.CORRECTED, Stage.SUPERSEDED)
"""Stages of sources in which something was read."""


def place_of(desk: Desk, path: PurePosixPath) -> str:
    """What the state keeps of a path below the inbox: a keyed digest."""
    return desk.name("place", normalize("NFC", path.as_posix()))


class Newest:
    """The newest source of each place, as the state stands now."""

    def __init__(self, desk: Desk) -> None:
        self._rows = {row.source_id: row for row in desk.state.sources()}
        self._versions = desk.state.versions()
        self._later = {version.earlier: version.source_id for version in self._versions.values() if version.earlier}
        self._at: dict[str, list[str]] = defaultdict(list)
        for version in self._versions.values():
            if version.place and self._rows[version.source_id].stage in _TEXT:
                self._at[version.place].append(version.source_id)

    def earlier(self, source_id: str, place: str) -> SourceRow | None:
        """Which source a file corrects that came by this place: the newest that came by it before and was not corrected since."""
        known = self._versions.get(source_id)
        if known is not None and known.earlier:
            return self._rows.get(known.earlier)
        found = next((one for one in reversed(self._at.get(place, ())) if one != source_id), None)
        while found is not None and (later := self._later.get(found)) and later != source_id:
            found = later
        return self._rows[found] if found is not None else None


def pending(desk: Desk) -> tuple[Version, ...]:
    """Corrected versions that are not joined with the earlier one yet, in the order in which they came."""
    return tuple(version for version in desk.state.versions().values() if version.earlier and version.joined is None)


def standing(desk: Desk) -> Mapping[str, Reason]:
    """Why sources that have another version are not the ones to release; those that are, are not in it."""
    found: dict[str, Reason] = {}
    waiting = pending(desk)
    for row in desk.state.sources():
        if row.stage == Stage.SUPERSEDED:
            found[row.source_id] = Reason.SUPERSEDED
        elif row.stage == Stage.CORRECTED:
            found[row.source_id] = row.reason or Reason.CORRECTION_DUE
    for version in waiting:
        found.setdefault(version.source_id, Reason.CORRECTION_DUE)
    return found | {version.earlier: Reason.SUPERSEDED for version in waiting}


def declare(desk: Desk, old: str, new: str) -> None:
    """A person says that `new` corrects `old`. Raises `UsageError` where it can't be."""
    before, row = _both(desk, old, new)
    versions = desk.state.versions()
    said = versions.get(new, Version(new))
    if said.earlier == old and said.joined is not None:
        raise UsageError("They are joined already.", "`samaran status STUDY` shows what was kept.")
    if said.earlier not in ("", old) or any(v.earlier == old and v.source_id != new for v in versions.values()):
        raise UsageError("One of them has another version already.", "Name the newest version and the one that corrects it.")
    if before.informants != row.informants:
        raise UsageError("They belong to different informants.", "A correction belongs to whom the earlier version belongs.")
    ancestor = old
    while ancestor:
        if ancestor == new:
            raise UsageError("The second corrects the first already, by way of others.", "Name the earlier version first.")
        ancestor = versions[ancestor].earlier if ancestor in versions else ""
    desk.state.correct(row if row.stage == Stage.DONE else replace(row, reason=Reason.CORRECTION_DUE), old, sure=True)


def part(desk: Desk, old: str, new: str, actor: str) -> None:
    """A person says that `new` is no correction of `old`: both stay, each for itself. Raises `UsageError` unless they wait to be
    joined."""
    _, row = _both(desk, old, new)
    said = desk.state.versions().get(new)
    if said is None or said.earlier != old or said.joined is not None:
        raise UsageError("These two don't wait to be joined.", "`samaran status STUDY` says what waits.")
    set_apart(desk, row)
    desk.log.record("source.supersede", "unfounded", actor=actor, sid=desk.register.subjects[row.subject])


def set_apart(desk: Desk, row: SourceRow) -> None:
    """Let a corrected version be a source of its own."""
    desk.state.correct(replace(row, stage=Stage.DONE, reason=None, stale=True, passed=""), "")


def _both(desk: Desk, old: str, new: str) -> tuple[SourceRow, SourceRow]:
    before, row = desk.state.source(old), desk.state.source(new)
    if before is None or row is None or old == new:
        raise UsageError("This study has no such two sources.", "`samaran status STUDY` lists the source ids.")
    if desk.frozen.intersection(before.informants + row.informants):
        raise UsageError("An informant of these sources has withdrawn.", "Nothing of theirs is processed any more.")
    if before.stage not in (Stage.DONE, Stage.CORRECTED) or row.stage not in (Stage.DONE, Stage.CORRECTED):
        raise UsageError("One of them has no text, or is not the newest version.", "`samaran status STUDY` shows their stages.")
    return before, row
