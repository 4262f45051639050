"""The second pass: every occurrence of every known form lies inside a mention.

The release gate relies on the promise, so it is kept by a plain walk over the words, apart from the cleverness of the register:
1. every whole-word occurrence of a form in the same capitals,
2. every whole-word occurrence in any capitals of a form that is no everyday word.
`(?<!\\w)form(?!\\w)` says what a whole word is.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from samaran.detect.cover import cover
from samaran.detect.forms import Entry, Forms
from samaran.detect.register import evidence
from samaran.detect.resolve import Places
from samaran.detect.words import Word, fold, words
from samaran.model import Detector, Entity, EntityType, Mention, Span, Transcript

_SURE, _DOUBT = 0.8, 0.4


def sweep(transcript: Transcript, mentions: Sequence[Mention], entities: Sequence[Entity]) -> tuple[Mention, ...]:
    """The mentions, and every occurrence of the entities' forms that no mention covers yet. Sorted, never overlapping.

    A mention that covers only a part of an occurrence grows to the whole.
    """
    forms, places = _forms(entities), Places(transcript)
    kept = list(mentions)
    added = []
    covered = cover(mention.span for mention in kept)
    for start, end, entry, sure in occurrences(transcript.text, forms):
        whole = Span(start, end)
        if covered(whole) or (span := places.clip(whole)) != whole:
            continue
        added.append(Mention(span, entry.type, _SURE if sure else _DOUBT, Detector.SECOND_PASS, "second-pass", entry.entity))
    return _merge([*kept, *added])


_RECENT: deque[tuple[Sequence[Entity], Forms]] = deque(maxlen=1)


def _forms(entities: Sequence[Entity]) -> Forms:
    """The index of the entities' forms, made once for all documents in which the same ones are looked for."""
    if not (isinstance(entities, tuple) and _RECENT and _RECENT[0][0] is entities):
        _RECENT.append((entities, Forms.of(entities)))
    return _RECENT[0][1]


def occurrences(text: str, forms: Forms) -> Iterator[tuple[int, int, Entry, bool]]:
    """Start, end, form, and whether it is sure: it is no everyday word, or there is evidence for the name."""
    row = words(text)
    for at, word in enumerate(row):
        for entry in forms.by_first.get(word.fold, ()):
            span = _literal(text, word, entry)
            if span is None:
                continue
            same = text[span[0] : span[1]] == entry.text
            if same or not entry.word:
                yield *span, entry, not entry.word or _evident(text, row, at, span[1], entry)
    for entry in forms.wordless:
        at = text.find(entry.text)
        while entry.text and at >= 0:
            yield at, at + len(entry.text), entry, True
            at = text.find(entry.text, at + 1)


def _literal(text: str, word: Word, entry: Entry) -> tuple[int, int] | None:
    folded = fold(entry.text)
    start = word.start - folded.find(entry.parts[0])
    end = start + len(entry.text)
    if start < 0 or end > len(text) or fold(text[start:end]) != folded:
        return None
    if _letter(text, start - 1) or _letter(text, end):
        return None
    return start, end


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _evident(text: str, row: Sequence[Word], at: int, end: int, entry: Entry) -> bool:
    return entry.type is EntityType.PERSON and evidence(text, row, at, end)


def _merge(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Mentions that overlap become one over all of them; the earlier layer, then the longer one, says what it is."""
    out: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end, -m.score, m.rule)):
        if out and out[-1].span.overlaps(mention.span):
            prior = out[-1]
            if prior.span.contains(mention.span):
                continue
            first, other = sorted((prior, mention), key=lambda m: (m.detector is Detector.SECOND_PASS, -len(m.span)))
            entity = first.entity if first.entity is not None or other.type is not first.type else other.entity
            span = Span(prior.span.start, max(prior.span.end, mention.span.end))
            out[-1] = replace(first, span=span, score=max(prior.score, mention.score), entity=entity)
            continue
        out.append(mention)
    return tuple(out)
