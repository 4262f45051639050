"""What transcription tools write: Whisper (.json, .tsv), oTranscribe (.otr), ELAN (.eaf).

Times are those of the recording. Names of media files, annotators and participants are properties.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from samaran.ingest import container, markup
from samaran.ingest.images import LOW_CONFIDENCE
from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet, numbered, physical, visible
from samaran.ingest.turns import labelled
from samaran.ingest.unreadable import Unreadable
from samaran.ingest.wordml import attribute, name
from samaran.model import EntityType, Line, Part, Property, Reason, Transcript

UNSURE = -1.0
"""Mean log probability of a segment below which Whisper itself tries again."""

TSV_HEAD = "start\tend\ttext"


def loaded(text: str) -> Any:
    """A JSON document. Raises `Unreadable` (MALFORMED)."""
    damaged = False
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        damaged = True  # the exception holds the file: leave it here
    assert damaged
    raise Unreadable(Reason.MALFORMED)


def is_whisper(value: Any) -> bool:
    """Whether a document is Whisper's, or that of one of its descendants."""
    return isinstance(value, dict) and bool(_segments(value))


def _segments(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first list under one of their names that holds segments with text; empty where there is none."""
    for found in map(value.get, ("segments", "transcription", "chunks")):
        if isinstance(found, list) and found and all(isinstance(one, dict) and "text" in one for one in found):
            return found
    return []


def whisper(value: Mapping[str, Any], speakers: Mapping[str, str]) -> Transcript:
    """The segments with their times, and with speakers where the program told them apart."""
    sheet, warnings = Sheet(), dict[str, None]()
    for number, segment in enumerate(_segments(value), 1):
        start, end = _times(segment)
        label = sheet.write(str(segment["speaker"])) if str(segment.get("speaker") or "").strip() else None
        sheet.add(_flat(segment.get("text")), f"segment {number}", label=label, start_ms=start, end_ms=end)
        sure = segment.get("avg_logprob")
        if isinstance(sure, int | float) and sure < UNSURE:
            warnings[LOW_CONFIDENCE] = None
    return Transcript("whisper-json", sheet.text, _told(sheet, speakers), (), tuple(warnings))


def _times(segment: Mapping[str, Any]) -> tuple[int | None, int | None]:
    offsets, stamp = segment.get("offsets"), segment.get("timestamp")
    if isinstance(offsets, dict):  # whisper.cpp counts milliseconds
        return _ms(offsets.get("from"), 1), _ms(offsets.get("to"), 1)
    if isinstance(stamp, list) and len(stamp) == 2:  # transformers
        return _ms(stamp[0], 1000), _ms(stamp[1], 1000)
    return _ms(segment.get("start"), 1000), _ms(segment.get("end"), 1000)


def _ms(value: Any, unit: int) -> int | None:
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal() and len(value) < 15:
        value = float(value)
    return round(value * unit) if isinstance(value, int | float) and 0 <= value < 1e9 else None


def is_whisper_tsv(text: str) -> bool:
    """Whether the text starts as Whisper's tables do."""
    return text.removeprefix("\ufeff").startswith((TSV_HEAD + "\n", TSV_HEAD + "\r\n"))


def whisper_tsv(text: str, speakers: Mapping[str, str]) -> Transcript:
    """The rows with their times. A row of another shape is kept whole as a note."""
    lines: list[Line] = []
    for number, (start, end) in enumerate(physical(text), 1):
        body = visible(text, start, end)
        if body is None or number == 1:
            continue
        cells = text[start:end].split("\t", 2)
        timed = len(cells) == 3 and cells[0].isdecimal() and cells[1].isdecimal() and max(map(len, cells[:2])) < 12
        said = visible(text, start + len(cells[0]) + len(cells[1]) + 2, end) if timed else None
        if not timed:
            lines.append(Line(0, body, f"row {number}", Part.NOTE))
        elif said:
            lines.append(Line(0, said, f"row {number}", start_ms=int(cells[0]), end_ms=int(cells[1])))
    timed_lines = [line for line in lines if line.part is Part.BODY]
    turns = {line.body.end: line for line in labelled(text, timed_lines, speakers)}
    told = [_kept_times(line, turns.get(line.body.end)) for line in lines]
    return Transcript("whisper-tsv", text, tuple(numbered(told)))


def _kept_times(line: Line, turn: Line | None) -> Line:
    return replace(line, body=turn.body, label=turn.label) if turn and line.part is Part.BODY else line


def is_otranscribe(value: Any) -> bool:
    """Whether a document is oTranscribe's."""
    return isinstance(value, dict) and isinstance(value.get("text"), str) and bool({"media", "media-time"} & value.keys())


def otranscribe(value: Mapping[str, Any], speakers: Mapping[str, str]) -> Transcript:
    """The paragraphs; a mark of time at the start of one is its time. The name of the recording is a property."""
    sheet, page = Sheet(), markup.page(value["text"])
    for number, piece in enumerate(page.pieces, 1):
        sheet.add(piece.text, f"paragraph {number}", start_ms=piece.start_ms)
    found = {Property("media file", str(value[key])): None for key in ("media", "media-source") if value.get(key)}
    found |= {link(target): None for target in (*page.links, *page.sources)}
    return Transcript("otranscribe", sheet.text, _told(sheet, speakers), tuple(found))


def _told(sheet: Sheet, speakers: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines with labels found in their texts, where the tool told no speakers."""
    if any(line.label for line in sheet.lines):
        return tuple(sheet.lines)
    return tuple(labelled(sheet.text, sheet.lines, speakers))


def _flat(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def is_eaf(data: bytes) -> bool:
    """Whether the bytes start as an ELAN document."""
    return b"<ANNOTATION_DOCUMENT" in data[:4000]


def eaf(data: bytes) -> Transcript:
    """Annotations of all tiers in the order of their times; a tier's participant, else its name, is the speaker. Raises
    `Unreadable` (MALFORMED)."""
    root = container.xml(data)
    slots = {attribute(e, "TIME_SLOT_ID"): _ms(attribute(e, "TIME_VALUE"), 1) for e in root.iter() if name(e) == "TIME_SLOT"}
    found: dict[Property, None] = {}
    spoken: list[tuple[int, int, int | None, str, str, str]] = []
    times: dict[str, tuple[int | None, int | None]] = {}
    for order, tier in enumerate(e for e in root if name(e) == "TIER"):
        who = attribute(tier, "PARTICIPANT") or attribute(tier, "TIER_ID")
        for key in ("PARTICIPANT", "ANNOTATOR"):
            if attribute(tier, key):
                found[Property(key.lower(), attribute(tier, key), EntityType.PERSON)] = None
        found[Property("tier", attribute(tier, "TIER_ID"))] = None
        for number, annotation in enumerate((e for e in tier.iter() if name(e).endswith("_ANNOTATION")), 1):
            start, end = _span_of(annotation, slots, times)
            times[attribute(annotation, "ANNOTATION_ID")] = start, end
            text = " ".join("".join(annotation.itertext()).split())
            spoken.append((start if start is not None else 0, order, end, who, f"tier {order + 1} annotation {number}", text))
    sheet = Sheet()
    for start, _, end, who, ref, text in sorted(spoken, key=lambda s: s[:2]):
        if text:
            label = sheet.write(who) if who.strip() else None
            sheet.add(text, ref, label=label, start_ms=start, end_ms=end)
    if attribute(root, "AUTHOR"):
        found[Property("author", attribute(root, "AUTHOR"), EntityType.PERSON)] = None
    for element in root.iter():
        for key in ("MEDIA_URL", "RELATIVE_MEDIA_URL", "LINK_URL", "RELATIVE_LINK_URL"):
            if attribute(element, key):
                found[Property("media file", attribute(element, key))] = None
        if name(element) in ("PROPERTY", "DESCRIPTION", "CVE_VALUE", "CVE") and (element.text or "").strip():
            found[Property("custom property", element.text.strip())] = None
    return Transcript("elan", sheet.text, tuple(sheet.lines), tuple(found))


def _span_of(annotation: Any, slots: Mapping[str, int | None], times: Mapping[str, tuple[int | None, int | None]]) -> Any:
    if referred := attribute(annotation, "ANNOTATION_REF"):
        return times.get(referred, (None, None))
    return slots.get(attribute(annotation, "TIME_SLOT_REF1")), slots.get(attribute(annotation, "TIME_SLOT_REF2"))
