"""Labels without a colon on a line of their own, what was said below: `Peneliti`, `[Gita] 18:00:02`, `[00:00:02] - Gita`."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from samaran.ingest.clocks import is_clock
from samaran.ingest.heads import Head
from samaran.ingest.spans import blank
from samaran.model import Line

_LONGEST = 90
_TIMED = frozenset("[](0123456789)")


def plausible(text: str, lines: Sequence[Line]) -> list[int]:
    """The short lines that come again, start or end with a time, or have one beside them: no others need be looked at."""
    shown = [text[body.start : body.end] if (body := line.body).end - body.start <= _LONGEST else "" for line in lines]
    counts = Counter(shown)
    timed = {i for i, line in enumerate(lines) if line.start_ms is not None}
    timed |= {i - 1 for i in timed} | {i - 1 for i, line in enumerate(lines) if len(shown[i]) <= 12 and is_clock(text, line.body)}
    return [
        i for i, line in enumerate(shown) if line and (counts[line] > 1 or i in timed or line[-1] in _TIMED or line[0] in _TIMED)
    ]


def alone(text: str, lines: Sequence[Line], heads: Mapping[int, Head], role_words: Set[str]) -> bool:
    """Whether these lines are labels: text follows nearly each of them, they make up a good part of the lines, and something
    more than repetition speaks for it: marks of time, words for roles, or blocks with the label on top of each."""
    if len(heads) < 3 or len({head.label.of(text).casefold() for head in heads.values()}) < 2:
        return False
    first, last = min(heads), max(heads)
    silent = sum(i + 1 in heads for i in heads)
    if silent * 10 > len(heads) or len(heads) * 6 < last - first + 1:
        return False
    timed = len(heads.keys() & timed_heads(text, lines, heads))
    on_top = sum(_on_top(text, lines, i) for i in heads)
    dense = len(heads) * 3 > last - first
    return timed * 10 >= len(heads) * 8 or len(role_words) >= (1 if dense else 2) or on_top * 10 >= len(heads) * 9


def timed_heads(text: str, lines: Sequence[Line], heads: Mapping[int, Head]) -> Set[int]:
    """Those with a mark of time: in the line, above it, or between it and what was said."""
    above = {i for i in heads if lines[i].start_ms is not None}
    below = {i for i in heads if i + 1 < len(lines) and (lines[i + 1].start_ms is not None or is_clock(text, lines[i + 1].body))}
    return {i for i, head in heads.items() if head.stamped} or (above if len(above) >= len(below) else below)


def _on_top(text: str, lines: Sequence[Line], i: int) -> bool:
    """Whether a blank line, or nothing, stands above the line, and text right below."""
    above = text[lines[i - 1].body.end : lines[i].body.start] if i else "\n\n"
    below = text[lines[i].body.end : lines[i + 1].body.start] if i + 1 < len(lines) else ""
    return above.count("\n") >= 2 and below.count("\n") == 1 and all(map(blank, below))
