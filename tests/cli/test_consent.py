"""Consent through the command line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import INTERVIEW, Samaran, Small


def test_what_holds_and_how_it_came_about(small: Small, samaran: Samaran) -> None:
    """The last version holds; all versions, what was taken back, and the profiles that this leaves are shown."""
    consent = small.folder / "consent.csv"
    consent.write_text(consent.read_text() + "INF-01,2,2026-02-01,recorded,yes,no,yes,no,no,no,no,no\n")
    assert samaran("withdraw", small.folder, "INF-01", "--scope", "quotes").code == 0
    (found,) = json.loads(samaran("consent", "show", small.folder, "INF-01", "--json").out)
    assert [version["form_version"] for version in found["versions"]] == ["1", "2"]
    assert (found["flags"], found["profiles"], found["mode"]) == (["participate"], ["analysis"], "recorded")
    shown = samaran("consent", "show", small.folder, "inf-01").out
    assert "quotes taken back at" in shown
    assert "2026-02-01 form 2, recorded: participate, quote_verbatim" in shown
    assert samaran("consent", "show", small.folder, "INF-99").code == 2
    assert len(json.loads(samaran("consent", "show", small.folder, "--json").out)) == 2


def test_a_day_that_is_yet_to_come_is_said(small: Small, samaran: Samaran) -> None:
    """A year that was mistyped would outlast every amendment: whoever looks is told."""
    consent = small.folder / "consent.csv"
    consent.write_text(consent.read_text() + "INF-02,2,2999-02-01,written,yes,yes,yes,no,no,no,no,no\n")
    assert "INF-02: a consent has a day that is yet to come" in samaran("consent", "show", small.folder).out


FORM = """
[consent]
file = "form.csv"
informant = "Kode"
version = "3"
columns = { participate = "Bersedia?", archive = "Arsip?" }
"""


def test_a_form_lets_a_file_in(small: Small, samaran: Samaran) -> None:
    """An informant whose only consent is an answer to the online form is taken in; one who said no is refused; a withdrawal
    takes the answer out of the file."""
    config = small.folder / "study.toml"
    config.write_text(config.read_text() + FORM)
    (small.folder / "form.csv").write_text(
        "Timestamp,Nama,Kode,Bersedia?,Arsip?\n1/2/2026 8:00,Zaenab,INF-05,Ya,Ya\n2/2/2026 8:00,Oneng,INF-06,Tidak,\n"
    )
    for code in ("INF-05", "INF-06"):
        small.put(f"{code}_wawancara_1.txt", INTERVIEW + code)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert json.loads(ran.out)["counts"] == {"done": 1, "refused": 1}
    keys = ("--key", small.keys / "pi.key", "--key", small.keys / "board.key")
    assert samaran("withdraw", small.folder, "INF-05", *keys).code == 0
    assert (small.folder / "form.csv").read_text() == "Timestamp,Nama,Kode,Bersedia?,Arsip?\n2/2/2026 8:00,Oneng,INF-06,Tidak,\n"


BOXES = """
[consent]
file = "form.csv"
informant = "Kode"
version = "4"

[consent.ticks."Apa saja yang Anda izinkan?"]
participate = "Ikut diwawancarai"
record_audio = ["Rekam suara", "Record my voice"]
quote_verbatim = "Kutip kata demi kata, tanpa nama"
nothing = "Tidak satu pun"
"""
BOXES_HEAD = "Timestamp,Nama,Kode,Apa saja yang Anda izinkan?\n"


def test_boxes_decide_what_comes_in(small: Small, samaran: Samaran) -> None:
    """A question with boxes: who ticked recording may be recorded, who did not may not; who answers again amends; an option that
    nobody named stops everything, with its row and column and without a word of it."""
    config, form = small.folder / "study.toml", small.folder / "form.csv"
    config.write_text(config.read_text() + BOXES)
    rows = [
        '1/2/2026 8.00.00,Zaenab,INF-05,"Ikut diwawancarai, Rekam suara, Kutip kata demi kata, tanpa nama"\n',
        "1/2/2026 9.00.00,Oneng,INF-06,Ikut diwawancarai;\n",
        "2/2/2026 9.00.00,Mandra,INF-07,Tidak satu pun\n",
        '3/2/2026 9.00.00,Zaenab,INF-05,"Ikut diwawancarai, Record my voice"\n',
    ]
    form.write_text(BOXES_HEAD + "".join(rows))
    (found,) = json.loads(samaran("consent", "show", small.folder, "INF-05", "--json").out)
    assert [len(version["flags"]) for version in found["versions"]] == [3, 2]
    assert sorted(found["flags"]) == ["participate", "record_audio"]
    for code in ("INF-05", "INF-06", "INF-07"):
        small.put(f"{code}_wawancara_1.wav", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100) + code.encode())
        small.put(f"{code}_wawancara_2.txt", INTERVIEW + code)
    ran = json.loads(samaran("run", small.folder, "--direct", "--json").out)
    assert ran["counts"] == {"done": 3, "refused": 3}
    form.write_text(BOXES_HEAD + "".join(rows).replace("Ikut diwawancarai;", '"Ikut diwawancarai, tapi jangan bilang Engkos"'))
    said = samaran("run", small.folder, "--direct")
    assert said.code == 2
    assert "row 3, column D" in said.err
    assert "Engkos" not in said.out + said.err


@pytest.mark.parametrize(
    "line",
    [
        "columns = { participate = [] }",
        'columns = { participate = ["Bersedia?", 3.5, ""] }',
        'ticks = { "Izin?" = "Rekam suara" }',
        'ticks = { "Izin?" = { foto = "Foto" } }',
        'ticks = { "Izin?" = { archive = "" } }',
        'columns = { archive = "Arsip?" }\nticks = { "Izin?" = { archive = "Arsip" } }',
        'file = "form.csv"\ninformant = "Kode"\nversion = "1"\nticks = { "Izin?" = { archive = "Arsip" } }',
        'columns = { participate = "Bersedia?", foto = "Foto?" }',
        'date_order = "dmm"',
        'mode = "spoken"',
        'file = "form.csv"',
    ],
)
def test_a_mapping_that_cannot_be_meant(small: Small, samaran: Samaran, line: str) -> None:
    """A flag that does not exist, an order that is none, a mapping without its columns: refused as usage."""
    config: Path = small.folder / "study.toml"
    config.write_text(config.read_text() + f"\n[consent]\n{line}\n")
    assert samaran("status", small.folder).code == 2
