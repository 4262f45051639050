"""At the review desk a corrected version takes over from the earlier one: ids, decisions, masks and pins of what is unchanged.

docs/formats/corrections.md has the rules, docs/adr/0012-corrections-are-joined-at-the-review-desk.md the reasons. Each step may
be repeated: a killed join is done again when sources are next brought up to date.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from samaran import review
from samaran.align import Alignment, align
from samaran.audit.vocabulary import Act
from samaran.errors import SamaranError
from samaran.model import Decision, Detector, Mention, RawSegment, Reason, Span
from samaran.pipeline.desk import Desk
from samaran.pipeline.recalling import affected, held, recall_segments
from samaran.pipeline.sanitizing import cut
from samaran.pipeline.versions import pending, set_apart
from samaran.pipeline.work import Draft, seal_work
from samaran.segment import segments
from samaran.state import Cut, Joined, Junction, PinRow, SourceRow, Stage, Version

ENOUGH = 0.5
"""So much of the text of one of the two versions has to be found again in the other, unless a person says that they are one."""

_OPEN = 0.45
"""The score of what the earlier version masked in a segment that was edited since: masked, and for a reviewer to settle."""


def due(desk: Desk) -> tuple[Version, ...]:
    """Corrected versions that a reviewer's key would join."""
    return tuple(version for version in pending(desk) if _ready(desk, version))


def join(desk: Desk, opened: Callable[[SourceRow], Draft], actor: str, *, only: str = "") -> bool:
    """Join what is due, or `only` one version; whether anything was. Earlier versions must be up to date. Versions that have too
    little in common are marked, and stay apart until a person says what they are."""
    before = pending(desk)
    for version in before:
        if only in ("", version.source_id) and _ready(desk, version):
            _one(desk, version, opened, actor)
    return pending(desk) != before


def _ready(desk: Desk, version: Version) -> bool:
    row, before = desk.state.source(version.source_id), desk.state.source(version.earlier)
    if row is None or desk.frozen.intersection(row.informants):
        return False
    if before is None:
        return True
    clear = version.sure or row.reason is not Reason.CORRECTION_UNCLEAR
    there = desk.work(row.source_id).exists() and desk.work(before.source_id).exists()
    return clear and there and before.stage == Stage.DONE and not before.stale


def _one(desk: Desk, version: Version, opened: Callable[[SourceRow], Draft], actor: str) -> None:
    row, before = desk.state.source(version.source_id), desk.state.source(version.earlier)
    if row is None:
        return
    if before is None:
        set_apart(desk, row)
        return
    old, new = opened(before), opened(row)
    was = cut(desk, old)
    aligned = align(old.transcript, [raw for _, raw in was], new.transcript, segments(new.transcript))
    if not version.sure and aligned.share < ENOUGH:
        desk.state.put_source(replace(row, reason=Reason.CORRECTION_UNCLEAR))
        return
    bound = desk.subject_recipient(row.subject)
    if bound is None:
        raise SamaranError("The key pool has lost a subject.", "Restore vault/pool.txt from a copy.")
    with desk.log.act(Act.SOURCE_SUPERSEDE, actor=actor, sid=bound[0]) as act:
        kept = {piece.old for piece in aligned.pieces if piece.same}
        _recall(desk, version, [segment_id for n, (segment_id, _) in enumerate(was) if n not in kept])
        seal_work(desk, replace(new, mentions=_masked(desk, old, new, aligned, [raw.span for _, raw in was])), bound[1])
        desk.state.join(_junction(desk, row, before, new, was, aligned))
        act.ok(n=len(kept))


def _recall(desk: Desk, version: Version, changed: Sequence[str]) -> None:
    """Put what was changed or taken out on the signed list, for each release that has it."""
    versions, line, earlier = desk.state.versions(), list[str](), version.earlier
    while earlier:
        line.append(earlier)
        earlier = versions[earlier].earlier if earlier in versions else ""
    digests = {row.name: row.digest for row in desk.state.releases()}
    names = affected(desk, line, lambda _: True)
    recall_segments(desk, [f"{one} {digests[name]} {desk.today}" for name in names for one in held(desk, name, changed)])


def _junction(
    desk: Desk, row: SourceRow, before: SourceRow, new: Draft, was: Sequence[tuple[str, RawSegment]], aligned: Alignment
) -> Junction:
    decisions = review.outcome(desk.state.decisions(before.source_id))
    own = [decision.span for decision in desk.state.decisions(row.source_id)]
    carried = tuple(_carried(row.source_id, decisions, own, aligned, [raw.span for _, raw in was]))
    kept = [piece for piece in aligned.pieces if piece.old is not None]
    same = sum(piece.same for piece in kept)
    joined = Joined(
        unchanged=same,
        edited=len(kept) - same,
        new=len(aligned.pieces) - len(kept),
        gone=len(was) - len(kept),
        carried=len(carried),
        again=len(decisions) - len(carried),
    )
    return Junction(
        row=replace(row, stage=Stage.DONE, reason=None, stale=True, passed=""),
        before=replace(before, stage=Stage.SUPERSEDED, reason=Reason.SUPERSEDED, characters=0, words=0, suspicious=0),
        cuts=tuple(_cuts(desk, new, was, aligned)),
        decisions=carried,
        pins=tuple(_pins(desk, before.source_id, row.source_id, aligned)),
        joined=joined,
    )


def _cuts(desk: Desk, new: Draft, was: Sequence[tuple[str, RawSegment]], aligned: Alignment) -> Iterator[Cut]:
    """The segments with their ids. A new one is called as it would be in a source of its own where it is cut alike."""
    source_id = new.row.source_id
    alone = {(raw.line.n, raw.span): raw.seg_no for raw in segments(new.transcript)}
    line_no = seg_no = 0
    for piece in aligned.pieces:
        seg_no = seg_no + 1 if piece.line.n == line_no else 1
        line_no = piece.line.n
        if piece.old is not None:
            segment_id = was[piece.old][0]
        elif usual := alone.get((line_no, piece.span)):
            segment_id = desk.name("segment", source_id, line_no, usual)
        else:
            segment_id = desk.name("segment", source_id, line_no, "at", piece.span.start, piece.span.end)
        yield Cut(line_no, seg_no, piece.span, segment_id)


def _carried(
    source_id: str, decisions: Sequence[Decision], own: Sequence[Span], aligned: Alignment, was: Sequence[Span]
) -> Iterator[Decision]:
    """Decisions on unchanged words of unchanged segments; what was decided on the new version itself goes before."""
    for decision in decisions:
        span = aligned.moves.of(decision.span)
        if span is not None and _firm(decision.span, aligned, was) and not any(span.overlaps(other) for other in own):
            yield replace(decision, source_id=source_id, span=span, carried=True)


def _firm(span: Span, aligned: Alignment, was: Sequence[Span]) -> bool:
    """Whether the text of every segment that the span touches is unchanged. Labels, dates and headings are no segments."""
    first = bisect_right(was, span.start, key=lambda one: one.end)
    last = bisect_left(was, span.end, key=lambda one: one.start)
    return aligned.firm.issuperset(range(first, last))


def _masked(desk: Desk, old: Draft, new: Draft, aligned: Alignment, was: Sequence[Span]) -> tuple[Mention, ...]:
    """The mentions that were found in the new version, and those of the earlier one whose words stand there unmarked."""
    pinned = {pin.mention.span for pin in desk.state.pins(old.row.source_id)}
    starts, ends = [m.span.start for m in new.mentions], [m.span.end for m in new.mentions]
    found = list(new.mentions)
    for row in desk.state.mentions(old.row.source_id):
        span = aligned.moves.of(row.mention.span)
        if span is None or row.mention.span in pinned or bisect_right(ends, span.start) < bisect_left(starts, span.end):
            continue
        moved = replace(row.mention, span=span, entity=None)
        if not _firm(row.mention.span, aligned, was):
            moved = replace(moved, score=min(moved.score, _OPEN), detector=Detector.REVIEWER, rule="earlier-version")
        found.append(moved)
    return tuple(sorted(found, key=lambda m: m.span))


def _pins(desk: Desk, old: str, new: str, aligned: Alignment) -> Iterator[PinRow]:
    own = desk.state.pins(new)
    yield from own
    for pin in desk.state.pins(old):
        span = aligned.moves.of(pin.mention.span)
        if span is not None and not any(span.overlaps(other.mention.span) for other in own):
            yield PinRow(new, replace(pin.mention, span=span), pin.pseudonym)
