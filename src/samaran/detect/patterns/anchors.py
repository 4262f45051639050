"""Where a rule is worth trying: at the words, or on the lines, that it can't do without. Looking those up is cheaper than running
the pattern."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

import regex

from samaran.detect.words import fold, words

DIGIT = "#"
"""Anchor for a word that begins with a digit."""
SHORT = "#1"
"""Anchor for a word that begins with one or two digits, no clock time and no fraction."""
LONG = "#6"
"""Anchor for a word that begins with a digit and where six digits stand together, at most three signs apart."""
MIXED = "%"
"""Anchor for a word that begins with a letter and holds a digit."""
_CLASSES = (DIGIT, SHORT, LONG, MIXED)
_SHORT = re.compile(r"\d{1,2}(?!\d|[.:]\d)")
_LONG = re.compile(r"\d(?:[ .\-–]{0,3}\d){5}")
_KEY = 3


@lru_cache(maxsize=256)
def _listed(anchors: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The keys of the words of a list, and those words that are longer than their key."""
    listed = anchors.split()
    whole = [fold(word) for word in listed if word not in _CLASSES]
    keys = {word[:_KEY] for word in whole} | {word for word in listed if word in _CLASSES}
    return frozenset(keys), tuple(word for word in whole if len(word) >= _KEY)


@lru_cache(maxsize=8)
def index(text: str) -> Mapping[str, list[tuple[int, str]]]:
    """Where words begin, and the words, folded, by their first letters and by what they are beside that; words that begin with a
    digit stand under the classes alone."""
    found: dict[str, list[tuple[int, str]]] = {}
    for start, _, _, folded in words(text):
        place = start, folded
        if not folded[0].isdigit():
            found.setdefault(folded[:_KEY], []).append(place)
            if not folded.isalpha() and any(map(str.isdigit, folded)):
                found.setdefault(MIXED, []).append(place)
            continue
        found.setdefault(DIGIT, []).append(place)
        if _SHORT.match(text, start):
            found.setdefault(SHORT, []).append(place)
        if _LONG.match(text, start):
            found.setdefault(LONG, []).append(place)
    return found


@lru_cache(maxsize=256)
def places(text: str, anchors: str) -> tuple[int, ...]:
    """Where the anchors stand, in order. An anchor of three letters or more stands for all words that begin with it, a shorter
    one for itself: `umur` anchors `umurnya`, `rt` does not anchor `rtm`."""
    starts = index(text)
    keys, long = _listed(anchors)
    found = {start for key in keys & starts.keys() for start, word in starts[key] if len(key) < _KEY or word.startswith(long)}
    return tuple(sorted(found))


def lines(text: str, sign: "regex.Pattern[str]") -> Iterator[tuple[int, int]]:
    """The lines that hold a sign, each with its end."""
    found = sign.search(text)
    while found:
        start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end()) + 1
        end = end or len(text)
        yield start, end
        found = sign.search(text, end)
