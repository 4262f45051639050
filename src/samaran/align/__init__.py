"""Two versions of a source: which segments are the same, which were edited, and where everything stands now. Pure.

The rules stand in docs/formats/corrections.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samaran.align.lines import paired
from samaran.align.moves import Block, Moves
from samaran.align.pieces import Piece, pieces
from samaran.model import Line, RawSegment, Span, Transcript

__all__ = ["Alignment", "Moves", "Piece", "align"]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The segments of the new version in order, and what moved where. `share` is how much of the text, of that version of which
    it is more, is in segments that keep their id: 0 to 1. `firm` are positions of earlier segments whose text is unchanged."""

    pieces: tuple[Piece, ...]
    moves: Moves
    share: float
    firm: frozenset[int]


def align(old: Transcript, before: Sequence[RawSegment], new: Transcript, usual: Sequence[RawSegment]) -> Alignment:
    """Align an earlier version, cut into the segments `before`, with a new one. `usual` is how the new one would be cut alone."""
    pairs = paired(old, new)
    found = pieces(old, before, new, usual, pairs)
    lines = dict(pairs.lines)
    at = {line.n: n for n, line in enumerate(old.lines)}
    now = {line.n: n for n, line in enumerate(new.lines)}
    for piece in found:
        if piece.old is not None:
            lines.setdefault(at[before[piece.old].line.n], now[piece.line.n])
    blocks: list[Block] = [(old.lines[i].body, new.lines[j].body.start) for i, j in pairs.lines]
    blocks += [(one.span, other.span.start) for one, other in pairs.words]
    blocks += [block for i, j in lines.items() for block in _beside(old, old.lines[i], new, new.lines[j])]
    return Alignment(
        found, Moves(old, new, blocks), _share(before, found), frozenset(p.old for p in found if p.firm and p.old is not None)
    )


def _beside(old: Transcript, line: Line, new: Transcript, other: Line) -> list[Block]:
    """Labels, dates and headings of a line that are the same to the letter."""
    both = ((line.label, other.label), (line.stamp, other.stamp), (line.column, other.column))
    return [(one, two.start) for one, two in both if one and two and one.of(old.text) == two.of(new.text)]


def _share(before: Sequence[RawSegment], found: Sequence[Piece]) -> float:
    kept = {piece.old for piece in found if piece.old is not None}
    old = _part((raw.span for raw in before), (raw.span for n, raw in enumerate(before) if n in kept))
    return max(old, _part((p.span for p in found), (p.span for p in found if p.old is not None)))


def _part(whole: Iterable[Span], part: Iterable[Span]) -> float:
    return sum(map(len, part)) / max(1, sum(map(len, whole)))
