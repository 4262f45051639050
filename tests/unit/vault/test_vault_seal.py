"""Seal and open: whole or not at all."""

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError
from samaran.vault import age, disk
from samaran.vault.behind import Behind
from samaran.vault.keys import PrivateKey, new_private_key
from samaran.vault.seal import Sealed, open_bytes, open_to, seal
from samaran.vault.streams import BlockReader, HashingWriter

CHUNK = 64 * 1024


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, (1 << 20) + 3])
def test_round_trip(tmp_path: Path, pi: PrivateKey, size: int) -> None:
    """What is opened is what was sealed, and sizes and hashes are those of the two files."""
    plain, target = os.urandom(size), tmp_path / "X.age"
    sealed = seal(plain, target, [pi.recipient])
    cipher = target.read_bytes()
    assert open_bytes(target, [pi], size=sealed.size) == plain
    assert (sealed.size, sealed.sha256) == (len(cipher), hashlib.sha256(cipher).hexdigest())


def test_private_file(tmp_path: Path, pi: PrivateKey) -> None:
    """Sealed and opened files can be read by their owner only, whatever the umask."""
    old = os.umask(0)
    try:
        seal(b"x", tmp_path / "X.age", [pi.recipient])
        open_to(tmp_path / "X.age", [pi], tmp_path / "x.txt")
    finally:
        os.umask(old)
    for name in ("X.age", "x.txt"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_each_recipient_alone(tmp_path: Path) -> None:
    """Each of twenty recipients opens the file alone."""
    keys = [new_private_key() for _ in range(age.MOST_RECIPIENTS)]
    seal(b"bersama", tmp_path / "X.age", [key.recipient for key in keys])
    assert all(open_bytes(tmp_path / "X.age", [key]) == b"bersama" for key in keys)


def test_recipients_refused(tmp_path: Path, pi: PrivateKey) -> None:
    """No recipient, twenty-one, one twice, and text that is none: refused before anything is written."""
    many = [new_private_key().recipient for _ in range(age.MOST_RECIPIENTS + 1)]
    for recipients in (
        [],
        many,
        [pi.recipient] * 2,
        ["age1xyz"],
        [pi.recipient[:-1] + ("q" if pi.recipient[-1] != "q" else "p")],
        [pi.secret],
    ):
        with pytest.raises(UsageError) as caught:
            seal(b"x", tmp_path / "X.age", recipients)
        assert pi.secret not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_never_overwrites(tmp_path: Path, pi: PrivateKey) -> None:
    """A file in the way stays as it is, unless replacing was asked for; then readers see the old one or the new one."""
    target = tmp_path / "X.age"
    seal(b"lama", target, [pi.recipient])
    with pytest.raises(UsageError):
        seal(b"baru", target, [pi.recipient])
    assert open_bytes(target, [pi]) == b"lama"
    seal(b"baru", target, [pi.recipient], replace=True)
    assert open_bytes(target, [pi]) == b"baru"
    assert list(tmp_path.iterdir()) == [target]


def test_lost_race(tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that appears in the target's place while sealing is not overwritten."""
    target, settle = tmp_path / "X.age", disk.settle
    monkeypatch.setattr(disk, "settle", lambda file: (settle(file), target.write_bytes(b"first"))[0])
    with pytest.raises(UsageError):
        seal(b"x", target, [pi.recipient])
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_without_hard_links(tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file system has no hard links, sealing works all the same and still overwrites nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    seal(b"x", tmp_path / "X.age", [pi.recipient])
    with pytest.raises(UsageError):
        disk._claim(tmp_path / "none", tmp_path / "X.age")
    assert open_bytes(tmp_path / "X.age", [pi]) == b"x"


@pytest.mark.parametrize("room", [0, 3 * (CHUNK + 16), 40 * (CHUNK + 16)])
def test_full_disk(tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """A disk that fills up at the beginning, in the middle, or behind the encryption has nothing half of it, and the message says
    what happened."""
    written, write = 0, os.write

    def filling(file: int, data: bytes) -> int:
        nonlocal written
        written += len(data)
        if written > room:
            raise OSError(errno.ENOSPC, "full")
        return write(file, data)

    monkeypatch.setattr(os, "write", filling)
    with pytest.raises(SamaranError, match="disk is full"):
        seal(bytes(100 * CHUNK), tmp_path / "X.age", [pi.recipient])
    assert not list(tmp_path.iterdir())


def test_writes_that_are_cut_short(tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that takes less than it was given at once gets the rest."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[: -(-len(data) // 2)]))
    plain = os.urandom(30 * CHUNK)
    seal(plain, tmp_path / "X.age", [pi.recipient])
    assert open_bytes(tmp_path / "X.age", [pi]) == plain


def test_really_full_disk(pi: PrivateKey) -> None:
    """The system's own "no space left" comes through pyrage as a full disk."""
    with Path("/dev/full").open("wb", buffering=0) as full:
        behind = Behind(HashingWriter(full))
        age.encrypt(BlockReader(iter([bytes(CHUNK)])), behind, [pi.recipient])
        with pytest.raises(OSError) as caught:  # noqa: PT011
            behind.finish()
    assert caught.value.errno == errno.ENOSPC


def test_interrupted(tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while sealing leaves nothing."""

    class Interrupting(Behind):
        def write(self, data: bytes, /) -> int:
            raise KeyboardInterrupt

    monkeypatch.setattr("samaran.vault.seal.Behind", Interrupting)
    with pytest.raises(BaseException) as caught:  # noqa: PT011
        seal(b"x", tmp_path / "X.age", [pi.recipient])
    assert isinstance(caught.value, KeyboardInterrupt | SamaranError)
    assert not list(tmp_path.iterdir())


def test_read_back_differs(tmp_path: Path, pi: PrivateKey, plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that gives back other bytes than were written is noticed before the file appears."""
    settle = disk.settle

    def flip(file: BinaryIO) -> None:
        settle(file)
        file.seek(-1000, io.SEEK_END)
        byte = file.read(1)
        file.seek(-1000, io.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))

    monkeypatch.setattr(disk, "settle", flip)
    with pytest.raises(IntegrityError, match="read back"):
        seal(plain, tmp_path / "X.age", [pi.recipient])
    assert not list(tmp_path.iterdir())


def test_read_back_key_is_forgotten(sealed_file: tuple[Path, Sealed], pi: PrivateKey) -> None:
    """Only the recipients' keys and one that nobody has open the file."""
    with pytest.raises(KeyUnusable):
        open_bytes(sealed_file[0], [new_private_key()])
    header = sealed_file[0].read_bytes().split(b"\n---")[0]
    assert header.count(b"-> X25519 ") == 2


def _cut(size: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:size] if size >= 0 else data[: len(data) + size]


def _header(data: bytes) -> int:
    return data.index(b"\n", data.index(b"\n---") + 1) + 1


def _swap(data: bytes) -> bytes:
    at, step = _header(data) + 16, CHUNK + 16
    return data[:at] + data[at + step : at + 2 * step] + data[at : at + step] + data[at + 2 * step :]


def _flip(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 4]) + data[at:][1:]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "at a chunk boundary": lambda data: data[: _header(data) + 16 + 2 * (CHUNK + 16)],
    "mid-chunk": lambda data: data[: _header(data) + 16 + CHUNK // 2],
    "last byte": _cut(-1),
    "header only": lambda data: data[: _header(data)],
    "header and nonce": lambda data: data[: _header(data) + 16],
    "half a header": _cut(60),
    "empty": _cut(0),
    "one byte appended": lambda data: data + b"\x00",
    "bit flipped in the first chunk": lambda data: _flip(_header(data) + 1000)(data),
    "bit flipped at the end": lambda data: _flip(len(data) - 1)(data),
    "bit flipped in the nonce": lambda data: _flip(_header(data) + 3)(data),
    "bit flipped in the MAC": lambda data: _flip(_header(data) - 5)(data),
    "two chunks swapped": _swap,
    "garbage": lambda data: b"bukan berkas age" * 100,
    "not even the first line": lambda data: data[1:],
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage(tmp_path: Path, sealed_file: tuple[Path, Sealed], pi: PrivateKey, name: str) -> None:
    """Each kind of damage raises as damage and leaves no plaintext; with a known size a cut says how much is there."""
    path, sealed = sealed_file
    bad = tmp_path / "bad.age"
    bad.write_bytes(DAMAGE[name](path.read_bytes()))
    with pytest.raises(IntegrityError, match="damaged or an incomplete copy"):
        open_bytes(bad, [pi])
    with pytest.raises(IntegrityError):
        open_to(bad, [pi], tmp_path / "out.txt")
    assert list(tmp_path.iterdir()) == [bad]
    if bad.stat().st_size < sealed.size:
        with pytest.raises(IntegrityError, match=f"Incomplete copy: {bad.stat().st_size} of {sealed.size} bytes"):
            open_bytes(bad, [pi], size=sealed.size)
    elif bad.stat().st_size > sealed.size:
        with pytest.raises(IntegrityError, match="appended"):
            open_bytes(bad, [pi], size=sealed.size)


def test_wrong_key_or_damaged_header(tmp_path: Path, sealed_file: tuple[Path, Sealed], pi: PrivateKey, board: PrivateKey) -> None:
    """age can't tell a wrong key from damaged names of the readers, so the message names both causes."""
    bad = tmp_path / "bad.age"
    data = sealed_file[0].read_bytes()
    at = data.index(b"-> X25519 ") + 15
    bad.write_bytes(data[:at] + (b"A" if data[at : at + 1] != b"A" else b"B") + data[at + 1 :])
    for path, key in ((sealed_file[0], board), (bad, board)):
        with pytest.raises(KeyUnusable, match="No key given opens this file, or its header is damaged") as caught:
            open_bytes(path, [key])
        assert "right key" in caught.value.hint


@pytest.mark.parametrize("size", [41_000_000, 89_999_999])
def test_amounts_in_megabytes(size: int) -> None:
    """Large files are compared in megabytes, as people do."""
    from samaran.vault.seal import _amount

    assert _amount(size, 90_000_000) == f"{round(size / 1e6)} of 90 MB"


def test_missing(tmp_path: Path, pi: PrivateKey) -> None:
    """A missing sealed file is missing, not damaged."""
    with pytest.raises(IntegrityError, match="missing"):
        open_bytes(tmp_path / "none.age", [pi])


def test_opening_overwrites_nothing(tmp_path: Path, sealed_file: tuple[Path, Sealed], pi: PrivateKey, plain: bytes) -> None:
    """Opening into a new file gives its size; into an existing one it is refused."""
    out = tmp_path / "out"
    assert open_to(sealed_file[0], [pi], out) == len(plain)
    assert out.read_bytes() == plain
    with pytest.raises(UsageError):
        open_to(sealed_file[0], [pi], out)


def test_sweep(tmp_path: Path) -> None:
    """Temp files of killed processes are swept away; other files stay."""
    (tmp_path / ".0011.part").write_bytes(b"x")
    (tmp_path / "X.age").write_bytes(b"x")
    assert disk.sweep(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["X.age"]
