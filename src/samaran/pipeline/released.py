"""Releases for the board's report, each read again from its final bytes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from samaran import export, release
from samaran.audit.vocabulary import Act
from samaran.model import Reason, Span
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import register_forms
from samaran.pipeline.trail import Trail
from samaran.release import Residual
from samaran.report.facts import ReleaseFacts
from samaran.state import ReleaseRow, SourceRow


def releases(desk: Desk, rows: Iterable[SourceRow], found: Trail, destroyed: bool) -> tuple[ReleaseFacts, ...]:
    scan = release.residual(register_forms(desk))
    days = {e.obj: e.t[:10] for e in found.done(Act.RELEASE_MAKE)}
    gone = {name for withdrawal in desk.withdrawals for name in withdrawal.releases}
    folder = desk.study.folder / "releases"
    allowed = {profile: _allowed(desk, rows, profile) for profile in {row.profile for row in desk.state.releases()}}
    return tuple(
        _recalled(row, days.get(row.digest, ""))
        if (destroyed or row.name in gone) and not (folder / row.name).exists()
        else _release(desk, row, scan, allowed[row.profile], days.get(row.digest, ""))
        for row in desk.state.releases()
    )


def _allowed(desk: Desk, rows: Iterable[SourceRow], profile: str) -> tuple[Mapping[str, Sequence[Span]], frozenset[str]]:
    """Spans and labels that a reviewer rejected as mentions, by segment id."""
    segments = [s for row in rows for s in desk.state.segments(row.source_id, profile)]
    return {s.segment_id: s.allowed for s in segments if s.allowed}, frozenset(s.segment_id for s in segments if s.label_allowed)


def _recalled(row: ReleaseRow, day: str) -> ReleaseFacts:
    withheld = {Reason(reason): n for reason, n in row.withheld.items()}
    return ReleaseFacts(
        row.name, row.profile, row.digest, row.sources, row.segments, withheld, row.held_segments, day=day, recalled=True
    )


def _release(
    desk: Desk, row: ReleaseRow, scan: Residual, allowed: tuple[Mapping[str, Sequence[Span]], frozenset[str]], day: str
) -> ReleaseFacts:
    """A release as it lies there now, read from its final bytes."""
    seen = export.examine(
        desk.study.folder / "releases" / row.name,
        scan,
        consent=desk.study.profiles[row.profile].consent,
        allowed=allowed[0],
        allowed_labels=allowed[1],
    )
    known = replace(_recalled(row, day), recalled=False, intact=seen.intact, strangers=seen.strangers)
    if not seen.intact:
        return known
    return replace(
        known,
        hits=seen.hits,
        unconsented=seen.unconsented,
        places=seen.places,
        fields=seen.fields,
        blanks=seen.blanks,
        online=seen.online,
        online_unconsented=seen.online_unconsented,
    )
