"""Sealing a stretch of the inbox: what is packed together, and what a fault in the middle of it leaves."""

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from samaran.audit.vocabulary import Phase
from samaran.errors import Busy, SamaranError
from samaran.model import Reason
from samaran.pipeline import opening, sealing
from samaran.pipeline.deidentify import Run, deidentify
from samaran.pipeline.desk import Desk
from samaran.pipeline.intake import Arrival, receive
from samaran.pipeline.inventory import check, inventory
from samaran.state import SourceRow
from samaran.vault.keys import PrivateKey, load_private_key
from samaran.vault.pool import unwrap
from samaran.vault.seal import open_bytes, seal
from tests.guards.dying import contents
from tests.guards.dying_sealing import fill
from tests.studies import PASSPHRASE, copy_of


@pytest.fixture
def study(prepared: Path, tmp_path: Path) -> Path:
    """Many small sources of several informants in the inbox, and a large one."""
    folder = copy_of(prepared, tmp_path)
    fill(folder / "inbox")
    return folder


@pytest.fixture
def desk(study: Path) -> Iterator[Desk]:
    with Desk.open(study) as opened:
        yield opened


def sealed(desk: Desk) -> Run:
    """A run that has come to the end of sealing."""
    run = Run(desk)
    run.begin()
    for source_id in run.source_ids:
        run.seal(source_id)
    run._act.ok(n=0)
    run._act.__exit__(None, None, None)
    return run


def holder(desk: Desk) -> PrivateKey:
    return load_private_key(desk.study.folder.parent / "keys" / "reviewer.key", None)


def keys(desk: Desk) -> list[PrivateKey]:
    """The private keys of everybody of whom something was sealed."""
    return [unwrap(desk.study.folder / "vault", sid, holder(desk)) for sid in desk.register.subjects.values()]


def ids(arrivals: Sequence[Arrival]) -> list[str]:
    return [arrival.source_id for arrival in arrivals]


def test_a_stretch_has_bounds(desk: Desk) -> None:
    """So many sources, so many bytes, in their order; a large one is alone; whatever there is, there is at least one."""
    one = receive(desk).arrivals[0]
    many = [replace(one, source_id=str(n), size=20_000) for n in range(1000)]
    by_bytes = sealing.stretch(many)
    assert ids(by_bytes) == [str(n) for n in range(len(by_bytes))]
    assert 180 < len(by_bytes) < 210
    assert len(sealing.stretch([replace(a, size=9) for a in many])) == 256
    large = replace(one, source_id="large", size=1 << 40)
    assert ids(sealing.stretch([large, *many])) == ["large"]
    assert ids(sealing.stretch([many[0], large, many[1]])) == ["0"]
    assert sealing.stretch([]) == ()


def test_a_pack_has_one_subject(desk: Desk) -> None:
    """Small sources of one informant share a pack, nobody shares one with another; the state lists sources as the inbox does;
    every source opens by its id with the keys of two."""
    run = sealed(desk)
    rows = desk.state.sources()
    assert [row.source_id for row in rows] == list(run.source_ids)
    by_pack: dict[str, set[str]] = {}
    for row in rows:
        by_pack.setdefault(row.pack, set()).add(row.subject)
    assert all(len(subjects) == 1 for subjects in by_pack.values())
    assert len(by_pack) < len(rows) / 3
    assert {path.name for path in (desk.study.folder / "vault" / "originals").iterdir()} == {f"{p}.tar.age" for p in by_pack}
    pi = load_private_key(desk.study.folder.parent / "keys" / "pi.key", PASSPHRASE)
    for arrival in (run.intake.arrivals[0], run.intake.arrivals[-1]):
        out = desk.study.folder.parent / arrival.source_id
        opening.open_original(desk, arrival.source_id, [holder(desk), pi], "access", out)
        assert out.read_bytes() == (desk.study.inbox / arrival.path).read_bytes()


def test_names_and_sizes_say_little(desk: Desk) -> None:
    """Packs of small sources are alike in size, whatever is in them, and so are work files; names are keyed digests."""
    deidentify(desk)
    vault = desk.study.folder / "vault"
    small = [path.stat().st_size for path in (vault / "originals").iterdir()]
    assert sum(size < 68_000 for size in small) == len(small) - 1
    *alike, large = sorted(path.stat().st_size for path in (vault / "work").iterdir())
    assert alike[-1] - alike[0] < 1000 < large - alike[-1], "age headers differ by chance, by some hundred bytes"
    for path in (vault / "originals").iterdir():
        assert len(path.name.removesuffix(".tar.age")) == 20


def test_every_source_has_its_entries(desk: Desk) -> None:
    """Each source's sealing stands in the log as intent and result, which names the pack as it lies there."""
    sealed(desk)
    acts = [entry for entry in desk.log.entries() if entry.act == "source.seal"]
    items = inventory(desk, ())
    assert [e.phase for e in acts].count(Phase.INTENT) == len(items)
    assert sorted((e.sid, e.obj, e.size) for e in acts if e.phase == Phase.RESULT) == sorted(
        (i.sid, i.sha256, i.size) for i in items
    )


@pytest.mark.parametrize("room", [0, 1, 2, 3])
def test_the_disk_fills_up_within_a_stretch(desk: Desk, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """What was sealed before stays sealed, every other source waits with the same sentence, nothing half is left; the next run
    goes on."""
    written, write = 0, os.write

    def filling(file: int, data: bytes) -> int:
        nonlocal written
        written += 1
        if written > room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(file, data)

    monkeypatch.setattr(os, "write", filling)
    before = contents(desk.study.folder, [])[0]
    run = sealed(desk)
    monkeypatch.undo()
    told = [outcome for outcome in run.outcomes.values() if outcome.what == "failed"]
    assert {str(outcome.error) for outcome in told} == {"The disk is full: nothing was written."}
    assert len(desk.state.sources()) + len(told) == len(run.source_ids)
    assert desk.state.sealing() == {}
    assert not list((desk.study.folder / "vault").rglob("*.part"))
    assert check(desk).faults == ()
    run = sealed(desk)
    assert run.outcomes == {}
    assert contents(desk.study.folder, keys(desk)) == (before, before)


@pytest.mark.parametrize("error", [Busy("In use.", "Again."), SamaranError("The disk is full.", "Free some space.")])
def test_the_state_can_not_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: SamaranError) -> None:
    """Packs that are durable but don't stand in the state count for nothing: the next run removes them and seals anew."""

    def fails(*_: Any) -> None:
        raise error

    before = contents(desk.study.folder, [])[0]
    run = Run(desk)
    with monkeypatch.context() as patch:
        patch.setattr(desk.state, "put_sealed", fails)
        if isinstance(error, Busy):
            with pytest.raises(Busy):
                run.seal(run.source_ids[0])
        else:
            run.seal(run.source_ids[0])
            assert {o.what for o in run.outcomes.values()} == {"failed"}
            assert len(run.outcomes) > 1
    assert list((desk.study.folder / "vault" / "originals").iterdir())
    (desk.study.inbox / "INF-01_chat_0.txt").write_text("I: lain.\n")
    before.update([b"I: lain.\n"])
    sealed(desk)
    assert contents(desk.study.folder, keys(desk)) == (before, before)
    assert check(desk, (holder(desk),)).faults == ()


def test_a_pack_is_not_removed_on_the_word_of_a_database(desk: Desk) -> None:
    """A state that came back from a copy says that a pack is unfinished; one of its raw files is gone: the pack stays."""
    run = sealed(desk)
    pack = desk.state.sources()[0].pack
    held = [row.source_id for row in desk.state.sources() if row.pack == pack]
    desk.state._db.execute("DELETE FROM source")
    desk.state.begin_sealing(dict.fromkeys(held, pack))
    (desk.study.inbox / run.intake.arrivals[0].path).unlink()
    sealing.forget_unfinished(desk, set(run.source_ids) - {held[0]})
    assert desk.pack(pack).exists()
    assert desk.state.sealing() == {}


def test_one_that_changed_stays_out_alone(desk: Desk) -> None:
    """Of a stretch in which one source changed and one is gone, the others are sealed, and the two have their reason."""
    run = Run(desk)
    changed, gone = (desk.study.inbox / arrival.path for arrival in run.intake.arrivals[1:3])
    changed.write_text("I: lagi.\n")
    gone.unlink()
    run.seal(run.source_ids[0])
    assert {i: o.reason for i, o in run.outcomes.items()} == dict.fromkeys(run.source_ids[1:3], Reason.CHANGED_WHILE_READ)
    assert run.source_ids[0] in {row.source_id for row in desk.state.sources()}
    assert changed.exists()


def test_swapped_packs_are_noticed(desk: Desk) -> None:
    """The packs of two informants exchanged on the disk: found without any key. Two of one informant: found with one."""
    sealed(desk)
    rows = desk.state.sources()
    mine = [row for row in rows if row.subject == "INF-02"]
    (one, other) = {desk.pack(row.pack) for row in mine}
    another = desk.pack(next(row.pack for row in rows if row.subject == "INF-01"))
    for first, second, with_keys in ((one, another, ()), (one, other, (holder(desk),))):
        a, b = first.read_bytes(), second.read_bytes()
        first.write_bytes(b)
        second.write_bytes(a)
        assert check(desk, with_keys).faults
        first.write_bytes(a)
        second.write_bytes(b)
    assert check(desk, (holder(desk),)).faults == ()


def test_a_vault_from_before_is_read(desk: Desk) -> None:
    """Sources that lie bare, one in a file of its own, are listed, checked and opened as they always were."""
    sealed(desk)
    row = desk.state.sources()[0]
    sid, recipient = desk.subject_recipient(row.subject) or ("", "")
    raw = (desk.study.inbox / "INF-01_chat_1.txt").read_bytes()
    desk.state._db.execute("UPDATE source SET pack = '' WHERE source_id = ?", (row.source_id,))
    done = seal(raw, desk.original(row.source_id), [recipient])
    with desk.log.act("source.seal", sid=sid) as act:
        act.ok(obj=done.sha256, size=done.size)
    old: SourceRow | None = desk.state.source(row.source_id)
    assert old is not None
    assert open_bytes(desk.sealed(old), keys(desk)) == raw
    assert check(desk, (holder(desk),)).faults == ()
    assert next(item.size for item in inventory(desk, ()) if item.source_id == row.source_id) == done.size
    pi = load_private_key(desk.study.folder.parent / "keys" / "pi.key", PASSPHRASE)
    out = desk.study.folder.parent / "out"
    opening.open_original(desk, row.source_id, [holder(desk), pi], "access", out)
    assert out.read_bytes() == raw
