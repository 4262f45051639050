"""Files too long for memory, part by part: chat exports of up to hundreds of megabytes. Each part is a transcript of its own, cut
where a message starts; numbers of lines and references count on."""

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from samaran.ingest import chat, reading, roles
from samaran.ingest.reading import no_collections, read
from samaran.ingest.spans import breaks
from samaran.ingest.text import ENCODING_INFERRED, plausible_cp1252
from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason, Transcript

LONG = 1024 * 1024
"""Files up to this many bytes are one part. A run takes about a hundred and fifty times as much memory as a part has bytes."""

PART = 512 * 1024
"""Bytes that are read at a time."""

ENDLESS = 32 * 1024 * 1024
"""Characters without the head of a message: no chat after all."""


def read_parts(
    path: Path,
    *,
    encoding: str = "",
    speakers: Mapping[str, str] = MappingProxyType({}),
    seen: Callable[[bytes], object] = lambda _: None,
) -> Iterator[Transcript]:
    """The transcripts of a file: one, unless it is a long chat export. Memory stays bounded there: only one part is held. `seen`
    is given all bytes of the file as they were read, each part's before the part comes.

    Raises `Unreadable` like `read`, for a long file perhaps after parts of it.
    """
    with path.open("rb") as file:
        sample = file.read(65536) if path.stat().st_size > LONG else b""
        name = _encoding(sample, encoding) if sample else ""
        file.seek(0)
        if not name or not chat.is_chat(_decoded(codecs.getincrementaldecoder(name)(), sample, final=False)):
            seen(data := file.read())
            yield read(data, path.name, encoding=encoding, speakers=speakers)
            return
        yield from _parts(file, name, encoding, speakers, seen)


def _parts(
    file: BinaryIO, name: str, encoding: str, speakers: Mapping[str, str], seen: Callable[[bytes], object]
) -> Iterator[Transcript]:
    warnings = (ENCODING_INFERRED,) if name == "cp1252" and not encoding else ()
    n, rows = 0, 0
    for text in _pieces(file, name, seen):
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


def _pieces(file: BinaryIO, name: str, seen: Callable[[bytes], object]) -> Iterator[str]:
    """The text in stretches that start with a message each, but for the first."""
    decoder = codecs.getincrementaldecoder(name)()
    kept = ""
    while data := file.read(PART):
        seen(data)
        kept += _decoded(decoder, data, final=False)
        if cut := chat.last_head(kept):
            yield kept[:cut]
            kept = kept[cut:]
        elif len(kept) > ENDLESS:
            raise Unreadable(Reason.TOO_LARGE)
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
