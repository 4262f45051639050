"""Office files are zip containers of XML: opened within bounds, and without external entities."""

import lzma
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Head of the container that holds Office files under a password, and the formats before docx and xlsx."""

MAX_MEMBERS = 10_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_RATIO = 250  # XML packs up to about 1:100, bombs 1:1000


DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


def is_old_office(data: bytes) -> bool:
    """Whether an OLE container holds an open document of the old formats (.doc, .xls, .ppt) and not an encrypted package."""
    names = ("WordDocument", "Workbook", "Book", "PowerPoint Document")
    return any(name.encode("utf-16-le") + b"\0\0" in data for name in names)


def members(data: bytes) -> frozenset[str]:
    """The names in a zip container, each member read to its end within bounds. Raises `Unreadable`: TOO_LARGE, PASSWORD,
    MALFORMED."""
    reason, names = Reason.MALFORMED, frozenset[str]()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            ratios = [info.file_size / max(1, info.compress_size) for info in infos if info.file_size > 1024 * 1024]
            if (
                len(infos) > MAX_MEMBERS
                or sum(info.file_size for info in infos) > MAX_UNPACKED
                or max(ratios, default=0) > MAX_RATIO
            ):
                reason = Reason.TOO_LARGE
            elif any(info.flag_bits & 1 for info in infos):
                reason = Reason.PASSWORD
            elif not any(_has_doctype(archive.read(info)) for info in infos):
                names = frozenset(info.filename for info in infos)
    except DAMAGE:
        pass  # the exception may hold names of members: leave it here
    if not names:
        raise Unreadable(reason)
    return names


def unpacked(data: bytes) -> int:
    """How many bytes a container says that it holds; none where the data is no container."""
    if not data.startswith(b"PK\x03\x04"):
        return 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return sum(info.file_size for info in archive.infolist())
    except DAMAGE:
        return 0  # its reader says so


def part(data: bytes, name: str) -> bytes:
    """One member of a container that `members` has looked through; nothing where it has no such member."""
    content = None
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            content = archive.read(name)
    except KeyError:
        content = b""
    except DAMAGE:
        pass  # the exception may hold names of members: leave it here
    if content is None:
        raise Unreadable(Reason.MALFORMED)
    return content


def _has_doctype(part: bytes) -> bool:
    """Whether an XML part declares a document type, and with it perhaps entities. Office programs never do."""
    return part[:4].lstrip(b"\xef\xbb\xbf\xff\xfe\0 ").startswith(b"<") and any(
        mark.encode(name) in part for name in ("ascii", "utf-16-le", "utf-16-be") for mark in ("<!DOCTYPE", "<!ENTITY")
    )


def xml(data: bytes) -> Any:
    """The root of an XML part. Raises `Unreadable` (MALFORMED); entities are not resolved, documents with a DTD refused."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or root.getroottree().docinfo.doctype:
        raise Unreadable(Reason.MALFORMED)
    return root
