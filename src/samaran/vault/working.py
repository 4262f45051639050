"""The study's working key: what the register is sealed to, and what keyed digests of the study are made with.

It opens no original. It lies in a file that only its user can read, or where SAMARAN_WORKING_KEY says; losing it loses the
register, never an original.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from samaran.vault.keys import (
    PassphraseNeeded,
    PrivateKey,
    key_file,
    load_private_key,
    new_private_key,
    parse_key_file,
    read_private,
    save_private_key,
)
from samaran.vault.remembered import recall
from samaran.vault.seal import open_bytes, seal

PLACE = "SAMARAN_WORKING_KEY"
"""Environment variable that may hold the path of the working key's file."""

PASSPHRASE = "SAMARAN_WORKING_PASSPHRASE"  # noqa: S105
"""Environment variable that may hold its passphrase, for unattended runs."""

_DOMAIN = "samaran working key v1: "


@dataclass(frozen=True, slots=True, repr=False)
class WorkingKey:
    """An age key and the secrets derived from it, one per purpose. Neither shown nor pickled."""

    key: PrivateKey

    @property
    def recipient(self) -> str:
        """What the register is sealed to."""
        return self.key.recipient

    @property
    def id(self) -> str:
        """The key id, as of any private key."""
        return self.key.id

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose; those of different purposes tell nothing about each other."""
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=(_DOMAIN + purpose).encode())
        return kdf.derive(self.key.secret.encode("ascii"))

    def hmac(self, purpose: str, data: bytes) -> bytes:
        """A keyed digest of 32 bytes: the same data gives another one under another purpose or in another study."""
        return hmac.digest(self.derive(purpose), data, hashlib.sha256)

    def __repr__(self) -> str:
        return f"WorkingKey({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a working key is not pickled")


def new_working_key() -> WorkingKey:
    """A fresh working key."""
    return WorkingKey(new_private_key())


def save_working_key(key: WorkingKey, path: Path, passphrase: str | None = None) -> None:
    """Write it as an age key file, 0600. Raises `UsageError` when `path` exists."""
    save_private_key(key.key, path, passphrase)


def load_working_key(path: Path, passphrase: str | None = None, environ: Mapping[str, str] = os.environ) -> WorkingKey:
    """Read it from where SAMARAN_WORKING_KEY says, else from `path`; the passphrase, if none is given, from
    SAMARAN_WORKING_PASSPHRASE, else from the keyring of the operating system. Raises as `load_private_key` does."""
    place = Path(environ.get(PLACE) or path)
    try:
        return WorkingKey(load_private_key(place, passphrase or environ.get(PASSPHRASE) or None))
    except PassphraseNeeded:
        kept = recall(read_private(place))
        if kept is None:
            raise
    return WorkingKey(load_private_key(place, kept))


def escrow_working_key(key: WorkingKey, path: Path, holders: Sequence[str]) -> None:
    """Seal it to the holders, in place of an older copy: with it the register comes back when the working key is lost."""
    seal(key_file(key.key), path, holders, replace=True)


def recover_working_key(path: Path, key: PrivateKey) -> WorkingKey:
    """The working key from that copy, with a holder's key. Raises as `open_bytes` does."""
    return WorkingKey(parse_key_file(open_bytes(path, [key]))[0])
