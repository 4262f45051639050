"""Zip archives."""

import zipfile
from io import BytesIO

import pytest

from samaran.ingest import Unreadable, container, read
from samaran.ingest.telegram import MEDIA
from samaran.model import Reason

CHAT = "30/08/25 18.00 - Rani: halo\n30/08/25 18.01 - Lia: IMG-1.jpg (file terlampir)\n"


def packed(*members: tuple[str, str | bytes]) -> bytes:
    """An archive."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_whatsapp_export_with_its_media() -> None:
    """The chat is read as if it came alone; pictures are left out, and said; names are properties."""
    found = read(packed(("IMG-1.jpg", b"\xff\xd8\xff"), ("WhatsApp Chat with Rani.txt", CHAT)), "Chat Rani.zip")
    assert (found.format, found.text, found.warnings) == ("whatsapp", CHAT, (MEDIA,))
    assert [line.ref for line in found.lines] == ["line 1", "line 2"]
    assert {p.value for p in found.properties} == {"IMG-1.jpg", "WhatsApp Chat with Rani.txt"}


def test_several_members() -> None:
    """Members follow each other by name, in one text; references hold their number and no name; names are never paths."""
    data = packed(
        ("b/x.txt", "P: halo\n\nRani: hai\n\nP: ya\n\nRani: sok\n"), ("../../etc/a.csv", "a;b;c\n1;2;3\n4;5;6\n"), ("c.txt", " ")
    )
    found = read(data, "x.zip")
    assert found.format == "zip"
    assert [line.n for line in found.lines] == list(range(1, len(found.lines) + 1))
    assert [line.ref for line in found.lines][-4:] == [f"member 2 line {n}" for n in (1, 3, 5, 7)]
    assert [line.label.of(found.text) for line in found.lines if line.label] == ["P", "Rani", "P", "Rani"]
    assert found.lines[4].column is not None
    assert found.lines[4].column.of(found.text) == "b"
    assert not any("etc" in line.ref for line in found.lines)


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One member that can't be read holds the archive back; archives in archives, bombs and too many members, too."""
    inner = packed(("a.txt", "halo"))
    assert refused(packed(("a.txt", "halo"), ("b.txt", bytes(range(32))))) is Reason.UNKNOWN_FORMAT
    assert refused(packed(("a.txt", "halo"), ("b.txt", b"ab\x81"))) is Reason.BAD_ENCODING
    assert refused(packed(("a.zip", inner))) is Reason.UNKNOWN_FORMAT
    assert refused(packed(("a.jpg", b"\xff\xd8\xff"))) is Reason.UNKNOWN_FORMAT
    assert refused(packed(("a.txt", " " * 5_000_000))) is Reason.TOO_LARGE
    assert refused(packed(("a.txt", " "))) is Reason.EMPTY
    assert refused(packed(("a.txt", "halo" * 1000))[:-30]) is Reason.MALFORMED
    monkeypatch.setattr(container, "MAX_UNPACKED", len(inner) * 3)
    assert refused(packed(("a.docx", packed(("x", b"x" * len(inner) * 4))))) is Reason.TOO_LARGE
    monkeypatch.setattr(container, "MAX_MEMBERS", 3)
    assert refused(packed(*((f"{n}.txt", "x") for n in range(4)))) is Reason.TOO_LARGE


def refused(data: bytes) -> Reason:
    """The reason for which an archive is not read."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.zip")
    assert caught.value.__context__ is None
    return caught.value.reason
