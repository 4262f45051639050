"""The shapes in which a transcript writes who speaks: `Rani: ..`, `[00:00:05] Inf4: ..`, `P> ..`, `Ningrum — ..`, `spk1 ..`.

Only shapes are told here; whether a shape is a speaker in this file is decided in `turns`. All patterns are anchored and
bounded, so that a line of any length costs the same.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from samaran.ingest import roles
from samaran.ingest.spans import visible
from samaran.model import Line, Span

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP = re.compile(
    rf"(?:[\[(#]{{1,2}}(?P<boxed>{_CLOCK})(?:-\d)?[\])#]{{1,2}}|(?P<bare>{_CLOCK}|\d{{1,2}}\.\d{{2}})(?=\s))"
    r"[ \t]{0,8}[-–]?[ \t]{0,8}"
)
_NUMBER = re.compile(r"(?:\d{1,4}(?:[.)][ \t]{0,4}|[ \t]{1,4}))(?=[^\W\d_]|\*)|[-–•↳◀▶►→][ \t]{1,4}(?=[\w*@])")
_BOLD = re.compile(r"\*{1,3}|_{2}")
_WORD = r"[^\s:=<>\[\]{}|\"“”?!;]"
_LABEL = rf"(?![(*_]){_WORD}{{1,40}}(?:[ \u00a0]{_WORD}{{1,30}}){{0,5}}?"
_BARE_WORDS = "|".join(sorted(roles.ROLE_WORDS))
STYLES = {
    "colon": re.compile(rf"(?P<label>{_LABEL})(?:\*{{1,3}}|_{{2}})?[ \t]{{0,16}}[:：](?:\*{{1,3}}|_{{2}})?(?=\s|$)"),
    "angle": re.compile(rf"(?P<label>{_LABEL})>(?=\s)"),
    "dash": re.compile(rf"(?P<label>{_LABEL}) [—–](?=\s)"),
    "dot": re.compile(r"(?P<label>[A-ZÀ-Þ][A-ZÀ-Þ.'\-]{0,20}(?: [A-ZÀ-Þ0-9][A-ZÀ-Þ0-9.'\-]{0,20}){0,3})\.(?=\s)"),
    "tab": re.compile(rf"(?P<label>{_LABEL})(?:\*{{1,3}}|_{{2}})?\t(?=\S)"),
    "bare": re.compile(
        rf"(?P<label>(?:spk|speaker|pembicara|penutur|[spnr])[ _]?\d{{1,2}}|(?:{_BARE_WORDS})(?:[ _]?\d{{1,2}})?|[a-z])(?=\s)",
        re.IGNORECASE,
    ),
}
_SIGNS = {"colon": ":：", "angle": ">", "dash": "—–", "dot": ".", "tab": "\t", "bare": ""}
"""What a label of a style ends with. Most lines, and most files, need not be looked at for it."""

_END_STAMP = re.compile(r"#(\d{1,2}:\d{2}:\d{2})(?:-(\d))?#$")
_REACH = 280


class Head(NamedTuple):
    """A possible speaker label at the start of a line, the place where speech would start, and the time before it."""

    style: str
    label: Span
    rest: int
    start_ms: int | None = None
    stamped: bool = False


class Start(NamedTuple):
    """Where a label may stand in a line, behind a time, a number and marks of bold type, and how far to look for its end."""

    at: int
    window: int
    start_ms: int | None = None
    stamped: bool = False


def start(text: str, span: Span) -> Start:
    """What a line starts with before a label may come."""
    at, window = span.start, min(span.end, span.start + _REACH)
    if text[at].isalpha():
        return Start(at, window)
    start_ms, stamped = None, False
    if stamp := _STAMP.match(text, at, window):
        at, start_ms, stamped = stamp.end(), milliseconds(stamp["boxed"] or ""), True
        if at < window and text[at].isalpha():
            return Start(at, window, start_ms, stamped)
    if number := _NUMBER.match(text, at, window):
        at = number.end()
    if bold := _BOLD.match(text, at, window):
        at = bold.end()
    return Start(at, window, start_ms, stamped)


def heads(text: str, lines: Sequence[Line], style: str) -> dict[int, Head]:
    """The lines that start with the shape of this style, by their index."""
    signs = [sign for sign in _SIGNS[style] if sign in text]
    if _SIGNS[style] and not signs:
        return {}
    sign, others = "".join(signs[:1]), signs[1:]
    found = {}
    for i, line in enumerate(lines):
        at = line.body.start
        if text.find(sign, at, at + _REACH) >= 0 or any(text.find(other, at, at + _REACH) >= 0 for other in others):
            shape = head(text, start(text, line.body), style)
            if shape is not None:
                found[i] = shape
    return found


def head(text: str, begin: Start, style: str) -> Head | None:
    """The shape of this style that the line starts with, if it does."""
    match = STYLES[style].match(text, begin.at, begin.window)
    if match is None:
        return None
    first, last = match.span("label")
    label = visible(text, first, _without_marks(text, first, last) if text[last - 1] == "*" else last)
    if label is None or not (text[first].isalnum() or any(c.isalnum() for c in label.of(text))):
        return None
    return Head(style, label, match.end(), begin.start_ms, begin.stamped)


def _without_marks(text: str, start: int, end: int) -> int:
    """The end of a label without the closing marks of bold type."""
    while end > start and text[end - 1] == "*":
        end -= 1
    return end


def end_stamp(text: str, span: Span) -> tuple[Span, int | None]:
    """The line without the time mark that f4transkript writes at its end, and that time."""
    window = max(span.start, span.end - 14)
    match = _END_STAMP.search(text, window, span.end)
    body = visible(text, span.start, match.start()) if match else None
    if match is None or body is None:
        return span, None
    return body, (milliseconds(match[1]) or 0) + int(match[2] or 0) * 100


def milliseconds(clock: str) -> int | None:
    """`00:01:05`, `01:05` or `00:01:05.250` in milliseconds."""
    if not clock:
        return None
    whole, _, fraction = clock.replace(",", ".").partition(".")
    seconds = 0
    for field in whole.split(":"):
        seconds = seconds * 60 + int(field)
    return seconds * 1000 + int(fraction.ljust(3, "0") if fraction else 0)
