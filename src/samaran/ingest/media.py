"""Recordings: told by their first bytes. They are sealed and kept, never read: there is no text in them to work on."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tinytag import TinyTag, TinyTagException

from samaran.model import EntityType, Property

HEAD = 64
"""So many bytes tell it."""

_MEDIA = re.compile(
    rb"RIFF.{4}(?:WAVE|AVI )|RF64.{4}WAVE|OggS|fLaC|ID3[\x02-\x04]|\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb][^\xff]"
    rb"|.{4}ftyp|\x1a\x45\xdf\xa3|#!AMR|\x30\x26\xb2\x75\x8e\x66\xcf\x11|FORM.{4}AIF[FC]|caff\0\x01|\0\0\x01[\xba\xb3]|MThd",
    re.DOTALL,
)
_TECHNICAL_NAMES = "filename filesize mime_type is_lossless duration channels bitrate bitdepth samplerate track disc"
_TECHNICAL = frozenset(_TECHNICAL_NAMES.split())
_PEOPLE = frozenset({"artist", "albumartist", "composer", "author", "performer", "conductor", "lyricist"})
_KNOWN = _PEOPLE | {"title", "album", "comment", "year", "genre", "copyright", "description", "encoded_by", "encoder"}
_DAMAGE = (TinyTagException, ValueError, KeyError, TypeError, IndexError, OverflowError, EOFError, AttributeError)
_PICTURE = re.compile(rb".{4}ftyp(?:heic|heix|mif1|msf1|avif)", re.DOTALL)


def is_media(head: bytes) -> bool:
    """Whether a file that begins so is sound or film: wav, avi, ogg, opus, flac, mp3, aac, mp4, m4a, 3gp, mov, mkv, webm, amr,
    wma, wmv, aiff, caf, mpeg. A picture is not."""
    return bool(_MEDIA.match(head)) and not _PICTURE.match(head)


@dataclass(frozen=True, slots=True, repr=False)
class Recording:
    """What a recording says of itself: how long it is, where that can be told, and its tags."""

    duration_ms: int | None
    properties: tuple[Property, ...]


def about(path: Path) -> Recording:
    """Duration and tags, from the container alone: nothing is decoded. A recording that tells nothing has none."""
    found: dict[str, Any] = {}
    duration = None
    try:
        with path.open("rb") as file:
            tag = TinyTag.get(file_obj=file)
            found, duration = tag.as_dict(), tag.duration
    except _DAMAGE:
        pass  # the exception may hold a tag: leave it here
    properties = [
        Property(
            name if name in _KNOWN else "custom property", str(value).strip(), EntityType.PERSON if name in _PEOPLE else None
        )
        for name, values in found.items()
        if name not in _TECHNICAL
        for value in (values if isinstance(values, list) else [values])
        if str(value).strip()
    ]
    return Recording(round(duration * 1000) if duration else None, tuple(dict.fromkeys(properties)))
