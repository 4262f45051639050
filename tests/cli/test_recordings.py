"""Recordings: sealed, kept, never read; memory stays small however long they are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from samaran.ingest.media import is_media
from samaran.pipeline import intake
from tests.cli.conftest import INTERVIEW, Samaran, Small
from tests.unit.ingest.test_archive import CHAT, packed
from tests.unit.ingest.test_recorded import OGG, mailed

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


VOICES = {
    "chat": ("_chat_1.zip", packed(("_chat.txt", CHAT), ("PTT-20250830-WA0001.opus", OGG))),
    "chat in a chat": ("_chat_1.zip", packed(("a.zip", packed(("a.txt", CHAT), ("b.bin", OGG))), ("_chat.txt", CHAT))),
    "mail": ("_chat_1.eml", mailed(WAV, "catatan", "application/octet-stream")),
}


@pytest.mark.parametrize(("name", "data"), VOICES.values(), ids=VOICES)
def test_a_recording_in_another_file_needs_it_too(small: Small, samaran: Samaran, name: str, data: bytes) -> None:
    """A voice note in a chat's archive or in a mail: refused with the words for a recording alone, whole and in its place, and in
    the log; the same file is taken in from who agreed."""
    refused = small.put(f"INF-02{name}", data)
    small.put(f"INF-01{name}", data + b"\n" * name.endswith(".eml"))
    ran = samaran("run", small.folder, "--direct", "--json")
    assert ran.code == 3
    found = {source["what"]: source for source in json.loads(ran.out)["sources"]}
    assert found["refused"]["reason"] == "no-consent"
    assert refused.read_bytes() == data
    assert [path.name for path in (small.folder / "inbox").iterdir()] == [refused.name]
    shown = samaran("audit", "show", small.folder, "--act", "source.refuse", "--json").out
    assert "no-consent" in shown
    assert refused.name not in shown
    said = samaran("run", small.folder, "--direct")
    assert said.code == 3
    assert "record_audio" in " ".join(said.out.split())
    (small.folder / "consent.csv").write_text(
        (small.folder / "consent.csv").read_text().replace("written,yes,no", "written,yes,yes")
    )
    ran = samaran("run", small.folder, "--direct", "--json")
    assert not refused.exists(), ran.out


def test_archives_without_recordings_need_no_such_consent(small: Small, samaran: Samaran) -> None:
    """Pictures beside a chat are no recording."""
    small.put("INF-02_chat_1.zip", packed(("_chat.txt", CHAT), ("IMG-1.jpg", b"\xff\xd8\xff" + bytes(80))))
    assert json.loads(samaran("run", small.folder, "--direct", "--json").out)["counts"] == {"done": 1}


@pytest.mark.parametrize("name", ["INF-01_wawancara_1.wav", "INF-01_chat_1.zip"])
def test_the_report_compares_recordings_with_their_consent(small: Small, samaran: Samaran, tmp_path: Path, name: str) -> None:
    """C01 counts a sealed voice as covered only as long as its informant agrees to be recorded, and as taken in afterwards only
    then."""
    small.put(name, WAV if name.endswith("wav") else packed(("_chat.txt", CHAT), ("a.opus", OGG)))
    assert samaran("run", small.folder, "--direct").code in (0, 3)
    assert _consent(small, samaran, tmp_path) == "pass"
    kept, consents = small.folder / "consent.csv", (small.folder / "consent.csv").read_text()
    kept.write_text(consents.replace("INF-01,1,2026-01-02,written,yes,yes", "INF-01,1,2026-01-02,written,yes,no"))
    assert _consent(small, samaran, tmp_path) == "fail"
    early = "INF-01,1,2026-01-02,written,yes,no,yes,yes,yes,no,no,no\n"
    kept.write_text(consents.replace("INF-01,1,2026-01-02", f"{early}INF-01,1,2999-01-02"))
    assert _consent(small, samaran, tmp_path) == "fail"


def _consent(small: Small, samaran: Samaran, folder: Path) -> str:
    target = folder / "report.json"
    said = samaran("audit", "report", small.folder, "--format", "json", "--out", target)
    assert said.code == 0, said.err
    return next(control["status"] for control in json.loads(target.read_text())["controls"] if control["id"] == "C01")


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
