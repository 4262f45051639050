"""The passphrase of the working key in the keyring of the operating system, which opens when its user logs in. An extra:
`pip install 'samaran[keyring]'`.

An entry is named by the digest of the locked key file, so it tells no study and no person, and is of no use for another file.
"""

import hashlib
from contextlib import suppress
from types import ModuleType

from samaran.errors import SamaranError, UsageError

_SERVICE = "samaran working key"


def remember(locked: bytes, passphrase: str) -> None:
    """Keep the passphrase of this key file. Raises `UsageError` where there is no keyring that keeps secrets, `SamaranError` when
    it refuses."""
    keyring = _keyring()
    if keyring is None:
        raise UsageError(
            "There is no keyring of the operating system here.",
            "Install the extra (pip install 'samaran[keyring]') and log in at a desktop; or leave --keyring away.",
        )
    try:
        keyring.set_password(_SERVICE, _name(locked), passphrase)
    except keyring.errors.KeyringError:
        raise SamaranError("The keyring of the operating system refused.", "Unlock it, then give the command again.") from None


def recall(locked: bytes) -> str | None:
    """The passphrase of this key file, if it is kept and the keyring can be asked."""
    keyring = _keyring()
    if keyring is None:
        return None
    with suppress(keyring.errors.KeyringError):
        found = keyring.get_password(_SERVICE, _name(locked))
        return None if found is None else str(found)
    return None


def forget(locked: bytes) -> None:
    """Let go of the passphrase of this key file, if it is kept."""
    keyring = _keyring()
    if keyring is not None:
        with suppress(keyring.errors.KeyringError):
            keyring.delete_password(_SERVICE, _name(locked))


def _name(locked: bytes) -> str:
    return hashlib.sha256(locked).hexdigest()[:16]


def _keyring() -> ModuleType | None:
    """The library, where it is installed and has found a keyring that keeps secrets: a file in the clear is none."""
    try:
        import keyring
    except ImportError:
        return None
    return keyring if keyring.core.recommended(keyring.get_keyring()) else None
