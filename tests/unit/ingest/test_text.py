"""Bytes to text."""

import pytest

from samaran.errors import UsageError
from samaran.ingest import Unreadable, read, read_text
from samaran.ingest.text import CONTROL_CHARACTERS, ENCODING_INFERRED, decode
from samaran.model import Reason
from samaran.segment import segments

SAID = "Peneliti: kumaha, Téh?\r\nInforman: damang… “alhamdulillah”\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_and_utf8_text_is_read_as_it_is(encoding: str) -> None:
    """Text comes back code point for code point, line breaks included, without the byte order mark."""
    assert decode(SAID.encode(encoding)) == (SAID, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark_is_told_by_its_zeros(encoding: str) -> None:
    """The byte order comes from where the NULs stand, and the guess is said."""
    assert decode(SAID.encode(encoding)) == (SAID, (ENCODING_INFERRED,))


def test_big_endian_mark() -> None:
    """UTF-16 with a big-endian mark is read."""
    assert decode(b"\xfe\xff" + SAID.encode("utf-16-be"))[0] == SAID


def test_cp1252_is_told_from_utf8() -> None:
    """Western text that is no UTF-8 is read as cp1252 with a warning."""
    assert decode(SAID.encode("cp1252")) == (SAID, (ENCODING_INFERRED,))


def test_declared_encoding_goes_before_the_guess() -> None:
    """What study.toml declares is used for text that is not Unicode."""
    text = "Рани: привет\n" * 3
    assert decode(text.encode("cp1251"), "cp1251") == (text, ())


def test_unknown_declared_encoding_is_a_usage_error() -> None:
    """A misspelt encoding is the config's fault, not the file's."""
    with pytest.raises(UsageError):
        decode("é".encode("cp1252"), "no-such-encoding")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("Téh Rani ".encode() * 9 + b"\xc3", Reason.BAD_ENCODING),  # cut-off UTF-8 is damage, not cp1252
        (b"ab\x81cd", Reason.BAD_ENCODING),
        (bytes(range(128, 256)), Reason.BAD_ENCODING),
        (b"a\x00b", Reason.UNKNOWN_FORMAT),
        (bytes(range(1, 32)) * 4, Reason.UNKNOWN_FORMAT),
        (b"\xff\xfea", Reason.BAD_ENCODING),
    ],
)
def test_what_is_no_text_is_named(data: bytes, reason: Reason) -> None:
    """Damaged text and no text at all are different reasons."""
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert caught.value.reason is reason


def test_a_stray_control_character_is_a_warning() -> None:
    """One control character in a long text does not make it unreadable."""
    text = "halo " * 400 + "\x01"
    assert decode(text.encode())[1] == (CONTROL_CHARACTERS,)


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t", b"\xff\xfe", " \n".encode("utf-16")])
def test_empty_files_are_empty(data: bytes) -> None:
    """A file without a visible character is EMPTY."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.txt")
    assert caught.value.reason is Reason.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a....",
        b"RIFF....WEBP",
        b"<?xml version='1.0'?><a>halo</a>",
        b'{"messages": []}',
        b"SQLite format 3\0",
    ],
)
def test_other_formats_are_not_read_as_text(data: bytes) -> None:
    """A format that has no reader is quarantined, whatever the file is called."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.txt")
    assert caught.value.reason is Reason.UNKNOWN_FORMAT


def test_messages_hold_no_text_of_the_file() -> None:
    """The error of a file says a reason, not what stood in it."""
    with pytest.raises(Unreadable) as caught:
        read(b"Maharani\x00", "Maharani Kusumah.txt")
    assert "Maharani" not in f"{caught.value}{caught.value.hint}{caught.value!r}"


@pytest.mark.parametrize("data", [b"Rani \xff\x81", b"PK\x03\x04 Rani", "é".encode("cp1252") + b"\x81"])
def test_no_exception_is_chained(data: bytes) -> None:
    """Exceptions of libraries hold bytes of the file; none of them hangs on ours, where a serializer would find it."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.txt")
    assert caught.value.__context__ is None


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    ["a", "a: ", "kata ", '"', '""', "[", "*", "\u200e", " ", "\x0c", "1. ", "30/08/25 18.00 - ", "<v ", "===", "#00:00:00", "_"],
)
def test_a_line_without_end(piece: str) -> None:
    """No pattern runs away on one endless line; segments of it are cut in time, too."""
    text = "Rani: " + piece * (1_000_000 // len(piece))
    found = read_text(text, "x.csv" if piece == '"' else "x.txt")
    assert sum(len(segment.text.split()) for segment in segments(found)) <= len(text.split())
    assert found.lines


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be"])
def test_utf32_is_no_utf16(encoding: str) -> None:
    """Its mark starts like that of UTF-16; read as that, every other character would be NUL, and no name would be found."""
    text = "P: Tinggal di Dago\nI: Téh Rani\n"
    assert decode(("\ufeff" + text).encode(encoding)) == (text, ())


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfP: Da\0go\n",
        "\ufeffP: Da\0go\n".encode("utf-16-le"),
        ("P: Dago\n" * 20 + "Da\0go\n").encode("utf-16-be"),
    ],
)
def test_nul_is_no_text_in_any_encoding(data: bytes) -> None:
    """A NUL inside a name would hide it: the file is not read."""
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert caught.value.reason is Reason.BAD_ENCODING
