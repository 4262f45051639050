"""From a transcript and its mentions to rows of sanitized segments. Used by a run, and at the review desk whenever
decisions or new names have come."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from samaran import review
from samaran.language import language
from samaran.model import DOUBTFUL, Decision, Detector, Entity, Mention, RawSegment, SanitizedSegment, Span
from samaran.pipeline.desk import Desk
from samaran.pipeline.pins import free, pinned, stand_ins
from samaran.pipeline.sought import sought
from samaran.pipeline.work import Draft, Parts
from samaran.pseudonymize import assign, sanitize
from samaran.release import Residual, residual
from samaran.segment import segments
from samaran.state import MentionRow, PinRow, SanitizedPart, SegmentRow, SourceRow, Stage


@dataclass(frozen=True, slots=True, repr=False)
class Sought:
    """What a pass over the sources works with: whom it looks for, the gate's own eyes on the same forms, the same forms as keyed
    digests (`name` stands for all of them), what stands for those who withdrew, and who was merged into whom."""

    entities: tuple[Entity, ...]
    gate: Residual
    forms: frozenset[str]
    name: str
    held: Mapping[str, Entity]
    into: Mapping[str, str]


def look_for(desk: Desk, entities: Iterable[Entity], sources: Iterable[Parts] = ()) -> Sought:
    """What the next second pass looks for. `sources` are those whose mentions are not in the state yet."""
    seen = set(desk.state.met(DOUBTFUL))
    entities = tuple(entities)
    by_register = replace(desk.register.register, entities=entities)
    for parts in sources:
        for draft in parts:
            linked = assign(by_register, draft.document(draft.mentions), desk.naming_key)
            seen |= {mention.entity for mention in linked if mention.score >= DOUBTFUL and mention.entity}
    wanted = sought(entities, seen)
    forms = frozenset(desk.name("form", e.type, form.text, int(form.word)) for e in wanted for form in e.forms)
    return Sought(
        entities=wanted,
        gate=residual((form, e.type) for e in wanted for form in e.forms),
        forms=forms,
        name=desk.name("pass", *sorted(forms)),
        held=stand_ins(desk.state.pins()),
        into=review.merges(desk.state.decisions()),
    )


def found(desk: Desk, draft: Draft, wanted: Sought) -> review.Settled:
    """Second pass over one source, what the gate would stop there, then what reviewers decided on it."""
    from samaran.detect import second_pass

    text, source_id = draft.transcript.text, draft.row.source_id
    mentions = second_pass(draft.transcript, draft.mentions, wanted.entities)
    mentions = pinned(mentions, _own_pins(draft, desk.state.pins(source_id)))
    mentions += tuple(_stopped(draft, mentions, wanted.gate))
    settled = review.settle(mentions, _own_decisions(draft, desk.state.decisions(source_id)), desk.study.review)
    kept = tuple(m for m in settled.mentions if any(c.isalnum() for c in m.span.of(text)) or not settled.is_open(m))
    return replace(settled, mentions=kept)


def _own_pins(draft: Draft, pins: Iterable[PinRow]) -> Iterator[PinRow]:
    for pin in pins:
        if (span := draft.own(pin.mention.span)) is not None:
            yield replace(pin, mention=replace(pin.mention, span=span))


def _own_decisions(draft: Draft, decisions: Iterable[Decision]) -> Iterator[Decision]:
    for decision in decisions:
        if (span := draft.own(decision.span)) is not None:
            yield replace(decision, span=span)


def _stopped(draft: Draft, mentions: Sequence[Mention], gate: Residual) -> Iterator[Mention]:
    """What the release gate would see in the raw text outside of all mentions: doubts, so that a reviewer settles them first."""
    near = _Near(mentions)
    for line in draft.transcript.lines:
        for place in filter(None, (line.label, line.body)):
            text = place.of(draft.transcript.text)
            at = place.start
            for hit, kind in sorted(gate.forms_in(text) + gate.patterns_in(text)):
                span = Span(place.start + hit.start, place.start + hit.end)
                if span.start >= at and not near.over(span):
                    yield Mention(span, kind, 0.3, Detector.SECOND_PASS, "gate")
                    at = span.end


def keep(
    desk: Desk,
    row: SourceRow,
    parts: Parts,
    settled: Callable[[Draft], review.Settled],
    wanted: Sought,
    *,
    stage: str = Stage.DONE,
) -> SourceRow:
    """Write a source's mentions and sanitized segments, in every profile. The register must know every mention."""
    kept = replace(row, stage=stage, passed=wanted.name, stale=False, lines=0, characters=0, words=0, suspicious=0)

    def sanitized_parts() -> Iterator[SanitizedPart]:
        nonlocal kept
        for draft in parts:
            part = _sanitized_part(desk, draft, settled(draft), wanted, kept)
            kept = part.row
            yield part

    desk.state.put_pass(wanted.name, wanted.forms)
    desk.state.put_sanitized(row.source_id, sanitized_parts())
    return kept


def _sanitized_part(desk: Desk, draft: Draft, settled: review.Settled, wanted: Sought, before: SourceRow) -> SanitizedPart:
    """What becomes of a draft. `before` counts what came before it in the same source."""
    from samaran.detect.suspicious import suspects

    register, text = desk.register.register, draft.transcript.text
    assigned = assign(register, draft.document(free(settled.mentions, wanted.held)), desk.naming_key)
    assigned += tuple(m for m in settled.mentions if m.entity in wanted.held)
    by_id = {**wanted.held, **{entity.id: entity for entity in register.entities}}
    whom = [(m, review.meant(m, settled, wanted.into)) for m in assigned]
    mentions = sorted((replace(m, entity=e if e in by_id else m.entity) for m, e in whom), key=lambda m: m.span)
    source_id = draft.row.source_id
    near = _Near(mentions)
    blanks = [(raw, near.to(raw), segment_id, language(raw.text)) for segment_id, raw in cut(desk, draft)]
    profiles = {
        name: [
            SegmentRow(segment_id, source_id, lang, *_segment(desk, raw, found, by_id, name, settled.rejected))
            for raw, found, segment_id, lang in blanks
        ]
        for name in desk.study.profiles
    }
    row = replace(
        before,
        format=draft.transcript.format,
        lines=before.lines + len(draft.transcript.lines),
        characters=before.characters + len(text),
        words=before.words + len(text.split()),
        suspicious=before.suspicious + len(suspects(draft.transcript, [*(m.span for m in mentions), *settled.rejected])),
    )
    placed = ((replace(m, span=draft.placed(m.span)), m.span in settled.settled) for m in mentions)
    rows = [MentionRow(mention_id(desk, source_id, m.span), source_id, m, known) for m, known in placed]
    return SanitizedPart(row, rows, profiles)


def cut(desk: Desk, draft: Draft) -> list[tuple[str, RawSegment]]:
    """The segments of a source with their ids: by the rule, or as they followed from an earlier version."""
    source_id, text = draft.row.source_id, draft.transcript.text
    cuts = desk.state.cuts(source_id)
    if not cuts:
        return [(desk.name("segment", source_id, raw.line.n, raw.seg_no), raw) for raw in segments(draft.transcript)]
    lines = {line.n: line for line in draft.transcript.lines}
    found = []
    for one in cuts:
        line = lines[one.line_no]
        label = line.label.of(text) if line.label else ""
        found.append((one.segment_id, RawSegment(line, one.seg_no, one.span, one.span.of(text), label)))
    return found


def sanitized(desk: Desk) -> tuple[SourceRow, ...]:
    """Sources that have been sanitized at least once."""
    return tuple(row for row in desk.state.sources() if row.stage in (Stage.SANITIZED, Stage.DONE))


def reviewable(desk: Desk) -> tuple[SourceRow, ...]:
    """Those of them that may be worked on: no informant of theirs has withdrawn."""
    frozen = desk.frozen
    return tuple(row for row in sanitized(desk) if not frozen.intersection(row.informants))


def mention_id(desk: Desk, source_id: str, span: Span) -> str:
    """The id under which a mention stands in sheets and in the log."""
    return desk.name("mention", source_id, span.start, span.end)


def behind(desk: Desk, rows: Iterable[SourceRow], wanted: Sought) -> tuple[SourceRow, ...]:
    """Sources that were never searched for a name that has come since, or whose text does not show all decisions."""
    return tuple(row for row in rows if row.stale or not wanted.forms <= desk.state.passed(row.passed))


class _Near:
    """Mentions of a document, which never overlap, found by place: a chat of a year has as many as it has lines."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        self._mentions = mentions
        self._starts = [m.span.start for m in mentions]
        self._ends = [m.span.end for m in mentions]

    def to(self, raw: RawSegment) -> list[Mention]:
        """Those that touch the segment or its line's label, which may lie inside it."""
        label = self.over(raw.line.label) if raw.line.label else []
        return list(dict.fromkeys(label + self.over(raw.span)))

    def over(self, span: Span) -> list[Mention]:
        """Those that touch a span."""
        return list(self._mentions[bisect_right(self._ends, span.start) : bisect_left(self._starts, span.end)])


def _segment(
    desk: Desk, raw: RawSegment, near: Sequence[Mention], entities: dict[str, Entity], profile: str, rejected: Sequence[Span]
) -> tuple[SanitizedSegment, tuple[Span, ...], bool]:
    """A segment in a profile, the spans of it that a reviewer rejected, and whether she rejected its label."""
    label = raw.line.label
    clean = sanitize(raw, near, entities, desk.study.treatments, profile)
    replaced = sorted(_clip(m.span, raw.span) for m in near if m.span.overlaps(raw.span))
    allowed = []
    for span in rejected:
        if span.overlaps(raw.span):
            within = _clip(span, raw.span)
            for rest in review.outside(within, replaced):
                grown = sum(len(s.span) - len(r) for r, s in zip(replaced, clean.surrogates, strict=True) if r.end <= rest.start)
                shift = grown - raw.span.start
                allowed.append(Span(rest.start + shift, rest.end + shift))
    return clean, tuple(allowed), label is not None and any(span.contains(label) for span in rejected)


def _clip(span: Span, bounds: Span) -> Span:
    return Span(max(span.start, bounds.start), min(span.end, bounds.end))
