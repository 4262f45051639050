"""WhatsApp exports: Android and iOS heads, Indonesian and English.

A message is a line: the body is what was written, the label its sender, the stamp the calendar date of its head. A line
without a head continues the message before. Notices of the app have the role SYSTEM and no sender; the group title in them
is a property.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from samaran.ingest.making import line, span
from samaran.ingest.spans import INVISIBLE, blank, paragraphs, physical, visible
from samaran.model import EntityType, Line, Part, Property, Span, SpeakerRole, Transcript

TEXT_BEFORE_FIRST_MESSAGE = "text-before-first-message"

_DATE = r"(?P<date>\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4})"
_GAP = "[ \u00a0\u2009\u202f]"
_TIME = rf"(?:pukul{_GAP}|at{_GAP})?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?(?:{_GAP}?[AaPp]\.?{_GAP}?[Mm]\.?)?"
_MARKS = "[\u200e\u200f\ufeff]{0,4}"
_HEAD = rf"{_MARKS}(?P<box>\[{_GAP}?)?{_DATE},?{_GAP}{_TIME}(?(box)\]|{_GAP}[-–]){_GAP}"
_SAID = rf"(?:(?P<name>[^:\r\n]{{1,80}}): (?=[^\s\x00-\x20\x7f-\x9f{INVISIBLE}]))?"
_AT = re.compile(_HEAD + _SAID)
_NEXT = re.compile(rf"\n(?:{_HEAD}{_SAID})?")
"""From line break to line break, a literal first: so the engine jumps from one to the next. Where no head follows, the message
goes on."""

_NEXT_ANY = re.compile(rf"(?:\r\n?|\n)(?:{_HEAD}{_SAID})?")
_DATED, _NAMED = _AT.groupindex["date"], _AT.groupindex["name"]
_COLON = re.compile(r":(?: |$)")
_NOTICE = re.compile(
    r"""end-to-end|\bmembuat\sgrup|\bcreated\s(?:this\s)?group|\bbergabung\s(?:menggunakan|dari|melalui)|\bjoined\susing
    |\bditambahkan\b|\bmenambahkan\s\S|\badded\b|\bmengeluarkan\b|\bremoved\b|\btelah\skeluar\b|\bkeluar$|\bleft$
    |\bmengubah\s(?:subjek|nama|ikon|deskripsi|setelan|nomor|gambar|pengaturan|info)|\bchanged\s(?:the|this|their|to)
    |\bmengganti\s(?:nomor|subjek|ikon|nama)|\bkode\skeamanan|\bsecurity\scode|\bsekarang\s(?:admin|menjadi)
    |\bnow\san\sadmin|\bmenyematkan\b|\bpinned\sa\smessage|\bpesan\ssementara|\bdisappearing\smessages
    |\bmenghapus\s(?:ikon|foto)\b|\bmemulai\spanggilan|\bstarted\sa\scall|\bkomunitas\sini\b""",
    re.IGNORECASE | re.VERBOSE,
)
_TITLE = re.compile(
    r"(?:membuat grup|created (?:this )?group|(?:mengubah|changed)[^\n\"“]{0,40}(?:menjadi|ke|to))\s*[\"“]([^\n\"”]{1,100})[\"”]",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"(.{1,60}?)\s(?:membuat|created|bergabung|joined|menambahkan|added|mengeluarkan|removed|telah|keluar|left|mengubah|changed|mengganti|was)\b"
)
_ANYBODY = frozenset({"anda", "you", "pesan", "messages", "kode", "your", "kamu"})
_REACH = 60
_BODY = Part.BODY


def head(text: str, start: int, end: int) -> re.Match[str] | None:
    """The head of a message at the start of this physical line."""
    return _AT.match(text, start, min(end, start + _REACH))


def last_head(text: str) -> int:
    """Where the last message starts, 0 where none does but perhaps the first."""
    at = len(text)
    while (at := text.rfind("\n", 0, at)) >= 0:
        if _AT.match(text, at + 1):
            return at + 1
    return 0


def is_chat(text: str) -> bool:
    """Whether the text is a WhatsApp export: one of its first twenty lines is a head, and one line in five of the first
    thousand."""
    heads, shown, early = 0, 0, False
    for start, end in physical(text[:200_000]):
        if shown >= 1000:
            break
        if visible(text, start, end) is None:
            continue
        shown += 1
        if head(text, start, end):
            heads += 1
            early = early or shown <= 20
    return early and heads * 5 >= shown


def read(text: str, *, n: int = 0, rows: int = 0) -> Transcript:
    """The messages of an export. Text before the first of them is kept as a note. `n` and `rows` count the lines of the
    transcript and of the file that went before this text."""
    heads = _heads(text, rows + 1)
    row, head = next(heads)
    lines = _notes(text[: head.start() if head else len(text)], n, rows)
    n += len(lines)
    senders: dict[str, tuple[int, int] | None] = {}
    notices: list[Line] = []
    for following, after in heads:
        if head is None:
            break
        finish = after.start() if after else len(text)
        n += 1
        spans = head.regs
        start, end = spans[_NAMED]
        name = text[start:end] if start >= 0 else ""
        cut = senders[name] if name in senders else _cut(senders, name)
        if cut is None:
            message = _message(text, n, head, f"line {row}", start if name else head.end(), finish)
            notices.append(message)
        else:
            label = span(start + cut[0], end - cut[1])
            end = finish if text[finish - 1].isalnum() else _visible_end(text, finish)
            message = line(n, span(spans[0][1], end), f"line {row}", _BODY, label, span(*spans[_DATED]))
        lines.append(message)
        row, head = following, after
    titles = dict.fromkeys(
        title for notice in notices if notice.role is SpeakerRole.SYSTEM for title in _TITLE.findall(notice.body.of(text))
    )
    properties = tuple(Property("group title", title, EntityType.ONLINE_ID) for title in titles)
    warnings = (TEXT_BEFORE_FIRST_MESSAGE,) if lines and lines[0].part is Part.NOTE else ()
    return Transcript("whatsapp", text, tuple(lines), properties, warnings)


def _heads(text: str, row: int) -> Iterator[tuple[int, re.Match[str] | None]]:
    """The heads of all messages, each with the row it stands in, and at last none, twice. But for one at the very start, they
    begin at the line break before them."""
    lone = text.count("\r") != text.count("\r\n")
    first = _AT.match(text)
    if first:
        yield row, first
    for found in (_NEXT_ANY if lone else _NEXT).finditer(text, first.end() if first else 0):
        row += 1
        if found.lastindex:
            yield row, found
    yield row, None
    yield row, None


def _notes(text: str, n: int, rows: int) -> list[Line]:
    """What stands before the first message."""
    notes = paragraphs(text, Part.NOTE)
    return [replace(note, n=note.n + n, ref=f"line {rows + int(note.ref[5:])}") for note in notes] if n or rows else notes


def _cut(senders: dict[str, tuple[int, int] | None], name: str) -> tuple[int, int] | None:
    """How much of a sender is no name, at its start and end: None where there is none, or a notice that holds a colon. Kept in
    `senders`, since the same few people write every message."""
    who = None if not name or _NOTICE.search(name) else _sender(name, 0, len(name))
    senders[name] = (who.start, len(name) - who.end) if who else None
    return senders[name]


def _visible_end(text: str, end: int) -> int:
    while blank(text[end - 1]):
        end -= 1
    return end


def _message(text: str, n: int, found: re.Match[str], ref: str, begin: int, finish: int) -> Line:
    stamp = Span(*found.span("date"))
    whole = visible(text, begin, finish)
    if whole is None:  # a head and nothing else: the date is all that can identify
        return Line(n, stamp, ref, stamp=stamp, role=SpeakerRole.SYSTEM)
    colon = _COLON.search(text, whole.start, min(_first_line(text, whole), whole.start + 160))
    sender = _sender(text, whole.start, colon.start()) if colon else None
    if colon is None or sender is None or _NOTICE.search(text, whole.start, colon.start()):
        return Line(n, whole, ref, stamp=stamp, role=SpeakerRole.SYSTEM, label=_actor(text, whole))
    said = visible(text, colon.end(), whole.end)
    if said is None:
        return Line(n, sender, ref, label=sender, stamp=stamp)
    notice = text[colon.end() : said.start].strip(" ") == "\u200e" and _NOTICE.search(
        text, said.start, min(said.end, said.start + 300)
    )
    return Line(n, said, ref, label=sender, stamp=stamp, role=SpeakerRole.SYSTEM if notice else SpeakerRole.UNKNOWN)


def _first_line(text: str, whole: Span) -> int:
    end = text.find("\n", whole.start, whole.end)
    return whole.end if end < 0 else end


def _sender(text: str, start: int, end: int) -> Span | None:
    """The sender without direction marks and the `~` of unsaved contacts."""
    shown = visible(text, start, end)
    while shown and text[shown.start] == "~" and text[shown.start + 1 : shown.start + 2].isspace():
        shown = visible(text, shown.start + 1, shown.end)
    return shown


def _actor(text: str, notice: Span) -> Span | None:
    """Whom a notice is about, where it starts with a name: `Yuyun membuat grup`."""
    found = _ACTOR.match(text, notice.start, min(notice.end, notice.start + 120))
    if found is None or found[1].split()[0].casefold() in _ANYBODY:
        return None
    return _sender(text, *found.span(1))
