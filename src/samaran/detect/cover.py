"""Whether a stretch of text lies inside one of many others."""

from bisect import bisect_right
from collections.abc import Callable, Iterable

from samaran.model import Span


def cover(spans: Iterable[Span]) -> Callable[[Span], bool]:
    """Whether a span lies inside one of these, none of which overlaps another."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]

    def inside(span: Span) -> bool:
        at = bisect_right(starts, span.start) - 1
        return at >= 0 and ordered[at].contains(span)

    return inside
