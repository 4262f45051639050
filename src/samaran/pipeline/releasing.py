"""Sanitized segments through the gate and out, in a profile; or withheld, each source with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from samaran import release
from samaran.audit.act import Running
from samaran.errors import UsageError, Waiting
from samaran.model import Candidate, EntityType, Form, Reason, Release
from samaran.pipeline import alarm
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.recalling import remove
from samaran.pipeline.sanitizing import behind, look_for, reviewable, sanitized
from samaran.pipeline.versions import standing
from samaran.state import ReleaseRow, SourceRow
from samaran.study import Profile

WAITING = frozenset({Reason.UNDECIDED, Reason.SECOND_PASS_DUE, Reason.RESIDUAL, Reason.CORRECTION_DUE, Reason.CORRECTION_UNCLEAR})
"""Reasons that a person can settle: as long as one stands, a release is not complete."""


@dataclass(frozen=True, slots=True)
class Released:
    """The outcome of the gate, and the folder that was written, None when nothing could leave."""

    release: Release
    folder: Path | None

    @property
    def waiting(self) -> bool:
        """Whether something was held back that a person can settle."""
        return self.folder is None or any(held.reason in WAITING for held in self.release.withheld)


def hand_over(desk: Desk, profile: Profile, *, actor: str = COLLECTOR) -> Released:
    """Run the gate over every source and export what it clears. The name of the folder says profile and content: the same
    segments give the same folder, which is then left as it is. Raises `IntegrityError` while a failed verification waits to be
    acknowledged."""
    alarm.check(desk.study.folder)
    forms = tuple(register_forms(desk))
    folder = None
    with desk.log.act("release.make", actor=actor, **desk.versions) as act:
        gated = release.gate(candidates(desk, profile), profile, forms)
        if gated.cleared:
            folder = _export(desk, gated, forms, act)
        else:
            act.end("waiting")
    for held in gated.withheld:
        row = desk.state.source(held.source_id)
        desk.log.record("release.withhold", held.reason, actor=actor, sid=desk.register.subjects[row.subject] if row else None)
    desk.sign()
    return Released(gated, folder)


def _export(desk: Desk, gated: Release, forms: Iterable[tuple[Form, EntityType]], act: Running) -> Path:
    from samaran import export

    written = export.write(
        gated,
        desk.study.folder / "releases",
        language=desk.study.language,
        study=desk.study.name,
        config=desk.study.digest,
        scan=release.residual(forms),
    )
    if not desk.frozen.isdisjoint(code for source in gated.cleared for code in source.informants):
        remove(desk, {written.folder.name} - {row.name for row in desk.state.releases()})
        raise Waiting("An informant withdrew while the release was written: it was not made.", "Give the command again.")
    segments = sum(len(source.segments) for source in gated.cleared)
    withheld = {str(reason): n for reason, n in gated.reasons.items()}
    desk.state.put_release(
        ReleaseRow(
            written.folder.name, gated.profile, written.digest, len(gated.cleared), segments, withheld, gated.held_segments
        )
    )
    act.ok(obj=written.digest, size=written.size, n=segments)
    return written.folder


def register_forms(desk: Desk) -> Iterable[tuple[Form, EntityType]]:
    """Every form that may not leave: those of the roster and those that reviewers settled."""
    accepted = desk.state.accepted()
    for entity in desk.register.register.entities:
        if entity.settled or entity.id in accepted:
            for form in entity.forms:
                yield form, entity.type


def candidates(desk: Desk, profile: Profile) -> list[Candidate]:
    """Every source that has text, as the gate wants to see it."""
    wanted = look_for(desk, desk.register.register.entities, ())
    late = {row.source_id for row in behind(desk, reviewable(desk), wanted)}
    elsewhere = standing(desk)
    ready = {row.source_id for row in sanitized(desk)}
    return [
        _candidate(desk, row, profile, row.source_id in late, elsewhere.get(row.source_id))
        for row in desk.state.sources()
        if row.source_id in ready or row.source_id in elsewhere
    ]


def _candidate(desk: Desk, row: SourceRow, profile: Profile, due: bool, version: Reason | None) -> Candidate:
    segments = desk.state.segments(row.source_id, profile.name)
    return Candidate(
        source_id=row.source_id,
        informants=row.informants,
        method=row.method,
        wave=row.wave,
        segments=tuple((s.segment_id, s.segment, s.lang) for s in segments),
        open_mentions=sum(not m.settled for m in desk.state.mentions(row.source_id)),
        second_pass_due=due,
        allowed={s.segment_id: s.allowed for s in segments if s.allowed},
        allowed_labels=frozenset(s.segment_id for s in segments if s.label_allowed),
        consents=tuple(desk.consents.get(code) for code in row.informants),
        consent_needed=bool(row.informants) or row.method not in desk.study.no_consent_needed,
        withdrawn=bool(desk.frozen.intersection(row.informants)),
        version=version,
    )


def profile_of(desk: Desk, name: str) -> Profile:
    """The profile of that name. Raises `UsageError` for an unknown one."""
    try:
        return desk.study.profiles[name]
    except KeyError:
        raise UsageError("There is no such profile.", f"Profiles: {', '.join(desk.study.profiles)}.") from None
