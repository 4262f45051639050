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
from samaran.state import Former, ReleaseRow, SegmentRow, SourceRow

_Allowed = tuple[Mapping[tuple[str, str], Sequence[Span]], frozenset[tuple[str, str]]]


def releases(desk: Desk, rows: Iterable[SourceRow], found: Trail, destroyed: bool) -> tuple[ReleaseFacts, ...]:
    scan = release.residual(register_forms(desk))
    days = {e.obj: e.t[:10] for e in found.done(Act.RELEASE_MAKE)}
    gone = {name for withdrawal in desk.withdrawals for name in withdrawal.releases}
    folder = desk.study.folder / "releases"
    former = desk.state.former()
    allowed = {profile: _allowed(desk, rows, former, profile) for profile in {row.profile for row in desk.state.releases()}}
    return tuple(
        _recalled(row, days.get(row.digest, ""))
        if (destroyed or row.name in gone) and not (folder / row.name).exists()
        else _release(desk, row, scan, allowed[row.profile], days.get(row.digest, ""))
        for row in desk.state.releases()
    )


def _allowed(desk: Desk, rows: Iterable[SourceRow], former: Iterable[Former], profile: str) -> _Allowed:
    """Spans and labels that a reviewer rejected as mentions, by source and segment: versions of a source share ids, not texts."""
    segments = [s for row in rows for s in desk.state.segments(row.source_id, profile)]
    both: list[SegmentRow | Former] = [*segments, *(f for f in former if f.profile == profile)]
    spans = {(s.source_id, s.segment_id): s.allowed for s in both if s.allowed}
    return spans, frozenset((s.source_id, s.segment_id) for s in both if s.label_allowed)


def _recalled(row: ReleaseRow, day: str) -> ReleaseFacts:
    withheld = {Reason(reason): n for reason, n in row.withheld.items()}
    return ReleaseFacts(
        row.name, row.profile, row.digest, row.sources, row.segments, withheld, row.held_segments, day=day, recalled=True
    )


def _release(desk: Desk, row: ReleaseRow, scan: Residual, allowed: _Allowed, day: str) -> ReleaseFacts:
    """A release as it lies there now, read from its final bytes. It is whole only if it is the one whose digest the log has: who
    changes its files can also write CHECKSUMS anew."""
    seen = export.examine(
        desk.study.folder / "releases" / row.name,
        scan,
        consent=desk.study.profiles[row.profile].consent,
        allowed=allowed[0],
        allowed_labels=allowed[1],
    )
    whole = seen.intact and bool(day) and seen.digest == row.digest
    known = replace(_recalled(row, day), recalled=False, intact=whole, strangers=seen.strangers)
    if not whole:
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
        alike=seen.singling,
    )
