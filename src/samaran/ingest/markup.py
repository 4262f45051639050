"""The visible text of HTML, as oTranscribe and mail programs write it: paragraph by paragraph, with the marks of time in it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree  # type: ignore[import-untyped]

_BLOCKS_WORDS = "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer dd dt"
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SILENT = frozenset({"script", "style"})
_SECONDS = re.compile(r"\d{1,7}(?:\.\d{1,9})?")


@dataclass(slots=True)
class Piece:
    """One paragraph: its text, and the time at which it starts where a mark says so."""

    text: str
    start_ms: int | None = None


@dataclass(slots=True)
class Page:
    """What a page shows, and where its links and pictures lead."""

    pieces: list[Piece] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def page(source: str) -> Page:
    """The paragraphs of a page. White space is gathered as browsers do; comments and unknown tags show nothing.

    By libxml2: Python's own parser takes quadratic time over some damaged pages.
    """
    reader = _Reader()
    parser = etree.HTMLParser(target=reader, encoding="utf-8", no_network=True, huge_tree=True)
    with suppress(etree.XMLSyntaxError):  # a page with nothing in it
        parser.feed(source.replace("\0", " ").encode("utf-8", "replace"))
        parser.close()
    reader.end_paragraph()
    return reader.found


class _Reader:
    """One page on its way to paragraphs: what libxml2 calls, tag by tag."""

    def __init__(self) -> None:
        self.found = Page()
        self.shown: list[str] = []
        self.start_ms: int | None = None
        self.silent = 0
        self.marks: list[bool] = []

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
        elif tag in _SILENT:
            self.silent += 1
        self.found.links += [attributes[key] for key in ("href", "src") if attributes.get(key)]
        self.shown += [f" {attributes[key]} " for key in ("alt", "title") if attributes.get(key, "").strip()]

    def end(self, tag: str) -> None:
        """A tag closes."""
        self.marks = self.marks[:-1]
        if tag in _BLOCKS:
            self.end_paragraph()
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)

    def data(self, text: str) -> None:
        """Text between tags. That of a mark of time is the time, told already."""
        if not self.silent and not (self.marks and self.marks[-1]):
            self.shown.append(text)

    def close(self) -> None:
        """The page is over."""

    def end_paragraph(self) -> None:
        """The paragraph is over."""
        text = " ".join("".join(self.shown).split())
        if text:
            self.found.pieces.append(Piece(text, self.start_ms))
            self.start_ms = None
        self.shown = []
