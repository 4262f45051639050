"""Recordings become transcripts: by a stand-in for the model, and by the library where it is installed."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

import pytest

from samaran.ingest.speech import NotTranscribed, Said, load, transcript
from samaran.model import EntityType, Property

HEARD = (Said(0.0, 2.5, " halo teh rani", -0.2), Said(2.5, 6.04, " abdi di cimahi ", -1.4), Said(6.04, 7, "  ", -0.1))


def tagged(artist: str) -> bytes:
    """An mp3's head with the name of its artist."""
    frame = b"TPE1" + (len(artist) + 1).to_bytes(4, "big") + b"\0\0\0" + artist.encode("ascii")
    return b"ID3\x03\0\0" + bytes((0, 0, 0, len(frame))) + frame + b"\xff\xfb\x90\x64" + bytes(413)


def test_what_is_heard_is_a_transcript_with_times(tmp_path: Path) -> None:
    """Each stretch is a line with its times and place; silence is none. Tags are properties, doubts are said."""
    path = tmp_path / "a.mp3"
    path.write_bytes(tagged("Rani Lestari"))
    read: list[bytes] = []

    def listen(file: BinaryIO) -> Iterator[Said]:
        read.append(file.read())
        yield from HEARD

    found = transcript(listen, path, {})
    assert read == [path.read_bytes()]
    said = [(line.body.of(found.text), line.ref, line.start_ms, line.end_ms, line.label) for line in found.lines]
    assert said == [("halo teh rani", "segment 1", 0, 2500, None), ("abdi di cimahi", "segment 2", 2500, 6040, None)]
    assert found.format == "recording"
    assert found.warnings == ("recognized-speech", "low-confidence")
    assert Property("artist", "Rani Lestari", EntityType.PERSON) in found.properties
    assert "halo" not in repr(HEARD[0])


def test_silence_is_no_transcript(tmp_path: Path) -> None:
    """A recording in which nothing was said has no transcript, and that is said."""
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    with pytest.raises(NotTranscribed, match="No speech"):
        transcript(lambda _: HEARD[2:], path, {})


def model(folder: Path, *names: str) -> Path:
    """A folder with files that are no model."""
    folder.mkdir()
    for name in names:
        (folder / name).write_text("{}")
    return folder


@pytest.mark.parametrize("names", [(), ("config.json", "model.bin")])
def test_a_folder_without_a_model_is_said(tmp_path: Path, names: tuple[str, ...]) -> None:
    """Before the library is asked: it would fetch what is missing."""
    with pytest.raises(NotTranscribed) as caught:
        load(model(tmp_path / "m", *names))
    assert ("tokenizer.json" if names else "config.json") in str(caught.value)
    assert "speech" in caught.value.hint


ALL = ("config.json", "model.bin", "tokenizer.json")


@pytest.mark.skipif(find_spec("faster_whisper") is not None, reason="the extra audio is installed")
def test_a_missing_library_is_said(tmp_path: Path) -> None:
    """The hint names the extra."""
    with pytest.raises(NotTranscribed) as caught:
        load(model(tmp_path / "m", *ALL))
    assert "samaran[audio]" in caught.value.hint


def test_the_library_meets_a_damaged_model(tmp_path: Path) -> None:
    """The real library is loaded, refuses the folder, and the sentence holds no path."""
    pytest.importorskip("faster_whisper")
    with pytest.raises(NotTranscribed) as caught:
        load(model(tmp_path / "m", *ALL))
    assert str(tmp_path) not in f"{caught.value} {caught.value.hint}"
    assert "can't be loaded" in str(caught.value)
