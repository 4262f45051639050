"""Whether sound or film lies in a file: as the file itself, in an archive, an Office file, a mail, a PDF or a page.

Endings and first bytes tell it; nothing is decoded or unpacked to disk. What can't be looked into, since other programs packed it
(7z, rar, gz, tar) or since it is larger or deeper than the bounds, counts as if a recording lay in it: it is easily unpacked, but
the voice of somebody who did not agree can't be unsealed by whoever collected it.
"""

import re
import zipfile
from email.message import EmailMessage
from io import BytesIO
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath

from samaran.ingest import container, mail
from samaran.ingest.archive import RECORDED, suffix
from samaran.ingest.media import HEAD, is_media

MAX_DEPTH = 5
"""Files in files in files; a mail in an archive is two."""

_ENDING = b"|".join(sorted(word.encode() for word in RECORDED))
_WIDE = b"|".join(b"\\0".join(bytes([letter]) for letter in word.encode()) + b"\\0" for word in sorted(RECORDED))
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP", re.DOTALL)
_PACKED = re.compile(rb"7z\xbc\xaf|Rar!|\x1f\x8b|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|.{257}ustar", re.DOTALL)
_LOCAL = re.compile(rb"PK\x03\x04.{26}[^\0\n]{1,250}?\.(?:" + _ENDING + rb")(?![a-z])", re.DOTALL | re.IGNORECASE)
"""A member of an archive that has lost its table of contents."""
_OBJECT = re.compile(rb"\.(?:" + _ENDING + rb")\0|\.\0(?:" + _WIDE + rb")\0\0", re.IGNORECASE)
"""The name of a file that was put into a document as an object, or lies beside a mail of Outlook."""
_WRITTEN_OUT = re.compile(rb"data:(?:audio|video)/")
_PLAYED = re.compile(rb"/(?:Sound|Movie|RichMedia|Rendition)\b")
"""What plays in a page of a PDF."""


def recorded(path: Path) -> bool:
    """Whether sound or film lies in this file, or might. Raises `OSError` where the file can't be read."""
    if not path.stat().st_size:
        return suffix(path.name) in RECORDED
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        return _Look().holds(data, path, path.name, 0)


class _Look:
    """One look into a file and into what lies in it. `unpacked` counts the bytes that had to be unpacked."""

    def __init__(self) -> None:
        self.unpacked = 0

    def holds(self, data: bytes | mmap, source: Path | BytesIO, name: str, depth: int) -> bool:
        """Whether a file of these bytes, which can also be read from `source`, is a recording or holds one."""
        head = data[:500]
        if suffix(name) in RECORDED or is_media(head[:HEAD]) or _PACKED.match(head):
            return True
        if _PICTURE.match(head):
            return False
        if head.startswith(b"PK\x03\x04") or zipfile.is_zipfile(source):
            return depth == MAX_DEPTH or self.archive(data, source, depth)
        if head.startswith(container.OLE):
            return _OBJECT.search(data) is not None
        if b"%PDF-" in data[:1024]:
            return self.pdf(data, source, depth)
        if mail.is_mail(data[:500_000], suffix(name) in ("eml", "mbox")):
            return depth == MAX_DEPTH or self.mail(data, depth)
        return _WRITTEN_OUT.search(data) is not None

    def inner(self, content: bytes, name: str, depth: int) -> bool:
        """Whether a file in a file is a recording or holds one."""
        self.unpacked += len(content)
        return self.unpacked > container.MAX_UNPACKED or self.holds(content, BytesIO(content), name, depth + 1)

    def archive(self, data: bytes | mmap, source: Path | BytesIO, depth: int) -> bool:
        """The members of a zip container; by their names alone where it is damaged or under a password."""
        try:
            with zipfile.ZipFile(source) as opened:
                infos = [info for info in opened.infolist() if not info.is_dir()]
                if any(suffix(info.filename) in RECORDED for info in infos):
                    return True
                return any(self.member(opened, info, depth) for info in infos if not info.flag_bits & 1)
        except container.DAMAGE:
            return _LOCAL.search(data) is not None

    def member(self, opened: zipfile.ZipFile, info: zipfile.ZipInfo, depth: int) -> bool:
        with opened.open(info) as file:
            head = file.read(HEAD)
            if is_media(head):
                return True
            if _PICTURE.match(head):
                return False
            if self.unpacked + info.file_size > container.MAX_UNPACKED:
                return True
            return self.inner(head + file.read(), PurePosixPath(info.filename).name, depth)

    def mail(self, data: bytes | mmap, depth: int) -> bool:
        """The parts of all mails. One that its parser gives up can't be looked into."""
        try:
            parts = (part for _, message in mail.messages(data) for part in message.walk() if not part.is_multipart())
            return any(self.part(part, depth) for part in parts)
        except mail.DAMAGE:
            return True

    def part(self, part: EmailMessage, depth: int) -> bool:
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        spoken = part.get_content_maintype() in ("audio", "video")
        return spoken or self.inner(content, str(part.get_filename() or ""), depth)

    def pdf(self, data: bytes | mmap, source: Path | BytesIO, depth: int) -> bool:
        """The files that a PDF holds, and its pages' players; only the players where it is damaged or under a password."""
        from samaran.ingest import pdf

        try:
            return _PLAYED.search(data) is not None or any(
                self.inner(content, name, depth) for name, content in pdf.files(source)
            )
        except pdf.DAMAGE:
            return False
