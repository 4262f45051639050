"""Packs: one padded tar of one subject's sources, which other programs take apart."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran.errors import IntegrityError, SamaranError, UsageError
from samaran.vault import disk
from samaran.vault.check import read_through
from samaran.vault.keys import PrivateKey
from samaran.vault.pack import Changed, Member, length, packed
from samaran.vault.padding import LEAST, SMALL, padded, with_spaces
from samaran.vault.seal import open_bytes, open_member, seal, seal_pack
from samaran.vault.unpack import Unpacking
from tests.unit.vault.conftest import CHUNK

SIZES = (0, 1, 511, 512, 513, CHUNK, (1 << 20) + 3)


def members(*sizes: int) -> list[Member]:
    """Sources of these sizes, in memory."""
    return [Member(f"source{n}", os.urandom(size), size) for n, size in enumerate(sizes)]


def on_disk(path: Path, content: bytes) -> Member:
    """A source in a file."""
    path.write_bytes(content)
    return Member(path.stem, path, len(content), hashlib.sha256(content).hexdigest())


@given(st.integers(0, 1 << 45))
def test_padding(size: int) -> None:
    """Padded is never less; small is a power of two, large costs at most a thirty-second; padding twice is padding once; a tar
    stays whole blocks."""
    to = padded(size)
    assert to >= size
    assert padded(to) == to
    assert to % tarfile.BLOCKSIZE == 0
    if size <= SMALL:
        assert to == LEAST or (to & (to - 1) == 0 and to < 2 * size)
    else:
        assert (to - size) * 32 <= size


def test_padmes_own_examples() -> None:
    """Of E bits after the first the last E - S are zeros: 4 MiB and one byte go up by 2^17, a gigabyte and one by 2^25."""
    assert padded(SMALL + 1) == SMALL + (1 << 17)
    assert padded((1 << 30) + 1) == (1 << 30) + (1 << 25)
    assert {padded(size) for size in range(1, LEAST + 1, 977)} == {LEAST}


def test_spaces_are_nothing_to_json() -> None:
    """A padded record reads as it did."""
    from samaran import codec

    assert len(with_spaces(b'{"a":1}')) == LEAST
    assert codec.parse(with_spaces(b'{"a":1}')) == {"a": 1}


def test_python_takes_it_apart(tmp_path: Path, pi: PrivateKey) -> None:
    """Names, contents, modes, owners and times are all that a pack says, and these are nobody's."""
    sources = [*members(*SIZES), on_disk(tmp_path / "large.bin", os.urandom((3 << 20) + 5))]
    target = tmp_path / "P.tar.age"
    seal_pack(sources, target, [pi.recipient])
    plain = open_bytes(target, [pi])
    assert len(plain) == padded(length([m.size for m in sources]))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        found = {info.name: tar.extractfile(info).read() for info in tar}  # type: ignore[union-attr]
        assert {(i.mode, i.uid, i.gid, i.uname, i.gname, i.mtime) for i in tar} == {(0o600, 0, 0, "", "", 0)}
    assert found == {m.name: m.source if isinstance(m.source, bytes) else m.source.read_bytes() for m in sources}


@pytest.mark.skipif(shutil.which("age") is None, reason="Debian's age is not installed: opening a pack with it NOT tested")
def test_age_and_tar_open_any_source(tmp_path: Path, pi: PrivateKey) -> None:
    """The commands of docs/formats/vault.md: all sources of a pack, their names, and one alone, without a word of complaint."""
    from samaran.vault.keys import save_private_key

    sources = members(*SIZES)
    seal_pack(sources, tmp_path / "P.tar.age", [pi.recipient])
    save_private_key(pi, tmp_path / "sid.txt", None)
    (tmp_path / "out").mkdir()

    def shell(command: str) -> bytes:
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, check=True)
        assert done.stderr == b""
        return done.stdout

    opening = "age -d -i sid.txt P.tar.age"
    shell(f"{opening} | tar -xi -C out")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == {m.name: m.source for m in sources}
    assert shell(f"{opening} | tar -ti").decode().split() == [m.name for m in sources]
    assert shell(f"{opening} | tar -xiO source5") == sources[5].source


def test_each_source_comes_out_alone(tmp_path: Path, pi: PrivateKey) -> None:
    """Each source is opened by its name, and no other; one that isn't there leaves nothing."""
    sources = [*members(*SIZES), on_disk(tmp_path / "large.bin", os.urandom((5 << 20) + 1))]
    target = tmp_path / "P.tar.age"
    seal_pack(sources, target, [pi.recipient])
    for member in sources:
        out = tmp_path / "out"
        assert open_member(target, member.name, [pi], out) == member.size
        assert out.read_bytes() == (member.source if isinstance(member.source, bytes) else member.source.read_bytes())
        with pytest.raises(UsageError):
            open_member(target, member.name, [pi], out)
        out.unlink()
    with pytest.raises(IntegrityError, match="doesn't hold"):
        open_member(target, "source", [pi], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_seen_without_writing(tmp_path: Path, pi: PrivateKey) -> None:
    """Reading through gives the hash of the whole and of each source, and shows neither."""
    sources = members(*SIZES)
    sealed = seal_pack(sources, tmp_path / "P.tar.age", [pi.recipient])
    seen = read_through(tmp_path / "P.tar.age", pi)
    assert seen.sha256 == sealed.sha256
    assert seen.plain_sha256 == hashlib.sha256(b"".join(packed(sources))).hexdigest()
    assert {m.name: hashlib.sha256(bytes(m.source)).hexdigest() for m in sources} == dict(seen.members)  # type: ignore[arg-type]
    assert (seen.content("source3"), seen.content("another")) == (seen.members["source3"], "")
    assert seen.plain_sha256 not in repr(seen)
    assert seen.members["source0"] not in repr(seen)


def test_a_file_sealed_alone_is_no_pack(tmp_path: Path, pi: PrivateKey) -> None:
    """What isn't a tar, or holds more than plain files, is refused under the name of a pack."""
    bad = tarfile.TarInfo("link")
    bad.type, bad.linkname = tarfile.SYMTYPE, "/etc/passwd"
    for n, data in enumerate((b"", b"x" * 2000, bad.tobuf() + bytes(1024), b"".join(packed(members(9)))[:1024])):
        seal(data, tmp_path / f"{n}.tar.age", [pi.recipient])
        with pytest.raises(IntegrityError):
            open_member(tmp_path / f"{n}.tar.age", "source0", [pi], tmp_path / "out")
        with pytest.raises(IntegrityError):
            read_through(tmp_path / f"{n}.tar.age", pi)
    assert not (tmp_path / "out").exists()


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=5), st.integers(1, 2000))
def test_cut_anywhere(sizes: list[int], step: int) -> None:
    """However the stream is cut into pieces, each member gets its own bytes."""
    sources = members(*sizes)

    class Kept(list[bytes]):
        error = None

        def write(self, data: bytes, /) -> int:
            self.append(data)
            return len(data)

        def flush(self) -> None: ...

    found: dict[str, Kept] = {}
    unpacking = Unpacking(lambda name: found.setdefault(name, Kept()))
    data = b"".join(packed(sources))
    for at in range(0, len(data), step):
        unpacking.write(data[at : at + step])
    assert unpacking.whole
    assert {name: b"".join(kept) for name, kept in found.items()} == {m.name: m.source for m in sources}


def test_sizes_beyond_what_old_tars_know() -> None:
    """The header of a recording of 9 GiB is one block that Python's tar and GNU's read back."""
    member = Member("large", Path("/nowhere"), 9 << 30)
    head = next(packed([member]))
    assert len(head) == tarfile.BLOCKSIZE
    assert tarfile.TarInfo.frombuf(head, "ascii", "strict").size == member.size


@pytest.mark.parametrize("how", ["other bytes", "longer", "shorter", "gone"])
def test_a_source_that_changed(tmp_path: Path, pi: PrivateKey, how: str) -> None:
    """A file that isn't what was received is not sealed, whatever became of it, and an older pack of that name stays."""
    member, target = on_disk(tmp_path / "large.bin", bytes(2 << 20)), tmp_path / "P.tar.age"
    target.write_bytes(b"old")
    if how == "gone":
        (tmp_path / "large.bin").unlink()
    else:
        (tmp_path / "large.bin").write_bytes({"other bytes": b"x" * (2 << 20), "longer": bytes(3 << 20), "shorter": b""}[how])
    with pytest.raises(Changed):
        seal_pack([member], target, [pi.recipient])
    assert target.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} - {"large.bin"} == {"P.tar.age"}


def flipped(file: BinaryIO, at: int) -> None:
    """One bit of a file, counted from its end."""
    file.seek(at, io.SEEK_END)
    byte = file.read(1)
    file.seek(at, io.SEEK_END)
    file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize(
    ("when", "error"),
    [("source", Changed), ("other bytes", Changed), ("gone", Changed), ("end", IntegrityError), ("header", IntegrityError)],
)
def test_what_differs_at_read_back(
    tmp_path: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch, when: str, error: type[SamaranError]
) -> None:
    """A source that changes while it is sealed, before it is read or after, is told from a disk that gives back other bytes,
    whether in the content or in the lines that name the readers."""
    member, settle = on_disk(tmp_path / "large.bin", bytes(2 << 20)), disk.settle
    os.utime(member.source, (0, 0))

    def meanwhile(file: BinaryIO) -> None:
        settle(file)
        if when == "source":
            (tmp_path / "large.bin").write_bytes(b"y" * (2 << 20))
        elif when == "gone":
            (tmp_path / "large.bin").unlink()
        elif when == "end":
            flipped(file, -1000)
        elif when == "header":
            flipped(file, 100 - file.seek(0, io.SEEK_END))

    if when == "other bytes":
        (tmp_path / "large.bin").write_bytes(b"y" * (2 << 20))
    monkeypatch.setattr(disk, "settle", meanwhile)
    with pytest.raises(error):
        seal_pack([member], tmp_path / "P.tar.age", [pi.recipient])
    assert not [path for path in tmp_path.iterdir() if path.name != "large.bin"]
