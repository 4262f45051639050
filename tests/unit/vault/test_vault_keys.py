"""Private keys, key files and the working key."""

import copy
import errno
import hashlib
import itertools
import os
import pickle
import stat
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError
from samaran.vault import disk
from samaran.vault.keys import (
    PassphraseNeeded,
    PrivateKey,
    key_file,
    load_private_key,
    new_private_key,
    parse_key_file,
    private_key,
    save_private_key,
)
from samaran.vault.sheet import Sheet, write_sheet
from samaran.vault.working import PLACE, load_working_key, new_working_key, save_working_key
from tests.unit.vault.conftest import PASSPHRASE


def test_key_id(pi: PrivateKey) -> None:
    """A key's id is the beginning of the SHA-256 of its recipient."""
    assert pi.id == hashlib.sha256(pi.recipient.encode()).hexdigest()[:16]


def test_shows_no_secret(pi: PrivateKey) -> None:
    """Neither repr, str, pickle nor copy of a key gives its secret away."""
    assert pi.secret not in repr(pi) + str(pi) + f"{[pi]}"
    for spill in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            spill(pi)
    with pytest.raises(TypeError):
        pickle.dumps(new_working_key())


def test_halves_belong_together(pi: PrivateKey, board: PrivateKey) -> None:
    """A key can't be put together from halves of two keys."""
    with pytest.raises(KeyUnusable):
        PrivateKey(pi.recipient, board.secret)


def test_saved_and_loaded(tmp_path: Path, pi: PrivateKey) -> None:
    """A saved key loads as the same key, from a file that only its owner can read."""
    path = tmp_path / "pi.txt"
    old = os.umask(0)
    try:
        save_private_key(pi, path, None)
    finally:
        os.umask(old)
    assert load_private_key(path, None).secret == pi.secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"# public key: {pi.recipient}" in path.read_text().splitlines()
    assert list(tmp_path.iterdir()) == [path]


def test_saving_overwrites_nothing(tmp_path: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """A key file that is there stays as it is."""
    path = tmp_path / "pi.txt"
    save_private_key(pi, path, None)
    with pytest.raises(UsageError):
        save_private_key(board, path, None)
    assert load_private_key(path, None) == pi


def test_passphrase(locked_file: Path, pi: PrivateKey) -> None:
    """A key file under a passphrase opens with it, and says so when none is given."""
    assert pi.secret.encode() not in locked_file.read_bytes()
    with pytest.raises(PassphraseNeeded):
        load_private_key(locked_file, None)
    assert load_private_key(locked_file, PASSPHRASE).secret == pi.secret


def test_wrong_passphrase(locked_file: Path) -> None:
    """A wrong passphrase is told apart from a missing one and from a damaged file."""
    with pytest.raises(KeyUnusable, match="passphrase doesn't open") as caught:
        load_private_key(locked_file, "kuda")
    assert not isinstance(caught.value, PassphraseNeeded)


def test_damaged_passphrase_file(locked_file: Path, tmp_path: Path) -> None:
    """A key file that is cut short is named as damaged, not as a wrong passphrase."""
    path = tmp_path / "cut.age"
    path.write_bytes(locked_file.read_bytes()[:-60])
    path.chmod(0o600)
    with pytest.raises(IntegrityError, match="damaged or cut short"):
        load_private_key(path, PASSPHRASE)


def test_empty_passphrase(tmp_path: Path, pi: PrivateKey) -> None:
    """An empty passphrase is refused instead of taken for protection."""
    with pytest.raises(KeyUnusable):
        save_private_key(pi, tmp_path / "pi.age", "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a key file"),
        (b"rahasia", "not a key file"),
        (b"\xff\xfe\x00", "not a key file"),
        (b"AGE-SECRET-KEY-1QQQQ\n", "not an age secret key"),
    ],
)
def test_not_a_key_file(tmp_path: Path, content: bytes, words: str) -> None:
    """Files that hold no key are named as such, without their content."""
    path = tmp_path / "x"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyUnusable, match=words) as caught:
        load_private_key(path, None)
    assert "QQQQ" not in f"{caught.value}{caught.value.hint}"


def test_two_keys_in_a_file(pi: PrivateKey, board: PrivateKey) -> None:
    """A file with two keys is refused: nobody knows which is meant."""
    with pytest.raises(KeyUnusable):
        parse_key_file(key_file(pi) + key_file(board))


def test_other_public_key(pi: PrivateKey, board: PrivateKey) -> None:
    """A key file whose comment names another public key was mixed up."""
    with pytest.raises(IntegrityError):
        parse_key_file(key_file(pi).replace(pi.recipient.encode(), board.recipient.encode()))


def test_missing_and_folder(tmp_path: Path) -> None:
    """A missing key file and a folder in its place are two messages."""
    with pytest.raises(KeyUnusable, match="missing"):
        load_private_key(tmp_path / "none", None)
    with pytest.raises(KeyUnusable, match="folder"):
        load_private_key(tmp_path, None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_readable_by_others(tmp_path: Path, pi: PrivateKey, mode: int) -> None:
    """A key file with any right for group or others is refused."""
    path = tmp_path / "pi.txt"
    save_private_key(pi, path, None)
    path.chmod(mode)
    with pytest.raises(KeyUnusable, match="by others"):
        load_private_key(path, None)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_unreadable(tmp_path: Path, pi: PrivateKey) -> None:
    """A key file without rights is unreadable, not missing."""
    path = tmp_path / "pi.txt"
    save_private_key(pi, path, None)
    path.chmod(0)
    with pytest.raises(KeyUnusable, match="can't be read"):
        load_private_key(path, None)


def test_secret_as_typed(pi: PrivateKey) -> None:
    """A secret copied from paper may have been typed in small letters."""
    assert private_key(f" {pi.secret.lower()}\n").secret == pi.secret


def test_working_key_digests() -> None:
    """Keyed digests differ by purpose, by data and by key, and come back the same after a reload of the key."""
    key = new_working_key()
    again = type(key)(private_key(key.key.secret))
    assert key.hmac("a", b"x") == again.hmac("a", b"x")
    assert len({key.hmac("a", b"x"), key.hmac("b", b"x"), key.hmac("a", b"y"), new_working_key().hmac("a", b"x")}) == 4
    assert len(key.hmac("a", b"x")) == len(key.derive("a")) == 32


def test_working_key_known_answer() -> None:
    """The derivation is frozen: HKDF-SHA-256 over the secret's text, then HMAC-SHA-256."""
    import hmac

    key = new_working_key()
    extracted = hmac.digest(bytes(32), key.key.secret.encode(), "sha256")
    expanded = hmac.digest(extracted, b"samaran working key v1: link\x01", "sha256")
    assert key.derive("link") == expanded
    assert key.hmac("link", b"x") == hmac.digest(expanded, b"x", "sha256")


def test_working_key_place(tmp_path: Path) -> None:
    """The environment variable goes before the usual place."""
    usual, other = new_working_key(), new_working_key()
    save_working_key(usual, tmp_path / "usual")
    save_working_key(other, tmp_path / "other")
    assert load_working_key(tmp_path / "usual", environ={}) == usual
    assert load_working_key(tmp_path / "usual", environ={PLACE: ""}) == usual
    assert load_working_key(tmp_path / "usual", environ={PLACE: str(tmp_path / "other")}) == other
    assert other.id in repr(other)


def test_new_keys_differ() -> None:
    """No two new keys are the same."""
    assert new_private_key() != new_private_key()


@pytest.mark.parametrize("full_at", [1, 2])
def test_a_full_disk_leaves_no_recovery_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full_at: int) -> None:
    """Whichever of the two files the disk has no room for, neither is there: each holds the private key in the clear."""
    settle, calls = disk.settle, itertools.count(1)

    def filling(file: BinaryIO) -> None:
        if next(calls) == full_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        settle(file)

    monkeypatch.setattr(disk, "settle", filling)
    with pytest.raises(SamaranError, match="disk is full"):
        write_sheet(new_private_key(), Sheet("demo", "pi", date(2026, 5, 2)), tmp_path / "sheet")
    assert list(tmp_path.iterdir()) == []
