"""Spans and lines made by the hundred thousand.

A frozen dataclass writes each field through `object.__setattr__`, which took most of the time of reading a chat. Here fields are
written into an open value of the same layout, which then becomes the frozen one: the same value, with the same check, in a
quarter of the time.
"""

from typing import TYPE_CHECKING

from samaran.model import Line, Part, Span, SpeakerRole


class _Span:
    __slots__ = Span.__slots__

    def __init__(self, start: int, end: int) -> None:
        if not 0 <= start < end:
            raise ValueError(f"not a span: {start}..{end}")
        self.start = start
        self.end = end
        self.__class__ = Span  # type: ignore[assignment]


class _Line:
    __slots__ = Line.__slots__

    def __init__(
        self,
        n: int,
        body: Span,
        ref: str,
        part: Part = Part.BODY,
        label: Span | None = None,
        stamp: Span | None = None,
        role: SpeakerRole = SpeakerRole.UNKNOWN,
        start_ms: int | None = None,
        end_ms: int | None = None,
        column: Span | None = None,
    ) -> None:
        self.n = n
        self.body = body
        self.ref = ref
        self.part = part
        self.label = label
        self.stamp = stamp
        self.role = role
        self.start_ms = start_ms
        self.end_ms = end_ms
        self.column = column
        self.__class__ = Line  # type: ignore[assignment]


if TYPE_CHECKING:
    span, line = Span, Line
else:
    span, line = _Span, _Line


def like(
    old: Line, *, n: int | None = None, body: Span | None = None, label: Span | None = None, role: SpeakerRole | None = None
) -> Line:
    """The line with another number, body, label or role, where one is given."""
    n, known = old.n if n is None else n, (label or old.label, old.stamp, role or old.role)
    return line(n, body or old.body, old.ref, old.part, *known, old.start_ms, old.end_ms, old.column)
