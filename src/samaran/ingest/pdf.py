"""PDF with a text layer: the lines of each page, then its comments and form fields.

Lines of a page are put together like those of a plain text; nothing is put together over the end of a page. Page numbers and
running heads stay lines of their own where the layout shows them. Pages that are pictures need OCR (`images`).
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import PyPdfError

from samaran.ingest import images
from samaran.ingest.document import EMBEDDED, PICTURES
from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet, numbered
from samaran.ingest.turns import joined, labelled
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Line, Part, Property, Reason, Transcript

PAGES_WITHOUT_TEXT = "pages-without-text"
PAGES_NOT_READ = "pages-not-read"
MAX_PAGES = 5000
MAX_CHARACTERS = 50_000_000
DAMAGE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError, ArithmeticError,
           NotImplementedError, AssertionError, UnboundLocalError, SyntaxError)  # fmt: skip
_PEOPLE = {"/Author": EntityType.PERSON, "dc_creator": EntityType.PERSON, "dc_contributor": EntityType.PERSON}
_XMP = ("dc_creator", "dc_contributor", "dc_title", "dc_description", "dc_subject", "dc_publisher", "pdf_keywords")

logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)  # its warnings quote the file


def read(data: bytes, speakers: Mapping[str, str]) -> Transcript:
    """The pages in order. Raises `Unreadable`: PASSWORD, MALFORMED, TOO_LARGE, NO_TEXT, and NO_OCR for a scan where the
    programs for it are not installed."""
    reader = _Reader()
    reason = None
    try:
        reason = reader.document(pypdf.PdfReader(BytesIO(data)))
    except DAMAGE:
        reason = Reason.MALFORMED  # the exception may hold text of the file: leave it here
    if reason:
        raise Unreadable(reason)
    return reader.transcript(speakers)


class _Reader:
    """One document on its way to a transcript."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.found: dict[Property, None] = {}
        self.warnings: dict[str, None] = {}
        self.pages: list[slice] = []

    def document(self, pdf: pypdf.PdfReader) -> Reason | None:
        """Read all pages; a reason where there is nothing to read."""
        if pdf.is_encrypted and not pdf.decrypt(""):
            return Reason.PASSWORD
        if len(pdf.pages) > MAX_PAGES:
            return Reason.TOO_LARGE
        silent: list[tuple[int, Any]] = []
        for number, page in enumerate(pdf.pages, 1):
            try:
                text = page.extract_text()
            except DAMAGE:
                self.warnings[PAGES_NOT_READ] = None
                continue
            if not text.strip():
                silent.append((number, page))
            self.page(number, text.splitlines())
            self.beside(number, page)
            if len(self.sheet.text) > MAX_CHARACTERS:
                return Reason.TOO_LARGE
        for number, page in silent:
            self.scanned(number, page)
        if silent and len(silent) == len(pdf.pages) and not self.sheet.lines:
            return Reason.NO_TEXT if images.available() else Reason.NO_OCR
        if PAGES_NOT_READ in self.warnings and not self.sheet.lines:
            return Reason.MALFORMED
        self.about(pdf)
        return None

    def page(self, number: int, rows: Iterable[str], part: Part = Part.BODY) -> None:
        first = len(self.sheet.lines)
        for row, shown in enumerate(rows, 1):
            self.sheet.add(shown, f"page {number} line {row}", part)
        self.pages.append(slice(first, len(self.sheet.lines)))

    def scanned(self, number: int, page: Any) -> None:
        """A page without text: its pictures read by OCR, where that is installed."""
        first = len(self.sheet.lines)
        if images.available():
            for picture in page.images:
                found = images.recognized(picture.data)
                for warning in found.warnings:
                    self.warnings[warning] = None
                for row, shown in enumerate(found.rows, 1):
                    self.sheet.add(shown, f"page {number} line {row}")
            self.pages.append(slice(first, len(self.sheet.lines)))
        if len(self.sheet.lines) == first:
            self.warnings[PAGES_WITHOUT_TEXT] = None

    def beside(self, number: int, page: Any) -> None:
        """Comments with their authors, links, filled fields, and whether there are pictures."""
        for annotation in page.get("/Annots") or ():
            about = annotation.get_object()
            if not hasattr(about, "get"):
                continue
            for key in ("/Contents", "/V"):
                if isinstance(about.get(key), str):
                    self.page_note(number, about[key])
            if about.get("/T") and about.get("/Subtype") != "/Widget":
                self.found[Property("author", str(about["/T"]), EntityType.PERSON)] = None
            target = about["/A"].get_object().get("/URI") if about.get("/A") else None
            if target:
                self.found[link(str(target))] = None
        resources = page.get("/Resources")
        objects = resources.get_object().get("/XObject") if resources is not None else None
        if objects is not None and any(o.get_object().get("/Subtype") == "/Image" for o in objects.get_object().values()):
            self.warnings[PICTURES] = None

    def page_note(self, number: int, text: str) -> None:
        for piece in text.splitlines():
            self.sheet.add(piece, f"page {number} comment", Part.COMMENT)

    def about(self, pdf: pypdf.PdfReader) -> None:
        for key, value in (pdf.metadata or {}).items():
            self.add(key, value)
        xmp = pdf.xmp_metadata
        for key in _XMP if xmp else ():
            value = getattr(xmp, key)
            for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
                self.add(key, one)
        for title in _titles(pdf.outline):
            self.found[Property("bookmark", title)] = None
        for name, _ in _files(pdf):
            self.warnings[EMBEDDED] = None
            self.found[Property("embedded file", name)] = None

    def add(self, key: str, value: object) -> None:
        if value and str(value).strip():
            known = key if key in _PEOPLE or key in _XMP or key in _INFO else "custom property"
            self.found[Property(known.strip("/"), str(value).strip(), _PEOPLE.get(key))] = None

    def transcript(self, speakers: Mapping[str, str]) -> Transcript:
        """Speakers are told over the whole document, lines are put together page by page."""
        text = self.sheet.text
        lines = self.sheet.lines
        body = [line for line in lines if line.part is Part.BODY]
        turns = {line.body.end: line for line in labelled(text, body, speakers)}
        told = [turns[line.body.end] if line.part is Part.BODY else line for line in lines]
        done: list[Line] = []
        for page in self.pages:
            done += joined(text, told[page])
        done += [line for line in lines if line.part is Part.COMMENT]
        ordered = numbered(sorted(done, key=lambda line: line.body))
        return Transcript("pdf", text, tuple(ordered), tuple(self.found), tuple(self.warnings))


_INFO = frozenset({"/Title", "/Subject", "/Keywords", "/Creator", "/Producer", "/CreationDate", "/ModDate"})


def files(source: Path | BytesIO) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that lies in a PDF, in its table of files or beside the text of a page. Raises `DAMAGE`."""
    for name, spec in _files(pypdf.PdfReader(source)):
        stream = spec["/EF"]["/F"].get_object() if "/EF" in spec else None
        yield name, stream.get_data() if stream is not None else b""


def _files(pdf: pypdf.PdfReader) -> Iterator[tuple[str, Any]]:
    for file in pdf.attachment_list:
        yield from ((name, file.pdf_object) for name in dict.fromkeys((file.name, file.alternative_name or file.name)))
    for page in pdf.pages:
        for annotation in page.get("/Annots") or ():
            about = annotation.get_object()
            if hasattr(about, "get") and about.get("/FS") is not None:
                spec = about["/FS"].get_object()
                yield str(spec.get("/UF") or spec.get("/F") or ""), spec


def _titles(outline: Iterable[Any]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        elif title := str(getattr(item, "title", "") or ""):
            yield title
