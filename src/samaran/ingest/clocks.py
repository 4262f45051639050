"""Marks of time beside what was said: `[00:00:05]`, `#00:01:02-5#`, `0:0:2.10 --> 0:0:5.30`, at the start of a line, at its end,
behind the label, or alone on a line.

Hours, minutes and seconds count from the start of the recording, and so do minutes and seconds in a bracket; `20:11` in the
open is a time of day. All patterns are anchored and bounded.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from samaran.ingest.spans import numbered, visible
from samaran.model import Line, Span

CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3}|-\d)?"
_LOOSE = r"\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3})?"
_CLOCK = re.compile(CLOCK)
_UNTIL = rf"[ \t]{{0,4}}(?:--?>|[-–—])[ \t]{{0,4}}(?P<until>{_LOOSE})"
_BOX, _END_BOX = r"[\[(#<{]{1,2}", r"[\])#>}]{1,2}"
_START = re.compile(
    rf"(?:{_BOX}(?P<boxed>{CLOCK})(?:{_UNTIL})?{_END_BOX}|(?P<begin>{_LOOSE})[ \t]{{0,4}}-->[ \t]{{0,4}}(?P<end>{_LOOSE})"
    rf"|(?P<bare>{CLOCK}|\d{{1,2}}\.\d{{2}})(?=\s|$))[ \t]{{0,8}}[-–]?[ \t]{{0,8}}"
)
_END = re.compile(rf"{_BOX}(?P<clock>\d{{1,2}}:\d{{2}}:\d{{2}}(?:[.,]\d{{1,3}}|-\d)?|(?<=[\[(])\d{{1,2}}:\d{{2}}){_END_BOX}$")
_ALONE = re.compile(
    rf"[\[(#]{{1,2}}{_LOOSE}(?:-\d)?(?:{_UNTIL})?[\])#]{{1,2}}|\d{{1,2}}:\d{{1,2}}:\d{{2}}(?:[.,]\d{{1,3}})?"
    rf"|{_LOOSE}[ \t]{{0,4}}-->[ \t]{{0,4}}{_LOOSE}"
)
_OPENING = frozenset("[(#<{0123456789")
_LONGEST = 44
_FEW, _LEAST, _DAY_MS = 2, 3, 6 * 3_600_000


class Mark(NamedTuple):
    """A mark of time at the start of a line: where what follows starts, and the times, where they count from a start."""

    rest: int
    start_ms: int | None
    end_ms: int | None


def mark(text: str, at: int, window: int) -> Mark | None:
    """The mark that stands here, if one does."""
    found = _START.match(text, at, window)
    if found is None:
        return None
    boxed, until, begin, end, bare = found.groups()
    if bare and bare.count(":") == 2:
        begin = bare
    until = until or end
    return Mark(found.end(), counted(boxed or begin or ""), counted(until) if until else None)


def ended(text: str, span: Span) -> tuple[Span, int | None]:
    """The line without the mark at its end, as f4transkript and others write it, and that time."""
    found = _END.search(text, max(span.start, span.end - 16), span.end)
    body = visible(text, span.start, found.start()) if found else None
    return (span, None) if found is None or body is None else (body, counted(found["clock"]))


def is_clock(text: str, span: Span) -> bool:
    """Whether this is a time and nothing else."""
    return len(span) <= 12 and _CLOCK.fullmatch(text, span.start, span.end) is not None


def moved(text: str, lines: Sequence[Line]) -> list[Line]:
    """The lines without those that are nothing but a mark: the next line has its times. One alone stays as it is."""
    alone = {
        i
        for i, line in enumerate(lines)
        if text[(body := line.body).start] in _OPENING
        and body.end - body.start <= _LONGEST
        and _ALONE.fullmatch(text, body.start, body.end)
    }
    if len(alone) < _FEW:
        return list(lines)
    done: list[Line] = []
    waiting: Mark | None = None
    for i, line in enumerate(lines):
        if i in alone and line.label is None:
            found = mark(text, line.body.start, line.body.end)
            if found and found.start_ms is not None:
                waiting = found
                continue
        if waiting and line.start_ms is None:
            line = replace(line, start_ms=waiting.start_ms, end_ms=waiting.end_ms)
        waiting = None
        done.append(line)
    return numbered(done) if done else list(lines)


def begun(text: str, lines: Sequence[Line]) -> list[Line]:
    """Lines that nobody is said to speak, with the mark at their start read, where most of them have one."""
    marks = {
        i: found
        for i, line in enumerate(lines)
        if line.label is None
        and text[line.body.start] in _OPENING
        and (found := mark(text, line.body.start, line.body.end))
        and found.start_ms is not None
        and found.rest < line.body.end
    }
    if len(marks) < _LEAST or len(marks) * 2 < len(lines):
        return list(lines)
    return [_marked(text, line, marks[i]) if i in marks else line for i, line in enumerate(lines)]


def _marked(text: str, line: Line, found: Mark) -> Line:
    body = visible(text, found.rest, line.body.end)
    return replace(line, body=body, start_ms=found.start_ms, end_ms=found.end_ms or line.end_ms) if body else line


def counted(clock: str) -> int | None:
    """The milliseconds since a recording started; nothing for a time of day, since no interview takes six hours."""
    found = milliseconds(clock)
    return None if found is not None and found >= _DAY_MS and clock.count(":") == 2 else found


def milliseconds(clock: str) -> int | None:
    """`00:01:05`, `01:05`, `00:01:05.250` or `00:01:05-2` in milliseconds."""
    if not clock:
        return None
    if len(clock) == 8 and clock[2] == clock[5] == ":":  # most are written so
        return (int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:])) * 1000
    whole, _, fraction = clock.replace(",", ".").replace("-", ".").partition(".")
    seconds = 0
    for field in whole.split(":"):
        seconds = seconds * 60 + int(field)
    return seconds * 1000 + int(fraction.ljust(3, "0") if fraction else 0)
