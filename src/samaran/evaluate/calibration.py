"""Whether scores mean what they say: for each band of scores, how many mentions lie on something marked."""

from bisect import bisect_right
from collections.abc import Sequence

from samaran.evaluate.gold import Gold
from samaran.evaluate.scoring import Found, Share

BOUNDS = (0.0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Where bands begin; the last one ends with 1."""


def by_score(documents: Sequence[Gold], found: Sequence[Found]) -> dict[str, Share]:
    """The share of mentions that touch a mark, of whichever type, by the band of their score; doubts too, empty bands not."""
    right: dict[str, Share] = {}
    for gold, mentions in zip(documents, found, strict=True):
        inside = bytearray(len(gold.text))
        for mark in gold.marks:
            inside[mark.span.start : mark.span.end] = b"\1" * len(mark.span)
        for mention, _ in mentions:
            band = _band(mention.score)
            hit = any(inside[mention.span.start : mention.span.end])
            right[band] = right.get(band, Share()) + Share(int(hit), 1)
    return dict(sorted(right.items()))


def _band(score: float) -> str:
    """The name of the band in which a score lies: `0.50-0.60`, its end outside."""
    at = bisect_right(BOUNDS, score) - 1
    return f"{BOUNDS[at]:.2f}-{(*BOUNDS, 1.0)[at + 1]:.2f}"
