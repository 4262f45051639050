"""Keys, pools and files that the vault's tests share. All made up on the spot."""

import os
import pty
import time
from pathlib import Path

import pytest

from samaran.vault.keys import PrivateKey, new_private_key, save_private_key
from samaran.vault.pool import new_pool
from samaran.vault.seal import Sealed, seal

ORIGIN = "samaran.test/vault"
PASSPHRASE = "kuda terbang di atas sawah"
CHUNK = 64 * 1024


@pytest.fixture(scope="session")
def pi() -> PrivateKey:
    return new_private_key()


@pytest.fixture(scope="session")
def board() -> PrivateKey:
    return new_private_key()


@pytest.fixture(scope="session")
def locked_file(tmp_path_factory: pytest.TempPathFactory, pi: PrivateKey) -> Path:
    """A key file under PASSPHRASE; scrypt takes a second or two, so it is made once."""
    path = tmp_path_factory.mktemp("locked") / "pi.age"
    save_private_key(pi, path, PASSPHRASE)
    return path


@pytest.fixture
def vault(tmp_path: Path, pi: PrivateKey, board: PrivateKey) -> Path:
    folder = tmp_path / "vault"
    new_pool(folder, 3, [pi.recipient, board.recipient], ORIGIN)
    (folder / "originals").mkdir()
    return folder


@pytest.fixture(scope="session")
def plain() -> bytes:
    """Three chunks of age and a bit, so that there are boundaries to cut at."""
    return bytes(range(256)) * (CHUNK // 256) * 3 + b"penutup"


@pytest.fixture(scope="session")
def sealed_file(tmp_path_factory: pytest.TempPathFactory, pi: PrivateKey, plain: bytes) -> tuple[Path, Sealed]:
    path = tmp_path_factory.mktemp("sealed") / "X.age"
    return path, seal(plain, path, [pi.recipient])


def opened_at_a_terminal(age: str, keys: Path, sealed: Path, out: Path) -> bytes:
    """What age opens with a key file under PASSPHRASE, which it asks for on its terminal."""
    process, terminal = pty.fork()
    if not process:  # pragma: no cover
        os.execv(age, [age, "-d", "-i", str(keys), "-o", str(out), str(sealed)])
    asked = b""
    while b"assphrase" not in asked:
        asked += os.read(terminal, 1000)
    time.sleep(0.1)  # age switches echo off after its question
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert status == 0
    return out.read_bytes()
