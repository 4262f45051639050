"""Stretches of a text: physical lines, and what of them is visible."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from samaran.ingest import making
from samaran.model import Line, Part, Span, SpeakerRole

_BREAK = re.compile(r"\r\n|\n|\r")
INVISIBLE = "\ufeff\u200b\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u2060"

_BLANK = rf"\s\x00-\x20\x7f-\x9f{INVISIBLE}"
_SHOWN = re.compile(rf"[^{_BLANK}](?:[^\r\n]*[^{_BLANK}])?")


def physical(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line of the text, without its line break (LF, CRLF or CR)."""
    at = 0
    for found in _BREAK.finditer(text):
        yield at, found.start()
        at = found.end()
    yield at, len(text)


def blank(char: str) -> bool:
    """Whether nothing of it shows: white space, control and format characters, direction marks."""
    if char < "\x7f":
        return char <= " "
    return char.isspace() or char in INVISIBLE or unicodedata.category(char) == "Cc"


def visible(text: str, start: int, end: int) -> Span | None:
    """The stretch without blank edges, or None where nothing is left of it."""
    while start < end and not "!" <= text[start] <= "~" and blank(text[start]):
        start += 1
    while end > start and not "!" <= text[end - 1] <= "~" and blank(text[end - 1]):
        end -= 1
    return making.span(start, end) if start < end else None


def shown(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of what shows of each physical line in a stretch that cuts no line in two."""
    return [line.span() for line in _SHOWN.finditer(text, start, end)]


def paragraphs(text: str, part: Part = Part.BODY) -> list[Line]:
    """Each physical line that shows something, as a line of its own."""
    lone = text.count("\r") != text.count("\r\n")
    found: list[Line] = []
    row, at = 1, 0
    for n, line in enumerate(_SHOWN.finditer(text), 1):
        start, end = line.span()
        row += breaks(text, at, start, lone=lone) if lone else text.count("\n", at, start)
        at = start
        found.append(making.line(n, making.span(start, end), f"line {row}", part))
    return found


def breaks(text: str, start: int, end: int, *, lone: bool) -> int:
    """The line breaks in a stretch that cuts none in two. `lone`: a carriage return alone is one, too."""
    count = text.count("\n", start, end)
    return count + text.count("\r", start, end) - text.count("\r\n", start, end) if lone else count


def numbered(lines: Iterable[Line]) -> list[Line]:
    """The same lines with `n` counted from 1."""
    return [line if line.n == n else making.like(line, n=n) for n, line in enumerate(lines, 1)]


class Sheet:
    """A text in the making, for formats that are not text themselves: pieces are added, lines point into it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self.lines: list[Line] = []

    def write(self, piece: str) -> Span:
        """Add a piece on a line of its own; returns where it stands."""
        span = making.span(self._length, self._length + len(piece))
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
        self.lines.append(making.line(len(self.lines) + 1, span, ref, part, label, stamp, role, start_ms, end_ms, column))
        return span

    @property
    def text(self) -> str:
        """All pieces, one a line."""
        return "".join(self._pieces)
