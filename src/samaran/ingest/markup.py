"""The visible text of HTML, as oTranscribe and mail programs write it: paragraph by paragraph, with the marks of time in it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

_BLOCKS_WORDS = """
p div br li ul ol tr td th table caption h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer main nav aside dd dt
title form fieldset legend figure figcaption address details summary option textarea button
"""
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SILENT = frozenset({"script", "style"})
_ROWS = frozenset({"pre", "textarea"})
"""In these a line break is one."""

_BREAK = re.compile(r"\r\n|\r|\n")
_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,9})?")


@dataclass(slots=True, repr=False)
class Piece:
    """One paragraph: its text, and the time at which it starts where a mark says so. `mark` is what the page's program calls the
    element that it stands in, `message` which message, `cell` which table, row and column; 0 and nothing outside of any."""

    text: str
    start_ms: int | None = None
    mark: str = ""
    message: int = 0
    cell: tuple[int, int, int] | None = None


@dataclass(slots=True, repr=False)
class Page:
    """What a page shows, and where its links and pictures lead."""

    pieces: list[Piece] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def page(source: str, reader: "Reader | None" = None) -> Page:
    """The paragraphs of a page. White space is gathered as browsers do; comments and unknown tags show nothing.

    By libxml2: Python's own parser takes quadratic time over some damaged pages.
    """
    reader = reader or Reader()
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True, huge_tree=True)
    with suppress(etree.XMLSyntaxError):  # a page with nothing in it
        parser.feed(source.replace("\0", " ").encode("utf-8", "replace"))
        parser.close()
    reader.end_paragraph()
    return reader.found


class Reader:
    """One page on its way to paragraphs: what libxml2 calls, tag by tag."""

    def __init__(self) -> None:
        self.found = Page()
        self.shown: list[str] = []
        self.start_ms: int | None = None
        self.silent = 0
        self.rows = 0
        self.marks: list[bool] = []
        self.tables: list[tuple[int, int, int]] = []
        self.counted = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        mark = "timestamp" in attributes.get("class", "").split()
        self.marks.append(mark)
        if mark:
            seconds = attributes.get("data-timestamp", "")
            if self.start_ms is None and not "".join(self.shown).strip() and _SECONDS.fullmatch(seconds):
                self.start_ms = round(float(seconds) * 1000)
        elif tag in _BLOCKS:
            self.end_paragraph()
            self._cell(tag)
        elif tag in _SILENT:
            self.silent += 1
        self.rows += tag in _ROWS
        self.found.links += [attributes["href"]] if attributes.get("href") else []
        self.found.sources += [attributes["src"]] if attributes.get("src") else []
        said = ("alt", "title", "placeholder", "value") if tag == "input" else ("alt", "title")
        self.shown += [f" {attributes[key]} " for key in said if attributes.get(key, "").strip()]

    def end(self, tag: str) -> None:
        """A tag closes."""
        self.marks = self.marks[:-1]
        self.rows = max(0, self.rows - (tag in _ROWS))
        if tag in _BLOCKS:
            self.end_paragraph()
            if tag == "table":
                self.tables = self.tables[:-1]
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)

    def _cell(self, tag: str) -> None:
        """Which cell of the innermost table begins."""
        if tag == "table":
            self.counted += 1
            self.tables.append((self.counted, -1, -1))
        elif self.tables:
            number, row, column = self.tables[-1]
            if tag == "tr":
                self.tables[-1] = number, row + 1, -1
            elif tag in ("td", "th"):
                self.tables[-1] = number, max(row, 0), column + 1

    def data(self, text: str) -> None:
        """Text between tags. That of a mark of time is the time, told already."""
        if self.silent or (self.marks and self.marks[-1]):
            return
        first, *more = _BREAK.split(text) if self.rows else [text]
        self.shown.append(first)
        for row in more:
            self.end_paragraph()
            self.shown.append(row)

    def close(self) -> None:
        """The page is over."""

    def end_paragraph(self) -> None:
        """The paragraph is over."""
        text = " ".join("".join(self.shown).split())
        if text:
            self.found.pieces.append(self.piece(text))
            self.start_ms = None
        self.shown = []

    def piece(self, text: str) -> Piece:
        """A paragraph with all that is known of where it stands."""
        cell = self.tables[-1] if self.tables and self.tables[-1][2] >= 0 else None
        return Piece(text, self.start_ms, cell=cell)
