"""Checkpoints and the log's key."""

import os
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from samaran.audit.note import LogKey, Note, VerifierKey, load_log_key, new_log_key, save_log_key
from samaran.errors import IntegrityError, KeyUnusable, UsageError

ORIGIN = "samaran.test/audit"
ROOT = bytes(range(32))


def test_signed_note() -> None:
    """A checkpoint is three lines, an empty one and one signature line, and it verifies under the key's public half."""
    key = new_log_key(ORIGIN)
    data = key.sign(5, ROOT)
    lines = data.decode().split("\n")
    assert lines[:4] == [ORIGIN, "5", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]
    note = Note.parse(data)
    assert (note.origin, note.size, note.root) == (ORIGIN, 5, ROOT)
    assert key.verifier.verifies(note)
    assert key.sign(5, ROOT) == data


def test_known_answer() -> None:
    """Key id, public key and signature are frozen: the same seed gives the same bytes for ever."""
    key = LogKey("samaran.test/vector", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert key.verifier.text == "samaran.test/vector+fa884fc4+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    signature = "+ohPxMmiiOONMRC8m2nv+ExTf5xD429R4U6I/kMYy33T+1TYYzEe4+74xmoVKS2MttSc8cjija7VMHnjHrd10J84DQk="
    root = "A" * 43 + "="
    assert key.sign(0, bytes(32)).decode() == f"samaran.test/vector\n0\n{root}\n\n— samaran.test/vector {signature}\n"


def test_signature_must_be_true() -> None:
    """A changed size, root, origin or signature, and a signature by another key, don't verify."""
    key, other = new_log_key(ORIGIN), new_log_key(ORIGIN)
    data = key.sign(5, ROOT)
    for bad in (
        data.replace(b"\n5\n", b"\n6\n"),
        data.replace(b"AAEC", b"AAED"),
        data.replace(ORIGIN.encode(), b"samaran.test/other", 1),
        other.sign(5, ROOT),
    ):
        assert not key.verifier.verifies(Note.parse(bad))
    body, _, line = data.decode().rpartition(" ")
    flipped = line[:20] + ("A" if line[20] != "A" else "B") + line[21:]
    assert not key.verifier.verifies(Note.parse(f"{body} {flipped}".encode()))


def test_cosignatures() -> None:
    """Signature lines of keys that we don't know are skipped; a false one under the log's name and id spoils the note."""
    key = new_log_key(ORIGIN)
    data = key.sign(5, ROOT)
    cosigned = data + b"\xe2\x80\x94 board.example AAAAAAAA\n"
    assert key.verifier.verifies(Note.parse(cosigned))
    true = data.split(b"\n")[4]
    false = true[:-8] + b"AAAAAAA="
    assert not key.verifier.verifies(Note.parse(data + false + b"\n"))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: b"",
        lambda d: d[:-1],
        lambda d: d + b"\n",
        lambda d: d.replace(b"\n\n", b"\n"),
        lambda d: d.replace(b"\n\n", b"\nextension\n\n"),
        lambda d: d.replace(b"\n5\n", b"\n05\n"),
        lambda d: d.replace(b"\n5\n", b"\n-5\n"),
        lambda d: d.replace(b"\n5\n", b"\nfive\n"),
        lambda d: d.replace(b"\n5\n", "\n\u0665\n".encode()),
        lambda d: d.replace(b"AAEC", b"AAE"),
        lambda d: d.replace(b"Hh8=", b"Hh9="),
        lambda d: d.replace(b"\xe2\x80\x94", b"-"),
        lambda d: d.replace(b"\n\n", b"\n\n\n"),
        lambda d: d.replace(b"audit\n", b"audit+1\n", 1),
        lambda d: d.replace(b"samaran", b"sama ran", 1),
        lambda d: d[: d.index(b"\n\n") + 2],
        lambda d: d + b"\xe2\x80\x94 board.example !!!!\n",
        lambda d: d + b"\xe2\x80\x94 board.example AAAA\n",
        lambda d: d + b"\xff",
        lambda d: d + d.split(b"\n")[4] * 3000,
    ],
)
def test_not_a_checkpoint(change) -> None:  # type: ignore[no-untyped-def]
    """Anything but the exact form is no checkpoint."""
    data = new_log_key(ORIGIN).sign(5, ROOT)
    with pytest.raises(IntegrityError, match="not a checkpoint"):
        Note.parse(change(data))


def test_verifier_key_text() -> None:
    """The public key reads back from its line, spaces around it forgiven, and nothing else does."""
    key = new_log_key(ORIGIN).verifier
    assert VerifierKey.parse(f" {key.text}\n") == key
    for bad in ("", ORIGIN, key.text[:-4], key.text.replace("samaran", "other"), key.text.replace("+", " "), key.text + "x"):
        with pytest.raises(KeyUnusable):
            VerifierKey.parse(bad)


def test_key_file(tmp_path: Path) -> None:
    """The private key is kept in a file of its owner's, loads as the same key, and overwrites nothing."""
    key, path = new_log_key(ORIGIN), tmp_path / "log.key"
    old = os.umask(0)
    try:
        save_log_key(key, path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_log_key(path).verifier == key.verifier
    with pytest.raises(UsageError):
        save_log_key(key, path)
    path.chmod(0o640)
    with pytest.raises(KeyUnusable, match="by others"):
        load_log_key(path)


def test_bad_key_files(tmp_path: Path) -> None:
    """A missing file, a folder and a file without a key are refused, without their content."""
    with pytest.raises(KeyUnusable, match="missing"):
        load_log_key(tmp_path / "none")
    with pytest.raises(KeyUnusable):
        load_log_key(tmp_path)
    path = tmp_path / "log.key"
    save_log_key(new_log_key(ORIGIN), path)
    text = path.read_text()
    for bad in ("", "rahasia", text[:-9], text.replace("audit", "other"), text.replace("PRIVATE", "PUBLIC")):
        path.write_text(bad)
        with pytest.raises(KeyUnusable, match="not the key") as caught:
            load_log_key(path)
        assert text.strip()[-20:] not in str(caught.value) + caught.value.hint


def test_shows_no_secret() -> None:
    """The private key is neither shown nor pickled."""
    key = new_log_key(ORIGIN)
    assert repr(key) == f"LogKey({key.verifier.id.hex()})"
    with pytest.raises(TypeError):
        pickle.dumps(key)


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "Bandung,1", "a\nb", "é", "x" * 201])
def test_origins(origin: str) -> None:
    """An origin that would break the note's lines is refused."""
    with pytest.raises(UsageError):
        new_log_key(origin)
