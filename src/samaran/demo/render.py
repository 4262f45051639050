"""Marked text becomes files such as a field researcher has: documents, subtitles, sheets. The same text gives the same bytes.

Each renderer returns the bytes and the pieces of text in them, in the order in which they stand, marks included. What a reader
puts between the pieces (blank space, timestamps, markup) is its own affair.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime

from docx import Document
from openpyxl import Workbook

from samaran.demo.marks import Marked, join, parse

_LABEL = re.compile(r"(?:\d{1,2}\.)?[^\W\d][\w .]{0,24}:(?= )")
_STAMP = re.compile(r"\[(\d\d):(\d\d):(\d\d)\] ")
_WORDS_PER_SECOND = 2.2
_PAUSE_MS = 180


@dataclass(frozen=True, slots=True, repr=False)
class Rendered:
    """A file's bytes and its text: `pieces` in order, `asides` (header, footer, comment) somewhere."""

    data: bytes
    pieces: tuple[Marked, ...]
    asides: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """What a word processor knows beside the text. Marks in `header`, `footer` and `comment` are inline."""

    title: str
    author: str
    changed_by: str
    date: str  # ISO
    header: str = ""
    footer: str = ""
    comment: str = ""
    head_lines: int = 1  # lines of the head, after the title a table where they read `key : value`


def plain(text: Marked, encoding: str = "utf-8", newline: str = "\n") -> Rendered:
    """A text file."""
    whole = join(newline, text.split("\n"))
    bom = b"\xff\xfe" if encoding == "utf-16-le" else b""
    return Rendered(bom + whole.text.encode(encoding), (whole,))


def docx(text: Marked, office: Office) -> Rendered:
    """A document: title, head (a table where it has keys and values), turns with bold labels, header, footer, a comment."""
    when = datetime.fromisoformat(office.date).replace(hour=20, tzinfo=UTC)
    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = office.title, office.author, office.changed_by
    properties.created = properties.modified = when
    properties.comments = ""
    lines = [line.strip() for line in text.split("\n") if line.text.strip()]
    pieces = [lines[0]]
    document.add_heading(lines[0].text, level=1)
    rows = [_key_value(line) for line in lines[1 : office.head_lines]]
    if rows and all(rows):
        table = document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        for key, value in filter(None, rows):
            for cell, content in zip(table.add_row().cells, (key, value), strict=True):
                cell.text = content.text
                pieces.append(content)
    else:
        for line in lines[1 : office.head_lines]:
            document.add_paragraph(line.text)
            pieces.append(line)
    for line in lines[office.head_lines :]:
        paragraph = document.add_paragraph()
        label = _LABEL.match(line.text)
        cut = label.end() if label else 0
        if label:
            paragraph.add_run(line.text[:cut]).bold = True
        paragraph.add_run(line.text[cut:])
        pieces.append(line)
    asides = [parse(part) for part in (office.header, office.footer, office.comment)]
    section = document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = asides[0].text, asides[1].text
    if office.comment:
        runs = document.paragraphs[len(document.paragraphs) // 2].runs
        comment = document.add_comment(runs, asides[2].text, author=office.changed_by, initials=office.changed_by[0])
        comment._comment_elm.date = when
    out = io.BytesIO()
    document.save(out)
    return Rendered(_dated(out.getvalue(), when), tuple(pieces), tuple(part for part in asides if part.text))


def srt(text: Marked) -> Rendered:
    """Subtitles: a line is a cue. Its time is the `[hh:mm:ss]` before it, or else how long it takes to say."""
    cues = _cues(text)
    parts: list[Marked] = []
    for number, (start, end, line) in enumerate(cues, 1):
        parts.append(Marked(f"{number}\n{_clock(start, ',')} --> {_clock(end, ',')}\n") + line)
    return _one(join("\n\n", parts) + "\n")


def vtt(text: Marked, *, voices: bool) -> Rendered:
    """WebVTT: the head is a NOTE, a line is a cue; with `voices`, labels become voice tags."""
    head, *rest = _blocks(text)
    parts = [Marked("WEBVTT"), Marked("NOTE\n") + head]
    for start, end, line in _cues(join("\n", rest)):
        label = _LABEL.match(line.text) if voices else None
        if label:
            line = Marked("<v ") + line.cut(0, label.end() - 1) + ">" + line.cut(label.end() + 1)
        parts.append(Marked(f"{_clock(start, '.')} --> {_clock(end, '.')}\n") + line)
    return _one(join("\n\n", parts) + "\n")


def xlsx(text: Marked, office: Office) -> Rendered:
    """A workbook with one sheet; cells are what stands between semicolons, whole numbers are numbers."""
    when = datetime.fromisoformat(office.date).replace(hour=20)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = office.title
    pieces = []
    for row, line in enumerate(text.strip().split("\n"), 1):
        for column, cell in enumerate(line.split(";"), 1):
            if cell.text:
                number = row > 1 and cell.text.isdigit() and len(cell.text) < 7 and not cell.marks
                sheet.cell(row, column).value = int(cell.text) if number else cell.text
                pieces.append(cell)
    book.properties.creator, book.properties.lastModifiedBy = office.author, office.changed_by
    book.properties.created = book.properties.modified = when
    out = io.BytesIO()
    book.save(out)
    return Rendered(_dated(out.getvalue(), when.replace(tzinfo=UTC)), tuple(pieces))


def _one(whole: Marked) -> Rendered:
    return Rendered(whole.text.encode("utf-8"), (whole,))


def _blocks(text: Marked) -> tuple[Marked, ...]:
    """Head lines as one block, then every other line that says something."""
    lines = text.strip().split("\n")
    blank = next(i for i, line in enumerate(lines) if not line.text.strip())
    return (join("\n", lines[:blank]), *(line.strip() for line in lines[blank:] if line.text.strip()))


def _key_value(line: Marked) -> tuple[Marked, Marked] | None:
    at = line.text.find(":")
    return (line.cut(0, at).strip(), line.cut(at + 1).strip()) if 0 < at < 20 else None


def _cues(text: Marked) -> list[tuple[int, int, Marked]]:
    """(start, end, text) per line in milliseconds; a cue ends before the next begins."""
    timed: list[tuple[int, Marked]] = []
    at = 400
    for line in text.split("\n"):
        if len(set(line.text.strip())) < 2:  # blank, or a rule of dashes
            continue
        stamp = _STAMP.match(line.text)
        if stamp:
            hours, minutes, seconds = map(int, stamp.groups())
            at, line = ((hours * 60 + minutes) * 60 + seconds) * 1000, line.cut(stamp.end())
        timed.append((at, line.strip()))
        at += _spoken(line)
    ends = [start for start, _ in timed[1:]] + [at]
    return [(start, max(start + 500, end - _PAUSE_MS), line) for (start, line), end in zip(timed, ends, strict=True)]


def _spoken(line: Marked) -> int:
    return int(len(line.text.split()) / _WORDS_PER_SECOND * 1000) + _PAUSE_MS


def _clock(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _dated(archive: bytes, when: datetime) -> bytes:
    """The same zip with every member dated alike, and the moment of saving taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            member = zipfile.ZipInfo(name, when.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return out.getvalue()
