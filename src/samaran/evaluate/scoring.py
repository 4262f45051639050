"""One document judged: which marks are covered, which mention lies on each, and how much else was masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from samaran.evaluate.gold import Gold, Mark
from samaran.model import DOUBTFUL, Mention, Span

Found = Sequence[tuple[Mention, str]]
"""A document's mentions with their pseudonyms."""

_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hit: int = 0
    of: int = 0

    @property
    def ratio(self) -> float:
        """The share, 1 where there is nothing to hit."""
        return self.hit / self.of if self.of else 1.0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.hit + other.hit, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Scored:
    """A document with its marks judged: covered or not, and which mention lies on each. `blanks` are mentions on no mark."""

    gold: Gold
    words: int
    covered: tuple[bool, ...]
    match: tuple[tuple[Mention, str] | None, ...]
    precision: Share
    blanks: tuple[Mention, ...]


def score(gold: Gold, found: Found) -> Scored:
    """Judge a document. Mentions below `DOUBTFUL` don't count. Raises `ValueError` when one reaches beyond the text."""
    mentions = sorted(((m, p) for m, p in found if m.score >= DOUBTFUL), key=lambda pair: pair[0].span)
    if any(m.span.end > len(gold.text) for m, _ in mentions):
        raise ValueError("a mention reaches beyond its text")
    masked = bytearray(len(gold.text))
    for mention, _ in mentions:
        masked[mention.span.start : mention.span.end] = b"\1" * len(mention.span)
    inside = bytearray(len(gold.text))
    for mark in gold.marks:
        inside[mark.span.start : mark.span.end] = b"\1" * len(mark.span)
    covered = tuple(_covered(gold.text, mark.span, masked) for mark in gold.marks)
    hidden = [t for t in _TOKEN.finditer(gold.text) if any(masked[t.start() : t.end()])]
    right = sum(any(inside[t.start() : t.end()]) for t in hidden)
    blanks = tuple(m for m, _ in mentions if not any(inside[m.span.start : m.span.end]))
    return Scored(gold, len(gold.text.split()), covered, _matches(gold.marks, mentions), Share(right, len(hidden)), blanks)


def _covered(text: str, span: Span, masked: bytearray) -> bool:
    """Whether every letter and digit of the mark lies in some mention; of a mark without any, every character."""
    at = [i for i in range(span.start, span.end) if text[i].isalnum()] or range(span.start, span.end)
    return all(masked[i] for i in at)


def _matches(marks: Sequence[Mark], mentions: list[tuple[Mention, str]]) -> tuple[tuple[Mention, str] | None, ...]:
    """For each mark the mention that shares most characters with it."""
    found: list[tuple[Mention, str] | None] = []
    first = 0
    for mark in marks:
        while first < len(mentions) and mentions[first][0].span.end <= mark.span.start:
            first += 1
        best, most, at = None, 0, first
        while at < len(mentions) and mentions[at][0].span.start < mark.span.end:
            span = mentions[at][0].span
            shared = min(span.end, mark.span.end) - max(span.start, mark.span.start)
            if shared > most:
                best, most = mentions[at], shared
            at += 1
        found.append(best)
    return tuple(found)
