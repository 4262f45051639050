"""Drafts, and the work files in which they wait for the review desk, sealed to the informant."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from samaran import codec
from samaran.errors import IntegrityError
from samaran.model import Detector, EntityType, Line, Mention, Part, Property, Span, SpeakerRole, Transcript
from samaran.pipeline.desk import Desk
from samaran.pseudonymize import Document
from samaran.state import SourceRow
from samaran.vault.keys import PrivateKey
from samaran.vault.padding import with_spaces
from samaran.vault.seal import open_bytes, seal

_WHOLE, _PART = 1, 2
"""Versions of work files. Whoever knows only the first must not take a part for the whole."""


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A source whose raw text is in memory: its row, its transcript, the mentions of the first pass, and the file's name.

    A source that is too long for memory has several drafts, one for each part. Theirs are offsets into the part, which begins
    `at` in the source's text; `more` says that another one follows.
    """

    row: SourceRow
    transcript: Transcript
    mentions: tuple[Mention, ...]
    name: str
    origin: str = ""  # the first version of the source
    part: int = 0
    at: int = 0
    more: bool = False

    def document(self, mentions: Sequence[Mention]) -> Document:
        """What linking needs to know of the source."""
        return Document(self.origin or self.row.source_id, self.row.informants, self.transcript, tuple(mentions))

    @property
    def alone(self) -> bool:
        """Whether it is all of its source."""
        return not self.part and not self.more

    def placed(self, span: Span) -> Span:
        """Where a span of this draft lies in the source."""
        return Span(self.at + span.start, self.at + span.end) if self.at else span

    def own(self, span: Span) -> Span | None:
        """The piece of a span of the source that lies in this draft."""
        if self.alone:
            return span
        start, end = max(span.start, self.at), min(span.end, self.at + len(self.transcript.text))
        return Span(start - self.at, end - self.at) if start < end else None

    def __repr__(self) -> str:
        return f"Draft({self.row.source_id}, {len(self.mentions)} mentions)"


Parts = Iterable[Draft]
"""The drafts of one source, in order. They can be gone through again and again; a tuple is in memory as it is."""


def seal_work(desk: Desk, draft: Draft, recipient: str) -> None:
    """Seal the transcript and the first pass's mentions with their surfaces."""
    text = draft.transcript.text
    value = {
        "v": _WHOLE if draft.alone else _PART,
        "name": draft.name,
        "transcript": codec.plain(draft.transcript),
        "mentions": [{**codec.plain(m), "surface": m.span.of(text)} for m in draft.mentions],
    }
    if not draft.alone:
        value |= {"at": draft.at, "more": draft.more}
    data = codec.compact(value).encode("utf-8", "surrogatepass")
    part = draft.part
    seal(with_spaces(data), desk.work(draft.row.source_id, part), [recipient], replace=True)
    while not draft.more and (left := desk.work(draft.row.source_id, part := part + 1)).exists():
        left.unlink()  # what was sealed in parts before is sealed as one now


def open_work(desk: Desk, row: SourceRow, key: PrivateKey) -> Draft:
    """Read the work files of a source back into memory, as one draft. Raises `KeyUnusable` for a key that does not open them."""
    return _joined(list(_opened(desk, row, key)))


def _opened(desk: Desk, row: SourceRow, key: PrivateKey) -> Iterator[Draft]:
    origin, part, more = desk.state.origin(row.source_id), 0, True
    while more:
        value = codec.parse(open_bytes(desk.work(row.source_id, part), [key]).decode("utf-8", "surrogatepass"))
        if not isinstance(value, dict) or value.get("v") not in (_WHOLE, _PART):
            raise IntegrityError("A work file is of a version that this samaran does not know.", "Use the samaran that wrote it.")
        more = value.get("more", False)
        yield Draft(
            row, _transcript(value["transcript"]), _mentions(value), value["name"], origin, part, value.get("at", 0), more
        )
        part += 1


def _joined(drafts: Sequence[Draft]) -> Draft:
    """The drafts of a source as one."""
    if len(drafts) == 1:
        return drafts[0]
    first = drafts[0].transcript
    transcript = Transcript(
        first.format,
        "".join(draft.transcript.text for draft in drafts),
        tuple(_moved(line, draft) for draft in drafts for line in draft.transcript.lines),
        tuple(dict.fromkeys(p for draft in drafts for p in draft.transcript.properties)),
        tuple(dict.fromkeys(code for draft in drafts for code in draft.transcript.warnings)),
    )
    mentions = tuple(replace(m, span=draft.placed(m.span)) for draft in drafts for m in draft.mentions)
    return replace(drafts[0], transcript=transcript, mentions=mentions, more=False)


def _moved(line: Line, draft: Draft) -> Line:
    label, stamp, column = (draft.placed(span) if span else None for span in (line.label, line.stamp, line.column))
    return replace(line, body=draft.placed(line.body), label=label, stamp=stamp, column=column)


def _transcript(raw: dict[str, Any]) -> Transcript:
    return Transcript(
        raw.get("format", ""),
        raw.get("text", ""),
        tuple(_line(item) for item in raw.get("lines", ())),
        tuple(
            Property(p["name"], p.get("value", ""), EntityType(p["type"]) if "type" in p else None)
            for p in raw.get("properties", ())
        ),
        tuple(raw.get("warnings", ())),
    )


def _mentions(value: dict[str, Any]) -> tuple[Mention, ...]:
    return tuple(
        Mention(_span(m["span"]), EntityType(m["type"]), float(m["score"]), Detector(m["detector"]), m["rule"], m.get("entity"))
        for m in value["mentions"]
    )


def _span(item: dict[str, int]) -> Span:
    return Span(item["start"], item["end"])


def _line(item: dict[str, Any]) -> Line:
    spans = {name: _span(item[name]) if name in item else None for name in ("label", "stamp", "column")}
    return Line(
        item["n"],
        _span(item["body"]),
        item["ref"],
        part=Part(item["part"]),
        role=SpeakerRole(item["role"]),
        label=spans["label"],
        stamp=spans["stamp"],
        column=spans["column"],
        start_ms=item.get("start_ms"),
        end_ms=item.get("end_ms"),
    )
