"""What is written where a mention stood."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from samaran.model import Entity, EntityType, Mention, RawSegment, SanitizedSegment, Span, Surrogate
from samaran.pseudonymize import calendar_words
from samaran.pseudonymize.regions import region
from samaran.study import Treatment


def sanitize(
    segment: RawSegment,
    mentions: Sequence[Mention],
    register: Mapping[str, Entity],
    treatments: Mapping[EntityType, Treatment],
    profile: str,
) -> SanitizedSegment:
    """The segment with a bracketed surrogate for each mention; all other text is byte for byte the raw text.

    `register` maps entity ids to entities, `mentions` are in document offsets; what lies outside the segment is left out, what
    reaches over its edge is cut there. Mentions in the speaker label are replaced; a label that is a role stays. Raises
    `ValueError` when mentions overlap, or when one has no entity or an unknown one."""
    ordered = sorted(mentions, key=lambda m: m.span)
    for left, right in pairwise(ordered):
        if left.span.overlaps(right.span):
            raise ValueError("two mentions overlap")
    text, surrogates = _write(segment.text, segment.span, ordered, register, treatments, profile)
    speaker = ""
    if segment.line.label is not None and segment.label:
        speaker, _ = _write(segment.label, segment.line.label, ordered, register, treatments, profile)
    line = segment.line
    return SanitizedSegment(line.n, segment.seg_no, speaker, line.role, text, surrogates, line.start_ms, line.end_ms)


def _write(
    text: str,
    place: Span,
    mentions: Iterable[Mention],
    register: Mapping[str, Entity],
    treatments: Mapping[EntityType, Treatment],
    profile: str,
) -> tuple[str, tuple[Surrogate, ...]]:
    found, surrogates, at, length = [], [], 0, 0
    for mention in mentions:
        if not mention.span.overlaps(place):
            continue
        entity = register.get(mention.entity or "")
        if entity is None:
            raise ValueError("a mention has no entity in the register")
        start, end = max(mention.span.start, place.start) - place.start, min(mention.span.end, place.end) - place.start
        words, level = _stand_in(text[start:end], mention.type, entity, treatments[mention.type], profile)
        found += [text[at:start], f"[{words}]"]
        length += start - at + len(words) + 2
        surrogates.append(Surrogate(Span(length - len(words) - 2, length), mention.type, words, level))
        at = end
    found.append(text[at:])
    return "".join(found), tuple(surrogates)


def _stand_in(surface: str, kind: EntityType, entity: Entity, treatment: Treatment, profile: str) -> tuple[str, str]:
    """What stands in the brackets, and its level. Below the level `entity` the pseudonym isn't in it: it would tie mentions
    together that the profile keeps apart."""
    level = treatment.levels[profile]
    if level == "entity":
        return entity.pseudonym, level
    band = treatment.label if level == "category" else _band(surface, kind, entity, treatment.label)
    return band, level if band != treatment.label else "category"


def _band(surface: str, kind: EntityType, entity: Entity, label: str) -> str:
    """Ages in bands of five years, places as a region, dates as their number alone: the same day is recognised, nothing of the
    calendar stays. A value that can't be read keeps only its label; other types have no band and keep their label too."""
    match kind:
        case EntityType.AGE:
            years = calendar_words.age(surface)
            return label if years is None else f"{label} {age_band(*years)}"
        case EntityType.DATE:
            return entity.pseudonym
        case EntityType.LOCATION:
            known = next((r for form in entity.forms if (r := region(form.text))), None)
            return f"{label} {known}" if known else label
        case _:
            return label


def age_band(youngest: int, oldest: int) -> str:
    """A band of five years, wider where the words are wider; from 65 on one band."""
    low, high = youngest - youngest % 5, oldest - oldest % 5 + 4
    return "65+" if low >= 65 else f"{low}-{high}"
