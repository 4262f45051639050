"""A zip archive is read as one source: its members one after the other, told apart in the references, `member 3 line 12`.

Nothing is unpacked to disk, and no name of a member is ever used as a path: names are properties. Media beside a chat are
left out, with a warning. A member that no reader can read makes the whole archive unreadable, so that nothing is lost.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePosixPath

from samaran.ingest import container
from samaran.ingest.telegram import MEDIA
from samaran.ingest.unreadable import Unreadable
from samaran.model import Line, Property, Reason, Span, Transcript

MAX_READ = 1000
"""Members that are read; media do not count."""

_MEDIA_WORDS = (
    "jpg jpeg png webp gif heic bmp tif tiff opus ogg oga mp3 m4a aac wav amr flac wma mp4 mov 3gp mkv avi webm m4v vcf thumb"
)
_MEDIA = frozenset(_MEDIA_WORDS.split())
_CHAT = re.compile(r"(?:_chat|(?:WhatsApp |Chat ).{0,120})\.txt")
_LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read(data: bytes, one: Callable[[bytes, str], Transcript]) -> Transcript:
    """The members in the order of their names; `one` reads a member. Call it after `container.members`. Raises `Unreadable`."""
    found: list[Transcript] = []
    properties: dict[Property, None] = {}
    warnings: dict[str, None] = {}
    unpacked = 0
    for name, content in _members(data):
        properties[Property("member", name)] = None
        unpacked += container.unpacked(content)
        if unpacked > container.MAX_UNPACKED:
            raise Unreadable(Reason.TOO_LARGE)
        if _suffix(name) in _MEDIA:
            warnings[MEDIA] = None
        elif len(found) == MAX_READ:
            raise Unreadable(Reason.TOO_LARGE)
        elif transcript := _read(one, content, PurePosixPath(name).name):
            found.append(transcript)
            properties |= dict.fromkeys(transcript.properties)
            warnings |= dict.fromkeys(transcript.warnings)
    if not found:
        raise Unreadable(Reason.UNKNOWN_FORMAT if warnings else Reason.EMPTY)
    if len(found) == 1:
        return replace(found[0], properties=tuple(properties), warnings=tuple(warnings))
    text, lines = _joined(found)
    return Transcript("zip", text, lines, tuple(properties), tuple(warnings))


def _read(one: Callable[[bytes, str], Transcript], content: bytes, name: str) -> Transcript | None:
    """A member; nothing where it is empty."""
    reason = Reason.EMPTY
    try:
        return one(content, name) if content else None
    except Unreadable as error:
        reason = error.reason
    if reason is not Reason.EMPTY:
        raise Unreadable(reason)
    return None


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each member that is a file, by name; chats first."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir() and not any(mark in i.filename for mark in _LEFT_BY_SYSTEMS)]
        for info in sorted(infos, key=lambda i: (not _CHAT.fullmatch(PurePosixPath(i.filename).name), i.filename)):
            yield info.filename, b"" if _suffix(info.filename) in _MEDIA else archive.read(info)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").casefold()


def _joined(found: list[Transcript]) -> tuple[str, tuple[Line, ...]]:
    lines: list[Line] = []
    texts: list[str] = []
    at = 0
    for number, transcript in enumerate(found, 1):
        lines += [_moved(line, at, f"member {number} {line.ref}", n) for n, line in enumerate(transcript.lines, len(lines) + 1)]
        texts += (transcript.text, "\n")
        at += len(transcript.text) + 1
    return "".join(texts), tuple(lines)


def _moved(line: Line, by: int, ref: str, n: int) -> Line:
    def shifted(span: Span | None) -> Span | None:
        return Span(span.start + by, span.end + by) if span else None

    body = Span(line.body.start + by, line.body.end + by)
    return replace(
        line, n=n, body=body, ref=ref, label=shifted(line.label), stamp=shifted(line.stamp), column=shifted(line.column)
    )
