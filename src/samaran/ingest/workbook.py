"""What an Excel workbook says beside its cells: who made it and where, running heads, text boxes and charts, pictures."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samaran.ingest import container
from samaran.ingest.document import EMBEDDED, PICTURES
from samaran.ingest.metadata import link, of_part
from samaran.ingest.wordml import attribute, name
from samaran.model import EntityType, Part, Property

_RUNNING = re.compile(r"(?:odd|even|first)(Header|Footer)")
_CODES = re.compile(r'&(?:"[^"]*"|[LCRPNDTFAZGBIUESXYKHO+\-]|\d{1,3}|K[0-9A-F]{6})')
_PARTS = re.compile(
    r"xl/(?P<kind>worksheets|drawings|charts|persons|externalLinks/_rels|worksheets/_rels|media|embeddings)/[^/]+"
)


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """A stretch of text that stands in no cell."""

    ref: str
    part: Part
    text: str


def beside(data: bytes) -> Iterator[Text | Property | str]:
    """Texts, properties and warning codes, part by part. Raises `Unreadable` (MALFORMED)."""
    names = sorted(container.members(data))
    for path in (path for path in names if path.startswith("docProps/") and path.endswith(("app.xml", "custom.xml"))):
        yield from of_part(container.xml(container.part(data, path)))
    yield from _of_book(container.xml(container.part(data, "xl/workbook.xml")))
    numbers: dict[str, int] = {}
    for path in names:
        kind = found["kind"] if (found := _PARTS.fullmatch(path)) else ""
        if kind in ("media", "embeddings"):
            yield PICTURES if kind == "media" else EMBEDDED
        elif kind and path.endswith((".xml", ".rels")):
            numbers[kind] = numbers.get(kind, 0) + 1
            yield from _of_part(kind, numbers[kind], container.xml(container.part(data, path)))


def _of_book(root: Any) -> Iterator[Property]:
    """Who reserved the file for writing, and the folder in which it lay: often somebody's own."""
    for element in root.iter():
        if name(element) == "fileSharing" and attribute(element, "userName"):
            yield Property("author", attribute(element, "userName"), EntityType.PERSON)
        elif name(element) == "absPath" and attribute(element, "url"):
            yield link(attribute(element, "url"))


def _of_part(kind: str, number: int, root: Any) -> Iterator[Text | Property]:
    for element in root.iter():
        tag = name(element)
        if kind == "persons" and tag == "person":
            for key in ("displayName", "userId"):
                if attribute(element, key):
                    yield Property("author", attribute(element, key), EntityType.PERSON)
        elif kind.endswith("_rels") and attribute(element, "TargetMode") == "External":
            yield link(attribute(element, "Target"))
        elif kind == "worksheets" and (running := _RUNNING.fullmatch(tag)):
            part = Part.HEADER if running[1] == "Header" else Part.FOOTER
            for piece in _CODES.sub(" ", element.text or "").splitlines():
                yield Text(f"sheet {number} {running[1].casefold()}", part, piece)
        elif kind in ("drawings", "charts") and tag == "p":
            yield Text(f"{kind[:-1]} {number}", Part.NOTE, "".join(t.text or "" for t in element.iter() if name(t) == "t"))
        elif kind == "drawings" and tag == "cNvPr" and attribute(element, "descr"):
            yield Property("picture description", attribute(element, "descr"))
