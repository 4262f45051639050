"""The recovery sheet: a private key on paper, as text and as a QR code, with what to do with it in ten years.

It holds the bare secret: a passphrase may be forgotten, a sheet in a safe is not. Whoever reads it has the key.
"""

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from samaran.errors import KeyUnusable
from samaran.vault import age, disk
from samaran.vault.keys import PrivateKey, private_key

_GROUP = 8
_WARNING = (
    "Lembar pemulihan kunci / Recovery sheet of a key",
    "Siapa pun yang membaca lembar ini memiliki kunci ini. Simpan dua lembar di dua tempat terkunci, terpisah dari laptop.",
    "Whoever reads this sheet has the key. Keep two sheets in two locked places, apart from the laptop.",
)
_HOW = (
    "Memulihkan: ketik baris AGE-SECRET-KEY (tanpa spasi), atau pindai kode QR, lalu: samaran keys recover --out kunci.key",
    "To recover: type the lines of AGE-SECRET-KEY (without spaces), or scan the QR code, then: samaran keys recover --out my.key",
    "Tanpa samaran, baris kunci itu di key.txt / without samaran, the line in key.txt (Debian: apt install age):",
    "age -d -i key.txt vault/keys/SID.age | age -d -i - vault/originals/PACK.tar.age | tar -xiO SOURCE > source",
)
_HOW_POST_QUANTUM = (
    "Kunci pasca-kuantum: untuk itu perlu program age-plugin-pq, dan di key.txt baris AGE-PLUGIN-PQ-1...",
    "A post-quantum key: that needs the program age-plugin-pq, with AGE-PLUGIN-PQ-1... in key.txt.",
    "age 1.3 atau lebih baru, tanpa program itu, dengan AGE-SECRET-KEY-PQ-1... di key.txt / age 1.3 and later, without it:",
    "age -d -i key.txt vault/keys/SID.age | sed -n 's/^# age 1.3 and later: //p' | age -d -i - \\",
    "  vault/originals/PACK.tar.age | tar -xiO SOURCE > source",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a sheet beside the secret."""

    study: str
    role: str
    made: date


def write_sheet(key: PrivateKey, sheet: Sheet, stem: Path) -> tuple[Path, Path]:
    """Write `<stem>.txt` and `<stem>.pdf`, 0600, to be printed and deleted. Raises `UsageError` when one of them exists."""
    paths = stem.with_name(stem.name + ".txt"), stem.with_name(stem.name + ".pdf")
    with disk.appearing(paths[1], settled=True) as pdf, disk.appearing(paths[0]) as plain:  # both, or none
        pdf.write(_pdf(key, sheet))
        disk.settle(pdf)  # before the text appears: a full disk shows here
        plain.write(text(key, sheet).encode())
    return paths


def text(key: PrivateKey, sheet: Sheet) -> str:
    """The sheet as plain text."""
    forms = [row for form in key.forms for row in ("", *_rows(form))]
    return "\n".join([*_WARNING, "", *_facts(key, sheet), "", *_how(key), *forms, ""])


def read_sheet(typed: str) -> PrivateKey:
    """The key from what somebody typed or scanned: the bare secret in one of its forms, in any case and spacing, or a sheet.

    Raises `KeyUnusable`: the secret carries a checksum, so a typing error is noticed.
    """
    lines = typed.upper().splitlines()
    starts = [n for n, line in enumerate(lines) if line.strip().startswith(("AGE-SECR", "AGE-PLUG"))]
    if not starts:
        raise KeyUnusable("There is no key in this text.", "It starts with AGE-SECRET-KEY-; type every line of the sheet.")
    ends = [*starts[1:], len(lines)]
    keys = [private_key("".join("".join(line.split()) for line in lines[n:end])) for n, end in zip(starts, ends, strict=True)]
    if any(key.recipient != keys[0].recipient for key in keys):
        raise KeyUnusable("This text holds several keys.", "Type one sheet at a time.")
    return keys[0]


def _facts(key: PrivateKey, sheet: Sheet) -> list[str]:
    return [
        f"studi / study: {sheet.study}",
        f"pemegang / holder: {sheet.role}",
        f"kunci / key id: {key.id}",
        f"dibuat / made: {sheet.made.isoformat()}",
        f"publik / public: {key.recipient}" if not age.is_post_quantum(key.recipient) else "pasca-kuantum / post-quantum",
    ]


def _how(key: PrivateKey) -> tuple[str, ...]:
    return (*_HOW, *_HOW_POST_QUANTUM) if age.is_post_quantum(key.recipient) else _HOW


def _rows(secret: str) -> list[str]:
    groups = [secret[n : n + _GROUP] for n in range(0, len(secret), _GROUP)]
    return [" ".join(groups[n : n + 5]) for n in range(0, len(groups), 5)]


def _pdf(key: PrivateKey, sheet: Sheet) -> bytes:
    import segno
    from fpdf import FPDF

    picture = io.BytesIO()
    segno.make(key.secret, error="q", micro=False).save(picture, kind="png", scale=8, border=4)
    page = FPDF(format="A4")
    page.add_page()
    page.set_font("Helvetica", size=16)
    page.multi_cell(0, 9, _WARNING[0], new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=11)
    for line in _WARNING[1:]:
        page.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    page.set_font("Courier", size=10)
    for line in _facts(key, sheet):
        page.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    page.image(picture, w=70)
    page.set_font("Courier", size=14, style="B")
    for form in key.forms:
        for line in _rows(form):
            page.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
        page.ln(4)
    page.set_font("Helvetica", size=10)
    for line in _how(key):
        page.multi_cell(0, 5.5, line, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())
