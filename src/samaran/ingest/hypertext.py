"""HTML: chats as Telegram, Facebook, Instagram and WhatsApp Web write them, by message; other pages by paragraph and cell.

A message is told by the class names of its program. Above each stands who wrote it and when, as in `telegram`. What a page shows
around its messages (replies, media, reactions) is a note.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from samaran.ingest import table
from samaran.ingest.document import PICTURES
from samaran.ingest.markup import Page, Piece, Reader, page
from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet, numbered
from samaran.ingest.telegram import MEDIA, write_head
from samaran.ingest.turns import transcribed
from samaran.model import EntityType, Line, Part, Property, Span, SpeakerRole, Transcript

_START = re.compile(
    r"\ufeff?\s{0,200}(?:<\?xml[^>]{0,200}\?>\s{0,200}|<!--.{0,2000}?-->\s{0,200}){0,4}<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,4}=\s{0,4}[\"']?\s{0,4}((?:windows-|cp)125\d|iso-8859-\d{1,2})\b", re.IGNORECASE
)
_SAVED = re.compile(r"<!-- saved from url=\(\d{1,6}\)(\S{1,2000}) -->")
_PROGRAMS: Mapping[str, Mapping[str, str]] = {
    'class="from_name"': {
        "message": "message",
        "from_name": "name",
        "date": "date",
        "forwarded": "forwarded",
        "reply_to": "note",
        "reactions": "note",
        "userpic_wrap": "note",
        "media_wrap": "media",
        "page_header": "header",
    },
    "_a6-g": {"_a6-g": "message", "_a6-h": "name", "_a6-o": "date", "_a6-q": "note"},
    "_2lej": {"_2lej": "message", "_2lek": "name", "_2lem": "date"},
    "data-pre-plain-text": {},
}
_PRE_PLAIN = re.compile(r"\s*\[(?P<date>[^\]]{1,60})\]\s*(?P<name>.{1,120}?)\s*:\s*")
_DAY = re.compile(
    r"\d{1,4}[./\-]\d{1,2}[./\-]\d{2,4}|\d{1,2}\.? [^\W\d_]{3,12}\.? \d{4}|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}", re.IGNORECASE
)
_KNOWN_META = {"author": EntityType.PERSON, "description": None, "keywords": None}


def is_page(data: bytes) -> bool:
    """Whether the bytes start as a page of HTML."""
    head = data[:6000]
    name = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _START.match(head.decode(name, "ignore")) is not None


def charset(data: bytes) -> str:
    """The encoding of one byte a character that a page names; nothing where it names none."""
    found = _CHARSET.search(data[:4000])
    return found[1].decode("ascii", "ignore") if found else ""


def read(text: str, speakers: Mapping[str, str]) -> Transcript:
    """The messages or paragraphs in the order of the page."""
    marks = next((marks for sign, marks in _PROGRAMS.items() if sign in text), None)
    reader = _Marked(marks or {})
    found = page(text, reader)
    sheet, properties, warnings = Sheet(), dict[Property, None](), dict[str, None]()
    pieces = [piece for piece in found.pieces if piece.mark != "title"]
    titles = [piece.text for piece in found.pieces if piece.mark in ("title", "header")]
    name, kind = ("title", None) if marks is None else ("chat name", EntityType.ONLINE_ID)
    properties |= {Property(name, title, kind): None for title in titles} | dict.fromkeys(reader.said)
    if marks is None:
        _paragraphs(sheet, pieces)
        spoken = [line for line in sheet.lines if line.part is Part.BODY and not line.label]
        others = [line for line in sheet.lines if line.part is not Part.BODY or line.label]
        lines = numbered(sorted(others + transcribed(sheet.text, spoken, speakers), key=lambda line: line.body))
    else:
        sender = ""
        for number, group in groupby(pieces, key=lambda piece: piece.message):
            sender = _message(sheet, list(group), reader.messages[number], sender, properties)
        lines = sheet.lines
    if any(piece.mark == "media" for piece in pieces):
        warnings[MEDIA] = None
    elif found.sources:
        warnings[PICTURES] = None
    properties |= dict.fromkeys(_led_to(text, found))
    return Transcript("html", sheet.text, tuple(lines), tuple(properties), tuple(warnings))


@dataclass(slots=True, repr=False)
class _Message:
    """What an element that holds a message says of it."""

    service: bool = False
    joined: bool = False
    name: str = ""
    date: str = ""


class _Marked(Reader):
    """A page in whose elements messages, senders and dates are told by class names."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        super().__init__()
        self.known = marks
        self.messages = [_Message()]
        self.said: list[Property] = []
        self.open: list[tuple[str, int]] = [("", 0)]

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        classes = attributes.get("class", "").split()
        mark = next((self.known[name] for name in classes if name in self.known), "title" if tag == "title" else "")
        before, message = self.open[-1]
        said = _PRE_PLAIN.fullmatch(attributes.get("data-pre-plain-text", ""))
        if mark or said:
            self.end_paragraph()
        if mark == "message" or said:
            self.messages.append(
                _Message("service" in classes, "joined" in classes, *(said.group("name", "date") if said else ()))
            )
            mark, message = "message", len(self.messages) - 1
        elif before in ("forwarded", "note", "media") and mark in ("name", "date"):
            mark = "forwarded-name" if (before, mark) == ("forwarded", "name") else "note"
        self.open.append((mark or ("" if before in ("message", "title") else before), message))
        content = attributes.get("content", "").strip()
        if tag == "meta" and content and (key := attributes.get("name", "").casefold()) in _KNOWN_META:
            self.said.append(Property(key, content, _KNOWN_META[key]))
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        """A tag closes."""
        if len(self.open) > 1:
            if self.open[-1] != self.open[-2]:
                self.end_paragraph()
            self.open.pop()
        super().end(tag)

    def piece(self, text: str) -> Piece:
        """A paragraph, with its mark and message."""
        made = super().piece(text)
        made.mark, made.message = self.open[-1]
        return made


def _message(sheet: Sheet, pieces: Sequence[Piece], about: _Message, sender: str, properties: dict[Property, None]) -> str:
    """Add a message, or what stands between messages; returns its sender."""
    number = pieces[0].message
    name = next((piece.text for piece in pieces if piece.mark == "name"), about.name or (sender if about.joined else ""))
    date = next((piece.text for piece in pieces if piece.mark == "date"), about.date)
    properties |= {Property("forwarded_from", p.text, EntityType.PERSON): None for p in pieces if p.mark == "forwarded-name"}
    label = stamp = None
    if number and not about.service:
        label, written = write_head(sheet, name, date)
        day = _DAY.search(date)
        stamp = Span(written.start + day.start(), written.start + day.end()) if written and day else None
    elif name or date:
        sheet.add(f"{name} {date}", f"message {number}", Part.NOTE, role=SpeakerRole.SYSTEM)
    ref = f"message {number}" if number else "page"
    count = len(sheet.lines)
    for mark, group in groupby((p for p in pieces if p.mark not in ("name", "date")), key=lambda piece: piece.mark):
        body = mark in ("", "message", "forwarded") and number
        part = Part.BODY if body else Part.HEADER if mark == "header" else Part.NOTE
        role = SpeakerRole.SYSTEM if about.service or not number else SpeakerRole.UNKNOWN
        sheet.add("\n".join(piece.text for piece in group), ref, part, label=label, stamp=stamp, role=role)
    if label and len(sheet.lines) == count:  # who wrote and when is all there is
        sheet.lines.append(Line(len(sheet.lines) + 1, label, ref, label=label, stamp=stamp))
    return name


def _paragraphs(sheet: Sheet, pieces: Sequence[Piece]) -> None:
    """Add the paragraphs of a page that is no chat. A table that is a transcript has its speakers in the first column."""
    grids: dict[int, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for piece in pieces:
        if piece.cell:
            number, row, column = piece.cell
            cells = grids[number][row]
            cells[column] = f"{cells[column]} {piece.text}" if column in cells else piece.text
    shapes = {number: _shape(grid) for number, grid in grids.items()}
    titles: dict[tuple[int, int], Span] = {}
    speaker: dict[tuple[int, int], Span] = {}
    for count, piece in enumerate(pieces, 1):
        if not piece.cell or not (shape := shapes[piece.cell[0]]):
            sheet.add(piece.text, f"paragraph {count}")
            continue
        number, row, column = piece.cell
        ref = f"table {number} cell {table.column_name(column)}{row + 1}"
        if shape == (True, None):
            if column == 0 and len(grids[number][row]) > 1:
                speaker[number, row] = sheet.write(piece.text.rstrip(": ") or piece.text)
            else:
                sheet.add(piece.text, ref, label=speaker.get((number, row)))
            continue
        span = sheet.add(piece.text, ref, Part.CELL, column=titles.get((number, column)))
        if row == shape[1] and span:
            titles.setdefault((number, column), span)


def _shape(grid: Mapping[int, Mapping[int, str]]) -> tuple[bool, int | None] | None:
    """Whether a table is a transcript, and the row of its headings; nothing where it only lays out a page."""
    width = max(max(row) for row in grid.values()) + 1
    if len(grid) < 2 or width < 2 or width > 200:
        return None
    shown = [[grid[r].get(c, "") for c in range(width)] for r in sorted(grid)]
    if table.spoken(shown):
        return True, None
    at = table.heading(shown)
    return False, None if at is None else sorted(grid)[at]


def _led_to(text: str, found: Page) -> Iterator[Property]:
    """Where the page's links lead, what its media are called, where it was saved from."""
    if saved := _SAVED.search(text[:4000]):
        yield link(saved[1])
    yield from (link(target) for target in found.links if not target.startswith(("#", "javascript:")))
    yield from (Property("media file", source) for source in found.sources if not source.startswith("data:"))
