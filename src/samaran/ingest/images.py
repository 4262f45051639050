"""Screenshots and scans, read by Tesseract where it is installed (`pip install samaran[ocr]`, and the program).

What is recognized is a proposal: every such source carries a warning, and `low-confidence` where words were hard to read. Rows
are put in reading order by Tesseract's own blocks; bubbles on the right of a chat come in the order of their height.
"""

import importlib.util
import shutil
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from samaran.ingest.spans import Sheet
from samaran.ingest.turns import joined, labelled
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Property, Reason, Transcript

RECOGNIZED = "recognized-text"
LOW_CONFIDENCE = "low-confidence"
CLEAR = 70.0
"""Mean confidence of a row, in percent, below which it counts as hard to read."""

MAX_PIXELS = 100_000_000
_LANGUAGES = ("ind", "sun", "eng")
_TEXTS = {"ImageDescription", "Artist", "Copyright", "Software", "Make", "Model", "HostComputer", "XPAuthor", "XPComment",
          "XPTitle", "UserComment", "CameraOwnerName", "BodySerialNumber", "DateTime", "DateTimeOriginal"}  # fmt: skip
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
    return bool(
        importlib.util.find_spec("pytesseract") and importlib.util.find_spec("PIL") and shutil.which("tesseract")
    ) and bool(_languages())


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
    lines = joined(sheet.text, labelled(sheet.text, sheet.lines, speakers))
    return Transcript("image", sheet.text, tuple(lines), tuple(_about(_opened(data))), found.warnings)


def recognized(data: bytes) -> Recognized:
    """The rows that Tesseract sees. Raises `Unreadable`: MALFORMED, TOO_LARGE."""
    import pytesseract

    picture = _opened(data)
    words = reason = None
    try:
        grey = picture.convert("L")
        if max(grey.size) < 1600:  # letters of a small screenshot are under the twenty pixels that Tesseract wants
            grey = grey.resize((grey.width * 2, grey.height * 2))
        words = pytesseract.image_to_data(grey, lang="+".join(_languages()), config="--psm 4", output_type="dict", timeout=120)
    except (OSError, ValueError, RuntimeError, SyntaxError, pytesseract.TesseractError):
        reason = Reason.MALFORMED
    if words is None:
        raise Unreadable(reason or Reason.MALFORMED)
    return _rows(words)


def _rows(words: Mapping[str, list[Any]]) -> Recognized:
    """Words gathered into rows, in reading order; rows of one height that stand apart stay apart."""
    rows: dict[tuple[int, int, int], list[int]] = {}
    for i, word in enumerate(words["text"]):
        if str(word).strip() and float(words["conf"][i]) >= 0:
            rows.setdefault((words["block_num"][i], words["par_num"][i], words["line_num"][i]), []).append(i)
    shown, low = [], False
    for members in sorted(rows.values(), key=lambda m: (min(words["top"][i] for i in m), words["left"][m[0]])):
        shown.append(" ".join(str(words["text"][i]) for i in members))
        low = low or sum(float(words["conf"][i]) for i in members) / len(members) < CLEAR
    return Recognized(tuple(shown), (RECOGNIZED, LOW_CONFIDENCE) if low else (RECOGNIZED,))


def _opened(data: bytes) -> Any:
    from PIL import Image

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
        if name in _TEXTS and (shown := str(value).strip("\0 ")):
            found[Property(name, shown, EntityType.PERSON if name in _PEOPLE else None)] = None
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if place:
        found[Property("place of the camera", " ".join(str(value) for value in place.values()))] = None
    for value in (picture.text if hasattr(picture, "text") else {}).values():
        if str(value).strip():
            found[Property("picture text", str(value).strip())] = None
    return list(found)


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    """Those of Indonesian, Sundanese and English that are installed."""
    import pytesseract

    try:
        installed = set(pytesseract.get_languages())
    except (OSError, pytesseract.TesseractError):
        installed = set()
    return tuple(language for language in _LANGUAGES if language in installed)
