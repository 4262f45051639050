"""Private keys: made, kept in age key files, and loaded again. Debian's `age` opens and makes the same files."""

import hashlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from samaran.errors import IntegrityError, KeyUnusable
from samaran.vault import age, disk, hybrid

_PREFIXES = ("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "AGE-PLUGIN-PQ-1")
_NATIVE = "age 1.3 and later: "
_LARGEST = 1 << 20


class PassphraseNeeded(KeyUnusable):
    """The key file is under a passphrase and none was given: ask for it and try again."""


def key_id(recipient: str) -> str:
    """How a key is named in logs and lists: the first 16 hex digits of the SHA-256 of its recipient."""
    return hashlib.sha256(recipient.encode("ascii")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """An age private key in memory. It never shows its secret by itself, and can't be pickled into another place."""

    recipient: str
    secret: str = field(compare=False)

    def __post_init__(self) -> None:
        if age.recipient_of(self.secret) != self.recipient:
            raise KeyUnusable("The two halves of this key don't belong together.", "Take another copy of the key file.")

    @property
    def id(self) -> str:
        """See `key_id`."""
        return key_id(self.recipient)

    @property
    def forms(self) -> tuple[str, ...]:
        """The secret as programs read it: one text, or of a post-quantum key that of age 1.3 and that of older ones."""
        return (self.secret, hybrid.for_plugin(self.secret)) if age.is_post_quantum(self.recipient) else (self.secret,)

    def __repr__(self) -> str:
        return f"PrivateKey({self.id})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")


def new_private_key(*, post_quantum: bool = False) -> PrivateKey:
    """A fresh key pair from the system's random source: X25519, or that with ML-KEM-768."""
    secret, recipient = age.generate(post_quantum=post_quantum)
    return PrivateKey(recipient, secret)


def private_key(secret: str) -> PrivateKey:
    """The key of an `AGE-SECRET-KEY-1...`, `AGE-SECRET-KEY-PQ-1...` or `AGE-PLUGIN-PQ-1...` text. Raises `KeyUnusable`."""
    secret = age.canonical(secret)
    return PrivateKey(age.recipient_of(secret), secret)


def key_file(key: PrivateKey, comments: tuple[str, ...] = ()) -> bytes:
    """The text of an age key file, as `age-keygen` writes it. A post-quantum secret stands there as every age reads it that finds
    `age-plugin-pq`, and in a comment as age 1.3 reads it by itself."""
    lines = [f"# {comment}" for comment in (*comments, f"public key: {key.recipient}")]
    forms = key.forms
    lines += [f"# {_NATIVE}{form}" for form in forms[:-1]]
    return "\n".join([*lines, forms[-1], ""]).encode("ascii")


def parse_key_file(data: bytes) -> tuple[PrivateKey, tuple[str, ...]]:
    """The one key of an age key file and the comments before it. Raises `KeyUnusable` when it is not a key file.

    Blanks around lines, line ends of Windows and a byte order mark are passed over: editors leave them."""
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        lines = []
    secrets = [line for line in lines if line.startswith(_PREFIXES)]
    if not secrets and any(line.startswith("age1") for line in lines):
        raise KeyUnusable("This file holds a public key; a private one is needed.", f"It starts with {_PREFIXES[0]}.")
    if len(secrets) != 1 or any(line and not line.startswith(("#", *_PREFIXES)) for line in lines):
        raise KeyUnusable("This is not a key file with one age key.", f"It holds one line that starts with {_PREFIXES[0]}.")
    key = private_key(secrets[0])
    comments = tuple(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    own = {"public key: ": key.recipient, _NATIVE: key.secret}
    if any(comment.startswith(head) and comment != head + text for comment in comments for head, text in own.items()):
        raise IntegrityError("This key file names a public key that isn't the key's own.", "Take another copy of the key file.")
    return key, tuple(comment for comment in comments if not comment.startswith(_NATIVE))


def save_private_key(key: PrivateKey, path: Path, passphrase: str | None) -> None:
    """Write a new key file, 0600, under the passphrase if there is one. Raises `UsageError` when `path` exists."""
    if passphrase == "":
        raise KeyUnusable("An empty passphrase protects nothing.", "Type a passphrase, or choose a key file without one.")
    data = key_file(key)
    with disk.appearing(path) as file:
        file.write(data if passphrase is None else age.lock(data, passphrase))


def load_private_key(path: Path, passphrase: str | None) -> PrivateKey:
    """Read a key file. Raises `KeyUnusable`: missing, unreadable, readable by others, wrong passphrase, not a key file.

    Its subclass `PassphraseNeeded` says that a passphrase is needed and none was given. `IntegrityError`: the file is damaged.
    """
    data = read_private(path)
    if data.startswith((age.MAGIC, age.ARMOR)):
        if passphrase is None:
            raise PassphraseNeeded("This key file is under a passphrase.", "Type the passphrase when asked for it.")
        data = age.unlock(data, passphrase)
    return parse_key_file(data)[0]


def read_private(path: Path) -> bytes:
    """The bytes of a file that nobody else can read. Raises `KeyUnusable`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyUnusable("The key file is missing.", "Check the path; a key may lie on a stick that isn't plugged in.") from None
    except OSError:
        raise KeyUnusable("The key file can't be read.", "Check who owns it and its permissions.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise KeyUnusable("This is a folder or a device, not a key file.", "Give the path of the key file itself.")
        if status.st_mode & 0o077:
            raise KeyUnusable(
                "The key file can be read by others on this machine.",
                "Run `chmod 600` on it, and think about who may have read it.",
            )
        return os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)
