"""Chats copied from a screen: a line with the sender and the time, and what was written below it.

MiChat: chat heads `=== name · 1,2 km ===`, day lines `Sel, 4 Apr`, senders `name  20:51` or `name 20:51`. Also Teams
(`Name   0:03`) and Telegram (`Name, 2 Jan 2024 16:40`, `Name, [02.01.24 16:40]`, `Name, [16:40]`).
"""

import re
from collections import Counter

from samaran.ingest import making
from samaran.ingest.clocks import counted as since_start
from samaran.ingest.spans import numbered, physical, visible
from samaran.model import Line, Part, Span, SpeakerRole, Transcript

_CLOCK = r"(?P<clock>\d{1,2}[:.]\d{2}(?::\d{2})?)(?:\s?[AaPp][Mm])?"
_DAY = r"\d{1,2}[ /.\-](?:[^\W\d_]{3,10}|\d{1,2})(?:[ /.\-]\d{2,4})?"
_HEADS = (
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?)(?<!:)(?:[ \u00a0]{{2,12}}|\t){_CLOCK}"),
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?), (?P<date>{_DAY}),?(?: at| pukul)? {_CLOCK}"),
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?), \[(?:(?P<date>{_DAY}),? )?{_CLOCK}\]"),
)
_DATE = r"(?P<date>\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
_NEAR = re.compile(rf"(?m)^(?P<name>[^\s\[][^\t\n]{{0,40}}?)(?<!:) (?:{_DATE},? )?{_CLOCK}$")
"""A sender with a single blank before the time. Only where the same name stands so again: a sentence may end in a time, too."""

_NO_NAME = re.compile(r"(?:jam|pukul|pkl|tabuh|at|until|sampai|nepi|kira-kira|sekitar)$", re.IGNORECASE)
_TITLE = re.compile(r"={3,}\s(?P<name>[^\n]{1,80}?)(?P<about>\s·\s[^\n]{1,40}?)?\s={3,}")
_WEEKDAY = (
    r"(?:sen(?:in)?|sel(?:asa)?|rab(?:u)?|rebo|kam(?:is)?|kemis|jum(?:at)?|sab(?:tu)?|saptu|min(?:ggu)?|ahad|"
    r"mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_DAY_LINE = re.compile(rf"[—–\-\s]{{0,4}}(?:{_WEEKDAY},? )?(?P<date>{_DAY})[—–\-\s]{{0,4}}", re.IGNORECASE)
_NOTICE = re.compile(r"(?:Anda|Kamu|You) (?:telah |have )?(?:memblokir|blocked|dilaporkan|menambahkan|berteman)", re.IGNORECASE)
_REACH = 140


def is_copied(text: str) -> bool:
    """Whether at least three lines, and one in six of the first thousand, are a sender with a time and text below."""
    heads, shown, before = 0, 0, False
    near = _near(text[:200_000])
    for start, end in physical(text[:200_000]):
        if shown >= 1000:
            break
        if visible(text, start, end) is None:
            before = False
            continue
        shown += 1
        found = _head(text, start, end, near) is not None
        heads += before and not found
        before = found
    return heads >= 3 and heads * 6 >= shown


def _near(text: str) -> frozenset[str]:
    """The names that stand twice or more on lines of their own with one blank before a time."""
    seen = Counter(found["name"] for found in _NEAR.finditer(text.replace("\r", "")) if not _NO_NAME.search(found["name"]))
    return frozenset(name for name, count in seen.items() if count > 1)


def _head(text: str, start: int, end: int, near: frozenset[str]) -> re.Match[str] | None:
    """The head that a line is. `near`: senders who may stand right before the time."""
    span = visible(text, start, end)
    if span is None or len(span) > _REACH or not (text[span.end - 1].isdigit() or text[span.end - 1] in "Mm]"):
        return None
    found = next((found for shape in _HEADS if (found := shape.fullmatch(text, span.start, span.end))), None)
    if found is None and near and (close := _NEAR.match(text, span.start, span.end)) and close["name"] in near:
        return close if close.end() == span.end else None
    return found


def read(text: str) -> Transcript:
    """One line a message. Heads and day lines are lines of their own; the name in a head and the date in a day line are
    marked as label and stamp inside of the body."""
    lines: list[Line] = []
    near = _near(text)
    first = next((found for start, end in physical(text) if (found := _head(text, start, end, near))), None)
    counted = first is not None and first["clock"].startswith("0:")
    sender: re.Match[str] | None = None
    open_line = False
    for number, (start, end) in enumerate(physical(text), 1):
        body, ref = visible(text, start, end), f"line {number}"
        if body is None:
            if sender and not open_line:
                lines.append(_silent(sender, ref, counted))
            sender, open_line = None, False
        elif found := _head(text, start, end, near):
            if sender and not open_line:
                lines.append(_silent(sender, ref, counted))
            sender, open_line = found, False
        elif special := _special(text, body, ref):
            if sender and not open_line:
                lines.append(_silent(sender, ref, counted))
            lines.append(special)
            sender, open_line = None, False
        elif sender and open_line:
            before = lines.pop()
            lines.append(_said(sender, making.span(before.body.start, body.end), before.ref, counted))
        elif sender:
            lines.append(_said(sender, body, ref, counted))
            open_line = True
        else:
            lines.append(making.line(0, body, ref, Part.BODY if lines else Part.NOTE))
    if sender and not open_line:
        lines.append(_silent(sender, "end", counted))
    return Transcript("copied-chat", text, tuple(numbered(lines)))


def _said(head: re.Match[str], body: Span, ref: str, counted: bool) -> Line:
    # Teams and Otter count from the start of the recording (0:03), the others tell the time of day.
    counted = head.re is _HEADS[0] and (counted or re.match(r"\d:\d{2}", head["clock"]) is not None)
    start_ms = since_start(head["clock"]) if counted or head["clock"].count(":") == 2 else None
    stamp = making.span(*head.span("date")) if head.groupdict().get("date") else None
    return making.line(0, body, ref, label=making.span(*head.span("name")), stamp=stamp, start_ms=start_ms)


def _silent(head: re.Match[str], ref: str, counted: bool) -> Line:
    """A sender with nothing below: the name is all there is."""
    return _said(head, making.span(*head.span("name")), ref, counted)


def _special(text: str, body: Span, ref: str) -> Line | None:
    if title := _TITLE.fullmatch(text, body.start, body.end):
        label = making.span(*title.span("name")) if title["about"] else None
        return making.line(0, body, ref, Part.HEADER, label=label, role=SpeakerRole.SYSTEM)
    if len(body) < 60 and (day := _DAY_LINE.fullmatch(text, body.start, body.end)):
        return making.line(0, body, ref, stamp=making.span(*day.span("date")), role=SpeakerRole.SYSTEM)
    if len(body) < 200 and _NOTICE.match(text, body.start, body.end):
        return making.line(0, body, ref, role=SpeakerRole.SYSTEM)
    return None
