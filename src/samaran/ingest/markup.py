"""The visible text of HTML, as oTranscribe and mail programs write it: paragraph by paragraph, with the marks of time in it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS_WORDS = "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote pre hr section article header footer dd dt"
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SILENT = frozenset({"script", "style"})


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
    """The paragraphs of a page. White space is gathered as browsers do; comments and unknown tags show nothing."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    reader.end()
    return reader.found


class _Reader(HTMLParser):
    """One page on its way to paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Page()
        self.shown: list[str] = []
        self.start_ms: int | None = None
        self.silent = 0
        self.mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {key: value or "" for key, value in attrs}
        self.mark = "timestamp" in about.get("class", "").split()
        if self.mark:
            seconds = about.get("data-timestamp", "")
            if self.start_ms is None and not "".join(self.shown).strip() and seconds.replace(".", "", 1).isdigit():
                self.start_ms = round(float(seconds[:12]) * 1000)
        elif tag in _BLOCKS:
            self.end()
        elif tag in _SILENT:
            self.silent += 1
        for key in ("href", "src"):
            if about.get(key):
                self.found.links.append(about[key])
        if about.get("alt", "").strip() or about.get("title", "").strip():
            self.shown.append(f" {about.get('alt', '')} {about.get('title', '')} ")

    def handle_endtag(self, tag: str) -> None:
        self.mark = False
        if tag in _BLOCKS:
            self.end()
        elif tag in _SILENT:
            self.silent = max(0, self.silent - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent and not self.mark:
            self.shown.append(data)

    def end(self) -> None:
        """The paragraph is over."""
        text = " ".join("".join(self.shown).split())
        if text:
            self.found.pieces.append(Piece(text, self.start_ms))
            self.start_ms = None
        self.shown = []
