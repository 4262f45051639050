"""The working key's passphrase in the keyring of the operating system, with a keyring of our own in its place."""

import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from samaran.errors import KeyUnusable, SamaranError, UsageError
from samaran.vault import age
from samaran.vault.keys import PassphraseNeeded, key_file
from samaran.vault.remembered import forget, recall, remember
from samaran.vault.working import load_working_key, new_working_key


class Pocket(KeyringBackend):
    """A keyring in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


class Locked(Pocket):
    """A keyring whose user did not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class InTheClear(Pocket):
    """A keyring that is a plain file, as some are."""

    priority = 0.5  # type: ignore[assignment]


@pytest.fixture
def pocket() -> Iterator[Pocket]:
    before, mine = keyring.get_keyring(), Pocket()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_a_passphrase_is_kept_for_one_file(pocket: Pocket) -> None:
    """What was remembered comes back for that file and for no other, under a name that tells nothing, until it is forgotten."""
    remember(b"file one", "cilok pedas")
    assert recall(b"file one") == "cilok pedas"
    assert recall(b"file two") is None
    ((service, name),) = pocket.kept
    assert (service, len(name)) == ("samaran working key", 16)
    forget(b"file one")
    forget(b"file one")
    assert pocket.kept == {}


def test_the_keyring_opens_the_working_key(pocket: Pocket, tmp_path: Path) -> None:
    """A locked working key opens with the kept passphrase; a given one goes first; a replaced file is asked for."""
    key, path = new_working_key(), tmp_path / "working.key"
    locked = age.lock(key_file(key.key), "cilok pedas")
    path.write_bytes(locked)
    path.chmod(0o600)
    with pytest.raises(PassphraseNeeded):
        load_working_key(path, environ={})
    remember(locked, "cilok pedas")
    assert load_working_key(path, environ={}) == key
    with pytest.raises(KeyUnusable, match="passphrase doesn't open"):
        load_working_key(path, environ={"SAMARAN_WORKING_PASSPHRASE": "cilok manis"})
    path.write_bytes(age.lock(key_file(key.key), "lain"))
    with pytest.raises(PassphraseNeeded):
        load_working_key(path, environ={})


def test_a_keyring_that_is_locked(pocket: Pocket) -> None:
    """A locked keyring keeps nothing, says so, and stops no command that can ask for the passphrase."""
    keyring.set_keyring(Locked())
    with pytest.raises(SamaranError, match="refused"):
        remember(b"file", "cilok pedas")
    assert recall(b"file") is None
    forget(b"file")


def test_no_keyring_that_keeps_secrets(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a file in the clear nor a missing library counts as a keyring."""
    plain = InTheClear()
    keyring.set_keyring(plain)
    with pytest.raises(UsageError, match="no keyring of the operating system"):
        remember(b"file", "cilok pedas")
    assert plain.kept == {}
    assert recall(b"file") is None
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError, match="no keyring of the operating system"):
        remember(b"file", "cilok pedas")
    assert recall(b"file") is None
