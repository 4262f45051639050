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
from samaran.ingest.bundle import joined
from samaran.ingest.media import HEAD, is_media
from samaran.ingest.telegram import MEDIA
from samaran.ingest.unreadable import Unreadable
from samaran.model import Property, Reason, Transcript

MAX_READ = 1000
"""Members that are read; media do not count."""

_RECORDED_WORDS = """
3ga 3g2 3gp aac aif aifc aiff amr asf au avi awb caf ds2 dss flac flv gsm m2ts m4a m4b m4r m4v mid mka mkv mov mp2 mp3 mp4 mpeg
mpg mpga msv mts oga ogg ogv ogx opus qt ra rm snd spx vob wav weba webm wma wmv
"""
RECORDED = frozenset(_RECORDED_WORDS.split())
_PICTURED_WORDS = "jpg jpeg png webp gif heic bmp tif tiff vcf thumb"
LEFT_OUT = RECORDED.union(_PICTURED_WORDS.split())
"""Endings of what lies beside a text and is not read: recordings, pictures, cards with others' addresses."""

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
        if suffix(name) in LEFT_OUT or is_media(content[:HEAD]):
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
    text, lines = joined((f"member {number} ", transcript) for number, transcript in enumerate(found, 1))
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
            yield info.filename, b"" if suffix(info.filename) in LEFT_OUT else archive.read(info)


def suffix(name: str) -> str:
    """How the name of a file ends, without its dot."""
    return PurePosixPath(name).suffix.removeprefix(".").casefold()
