"""The XML of Word: what a paragraph shows, what was deleted from it, and the blocks of a part. Names without namespaces, so
that the transitional and the strict dialect read alike."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SETTINGS = frozenset({"pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "sdtPr", "tblGrid", "sdtEndPr", "numPr"})
_INSERTED = frozenset({"ins", "moveTo"})
_DELETED = frozenset({"del", "moveFrom"})


@dataclass(slots=True)
class Paragraph:
    """What one w:p holds. `inserted`: all that shows was inserted under change tracking."""

    shown: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    described: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    kept: bool = False
    touched: bool = False
    deleting: bool = False

    @property
    def inserted(self) -> bool:
        """Whether nothing of it stood there before the tracked changes."""
        return self.touched and not self.kept and any(piece.strip() for piece in self.shown)


def name(element: Any) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, wanted: str) -> str:
    """An attribute by its name without namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == wanted), "")


def blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables of a part, a cell or a text box, in order, out of whatever wraps them."""
    for child in container:
        kind = name(child)
        if kind in ("p", "tbl"):
            yield child
        elif kind == "AlternateContent":
            yield from blocks(_chosen(child))
        elif kind and kind not in _SETTINGS:
            yield from blocks(child)


def rows(table: Any) -> Iterator[list[tuple[int, Any]]]:
    """The rows of a table, each a list of column index and cell."""
    for row in _inside(table, "tr"):
        cells, at = [], 0
        for cell in _inside(row, "tc"):
            cells.append((at, cell))
            spans = [attribute(e, "val") for e in cell.iter() if name(e) == "gridSpan"][:1]
            at += int(spans[0]) if spans and spans[0].isdecimal() else 1
        yield cells


def _inside(element: Any, wanted: str) -> Iterator[Any]:
    for child in element:
        if name(child) == wanted:
            yield child
        elif name(child) in ("sdt", "sdtContent", "customXml", "ins", "del"):
            yield from _inside(child, wanted)


def paragraph(element: Any) -> Paragraph:
    """What a w:p holds, text boxes and fields included."""
    found = Paragraph()
    _walk(element, found, inserted=False, deleted=False)
    return found


def _walk(element: Any, found: Paragraph, *, inserted: bool, deleted: bool) -> None:
    for child in element:
        kind = name(child)
        if kind in ("t", "delText") or kind in _BREAKS:
            _text(_BREAKS.get(kind) or child.text or "", found, inserted, deleted or kind == "delText")
        elif kind in _INSERTED or kind in _DELETED:
            found.touched = True
            found.people.append(attribute(child, "author"))
            _walk(child, found, inserted=inserted or kind in _INSERTED, deleted=deleted or kind in _DELETED)
        elif kind == "instrText":
            found.fields.append(child.text or "")
        elif kind == "fldSimple":
            found.fields.append(attribute(child, "instr"))
            _walk(child, found, inserted=inserted, deleted=deleted)
        elif kind == "AlternateContent":
            _walk(_chosen(child), found, inserted=inserted, deleted=deleted)
        elif kind == "txbxContent":
            found.boxes.append(child)
        elif kind and kind not in _SETTINGS:
            if kind in ("docPr", "cNvPr"):
                found.described += [attribute(child, "descr"), attribute(child, "title")]
            _walk(child, found, inserted=inserted, deleted=deleted)


def _text(piece: str, found: Paragraph, inserted: bool, deleted: bool) -> None:
    if deleted:
        if found.deleting:
            found.deleted[-1] += piece
        else:
            found.deleted.append(piece)
    else:
        found.shown.append(piece)
        found.kept = found.kept or (not inserted and bool(piece.strip()))
    found.deleting = deleted


def _chosen(alternatives: Any) -> Any:
    """The first branch of a markup alternative that shows text: the others repeat it for older programs."""
    for branch in alternatives:
        if any(name(e) in ("t", "delText") and e.text for e in branch.iter()):
            return branch
    return alternatives[0] if len(alternatives) else alternatives
