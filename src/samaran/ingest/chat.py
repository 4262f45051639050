"""WhatsApp exports: Android and iOS heads, Indonesian and English.

A message is a line: the body is what was written, the label its sender, the stamp the calendar date of its head. A line
without a head continues the message before. Notices of the app have the role SYSTEM and no sender; the group title in them
is a property.
"""

import re

from samaran.ingest.spans import physical, visible
from samaran.model import EntityType, Line, Part, Property, Span, SpeakerRole, Transcript

TEXT_BEFORE_FIRST_MESSAGE = "text-before-first-message"

_DATE = r"(?P<date>\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4})"
_GAP = "[ \u00a0\u2009\u202f]"
_TIME = rf"(?:pukul{_GAP}|at{_GAP})?\d{{1,2}}[:.]\d{{2}}(?:[:.]\d{{2}})?(?:{_GAP}?[AaPp]\.?{_GAP}?[Mm]\.?)?"
_MARKS = "[\u200e\u200f\ufeff]{0,4}"
_ANDROID = re.compile(rf"{_MARKS}{_DATE},?{_GAP}{_TIME}{_GAP}[-–]{_GAP}")
_IOS = re.compile(rf"{_MARKS}\[{_GAP}?{_DATE},?{_GAP}{_TIME}\]{_GAP}")
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


def head(text: str, start: int, end: int) -> re.Match[str] | None:
    """The head of a message at the start of this physical line."""
    window = min(end, start + _REACH)
    return _ANDROID.match(text, start, window) or _IOS.match(text, start, window)


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


def read(text: str) -> Transcript:
    """The messages of an export. Text before the first of them is kept as a note."""
    lines: list[Line] = []
    titles: dict[str, None] = {}
    open_message: tuple[re.Match[str], str] | None = None
    begin = finish = 0
    warnings: tuple[str, ...] = ()
    for number, (start, end) in enumerate(physical(text), 1):
        found = head(text, start, end)
        if found is None and open_message is None:
            if body := visible(text, start, end):
                lines.append(Line(len(lines) + 1, body, f"line {number}", Part.NOTE))
                warnings = (TEXT_BEFORE_FIRST_MESSAGE,)
            continue
        if found:
            if open_message:
                lines.append(_message(text, len(lines) + 1, *open_message, begin, finish))
            open_message, begin = (found, f"line {number}"), found.end()
        finish = end
    if open_message:
        lines.append(_message(text, len(lines) + 1, *open_message, begin, finish))
    for line in lines:
        if line.role is SpeakerRole.SYSTEM:
            titles |= dict.fromkeys(_TITLE.findall(line.body.of(text)))
    properties = tuple(Property("group title", title, EntityType.ONLINE_ID) for title in titles)
    return Transcript("whatsapp", text, tuple(lines), properties, warnings)


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


def _first_line(text: str, span: Span) -> int:
    end = text.find("\n", span.start, span.end)
    return span.end if end < 0 else end


def _sender(text: str, start: int, end: int) -> Span | None:
    """The sender without direction marks and the `~` of unsaved contacts."""
    span = visible(text, start, end)
    while span and text[span.start] == "~" and text[span.start + 1 : span.start + 2].isspace():
        span = visible(text, span.start + 1, span.end)
    return span


def _actor(text: str, notice: Span) -> Span | None:
    """Whom a notice is about, where it starts with a name: `Yuyun membuat grup`."""
    found = _ACTOR.match(text, notice.start, min(notice.end, notice.start + 120))
    if found is None or found[1].split()[0].casefold() in _ANYBODY:
        return None
    return _sender(text, *found.span(1))
