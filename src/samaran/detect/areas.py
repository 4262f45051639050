"""Gazetteer of areas: LOCATION by level, with evidence where the name is also a word or a person's."""

import itertools
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from samaran.detect.lookups import cities, districts, doubtful, first_words, villages
from samaran.detect.patterns.family import result
from samaran.detect.words import (
    Word,
    caseless,
    clear_names,
    cues,
    everyday,
    function_words,
    honorifics,
    no_names,
    word_names,
    words,
)
from samaran.model import Detector, EntityType

_AT = cues("at")
_KIND = cues("area kind")
_INSIDE = cues("area kind inside")


class Areas(EntityRecognizer):
    """Looks up every word that could begin an area's name."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[EntityType.LOCATION.value], supported_language="id", name="areas")

    def load(self) -> None:
        """Nothing to load before the first text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """All areas, longest name first at each word."""
        del entities, nlp_artifacts
        found, row, at, loose = [], words(text), 0, caseless(text)
        while at < len(row):
            length, score = self._at(text, row, at, loose)
            if score:
                first = at - 1 if at and row[at - 1].fold in _INSIDE and text[row[at - 1].end : row[at].start] == " " else at
                start, end = row[first].start, row[at + length - 1].end
                found.append(result("LOCATION", start, end, score, "area", Detector.GAZETTEER, self))
            at += max(1, length if score else 1)
        return found

    def _at(self, text: str, row: tuple[Word, ...], at: int, loose: bool) -> tuple[int, float]:
        word = row[at]
        if word.fold[0].isdigit() or len(word.fold) < 2:
            return 0, 0.0
        capital = word.text[0].isupper()
        before = row[at - 1].fold if at and "\n" not in text[row[at - 1].end : word.start] else ""
        cued = before in _AT or before in _KIND
        if word.fold not in first_words(cued):
            return 0, 0.0
        if word.fold in _NO_AREA or word.fold in function_words():
            return 0, 0.0
        if before in ("bahasa", "basa", "boso", "wikwik") or (row[at].fold in no_names() and not cued):
            return 0, 0.0
        if before in honorifics() and before not in _AT and before not in _KIND:
            return 0, 0.0
        for length in (4, 3, 2, 1):
            parts = row[at : at + length]
            if len(parts) < length or not _together(text, parts):
                continue
            name = " ".join(part.fold for part in parts)
            score = _score(name, parts, capital, cued, before, _mid(text, word.start), loose)
            if score:
                return length, score
        return 0, 0.0


_NO_AREA = frozenset(("dana",))  # a village somewhere; `ke DANA` is the wallet


def _together(text: str, parts: tuple[Word, ...]) -> bool:
    return all(text[a.end : b.start] in (" ", "-") for a, b in itertools.pairwise(parts))


def _mid(text: str, start: int) -> bool:
    """Whether the place before is the middle of a sentence."""
    at = start - 1
    while at >= 0 and text[at] in " \t":
        at -= 1
    return at >= 0 and text[at] not in ".!?…:\n\"“”'‘(—–-*•>[|;"


def _score(name: str, parts: tuple[Word, ...], capital: bool, cued: bool, before: str, mid: bool, loose: bool) -> float:
    unclear = doubtful(name)
    short = len(name) < 4
    if name in cities():
        if short:
            return 0.75 if (parts[0].text.isupper() or cued) and not unclear else 0.0
        if not unclear:
            return 0.92 if capital else 0.85
        if cued and (capital or name not in everyday()):
            return 0.88 if capital else 0.7
        return 0.6 if capital and mid and name not in word_names() and name not in clear_names() else 0.0
    if name in districts():
        if not unclear:
            return (0.9 if capital else 0.82) if cued else 0.72 if capital else 0.6 if len(name) > 5 and loose else 0.4
        return 0.82 if cued and capital and not _personal(name, before) else 0.5 if before in _KIND else 0.0
    if cued and len(parts) <= 3 and name in villages():
        if not unclear:
            return 0.82 if capital else 0.62 if loose else 0.45
        return 0.75 if capital and not _personal(name, before) else 0.0
    return 0.0


def _personal(name: str, before: str) -> bool:
    """A name of a person after a preposition that goes with persons (`ka Rani`, `dari Rani`) is no place."""
    return (
        before not in ("di", "dina", "in", "at", "daerah", "kecamatan", "desa", "kelurahan", "kampung", "kota")
        and name in clear_names()
    )
