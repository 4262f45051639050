"""A bundle is checked whole before it is cosigned, and a cosignature is one that other programs know."""

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_making import ORIGIN, grow
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tlog_scales.signing import Ed25519CosignatureVerifier, NoteSignature
from tlog_scales.signing import Vkey as TheirVkey
from tlog_scales.tlog import Checkpoint

from samaran.audit.board import NAMES, inspect
from samaran.audit.bundle import bundle
from samaran.audit.cosign import Cosigner, load_cosigner, new_cosigner
from samaran.audit.log import Log
from samaran.audit.note import LogKey, Note, load_log_key, new_log_key, save_log_key
from samaran.audit.store import Store
from samaran.audit.verify import verify
from samaran.errors import IntegrityError, KeyUnusable, UsageError

AT = 1_774_000_000


def heads(folder: Path) -> dict[int, bytes]:
    with Store(folder, writable=False) as store:
        return {size: note for size, _, note in store.heads()}


@pytest.fixture(scope="session")
def zipped(finished: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of 300 entries, with proofs, and growth from 10."""
    path = tmp_path_factory.mktemp("bundle") / "board.zip"
    with Log(finished[300]) as log:
        bundle(log, path, [0, 101, 299], heads(finished[300])[10])
    return path


def rezip(path: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, sums: bool = True) -> Path:
    """The bundle with members changed; with `sums`, SHA256SUMS is made to fit."""
    import hashlib

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if sums:
        members["SHA256SUMS"] = "".join(
            f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(members.items()) if name != "SHA256SUMS"
        ).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def test_a_whole_bundle_passes_every_check(zipped: Path, finished: dict[int, Path], key: LogKey) -> None:
    """All eight checks hold, the last only where a checkpoint was kept, and the checkpoint is given back."""
    seen = inspect(zipped, key.verifier.text, heads(finished[300])[10])
    assert [c.number for c in seen.report.checks] == list(NAMES)
    assert seen.report.ok
    assert Note.parse(seen.checkpoint).size == seen.report.size == 300
    assert [c.number for c in inspect(zipped).report.checks] == list(NAMES)[:-1]


ENTRIES = "log/tile/entries/000"


@pytest.mark.parametrize(
    ("number", "name", "old", "new", "sums"),
    [
        (1, "VERIFY.md", b"#", b"##", False),
        (2, "log.vkey", b"samaran.test/audit", b"samaran.test/audi", True),
        (3, "log/checkpoint", b"\n300\n", b"\n299\n", True),
        (4, ENTRIES, b'"seq":50', b'"seq":51', True),
        (4, ENTRIES, b'"of":50', b'"of":52', True),
        (4, ENTRIES, b'"phase":"result"', b'"phase":"resu!t"', True),
        (5, ENTRIES, b'"size":50', b'"size":51', True),
        (6, "log/tile/0/000", b"", b"\x00", True),
        (7, "proofs/101.tlog-proof", b"index 101", b"index 103", True),
        (7, "proofs/101.tlog-proof", b"c2sp", b"c3sp", True),
    ],
)
def test_each_kind_of_tampering_is_found_by_its_check(
    zipped: Path, key: LogKey, tmp_path: Path, number: int, name: str, old: bytes, new: bytes, sums: bool
) -> None:
    """A member that was changed makes the check fail that looks at it, and nothing can be cosigned."""

    def change(members: dict[str, bytes]) -> None:
        assert old in members[name]
        members[name] = members[name].replace(old, new, 1) if old else members[name] + new

    seen = inspect(rezip(zipped, tmp_path / "x.zip", change, sums=sums), key.verifier.text)
    assert number in [c.number for c in seen.report.checks if not c.ok]
    assert seen.checkpoint == b""


def test_missing_members_and_tiles_are_found(zipped: Path, key: LogKey, tmp_path: Path) -> None:
    """A tile left out of bundle and list alike is missed; a member that nobody listed is seen."""
    gone = inspect(rezip(zipped, tmp_path / "a.zip", lambda m: m.pop("log/tile/entries/001.p/44") and None), key.verifier.text)
    assert {4, 5} <= {c.number for c in gone.report.checks if not c.ok}
    more = inspect(rezip(zipped, tmp_path / "b.zip", lambda m: m.update(extra=b"x"), sums=False), key.verifier.text)
    assert [c.number for c in more.report.checks if not c.ok] == [1]


def test_a_log_that_did_not_grow_from_the_kept_checkpoint_is_refused(
    zipped: Path, finished: dict[int, Path], key: LogKey
) -> None:
    """History written anew and signed with the same key, a longer kept log, another log: check 8 names each."""
    from samaran.audit.tree import EMPTY

    for kept, words in (
        (key.sign(10, EMPTY), "history was rewritten"),
        (heads(finished[700])[700], "the tail was cut off"),
        (new_log_key("samaran.test/other").sign(10, EMPTY), "another log"),
        (new_log_key(ORIGIN).sign(10, EMPTY), "not signed by this key"),
        (b"no checkpoint", "can't be read"),
    ):
        seen = inspect(zipped, key.verifier.text, kept)
        assert [(c.number, words in c.detail) for c in seen.report.checks if not c.ok] == [(8, True)]


def test_the_key_that_comes_with_the_bundle_is_not_taken_for_the_one_on_paper(zipped: Path) -> None:
    """With another key on paper, key and signature fail; a key that is none is refused."""
    seen = inspect(zipped, new_log_key(ORIGIN).verifier.text)
    assert [c.number for c in seen.report.checks if not c.ok] == [2, 3, 7]
    with pytest.raises(KeyUnusable):
        inspect(zipped, "no key")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_a_bundle_cut_short_or_with_a_flipped_byte_never_passes(
    zipped: Path, key: LogKey, tmp_path: Path, data: st.DataObject
) -> None:
    """Wherever it is cut or changed: refused as no bundle, or a check fails, or what its members hold is untouched."""
    whole = zipped.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    bad = whole[:at] if data.draw(st.booleans()) else whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
    (tmp_path / "bad.zip").write_bytes(bad)
    try:
        seen = inspect(tmp_path / "bad.zip", key.verifier.text)
    except IntegrityError:
        return
    if seen.report.ok:
        with zipfile.ZipFile(zipped) as first, zipfile.ZipFile(io.BytesIO(bad)) as second:
            assert {n: first.read(n) for n in first.namelist()} == {n: second.read(n) for n in second.namelist()}


def test_no_bundle(tmp_path: Path) -> None:
    """A missing file is a usage error; a file that is no bundle says so."""
    with pytest.raises(UsageError):
        inspect(tmp_path / "none.zip")
    for data in (b"", b"text", zip_of({"a": b"b"})):
        (tmp_path / "x.zip").write_bytes(data)
        with pytest.raises(IntegrityError, match="cut short"):
            inspect(tmp_path / "x.zip")


def zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_tlog_scales_verifies_the_cosignature(finished: dict[int, Path], key: LogKey, tmp_path: Path) -> None:
    """A program that we did not write accepts our cosignature, and refuses it over another root."""
    ours = new_cosigner("kepk.example", tmp_path / "kepk.key")
    note = load_cosigner(tmp_path / "kepk.key").cosign(heads(finished[300])[300], AT)
    verifier = Ed25519CosignatureVerifier(TheirVkey.from_string(ours.text))
    line = NoteSignature.from_line(note.decode().splitlines()[-1])
    checkpoint = Checkpoint.from_text(note.decode())
    verifier.verify_note(line, checkpoint)
    assert verifier.get_timestamp(line.payload) == AT
    with pytest.raises(Exception):  # noqa: B017, PT011
        verifier.verify_note(line, Checkpoint.from_text(key.sign(300, bytes(32)).decode()))


def test_a_cosigned_checkpoint_is_still_the_checkpoint(copy: Callable[[int], Path], tmp_path: Path) -> None:
    """The log's own signature holds beside the cosignature, which says when; verify takes it as the kept checkpoint."""
    folder = copy(300)
    ours = new_cosigner("kepk.example", tmp_path / "kepk.key")
    key = load_cosigner(tmp_path / "kepk.key")
    note = key.cosign(heads(folder)[10], AT)
    assert ours.signed_at(Note.parse(note)) == AT
    assert key.cosign(note, AT + 5) == note
    assert verify(folder, None, note).ok
    with Log(folder) as log:
        assert [c.ok for c in verify(folder, log.vkey, note).checks if c.number == 12] == [True]


def test_false_cosignatures_count_for_nothing(finished: dict[int, Path], tmp_path: Path) -> None:
    """No signature, another's, a changed time, a changed body: no time is given."""
    ours = new_cosigner("kepk.example", tmp_path / "a.key")
    new_cosigner("kepk.example", tmp_path / "b.key")
    plain = heads(finished[300])[300]
    signed = load_cosigner(tmp_path / "a.key").cosign(plain, AT)
    assert ours.signed_at(Note.parse(plain)) is None
    assert ours.signed_at(Note.parse(load_cosigner(tmp_path / "b.key").cosign(plain, AT))) is None
    assert ours.signed_at(Note.parse(signed.replace(b"\n300\n", b"\n301\n"))) is None


def test_keys_of_cosigners_are_their_own(tmp_path: Path, key: LogKey) -> None:
    """A cosigner's key is 0600, shown by its id only, not overwritten, and no log's key; nor the other way round."""
    made = new_cosigner("kepk.example", tmp_path / "a.key")
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    loaded = load_cosigner(tmp_path / "a.key")
    assert loaded.cosigner == made == Cosigner.parse(made.text + "\n")
    assert repr(loaded) == f"CosignerKey({made.id.hex()})"
    with pytest.raises(TypeError):
        pickle.dumps(loaded)
    with pytest.raises(UsageError):
        new_cosigner("kepk.example", tmp_path / "a.key")
    with pytest.raises(UsageError):
        new_cosigner("a name", tmp_path / "b.key")
    save_log_key(key, tmp_path / "log.key")
    for load, name in ((load_cosigner, "log.key"), (load_log_key, "a.key"), (load_cosigner, "none.key")):
        with pytest.raises(KeyUnusable):
            load(tmp_path / name)  # type: ignore[operator]
    for text in ("", key.verifier.text, made.text[:-4], made.text.replace("kepk", "kpek")):
        with pytest.raises(KeyUnusable):
            Cosigner.parse(text)


def test_growth_is_proved_between_two_bundles(copy: Callable[[int], Path], key: LogKey, tmp_path: Path) -> None:
    """The way of a board: cosign, keep, get the next bundle, and see that it grew from what was kept."""
    folder = copy(12)
    new_cosigner("kepk.example", tmp_path / "kepk.key")
    board = load_cosigner(tmp_path / "kepk.key")
    with Log(folder) as log:
        bundle(log, tmp_path / "march.zip")
        march = board.cosign(inspect(tmp_path / "march.zip", key.verifier.text).checkpoint, AT)
        grow(log, 40)
        log.checkpoint(key)
        bundle(log, tmp_path / "june.zip", [20], march)
    june = inspect(tmp_path / "june.zip", key.verifier.text, march)
    assert june.report.ok
    assert Note.parse(june.checkpoint).size == 40
