"""HTML: what Telegram, Facebook, Instagram and WhatsApp Web write, and other pages."""

from pathlib import Path

import pytest

from samaran.ingest import Unreadable, read
from samaran.ingest.document import PICTURES
from samaran.ingest.telegram import MEDIA
from samaran.ingest.text import ENCODING_INFERRED
from samaran.model import EntityType, Part, Reason, SpeakerRole, Transcript
from tests.unit.ingest.programs import MARKDOWN, converted, needs, written

TELEGRAM = """<!DOCTYPE html>
<html><head><meta charset="utf-8"/><title>Exported Data</title><script src="js/script.js"></script></head>
<body onload="CheckLocation();"><div class="page_wrap">
 <div class="page_header"><div class="content"><div class="text bold">Barudak Cisitu </div></div></div>
 <div class="page_body chat_page"><div class="history">
  <div class="message service" id="message-1"><div class="body details">2 January 2024</div></div>
  <div class="message default clearfix" id="message41">
   <div class="pull_left userpic_wrap"><div class="userpic userpic3"><div class="initials">R</div></div></div>
   <div class="body">
    <div class="pull_right date details" title="02.01.2024 16:40:12 UTC+07:00">16:40</div>
    <div class="from_name">Rani Kusumah </div>
    <div class="text">halo teh<br>kumaha damang <a href="https://t.me/nde">@nde</a></div>
   </div>
  </div>
  <div class="message default clearfix joined" id="message42"><div class="body">
    <div class="pull_right date details" title="02.01.2024 16:41:00 UTC+07:00">16:41</div>
    <div class="reply_to details">In reply to <a href="#go_to_message41" onclick="return GoToMessage(41)">this message</a></div>
    <div class="text">tos <strong>dahar</strong>?</div></div>
  </div>
  <div class="message default clearfix" id="message43"><div class="body">
    <div class="pull_right date details" title="03.01.2024 09:00:00 UTC+07:00">09:00</div>
    <div class="from_name">Nde</div>
    <div class="forwarded body"><div class="from_name">Mang Oded<span class="date details"
     title="01.01.2024 08:00:00"> 01.01.2024</span></div>
     <div class="text">pindah ka Dago</div></div></div>
  </div>
  <div class="message default clearfix" id="message44"><div class="body">
    <div class="pull_right date details" title="03.01.2024 09:01:00 UTC+07:00">09:01</div>
    <div class="from_name">Nde</div>
    <div class="media_wrap clearfix"><a class="media clearfix pull_left block_link media_voice_message"
     href="voice_messages/audio_1@03-01-2024.ogg"><div class="fill pull_left"></div><div class="body">
     <div class="title bold">Voice message</div><div class="status details">00:12</div></div></a></div></div>
  </div>
 </div></div></div></body></html>
"""

META = """<html><head><meta charset="utf-8"><title>Rani Kusumah</title><style>._a6-g{color:red}</style></head><body>
<div class="_a705"><header><h1>Rani Kusumah</h1></header><main class="_a706" role="main">
<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_3-95 _2pim _a6-h _a6-i">Rani Kusumah</div>
<div class="_3-95 _a6-p"><div><div></div><div>abdi di Cisitu</div><div></div><div></div>
<div><ul class="_a6-q"><li>❤Teh Yuyun</li></ul></div></div></div><div class="_3-94 _a6-o">Jan 02, 2024 4:40 pm</div></div>
<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder"><div class="_3-95 _2pim _a6-h _a6-i">Teh Yuyun</div>
<div class="_3-95 _a6-p"><div><div></div><div>mangga</div></div></div><div class="_3-94 _a6-o">2 Jan 2024 16.41</div></div>
</main></div></body></html>
"""

WEB = """<!DOCTYPE html><html><head><title>WhatsApp</title></head><body><div id="main">
<div class="message-in"><div class="copyable-text" data-pre-plain-text="[16:40, 2/1/2024] Teh Yuyun: "><span
class="selectable-text">halo: semua</span></div><span>16:40</span></div>
<div class="message-out"><div class="copyable-text" data-pre-plain-text="[16.41, 2/1/2024] +62 812-2094-1177: "><span
class="selectable-text">sok atuh</span></div></div></div></body></html>
"""


def said(found: Transcript) -> list[tuple[str, str, str]]:
    """Sender, date and text of the messages."""
    return [
        (
            line.label.of(found.text) if line.label else "",
            line.stamp.of(found.text) if line.stamp else "",
            line.body.of(found.text),
        )
        for line in found.lines
        if line.part is Part.BODY and line.role is not SpeakerRole.SYSTEM
    ]


def test_telegram_s_pages() -> None:
    """Messages have sender and date, also where the sender stands above an earlier one; a forwarded text has its forwarder."""
    found = read(TELEGRAM.encode(), "messages.html")
    assert found.format == "html"
    assert said(found) == [
        ("Rani Kusumah", "02.01.2024", "halo teh\nkumaha damang @nde"),
        ("Rani Kusumah", "02.01.2024", "tos dahar?"),
        ("Nde", "03.01.2024", "pindah ka Dago"),
    ]
    properties = {(p.name, p.value, p.type) for p in found.properties}
    assert ("forwarded_from", "Mang Oded", EntityType.PERSON) in properties
    assert ("chat name", "Barudak Cisitu", EntityType.ONLINE_ID) in properties
    assert ("link", "https://t.me/nde", EntityType.URL) in properties
    assert any(value.startswith("voice_messages/") for _, value, _ in properties)
    assert MEDIA in found.warnings
    notes = [line.body.of(found.text) for line in found.lines if line.part is not Part.BODY]
    assert "In reply to this message" in notes
    assert "Voice message\n00:12" in notes
    assert [line.body.of(found.text) for line in found.lines if line.role is SpeakerRole.SYSTEM and line.part is Part.BODY] == [
        "2 January 2024"
    ]


def test_facebook_and_instagram() -> None:
    """The date below a message is its date; reactions are notes."""
    found = read(META.encode(), "message_1.html")
    assert said(found) == [("Rani Kusumah", "Jan 02, 2024", "abdi di Cisitu"), ("Teh Yuyun", "2 Jan 2024", "mangga")]
    assert "❤Teh Yuyun" in [line.body.of(found.text) for line in found.lines if line.part is Part.NOTE]
    assert ("chat name", "Rani Kusumah") in {(p.name, p.value) for p in found.properties}


def test_a_saved_page_of_whatsapp_web() -> None:
    """Sender and date are told from what the page would copy."""
    found = read(WEB.encode(), "WhatsApp.htm")
    assert said(found) == [("Teh Yuyun", "2/1/2024", "halo: semua"), ("+62 812-2094-1177", "2/1/2024", "sok atuh")]


def test_a_transcript_as_a_page() -> None:
    """Labels are told as in any text, and cells of a table that is no transcript have their heading."""
    text = """<!-- saved from url=(0027)https://contoh.id/ --><html lang="id"><head><meta name="author" content="Gita Larasati">
    <title>Wawancara</title></head><body><h1>Wawancara</h1><p><b>P:</b> halo</p><p><b>Rani:</b> hai <i>teh</i></p><p><b>P:</b>
    di mana?</p>    <p><b>Rani:</b> di Dago</p><table><tr><th>nama</th><th>hp</th></tr><tr><td>Nde</td><td>0812</td></tr>
    <tr><td>Lin</td><td>0813</td></tr>
    </table><img src="foto-rani.jpg" alt="Rani di kos"></body></html>"""
    found = read(text.encode(), "x.html")
    assert [(line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label] == [
        ("P", "halo"),
        ("Rani", "hai teh"),
        ("P", "di mana?"),
        ("Rani", "di Dago"),
    ]
    cells = [(line.ref, line.column.of(found.text)) for line in found.lines if line.column]
    assert cells == [(f"table 1 cell {c}{r}", head) for r in (2, 3) for c, head in (("A", "nama"), ("B", "hp"))]
    assert "Rani di kos" in found.text
    assert ("author", "Gita Larasati", EntityType.PERSON) in {(p.name, p.value, p.type) for p in found.properties}
    assert {"foto-rani.jpg", "https://contoh.id/"} <= {p.value for p in found.properties}
    assert PICTURES in found.warnings


def test_a_table_with_speakers() -> None:
    """The first column of a table that is a transcript holds its speakers."""
    rows = "".join(
        f"<tr><td>{who}:</td><td>{what}</td></tr>" for who, what in [("P", "a b"), ("Rani", "c"), ("P", "d"), ("Rani", "e")]
    )
    found = read(f"<html><body><table>{rows}</table></body></html>".encode(), "x.html")
    assert [(line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label] == [
        ("P", "a b"),
        ("Rani", "c"),
        ("P", "d"),
        ("Rani", "e"),
    ]


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8", ""), ("utf-16", ""), ("iso-8859-2", "iso-8859-2")])
def test_encodings(encoding: str, declared: str) -> None:
    """A page is decoded by its mark or by the encoding that it names."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    found = read(f"<html><head>{meta}</head><body><p>Łukasz, Žižek</p></body></html>".encode(encoding), "x.html")
    assert found.text == "Łukasz, Žižek\n"
    assert ENCODING_INFERRED not in found.warnings


@pytest.mark.parametrize(
    "text", ["<html></html>", "<!DOCTYPE html><html><head><style>p{}</style></head><body> &nbsp; </body></html>"]
)
def test_a_page_that_shows_nothing(text: str) -> None:
    """It is empty."""
    with pytest.raises(Unreadable) as caught:
        read(text.encode(), "x.html")
    assert caught.value.reason is Reason.EMPTY


def test_deep_and_damaged_pages() -> None:
    """Open tags without end, a hundred thousand deep, lose no text and cost no stack."""
    found = read(b"<html><body>" + b"<div><b>" * 50_000 + b"Rani &amp; Nde <p", "x.html")
    assert "Rani & Nde" in found.text


@needs("soffice")
def test_what_libreoffice_writes(tmp_path: Path) -> None:
    """A document saved as HTML by LibreOffice reads as its turns."""
    (tmp_path / "x.txt").write_text("P: halo\n\nRani: hai\n\nP: di mana?\n\nRani: di Dago\n", encoding="utf-8")
    found = read(converted(tmp_path / "x.txt", "html", tmp_path), "x.html")
    assert [line.body.of(found.text) for line in found.lines if line.label] == ["halo", "hai", "di mana?", "di Dago"]


@needs("pandoc")
def test_what_pandoc_writes() -> None:
    """Turns, a footnote and a table of a page made by pandoc are there, and its author is a property."""
    found = read(written(MARKDOWN, "html"), "x.html")
    assert next((line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label) == (
        "P",
        "Di mana, Téh?",
    )
    assert "catatan kaki Teh Lia" in found.text
    assert {"Entin", "54"} <= {line.body.of(found.text) for line in found.lines}
    assert ("author", "Nadya Fitriani") in {(p.name, p.value) for p in found.properties}
