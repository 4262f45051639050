"""What a file is, told by its content first and its name second, and the reader for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from types import MappingProxyType

from samaran.ingest import captions, chat, container, copied, roles, spans, table, turns
from samaran.ingest.text import decode
from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason, Transcript

UNEXPECTED_EXTENSION = "unexpected-extension"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: the name that transcripts carry, the extensions it usually has, and what is read of it."""

    name: str
    extensions: tuple[str, ...]
    reads: str


FORMATS = (
    Format("text", ("txt", "md"), "speaker turns by label, otherwise paragraphs"),
    Format(
        "docx",
        ("docx", "docm"),
        "paragraphs, tables, headers, footers, notes, comments, tracked changes, text boxes; authors, links",
    ),
    Format("srt", ("srt",), "cues with their times; labels written as `Name: text`"),
    Format("vtt", ("vtt",), "cues with their times; voice tags; notes"),
    Format("whatsapp", ("txt",), "messages with sender and date, Android and iOS, Indonesian and English; notices; group title"),
    Format("copied-chat", ("txt",), "messages copied from MiChat, Teams or Telegram: a line with sender and time, text below"),
    Format("csv", ("csv", "tsv", "txt"), "cells with their heading; `,` `;` or tab"),
    Format("xlsx", ("xlsx", "xlsm"), "cells with their heading, all sheets, cell comments; authors, links"),
)
_EXTENSIONS = {f.name: f.extensions for f in FORMATS}
_OTHER = re.compile(
    rb"%PDF-|\x89PNG|\xff\xd8\xff|GIF8|RIFF|OggS|ID3|\x1f\x8b|7z\xbc\xaf|Rar!|BM.{4}\0\0\0\0|.{4}ftyp"
    rb"|SQLite format 3|\x7fELF|MZ\x90"
    rb"|\xef?\xbb?\xbf?\s{0,20}(?:\{\\rtf|<\?xml|<!doctype|<html|\{\s{0,80}\"|\[\s{0,80}\{\s{0,80}\")",
    re.DOTALL | re.IGNORECASE,
)


def read(data: bytes, name: str, *, encoding: str = "", speakers: Mapping[str, str] = MappingProxyType({})) -> Transcript:
    """The transcript of a file. `name` only helps where the content leaves a choice; `encoding` is the study's, for text that
    is neither UTF-8 nor UTF-16; `speakers` maps labels to roles.

    Raises `Unreadable` with the reason for which a file is quarantined, and `UsageError` where the study's config is wrong.
    """
    if not data:
        raise Unreadable(Reason.EMPTY)
    warnings: tuple[str, ...] = ()
    if data.startswith(b"PK\x03\x04"):
        transcript = _office(data, speakers)
    elif data.startswith(container.OLE):
        raise Unreadable(Reason.UNKNOWN_FORMAT if container.is_old_office(data) else Reason.PASSWORD)
    elif _OTHER.match(data[:400]):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    else:
        text, warnings = decode(data, encoding)
        transcript = read_text(text, name, speakers=speakers)
    if not transcript.lines:
        raise Unreadable(Reason.EMPTY)
    extension = PurePosixPath(name).suffix.removeprefix(".").casefold()
    if extension not in _EXTENSIONS[transcript.format]:
        warnings += (UNEXPECTED_EXTENSION,)
    return replace(transcript, warnings=transcript.warnings + warnings)


def read_text(text: str, name: str = "text.txt", *, speakers: Mapping[str, str] = MappingProxyType({})) -> Transcript:
    """The transcript of a text that is decoded already; its `text` is that text, exactly. An empty text has no lines."""
    found = _plain(text, PurePosixPath(name).suffix.casefold() in (".csv", ".tsv"), speakers)
    return replace(found, lines=roles.assigned(text, found.lines, speakers))


def _plain(text: str, table_hinted: bool, speakers: Mapping[str, str]) -> Transcript:
    if captions.is_vtt(text) or captions.is_srt(text):
        return captions.read(text, speakers)
    if chat.is_chat(text):
        return chat.read(text)
    if copied.is_copied(text):
        return copied.read(text)
    if mark := table.delimiter(text, table_hinted):
        return table.read(text, mark)
    lines = turns.labelled(text, spans.paragraphs(text), speakers)
    return Transcript("text", text, tuple(turns.joined(text, lines)))


def _office(data: bytes, speakers: Mapping[str, str]) -> Transcript:
    names = container.members(data)
    if "xl/workbook.xml" in names:
        from samaran.ingest import xlsx  # both libraries take their time to load: only where such a file comes

        return xlsx.read(data)
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        from samaran.ingest import docx

        found = docx.read(data, speakers)
        return replace(found, lines=roles.assigned(found.text, found.lines, speakers))
    raise Unreadable(Reason.UNKNOWN_FORMAT)
