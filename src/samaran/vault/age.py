"""age v1 encryption: the only module that imports pyrage, and the only place where its exceptions are translated.

Everything else in the vault speaks of recipients (`age1...`) and secrets (`AGE-SECRET-KEY-1...`) as text. pyrage reports the same
fault as different exceptions in different functions, and hides a full disk inside an encryption error: see `_translated`.
Post-quantum recipients (`age1pq1...`) and secrets (`AGE-SECRET-KEY-PQ-1...`) are known to `age-plugin-pq`, which pyrage starts
for each file.
"""

import base64
import errno
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import pyrage  # type: ignore[import-untyped]
from cryptography.exceptions import UnsupportedAlgorithm

from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError
from samaran.vault import hybrid, program
from samaran.vault.streams import Writer

MOST_RECIPIENTS = 20
"""Debian's age refuses files with more recipients, its own included."""

MAGIC = b"age-encryption.org/v1\n"
ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"

_MOST_WORK = 22
_POST_QUANTUM = "age1pq1"
_SECRETS = ("AGE-SECRET-KEY-", "AGE-PLUGIN-")
_POST_QUANTUM_LENGTH = 1_959
_NO_MATCH = "No matching keys found"
_WRONG_PASSPHRASE = "Decryption failed"  # noqa: S105


class Reader(Protocol):
    """What is read from while encrypting or decrypting; `error` is what went wrong while reading, if anything did."""

    @property
    def error(self) -> Exception | None: ...

    def read(self, size: int, /) -> bytes: ...


class NoMatch(KeyUnusable):
    """No key given opens the file, or the part of its header that names its readers is damaged: age can't tell these apart."""


def generate(*, post_quantum: bool = False) -> tuple[str, str]:
    """A new key pair: secret and recipient. Raises `SamaranError` where post-quantum keys can't be made."""
    if post_quantum:
        secret = hybrid.generate()
        return secret, recipient_of(secret)
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def canonical(secret: str) -> str:
    """A secret as it is kept in memory: of a post-quantum one the form that age 1.3 reads. Raises `KeyUnusable`."""
    secret = secret.strip().upper()
    return hybrid.native(secret) if _is_hybrid(secret) else str(_identity(secret))


def recipient_of(secret: str) -> str:
    """The recipient that belongs to a secret. Raises `KeyUnusable`, without the secret, when it is none."""
    if not _is_hybrid(secret):
        return str(_identity(secret).to_public())
    try:
        return hybrid.recipient_of(secret)
    except UnsupportedAlgorithm:
        raise SamaranError(
            "The cryptography library here can't handle post-quantum keys: it was built with an OpenSSL older than 3.5.",
            "Install the library's own package: pip install --force-reinstall --only-binary :all: cryptography.",
        ) from None


def is_post_quantum(recipient: str) -> bool:
    """Whether a recipient is a post-quantum one. Raises nothing: it looks at the beginning only."""
    return recipient.startswith(_POST_QUANTUM)


def check_recipients(recipients: Sequence[str]) -> None:
    """Raises `UsageError` unless there are 1 to 20 valid, different recipients of one kind."""
    if not recipients:
        raise UsageError("There is nobody to seal to: the list of recipients is empty.", "Name at least one recipient.")
    if len(recipients) > MOST_RECIPIENTS:
        raise UsageError(
            f"{len(recipients)} recipients are too many: age opens files with at most {MOST_RECIPIENTS}.",
            "Leave some out, or let several people share one key.",
        )
    if len(set(recipients)) != len(recipients):
        raise UsageError("A recipient is named twice.", "Name each recipient once.")
    for recipient in recipients:
        _recipient(recipient)
    if len({is_post_quantum(recipient) for recipient in recipients}) > 1:
        raise UsageError(
            "Post-quantum and classic recipients are never put on one file: the classic one would be the weak place.",
            "Use keys of one kind in a study; `samaran keys list` shows the holders.",
        )


def encrypt(source: Reader, target: Writer, recipients: Sequence[str]) -> None:
    """Encrypt a stream, in constant memory. Raises `UsageError` for bad recipients, whatever reader or writer met."""
    parsed = [_recipient(recipient) for recipient in recipients]
    if not parsed or len(parsed) > MOST_RECIPIENTS + 1:  # one more for the read-back key
        raise ValueError("a file is sealed to 1 to 20 recipients")
    with ExitStack() as stack:
        if is_post_quantum(recipients[0]):
            stack.enter_context(program.at_hand())
            parsed = [pyrage.plugin.RecipientPluginV1("pq", parsed, [], program.Silent())]
        stack.enter_context(_translated(source, target))
        pyrage.encrypt_io(source, target, parsed)


def decrypt(source: Reader, target: Writer, secrets: Sequence[str]) -> None:
    """Decrypt a stream, in constant memory. What reached `target` before an exception is not to be trusted.

    Raises `NoMatch`, `IntegrityError` for a damaged or incomplete file, whatever reader or writer met.
    """
    identities = [_identity(secret) for secret in secrets if not _is_hybrid(secret)]
    hybrids = [pyrage.plugin.Identity.from_str(hybrid.for_plugin(secret)) for secret in secrets if _is_hybrid(secret)]
    with ExitStack() as stack:
        if hybrids:
            stack.enter_context(program.at_hand())
            identities.append(pyrage.plugin.IdentityPluginV1("pq", hybrids, program.Silent()))
        stack.enter_context(_translated(source, target))
        pyrage.decrypt_io(source, target, identities)


def lock(data: bytes, passphrase: str) -> bytes:
    """A small file under a passphrase (age's scrypt), armored so that it survives print and mail."""
    return bytes(pyrage.passphrase.encrypt(data, passphrase, armored=True))


def unlock(data: bytes, passphrase: str) -> bytes:
    """Undo `lock`. Raises `KeyUnusable` for a wrong passphrase or a work factor above 22, `IntegrityError` for a damaged file."""
    if _work_factor(data) > _MOST_WORK:
        raise KeyUnusable(
            "Opening this key file would take too long: somebody chose an unusual work factor.", "Take another copy of the key."
        )
    try:
        return bytes(pyrage.passphrase.decrypt(data, passphrase))
    except pyrage.DecryptError as error:
        if str(error) == _WRONG_PASSPHRASE:
            raise KeyUnusable(
                "The passphrase doesn't open this key file.", "Try again; mind caps lock and the keyboard layout."
            ) from None
    raise IntegrityError("This key file is damaged or cut short.", "Take another copy, or recover from the printed sheet.")


def _work_factor(data: bytes) -> int:
    """The logarithm of scrypt's cost in the header of a file, 0 where there is none. age uses 18; the library's own limit depends
    on how fast the machine is."""
    if data.startswith(ARMOR):
        lines = data.split(b"\n", 12)[1:10]
        text = b"".join(line.strip() for line in lines if not line.startswith(b"-"))
        try:
            data = base64.b64decode(text[: len(text) // 4 * 4])
        except ValueError:
            return 0  # damaged: age says so itself
    match = re.match(rb"age-encryption\.org/v1\n-> scrypt [A-Za-z0-9+/]+ ([0-9]{1,9})\n", data)
    return int(match[1]) if match else 0


def _is_hybrid(secret: str) -> bool:
    """Whether this is a post-quantum secret. Raises `KeyUnusable`, without it, when it looks like one and is none."""
    if not secret.lower().startswith((hybrid.NATIVE, hybrid.PLUGIN)):
        return False
    try:
        hybrid.native(secret)
    except ValueError:
        pass
    else:
        return True
    raise _no_secret()


def _identity(secret: str) -> "pyrage.x25519.Identity":
    try:
        return pyrage.x25519.Identity.from_str(secret)
    except pyrage.IdentityError:
        pass
    raise _no_secret()


def _no_secret() -> KeyUnusable:
    return KeyUnusable(
        "This is not an age secret key.", "A key file holds one line that starts with AGE-SECRET-KEY-1 or AGE-PLUGIN-PQ-1."
    )


def _recipient(recipient: str) -> Any:
    try:
        if not is_post_quantum(recipient):
            return pyrage.x25519.Recipient.from_str(recipient)
        if len(recipient) == _POST_QUANTUM_LENGTH:
            return pyrage.plugin.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        pass
    if recipient.strip().upper().startswith(_SECRETS):
        raise UsageError(
            "This is a private key; a public one is needed, which starts with age1.",
            "Whoever could see it can open with it: use it for nothing, make another, and clear the shell's history.",
        )
    raise UsageError("A recipient is not valid.", "It starts with age1 and has a checksum: copy it again, whole.")


@contextmanager
def _translated(source: Reader, target: Writer) -> Iterator[None]:
    try:
        yield
    except (pyrage.DecryptError, pyrage.EncryptError, OSError) as error:
        cause = source.error or target.error
        if cause is not None:
            raise cause from None
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        if isinstance(error, pyrage.EncryptError):
            raise SamaranError("Encryption failed.", "Nothing was written. Report this as a bug.") from None
        if str(error) == _NO_MATCH:
            raise NoMatch(
                "No key given opens this file, or its header is damaged.",
                "Try the right key first; if it is the right key, the file is damaged: take another copy.",
            ) from None
        raise IntegrityError(
            "This sealed file is damaged or an incomplete copy.",
            "Take another copy, or seal the source again if you still have it.",
        ) from None
