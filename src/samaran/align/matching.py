"""What two sequences have in common, in order: what stands once on both sides anchors the rest (patience diff)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher

_LARGEST = 1_000_000
"""Stretches without anchors up to this many pairs are compared item by item."""

Pair = tuple[int, int]
_Window = tuple[int, int, int, int]


def matches(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Pairs of positions with equal items, rising on both sides; not all of them where much repeats and nothing anchors it."""
    found: list[Pair] = []
    windows = [(0, len(a), 0, len(b))]
    while windows:
        begin, a_end, start, b_end = windows.pop()
        while begin < a_end and start < b_end and a[begin] == b[start]:
            found.append((begin, start))
            begin, start = begin + 1, start + 1
        while begin < a_end and start < b_end and a[a_end - 1] == b[b_end - 1]:
            a_end, b_end = a_end - 1, b_end - 1
            found.append((a_end, b_end))
        if begin == a_end or start == b_end:
            continue
        window = (begin, a_end, start, b_end)
        anchors = _anchors(a, b, window)
        if anchors:
            found += anchors
            windows += _between(anchors, window)
        elif (a_end - begin) * (b_end - start) <= _LARGEST:
            found += _compared(a, b, window)
    return sorted(found)


def _anchors(a: Sequence[Hashable], b: Sequence[Hashable], window: _Window) -> list[Pair]:
    """The longest rising row of items that stand once on either side."""
    begin, a_end, start, b_end = window
    often_a, often_b = Counter(a[begin:a_end]), Counter(b[start:b_end])
    place = {b[j]: j for j in range(start, b_end) if often_b[b[j]] == 1}
    return rising([(i, place[a[i]]) for i in range(begin, a_end) if often_a[a[i]] == 1 and a[i] in place])


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """Of pairs in the order of their first numbers, the longest row in which the second ones rise, too."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [j]
        ends[at : at + 1] = [n]
    row = []
    n = ends[-1] if ends else -1
    while n >= 0:
        row.append(pairs[n])
        n = before[n]
    return row[::-1]


def _between(anchors: Sequence[Pair], window: _Window) -> Iterator[_Window]:
    begin, a_end, start, b_end = window
    for i, j in [*anchors, (a_end, b_end)]:
        if begin < i and start < j:
            yield begin, i, start, j
        begin, start = i + 1, j + 1


def _compared(a: Sequence[Hashable], b: Sequence[Hashable], window: _Window) -> Iterator[Pair]:
    begin, a_end, start, b_end = window
    matcher = SequenceMatcher(None, a[begin:a_end], b[start:b_end], autojunk=False)
    for i, j, size in matcher.get_matching_blocks():
        for n in range(size):
            yield begin + i + n, start + j + n
