"""A wrapped key: an informant's private key and the secret behind their subject id, as an age key file sealed to the holders.

Its comment lines carry what age doesn't know: version, subject id, secret. Small enough to be handled in memory.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samaran.errors import IntegrityError, KeyUnusable
from samaran.vault import age
from samaran.vault.keys import PrivateKey, key_file, new_private_key, parse_key_file
from samaran.vault.seal import open_bytes, seal

_VERSION = "samaran wrapped key v1"
_COMMENTS = re.compile(rf"{_VERSION}\nsid: ([0-9a-f]{{32}})\nsecret: ([0-9a-f]{{64}})\npublic key: age1[0-9a-z]+")
_SID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, repr=False)
class Wrapped:
    """What is in a wrapped key, once open."""

    sid: str
    key: PrivateKey
    secret: bytes

    def __repr__(self) -> str:
        return f"Wrapped({self.sid})"


def sid_of(secret: bytes, origin: str) -> str:
    """The subject id: the first 16 bytes of HMAC-SHA-256(secret, log origin), in hex."""
    return hmac.digest(secret, origin.encode(), hashlib.sha256)[:16].hex()


def new_wrapped(origin: str, *, post_quantum: bool = False) -> Wrapped:
    """A fresh key pair and secret."""
    secret = secrets.token_bytes(32)
    return Wrapped(sid_of(secret, origin), new_private_key(post_quantum=post_quantum), secret)


def wrapped_file(wrapped: Wrapped) -> bytes:
    """What is sealed: an age key file with version, subject id and secret as comments."""
    comments = (_VERSION, f"sid: {wrapped.sid}", f"secret: {wrapped.secret.hex()}")
    return key_file(wrapped.key, comments)


def parse_wrapped(data: bytes, sid: str) -> Wrapped:
    """Read it back. Raises `IntegrityError` when it is not this subject id's."""
    own, comments = parse_key_file(data)
    match = _COMMENTS.fullmatch("\n".join(comments))
    if not match or match[1] != sid:
        raise IntegrityError("A wrapped key is not what its file name says: two were swapped.", "Take another copy of both.")
    return Wrapped(sid, own, bytes.fromhex(match[2]))


def write_wrapped(folder: Path, wrapped: Wrapped, holders: Sequence[str], *, replace: bool = False) -> None:
    """Seal it to the holders as `<sid>.age`, read back and compared as every sealed file."""
    seal(wrapped_file(wrapped), folder / f"{wrapped.sid}.age", holders, replace=replace)


def read_wrapped(folder: Path, sid: str, key: PrivateKey) -> Wrapped:
    """Open `<sid>.age` with a holder's key.

    Raises `KeyUnusable` when it is gone or this key isn't a holder's, `IntegrityError` when it is damaged or another's.
    """
    path = folder / f"{sid}.age"
    if not _SID.fullmatch(sid) or not path.is_file():
        raise KeyUnusable(
            "There is no wrapped key for this subject id.",
            "It was erased by a withdrawal, or wrapped keys lie on another machine.",
        )
    try:
        data = open_bytes(path, [key])
    except age.NoMatch:
        raise KeyUnusable(
            f"Key {key.id} doesn't open this wrapped key, or the wrapped key is damaged.",
            "Take the key of a holder (`samaran keys list`); if it is one, take another copy of the wrapped key.",
        ) from None
    return parse_wrapped(data, sid)
