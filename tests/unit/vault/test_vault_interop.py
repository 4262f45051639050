"""Debian's age reads what the vault writes, and the other way round."""

import shutil
import subprocess
from pathlib import Path

import pytest

from samaran.vault.keys import PrivateKey, load_private_key, new_private_key, save_private_key
from samaran.vault.pool import read_pool, unwrap
from samaran.vault.seal import open_bytes, seal
from tests.unit.vault.conftest import opened_at_a_terminal

AGE = shutil.which("age") or ""
KEYGEN = shutil.which("age-keygen") or ""
pytestmark = pytest.mark.skipif(not AGE, reason="Debian's age is not installed (apt install age): interoperability NOT tested")


def _run(*command: str | Path, data: bytes = b"") -> bytes:
    return subprocess.run([str(part) for part in command], input=data, capture_output=True, check=True).stdout


@pytest.mark.parametrize("who", ["pi", "board"])
def test_two_commands_open_an_original(
    vault: Path, plain: bytes, pi: PrivateKey, board: PrivateKey, who: str, tmp_path: Path
) -> None:
    """The two commands of the manual open an original, through the PI's key and through the board's."""
    pair = read_pool(vault)[1]
    seal(plain, vault / "originals" / "X.age", [pair.recipient])
    save_private_key({"pi": pi, "board": board}[who], tmp_path / "key.txt", None)
    command = f"age -d -i key.txt vault/keys/{pair.sid}.age | age -d -i - vault/originals/X.age"
    assert subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=True).stdout == plain


def test_age_seals_we_open(tmp_path: Path, plain: bytes, pi: PrivateKey, board: PrivateKey) -> None:
    """A file sealed with age to two recipients opens with each of our keys."""
    (tmp_path / "X.age").write_bytes(_run(AGE, "-r", pi.recipient, "-r", board.recipient, data=plain))
    assert open_bytes(tmp_path / "X.age", [pi]) == open_bytes(tmp_path / "X.age", [board]) == plain


def test_armored_file(tmp_path: Path, pi: PrivateKey) -> None:
    """A file that somebody armored with age opens as well."""
    (tmp_path / "X.age").write_bytes(_run(AGE, "-a", "-r", pi.recipient, data=b"halo"))
    assert open_bytes(tmp_path / "X.age", [pi]) == b"halo"


def test_twenty_recipients(tmp_path: Path) -> None:
    """age opens a file with as many recipients as the vault allows, and the read-back key on top."""
    keys = [new_private_key() for _ in range(20)]
    seal(b"x", tmp_path / "X.age", [key.recipient for key in keys[1:]])
    save_private_key(keys[-1], tmp_path / "key.txt", None)
    assert _run(AGE, "-d", "-i", tmp_path / "key.txt", tmp_path / "X.age") == b"x"


def test_nested_pair(tmp_path: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """Two halves of a board: nested files opened one after the other, each by either program."""
    inner = _run(AGE, "-r", board.recipient, data=b"berdua")
    seal(inner, tmp_path / "outer.age", [pi.recipient])
    (tmp_path / "inner.age").write_bytes(open_bytes(tmp_path / "outer.age", [pi]))
    assert open_bytes(tmp_path / "inner.age", [board]) == b"berdua"


@pytest.mark.skipif(not KEYGEN, reason="age-keygen is not installed: its key files NOT tested")
def test_keygen_files(tmp_path: Path) -> None:
    """A key file made by age-keygen loads, and age-keygen reads the recipient from ours."""
    (tmp_path / "key.txt").write_bytes(_run(KEYGEN))
    (tmp_path / "key.txt").chmod(0o600)
    key = load_private_key(tmp_path / "key.txt", None)
    save_private_key(key, tmp_path / "ours.txt", None)
    assert _run(KEYGEN, "-y", tmp_path / "ours.txt").decode().strip() == key.recipient


def test_age_opens_a_wrapped_key(vault: Path, pi: PrivateKey, tmp_path: Path) -> None:
    """A wrapped key, opened by age, is a key file that loads."""
    pair = read_pool(vault)[0]
    save_private_key(pi, tmp_path / "pi.txt", None)
    (tmp_path / "own.txt").write_bytes(_run(AGE, "-d", "-i", tmp_path / "pi.txt", vault / "keys" / f"{pair.sid}.age"))
    (tmp_path / "own.txt").chmod(0o600)
    assert load_private_key(tmp_path / "own.txt", None) == unwrap(vault, pair.sid, pi)


def test_age_opens_with_a_passphrase_file(tmp_path: Path, locked_file: Path, pi: PrivateKey) -> None:
    """age asks on its terminal for the passphrase of our key file, and opens with it."""
    seal(b"lewat kata sandi", tmp_path / "X.age", [pi.recipient])
    assert opened_at_a_terminal(AGE, locked_file, tmp_path / "X.age", tmp_path / "out") == b"lewat kata sandi"
