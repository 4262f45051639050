"""Where a rule is worth trying: at the words that it can't do without. Looking those up is cheaper than running the pattern."""

from collections.abc import Mapping
from functools import lru_cache

from samaran.detect.words import fold, words

DIGIT = "#"
"""Anchor for a word that begins with a digit."""
MIXED = "%"
"""Anchor for a word that begins with a letter and holds a digit."""
BEGINNING = 3
"""Letters of a word that count: `umur` anchors `umurnya`, and `umum` too, which costs a little and misses nothing."""


@lru_cache(maxsize=256)
def beginnings(anchors: str) -> frozenset[str]:
    """The beginnings of the words of a list in one string."""
    return frozenset(fold(word)[:BEGINNING] for word in anchors.split())


@lru_cache(maxsize=8)
def index(text: str) -> Mapping[str, list[int]]:
    """Where words begin, by their beginnings; words that begin with a digit stand under `DIGIT` alone."""
    found: dict[str, list[int]] = {}
    for word in words(text):
        folded = word.fold
        if folded[0].isdigit():
            found.setdefault(DIGIT, []).append(word.start)
            continue
        found.setdefault(folded[:BEGINNING], []).append(word.start)
        if not folded.isalpha() and any(map(str.isdigit, folded)):
            found.setdefault(MIXED, []).append(word.start)
    return found


@lru_cache(maxsize=256)
def places(text: str, anchors: str) -> tuple[int, ...]:
    """Where the anchors stand, in order."""
    starts = index(text)
    return tuple(sorted(at for key in beginnings(anchors) for at in starts.get(key, ())))


def windows(text: str, anchors: str, back: int, ahead: int) -> list[tuple[int, int]]:
    """Stretches around the anchors, merged; each ends between two words."""
    out: list[tuple[int, int]] = []
    for at in places(text, anchors):
        first, last = max(0, at - back), min(len(text), at + ahead)
        while last < len(text) and text[last].isalnum():
            last += 1
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return out
