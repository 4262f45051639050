"""Looking at a sealed file without writing what is in it."""

from contextlib import ExitStack, closing
from pathlib import Path

from samaran.errors import IntegrityError
from samaran.vault import age
from samaran.vault.keys import PrivateKey
from samaran.vault.seal import Sealed
from samaran.vault.streams import HashingReader, HashingSink


def measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a sealed file as it lies there. Raises `IntegrityError` when it is missing."""
    try:
        with path.open("rb") as file, closing(HashingReader(file)) as cipher:
            cipher.drain()
            return cipher.size, cipher.sha256
    except FileNotFoundError:
        raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None


def read_through(path: Path, key: PrivateKey) -> Sealed:
    """Decrypt to the end into a hash, in constant memory. Raises `KeyUnusable` or `IntegrityError` as opening does."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
        except FileNotFoundError:
            raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None
        cipher, sink = stack.enter_context(closing(HashingReader(file))), stack.enter_context(closing(HashingSink()))
        age.decrypt(cipher, sink, [key.secret])
        cipher.drain()
        return Sealed(cipher.size, cipher.sha256, sink.size, sink.sha256)
