"""The board's own signature under a checkpoint: C2SP tlog-cosignature, Ed25519.

A cosignature says: at this time I saw this tree, and it had grown from the last one that I signed. Only `board.inspect` can
know the latter; cosign what it has accepted, nothing else. The key is the board's, used for nothing else, and never here.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samaran.audit.note import Note, check_origin, read_key, write_key
from samaran.errors import KeyUnusable

_COSIGNATURE = b"\x04"
_TIME = 8


@dataclass(frozen=True, slots=True)
class Cosigner:
    """The public half of a cosigner's key."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """First 4 bytes of SHA-256(name, newline, 0x04, key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _COSIGNATURE + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """`name+id+key`, one line."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_COSIGNATURE + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Cosigner":
        """Raises `KeyUnusable` when the text is not a cosigner's public key."""
        name, _, rest = text.strip().partition("+")
        try:
            data = base64.b64decode(rest.partition("+")[2], validate=True)
        except ValueError:
            data = b""
        if len(data) == 33 and data[:1] == _COSIGNATURE:
            key = cls(name, data[1:])
            if key.text == text.strip():
                return key
        raise KeyUnusable("This is not the public key of a cosigner.", "It is one line, name+id+key: copy it again, whole.")

    def signed_at(self, note: Note) -> int | None:
        """When this cosigner signed the note, in seconds since 1970; None when their signature is not there, or false."""
        times = []
        public = Ed25519PublicKey.from_public_bytes(self.public)
        for name, identifier, signature in note.signatures:
            if (name, identifier) != (self.name, self.id):
                continue
            at = int.from_bytes(signature[:_TIME], "big")
            try:
                public.verify(signature[_TIME:], _message(note.body, at))
            except InvalidSignature:
                return None
            times.append(at)
        return max(times, default=None)


@dataclass(frozen=True, slots=True, repr=False)
class CosignerKey:
    """A cosigner's private key. Neither shown nor pickled."""

    name: str
    private: Ed25519PrivateKey = field(compare=False)

    @property
    def cosigner(self) -> Cosigner:
        """The public half."""
        return Cosigner(self.name, self.private.public_key().public_bytes_raw())

    def cosign(self, note: bytes, at: int) -> bytes:
        """The same note with one more signature line. A note that has this cosigner's signature already is left as it is."""
        parsed = Note.parse(note)
        if self.cosigner.signed_at(parsed) is not None:
            return note
        signature = at.to_bytes(_TIME, "big") + self.private.sign(_message(parsed.body, at))
        return note + f"— {self.name} {base64.b64encode(self.cosigner.id + signature).decode()}\n".encode()

    def __repr__(self) -> str:
        return f"CosignerKey({self.cosigner.id.hex()})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a cosigner's key is not pickled")


def new_cosigner(name: str, path: Path) -> Cosigner:
    """Make a key and write its private half to `path`, 0600. Raises `UsageError`: such a file exists, or no name for a key."""
    key = CosignerKey(check_origin(name), Ed25519PrivateKey.generate())
    write_key(path, name, key.cosigner.id, _COSIGNATURE + key.private.private_bytes_raw())
    return key.cosigner


def load_cosigner(path: Path) -> CosignerKey:
    """Read a private key. Raises `KeyUnusable`: missing, unreadable, readable by others, not a cosigner's."""
    name, identifier, data = read_key(path)
    if len(data) == 33 and data[:1] == _COSIGNATURE:
        key = CosignerKey(name, Ed25519PrivateKey.from_private_bytes(data[1:]))
        if key.cosigner.id == identifier:
            return key
    raise KeyUnusable(
        "This is not the key of a cosigner.", "`samaran audit cosigner NAME --out FILE` makes one; a log's key is another."
    )


def _message(body: bytes, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n".encode() + body
