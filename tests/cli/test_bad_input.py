"""Bad input through the command line: a clear error or a correct result, nothing skipped silently, no text in an error."""

import json
import shutil
import unicodedata
from pathlib import Path

import pytest

from samaran.detect import model
from tests.cli.conftest import ROSTER_HEAD, Samaran

NUMBER = "0812-2094-7715"


def found(samaran: Samaran, path: Path, *more: object) -> list[tuple[str, str]]:
    """Types and surfaces of what `detect` finds, cut out of the text as decoded."""
    said = samaran("detect", "--format", "jsonl", *more, path)
    assert said.code == 0, said.err
    text = path.read_bytes().decode()
    rows = [json.loads(line) for line in said.out.splitlines()]
    return [(row["type"], text[row["start"] : row["end"]]) for row in rows]


def test_only_emoji(samaran: Samaran, tmp_path: Path) -> None:
    """A file of emoji is read, and nothing in it is anybody."""
    path = tmp_path / "a.txt"
    path.write_text("🌸🌸🔥\n👩‍👩‍👧\n" * 20)
    assert found(samaran, path) == []


def test_right_to_left(samaran: Samaran, tmp_path: Path) -> None:
    """Offsets are right beside Arabic and Hebrew and the marks that turn the writing."""
    path = tmp_path / "a.txt"
    path.write_text(f"P: اسمي فاطمة. رقمي {NUMBER}.\nI: שלום, \u202e{NUMBER}\u202c di Bandung\n")
    assert found(samaran, path, "--model", "none")[:3] == [("PERSON", "فاطمة"), ("PHONE", NUMBER), ("PHONE", NUMBER)]


def test_accents_behind_their_letters(samaran: Samaran, tmp_path: Path) -> None:
    """Decomposed text, as some systems write it, is found in whole words."""
    path = tmp_path / "a.txt"
    path.write_text(unicodedata.normalize("NFD", "P: Téh Rénita ti Bandung.\n"))
    assert ("PERSON", unicodedata.normalize("NFD", "Rénita")) in found(samaran, path)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\r\n\r", "\u2028", "\x0b", "\x85"])
def test_mixed_newlines(samaran: Samaran, tmp_path: Path, newline: str) -> None:
    """Whatever ends a line, offsets are those of the text as it stands."""
    path = tmp_path / "a.txt"
    path.write_bytes(f"I: nomor?\nP: {NUMBER}.{newline}I: ya\r\nP: lalu {NUMBER}, itu.{newline}".encode())
    assert found(samaran, path, "--model", "none") == [("PHONE", NUMBER)] * 2


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"P: Rani\x00 Kusumah\x00\n", b"\xff\xfe\x00\xd8", bytes(range(256))])
def test_what_is_no_text_is_said(samaran: Samaran, tmp_path: Path, content: bytes) -> None:
    """Nothing, blanks, NUL bytes and no encoding at all end with a sentence and a hint, without the text."""
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    said = samaran("detect", path)
    assert said.code in (1, 2)
    assert len(said.err.splitlines()) == 2
    assert "Rani" not in said.err


def test_a_long_line(samaran: Samaran, tmp_path: Path) -> None:
    """In a line of 20,000 words every telephone number is found, wherever the text is cut."""
    path = tmp_path / "a.txt"
    path.write_text("P: " + f"tarifnya segitu terus nomor saya {NUMBER} ya kak nanti malam " * 2000)
    assert found(samaran, path, "--model", "none").count(("PHONE", NUMBER)) == 2000


@pytest.mark.slow
def test_a_line_of_five_megabytes(samaran: Samaran, tmp_path: Path) -> None:
    """The same at 5 MB in one line."""
    path = tmp_path / "a.txt"
    line = f"tarifnya segitu terus nomor saya {NUMBER} ya kak nanti malam "
    path.write_text("P: " + line * (5_000_000 // len(line)))
    assert found(samaran, path, "--model", "none").count(("PHONE", NUMBER)) == 5_000_000 // len(line)


@pytest.mark.parametrize(
    "rows",
    [
        "a,INF-01,Maharani Kusumah,Rani,,,informan\na,INF-01,Maharani Kusumah,Rani,,,informan\n",
        "a,INF-01,Maharani Kusumah,Rani,,,informan\nb,INF-01,Dewi Sartika,Dewi,,,informan\n",
        "a,INF-01,Maharani Kusumah,Rani,,,informan\na,INF-02,Dewi Sartika,Dewi,,,informan\n",
        ",INF-01,Maharani Kusumah,,,,informan\n,INF-01,maharani  kusumah,,,,pacar\n",
        "a,INF-01,,Rani,,,informan\n",
        "a,INF-01,Maharani Kusumah,Rani,12,,informan\n",
        'a,INF-01,"Maharani Kusumah,Rani,,,informan\n',
        "a,INF-01,Maharani Kusumah,Rani,,,informan,zuviel\n",
    ],
)
def test_a_roster_that_contradicts_itself(samaran: Samaran, tmp_path: Path, rows: str) -> None:
    """Rows that repeat, contradict or lack something are named by their line, without the name."""
    path, roster = tmp_path / "a.txt", tmp_path / "roster.csv"
    path.write_text("P: Rani\n")
    roster.write_text(ROSTER_HEAD + rows)
    said = samaran("detect", "--model", "none", "--roster", roster, path)
    assert said.code == 2
    assert "line" in said.err
    for name in ("Rani", "Maharani", "Dewi", "maharani"):
        assert name not in said.err


@pytest.mark.parametrize("damage", ["missing", "short", "changed", "no settings", "garbled settings"])
def test_a_damaged_model(samaran: Samaran, tmp_path: Path, damage: str) -> None:
    """A model whose files are missing, cut or changed is refused before any text is looked at."""
    path, place = tmp_path / "a.txt", tmp_path / "model"
    path.write_text("P: Rani\n")
    shutil.copytree(model.SHIPPED, place)
    onnx, settings = place / "tagger.onnx", place / "labels.json"
    if damage == "missing":
        onnx.unlink()
    elif damage == "short":
        onnx.write_bytes(onnx.read_bytes()[:1000])
    elif damage == "changed":
        onnx.write_bytes(onnx.read_bytes()[:-1] + b"x")
    elif damage == "no settings":
        settings.unlink()
    else:
        settings.write_text("{")
    said = samaran("detect", "--model", place, path)
    assert said.code in (1, 2)
    assert len(said.err.splitlines()) == 2
    assert said.out == ""
