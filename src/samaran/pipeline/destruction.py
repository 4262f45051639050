"""The certificate of a destruction at the end of its retention: Indonesian and English."""

from collections.abc import Sequence
from pathlib import Path

from samaran.pipeline.certificate import checkpoint_of
from samaran.pipeline.desk import Desk
from samaran.pipeline.paper import Section, write_paper
from samaran.report.voice import Day, shown

_ID = {
    "title": "Berita acara pemusnahan",
    "study": "Studi",
    "protocol": "Nomor protokol",
    "kind": "Yang dimusnahkan",
    "until": "Disimpan sampai dengan",
    "day": "Dimusnahkan pada",
    "count": "Jumlah",
    "by": "Dilaksanakan oleh kunci",
    "said": "Tempat yang menurut keterangan seseorang sudah tidak menyimpan apa pun",
    "entry": "Entri catatan audit",
    "checkpoint": "Titik periksa sesudahnya: asal, ukuran, akar",
    "originals": "berkas asli yang disegel dan berkas kerja",
    "keys": "kunci terbungkus: tidak ada salinan berkas asli yang dapat dibuka lagi",
    "register": "register: nama, nomor, akun dan padanannya dengan nama samaran",
    "sanitized": "segmen yang disamarkan dan salinan pelepasan di studi ini",
    "log": "catatan audit",
    "limits": (
        "Yang tidak terjangkau: salinan di luar folder studi dan tempat yang terdaftar, pelepasan yang sudah ada pada orang "
        "lain, sisa blok lama pada SSD."
    ),
}
_EN = {
    "title": "Certificate of destruction",
    "study": "Study",
    "protocol": "Protocol number",
    "kind": "What was destroyed",
    "until": "Kept until",
    "day": "Destroyed on",
    "count": "How many",
    "by": "Carried out with the keys",
    "said": "Place of which a person says that nothing is left there",
    "entry": "Entry of the audit log",
    "checkpoint": "Checkpoint after it: origin, size, root",
    "originals": "sealed originals and work files",
    "keys": "wrapped keys: no copy of an original can be opened any more",
    "register": "the register: names, numbers, accounts and which pseudonym stands for them",
    "sanitized": "sanitized segments and this study's copies of releases",
    "log": "the audit log",
    "limits": (
        "Out of reach: copies outside the study's folder and the places that are listed, releases that others hold already, old "
        "blocks on an SSD."
    ),
}


def write_destruction(
    desk: Desk, stem: Path, kind: str, until: str, count: int, people: str, entry: int, said: Sequence[str] = ()
) -> tuple[Path, Path]:
    """Write it as text and as a page, and return where they lie. `said` are places that somebody says are clean."""
    checkpoint = checkpoint_of(desk)
    sections = []
    for code, words in (("id", _ID), ("en", _EN)):
        facts = [
            ("study", desk.study.name),
            ("protocol", desk.study.protocol.number or "-"),
            ("kind", words[kind]),
            ("until", shown(Day(until), code)),
            ("day", shown(Day(desk.today), code)),
            ("count", shown(count, code)),
            ("by", people),
            *(("said", place) for place in said),
            ("entry", str(entry)),
            ("checkpoint", checkpoint),
        ]
        sections.append(Section(code, words["title"], [(words[name], value) for name, value in facts], [words["limits"]]))
    return write_paper(stem, sections)
