"""What a file is, told by its content first and its name second, and the reader for it."""

import gc
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from samaran.ingest import (
    archive,
    captions,
    chat,
    container,
    copied,
    hypertext,
    images,
    known,
    mail,
    roles,
    rtf,
    spans,
    table,
    telegram,
    tools,
    turns,
)
from samaran.ingest.formats import FORMATS, UNEXPECTED_EXTENSION
from samaran.ingest.text import decode, decoded
from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason, Transcript

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,80}[\[{]\s{0,80}[\"{]")
_ODF = b"application/vnd.oasis.opendocument."
_WRITTEN = frozenset({"text", "docx", "odt", "rtf", "pdf", "html"})
"""Formats in which somebody typed the labels."""
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
    with no_collections():
        return _read(data, name, encoding, speakers, archives=True, attachments=True)


@contextmanager
def no_collections() -> Iterator[None]:
    """Hundreds of thousands of lines are made, and all of them stay: looking for garbage among them again and again would take
    a quarter of the time. Whoever switches the collector off switches it on, also where two threads read at once."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _read(data: bytes, name: str, encoding: str, speakers: Mapping[str, str], *, archives: bool, attachments: bool) -> Transcript:
    """`archives`, `attachments`: whether files in this one are read; those in an archive or in a mail hold no further ones."""

    def member(inner: bytes, called: str) -> Transcript:
        return _read(inner, called, encoding, speakers, archives=False, attachments=attachments)

    def attachment(inner: bytes, called: str) -> Transcript:
        return _read(inner, called, encoding, speakers, archives=archives, attachments=False)

    if not data:
        raise Unreadable(Reason.EMPTY)
    extension = PurePosixPath(name).suffix.removeprefix(".").casefold()
    warnings: tuple[str, ...] = ()
    packed = False
    transcript = _binary(data, speakers)
    if transcript is None and mail.is_mail(data, extension in ("eml", "mbox")):
        transcript = mail.read(data, attachment if attachments else None)
    if transcript is None:
        transcript = _structured(data, encoding, speakers)
    if transcript is None and data.startswith(b"PK\x03\x04") and archives:
        packed = True
        transcript = archive.read(data, member)
    elif transcript is None and _OTHER.match(data[:400]):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    elif transcript is None:
        text, warnings = decode(data, encoding)
        transcript = _plain(text, extension in ("csv", "tsv"), speakers)
    if not transcript.lines:
        raise Unreadable(Reason.EMPTY)
    if not all(map(_whole, (transcript.text, *(found.value for found in transcript.properties)))):
        raise Unreadable(Reason.MALFORMED)
    if extension not in (("zip",) if packed else _EXTENSIONS[transcript.format]):
        warnings += (UNEXPECTED_EXTENSION,)
    lines = transcript.lines if packed else roles.assigned(transcript.text, transcript.lines, speakers)
    if transcript.format in _WRITTEN and known.misspelt(transcript.text, lines):
        warnings += (known.MISSPELT,)
    return replace(transcript, lines=lines, warnings=tuple(dict.fromkeys(transcript.warnings + warnings)))


def encoding_of(data: bytes, encoding: str = "") -> str:
    """The encoding in which a text file is read; nothing for a file that is no text. Raises like `read`."""
    binary = data.startswith((b"PK\x03\x04", container.OLE)) or b"%PDF-" in data[:1024] or images.is_image(data)
    if hypertext.is_page(data):
        encoding = encoding or hypertext.charset(data)
    return "" if binary or data.startswith(b"{\\rtf") else decoded(data, encoding)[1]


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
    if tools.is_whisper_tsv(text):
        return tools.whisper_tsv(text, speakers)
    if mark := table.delimiter(text, table_hinted):
        return table.read(text, mark)
    lines = turns.transcribed(text, spans.paragraphs(text), speakers)
    return Transcript("text", text, tuple(turns.joined(text, lines)))


def _whole(text: str) -> bool:
    """Whether the text is Unicode: escapes in JSON and some encodings of mails can leave half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _binary(data: bytes, speakers: Mapping[str, str]) -> Transcript | None:
    """Formats that are no text, told by their first bytes. Their libraries load only where such a file comes."""
    if data.startswith(b"PK\x03\x04"):
        return _office(data, speakers)
    if data.startswith(container.OLE):
        raise Unreadable(Reason.UNKNOWN_FORMAT if container.is_old_office(data) else Reason.PASSWORD)
    if data.startswith(b"{\\rtf"):
        return rtf.read(data, speakers)
    if b"%PDF-" in data[:1024]:
        from samaran.ingest import pdf

        return pdf.read(data, speakers)
    return images.read(data, speakers) if images.is_image(data) else None


def _structured(data: bytes, encoding: str, speakers: Mapping[str, str]) -> Transcript | None:
    """Formats that are written in text and are no transcript: XML, HTML, JSON."""
    if tools.is_eaf(data):
        return tools.eaf(data)
    if hypertext.is_page(data):
        return hypertext.read(decode(data, encoding or hypertext.charset(data))[0], speakers)
    if not _JSON.match(data[:400]):
        return None
    value = tools.loaded(decode(data, encoding)[0].lstrip("\ufeff"))
    if telegram.is_telegram(value):
        return telegram.read(value)
    if tools.is_whisper(value):
        return tools.whisper(value, speakers)
    return tools.otranscribe(value, speakers) if tools.is_otranscribe(value) else None


def _office(data: bytes, speakers: Mapping[str, str]) -> Transcript | None:
    names = container.members(data)
    if "xl/workbook.xml" in names:
        from samaran.ingest import xlsx

        return xlsx.read(data)
    if any(name.startswith("word/") and name.endswith(".xml") for name in names):
        from samaran.ingest import docx

        return docx.read(data, speakers)
    if "content.xml" in names and (kind := container.part(data, "mimetype")).startswith(_ODF):
        return _opendocument(data, names, kind.removeprefix(_ODF).strip(), speakers)
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise Unreadable(Reason.UNKNOWN_FORMAT)  # slides, books: a container, but no archive
    return None


def _opendocument(data: bytes, names: frozenset[str], kind: bytes, speakers: Mapping[str, str]) -> Transcript:
    if kind.startswith(b"text"):
        from samaran.ingest import odf

        return odf.read(data, names, speakers)
    if kind.startswith(b"spreadsheet"):
        from samaran.ingest import ods

        return ods.read(data)
    raise Unreadable(Reason.UNKNOWN_FORMAT)
