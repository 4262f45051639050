"""Looking at a sealed file without writing what is in it."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from samaran.errors import IntegrityError
from samaran.vault import age
from samaran.vault.keys import PrivateKey
from samaran.vault.pack import ENDING, Unpacking
from samaran.vault.streams import HashingReader, HashingSink


@dataclass(frozen=True, slots=True)
class Seen:
    """A sealed file that was decrypted to its end: SHA-256 of the ciphertext, of the plaintext, and of each source in a pack. The
    last two would confirm a suspected text: they stay in memory."""

    sha256: str
    plain_sha256: str = field(repr=False)
    members: Mapping[str, str] = field(repr=False)

    def content(self, source_id: str) -> str:
        """SHA-256 of a source in it, of the whole where it is no pack; empty where it isn't in it."""
        return self.members.get(source_id, "") if self.members else self.plain_sha256


def measure(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a sealed file as it lies there. Raises `IntegrityError` when it is missing."""
    try:
        with path.open("rb") as file:
            cipher = HashingReader(file)
            cipher.drain()
            return cipher.size, cipher.sha256
    except FileNotFoundError:
        raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None


def read_through(path: Path, key: PrivateKey) -> Seen:
    """Decrypt to the end into hashes, in constant memory. Raises `KeyUnusable` or `IntegrityError` as opening does, the latter
    for a pack that isn't a tar of plain files, too."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
        except FileNotFoundError:
            raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None
        cipher, sink = HashingReader(file), stack.enter_context(closing(_Sink(packed=path.name.endswith(ENDING))))
        age.decrypt(cipher, sink, [key.secret])
        cipher.drain()
        if not sink.whole:
            raise IntegrityError("A pack is not what was packed.", "Take another copy of the vault.")
        members = {name: digest.hexdigest() for name, digest in sink.digests.items()}
        return Seen(cipher.sha256, sink.sha256, MappingProxyType(members))


class _Member:
    """Hashes the content of one source in a pack."""

    error = None

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing to do: there is no file."""

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _Sink(HashingSink):
    """Hashes everything, and each source in a pack."""

    def __init__(self, *, packed: bool) -> None:
        super().__init__()
        self.digests: dict[str, _Member] = {}
        self._unpacking = Unpacking(lambda name: self.digests.setdefault(name, _Member())) if packed else None

    @property
    def whole(self) -> bool:
        """Whether it is all of a pack, where it should be one."""
        return self._unpacking is None or self._unpacking.whole

    def write(self, data: bytes, /) -> int:
        if self._unpacking is not None:
            self._unpacking.write(data)
        return super().write(data)
