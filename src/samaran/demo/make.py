"""Makes the demo's material from gold: `python -m samaran.demo.make GOLD_FOLDER`. Same gold, same bytes.

For whoever changes the gold or a reader: run it, look at the difference, commit it. The demo itself uses what is in `material/`.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from samaran.demo.marks import Mark, Marked, parse
from samaran.demo.render import Office, Rendered, docx, plain, srt, vtt, xlsx
from samaran.ingest import read
from samaran.model import Transcript

HERE = Path(__file__).parent
ENCODING = "cp1252"
"""What the demo's study.toml declares for files that are neither UTF-8 nor UTF-16."""

NADYA, ILHAM = "Nadya Fauziah", "Ilham Maulana"

_WI01 = Office(
    title="Wawancara Rani (draf 2)",
    author=NADYA,
    changed_by=ILHAM,
    date="2023-03-14",
    header="Tesis, wawancara mendalam, [[PERSON#nadya:Nadya Fauziah]]",
    footer="INF-01, direkam [[DATE:12 Maret 2023]]",
    comment="Nomor di kalimat ini sudah dicek sama [[PERSON#yuyun:Yuyun]]? Jangan sampai lolos.",
    head_lines=6,
)
_WI02 = Office("Informan 2", NADYA, NADYA, "2023-03-21", header="Wawancara 02", head_lines=2)
_WI07 = Office("TRI-01", NADYA, ILHAM, "2023-05-04", footer="Bagian administratif dilepas sebelum diarsip.", head_lines=3)
_WE01 = Office("KI-01 transcript", NADYA, NADYA, "2023-05-18", header="KI-01, [[PERSON#fiona:F. McAllister]]", head_lines=4)
_WE03 = Office(
    title="R10 translation",
    author="Hani Kartika",
    changed_by=NADYA,
    date="2023-06-09",
    comment="[[PERSON#hani:Hani]], please listen again at this point.",
    head_lines=4,
)
_ARISAN = Office("April", "Yuyun", "Yuyun", "2023-04-09")

Maker = Callable[[Marked], Rendered]

DOCUMENTS: dict[str, tuple[str, Maker]] = {
    "INF-01_wawancara_1.docx": ("wi01", lambda text: docx(text, _WI01)),
    "INF-01_chat_2.txt": ("mc01", plain),
    "INF-02_wawancara_1.docx": ("wi02", lambda text: docx(text, _WI02)),
    "Chat WhatsApp dengan Barudak Cisitu.txt": ("wa01", plain),
    "buku kas arisan.xlsx": ("xl01", lambda text: xlsx(text, _ARISAN)),
    "INF-03_wawancara_1.txt": ("wi03", plain),
    "INF-04_wawancara_1.srt": ("wi04", srt),
    "INF-05_wawancara_1.vtt": ("wi05", lambda text: vtt(text, voices=False)),
    "INF-08_wawancara_1.txt": ("ws01", lambda text: plain(text, "utf-16-le", "\r\n")),
    "INF-09_wawancara_1.txt": ("ws02", plain),
    "INF-10_interview_1.docx": ("we03", lambda text: docx(text, _WE03)),
    "WE-02_interview_1.vtt": ("we02", lambda text: vtt(text, voices=True)),
    "WE-02_chat_2.txt": ("wa02", plain),
    "FGD-01_fgd_1.txt": ("fgd01", plain),
    "TRI-01_wawancara_1.docx": ("wi07", lambda text: docx(text, _WI07)),
    "TRI-02_wawancara_1.txt": ("ws03", plain),
    "TRI-03_wawancara_1.txt": ("wi06", lambda text: plain(text, ENCODING, "\r\n")),
    "KI-01_interview_1.docx": ("we01", lambda text: docx(text, _WE01)),
    "daftar-responden.csv": ("csv01", plain),
    "observasi/catatan-02.md": ("obs01", plain),
    "observasi/buku-coklat.md": ("obs02", plain),
    "literatur/mead.md": ("lit01", plain),
}
"""File below the inbox: which gold it is made of, and how."""

REFUSED = "INF-11_wawancara_1.txt"  # on the roster, no consent: no reviewer has read it
GARBAGE = "INF-03_wawancara_2.docx"  # a broken copy: quarantined
TWIN = ("Salinan INF-02_wawancara_1.docx", "INF-02_wawancara_1.docx")  # the same file again


def make(gold: Path, material: Path) -> None:
    """Write `inbox/` and `review.csv` into the material's folder. Raises `ValueError` where a mark has lost its words."""
    inbox = material / "inbox"
    rows: list[tuple[str, int, int, str, str]] = []
    for name, (stem, maker) in DOCUMENTS.items():
        rendered = maker(_gold(stem, gold))
        _write(inbox / name, rendered.data)
        transcript = read(rendered.data, name, encoding=ENCODING)
        rows += [(name, m.span.start, m.span.end, m.type, m.entity) for m in located(rendered, transcript)]
    _write(inbox / REFUSED, plain(_gold("no01", gold)).data)
    _write(inbox / GARBAGE, _garbage(5000))
    _write(inbox / TWIN[0], (inbox / TWIN[1]).read_bytes())
    _write(material / "review.csv", _csv(("document", "start", "end", "type", "entity"), rows))


def located(rendered: Rendered, transcript: Transcript) -> tuple[Mark, ...]:
    """The marks of a rendered file at their places in what the reader made of it. Raises `ValueError` where text is missing."""
    found: list[Mark] = []
    taken: list[tuple[int, int]] = []
    at = 0
    for piece in rendered.pieces:
        for part in _parts(piece):
            start = transcript.text.find(part.text, at)
            if start < 0:
                raise ValueError(f"{transcript.format}: the reader lost {len(part.text)} characters")
            at = start + len(part.text)
            taken.append((start, at))
            found += [mark.moved(start) for mark in part.marks]
    for aside in rendered.asides:
        start = transcript.text.find(aside.text)
        while any(start < end and begin < start + len(aside.text) for begin, end in taken):
            start = transcript.text.find(aside.text, start + 1)
        if start < 0:
            raise ValueError(f"{transcript.format}: the reader lost a header, footer or comment")
        taken.append((start, start + len(aside.text)))
        found += [mark.moved(start) for mark in aside.marks]
    return tuple(sorted(found, key=lambda mark: mark.span))


def _parts(piece: Marked) -> Sequence[Marked]:
    """A piece, or its label and its body where it is a turn: a reader may set them apart."""
    label, colon, _ = piece.text.partition(": ")
    if not colon or len(label) > 25 or "\n" in piece.text:
        return (piece,)
    return (piece.cut(0, len(label)), piece.cut(len(label) + 2))


def _gold(stem: str, folder: Path) -> Marked:
    own = HERE / "gold" / f"{stem}.ann.txt"
    return parse((own if own.exists() else folder / f"{stem}.ann.txt").read_text(encoding="utf-8"))


def _garbage(size: int) -> bytes:
    """Bytes that are no file of any kind, the same each time."""
    blocks = (hashlib.sha256(f"samaran demo {n}".encode()).digest() for n in range(size // 32 + 1))
    return b"".join(blocks)[:size]


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m samaran.demo.make GOLD_FOLDER")
    make(Path(sys.argv[1]), HERE / "material")
