"""Recordings: told by their first bytes. They are sealed and kept, never read: there is no text in them to work on."""

import re

HEAD = 64
"""So many bytes tell it."""

_MEDIA = re.compile(
    rb"RIFF.{4}(?:WAVE|AVI )|RF64.{4}WAVE|OggS|fLaC|ID3[\x02-\x04]|\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb][^\xff]"
    rb"|.{4}ftyp|\x1a\x45\xdf\xa3|#!AMR|\x30\x26\xb2\x75\x8e\x66\xcf\x11|FORM.{4}AIF[FC]|caff\0\x01|\0\0\x01[\xba\xb3]|MThd",
    re.DOTALL,
)
_PICTURE = re.compile(rb".{4}ftyp(?:heic|heix|mif1|msf1|avif)", re.DOTALL)


def is_media(head: bytes) -> bool:
    """Whether a file that begins so is sound or film: wav, avi, ogg, opus, flac, mp3, aac, mp4, m4a, 3gp, mov, mkv, webm, amr,
    wma, wmv, aiff, caf, mpeg. A picture is not."""
    return bool(_MEDIA.match(head)) and not _PICTURE.match(head)
