"""What nobody marked but a reviewer should see: names in lists, capitals in mid-sentence, codes with digits, unknown words.

Pure. A suspect is no mention: it is not masked and holds nothing back. A reviewer turns it into one, or says that it is nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from math import log2

from samaran.detect.lookups import cities
from samaran.detect.wordforms import known_word
from samaran.detect.words import clear_names, clitics, fold, function_words, honorifics, names, no_names, word_names
from samaran.model import Span, Transcript


class Cause(StrEnum):
    """Why a stretch is suspicious."""

    NAME = "name"  # it stands in a list of names or places
    DIGITS = "digits"  # letters with digits, or four digits and more
    CAPITAL = "capital"  # a capital in mid-sentence
    UNKNOWN = "unknown"  # no word of the word lists, whichever way it is inflected


_WEIGHT = {Cause.NAME: 0.5, Cause.DIGITS: 0.6, Cause.CAPITAL: 0.35, Cause.UNKNOWN: 0.25}
_PIECE = r"(?:[^\W_][\u0300-\u036f]*)+"
_TOKEN = re.compile(rf"{_PIECE}(?:[@_.'’/-]+{_PIECE})*")
_INNER = re.compile(r"[\w,)] +$")
_AMOUNT = re.compile(
    r"\d{1,3}|\d{1,3}(?:[.,]\d{3})+|\d{1,3}(?:[.,]\d+)?(?:rb|rbu|ribu|rebu|k|jt|juta|jeti|an|x|kali|kg|gr|cm|mm|m|km|am|pm|st|nd|rd|th|s|jam|menit|persen)"
    r"|\d{1,2}[.:/-]\d{1,2}|\d+/\d+|(?:rp|idr)\.?\d[\d.,]*|\d{1,3}-\d{1,3}(?:an|rb|ribu|k)?|[4-9][gk]|\d+d",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:rp|idr|usd|rm|\$)\.? ?$", re.IGNORECASE)
_CURRENCIES = frozenset(("rp", "idr", "usd"))
_UNIT = re.compile(r" ?(?:rb|ribu|rebu|juta|jt|rupiah|perak|k\b|%|persen|jam|menit|hari|kali|orang)\b", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z]{1,4}[-_]?\d{1,2}")  # INF-04, R10: such codes name a speaker or a case
_SHORT = re.compile(r"(?:n['’]t|['’](?:s|ve|d|ll|re|m))$")
_LEAD = re.compile(
    r"(?<![\w])(?:si|sama|jeung|sareng|bareng|ka|ke|di|ti|dari|to|from|with|and|dan|at|in|near|nama\w*|ngaran\w*) $",
    re.IGNORECASE,
)
_HINT = 0.1
_TWICE = re.compile(r"([^\W\d_]{2,})2([^\W\d_]*)")  # orang2an: said twice


@dataclass(frozen=True, slots=True)
class Suspect:
    """An unmarked stretch, why it stands out, and how much (0 to 1). `form` is its folded text: raw."""

    span: Span
    causes: tuple[Cause, ...]
    weight: float
    form: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A form over a study: where it is met first, how often and in how many documents, and its rank's weight."""

    document: int
    suspect: Suspect
    times: int
    documents: int
    weight: float


def suspects(transcript: Transcript, covered: Iterable[Span]) -> tuple[Suspect, ...]:
    """All suspects of a text outside the spans that are covered, in order; neighbours with capitals are one."""
    text = transcript.text
    taken = bytearray(len(text))
    for span in covered:
        taken[span.start : span.end] = b"\1" * len(span)
    found: list[Suspect] = []
    for line in transcript.lines:
        for place in filter(None, (line.label, line.body)):
            said = place.of(text)
            shouted = sum(c.isupper() for c in said) > 0.6 * sum(c.isalpha() for c in said)
            for match in _TOKEN.finditer(text, place.start, place.end):
                for span in _open(Span(*match.span()), taken):
                    causes = tuple(_causes(text, place, span, shouted))
                    if causes:
                        found.append(_suspect(text, span, causes))
    return tuple(_joined(text, found))


def ranked(found: Sequence[Sequence[Suspect]], unless: Iterable[str] = ()) -> tuple[Ranked, ...]:
    """The forms of a study's suspects, document by document, most suspicious first. A form met often is less so. Forms that a
    reviewer called nothing (`unless`, folded) are left out."""
    done = set(unless)
    places: dict[str, list[tuple[int, Suspect]]] = defaultdict(list)
    for n, document in enumerate(found):
        for suspect in document:
            if suspect.form not in done:
                places[suspect.form].append((n, suspect))
    rows = []
    for met in places.values():
        first, best = met[0], max(suspect.weight for _, suspect in met)
        often = 1 + log2(len(met)) if Cause.NAME not in first[1].causes else 1 + log2(len(met)) / 4
        rows.append(Ranked(*first, len(met), len({n for n, _ in met}), round(best / often, 3)))
    return tuple(sorted(rows, key=lambda r: (-r.weight, r.document, r.suspect.span)))


def form(text: str) -> str:
    """How forms are compared: folded, one blank between words."""
    return " ".join(fold(text).split())


def _suspect(text: str, span: Span, causes: tuple[Cause, ...]) -> Suspect:
    """Causes add up; an unknown word counts more with a capital or behind a word that often stands before a name."""
    missing = 1.0
    for cause in causes:
        missing *= 1 - _WEIGHT[cause]
    led = text[span.start].isupper() or _LEAD.search(text, max(0, span.start - 12), span.start)
    if causes == (Cause.UNKNOWN,) and led and not _CODE.fullmatch(text, span.start, span.end):
        missing -= _HINT
    return Suspect(span, causes, round(1 - missing, 3), form(span.of(text)))


def _open(span: Span, taken: bytearray) -> Iterator[Span]:
    """The stretch, if no mention touches it: what hangs on a mention is a clitic or a cut span, and a reviewer sees it there."""
    if not any(taken[span.start : span.end]):
        yield span


def _causes(text: str, place: Span, span: Span, shouted: bool) -> Iterator[Cause]:
    surface = span.of(text)
    if any(c.isdigit() for c in surface):
        if _odd_number(text, span, surface):
            yield Cause.UNKNOWN if _CODE.fullmatch(surface) else Cause.DIGITS
        return
    word = _SHORT.sub("", fold(surface))
    parts = [part for part in re.findall(r"[^\W\d_]+", word) if part not in _CURRENCIES]
    if all(part in honorifics() or part in function_words() or part in no_names() or part in clitics() for part in parts):
        return
    before = text[max(place.start, span.start - 4) : span.start]
    capital = surface[0].isupper() and not shouted and bool(_INNER.search(before))
    listed = word in clear_names() or (capital and (word in names() or word in word_names() or word in cities()))
    if listed:
        yield Cause.NAME
    if capital and len(word) > 1 and not (surface.isupper() and len(surface) < 6 and known_word(word)):
        yield Cause.CAPITAL
    if not all(known_word(part) or part in clitics() for part in parts):
        yield Cause.UNKNOWN


def _odd_number(text: str, span: Span, surface: str) -> bool:
    if _AMOUNT.fullmatch(surface) or _MONEY.search(text[max(0, span.start - 5) : span.start]) or _UNIT.match(text, span.end):
        return False
    twice = _TWICE.fullmatch(surface)
    return not (twice and known_word(fold(twice[1])))


def _joined(text: str, found: Sequence[Suspect]) -> Iterator[Suspect]:
    """Neighbours with a capital each, one blank between them, as one."""
    if not found:
        return
    run = found[0]
    for one, other in pairwise(found):
        near = (
            text[one.span.end : other.span.start] == " " and text[other.span.start].isupper() and text[one.span.start].isupper()
        )
        if near:
            causes = tuple(cause for cause in Cause if cause in (*run.causes, *other.causes))
            run = _suspect(text, Span(run.span.start, other.span.end), causes)
        else:
            yield run
            run = other
    yield run
