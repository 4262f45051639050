"""Looking at a sealed file without writing what is in it."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from samaran.errors import IntegrityError
from samaran.vault import age
from samaran.vault.behind import Behind
from samaran.vault.keys import PrivateKey
from samaran.vault.pack import ENDING
from samaran.vault.streams import Hashing, HashingReader
from samaran.vault.unpack import Unpacking


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
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise IntegrityError("A sealed file is missing.", "Bring it back from a copy of the vault.") from None
    plain = _Plain(packed=path.name.endswith(ENDING))
    with file, closing(Behind(plain)) as behind:
        cipher = HashingReader(file)
        age.decrypt(cipher, behind, [key.secret])
        cipher.drain()
        behind.finish()
    if not plain.whole:
        raise IntegrityError("A pack is not what was packed.", "Take another copy of the vault.")
    members = {name: hashing.sha256 for name, hashing in plain.members.items()}
    return Seen(cipher.sha256, plain.sha256, MappingProxyType(members))


class _Plain(Hashing):
    """Hashes everything, and each source in a pack."""

    def __init__(self, *, packed: bool) -> None:
        super().__init__()
        self.members: dict[str, Hashing] = {}
        self._unpacking = Unpacking(lambda name: self.members.setdefault(name, Hashing())) if packed else None

    @property
    def whole(self) -> bool:
        """Whether it is all of a pack, where it should be one."""
        return self._unpacking is None or self._unpacking.whole

    def write(self, data: bytes, /) -> int:
        if self._unpacking is not None:
            self._unpacking.write(data)
        return super().write(data)
