"""Recordings: sealed, kept, never read; memory stays small however long they are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from samaran.ingest.media import is_media
from samaran.pipeline import intake
from tests.cli.conftest import INTERVIEW, Samaran, Small

WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(200)


@pytest.mark.parametrize(
    ("head", "media"),
    [
        (WAV, True),
        (b"\0\0\0\x1cftypM4A ", True),
        (b"\0\0\0\x1cftypheic", False),
        (b"ID3\x03\0", True),
        (b"\xff\xfb\x90\x64", True),
        (b"OggS\0\x02", True),
        (b"\x1a\x45\xdf\xa3\x93", True),
        (b"#!AMR\n", True),
        ("\ufeffP: halo".encode("utf-16-le"), False),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", False),
        (b"RIFF\0\0\0\0WEBPVP8 ", False),
        (b"%PDF-1.4", False),
        (b"P: Halo\nI: Halo\n", False),
        (b"", False),
    ],
)
def test_recordings_are_told_by_their_first_bytes(head: bytes, media: bool) -> None:
    """Sound and film are recordings; pictures and text, UTF-16 included, are not."""
    assert is_media(head) is media


def test_a_recording_is_sealed_and_kept(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """It leaves the inbox, lies sealed under the informant's key, has no segments, holds nothing up, and opens for two."""
    small.put("INF-01_wawancara_1.wav", WAV)
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert (ran.code, json.loads(ran.out)["counts"]) == (0, {"done": 2})
    assert not list((small.folder / "inbox").iterdir())
    rows = {row["stage"]: row for row in json.loads(samaran("status", small.folder, "--json").out)["rows"]}
    assert rows["kept"].get("segments", 0) == 0
    assert samaran("decide", small.folder, "--sheet", tmp_path / "s.csv", "--key", small.keys / "pi.key").code == 0
    assert rows["kept"]["source_id"] not in samaran("release", small.folder, "--json").out
    out = tmp_path / "back.wav"
    keys = ("--key", small.keys / "pi.key", "--key", small.keys / "board.key")
    done = samaran("open", small.folder, rows["kept"]["source_id"], "--out", out, "--purpose", "access", *keys)
    assert done.code == 0, done.err
    assert out.read_bytes() == WAV
    assert samaran("vault", "check", small.folder).code == 0
    assert samaran("audit", "report", small.folder, "--out", tmp_path / "r.html").code == 0


def test_a_recording_needs_its_own_consent(small: Small, samaran: Samaran) -> None:
    """Who agreed to take part, but not to be recorded, has no recording in the vault; the file stays in the inbox."""
    path = small.put("INF-02_wawancara_1.wav", WAV)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 3
    assert json.loads(ran.out)["sources"][0]["reason"] == "no-consent"
    assert path.exists()


def test_a_long_recording_is_no_file_too_large(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit for files that are read whole does not hold for recordings."""
    monkeypatch.setattr(intake, "_LARGEST", 100)
    small.put("INF-01_wawancara_1.wav", WAV)
    small.put("INF-01_wawancara_2.txt", INTERVIEW)
    ran = samaran("run", small.folder, "--direct", "--json")
    assert sorted((s["what"], s.get("reason")) for s in json.loads(ran.out)["sources"]) == [
        ("done", None),
        ("refused", "too-large"),
    ]


def test_killed_before_it_left_the_inbox(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies between keeping and removing goes on: the recording leaves the inbox with the next run, sealed once."""
    small.put("INF-01_wawancara_1.wav", WAV)
    with monkeypatch.context() as patch:
        patch.setattr("samaran.pipeline.deidentify.Run._unlink", _dies)
        assert samaran("run", small.folder, "--direct").code == 1
    assert samaran("run", small.folder, "--direct").code == 0
    assert not list((small.folder / "inbox").iterdir())
    assert len(list((small.folder / "vault" / "originals").iterdir())) == 1


def _dies(*_: object) -> None:
    raise OSError


@pytest.mark.slow
def test_memory_stays_small(small: Small) -> None:
    """A recording of 1 GiB goes through a whole run in less than 256 MiB, Python and its packages included."""
    path = small.put("INF-01_wawancara_1.wav", WAV)
    with path.open("ab") as file:
        file.truncate(1 << 30)
    limit = 256 << 20  # of this program's own memory: ru_maxrss would count that of the tests that started it, too
    code = (
        "import re, sys; from pathlib import Path; from samaran.pipeline.desk import Desk;"
        "from samaran.pipeline.deidentify import deidentify\n"
        "with Desk.open(Path(sys.argv[1])) as desk: assert [o.what for o in deidentify(desk).outcomes.values()] == ['done']\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) * 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(small.folder)], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) < limit
