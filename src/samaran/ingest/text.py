"""Bytes to text, strictly: no replacement characters, no newline translation, and a code where something was inferred."""

import codecs
import re

from samaran.errors import UsageError
from samaran.ingest.unreadable import Unreadable
from samaran.model import Reason

ENCODING_INFERRED = "encoding-inferred"
CONTROL_CHARACTERS = "control-characters"

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r\x0b\x0c\x1b")) + b"\x7f"
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLE = 65536


def decode(data: bytes, encoding: str = "") -> tuple[str, tuple[str, ...]]:
    """The text and warning codes. A byte order mark is the encoding's signature, not text, and left out.

    UTF-8, UTF-16 with or without mark, UTF-32 with its mark, then `encoding` where the study declares one, then cp1252 where it
    is plausible.
    Raises `Unreadable`: BAD_ENCODING for text that is none of these, UNKNOWN_FORMAT for what is no text at all.
    """
    text, _, warnings = decoded(data, encoding)
    return text, warnings


def decoded(data: bytes, encoding: str = "") -> tuple[str, str, tuple[str, ...]]:
    """As `decode`, with the name of the encoding between text and warnings."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name), f"{name}, marked", ()
    if name := _utf16(data[:_SAMPLE]):
        return _strict(data, name), name, (ENCODING_INFERRED,)
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if b"\0" in data or controls * 1000 > len(data):
        raise Unreadable(Reason.UNKNOWN_FORMAT)
    warnings = (CONTROL_CHARACTERS,) if controls else ()
    try:
        return data.decode("utf-8"), "utf-8", warnings
    except UnicodeDecodeError:
        pass
    if encoding:
        return _strict(data, _known(encoding)), _known(encoding), warnings
    if controls or not plausible_cp1252(data):
        raise Unreadable(Reason.BAD_ENCODING)
    return _strict(data, "cp1252"), "cp1252", (ENCODING_INFERRED,)


def _strict(data: bytes, name: str) -> str:
    """NUL is no character of a text: it would part a name that is looked for."""
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        text = "\0"  # the exception holds the file: leave it here
    if "\0" in text:
        raise Unreadable(Reason.BAD_ENCODING)
    return text


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise UsageError("study.toml: `encoding` in [naming] is no known encoding.", 'For example encoding = "cp1252".') from None


def _utf16(sample: bytes) -> str:
    """Text in Latin letters as UTF-16 has a NUL in every other byte; which one says the byte order."""
    even, odd = sample[::2], sample[1::2]
    if len(sample) < 4 or len(even) != len(odd):
        return ""
    zeros_even, zeros_odd = even.count(0), odd.count(0)
    for few, many, name in ((zeros_even, zeros_odd, "utf-16-le"), (zeros_odd, zeros_even, "utf-16-be")):
        if many * 10 > len(odd) * 4 and few * 50 < len(odd):
            return name
    return ""


def plausible_cp1252(data: bytes) -> bool:
    """Whether it is likely Western text of one byte a character: mostly ASCII, and not damaged UTF-8, whose sequences would come
    out as pairs such as U+00C3 U+00A9."""
    high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    undefined = len(data) - len(data.translate(None, b"\x81\x8d\x8f\x90\x9d"))
    return not undefined and high * 5 < len(data) and not _UTF8_SEQUENCE.search(data)
