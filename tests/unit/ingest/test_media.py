"""Recordings: told by their first bytes, and what their containers say of them."""

import subprocess
import wave
from pathlib import Path

import pytest

from samaran.ingest.media import HEAD, about, is_media
from samaran.model import EntityType
from tests.unit.ingest.programs import needs


def test_the_length_of_a_wav(tmp_path: Path) -> None:
    """A wav without tags has a length and nothing else."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 3))
    assert is_media(path.read_bytes()[:HEAD])
    assert (about(path).duration_ms, about(path).properties) == (3000, ())


@needs("ffmpeg")
@pytest.mark.parametrize("form", ["mp3", "m4a", "ogg", "wav", "flac"])
def test_tags_that_ffmpeg_writes(tmp_path: Path, form: str) -> None:
    """Artist and title are properties, and the artist a person; the length is told without decoding."""
    path = tmp_path / f"a.{form}"
    tags = ["-metadata", "artist=Rani Kusumah", "-metadata", "title=Wawancara Dago"]
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", *tags, str(path)]
    if subprocess.run(command, check=False, timeout=60).returncode:
        pytest.skip(f"ffmpeg here writes no {form}")
    found = about(path)
    assert is_media(path.read_bytes()[:HEAD])
    assert found.duration_ms == pytest.approx(2000, abs=150)
    assert ("Rani Kusumah", EntityType.PERSON) in {(p.value, p.type) for p in found.properties}
    assert "Wawancara Dago" in {p.value for p in found.properties}


@pytest.mark.parametrize(
    "data", [b"", b"ID3\x03", b"\x1a\x45\xdf\xa3" + bytes(80), b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\xff" * 40]
)
def test_a_recording_that_tells_nothing(tmp_path: Path, data: bytes) -> None:
    """A damaged container, or one that is not looked into, has neither length nor tags."""
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    assert (about(path).duration_ms, about(path).properties) == (None, ())
