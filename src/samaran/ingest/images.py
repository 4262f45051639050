"""Screenshots and scans, read by Tesseract where it is installed (`pip install samaran[ocr]`, and the program).

What is recognized is a proposal: every such source carries a warning, and `low-confidence` where words were hard to read. Rows
are put in reading order by Tesseract's own blocks; bubbles on the right of a chat come in the order of their height.
"""

import importlib.util
import os
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from samaran.ingest import container, wordml
from samaran.ingest.spans import Sheet
from samaran.ingest.turns import joined, transcribed
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Property, Reason, Transcript

RECOGNIZED = "recognized-text"
LOW_CONFIDENCE = "low-confidence"
CLEAR = 70.0
"""Mean confidence of a row, in percent, below which it counts as hard to read."""

MAX_PIXELS = 100_000_000
_LANGUAGES = ("ind", "sun", "eng")
_TEXTS = {"ImageDescription", "Artist", "Copyright", "Software", "Make", "Model", "HostComputer", "XPAuthor", "XPComment",
          "XPTitle", "XPSubject", "XPKeywords", "UserComment", "CameraOwnerName", "BodySerialNumber", "LensSerialNumber",
          "ImageUniqueID", "DateTime", "DateTimeOriginal"}  # fmt: skip
_PEOPLE = {"Artist", "Copyright", "XPAuthor", "CameraOwnerName"}


@dataclass(frozen=True, slots=True, repr=False)
class Recognized:
    """The rows of a picture in reading order, and warning codes."""

    rows: tuple[str, ...]
    warnings: tuple[str, ...]


def is_image(data: bytes) -> bool:
    """Whether the bytes are a PNG or a JPEG."""
    return data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))


def available() -> bool:
    """Whether OCR is installed: the extra `ocr`, the program, and at least one of its languages."""
    return bool(importlib.util.find_spec("PIL") and shutil.which("tesseract") and _languages())


def read(data: bytes, speakers: Mapping[str, str]) -> Transcript:
    """What is written in a picture, and its metadata. Raises `Unreadable`: NO_OCR, NO_TEXT, MALFORMED, TOO_LARGE."""
    if not available():
        raise Unreadable(Reason.NO_OCR)
    found = recognized(data)
    sheet = Sheet()
    for number, row in enumerate(found.rows, 1):
        sheet.add(row, f"row {number}")
    if not sheet.lines:
        raise Unreadable(Reason.NO_TEXT)
    lines = joined(sheet.text, transcribed(sheet.text, sheet.lines, speakers))
    return Transcript("image", sheet.text, tuple(lines), tuple(_about(_opened(data))), found.warnings)


def recognized(data: bytes) -> Recognized:
    """The rows that Tesseract sees. Raises `Unreadable`: MALFORMED, TOO_LARGE."""
    from PIL import ImageOps

    picture, out, table = _opened(data), BytesIO(), None
    try:
        grey = ImageOps.exif_transpose(picture).convert("L")  # telephones write which side is up, and turn nothing
        if max(grey.size) < 1600:  # letters of a small screenshot are under the twenty pixels that Tesseract wants
            grey = grey.resize((grey.width * 2, grey.height * 2))
        grey.save(out, "PNG")
        table = _tesseract("stdin", "stdout", "-l", "+".join(_languages()), "--psm", "4", "tsv", given=out.getvalue())
    except (OSError, ValueError, SyntaxError, subprocess.SubprocessError):
        pass  # the exception may hold bytes of the file: leave it here
    if table is None:
        raise Unreadable(Reason.MALFORMED)
    return _rows(table)


def _tesseract(*words: str, given: bytes = b"") -> str:
    """What the program prints. Called here and not through pytesseract, which puts the picture into a temporary file."""
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    return subprocess.run(
        ["tesseract", *words], input=given, capture_output=True, timeout=120, check=True, env=alone
    ).stdout.decode()


def _rows(table: str) -> Recognized:
    """Words gathered into rows, in the order of their height; rows of one height that stand apart stay apart."""
    head, *words = (row.split("\t") for row in table.splitlines())
    at = {name: i for i, name in enumerate(head)}
    rows: dict[tuple[str, ...], list[list[str]]] = {}
    for word in words:
        if len(word) == len(head) and word[at["text"]].strip() and float(word[at["conf"]]) >= 0:
            place = tuple(word[at[name]] for name in ("page_num", "block_num", "par_num", "line_num"))
            rows.setdefault(place, []).append(word)
    shown, low = [], False
    for row in sorted(rows.values(), key=lambda r: (min(int(w[at["top"]]) for w in r), int(r[0][at["left"]]))):
        shown.append(" ".join(word[at["text"]] for word in row))
        low = low or sum(float(word[at["conf"]]) for word in row) / len(row) < CLEAR
    return Recognized(tuple(shown), (RECOGNIZED, LOW_CONFIDENCE) if low else (RECOGNIZED,))


def _opened(data: bytes) -> Any:
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process; half a picture is half a text
    picture = reason = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF", "WEBP", "BMP", "JPEG2000"))
        if picture.width * picture.height > MAX_PIXELS:
            reason = Reason.TOO_LARGE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        reason = Reason.MALFORMED  # the exception may hold bytes of the file: leave it here
    if picture is None or reason:
        raise Unreadable(reason or Reason.MALFORMED)
    return picture


def _about(picture: Any) -> list[Property]:
    """EXIF and text chunks, the place of the camera included."""
    from PIL import ExifTags

    found: dict[Property, None] = {}
    exif = picture.getexif()
    for tag, value in [*exif.items(), *exif.get_ifd(ExifTags.IFD.Exif).items()]:
        name = ExifTags.TAGS.get(tag, "")
        if name in _TEXTS and (shown := _written(name, value)):
            found[Property(name, shown, EntityType.PERSON if name in _PEOPLE else None)] = None
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if place:
        found[Property("place of the camera", " ".join(str(value) for value in place.values()))] = None
    said = [*(picture.text if hasattr(picture, "text") else {}).values(), picture.info.get("comment", b"")]
    for value in said:
        if shown := _written("", value):
            found[Property("picture text", shown)] = None
    if xmp := picture.info.get("xmp"):
        found |= dict.fromkeys(_of_xmp(xmp if isinstance(xmp, bytes) else str(xmp).encode()))
    return list(found)


def _written(name: str, value: Any) -> str:
    """What a tag says: Windows writes UTF-16, and a comment has the name of its encoding before it."""
    if isinstance(value, tuple) and name.startswith("XP"):
        value = bytes(value)
    if isinstance(value, bytes):
        head, rest = value[:8], value[8:]
        wide = name.startswith("XP") or head == b"UNICODE\0"
        value = rest if head in (b"UNICODE\0", b"ASCII\0\0\0") else value
        value = value.decode("utf-16-le" if wide else "utf-8", "replace")
    return str(value).strip("\0 \n")


def _of_xmp(data: bytes) -> list[Property]:
    """What programs wrote into a picture's XMP; nothing of one that is damaged."""
    try:
        root = container.xml(data.strip(b"\0 \n"))
    except Unreadable:
        return []
    found = []
    for element in root.iter():
        values = [element.text or "", *element.attrib.values()]
        holders = {wordml.name(holder) for holder in element.iterancestors()}
        kind = EntityType.PERSON if "creator" in holders else None
        found += [Property("XMP", value.strip(), kind) for value in map(str, values) if any(map(str.isalnum, value))]
    return found


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    """Those of Indonesian, Sundanese and English that are installed."""
    try:
        installed = set(_tesseract("--list-langs").split())
    except (OSError, ValueError, subprocess.SubprocessError):
        installed = set()
    return tuple(language for language in _LANGUAGES if language in installed)
