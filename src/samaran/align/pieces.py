"""The new version cut into segments, each with the earlier segment whose id it keeps."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from samaran.align.cutting import Held, cuts, trimmed
from samaran.align.lines import Paired, plain, signs, words_of
from samaran.model import Line, RawSegment, Span, Transcript

ALIKE = 0.7
"""So much of their characters two segments share if one is the other with a small edit. Unrelated sentences of one language share
about half."""

_Alike = Callable[["Piece", int], "Piece | None"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of the new version. `old` is the position of the earlier segment whose id it keeps. `firm`: its text is
    unchanged; `same`: its speaker label, too."""

    line: Line
    span: Span
    old: int | None = None
    firm: bool = False
    same: bool = False


def pieces(
    old: Transcript, before: Sequence[RawSegment], new: Transcript, usual: Sequence[RawSegment], pairs: Paired
) -> tuple[Piece, ...]:
    """All segments of the new version in order; an earlier segment is kept by one of them at most."""
    held = _held(before, pairs)
    untouched = {j: i for i, j in pairs.lines}
    at = {line.n: n for n, line in enumerate(old.lines)}
    standing, alone = defaultdict[int, list[int]](list), defaultdict[int, list[Span]](list)
    for n, raw in enumerate(before):
        standing[at[raw.line.n]].append(n)
    for raw in usual:
        alone[raw.line.n].append(raw.span)
    found: list[Piece] = []
    wanted: list[Counter[int]] = []
    for j, line in enumerate(new.lines):
        label = plain(line.label.of(new.text)) if line.label else ""
        if j in untouched:
            shift = line.body.start - old.lines[untouched[j]].body.start
            for n in standing[untouched[j]]:
                span = Span(before[n].span.start + shift, before[n].span.end + shift)
                found.append(Piece(line, span, n, True, plain(before[n].label) == label))
                wanted.append(Counter())
            continue
        words = words_of(new, [j])
        for span in trimmed(new.text, line.body, cuts(words, held.get(j, {}), before, alone[line.n])):
            found.append(Piece(line, span))
            wanted.append(Counter(n for start, n in held.get(j, {}).items() if span.start <= start < span.end))

    def alike(piece: Piece, n: int) -> Piece | None:
        one, other = before[n].text, piece.span.of(new.text)
        firm = signs(one) == signs(other)
        if not firm and _ratio(one, other) < ALIKE:
            return None
        label = plain(piece.line.label.of(new.text)) if piece.line.label else ""
        return replace(piece, old=n, firm=firm, same=firm and plain(before[n].label) == label)

    _assign(found, wanted, alike)
    _between(found, len(before), alike)
    return tuple(found)


def _held(before: Sequence[RawSegment], pairs: Paired) -> Mapping[int, Held]:
    """For each line of the new version, where its words begin that the earlier one has, and in which segment there."""
    starts = [raw.span.start for raw in before]
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for one, other in pairs.words:
        n = bisect_right(starts, one.span.start) - 1
        if n >= 0 and before[n].span.contains(one.span):
            found[other.line][other.span.start] = n
    return found


def _assign(found: list[Piece], wanted: Sequence[Mapping[int, int]], alike: _Alike) -> None:
    """Most words first: who has an earlier segment's words keeps its id."""
    taken = {piece.old for piece in found}
    ranked = sorted((-often, k, n) for k, counts in enumerate(wanted) for n, often in counts.items())
    for _, k, n in ranked:
        if n not in taken and found[k].old is None and (piece := alike(found[k], n)):
            found[k] = piece
            taken.add(n)


def _between(found: list[Piece], size: int, alike: _Alike) -> None:
    """Short ones that share no word (`Heeh.`, `He-eh.`): as many on both sides between the same neighbours, one by one."""
    for begin, end in _runs(found):
        first = -1 if begin == 0 else found[begin - 1].old
        last = size if end == len(found) else found[end].old
        if first is not None and last is not None and last - first - 1 == end - begin:
            for k in range(begin, end):
                n = first + 1 + k - begin
                if all(piece.old != n for piece in found[begin:end]) and (piece := alike(found[k], n)):
                    found[k] = piece


def _runs(found: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    begin = 0
    for k, piece in enumerate([*found, None]):
        if piece is None or piece.old is not None:
            if begin < k:
                yield begin, k
            begin = k + 1


def _ratio(one: str, other: str) -> float:
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_similarity(one, other))
