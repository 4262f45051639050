"""Rich text (.rtf), and with it f4transkript: paragraphs and tables in order, then notes, comments, headers and footers.

Read here and not by striprtf, which leaves out notes, comments, headers, footers and list numbers. Hidden text is read like
any other; deleted text stands in a line of its own.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from samaran.ingest.document import EMBEDDED, PICTURES, TRACKED_CHANGES, Document
from samaran.ingest.metadata import link
from samaran.ingest.rtfflow import Flow
from samaran.ingest.rtftokens import ABOUT, CHARACTERS, CHARSETS, FLOWS, SIGNS, SKIPPED, TOKEN
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

MAX_DEPTH = 1000
_CHARSET = re.compile(r"\\f(\d{1,5})[^;{}]{0,80}?\\fcharset(\d{1,3})")
_LINK = re.compile(r'HYPERLINK\s+(?:\\l\s+)?"([^"]{1,2000})"')
_PEOPLE = frozenset({"author", "operator", "manager", "atnauthor"})
_KINDS = {Part.FOOTNOTE: "footnote", Part.COMMENT: "comment", Part.HEADER: "header", Part.FOOTER: "footer"}


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and forgets at its end."""

    flow: Flow
    skipped: bool = False
    about: str = ""
    encoding: str = "cp1252"
    after_unicode: int = 1
    deleted: bool = False
    inserted: bool = False
    in_table: bool = False


def read(data: bytes, speakers: Mapping[str, str]) -> Transcript:
    """The document's text, built line by line, with labels told as in any transcript. Raises `Unreadable`: MALFORMED."""
    document = _Reader()
    body = Flow(Part.BODY)
    document.parse(data.decode("latin-1"), body)
    body.close()
    document.block(body, Part.BODY, "")
    for flow in document.apart:
        document.block(flow, flow.part, document.count(_KINDS[flow.part]))
    return document.transcript("rtf", speakers)


class _Reader(Document):
    """One text on its way to a transcript: first the groups are walked, then the flows that they gave."""

    def __init__(self) -> None:
        super().__init__()
        self.apart: list[Flow] = []
        self.fonts: dict[str, str] = {}
        self.default = "cp1252"
        self.pending = bytearray()
        self.high = ""
        self.collected: list[str] = []

    # walking the groups

    def parse(self, source: str, body: Flow) -> None:
        self.fonts = {n: CHARSETS[int(c)] for n, c in _CHARSET.findall(source[:200_000]) if int(c) in CHARSETS}
        stack: list[_State] = []
        state = _State(body)
        at, skip, starred, closed = 0, 0, False, False
        while at < len(source) and not closed:
            token = TOKEN.match(source, at)
            assert token is not None  # the last branch takes a backslash at the end, the others everything else
            at = token.end()
            kind = token.lastgroup
            if kind == "brace":
                self.flush(state)
                skip = 0
                if token[0] == "{":
                    stack.append(state)
                    starred = False
                    if len(stack) > MAX_DEPTH:
                        raise Unreadable(Reason.MALFORMED)
                elif stack:
                    state = self.leave(state, stack.pop())
                    closed = not stack
            elif kind in ("word", "number"):
                word, number = token["word"], token["number"]
                if word == "bin":
                    at += max(0, int(number or 0))
                elif word == "u" and number:
                    self.unicode(int(number), state)
                    skip = state.after_unicode
                elif skip and word in CHARACTERS:
                    skip -= 1
                else:
                    skip = 0
                    self.flush(state)
                    state = self.word(word, number, state, starred)
                    starred = False
            elif kind == "sign":
                if token["sign"] == "*":
                    starred = True
                elif skip:
                    skip -= 1
                elif (piece := SIGNS.get(token["sign"])) is not None:
                    self.write(piece, state)
            elif kind == "byte":
                if skip:
                    skip -= 1
                else:
                    self.pending.append(int(token["byte"], 16))
            elif kind == "plain":
                plain = token[0][skip:]
                skip = max(0, skip - len(token[0]))
                if plain:
                    self.pending += plain.encode("latin-1")
        self.flush(state)
        if not closed or state.flow is not body:
            raise Unreadable(Reason.MALFORMED)

    def word(self, word: str, number: str | None, state: _State, starred: bool) -> _State:
        """The state after a control word."""
        on = number != "0"
        if word in FLOWS:
            return replace(state, flow=self.flow(FLOWS[word], state), skipped=False)
        if word in ABOUT:
            return replace(state, about=word, skipped=False)
        if word in SKIPPED or (starred and word not in ("ud", "shppict", "objattph")):
            if word == "pict":
                self.warn(PICTURES)
            elif word == "objdata":
                self.warn(EMBEDDED)
            return replace(state, skipped=True)
        if state.skipped and word not in ("ud",):
            return state
        return self.styled(word, number, on, state)

    def styled(self, word: str, number: str | None, on: bool, state: _State) -> _State:
        flow = state.flow
        if word in CHARACTERS:
            self.write(CHARACTERS[word], state)
        elif word in ("par", "sect", "page"):
            flow.end_paragraph(in_table=state.in_table)
        elif word in ("cell", "nestcell"):
            flow.end_cell()
        elif word in ("row", "nestrow"):
            flow.end_row()
        elif word == "intbl":
            return replace(state, in_table=True)
        elif word == "pard":
            return replace(state, in_table=False)
        elif word == "plain":
            return replace(state, deleted=False, inserted=False, encoding=self.default)
        elif word in ("deleted", "revised"):
            self.warn(TRACKED_CHANGES)
            return replace(state, deleted=on) if word == "deleted" else replace(state, inserted=on)
        elif word == "ansicpg" and number:
            self.default = _codec(f"cp{number}") or self.default
            return replace(state, encoding=self.default)
        elif word in ("mac", "pc", "pca"):
            self.default = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            return replace(state, encoding=self.default)
        elif word == "f" and number:
            return replace(state, encoding=self.fonts.get(number, self.default))
        elif word == "uc" and number:
            return replace(state, after_unicode=min(max(0, int(number)), 16))
        elif word == "upr":
            return replace(state, skipped=True)  # the same text follows as Unicode, in a group \ud
        elif word == "ud":
            return replace(state, skipped=False)
        return state

    def flow(self, part: Part, state: _State) -> Flow:
        flow = Flow(part)
        if part is Part.BODY:
            state.flow.at.notes.append(flow)  # a text box
        else:
            self.apart.append(flow)
        return flow

    def leave(self, inner: _State, outer: _State) -> _State:
        if inner.about and inner.about != outer.about:
            self.property(inner.about, "".join(self.collected))
            self.collected = []
        if inner.flow is not outer.flow:
            inner.flow.close()
        elif inner.in_table and not outer.in_table:
            return replace(outer, in_table=True)  # pandoc closes the group before \row
        return outer

    def property(self, kind: str, text: str) -> None:
        value = " ".join(text.split())
        if kind == "fldinst":
            for target in _LINK.findall(value):
                self.note(link(target))
        elif kind == "revtbl":
            for name in value.split(";"):
                if name.strip() != "Unknown":
                    self.person(name)
        elif value and kind in _PEOPLE:
            self.person(value)
        elif value:
            self.note(Property(kind, value, EntityType.ORGANIZATION if kind == "company" else None))

    def unicode(self, number: int, state: _State) -> None:
        """A UTF-16 unit; two of them make one character."""
        self.flush(state)
        unit = chr(number & 0xFFFF)
        if "\ud800" <= unit < "\udc00":
            self.high = unit
            return
        pair = (self.high + unit).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore") if self.high else unit
        self.high = ""
        if not any("\ud800" <= c <= "\udfff" for c in pair):
            self.write(pair, state)

    def flush(self, state: _State) -> None:
        if self.pending:
            raw, self.pending = bytes(self.pending), bytearray()
            try:
                text = raw.decode(state.encoding)
            except UnicodeDecodeError:
                text = raw.decode("latin-1")
            self._put(text, state)

    def write(self, piece: str, state: _State) -> None:
        self.flush(state)
        self._put(piece, state)

    def _put(self, piece: str, state: _State) -> None:
        if state.about:
            self.collected.append(piece)
        elif not state.skipped:
            at = state.flow.at
            if state.deleted:
                at.deleted.append(piece)
            else:
                at.shown.append(piece)
                at.inserted = at.inserted or (state.inserted and not piece.isspace())
                at.kept = at.kept or not (state.inserted or piece.isspace())

    # from flows to lines

    def blocks(self, holder: Any) -> Iterator[Any]:
        return iter(holder.blocks if isinstance(holder, Flow) else holder)

    def is_table(self, element: Any) -> bool:
        return isinstance(element, list)

    def grid(self, element: Any) -> list[list[tuple[int, Any]]]:
        return [list(enumerate(row)) for row in element]

    def shown(self, cell: Any) -> str:
        return " ".join(" ".join("".join(p.shown) for p in cell).split())

    def paragraph(
        self, element: Any, part: Part, ref: str, *, column: Span | None = None, label: Span | None = None
    ) -> Span | None:
        inserted = element.inserted and not element.kept and part in (Part.BODY, Part.CELL)
        first = None
        for piece in "".join(element.shown).split("\n"):
            span = self.sheet.add(piece, ref, Part.INSERTED if inserted else part, column=column, label=label)
            first = first or span
        for piece in "".join(element.deleted).split("\n"):
            self.sheet.add(piece, f"{ref} deleted", Part.DELETED)
        for box in element.notes:
            self.block(box, part, f"{ref} text box")
        return first


def _codec(name: str) -> str:
    try:
        return codecs.lookup("utf-8" if name == "cp65001" else name).name
    except LookupError:
        return ""
