"""Stretches of a text: physical lines, and what of them is visible."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from samaran.model import Line, Part, Span, SpeakerRole

_BREAK = re.compile(r"\r\n|\n|\r")
_INVISIBLE = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u2060"


def physical(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line of the text, without its line break (LF, CRLF or CR)."""
    at = 0
    for found in _BREAK.finditer(text):
        yield at, found.start()
        at = found.end()
    yield at, len(text)


def blank(char: str) -> bool:
    """Whether nothing of it shows: white space, control and format characters, direction marks."""
    return char.isspace() or char in _INVISIBLE or unicodedata.category(char) == "Cc"


def visible(text: str, start: int, end: int) -> Span | None:
    """The stretch without blank edges, or None where nothing is left of it."""
    while start < end and blank(text[start]):
        start += 1
    while end > start and blank(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def paragraphs(text: str, part: Part = Part.BODY) -> list[Line]:
    """Each physical line that shows something, as a line of its own."""
    found: list[Line] = []
    for number, (start, end) in enumerate(physical(text), 1):
        if body := visible(text, start, end):
            found.append(Line(len(found) + 1, body, f"line {number}", part))
    return found


def numbered(lines: Iterable[Line]) -> list[Line]:
    """The same lines with `n` counted from 1."""
    return [line if line.n == n else replace(line, n=n) for n, line in enumerate(lines, 1)]


class Sheet:
    """A text in the making, for formats that are not text themselves: pieces are added, lines point into it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.lines: list[Line] = []

    def write(self, piece: str) -> Span:
        """Add a piece on a line of its own; returns where it stands."""
        span = Span(self._length, self._length + len(piece))
        self._pieces += (piece, "\n")
        self._length += len(piece) + 1
        return span

    def add(
        self,
        piece: str,
        ref: str,
        part: Part = Part.BODY,
        *,
        column: Span | None = None,
        label: Span | None = None,
        stamp: Span | None = None,
        role: SpeakerRole = SpeakerRole.UNKNOWN,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> Span | None:
        """Add a piece and the line for it, where anything of it shows."""
        body = visible(piece, 0, len(piece))
        if body is None:
            return None
        span = self.write(piece[body.start : body.end])
        self.lines.append(Line(len(self.lines) + 1, span, ref, part, label, stamp, role, start_ms, end_ms, column))
        return span

    @property
    def text(self) -> str:
        """All pieces, one a line."""
        return "".join(self._pieces)
