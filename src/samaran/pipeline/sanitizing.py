"""From a transcript and its mentions to rows of sanitized segments. Used by a run, and at the review desk whenever
decisions or new names have come."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from samaran import codec, review
from samaran.errors import IntegrityError
from samaran.language import language
from samaran.model import (
    DOUBTFUL,
    Detector,
    Entity,
    EntityType,
    Line,
    Mention,
    Part,
    Property,
    RawSegment,
    SanitizedSegment,
    Span,
    SpeakerRole,
    Transcript,
)
from samaran.pipeline.desk import Desk
from samaran.pipeline.pins import free, pinned, stand_ins
from samaran.pipeline.sought import sought
from samaran.pseudonymize import Document, assign, sanitize
from samaran.release import Residual, residual
from samaran.segment import segments
from samaran.state import MentionRow, SegmentRow, SourceRow, Stage
from samaran.vault.keys import PrivateKey
from samaran.vault.padding import with_spaces
from samaran.vault.seal import open_bytes, seal


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A source whose raw text is in memory: its row, its transcript, the mentions of the first pass, and the file's name."""

    row: SourceRow
    transcript: Transcript
    mentions: tuple[Mention, ...]
    name: str
    origin: str = ""  # the first version of the source

    def document(self, mentions: Sequence[Mention]) -> Document:
        """What linking needs to know of the source."""
        return Document(self.origin or self.row.source_id, self.row.informants, self.transcript, tuple(mentions))

    def __repr__(self) -> str:
        return f"Draft({self.row.source_id}, {len(self.mentions)} mentions)"


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


def look_for(desk: Desk, entities: Iterable[Entity], drafts: Sequence[Draft]) -> Sought:
    """What the next second pass looks for. `drafts` are sources whose mentions are not in the state yet."""
    seen = {
        row.mention.entity
        for row in desk.state.mentions()
        if row.mention.score >= DOUBTFUL and row.mention.detector is not Detector.SECOND_PASS
    }
    entities = tuple(entities)
    by_register = replace(desk.register.register, entities=entities)
    for draft in drafts:
        linked = assign(by_register, draft.document(draft.mentions), desk.naming_key)
        seen |= {mention.entity for mention in linked if mention.score >= DOUBTFUL}
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

    text = draft.transcript.text
    mentions = second_pass(draft.transcript, draft.mentions, wanted.entities)
    mentions = pinned(mentions, desk.state.pins(draft.row.source_id))
    mentions += tuple(_stopped(draft, mentions, wanted.gate))
    settled = review.settle(mentions, desk.state.decisions(draft.row.source_id), desk.study.review)
    kept = tuple(m for m in settled.mentions if any(c.isalnum() for c in m.span.of(text)) or not settled.is_open(m))
    return replace(settled, mentions=kept)


def _stopped(draft: Draft, mentions: Sequence[Mention], gate: Residual) -> Iterator[Mention]:
    """What the release gate would see in the raw text outside of all mentions: doubts, so that a reviewer settles them first."""
    taken = sorted(m.span for m in mentions)
    for line in draft.transcript.lines:
        for place in filter(None, (line.label, line.body)):
            text = place.of(draft.transcript.text)
            at = place.start
            for hit, kind in sorted(gate.forms_in(text) + gate.patterns_in(text)):
                span = Span(place.start + hit.start, place.start + hit.end)
                if span.start >= at and not any(span.overlaps(other) for other in taken):
                    yield Mention(span, kind, 0.3, Detector.SECOND_PASS, "gate")
                    at = span.end


def keep(desk: Desk, draft: Draft, settled: review.Settled, wanted: Sought, *, stage: str = Stage.DONE) -> SourceRow:
    """Write the source's mentions and sanitized segments, in every profile. The register must know every mention."""
    from samaran.detect.suspicious import suspects

    register = desk.register.register
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
    desk.state.put_pass(wanted.name, wanted.forms)
    row = replace(
        draft.row,
        stage=stage,
        format=draft.transcript.format,
        lines=len(draft.transcript.lines),
        characters=len(draft.transcript.text),
        words=len(draft.transcript.text.split()),
        passed=wanted.name,
        stale=False,
        suspicious=len(suspects(draft.transcript, [*(m.span for m in mentions), *settled.rejected])),
    )
    rows = (MentionRow(mention_id(desk, source_id, m.span), source_id, m, m.span in settled.settled) for m in mentions)
    desk.state.put_sanitized(row, rows, profiles)
    return row


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
        label = self._over(raw.line.label) if raw.line.label else []
        return list(dict.fromkeys(label + self._over(raw.span)))

    def _over(self, span: Span) -> list[Mention]:
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


# the work file: what the review desk needs of the raw text, sealed to the informant


def seal_work(desk: Desk, draft: Draft, recipient: str) -> None:
    """Seal the transcript and the first pass's mentions with their surfaces."""
    text = draft.transcript.text
    value = {
        "v": 1,
        "name": draft.name,
        "transcript": codec.plain(draft.transcript),
        "mentions": [{**codec.plain(m), "surface": m.span.of(text)} for m in draft.mentions],
    }
    data = codec.compact(value).encode("utf-8", "surrogatepass")
    seal(with_spaces(data), desk.work(draft.row.source_id), [recipient], replace=True)


def open_work(desk: Desk, row: SourceRow, key: PrivateKey) -> Draft:
    """Read a work file back into memory. Raises `KeyUnusable` for a key that does not open it."""
    path: Path = desk.work(row.source_id)
    value = codec.parse(open_bytes(path, [key]).decode("utf-8", "surrogatepass"))
    if not isinstance(value, dict) or value.get("v") != 1:
        raise IntegrityError("A work file is of a version that this samaran does not know.", "Use the samaran that wrote it.")
    raw = value["transcript"]
    transcript = Transcript(
        raw.get("format", ""),
        raw.get("text", ""),
        tuple(_line(item) for item in raw.get("lines", ())),
        tuple(
            Property(p["name"], p.get("value", ""), EntityType(p["type"]) if "type" in p else None)
            for p in raw.get("properties", ())
        ),
        tuple(raw.get("warnings", ())),
    )
    mentions = tuple(
        Mention(_span(m["span"]), EntityType(m["type"]), float(m["score"]), Detector(m["detector"]), m["rule"], m.get("entity"))
        for m in value["mentions"]
    )
    return Draft(row, transcript, mentions, value["name"], desk.state.origin(row.source_id))


def _span(item: dict[str, int]) -> Span:
    return Span(item["start"], item["end"])


def _line(item: dict[str, Any]) -> Line:
    spans = {name: _span(item[name]) if name in item else None for name in ("label", "stamp", "column")}
    return Line(
        item["n"],
        _span(item["body"]),
        item["ref"],
        part=Part(item["part"]),
        role=SpeakerRole(item["role"]),
        label=spans["label"],
        stamp=spans["stamp"],
        column=spans["column"],
        start_ms=item.get("start_ms"),
        end_ms=item.get("end_ms"),
    )
