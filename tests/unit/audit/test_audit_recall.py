"""The signed list of recalled segments."""

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from samaran.audit import recall
from samaran.audit.note import Note, new_log_key
from samaran.errors import IntegrityError

KEY = new_log_key("example.org/study")
LINES = ("aaaa * 2026-03-01", "bbbb " + "0" * 64 + " 2026-03-02")


def test_a_list_comes_back() -> None:
    """What was signed is what is read, an empty list too; the same lines are the same bytes."""
    for lines in (LINES, ()):
        assert recall.verified(recall.sign(KEY, lines), KEY.verifier.text) == lines
    assert recall.sign(KEY, LINES) == recall.sign(KEY, LINES)


def test_another_list_is_refused() -> None:
    """A changed, shortened, lengthened, re-signed or foreign list is not the study's; nor is a checkpoint of the same key."""
    signed = recall.sign(KEY, LINES)
    others = [
        signed.replace(b"aaaa", b"aaab"),
        signed.replace(b"aaaa * 2026-03-01\n", b"").replace(b"\n2\n", b"\n1\n"),
        signed + signed,
        signed[:-10],
        b"",
        b"\n\n",
        recall.sign(new_log_key("example.org/study"), LINES),
        recall.sign(new_log_key("example.org/other"), LINES),
        KEY.sign(0, bytes(32)),
    ]
    for data in others:
        with pytest.raises(IntegrityError):
            recall.verified(data, KEY.verifier.text)


def test_a_list_is_no_checkpoint() -> None:
    """What a reader of checkpoints makes of a recall list bears no signature of the log."""
    data = recall.sign(KEY, ("aaaa * 2026-03-01",))
    try:
        note = Note.parse(data)
    except IntegrityError:
        return
    assert not KEY.verifier.verifies(note)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(tmp_path: Path) -> None:
    """openssl verifies the signature over all lines before the empty one, with the key of log.vkey, and refuses another body."""
    body, _, rest = recall.sign(KEY, LINES).rpartition(b"\n\n")
    signature = base64.b64decode(rest.decode().split(" ")[2])[4:]
    der = bytes.fromhex("302a300506032b6570032100") + KEY.verifier.public
    for name, data in (("body", body + b"\n"), ("other", body), ("sig", signature), ("pub.der", der)):
        (tmp_path / name).write_bytes(data)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "pub.der",
        "-sigfile",
        "sig",
        "-in",
    ]
    assert subprocess.run([*command, "body"], cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert subprocess.run([*command, "other"], cwd=tmp_path, capture_output=True, check=False).returncode != 0
