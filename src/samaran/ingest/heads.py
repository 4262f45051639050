"""The shapes in which a transcript writes who speaks: `Rani: ..`, `[00:00:05] Inf4: ..`, `P> ..`, `Ningrum — ..`, `spk1 ..`.

Only shapes are told here; whether a shape is a speaker in this file is decided in `turns`. All patterns are anchored and
bounded, so that a line of any length costs the same.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from samaran.ingest import roles
from samaran.ingest.clocks import CLOCK, counted, mark
from samaran.ingest.spans import visible
from samaran.model import Line, Span

_NUMBER = re.compile(r"(?:\d{1,4}(?:[.)][ \t]{0,4}|[ \t]{1,4}))(?=[^\W\d_]|\*)|[-–•↳◀▶►→>][>]?[ \t]{1,4}(?=[\w*@])")
_BOLD = re.compile(r"\*{1,3}|_{1,2}(?=\w)")
_CLOSED = r"(?:\*{1,3}|_{1,2})?"
_WORD = r"[^\s:=<>\[\]{}|\"“”?!;]"
_LABEL = rf"(?![(*_]){_WORD}{{1,40}}(?:[ \u00a0]{_WORD}{{1,30}}){{0,5}}?"
_BARE_WORDS = "|".join(sorted(roles.ROLE_WORDS))
_AFTER = rf"[\[(](?P<clock>{CLOCK})[\])]"
_ALL = r"(?: (?:to|ke|kepada) (?:everyone|semua(?: orang)?))?"
_COLON = rf"[ \t\u00a0]{{0,16}}(?::{_CLOSED}(?=\s|$)|：)"
_TIMED_COLON = re.compile(rf"(?P<label>{_LABEL}){_CLOSED}[ \t]{{0,4}}{_AFTER}{_COLON}")
"""`P (00:01:02): ..`; in a pattern of its own, since few lines need be looked at for it."""
STYLES = {
    "colon": re.compile(rf"(?P<label>{_LABEL}){_CLOSED}{_COLON}"),
    "from": re.compile(rf"(?:From|Dari)[ \t]{{1,4}}(?P<label>{_LABEL}){_ALL}[ \t]{{0,4}}:(?=\s|$)", re.IGNORECASE),
    "clock": re.compile(rf"(?P<label>{_LABEL})[ \t]{{1,4}}{_AFTER}(?=\s|$)"),
    "angle": re.compile(rf"(?P<label>{_LABEL})(?:[>/]|(?<=[A-Z0-9])\))(?=\s)"),
    "dash": re.compile(rf"(?P<label>{_LABEL}) (?:[—–\-]|(?<![\w.]{{4}} )=)(?=\s)"),
    "dot": re.compile(r"(?P<label>[A-ZÀ-Þ][A-ZÀ-Þ.'\-]{0,20}(?: [A-ZÀ-Þ0-9][A-ZÀ-Þ0-9.'\-]{0,20}){0,3})\.(?=\s)"),
    "tab": re.compile(rf"(?P<label>{_LABEL})(?:\*{{1,3}}|_{{2}})?\t(?=\S)"),
    "boxed": re.compile(rf"[\[(](?P<label>{_LABEL})[\])][ \t]{{0,4}}(?:[:：]|(?=\s(?!\d{{1,2}}:)\S))"),
    "tight": re.compile(rf"(?P<label>{_LABEL}):(?=[^\W\d_])"),
    "alone": re.compile(
        rf"(?P<box>\[)?(?P<label>{_LABEL})(?(box)\])(?:[ \t]{{1,4}}[\[(]?(?P<clock>{CLOCK})[\])]?)?[ \t]{{0,4}}:?\Z"
    ),
    "bare": re.compile(
        rf"(?P<label>(?:spk|speaker|pembicara|penutur|[spnr])[ _]?\d{{1,2}}|(?:{_BARE_WORDS})(?:[ _]?\d{{1,2}})?|[a-z])(?=\s)",
        re.IGNORECASE,
    ),
}
_SIGNS = {
    "colon": ":：", "from": ":", "clock": "])", "angle": ">/)", "dash": "—–=-", "dot": ".", "tab": "\t", "boxed": "])",
    "tight": ":", "alone": "", "bare": "",
}  # fmt: skip
"""What a label of a style ends with. Most lines, and most files, need not be looked at for it."""

_CLOCKED = frozenset(style for style, shape in STYLES.items() if "clock" in shape.groupindex)
_BOXES = re.compile(r"[\])][ \t]{0,16}[:：]")
_REACH = 280


class Head(NamedTuple):
    """A possible speaker label at the start of a line, the place where speech would start, and the times before or after it."""

    style: str
    label: Span
    rest: int
    start_ms: int | None = None
    stamped: bool = False
    end_ms: int | None = None


Start = tuple[int, int, int | None, bool, int | None]
"""Where a label may stand in a line, behind a time, a number and marks of bold type; how far to look for its end; and when the
line starts, whether a time says so, when it ends."""


def start(text: str, span: Span) -> Start:
    """What a line starts with before a label may come."""
    at, window = span.start, min(span.end, span.start + _REACH)
    if text[at].isalpha():
        return at, window, None, False, None
    found = mark(text, at, window)
    if found:
        at = found.rest
        if at < window and text[at].isalpha():
            return at, window, found.start_ms, True, found.end_ms
    if number := _NUMBER.match(text, at, window):
        at = number.end()
    if bold := _BOLD.match(text, at, window):
        at = bold.end()
    return (at, window, found.start_ms, True, found.end_ms) if found else (at, window, None, False, None)


def heads(text: str, lines: Sequence[Line], style: str, among: Iterable[int] | None = None) -> dict[int, Head]:
    """The lines that start with the shape of this style, by their index; all of them are looked at, or those of the numbers in
    `among`."""
    if among is not None:
        shapes = ((i, head(text, start(text, lines[i].body), style)) for i in among)
        return {i: shape for i, shape in shapes if shape is not None}
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
    at, window, start_ms, stamped, end_ms = begin
    match, timed = STYLES[style].match(text, at, window), style in _CLOCKED
    if match is None and style == "colon" and _BOXES.search(text, at, window):
        match, timed = _TIMED_COLON.match(text, at, window), True
    if match is None:
        return None
    first, last = match.span(1) if style != "alone" else match.span("label")
    last -= style == "alone" and text[last - 1] == ","  # `uli, 13:02`
    label = visible(text, first, _without_marks(text, first, last) if text[last - 1] in "*_" else last)
    if label is None or not (text[first].isalnum() or any(c.isalnum() for c in label.of(text))):
        return None
    if timed and (clock := match["clock"]):  # `20:11` in the open is a time of day
        stamped = True
        start_ms = counted(clock) if clock.count(":") == 2 or text[match.start("clock") - 1] in "[(" else None
    return Head(style, label, match.end(), start_ms, stamped, end_ms)


def _without_marks(text: str, start: int, end: int) -> int:
    """The end of a label without the closing marks of bold or italic type."""
    marks = "*_" if start and text[start - 1] == "_" else "*"
    while end > start and text[end - 1] in marks:
        end -= 1
    return end
