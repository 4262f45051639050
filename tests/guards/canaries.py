"""An inbox in which one person's name stands in every place that a kind of input has. She is invented."""

import io
import zipfile
from pathlib import Path

from docx import Document
from openpyxl import Workbook

FIRST, LAST = "Zvonimira", "Kanarevska"
NAME = f"{FIRST} {LAST}"
WORDS = (FIRST, LAST)

ROSTER = f"""entity,informant_id,real_name,aliases,phone,online_ids,role
canary,INF-01,{NAME},{FIRST};{LAST},,,informan
other,INF-02,Yuyun Yuningsih,Yuy,,,informan
third,INF-03,Mega Simanjuntak,Mega,,,informan
"""
_YES = ",".join(["yes"] * 8)
CONSENT = (
    "informant,form_version,date,mode,participate,record_audio,quote_verbatim,quote_paraphrase,archive,reuse,recontact,"
    f"member_check\nINF-01,1,2026-01-02,written,{_YES}\nINF-02,1,2026-01-02,written,{_YES}\n"
)
STRANGE = f"rekaman {LAST}.xyz"
CHAT, SHEET, PAPERS = f"Chat WhatsApp dengan {NAME}.txt", f"kas {LAST}.xlsx", f"literatur/{LAST}.md"
MANIFEST = f"""file,informant,method,wave,role
{CHAT},INF-01,chat,1,
{SHEET},INF-01,lapangan,1,
{STRANGE},INF-02,wawancara,6,
"""


def fill(study: Path) -> dict[str, bytes]:
    """Write roster, consents, manifest and inbox; return the raw files by name."""
    (study / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (study / "consent.csv").write_text(CONSENT, encoding="utf-8")
    (study / "manifest.csv").write_text(MANIFEST, encoding="utf-8")
    raw = {
        "INF-01_wawancara_1.txt": f"P: Siapa nama Teteh?\n{FIRST}: Saya {NAME}, dipanggil {LAST}.\nP: Nuhun.\n".encode(),
        "INF-01_wawancara_2.docx": _document(),
        "INF-02_wawancara_1.srt": f"1\n00:00:01,000 --> 00:00:04,000\nYuy: Saya kenal {NAME}.\n\n".encode(),
        "INF-02_wawancara_2.vtt": f"WEBVTT\n\n00:01.000 --> 00:04.000\n<v {FIRST}>Saya {LAST}.\n\n".encode(),
        "INF-02_wawancara_3.txt": f"I: Si {FIRST} itu, {LAST}.\n".encode("utf-16"),
        "INF-01_lapangan_1.csv": f"nama,{LAST}\n{NAME},2\nYuy,3\n".encode(),
        CHAT: (
            f'12/05/23 21.14 - {NAME} membuat grup "{LAST}"\n'
            f"12/05/23 21.15 - {NAME}: Saya {FIRST}, di Dago.\n12/05/23 21.16 - Yuy: Halo {LAST}\n"
        ).encode(),
        SHEET: _sheet(),
        PAPERS: f"# {LAST}\n\nDikutip dari percakapan dengan {NAME}.\n".encode(),
        "INF-02_wawancara_4.docx": b"PK\x03\x04" + f"broken {NAME}".encode() * 9,
        "INF-02_wawancara_5.txt": f"\x81\x9d {NAME} ".encode("latin-1") * 9,
        STRANGE: bytes(range(256)) + NAME.encode(),
        "INF-03_wawancara_1.txt": f"I: Saya kenal {NAME}.\n".encode(),  # no consent
        f"catatan {LAST}.txt": f"I: Saya kenal {NAME}.\n".encode(),  # nobody's
    }
    for name, data in raw.items():
        path = study / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return raw


def _document() -> bytes:
    """The file's properties, header, footer, heading, paragraph, table cell, and a comment in the margin."""
    document = Document()
    about = document.core_properties
    about.author = about.last_modified_by = about.title = about.subject = about.comments = about.keywords = NAME
    document.sections[0].header.paragraphs[0].text = f"Wawancara {NAME}"
    document.sections[0].footer.paragraphs[0].text = f"{LAST}"
    document.add_heading(f"Wawancara {FIRST}")
    turn = document.add_paragraph()
    run = turn.add_run(f"{FIRST}: Nama saya {NAME}.")
    document.add_comment(run, text=f"Tanya {LAST} lagi", author=NAME, initials="ZK")
    document.add_table(1, 1).cell(0, 0).text = f"{NAME}"
    place = io.BytesIO()
    document.save(place)
    return place.getvalue()


def _sheet() -> bytes:
    book = Workbook()
    book.properties.creator = book.properties.lastModifiedBy = NAME
    page = book.active
    assert page is not None
    page.title = LAST
    page.append(["nama", LAST])
    page.append([NAME, 2])
    place = io.BytesIO()
    book.save(place)
    assert zipfile.is_zipfile(place)
    return place.getvalue()
