"""The certificate of a withdrawal, for the informant and the board: Indonesian and English, a code and no name."""

from pathlib import Path

from samaran.audit.note import Note
from samaran.pipeline.desk import Desk
from samaran.pipeline.paper import Section, write_paper
from samaran.report.voice import Minute, shown
from samaran.withdrawals import FOLDER, Withdrawal

_ID = {
    "title": "Surat keterangan penarikan diri",
    "all": "semua: persetujuan ditarik seluruhnya",
    "quotes": "kutipan: tidak boleh dikutip lagi",
    "archive": "arsip: tidak boleh diarsipkan atau dipakai ulang",
    "study": "Studi",
    "code": "Kode informan",
    "scope": "Cakupan",
    "requested": "Diminta (UTC)",
    "executed": "Dilaksanakan (UTC)",
    "hours": "Jam yang diperlukan (batas 72)",
    "by": "Dilaksanakan oleh kunci",
    "keys": "Kunci yang dimusnahkan",
    "sources": "Sumber yang dimusnahkan",
    "kept": "Sumber bersama informan lain: tetap disegel, tidak pernah dilepas",
    "segments": "Segmen yang dimusnahkan dan ditarik kembali",
    "uses": "Segmen yang ditarik kembali",
    "releases": "Pelepasan yang dihapus di studi ini",
    "elsewhere": "Tempat lain: sudah",
    "left": "Tempat lain: BELUM",
    "destroyed": "kuncinya dimusnahkan",
    "replaced": "foldernya diganti dengan salinan baru",
    "said": "menurut keterangan seseorang",
    "open": "belum selesai: menunggu tempat lain",
    "entry": "Entri catatan audit",
    "checkpoint": "Titik periksa sesudahnya: asal, ukuran, akar",
    "done": (
        "Kunci yang membuka rekaman dan transkrip asli telah dimusnahkan; tanpa kunci itu tidak ada salinan yang dapat dibaca "
        "lagi. Salinan kerja, nama, nomor dan akun telah dihapus. Bila orang lain menyebut informan ini, penyebutan itu tetap "
        "disamarkan."
    ),
    "done-here": "Baru selesai di sini: di tempat yang tertulis BELUM, salinan kunci, nama atau teks tersamar mungkin masih ada.",
    "done-use": "Kegunaan ini tidak lagi diizinkan. Bahan lain tetap ada sesuai persetujuan yang masih berlaku.",
    "limits": (
        "Yang tidak terjangkau: salinan pelepasan yang sudah ada pada orang lain (segmennya tercantum dalam daftar tarik "
        "kembali, releases/recalls); salinan cadangan folder register/ dan tabel studi yang dibuat di luar samaran; sisa blok "
        "lama pada SSD. Catatan audit tetap utuh; isinya hanya kode."
    ),
    "verify": "Untuk memeriksa: samaran audit verify, atau VERIFY.md dalam berkas bukti.",
}
_EN = {
    "title": "Certificate of withdrawal",
    "all": "all: the whole consent is taken back",
    "quotes": "quotes: may not be quoted any more",
    "archive": "archive: may not be archived or reused any more",
    "study": "Study",
    "code": "Code of the informant",
    "scope": "Scope",
    "requested": "Requested (UTC)",
    "executed": "Carried out (UTC)",
    "hours": "Hours taken (limit 72)",
    "by": "Carried out with the keys",
    "keys": "Keys destroyed",
    "sources": "Sources destroyed",
    "kept": "Sources shared with other informants: stay sealed, are never released",
    "segments": "Segments destroyed and recalled",
    "uses": "Segments recalled",
    "releases": "Releases deleted in this study",
    "elsewhere": "Other places: done",
    "left": "Other places: NOT DONE YET",
    "destroyed": "the key was destroyed there",
    "replaced": "the folder was replaced by a new copy",
    "said": "a person says so",
    "open": "not finished: waits for other places",
    "entry": "Entry of the audit log",
    "checkpoint": "Checkpoint after it: origin, size, root",
    "done": (
        "The keys that open the recordings and transcripts were destroyed; without them no copy can be read any more. Working "
        "copies, names, numbers and accounts were deleted. Where others speak of this informant, the mention stays masked."
    ),
    "done-here": "So far this is done here: in a place that is NOT DONE YET, keys, names or sanitized text may be left.",
    "done-use": "This use is no longer allowed. Other material stays, under the consent that is left.",
    "limits": (
        "Out of reach: copies of releases that others hold already (their segments stand in the recall list, releases/recalls); "
        "backups of the folder register/ and of the study's tables that were made outside samaran; old blocks on an SSD. The "
        "audit log stays whole; it holds codes only."
    ),
    "verify": "To check: samaran audit verify, or VERIFY.md in the board's bundle.",
}


def write_certificate(desk: Desk, withdrawal: Withdrawal) -> tuple[Path, Path]:
    """Write it as text and as one page of HTML, and return where they lie."""
    checkpoint = checkpoint_of(desk)
    sections = [
        Section(code, words["title"], _facts(desk, withdrawal, code, checkpoint), _paragraphs(withdrawal, words))
        for code, words in (("id", _ID), ("en", _EN))
    ]
    return write_paper(desk.study.folder / FOLDER / f"{withdrawal.informant}.{withdrawal.scope}", sections)


def checkpoint_of(desk: Desk) -> str:
    """The log's newest checkpoint in a line: origin, size, root."""
    note = Note.parse((desk.study.folder / "audit" / "log" / "checkpoint").read_bytes())
    return f"{note.origin} {note.size} {note.root.hex()}"


def _facts(desk: Desk, withdrawal: Withdrawal, language: str, checkpoint: str) -> list[tuple[str, str]]:
    words = {"id": _ID, "en": _EN}[language]
    facts = [
        ("study", desk.study.name),
        ("code", withdrawal.informant),
        ("scope", words[withdrawal.scope]),
        ("requested", shown(Minute(withdrawal.requested), language)),
        ("executed", shown(Minute(withdrawal.executed), language) if withdrawal.executed else words["open"]),
    ]
    if withdrawal.executed:
        hours = f"{withdrawal.hours_taken():.1f}"
        facts.append(("hours", hours.replace(".", ",") if language == "id" else hours))
    if withdrawal.whole:
        facts += [("by", f"{withdrawal.first}, {withdrawal.second}"), ("keys", shown(withdrawal.keys, language))]
        facts += [("sources", shown(withdrawal.sources, language)), ("segments", shown(withdrawal.segments, language))]
    else:
        facts.append(("uses", shown(withdrawal.segments, language)))
    facts.append(("releases", ", ".join(withdrawal.releases) or "0"))
    for one in withdrawal.done:
        when, how, place = one.split(" ", 2)
        facts.append(("elsewhere", f"{place}: {words[how]}, {shown(Minute(when), language)}"))
    facts += [("left", place) for place in withdrawal.places + withdrawal.copies]
    facts += [("entry", str(withdrawal.entry)), ("checkpoint", checkpoint)]
    return [(words[name], value) for name, value in facts]


def _paragraphs(withdrawal: Withdrawal, words: dict[str, str]) -> list[str]:
    kept = [words["kept"] + "."] if withdrawal.shared == "withhold" else []
    here = [words["done-here"]] if withdrawal.places or withdrawal.copies else []
    return [words["done" if withdrawal.whole else "done-use"], *here, *kept, words["limits"], words["verify"]]
