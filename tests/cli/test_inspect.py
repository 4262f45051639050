"""inspect and formats."""

import json
import wave
from pathlib import Path

import pytest

from samaran.ingest import FORMATS
from tests.cli.conftest import Samaran, Small

TEXT = "[00:00:05] Peneliti: Di mana, Téh?\n\n[00:00:09] Maharani: Di Dago 🌸, hp 0812-2094-7715.\n\n[00:00:12] Peneliti: Oh.\n"


@pytest.fixture
def interview(tmp_path: Path) -> Path:
    """A transcript whose name is telling, too."""
    path = tmp_path / "Wawancara Maharani.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_nothing_of_the_file_shows(samaran: Samaran, interview: Path) -> None:
    """What is printed has the shape of the file: roles, times and counts, but no word, name or number of it."""
    said = samaran("inspect", interview)
    assert said.code == 0, said.err
    assert not [word for word in ("Maharani", "Dago", "0812", "7715", "🌸", "mana") if word in said.out]
    for word in ("text, utf-8", "Peneliti", "interviewer", "Xxxxxxxx", "9999-9999-9999", "line 3", "0:00:05 to 0:00:12"):
        assert word in said.out


def test_raw_shows_it(samaran: Samaran, interview: Path) -> None:
    """Asked for, names and texts are shown."""
    assert "Di Dago 🌸, hp 0812-2094-7715." in samaran("inspect", interview, "--raw").out


def test_as_json(samaran: Samaran, interview: Path) -> None:
    """A program gets the same, masked as well."""
    found = json.loads(samaran("inspect", interview, "--json").out)
    assert (found["format"], found["encoding"], found["lines"], found["segments"]) == ("text", "utf-8", 3, 3)
    assert found["speakers"] == [
        {"label": "Peneliti", "role": "interviewer", "lines": 2},
        {"label": "Xxxxxxxx", "role": "unknown", "lines": 1},
    ]
    assert found["times"] == {"lines": 3, "from_ms": 5000, "to_ms": 12000}
    assert found["first"][0] == {"ref": "line 1", "speaker": "Peneliti", "text": "Xx xxxx, Xxx?"}


def test_as_the_study_would_read_it(samaran: Samaran, small: Small, interview: Path) -> None:
    """The study's map gives roles; a name in it stays masked."""
    settings = small.folder / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[speakers]", '[speakers]\nMaharani = "informant"\n', 1), encoding="utf-8")
    found = json.loads(samaran("inspect", interview, "--study", small.folder, "--json").out)
    assert found["speakers"][1] == {"label": "Xxxxxxxx", "role": "informant", "lines": 1}


@pytest.mark.parametrize(("data", "code", "hint"), [(b"\x00\x01\x02" * 30, 1, "samaran formats"), (None, 2, "name and rights")])
def test_what_can_t_be_read(samaran: Samaran, tmp_path: Path, data: bytes | None, code: int, hint: str) -> None:
    """A file in no known format, and one that is not there: what to do, and no name."""
    path = tmp_path / "Maharani.bin"
    if data:
        path.write_bytes(data)
    said = samaran("inspect", path)
    assert said.code == code
    assert hint in said.err
    assert "Maharani" not in said.err


def test_formats(samaran: Samaran) -> None:
    """Every format that is read is listed."""
    assert [row["format"] for row in json.loads(samaran("formats", "--json").out)] == [f.name for f in FORMATS]
    assert all(f.reads in samaran("formats").out for f in FORMATS)


def test_a_recording(samaran: Samaran, tmp_path: Path) -> None:
    """Of a recording its length is shown; there is nothing to read."""
    path = tmp_path / "Maharani.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 65))
    said = samaran("inspect", path)
    assert said.code == 0, said.err
    assert "recording" in said.out
    assert "0:01:05" in said.out
    assert json.loads(samaran("inspect", path, "--json").out)["times"] == {"lines": 0, "from_ms": 0, "to_ms": 65_000}
