"""Files too long for memory, part by part: chat exports of hundreds of megabytes. Each part is a transcript of its own, cut where
a message starts; numbers of lines and references count on."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from samaran.ingest import chat, reading, roles
from samaran.ingest.reading import no_collections, read
from samaran.ingest.spans import breaks
from samaran.ingest.text import ENCODING_INFERRED, plausible_cp1252
from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason, Transcript

LONG = 32 * 1024 * 1024
"""Files up to this many bytes are one part."""

PART = 4 * 1024 * 1024
"""Bytes that are read at a time."""


def read_parts(path: Path, *, encoding: str = "", speakers: Mapping[str, str] = MappingProxyType({})) -> Iterator[Transcript]:
    """The transcripts of a file: one, unless it is a long chat export. Memory stays bounded there: only one part is held.

    Raises `Unreadable` like `read`, for a long file perhaps after parts of it.
    """
    if path.stat().st_size <= LONG:
        yield read(path.read_bytes(), path.name, encoding=encoding, speakers=speakers)
        return
    with path.open("rb") as file:
        sample = file.read(65536)
    name = _encoding(sample, encoding)
    if not name or not chat.is_chat(_decoded(codecs.getincrementaldecoder(name)(), sample, final=False)):
        yield read(path.read_bytes(), path.name, encoding=encoding, speakers=speakers)
        return
    warnings = (ENCODING_INFERRED,) if name == "cp1252" and not encoding else ()
    n, rows = 0, 0
    for text in _pieces(path, name):
        with no_collections():
            part = chat.read(text, n=n, rows=rows)
            lines = roles.assigned(text, part.lines, speakers)
            part = replace(part, lines=lines, warnings=part.warnings + warnings)
        yield part
        n += len(lines)
        rows += breaks(text, 0, len(text), lone=text.count("\r") != text.count("\r\n"))


def encoding_of(path: Path, encoding: str = "") -> str:
    """The encoding in which a text file is read; nothing for a file that is no text. Raises like `read`."""
    if path.stat().st_size <= LONG:
        return reading.encoding_of(path.read_bytes(), encoding)
    with path.open("rb") as file:
        return _encoding(file.read(65536), encoding)


def _pieces(path: Path, name: str) -> Iterator[str]:
    """The text in stretches that start with a message each, but for the first."""
    decoder = codecs.getincrementaldecoder(name)()
    kept = ""
    with path.open("rb") as file:
        while data := file.read(PART):
            kept += _decoded(decoder, data, final=False)
            if cut := chat.last_head(kept):
                yield kept[:cut]
                kept = kept[cut:]
            elif len(kept) > LONG:
                raise Unreadable(Reason.TOO_LARGE)  # one message, or no chat after all
    if kept := kept + _decoded(decoder, b"", final=True):
        yield kept


def _encoding(sample: bytes, encoding: str) -> str:
    """The name of the codec; nothing where the file is no text."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return ""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return encoding or ("cp1252" if plausible_cp1252(sample) else "")
    return "utf-8"


def _decoded(decoder: codecs.IncrementalDecoder, data: bytes, *, final: bool) -> str:
    try:
        return decoder.decode(data, final)
    except UnicodeDecodeError:
        pass  # the exception holds the file: leave it here
    raise Unreadable(Reason.BAD_ENCODING)
