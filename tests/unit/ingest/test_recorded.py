"""Recordings in other files: found by ending and content, however deep; what can't be looked into counts as one."""

from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from samaran.ingest import container
from samaran.ingest.recorded import MAX_DEPTH, recorded
from tests.unit.ingest.test_archive import CHAT, packed

OGG = b"OggS\0\x02" + bytes(80)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200)
CHATTED = ("_chat.txt", CHAT)


def mailed(content: bytes, name: str = "", kind: str = "application/octet-stream") -> bytes:
    """A mail with an attachment."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@contoh.id", "b@contoh.id", "Halo"
    message.set_content("Terlampir.\n")
    main, _, sub = kind.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name or None)
    return message.as_bytes()


def boxed(*mails: bytes) -> bytes:
    """A box of mails."""
    return b"".join(b"From a@contoh.id Mon Jan  5 10:00:00 2026\n" + mail + b"\n" for mail in mails)


def forwarded(mail: bytes) -> bytes:
    """A mail that lies in another one, as mail."""
    head = b"From: b@contoh.id\nTo: c@contoh.id\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
    return head + mail


def with_file(name: str, content: bytes) -> bytes:
    """A PDF with a file in it."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment(name, content)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def nested(data: bytes, times: int) -> bytes:
    """An archive in an archive in an archive."""
    for _ in range(times):
        data = packed(("dalam.zip", data))
    return data


PAGE = '<html><body><audio src="data:audio/ogg;base64,T2dnUw=="></audio>Halo</body></html>'
OBJECT = container.OLE + bytes(500) + b"C:\\Users\\x\\rekaman.m4a\0" + bytes(80)
MESSAGE = container.OLE + bytes(500) + "PTT-1.opus\0".encode("utf-16-le") + bytes(80)

HOLDING = {
    "a recording": ("a.wav", WAV),
    "a recording called text": ("a.txt", WAV),
    "what is called a recording": ("a.amr", b"\1\2\3"),
    "nothing that is called a recording": ("a.mp3", b""),
    "WhatsApp with a voice note": ("Chat Rani.zip", packed(CHATTED, ("PTT-20250830-WA0001.opus", OGG))),
    "WhatsApp with a voice note, ending alone": ("x.zip", packed(CHATTED, ("PTT-20250830-WA0001.OPUS", b"x"))),
    "WhatsApp with a voice note, content alone": ("x.zip", packed(CHATTED, ("00000012-AUDIO", OGG))),
    "WhatsApp with a film": ("x.zip", packed(CHATTED, ("VID-1.mp4", b"\0\0\0\x1cftypisom"))),
    "Telegram": ("ChatExport.zip", packed(("ChatExport/result.json", "{}"), ("ChatExport/voice_messages/audio_1.ogg", OGG))),
    "an archive called text": ("a.txt", packed(CHATTED, ("a.opus", OGG))),
    "an archive in an archive": ("x.zip", packed(("b.zip", packed(("a.opus", OGG))))),
    "an archive in a mail": ("a.eml", mailed(packed(("a.opus", OGG)), "chat.zip", "application/zip")),
    "an archive behind something": ("a.bin", b"MZ\x90" + bytes(80) + packed(("a.opus", OGG))),
    "a mail in an archive": ("x.zip", packed(("a.eml", mailed(OGG, "suara.ogg", "audio/ogg")))),
    "a mail, by kind": ("a.eml", mailed(b"??", "", "audio/mpeg")),
    "a mail, by name": ("a.eml", mailed(b"??", "rekaman.M4A")),
    "a mail, by content": ("a.eml", mailed(WAV, "lampiran")),
    "a mail called text": ("a.txt", mailed(WAV, "lampiran")),
    "a mail in a mail": ("a.eml", forwarded(mailed(WAV))),
    "a box of mails": ("a.mbox", boxed(mailed(b"P: halo", "a.txt"), mailed(WAV, "b"))),
    "a document with a film": (
        "a.docx",
        packed(("[Content_Types].xml", "<x/>"), ("word/media/media1.mp4", b"\0\0\0\x1cftypisom")),
    ),
    "a document with an object": ("a.docx", packed(("[Content_Types].xml", "<x/>"), ("word/embeddings/oleObject1.bin", OBJECT))),
    "a mail of Outlook": ("a.msg", MESSAGE),
    "a page that holds its sound": ("a.html", PAGE.encode()),
    "a PDF with a file, by content": ("a.pdf", with_file("lampiran.bin", WAV)),
    "a PDF with a file, by name": ("a.pdf", with_file("rekaman.mp3", b"??")),
    "a damaged archive": ("x.zip", packed(CHATTED, ("PTT-1.opus", OGG), ("z.txt", "akhir"))[:-40]),
    "another kind of archive": ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(80)),
    "a packed file": ("a.tgz", b"\x1f\x8b\x08" + bytes(80)),
    "archives without end": ("x.zip", nested(packed(CHATTED), MAX_DEPTH)),
}

SILENT = {
    "text": ("a.txt", b"P: halo\nI: kirim rekaman.mp3 saja\n"),
    "nothing": ("a.txt", b""),
    "a picture": ("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(80)),
    "WhatsApp without media": ("x.zip", packed(CHATTED)),
    "WhatsApp with pictures": ("x.zip", packed(CHATTED, ("IMG-1.jpg", b"\xff\xd8\xff" + bytes(80)), ("a.vcf", "BEGIN:VCARD"))),
    "a chat that tells of voice notes": ("_chat.txt", b"30/08/25 18.00 - Rani: PTT-1.opus (file terlampir)\n"),
    "an archive in an archive": ("x.zip", packed(("b.zip", packed(CHATTED)))),
    "a mail": ("a.eml", mailed(b"P: halo", "catatan.txt")),
    "a mail with a picture": ("a.eml", mailed(b"\x89PNG\r\n\x1a\n", "a.png", "image/png")),
    "a document": ("a.docx", packed(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x>rekaman.mp3</x>"))),
    "a document of old": ("a.doc", container.OLE + bytes(500) + "rekaman.mp3 itu".encode("utf-16-le") + bytes(80)),
    "a page": ("a.html", b"<html><body><a href='voice.ogg'>Halo</a></body></html>"),
    "a PDF with a file": ("a.pdf", with_file("lampiran.txt", b"P: halo")),
    "a damaged PDF": ("a.pdf", b"%PDF-1.4\n1 0 obj\n<</Type"),
    "a damaged archive": ("x.zip", packed(CHATTED, ("z.txt", "akhir"))[:-40]),
}


@pytest.mark.parametrize(("name", "data"), HOLDING.values(), ids=HOLDING)
def test_a_recording_lies_in_it(tmp_path: Path, name: str, data: bytes) -> None:
    """By ending, kind or content, in archives, mails, documents and pages; or nobody can tell."""
    (tmp_path / name).write_bytes(data)
    assert recorded(tmp_path / name)


@pytest.mark.parametrize(("name", "data"), SILENT.values(), ids=SILENT)
def test_no_recording_lies_in_it(tmp_path: Path, name: str, data: bytes) -> None:
    """Text, pictures and files that only tell of a recording hold none."""
    (tmp_path / name).write_bytes(data)
    assert not recorded(tmp_path / name)


@pytest.mark.parametrize("wrap", [lambda text: packed(("a.txt", text)), lambda text: mailed(text, "a.txt")])
def test_more_than_the_bounds_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrap: Callable[[bytes], bytes]) -> None:
    """What is too much to be looked into is no reason to seal a voice; pictures are nothing to look into."""
    path = tmp_path / "a.bin"
    path.write_bytes(wrap(b"P: halo\n" * 40))
    assert not recorded(path)
    monkeypatch.setattr(container, "MAX_UNPACKED", 200)
    assert recorded(path)
    path.write_bytes(packed(*((f"{n}.jpg", b"\xff\xd8\xff" + bytes(500)) for n in range(4))))
    assert not recorded(path)
