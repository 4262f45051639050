"""Programs written by others check our log, and refuse what we refuse."""

import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_making import ORIGIN
from tlog_scales.backend import make_backend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash as their_leaf_hash
from tlog_scales.tlog import Checkpoint, InclusionProofInvalid

from samaran.audit.bundle import bundle
from samaran.audit.log import Log
from samaran.audit.note import LogKey, new_log_key, save_log_key
from samaran.audit.schema import schema
from samaran.errors import UsageError, Waiting

GO, OPENSSL = shutil.which("go"), shutil.which("openssl")
GOPATH = Path("/usr/share/gocode")
needs_go = pytest.mark.skipif(
    not GO or not (GOPATH / "src/golang.org/x/mod/sumdb/note").is_dir(),
    reason="Go or its x/mod is not installed (apt install golang-go golang-golang-x-mod-dev): Go's verifier NOT run",
)
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="openssl is not installed: signature NOT checked with it")


@pytest.mark.parametrize("size", [12, 300, 700])
def test_tlog_scales_reads_it(finished: dict[int, Path], key: LogKey, size: int) -> None:
    """tlog-scales verifies the signature, computes the signed root from the tiles, and finds every entry included."""
    reader = TilesReader(make_backend(str(finished[size] / "log")))
    checkpoint = reader.get_checkpoint()
    checkpoint.verify(Vkey.from_string(key.verifier.text))
    assert reader.calculate_root_hash() == checkpoint.root_hash
    with Log(finished[size]) as log:
        entries = [entry.to_bytes() for entry in log.entries()]
    for seq in (0, 9, 10, size // 2, size - 1):
        assert reader.get_entry(seq) == entries[seq]
        reader.get_inclusion_proof(seq, size).check(their_leaf_hash(entries[seq]), checkpoint.root_hash)


@pytest.mark.parametrize("size", [12, 300, 700])
def test_tlog_scales_makes_the_same_files(finished: dict[int, Path], size: int) -> None:
    """Its proof files equal ours byte for byte, and its growth proofs have our hashes."""
    command = [shutil.which("tlog-tiles") or str(Path(os.sys.executable).parent / "tlog-tiles")]  # type: ignore[attr-defined]
    reader = TilesReader(make_backend(str(finished[size] / "log")))
    reader.get_checkpoint()
    with Log(finished[size]) as log:
        for seq in (0, size // 3, size - 1):
            made = subprocess.run([*command, "gen-proof", str(finished[size] / "log"), str(seq)], capture_output=True, check=True)
            assert made.stdout == log.prove(seq)
        from samaran.audit.proof import consistency

        for old in (1, 2, 3, 7, 10, size - 1):
            assert tuple(reader.get_consistency_proof(old, size).node_hashes) == consistency(log._store.hashes, old, size)


def test_tlog_scales_refuses(copy: Callable[[int], Path], key: LogKey) -> None:
    """What our verification refuses, tlog-scales refuses too: false signature, other key, changed entry, cut tile."""
    folder = copy(300)
    path = folder / "log/checkpoint"
    true = path.read_text()
    vkey = Vkey.from_string(key.verifier.text)
    for bad in (true.replace("\n300\n", "\n299\n"), new_log_key(ORIGIN).sign(300, bytes(32)).decode()):
        with pytest.raises(Exception):  # noqa: B017, PT011
            Checkpoint.from_text(bad).verify(vkey)
    entries = folder / "log/tile/entries/000"
    entries.write_bytes(entries.read_bytes().replace(b'"size":50', b'"size":51'))
    reader = TilesReader(make_backend(str(folder / "log")))
    checkpoint = reader.get_checkpoint()
    with pytest.raises(InclusionProofInvalid):
        reader.get_inclusion_proof(101, 300).check(their_leaf_hash(reader.get_entry(101)), checkpoint.root_hash)
    tile = folder / "log/tile/0/000"
    tile.write_bytes(tile.read_bytes()[32:])
    assert TilesReader(make_backend(str(folder / "log"))).get_checkpoint().size == 300
    reader = TilesReader(make_backend(str(folder / "log")))
    reader.get_checkpoint()
    with pytest.raises((InclusionProofInvalid, IndexError)):
        reader.get_inclusion_proof(255, 300).check(their_leaf_hash(reader.get_entry(255)), checkpoint.root_hash)


@needs_openssl
def test_openssl_checks_the_signature(finished: dict[int, Path], tmp_path: Path) -> None:
    """The commands of VERIFY.md accept the signature, and refuse it over another body."""
    shutil.copytree(finished[12], tmp_path / "audit")
    script = (
        "head -n 3 log/checkpoint > body\n"
        "sed -n 5p log/checkpoint | cut -d' ' -f3 | base64 -d | tail -c 64 > sig\n"
        "(printf 302a300506032b6570032100 | xxd -r -p; cut -d+ -f3- log.vkey | base64 -d | tail -c 32) > pub.der\n"
        "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey pub.der -in body -sigfile sig\n"
    )
    from samaran.audit import bundle as module

    manual = (Path(module.__file__).parent / "VERIFY.md").read_text()
    assert all(line in manual for line in script.splitlines())
    if not shutil.which("xxd"):
        script = script.replace("xxd -r -p", "python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'")
    good = subprocess.run(["bash", "-c", script], cwd=tmp_path / "audit", capture_output=True, text=True)
    assert (good.returncode, "Success" in good.stdout) == (0, True), good.stderr
    bad = subprocess.run(
        ["bash", "-c", script.replace("> body", "| sed s/12/13/ > body")], cwd=tmp_path / "audit", capture_output=True
    )
    assert bad.returncode != 0


@pytest.fixture
def unpacked(copy: Callable[[int], Path], tmp_path: Path) -> Path:
    """A board's bundle of 300 entries with proofs and growth from 10, unpacked."""
    from samaran.audit.store import Store

    folder = copy(300)
    with Log(folder) as log:
        with Store(folder, writable=False) as store:
            previous = store.heads()[1][2]
        bundle(log, tmp_path / "bundle.zip", [0, 10, 101, 299], previous)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path / "board")
    return tmp_path / "board"


@pytest.fixture(scope="session")
def go_verify(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program of the bundle, built once with Debian's packages only."""
    from samaran.audit import bundle as module

    work = tmp_path_factory.mktemp("go")
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(work / "cache"), "GOFLAGS": ""}
    source = Path(module.__file__).parent / "verify.go"
    subprocess.run([GO or "go", "build", "-o", str(work / "verify"), str(source)], env=environ, check=True, cwd=work)
    return work / "verify"


def _go(program: Path, folder: Path) -> tuple[int, str]:
    done = subprocess.run([str(program), str(folder)], capture_output=True, text=True)
    return done.returncode, done.stdout


@needs_go
def test_go_checks_a_bundle(go_verify: Path, unpacked: Path) -> None:
    """Go's note and tlog accept signature, tree, inclusion and growth of a bundle."""
    code, said = _go(go_verify, unpacked)
    assert code == 0, said
    root = (unpacked / "log" / "checkpoint").read_text().split("\n")[2]
    assert said.splitlines() == [
        "ok: signature of the checkpoint over 300 entries",
        "ok: 300 entries give the signed root",
        "ok: entry 0 is in the log of 300 entries",
        "ok: entry 10 is in the log of 300 entries",
        "ok: entry 101 is in the log of 300 entries",
        "ok: entry 299 is in the log of 300 entries",
        "ok: the log grew from 10 to 300 entries and nothing before was changed",
        f"OK: 300 entries, {root}",
    ]


@needs_go
def test_go_refuses(go_verify: Path, unpacked: Path, key: LogKey) -> None:
    """Go refuses each kind of tampering with a bundle."""
    board = unpacked
    other = new_log_key(ORIGIN)

    def edited(name: str, old: bytes, new: bytes) -> None:
        path = board / name
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))
        code, said = _go(go_verify, board)
        path.write_bytes(data)
        assert (code, "FAILED" in said) == (1, True), (name, said)

    checkpoint = (board / "log/checkpoint").read_bytes()
    root = checkpoint.split(b"\n")[2]
    edited("log/checkpoint", b"\n300\n", b"\n299\n")
    edited("log/checkpoint", checkpoint, other.sign(300, bytes(32)))
    edited("log/checkpoint", checkpoint, key.sign(300, bytes(32)))
    edited("log/checkpoint", root, root[::-1])
    edited("log.vkey", (board / "log.vkey").read_bytes(), other.verifier.text.encode())
    edited("log/tile/entries/000", b'"size":50', b'"size":51')
    edited("log/tile/entries/001.p/44", (board / "log/tile/entries/001.p/44").read_bytes()[-100:], b"")
    edited("proofs/101.tlog-proof", b"index 101", b"index 102")
    first = (board / "proofs/101.tlog-proof").read_bytes().split(b"\n")[2]
    edited("proofs/101.tlog-proof", first + b"\n", b"")
    edited("consistency.proof", (board / "consistency.proof").read_bytes().split(b"\n")[0] + b"\n", b"")
    edited("checkpoint.previous", b"\n10\n", b"\n12\n")
    edited("checkpoint.previous", (board / "checkpoint.previous").read_bytes(), key.sign(10, bytes(32)))
    assert _go(go_verify, board)[0] == 0


def test_bundle(unpacked: Path, copy: Callable[[int], Path], key: LogKey, tmp_path: Path) -> None:
    """A bundle holds what the manual says, whole by its sums, the same bytes each time, and neither key nor database."""
    names = sorted(str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file())
    assert {"log.vkey", "log/checkpoint", "checkpoint.previous", "consistency.proof", "VERIFY.md", "verify.go"} < set(names)
    assert not [name for name in names if name.endswith((".db", ".key"))]
    sums = dict(reversed(line.split("  ")) for line in (unpacked / "SHA256SUMS").read_text().splitlines())  # type: ignore[arg-type,misc]
    assert set(sums) == set(names) - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((unpacked / name).read_bytes()).hexdigest() == digest
    assert json.loads((unpacked / "entry.schema.json").read_bytes()) == schema()
    folder = copy(12)
    save_log_key(key, folder / "log.key")
    with Log(folder) as log:
        for name in ("a.zip", "b.zip"):
            bundle(log, tmp_path / name, [3])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    secret = (folder / "log.key").read_text().strip().split("+", 4)[4].encode()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert all(secret not in archive.read(name) for name in archive.namelist())


def test_bundle_refused(copy: Callable[[int], Path], tmp_path: Path) -> None:
    """Nothing published, an entry that isn't there, a checkpoint of another log: no bundle, and no half of one."""
    folder = copy(12)
    other = new_log_key("samaran.test/other").sign(2, bytes(32))
    with Log(folder) as log:
        for seqs, previous in (([99], None), ([], other)):
            with pytest.raises(UsageError):
                bundle(log, tmp_path / "x" / "a.zip", seqs, previous)
        (folder / "log/checkpoint").unlink()
        with pytest.raises(Waiting):
            bundle(log, tmp_path / "x" / "a.zip")
    assert not (tmp_path / "x").exists()
