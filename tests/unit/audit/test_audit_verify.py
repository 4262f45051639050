"""Tampering: each kind is detected, by the check that should, with the entry where it begins."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from audit_making import ORIGIN, grow

from samaran.audit import tiles
from samaran.audit.entry import Entry
from samaran.audit.log import Log
from samaran.audit.note import LogKey, Note, new_log_key
from samaran.audit.store import DATABASE, Store
from samaran.audit.tree import Frontier, leaf_hash
from samaran.audit.verify import NAMES, Report, verify

Copy = Callable[[int], Path]


def failed(report: Report) -> set[int]:
    return {check.number for check in report.checks if not check.ok}


def change(folder: Path, *statements: str, **values: object) -> None:
    """Edit the database as somebody who has the file can."""
    db = sqlite3.connect(folder / DATABASE)
    for statement in statements:
        db.execute(statement, values)
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def leaf(folder: Path, seq: int) -> bytes:
    with Store(folder, writable=False) as store:
        return store.leaf(seq)


def rewrite(folder: Path, leaves: list[bytes], key: LogKey | None = None) -> None:
    """Make the whole log anew from these leaves, hashes and tiles included; signed with `key`, or under the old signature."""
    with Store(folder, writable=True) as store:
        old_note = store.last_head()
    change(folder, "DELETE FROM leaf", "DELETE FROM node", "DELETE FROM intent", *(["DELETE FROM head"] if key else []))
    with Store(folder, writable=True) as store:
        tree, nodes = Frontier(), []
        for data in leaves:
            nodes += tree.add(leaf_hash(data))
        waiting = []
        for n, data in enumerate(leaves):
            entry = Entry.from_bytes(data)
            waiting = [*waiting, n] if entry.of is None else [seq for seq in waiting if seq != entry.of]
        with store.transaction():
            store.insert([(n, data, leaf_hash(data)) for n, data in enumerate(leaves)], nodes)
            store.mark_intents(opened=waiting, closed=[])
            if key:
                store.add_head(len(leaves), tree.root(), key.sign(len(leaves), tree.root()))
        assert old_note
        note = key.sign(len(leaves), tree.root()) if key else old_note[2]
        tiles.publish(store, folder / "log", len(leaves), note, since=0)


def all_leaves(folder: Path) -> list[bytes]:
    with Store(folder, writable=False) as store:
        return [data for _, data, _ in store.rows()]


def renumbered(leaves: list[bytes]) -> list[bytes]:
    """Each leaf with the number of its place, results pointing one before themselves."""
    made = []
    for n, data in enumerate(leaves):
        entry = Entry.from_bytes(data)
        given = {name: getattr(entry, name) for name in ("t", "act", "phase", "actor", "code", "sid", "obj", "size", "n")}
        made.append(Entry(seq=n, of=None if entry.of is None else n - 1, **given).to_bytes())
    return made


def test_sound(finished: dict[int, Path], key: LogKey) -> None:
    """A sound log passes every check, each of which says what it looked at; with a kept checkpoint, growth too."""
    since = key.sign(0, bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
    for size, folder in finished.items():
        report = verify(folder, key.verifier.text, since)
        assert report.ok
        assert (report.size, report.signed, report.first_bad, report.origin) == (size, size, None, ORIGIN)
        assert [check.number for check in report.checks] == list(NAMES)
        assert str(size) in report.checks[1].detail


def test_unsigned_tail_is_said(log: Log) -> None:
    """Entries after the last checkpoint are no fault, and the report says that nothing protects them yet."""
    grow(log, 8)
    report = verify(log.folder)
    assert report.ok
    assert "6 after the last checkpoint" in report.checks[9].detail


def test_content_changed(copy: Copy) -> None:
    """An entry's content changed: its leaf hash, the root and the tiles no longer fit, and the entry is named."""
    folder = copy(300)
    bad = leaf(folder, 101).replace(b'"size":50', b'"size":51')
    assert bad != leaf(folder, 101)
    change(folder, "UPDATE leaf SET leaf = :bad WHERE seq = 101", bad=bad)
    report = verify(folder)
    assert {6, 7, 10, 11} <= failed(report)
    assert report.first_bad == 101
    assert "entry 101: its content was changed" in report.checks[5].detail


def test_content_and_hash_changed(copy: Copy) -> None:
    """Content and leaf hash changed together: nodes, root and tiles give it away, and the tiles name the entry."""
    folder = copy(300)
    bad = leaf(folder, 101).replace(b'"size":50', b'"size":51')
    change(folder, "UPDATE leaf SET leaf = :bad, leaf_hash = :digest WHERE seq = 101", bad=bad, digest=leaf_hash(bad))
    report = verify(folder)
    assert failed(report) == {7, 10, 11}
    assert report.first_bad == 101
    assert "entry 101: tile/entries/000 holds another entry" in report.checks[10].detail


def test_two_entries_in_one_row(copy: Copy) -> None:
    """A row that holds two entries, one on each line, is named, though each alone would be good and their number is right."""
    folder = copy(300)
    both = leaf(folder, 100) + b"\n" + leaf(folder, 101)
    change(folder, "UPDATE leaf SET leaf = :both, leaf_hash = :digest WHERE seq = 100", both=both, digest=leaf_hash(both))
    change(folder, "UPDATE leaf SET leaf = :none, leaf_hash = :digest WHERE seq = 101", none=b"", digest=leaf_hash(b""))
    report = verify(folder)
    assert 3 in failed(report)
    assert report.first_bad == 100


def test_result_before_its_intent(copy: Copy, key: LogKey) -> None:
    """A result that names itself or a later entry breaks the format, even where the holder of the key signs it."""
    folder = copy(300)
    leaves = all_leaves(folder)
    entry = Entry.from_bytes(leaves[101])
    leaves[101] = leaves[101].replace(b'"of":%d,' % (entry.of or 0), b'"of":101,')
    assert leaves[101] != all_leaves(folder)[101]
    change(
        folder, "UPDATE leaf SET leaf = :bad, leaf_hash = :digest WHERE seq = 101", bad=leaves[101], digest=leaf_hash(leaves[101])
    )
    report = verify(folder, key.verifier.text)
    assert {3, 5} <= failed(report)
    assert "names an earlier entry" in report.checks[2].detail


def test_rewritten_without_the_key(copy: Copy) -> None:
    """Everything made anew but the signature: the root is not the signed one, somewhere between two checkpoints."""
    folder = copy(300)
    leaves = all_leaves(folder)
    leaves[101] = leaves[101].replace(b'"size":50', b'"size":51')
    rewrite(folder, leaves)
    report = verify(folder)
    assert failed(report) == {10}
    assert report.first_bad == 10
    assert "history was rewritten" in report.checks[9].detail


def test_rewritten_with_the_key(copy: Copy, finished: dict[int, Path], key: LogKey) -> None:
    """Everything made anew and signed again by the key's holder: only a checkpoint kept outside gives it away."""
    folder = copy(300)
    since = (finished[300] / "log" / "checkpoint").read_bytes()
    leaves = all_leaves(folder)
    leaves[101] = leaves[101].replace(b'"size":50', b'"size":51')
    rewrite(folder, leaves, key)
    assert verify(folder, key.verifier.text).ok
    report = verify(folder, key.verifier.text, since)
    assert failed(report) == {12}
    assert "signed again" in report.checks[11].detail


def test_tail_cut(copy: Copy, finished: dict[int, Path], key: LogKey) -> None:
    """The tail cut off: found from the signed heads; with those cut too, only from a checkpoint kept outside."""
    folder = copy(300)
    since = (finished[300] / "log" / "checkpoint").read_bytes()
    change(folder, "DELETE FROM leaf WHERE seq >= 290")
    report = verify(folder)
    assert 10 in failed(report)
    assert report.first_bad == 290
    assert "tail was cut off" in report.checks[9].detail
    folder = copy(300)
    rewrite(folder, all_leaves(folder)[:290], key)
    assert verify(folder).ok
    report = verify(folder, since=since)
    assert failed(report) == {12}
    assert report.first_bad == 290


def test_entry_dropped(copy: Copy, key: LogKey) -> None:
    """A dropped row leaves a gap; with everything renumbered and signed again, a result without its intent."""
    folder = copy(300)
    change(folder, "DELETE FROM leaf WHERE seq = 100")
    report = verify(folder)
    assert {2, 5} <= failed(report)
    assert "entry 100: missing" in report.checks[1].detail
    folder = copy(300)
    leaves = all_leaves(folder)
    rewrite(folder, renumbered(leaves[:100] + leaves[101:]), key)
    report = verify(folder)
    assert failed(report) == {5}
    assert report.first_bad == 100


def test_rows_swapped(copy: Copy) -> None:
    """Two entries swapped bear each other's numbers."""
    folder = copy(300)
    a, b = leaf(folder, 20), leaf(folder, 41)
    for seq, data in ((20, b), (41, a)):
        change(folder, "UPDATE leaf SET leaf = :d, leaf_hash = :h WHERE seq = :s", d=data, h=leaf_hash(data), s=seq)
    report = verify(folder)
    assert {4, 10} <= failed(report)
    assert "entry 20: says that it is number 41" in report.checks[3].detail


def test_entry_doubled(copy: Copy) -> None:
    """A result put in a second time answers an intent that has its result."""
    folder = copy(300)
    data = leaf(folder, 299)
    change(folder, "INSERT INTO leaf VALUES (300, :d, :h)", d=data, h=leaf_hash(data))
    report = verify(folder)
    assert failed(report) == {4, 5}
    assert report.first_bad == 300


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (b"", "cut short"),
        (b"{}", "edited by hand"),
        (b"Teh Mia kerja di sini", "cut short or damaged"),
        ("é".encode(), "not plain ASCII"),
        (b'{"act": "log.start"}', "edited by hand"),
    ],
)
def test_foreign_bytes(copy: Copy, bad: bytes, words: str) -> None:
    """Bytes that are no entry are named by kind, and never shown."""
    folder = copy(12)
    change(folder, "UPDATE leaf SET leaf = :bad WHERE seq = 4", bad=bad)
    report = verify(folder)
    assert 3 in failed(report)
    assert words in report.checks[2].detail
    assert "Mia" not in str(report)


def test_signature_flipped(copy: Copy) -> None:
    """A flipped bit in the published signature, in the kept one, or in both."""
    folder = copy(12)
    path = folder / "log" / "checkpoint"
    text = path.read_text()
    bad = (text[:-20] + ("A" if text[-20] != "A" else "B") + text[-19:]).encode()
    path.write_bytes(bad)
    assert failed(verify(folder)) == {8}
    change(folder, "UPDATE head SET note = :bad WHERE size = 12", bad=bad)
    assert failed(verify(folder)) == {9}


def test_wrong_key(copy: Copy, key: LogKey) -> None:
    """A log signed with another key, and one whose public key was replaced to fit, don't fit the key known from outside."""
    folder = copy(12)
    other = new_log_key(ORIGIN)
    rewrite(folder, all_leaves(folder), other)
    assert failed(verify(folder)) == {9}
    (folder / "log.vkey").write_text(other.verifier.text)
    change(folder, "UPDATE meta SET value = :v WHERE name = 'vkey'", v=other.verifier.text)
    assert verify(folder).ok  # the folder agrees with itself: that is why the key goes to the board on paper
    assert failed(verify(folder, key.verifier.text)) == {9}


def test_wrong_origin(copy: Copy, key: LogKey) -> None:
    """A log that was given another name doesn't fit its key and notes."""
    folder = copy(12)
    change(folder, "UPDATE meta SET value = 'samaran.test/other' WHERE name = 'origin'")
    assert 9 in failed(verify(folder))


def test_missing_or_bad_vkey(copy: Copy) -> None:
    """Without its public key nothing is believed."""
    folder = copy(12)
    (folder / "log.vkey").write_text("samaran.test/audit+00000000+AAAA")
    assert failed(verify(folder)) == {9}
    (folder / "log.vkey").unlink()
    assert failed(verify(folder)) == {9}


def test_old_checkpoint_put_back(copy: Copy, key: LogKey) -> None:
    """An older checkpoint, though truly signed, is not the newest."""
    folder = copy(300)
    with Store(folder, writable=False) as store:
        (folder / "log" / "checkpoint").write_bytes(store.heads()[1][2])
    assert failed(verify(folder)) == {8}


def test_heads_removed(copy: Copy) -> None:
    """Signed heads that were deleted are missed."""
    folder = copy(12)
    change(folder, "DELETE FROM head WHERE size = 12")
    assert failed(verify(folder)) == {8}
    change(folder, "DELETE FROM head")
    assert failed(verify(folder)) == {8}


def test_head_edited(copy: Copy) -> None:
    """A signed head whose columns say something else than its note is noticed."""
    folder = copy(12)
    change(folder, "UPDATE head SET size = 9 WHERE size = 10")
    assert {9, 10} <= failed(verify(folder))


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/001", "tile/1/000.p/2", "tile/entries/001", "tile/0/002.p/188"])
@pytest.mark.parametrize("how", ["cut", "flipped", "gone", "longer"])
def test_tiles(copy: Copy, path: str, how: str) -> None:
    """A published tile that is cut, flipped, gone or longer is named, and nothing else is."""
    folder = copy(700)
    file = folder / "log" / path
    data = file.read_bytes()
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes({"cut": data[:-1], "longer": data + b"x"}.get(how, data[:40] + bytes([data[40] ^ 8]) + data[41:]))
    report = verify(folder)
    assert failed(report) == {11}
    assert path in report.checks[10].detail
    with Log(folder) as log:
        assert log.rebuild() == 1
    assert verify(folder).ok


def test_node_changed(copy: Copy) -> None:
    """A stored node that isn't that of its leaves, one too many and one too few are noticed."""
    for statement in ("UPDATE node SET hash = zeroblob(32)", "DELETE FROM node", "INSERT INTO node VALUES (1, 7, zeroblob(32))"):
        folder = copy(300)
        change(folder, statement)
        assert 7 in failed(verify(folder))


def test_open_intents_edited(copy: Copy) -> None:
    """The derived list of open intents is checked against the entries."""
    folder = copy(12)
    change(folder, "INSERT INTO intent VALUES (4)")
    assert failed(verify(folder)) == {5}


def test_kept_checkpoints(copy: Copy, finished: dict[int, Path], key: LogKey) -> None:
    """A kept checkpoint that is damaged, of another log, edited, or newer than the log: each has its own words."""
    folder = copy(300)
    true = (finished[300] / "log" / "checkpoint").read_bytes()
    note = Note.parse(true)
    cases = {
        "can't be read": true[:-5],
        "another log": new_log_key("samaran.test/other").sign(2, note.root),
        "not signed by this key": new_log_key(ORIGIN).sign(300, note.root),
        "tail was cut off": key.sign(301, note.root),
        "not those that were known": key.sign(299, note.root),
    }
    for words, since in cases.items():
        report = verify(folder, since=since)
        assert failed(report) == {12}, words
        assert words in report.checks[11].detail
    assert verify(folder, since=true).ok


def test_database_damaged(copy: Copy) -> None:
    """A database that SQLite finds damaged fails the first check, and no other check claims to have passed."""
    folder = copy(300)
    path = folder / DATABASE
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(4096)
    path.write_bytes(data)
    report = verify(folder)
    assert failed(report) == set(NAMES) - {12}
    assert {check.detail for check in report.checks[1:]} == {"not checked"}


def _mutate(folder: Path, random_: random.Random, key: LogKey) -> str:
    """One random act of tampering. Returns what was done."""
    leaves, kind = all_leaves(folder), random_.choice(KINDS)
    seq = random_.randrange(len(leaves))
    bit = 1 << random_.randrange(8)
    at = random_.randrange(len(leaves[seq]))
    flipped = leaves[seq][:at] + bytes([leaves[seq][at] ^ bit]) + leaves[seq][at + 1 :]
    if kind == "flip leaf":
        change(folder, "UPDATE leaf SET leaf = :d WHERE seq = :s", d=flipped, s=seq)
    elif kind == "flip leaf, hash adapted":
        change(folder, "UPDATE leaf SET leaf = :d, leaf_hash = :h WHERE seq = :s", d=flipped, h=leaf_hash(flipped), s=seq)
    elif kind == "flip hash":
        digest = bytearray(leaf_hash(leaves[seq]))
        digest[at % 32] ^= bit
        change(folder, "UPDATE leaf SET leaf_hash = :h WHERE seq = :s", h=bytes(digest), s=seq)
    elif kind == "drop row":
        change(folder, "DELETE FROM leaf WHERE seq = :s", s=seq)
    elif kind == "cut tail":
        change(folder, "DELETE FROM leaf WHERE seq >= :s", s=seq)
    elif kind == "swap":
        other = (seq + 1 + random_.randrange(len(leaves) - 1)) % len(leaves)
        for place, data in ((seq, leaves[other]), (other, leaves[seq])):
            change(folder, "UPDATE leaf SET leaf = :d, leaf_hash = :h WHERE seq = :s", d=data, h=leaf_hash(data), s=place)
    elif kind == "double":
        change(folder, "INSERT INTO leaf VALUES (:n, :d, :h)", n=len(leaves), d=leaves[seq], h=leaf_hash(leaves[seq]))
    elif kind == "rewrite, old signature":
        other = (seq + 1) % len(leaves)
        rewrite(folder, renumbered_swap(leaves, seq // 2, other // 2))
    elif kind == "rewrite, other key":
        rewrite(folder, leaves, new_log_key(ORIGIN))
    elif kind == "re-sign a shorter log":
        short = leaves[: max(2, seq // 2 * 2)]
        rewrite(folder, short, key)
    else:
        files = sorted(path for path in (folder / "log").rglob("*") if path.is_file())
        current = {folder / "log" / tile.path for tile in tiles.tiles(len(leaves))} | {folder / "log" / "checkpoint"}
        file = random_.choice([path for path in files if path in current])
        data = file.read_bytes()
        at = random_.randrange(len(data))
        if kind == "truncate file":
            file.write_bytes(data[:at])
        elif kind == "flip file":
            file.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
        else:
            file.unlink()
        kind += f" {file.relative_to(folder)}"
    return kind


KINDS = (
    "flip leaf",
    "flip leaf, hash adapted",
    "flip hash",
    "drop row",
    "cut tail",
    "swap",
    "double",
    "rewrite, old signature",
    "rewrite, other key",
    "re-sign a shorter log",
    "truncate file",
    "flip file",
    "remove file",
)


def renumbered_swap(leaves: list[bytes], a: int, b: int) -> list[bytes]:
    """Two whole acts exchanged and everything renumbered; where that changes nothing, one act's subject is changed."""
    acts = [leaves[n : n + 2] for n in range(0, len(leaves), 2)]
    acts[a], acts[b] = acts[b], acts[a]
    made = renumbered([data for act in acts for data in act])
    if made == leaves:
        made = [data.replace(b"5a5a", b"5b5b", 1) for data in made]
    return made


@pytest.fixture
def kept(finished: dict[int, Path]) -> dict[int, bytes]:
    return {size: (folder / "log" / "checkpoint").read_bytes() for size, folder in finished.items()}


def _mutations(rounds: int, seed: int, copy: Copy, key: LogKey, kept: dict[int, bytes]) -> None:
    random_ = random.Random(seed)
    seen: dict[str, int] = {}
    for n in range(rounds):
        size = 300 if n % 8 == 0 else 12
        folder = copy(size)
        kind = _mutate(folder, random_, key)
        report = verify(folder, key.verifier.text, kept[size])
        assert not report.ok, f"round {n} of seed {seed}: {kind}"
        name = kind.split(" log/")[0]
        seen[name] = seen.get(name, 0) + 1
        if name in ("flip leaf", "flip hash"):
            assert 6 in failed(report)
        if name in ("rewrite, other key",):
            assert 9 in failed(report)
        if name == "re-sign a shorter log":
            assert 12 in failed(report)
    assert set(seen) == set(KINDS)


def test_mutations(copy: Copy, key: LogKey, kept: dict[int, bytes]) -> None:
    """Two hundred random acts of tampering are all detected."""
    _mutations(200, 2026, copy, key, kept)


@pytest.mark.slow
def test_many_mutations(copy: Copy, key: LogKey, kept: dict[int, bytes]) -> None:
    """A thousand random acts of tampering are all detected."""
    _mutations(1000, 1984, copy, key, kept)
