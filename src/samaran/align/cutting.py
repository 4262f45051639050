"""Where a line that was changed is cut: where the earlier version was, as far as its words stand here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from samaran.align.lines import Word
from samaran.model import RawSegment, Span

Held = Mapping[int, int]
"""Where words of a line begin that the earlier version has: in which of its segments, by position."""

_LONG = 1200
_CLOSING = frozenset(".?!…")


def cuts(words: Sequence[Word], held: Held, before: Sequence[RawSegment], usual: Sequence[Span]) -> list[int]:
    """Offsets at which segments begin, the first one's left out. `usual` is how the line would be cut alone."""
    often = Counter(held.values())
    strong = {n for n, count in often.items() if 2 * count >= len(before[n].text.split())}
    found: list[int] = []
    last, last_word = -1, -1
    for k, word in enumerate(words):
        n = held.get(word.span.start, -1)
        if n not in strong:
            continue
        if last >= 0 and n > last and before[n].line.n == before[last].line.n:
            found.append(words[_cut(words, last_word + 1, k, before[n].text, word.text)].span.start)
        last, last_word = n, k
    if not found:
        return [span.start for span in usual[1:]]
    return sorted({*found, *_inside(words, held, found, usual)})


def _cut(words: Sequence[Word], begin: int, end: int, text: str, first: str) -> int:
    """At which word the next segment begins, of the changed ones from `begin` and the known one at `end`."""
    if text.startswith(first) or begin == end:
        return end
    closed = [k for k in range(begin, end) if words[k].text in _CLOSING]
    return closed[-1] + 1 if closed else begin


def _inside(words: Sequence[Word], held: Held, found: Sequence[int], usual: Sequence[Span]) -> Iterator[int]:
    """Usual cuts in what is new, where pieces would be too long."""
    new = {words[k].span.start for k in range(1, len(words)) if not {words[k].span.start, words[k - 1].span.start} & held.keys()}
    ends = [words[0].span.start, *found, words[-1].span.end]
    for start, end in pairwise(ends):
        if end - start > _LONG:
            yield from (span.start for span in usual if start < span.start < end and span.start in new)


def trimmed(text: str, body: Span, starts: Sequence[int]) -> Iterator[Span]:
    """The stretches between these offsets, without white space at their edges; empty ones are left out."""
    ends = [body.start, *starts, body.end]
    for start, end in pairwise(ends):
        piece = text[start:end]
        if bare := piece.strip():
            begin = start + len(piece) - len(piece.lstrip())
            yield Span(begin, begin + len(bare))
