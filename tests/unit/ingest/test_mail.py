"""Mails and boxes of mails."""

import zipfile
from email.message import EmailMessage
from io import BytesIO

import pytest

from samaran.ingest import Unreadable, container, read
from samaran.ingest.mail import ATTACHMENTS
from samaran.ingest.telegram import MEDIA
from samaran.model import EntityType, Part, Reason, Transcript


def mail(text: str = "Halo Téh.\n\nDi Dago,\nmangga.\n", charset: str = "utf-8") -> EmailMessage:
    """A mail."""
    made = EmailMessage()
    made["From"] = "Téh Rani <rani@michat.id>"
    made["To"] = "Nadya <nadya@unpad.id>, lia@unpad.id"
    made["Subject"] = "Jadwal Téh"
    made["Message-ID"] = "<1@x>"
    made.set_content(text, charset=charset)
    return made


def shown(found: Transcript) -> list[tuple[str, str | None, str]]:
    """Reference, label and text of each line."""
    return [(line.ref, line.label.of(found.text) if line.label else None, line.body.of(found.text)) for line in found.lines]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_mail(charset: str) -> None:
    """Subject and paragraphs, with the sender as their label; people and addresses of the head are properties."""
    found = read(bytes(mail(charset=charset)), "x.eml")
    assert shown(found) == [
        ("subject", None, "Jadwal Téh"),
        ("paragraph 1", "Téh Rani", "Halo Téh."),
        ("paragraph 2", "Téh Rani", "Di Dago,\nmangga."),
    ]
    assert found.lines[0].part is Part.HEADER
    assert {p.value for p in found.properties if p.type is EntityType.EMAIL} == {
        "rani@michat.id",
        "nadya@unpad.id",
        "lia@unpad.id",
    }
    assert {p.value for p in found.properties if p.type is EntityType.PERSON} == {"Téh Rani", "Nadya"}


def test_the_plain_version_is_read_and_attachments_are_said() -> None:
    """HTML beside plain text is the same text; HTML alone is read; an attachment that can't be read is a name, a warning."""
    made = mail()
    made.add_alternative("<p>Halo <a href='https://michat.id/x'>Téh</a></p>", subtype="html")
    made.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="Rani.pdf")
    found = read(bytes(made), "x.eml")
    assert [text for _, _, text in shown(found)] == ["Jadwal Téh", "Halo Téh.", "Di Dago,\nmangga."]
    assert found.warnings == (ATTACHMENTS,)
    assert {("attachment", "Rani.pdf"), ("attachment not read (malformed)", "Rani.pdf")} <= {
        (p.name, p.value) for p in found.properties
    }
    only = mail()
    only.set_content("<p>Halo <a href='https://michat.id/x'>Téh</a></p><p>Rani</p>", subtype="html")
    page = read(bytes(only), "x.eml")
    assert [text for _, _, text in shown(page)] == ["Jadwal Téh", "Halo Téh", "Rani"]
    assert "https://michat.id/x" in {p.value for p in page.properties}


def test_a_mail_in_a_mail() -> None:
    """A forwarded mail is read with its own sender."""
    outer = mail("lihat ini\n")
    inner = EmailMessage()
    inner["From"] = "Lia <lia@unpad.id>"
    inner["Subject"] = "dalam"
    inner.set_content("isi\n")
    outer.add_attachment(inner)
    found = read(bytes(outer), "x.eml")
    assert [(label, text) for _, label, text in shown(found)][1:] == [("Téh Rani", "lihat ini"), (None, "dalam"), ("Lia", "isi")]


CHAT = "30/08/25 18.00 - Teh Yuyun: halo\n30/08/25 18.01 - Lia: mangga\n"


def test_attachments_are_read_as_the_files_that_they_are() -> None:
    """A chat sent by mail keeps its senders, an archive is opened, a text comes in its own encoding; a picture is left out."""
    made = mail()
    made.add_attachment(CHAT.encode(), maintype="text", subtype="plain", filename="Chat WhatsApp dengan Lia.txt")
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("_chat.txt", CHAT)
        opened.writestr("PTT-1.opus", b"OggS")
    made.add_attachment(archive.getvalue(), maintype="application", subtype="zip", filename="x.zip")
    made.add_attachment("Téh".encode("utf-16"), maintype="application", subtype="octet-stream", filename="x.txt")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="Rani.png")
    found = read(bytes(made), "x.eml")
    assert shown(found)[3:] == [
        ("attachment 1 line 1", "Teh Yuyun", "halo"),
        ("attachment 1 line 2", "Lia", "mangga"),
        ("attachment 2 line 1", "Teh Yuyun", "halo"),
        ("attachment 2 line 2", "Lia", "mangga"),
        ("attachment 3 line 1", None, "Téh"),
    ]
    assert [line.n for line in found.lines] == list(range(1, 9))
    assert found.warnings == (MEDIA,)
    assert {"PTT-1.opus", "Rani.png"} <= {p.value for p in found.properties}


def test_bounds_of_attachments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails attached as files in mails attached as files are not opened without end, and what unpacks to too much is refused."""
    made = mail()
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="x.pdf")
    for _ in range(3):
        outer = mail("luar\n")
        outer.add_attachment(bytes(made), maintype="application", subtype="octet-stream", filename="x.eml")
        made = outer
    found = read(bytes(made), "x.eml")
    assert [text for _, _, text in shown(found)].count("luar") == 2
    assert found.warnings == (ATTACHMENTS,)
    monkeypatch.setattr(container, "MAX_UNPACKED", 100)
    big = mail()
    big.add_attachment(b"halo " * 100, maintype="text", subtype="plain", filename="x.txt")
    with pytest.raises(Unreadable) as caught:
        read(bytes(big), "x.eml")
    assert caught.value.reason is Reason.TOO_LARGE


def test_a_box_of_many_mails() -> None:
    """Bounds count the parts of one mail, not those of the box."""
    both = mail()
    both.add_alternative("<p>x</p>", subtype="html")
    one = b"From rani@michat.id Mon Jan  1 00:00:00 2024\n" + bytes(both) + b"\n"
    assert len(read(one * 600, "x.mbox").lines) == 1800


def test_a_box() -> None:
    """Mails of a box follow each other; quoted `From ` lines lose their mark."""
    one = bytes(mail("satu\n>From Rani\n"))
    data = b"".join(b"From rani@michat.id Mon Jan  1 00:00:00 2024\n" + one + b"\n" for _ in range(2))
    found = read(data, "x.mbox")
    assert [ref for ref, *_ in shown(found)] == [f"message {n} {what}" for n in (1, 2) for what in ("subject", "paragraph 1")]
    assert shown(found)[1][2] == "satu\nFrom Rani"


def test_a_transcript_is_no_mail() -> None:
    """Lines of labels are a transcript, where nothing but their shape speaks for a mail."""
    assert read(b"Pewawancara: Gita\nTanggal: 3 Mei\n\nP: halo\nI: ya\nP: oh\nI: nya\n", "x.txt").format == "text"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Message-ID: <1@x>\nFrom: \n\n", Reason.EMPTY),
        (
            b"Message-ID: <1@x>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nT\xc3\xa9h \x81\xff\n",
            Reason.BAD_ENCODING,
        ),
    ],
)
def test_broken_mails(data: bytes, reason: Reason) -> None:
    """An empty mail and one in a damaged encoding are named."""
    with pytest.raises(Unreadable) as caught:
        read(data, "x.eml")
    assert caught.value.reason is reason
    assert caught.value.__context__ is None
