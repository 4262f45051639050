"""Chats copied from a screen: a line with the sender and the time, and what was written below it.

MiChat: chat heads `=== name · 1,2 km ===`, day lines `Sel, 4 Apr`, senders `name  20:51` or `name 20:51`. Also Teams
(`Name   0:03`) and Telegram (`Name, 2 Jan 2024 16:40`, `Name, [02.01.24 16:40]`, `Name, [16:40]`).
"""

import re
from collections import Counter
from itertools import pairwise

from samaran.ingest import making
from samaran.ingest.clocks import counted as since_start
from samaran.ingest.spans import breaks, paragraphs, shown, visible
from samaran.model import Line, Part, Span, SpeakerRole, Transcript

_CLOCK = r"(?P<clock>\d{1,2}[:.]\d{2}(?::\d{2})?)(?:\s?[AaPp][Mm])?"
_DAY = r"\d{1,2}[ /.\-](?:[^\W\d_]{3,10}|\d{1,2})(?:[ /.\-]\d{2,4})?"
_HEADS = (
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?)(?<!:)(?:[ \u00a0]{{2,12}}|\t){_CLOCK}"),
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?), (?P<date>{_DAY}),?(?: at| pukul)? {_CLOCK}"),
    re.compile(rf"(?P<name>\S[^\t\n]{{0,60}}?), \[(?:(?P<date>{_DAY}),? )?{_CLOCK}\]"),
)
_DATE = r"(?P<date>\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
_NEAR = re.compile(rf"(?P<name>[^\s\[:][^\t\n:]{{0,40}}?)(?<!\s) (?:{_DATE},? )?{_CLOCK}")
"""A sender with a single blank before the time. Only where the same name stands so again: a sentence may end in a time, too. A
colon before it is that of a speaker, who said the time."""

_NO_NAME = re.compile(r"(?:jam|pukul|pkl|tabuh|at|until|sampai|nepi|kira-kira|sekitar)$", re.IGNORECASE)
_TITLE = re.compile(r"={3,}\s(?P<name>[^\n]{1,80}?)(?P<about>\s·\s[^\n]{1,40}?)?\s={3,}")
_WEEKDAY = (
    r"(?:sen(?:in)?|sel(?:asa)?|rab(?:u)?|rebo|kam(?:is)?|kemis|jum(?:at)?|sab(?:tu)?|saptu|min(?:ggu)?|ahad|"
    r"mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_DAY_LINE = re.compile(rf"[—–\-\s]{{0,4}}(?:{_WEEKDAY},? )?(?P<date>{_DAY})[—–\-\s]{{0,4}}", re.IGNORECASE)
_NOTICE = re.compile(r"(?:Anda|Kamu|You) (?:telah |have )?(?:memblokir|blocked|dilaporkan|menambahkan|berteman)", re.IGNORECASE)
_REACH = 140
_TAIL = re.compile(r"[ \u00a0\t\[]\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?\]?[^\S\r\n]*(?=[\r\n]|\Z)")
"""What a head ends with."""


def is_copied(text: str) -> bool:
    """Whether at least three lines, and one in six of the first thousand, are a sender with a time and text below."""
    sample = text[:200_000]
    found = {head.start() for head in _heads(sample)}
    if len(found) < 3:
        return False
    lines = paragraphs(sample)[:1000]
    below = pairwise(lines)
    said = sum(
        one.body.start in found and two.body.start not in found and not _apart(sample, one.body.end, two.body.start)
        for one, two in below
    )
    return said >= 3 and said * 6 >= len(lines)


def _apart(text: str, end: int, start: int) -> bool:
    """Whether a blank line stands between the end of a line and the start of the next."""
    return start - end > 1 and breaks(text, end, start, lone=True) > 1


def _heads(text: str) -> list[re.Match[str]]:
    """The lines that are heads, told from the time at their end."""
    found: list[re.Match[str]] = []
    near: list[re.Match[str]] = []
    returns = "\r" in text
    for tail in _TAIL.finditer(text):
        start = text.rfind("\n", 0, tail.start()) + 1
        if returns:
            start = max(start, text.rfind("\r", 0, tail.start()) + 1)
        span = visible(text, start, tail.end())
        if span is None or span.end - span.start > _REACH:
            continue
        for shape in _HEADS:
            if head := shape.fullmatch(text, span.start, span.end):
                found.append(head)
                break
        else:
            near += [head] if (head := _NEAR.fullmatch(text, span.start, span.end)) else []
    names = Counter(head["name"] for head in near)
    again = [head for head in near if names[head["name"]] > 1 and not _NO_NAME.search(head["name"])]
    return sorted(found + again, key=re.Match.start) if again else found


def read(text: str) -> Transcript:
    """One line a message. Heads and day lines are lines of their own; the name in a head and the date in a day line are
    marked as label and stamp inside of the body."""
    heads = _heads(text)
    counted = bool(heads) and heads[0]["clock"].startswith("0:")
    lone = text.count("\r") != text.count("\r\n")
    lines: list[Line] = []
    row, at = 1, 0
    for sender, following in pairwise([None, *heads, None]):
        end = following.start() if following else len(text)
        begin = sender.end() if sender else 0
        row += breaks(text, at, begin, lone=True) if lone else text.count("\n", at, begin)
        at = begin
        below = text.find("\n", begin + 1, end)
        if sender and not lone and begin + 1 < below and end - below < 3 and not text[below:end].strip():
            first, last = text[begin + 1], text[below - 1]  # one line below the head, as most have
            body, ref = making.span(begin + 1, below), f"line {row + 1}"
            if "!" <= first <= "~" and "!" <= last <= "~" and not _special(text, body, ref):
                lines.append(_said(len(lines) + 1, sender, body, ref, counted))
                continue
        _block(lines, text, (begin, end), row, sender, counted=counted, lone=lone)
    return Transcript("copied-chat", text, tuple(lines))


def _block(
    lines: list[Line], text: str, where: tuple[int, int], row: int, sender: re.Match[str] | None, *, counted: bool, lone: bool
) -> None:
    """Add what stands between two heads: what the sender of the first wrote right below it, and what else there is."""
    said: Span | None = None
    before, ref = where[0], f"line {row + 1}"
    for start, end in shown(text, *where):
        body = making.span(start, end)
        row += breaks(text, before, start, lone=lone)
        special = _special(text, body, f"line {row}")
        if sender and (special or _apart(text, said.end if said else where[0], start)):
            lines.append(_said(len(lines) + 1, sender, said, ref, counted))
            sender = None
        if special:
            lines.append(making.like(special, n=len(lines) + 1))
        elif sender:
            said, ref = (making.span(said.start, end), ref) if said else (body, f"line {row}")
        else:
            lines.append(making.line(len(lines) + 1, body, f"line {row}", Part.BODY if lines else Part.NOTE))
        before = start
    if sender:
        lines.append(_said(len(lines) + 1, sender, said, ref, counted))


def _said(n: int, head: re.Match[str], said: Span | None, ref: str, counted: bool) -> Line:
    """A message; of a sender with nothing below the name is all there is."""
    # Teams and Otter count from the start of the recording (0:03), the others tell the time of day.
    clock = head["clock"]
    first = head.re is _HEADS[0]
    start_ms = since_start(clock) if (first and (counted or clock[1] == ":")) or clock.count(":") == 2 else None
    stamp = None if first or not head["date"] else making.span(*head.span("date"))
    name = making.span(*head.span("name"))
    return making.line(n, said or name, ref, Part.BODY, name, stamp, SpeakerRole.UNKNOWN, start_ms)


def _special(text: str, body: Span, ref: str) -> Line | None:
    start, end = body.start, body.end
    if text[start] == "=" and (title := _TITLE.fullmatch(text, start, end)):
        label = making.span(*title.span("name")) if title["about"] else None
        return making.line(0, body, ref, Part.HEADER, label=label, role=SpeakerRole.SYSTEM)
    if end - start < 60 and (day := _DAY_LINE.fullmatch(text, start, end)):
        return making.line(0, body, ref, stamp=making.span(*day.span("date")), role=SpeakerRole.SYSTEM)
    if end - start < 200 and text[start] in "AKYaky" and _NOTICE.match(text, start, end):
        return making.line(0, body, ref, role=SpeakerRole.SYSTEM)
    return None
