"""The pool: one key pair per future informant, made offline before field work.

`pool.txt` has the public halves, `sid recipient` a line, for the collecting machine; `pool.sha256` guards it against edits
(`sha256sum -c pool.sha256`). `keys/<sid>.age` has a private half, wrapped to the holders. A sid is 16 bytes of an HMAC under a
secret that lies only in the wrapped key: once that is erased, nobody can tie the sid to a person.
"""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from samaran.errors import IntegrityError, UsageError
from samaran.vault import age, disk
from samaran.vault.keys import PrivateKey
from samaran.vault.wrapped import Wrapped, new_wrapped, read_wrapped, write_wrapped

_POOL, _GUARD, _KEYS = "pool.txt", "pool.sha256", "keys"
_LINE = re.compile(r"([0-9a-f]{32}) (age1[0-9a-z]+)")
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Pair:
    """What the collecting machine knows of a key pair: the subject id and the public half."""

    sid: str
    recipient: str


Tell = Callable[[int, int], None]
"""How many pairs are made, and of how many: post-quantum ones take a while."""


def new_pool(folder: Path, size: int, holders: Sequence[str], origin: str, tell: Tell = lambda *_: None) -> tuple[Pair, ...]:
    """Make `size` key pairs of the holders' kind, wrapped to their recipients. `pool.txt` comes last: a pool that can be read is
    complete.

    Raises `UsageError` when there is a pool already, or size or holders are not usable.
    """
    if (folder / _POOL).exists():
        raise UsageError("There is a key pool here already.", "Extend it instead; pairs in use must stay as they are.")
    return _grow(folder, (), size, holders, origin, tell)


def extend_pool(folder: Path, size: int, holders: Sequence[str], origin: str, tell: Tell = lambda *_: None) -> tuple[Pair, ...]:
    """Add `size` pairs to a pool; the pairs in it stay as they are. Returns the whole pool. Raises as `read_pool`."""
    return _grow(folder, read_pool(folder), size, holders, origin, tell)


def read_pool(folder: Path) -> tuple[Pair, ...]:
    """The pairs in order. Raises `UsageError` when there is no pool, `IntegrityError` when it was edited or copied in part."""
    try:
        data = (folder / _POOL).read_bytes()
    except FileNotFoundError:
        raise UsageError(
            "There is no key pool in this vault.",
            "The PI makes it with `samaran keys pool` and copies pool.txt and pool.sha256 here.",
        ) from None
    try:
        guard = (folder / _GUARD).read_bytes()
    except FileNotFoundError:
        raise IntegrityError(f"{_GUARD} is missing beside {_POOL}.", "Copy both files from the PI's machine again.") from None
    pairs = _pairs(data)
    if _guard(data) not in guard.splitlines(keepends=True):
        raise IntegrityError(
            f"{_POOL} is not the file that the PI made: it was edited, or copied in part.",
            f"Copy {_POOL} and {_GUARD} from the PI's machine again.",
        )
    return pairs


def pool_digest(folder: Path) -> str:
    """SHA-256 of `pool.txt`: what the audit log says of a pool. Raises as `read_pool`."""
    read_pool(folder)
    return hashlib.sha256((folder / _POOL).read_bytes()).hexdigest()


def wrapped_sids(folder: Path) -> frozenset[str]:
    """The subject ids whose wrapped key is still there. One that is in the pool but not here was erased, or lies elsewhere."""
    return frozenset(path.stem for path in (folder / _KEYS).glob("*.age"))


def unwrap(folder: Path, sid: str, key: PrivateKey) -> PrivateKey:
    """An informant's private key, opened with a holder's key.

    Raises `KeyUnusable` (not a holder's key, or the wrapped key is gone), `IntegrityError` (damaged, or not this pair's own).
    """
    return unwrap_whole(folder, sid, key).key


def unwrap_whole(folder: Path, sid: str, key: PrivateKey) -> Wrapped:
    """As `unwrap`, with the secret behind the subject id."""
    wrapped = read_wrapped(folder / _KEYS, sid, key)
    if (folder / _POOL).exists():
        recipients = {pair.sid: pair.recipient for pair in read_pool(folder)}
        if recipients.get(sid) not in (None, wrapped.key.recipient):
            raise IntegrityError(
                "A wrapped key is not the one that the pool names: two were swapped, or the pool is another study's.",
                "Take another copy of the vault.",
            )
    return wrapped


def rewrap(folder: Path, key: PrivateKey, holders: Sequence[str]) -> int:
    """Wrap every key again, to other holders; originals stay as they are. Returns how many.

    All are opened before the first is written, so a key that doesn't open leaves everything as it was; run again after a crash.
    It doesn't revoke what a former holder saved. Raises as `unwrap`.
    """
    age.check_recipients(holders)
    _check_kind(read_pool(folder) if (folder / _POOL).exists() else (), age.is_post_quantum(holders[0]))
    whole = [unwrap_whole(folder, sid, key) for sid in sorted(wrapped_sids(folder))]
    for wrapped in whole:
        write_wrapped(folder / _KEYS, wrapped, holders, replace=True)
    return len(whole)


def _grow(folder: Path, old: tuple[Pair, ...], size: int, holders: Sequence[str], origin: str, tell: Tell) -> tuple[Pair, ...]:
    age.check_recipients(holders)
    if not 1 <= size <= _MOST:
        raise UsageError(f"A pool of {size} pairs can't be made.", f"Choose a size from 1 to {_MOST}.")
    post_quantum = age.is_post_quantum(holders[0])
    _check_kind(old, post_quantum)
    (folder / _KEYS).mkdir(mode=0o700, parents=True, exist_ok=True)
    made = [new_wrapped(origin, post_quantum=post_quantum) for _ in range(size)]
    for n, wrapped in enumerate(made):
        tell(n, size)
        write_wrapped(folder / _KEYS, wrapped, holders)
    tell(size, size)
    pairs = (*old, *(Pair(wrapped.sid, wrapped.key.recipient) for wrapped in made))
    data = "".join(f"{pair.sid} {pair.recipient}\n" for pair in pairs).encode("ascii")
    before = (folder / _POOL).read_bytes() if old else b""
    for name, content in ((_GUARD, _guard(before) + _guard(data)), (_POOL, data), (_GUARD, _guard(data))):  # valid at any moment
        with disk.appearing(folder / name, replace=True) as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
    return pairs


def _check_kind(pairs: Sequence[Pair], post_quantum: bool) -> None:
    """Raises `UsageError` when a pool's keys are of another kind than its holders'."""
    if any(age.is_post_quantum(pair.recipient) != post_quantum for pair in pairs):
        raise UsageError(
            "The pool's keys are of another kind than the holders': one is post-quantum, the other classic.",
            "Restore vault/holders.csv and vault/pool.txt from a copy; the kind of keys is chosen once for a study.",
        )


def _pairs(data: bytes) -> tuple[Pair, ...]:
    lines = data.decode("utf-8", "replace").split("\n")
    found = []
    for n, line in enumerate(lines[:-1], start=1):
        match = _LINE.fullmatch(line)
        if not match or not _valid(match[2]):
            raise IntegrityError(
                f"{_POOL} line {n} is not a subject id and a recipient.", "Copy the file from the PI's machine again."
            )
        found.append(Pair(match[1], match[2]))
    if lines[-1] or not found:
        raise IntegrityError(f"{_POOL} is cut short.", "Copy the file from the PI's machine again, whole.")
    if len({pair.sid for pair in found}) != len(found) or len({pair.recipient for pair in found}) != len(found):
        raise IntegrityError(f"{_POOL} has a pair twice.", "Copy the file from the PI's machine again.")
    return tuple(found)


def _valid(recipient: str) -> bool:
    try:
        age.check_recipients([recipient])
    except UsageError:
        return False
    return True


def _guard(data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {_POOL}\n".encode("ascii")
