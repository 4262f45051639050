"""Checkpoints as C2SP signed notes: origin, size, root, and the log's Ed25519 signature.

The key is used for nothing else. It is kept as Go's `note` package keeps signing keys, `PRIVATE+KEY+origin+id+...`, and
published as `origin+id+...`.
"""

import base64
import binascii
import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samaran.errors import IntegrityError, KeyUnusable, UsageError

_ED25519 = b"\x01"
_ORIGIN = re.compile(r"[A-Za-z0-9./_-]{1,200}")
_SIGNATURE = re.compile(r"— ([^ +]+) ([A-Za-z0-9+/=]+)")
_MOST_SIGNATURES = 16
_LARGEST = 100_000


def check_origin(origin: str) -> str:
    """Raises `UsageError` unless it can name a log: letters, digits and . / _ - only."""
    if not _ORIGIN.fullmatch(origin):
        raise UsageError(
            "This can't be the origin of a log.", "Use letters, digits and . / _ - only, such as example.org/study-1."
        )
    return origin


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of the log's key: what the board gets on paper."""

    origin: str
    public: bytes

    @property
    def id(self) -> bytes:
        """First 4 bytes of SHA-256(origin, newline, 0x01, key)."""
        return hashlib.sha256(self.origin.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """`origin+id+key`, one line."""
        return f"{self.origin}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Raises `KeyUnusable` when the text is not a verifier key of this kind."""
        origin, _, rest = text.strip().partition("+")
        identifier, _, encoded = rest.partition("+")
        try:
            data = _decode(encoded)
        except ValueError:
            data = b""
        if len(data) == 33 and data[:1] == _ED25519 and _ORIGIN.fullmatch(origin):
            key = cls(origin, data[1:])
            if key.id.hex() == identifier:
                return key
        raise KeyUnusable("This is not the public key of an audit log.", "It is one line, origin+id+key: copy it again, whole.")

    def verifies(self, note: "Note") -> bool:
        """Whether the note bears a signature by this key, and none under its name and id that is false."""
        mine = [signature for origin, identifier, signature in note.signatures if (origin, identifier) == (self.origin, self.id)]
        public = Ed25519PublicKey.from_public_bytes(self.public)
        try:
            for signature in mine:
                public.verify(signature, note.body)
        except InvalidSignature:
            return False
        return bool(mine)


@dataclass(frozen=True, slots=True, repr=False)
class LogKey:
    """The log's private key. Neither shown nor pickled."""

    origin: str
    private: Ed25519PrivateKey = field(compare=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.origin, self.private.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes) -> bytes:
        """The checkpoint for a tree, as a signed note. The same tree gives the same bytes."""
        body = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        signature = base64.b64encode(self.verifier.id + self.private.sign(body)).decode()
        return body + f"\n— {self.origin} {signature}\n".encode()

    def __repr__(self) -> str:
        return f"LogKey({self.verifier.id.hex()})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a log key is not pickled")


@dataclass(frozen=True, slots=True)
class Note:
    """A checkpoint as it stands in a file: parsed, not yet verified."""

    origin: str
    size: int
    root: bytes
    body: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def parse(cls, data: bytes) -> "Note":
        """Raises `IntegrityError` for anything but three lines, an empty one and signatures."""
        note = _parsed(data) if len(data) <= _LARGEST else None
        if note is None:
            raise IntegrityError(
                "This is not a checkpoint of an audit log, or it is damaged.", "Take another copy of the checkpoint."
            )
        return note


def new_log_key(origin: str) -> LogKey:
    """A fresh key for a log of this origin. Raises `UsageError` for an origin that can't be one."""
    return LogKey(check_origin(origin), Ed25519PrivateKey.generate())


def save_log_key(key: LogKey, path: Path) -> None:
    """Write the private key, 0600. Raises `UsageError` when `path` exists."""
    write_key(path, key.origin, key.verifier.id, _ED25519 + key.private.private_bytes_raw())


def write_key(path: Path, name: str, identifier: bytes, data: bytes) -> None:
    """A signing key as Go's `note` package writes it, 0600. Raises `UsageError` when `path` exists."""
    text = f"PRIVATE+KEY+{name}+{identifier.hex()}+{base64.b64encode(data).decode()}\n"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise UsageError(
            "There is a key of that name already.", "A log keeps its key for life; nothing was overwritten."
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def load_log_key(path: Path) -> LogKey:
    """Read a private key. Raises `KeyUnusable`: missing, unreadable, readable by others, not a log key."""
    name, identifier, data = read_key(path)
    if len(data) == 33 and data[:1] == _ED25519:
        key = LogKey(name, Ed25519PrivateKey.from_private_bytes(data[1:]))
        if key.verifier.id == identifier:
            return key
    raise KeyUnusable("This is not the key of an audit log.", "It is one line that starts with PRIVATE+KEY+.")


def read_key(path: Path) -> tuple[str, bytes, bytes]:
    """Name, id and data of a signing key. Raises `KeyUnusable`: missing, unreadable, readable by others. Without data: no such
    key."""
    try:
        with path.open("rb") as file:
            status, text = os.fstat(file.fileno()), file.read(_LARGEST).decode("ascii", "replace")
    except FileNotFoundError:
        raise KeyUnusable(
            "The log key is missing.", "Check the path; entries are still written, checkpoints have to wait."
        ) from None
    except OSError:
        raise KeyUnusable("The log key can't be read.", "Check who owns it and its permissions.") from None
    if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
        raise KeyUnusable("The log key can be read by others on this machine.", "Run `chmod 600` on it.")
    match = re.fullmatch(r"PRIVATE\+KEY\+([^+ \n]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", text)
    try:
        return (match[1], bytes.fromhex(match[2]), _decode(match[3])) if match else ("", b"", b"")
    except ValueError:
        return ("", b"", b"")


def decode_hash(text: str) -> bytes:
    """A SHA-256 hash from strict base64. Raises `ValueError`."""
    data = _decode(text)
    if len(data) != 32:
        raise ValueError("not a SHA-256 hash")
    return data


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if base64.b64encode(data).decode() != text:
        raise ValueError("not canonical base64")
    return data


def _parsed(data: bytes) -> Note | None:
    body, gap, rest = data.rpartition(b"\n\n")
    try:
        lines, signed = (body + b"\n").decode().split("\n"), rest.decode().split("\n")
        if not gap or len(lines) != 4 or signed.pop() or not 1 <= len(signed) <= _MOST_SIGNATURES:
            return None
        origin, size, root = lines[0], int(lines[1]), decode_hash(lines[2])
        signatures = [_signature(line) for line in signed]
    except ValueError:
        return None
    if not _ORIGIN.fullmatch(origin) or str(size) != lines[1] or size < 0 or None in signatures:
        return None
    return Note(origin, size, root, body + b"\n", tuple(signature for signature in signatures if signature))


def _signature(line: str) -> tuple[str, bytes, bytes] | None:
    match = _SIGNATURE.fullmatch(line)
    data = _decode(match[2]) if match else b""
    return (match[1], data[:4], data[4:]) if match and len(data) > 4 else None
