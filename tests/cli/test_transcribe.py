"""Recordings that a run transcribes: with a stand-in for the model, which no test can fetch."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from samaran.ingest.speech import Listener, NotTranscribed, Said
from samaran.pipeline import deidentify
from tests.cli.conftest import Samaran, Small

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200)
NAME = "INF-01_wawancara_1.wav"


def hears(file: BinaryIO) -> Iterator[Said]:
    """Hears two stretches in whatever it is given."""
    assert file.read() == WAV
    yield Said(0.0, 2.5, " halo teh Rani, nomornya 0812-2094-7715 ya", -0.2)
    yield Said(2.5, 6.0, " Yuyun sudah pulang", -1.4)


def listening(monkeypatch: pytest.MonkeyPatch, small: Small, listener: Listener) -> None:
    """A study that names a folder, and a stand-in for what is loaded from it."""
    monkeypatch.setattr(deidentify, "load", lambda _: listener)
    config = small.folder / "study.toml"
    config.write_text(config.read_text().replace('speech = ""', 'speech = "whisper"'))


def test_a_recording_is_transcribed_and_sealed(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transcript is sanitized, has the times of the recording and belongs to its informant; the recording lies sealed as it
    was, and no copy of it anywhere."""
    listening(monkeypatch, small, hears)
    small.put(NAME, WAV)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert (ran.code, json.loads(ran.out)["counts"]) == (0, {"done": 1})
    with deidentify.Desk.open(small.folder) as desk:
        (row,) = desk.state.sources()
        segments = desk.state.segments(row.source_id, "analysis")
    assert (row.stage, row.format, row.informants, row.lines, row.recorded) == ("done", "recording", ("INF-01",), 2, True)
    assert [(s.segment.start_ms, s.segment.end_ms) for s in segments] == [(0, 2500), (2500, 6000)]
    text = " ".join(s.segment.text for s in segments)
    assert "halo teh [INF-01]" in text
    assert not any(raw in text for raw in ("Rani", "0812", "Yuyun"))
    files = [path.read_bytes() for path in small.folder.rglob("*") if path.is_file()]
    assert not any(WAV[:60] in data or b"0812-2094-7715 ya" in data for data in files)
    assert samaran("vault", "check", small.folder).code == 0


def test_without_consent_nobody_listens(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording of somebody who agreed to take part, but not to be recorded, is neither sealed nor heard."""

    def never(_: BinaryIO) -> Iterator[Said]:
        raise AssertionError

    listening(monkeypatch, small, never)
    path = small.put(NAME.replace("01", "02", 1), WAV)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert (ran.code, json.loads(ran.out)["sources"][0]["reason"]) == (3, "no-consent")
    assert path.exists()


def test_what_is_not_heard_stays_sealed(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be heard, the run says why and what to do, once; the recording is sealed without a transcript, other
    files are taken in, and `status` says so, too."""

    def deaf(_: BinaryIO) -> Iterator[Said]:
        raise NotTranscribed("It can't be decoded.", "Play it.")

    listening(monkeypatch, small, deaf)
    small.put(NAME, WAV)
    small.put(NAME.replace("_1", "_2"), WAV + b"\0")
    small.put("INF-01_wawancara_3.txt", "P: Halo.\nI: Halo.\n")
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 0
    assert ran.err.count("It can't be decoded.") == ran.err.count("Play it.") == 1
    assert not list((small.folder / "inbox").iterdir())
    rows = json.loads(samaran("status", small.folder, "--json").out)["rows"]
    assert (
        sorted((row["stage"], row.get("reason")) for row in rows if row["stage"] == "kept") == [("kept", "not-transcribed")] * 2
    )


def test_a_study_without_the_library(small: Small, samaran: Samaran) -> None:
    """A study that names a folder in which no model lies takes its recordings in all the same, and says what is missing."""
    config = small.folder / "study.toml"
    config.write_text(config.read_text().replace('speech = ""', 'speech = "whisper"'))
    small.put(NAME, WAV)
    ran = samaran("run", small.folder, "--direct")
    assert ran.code == 0
    assert "has no config.json" in ran.err
    assert not list((small.folder / "inbox").iterdir())
