"""Captions: SubRip (.srt) and WebVTT (.vtt), with the voices that Teams and Zoom write into them.

Each cue is a line; a cue with two voice tags is two. Notes, style blocks and cue names that are not numbers are notes.
"""

import re
from collections.abc import Mapping

from samaran.ingest import making
from samaran.ingest.spans import numbered, physical, visible
from samaran.ingest.turns import labelled
from samaran.model import Line, Part, Span, Transcript

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s{{0,8}}{_TIME}\s{{1,8}}-->\s{{1,8}}{_TIME}")
_CUE_NUMBER = re.compile(r"[0-9]{1,9}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{1,60})?\s+([^<>\n]{1,120})>")
_CLOSING = re.compile(r"</v>\s{0,20}$")
_SETTINGS = re.compile(r"(?:[a-zA-Z]{1,16}:\S{1,40}\s{0,8}){1,8}")


def is_vtt(text: str) -> bool:
    """Whether the text begins as WebVTT must."""
    return re.match(r"\ufeff?WEBVTT(?=[ \t\r\n]|$)", text) is not None


def is_srt(text: str) -> bool:
    """Whether the first block is a number and a timing."""
    shown = [line for start, end in physical(text[:4000]) if (line := text[start:end].strip())]
    return len(shown) >= 2 and _CUE_NUMBER.fullmatch(shown[0]) is not None and _TIMING.match(shown[1]) is not None


def read(text: str, speakers: Mapping[str, str]) -> Transcript:
    """The cues in the order of the file, with their times. Labels written as `Name: text` are told as in any transcript."""
    lines: list[Line] = []
    cue: re.Match[str] | None = None
    number = 0
    begin = finish = -1  # what is said in the open cue
    above: Line | None = None  # a line above a timing may be the cue's name
    header = is_vtt(text)
    for row, (start, end) in enumerate(physical(text), 1):
        body = visible(text, start, end)
        timing = _TIMING.match(text, start, min(end, start + 80)) if body and text[body.start].isdigit() else None
        if timing:
            if cue:
                lines += _cue(text, cue, number, begin, finish)
            if above and not _CUE_NUMBER.fullmatch(text, above.body.start, above.body.end):
                lines.append(above)
            cue, number, begin, finish, above = timing, number + 1, -1, -1, None
            if rest := _settings(text, timing.end(), end):
                lines.append(making.line(0, rest, f"line {row}", Part.NOTE))
        elif body is None:
            if cue:
                lines += _cue(text, cue, number, begin, finish)
                cue = None
        elif cue:
            begin, finish = (start if begin < 0 else begin), end
        else:
            if above:
                lines.append(above)
            above = None if row == 1 and header else making.line(0, body, f"line {row}", Part.NOTE)
            if row == 1 and header and (rest := visible(text, body.start + len("WEBVTT"), end)):
                lines.append(making.line(0, rest, "line 1", Part.NOTE))
    if cue:
        lines += _cue(text, cue, number, begin, finish)
    if above:
        lines.append(above)
    if not any(line.label for line in lines):
        cues = [line for line in lines if line.part is Part.BODY]
        turns = {line.body.end: line for line in labelled(text, cues, speakers)}
        lines = [_timed(line, turns.get(line.body.end)) for line in lines]
    return Transcript("vtt" if header else "srt", text, tuple(numbered(lines)))


def _timed(cue: Line, turn: Line | None) -> Line:
    """The cue with the label found in it; its own times stay."""
    return making.like(cue, body=turn.body, label=turn.label) if turn and cue.part is Part.BODY else cue


def _settings(text: str, start: int, end: int) -> Span | None:
    """What follows a timing and is no cue setting such as `align:start`."""
    rest = visible(text, start, end)
    return None if rest is None or _SETTINGS.fullmatch(text, rest.start, rest.end) else rest


def _cue(text: str, timing: re.Match[str], number: int, begin: int, finish: int) -> list[Line]:
    span = visible(text, begin, finish) if begin >= 0 else None
    if span is None:
        return []
    start_ms, end_ms = _milliseconds(timing.groups()[:4]), _milliseconds(timing.groups()[4:])
    cue = making.line(0, span, f"cue {number}", start_ms=start_ms, end_ms=end_ms)
    voices = list(_VOICE.finditer(text, span.start, span.end))
    if not voices:
        return [cue]
    found = []
    if lead := visible(text, span.start, voices[0].start()):
        found.append(making.like(cue, body=lead))
    for voice, stop in zip(voices, [v.start() for v in voices[1:]] + [span.end], strict=True):
        label = visible(text, *voice.span(1))
        closing = _CLOSING.search(text, max(voice.end(), stop - 40), stop)
        body = visible(text, voice.end(), closing.start() if closing else stop)
        if body or label:
            found.append(making.like(cue, body=body or label or span, label=label))
    return found


def _milliseconds(clock: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = (part or "0" for part in clock)
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
