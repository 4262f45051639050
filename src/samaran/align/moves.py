"""Where a stretch of the earlier version stands in the new one, if its words stand there."""

from bisect import bisect_right
from collections.abc import Iterable

from samaran.align.lines import signs
from samaran.model import Span, Transcript

Block = tuple[Span, int]
"""A stretch of the earlier version, and where the same characters begin in the new one."""


class Moves:
    """Stretches that both versions have. Raw texts, in memory: the `repr` shows counts."""

    def __init__(self, old: Transcript, new: Transcript, blocks: Iterable[Block]) -> None:
        self._old, self._new = old.text, new.text
        self._blocks: list[Block] = []
        for span, start in sorted(blocks):
            if not self._blocks or self._blocks[-1][0].end <= span.start:
                self._blocks.append((span, start))
        self._starts = [span.start for span, _ in self._blocks]

    def __repr__(self) -> str:
        return f"Moves({len(self._blocks)} stretches)"

    def of(self, span: Span) -> Span | None:
        """The span in the new version, None unless the very same words stand there (white space aside)."""
        first, last = self._at(span.start), self._at(span.end - 1)
        if first is None or last is None or first > last:
            return None
        moved = Span(first, last + 1)
        return moved if signs(moved.of(self._new)) == signs(span.of(self._old)) else None

    def _at(self, offset: int) -> int | None:
        n = bisect_right(self._starts, offset) - 1
        if n < 0 or offset >= self._blocks[n][0].end:
            return None
        span, start = self._blocks[n]
        return start + offset - span.start
