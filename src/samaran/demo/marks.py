"""Text with gold marks as a value that can be cut and joined, so that a mark stays on its words wherever they go."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from samaran.model import EntityType, Span

_MARK = re.compile(r"\[\[([A-Z_]+)(?:#([a-z][a-z0-9_]*))?:(.+?)\]\]")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that identifies: where, what kind, and whom the gold means (empty where it names no entity)."""

    span: Span
    type: EntityType
    entity: str = ""

    def moved(self, by: int) -> "Mark":
        """The same mark, `by` code points further on."""
        return Mark(Span(self.span.start + by, self.span.end + by), self.type, self.entity)


@dataclass(frozen=True, slots=True, repr=False)
class Marked:
    """A text and the marks in it, in order, never overlapping."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __post_init__(self) -> None:
        at = 0
        for mark in self.marks:
            if mark.span.start < at or mark.span.end > len(self.text):
                raise ValueError("a mark overlaps another or reaches beyond the text")
            at = mark.span.end

    def __repr__(self) -> str:
        return f"Marked({len(self.text)} characters, {len(self.marks)} marks)"

    def __add__(self, other: "Marked | str") -> "Marked":
        other = other if isinstance(other, Marked) else Marked(other)
        return Marked(self.text + other.text, self.marks + tuple(mark.moved(len(self.text)) for mark in other.marks))

    def cut(self, start: int, end: int | None = None) -> "Marked":
        """The part from `start` to `end`. Raises `ValueError` where that would cut a mark in two."""
        end = len(self.text) if end is None else end
        inside = tuple(mark for mark in self.marks if mark.span.start < end and start < mark.span.end)
        if any(mark.span.start < start or mark.span.end > end for mark in inside):
            raise ValueError(f"cut {start}..{end} goes through a mark")
        return Marked(self.text[start:end], tuple(mark.moved(-start) for mark in inside))

    def split(self, separator: str) -> tuple["Marked", ...]:
        """The parts between separators, as `str.split` would give them."""
        parts, at = [], 0
        for piece in self.text.split(separator):
            parts.append(self.cut(at, at + len(piece)))
            at += len(piece) + len(separator)
        return tuple(parts)

    def strip(self) -> "Marked":
        """Without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(start, len(self.text.rstrip())))


def parse(annotated: str) -> Marked:
    """Read text with inline marks, `[[TYPE#entity:surface]]`. Raises `ValueError` for a type that there is not."""
    whole, at = Marked(""), 0
    for found in _MARK.finditer(annotated):
        kind, entity, surface = found.groups()
        mark = Mark(Span(0, len(surface)), EntityType(kind), entity or "")
        whole = whole + annotated[at : found.start()] + Marked(surface, (mark,))
        at = found.end()
    return whole + annotated[at:]


def join(separator: str, parts: Iterable[Marked]) -> Marked:
    """All parts in a row, the separator between them."""
    whole: Marked | None = None
    for part in parts:
        whole = part if whole is None else whole + separator + part
    return whole or Marked("")
