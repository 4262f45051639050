"""The way of docs/two-machines.md: a collecting machine that can't open, a review desk, a stick between them, a withdrawal."""

import re
import shutil
from pathlib import Path

import pytest

from samaran import register, withdrawals
from samaran.audit.vocabulary import Step
from samaran.errors import KeyUnusable
from samaran.pipeline.desk import Desk
from samaran.vault.keys import load_private_key
from samaran.vault.pool import unwrap
from tests.cli.conftest import INTERVIEW, Samaran, Small
from tests.cli.test_withdraw import NAMES, THEIRS, everything, released, settle, two_keys

PAGE = (Path(__file__).parents[2] / "docs" / "two-machines.md").read_text(encoding="utf-8")
LEFT_OUT = [line.strip().strip("/") for line in re.findall(r"^    /\S+$", PAGE, re.M)]
"""What the page's carry.txt names: what rsync leaves alone on both sides."""
NEVER_ON_A_STICK = ("inbox", "vault/keys", "register/working.key", "audit/log.key", "roster.csv", "manifest.csv", "form.csv")


def carry(source: Path, target: Path) -> None:
    """What `rsync -a --delete --exclude-from=carry.txt source/ target/` does."""
    for path in sorted(target.rglob("*"), reverse=True) if target.exists() else ():
        if not _left_out(path.relative_to(target)) and not (source / path.relative_to(target)).exists():
            path.rmdir() if path.is_dir() else path.unlink()
    target.mkdir(exist_ok=True)
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if _left_out(name):
            continue
        if path.is_dir():
            (target / name).mkdir(parents=True, exist_ok=True)
        else:
            shutil.copy2(path, target / name)


def _left_out(name: Path) -> bool:
    return any(
        name == Path(one) or Path(one) in name.parents or (name in Path(one).parents and name.is_dir()) for one in LEFT_OUT
    )


@pytest.fixture
def field(small: Small) -> Path:
    """The collecting machine's folder, from hand to hand: without the wrapped keys. The study knows it, the stick, and a stick
    with the PI's copies of the keys."""
    config = small.folder / "study.toml"
    place = small.folder.parent
    config.write_text(
        config.read_text() + f'\n[vault]\nplaces = ["{place / "pi-stick"}"]\ncopies = ["field laptop", "{place / "stick"}"]\n'
    )
    shutil.copytree(small.folder / "vault" / "keys", small.folder.parent / "pi-stick" / "keys")
    folder = small.folder.parent / "field"
    shutil.copytree(small.folder, folder, ignore=shutil.ignore_patterns("keys"))
    return folder


def collected(field: Path, samaran: Samaran) -> None:
    """Two interviews, taken in where nobody can open them."""
    for code, text in (("INF-01", INTERVIEW), ("INF-02", THEIRS)):
        (field / "inbox" / f"{code}_wawancara_1.txt").write_text(text)
    assert samaran("run", field, "--direct").code == 0


def test_the_page_leaves_out_what_may_not_be_on_a_stick() -> None:
    """Raw files, keys, and tables with names."""
    assert tuple(LEFT_OUT) == NEVER_ON_A_STICK


def test_there_and_back(small: Small, samaran: Samaran, field: Path, tmp_path: Path) -> None:
    """The collecting machine takes in and can't open, not even with a holder's key; the stick holds no key and no name in plain.
    The desk reviews and releases; the field goes on with the same entities, and one log has it all."""
    desk, stick = small.folder, tmp_path / "stick"
    collected(field, samaran)
    with Desk.open(field) as there:
        sid = there.register.subjects["INF-02"]
    with pytest.raises(KeyUnusable):
        unwrap(field / "vault", sid, load_private_key(small.keys / "pi.key", None))
    carry(field, stick)
    carried = b"".join(path.read_bytes() for path in stick.rglob("*") if path.is_file()).lower()
    assert not [name for name in (*NAMES[:6], "maharani", "age-secret-key", "private+key") if name.encode() in carried]
    assert samaran("audit", "verify", stick, "--since", desk / "audit" / "log" / "checkpoint").code == 0
    carry(stick, desk)
    settle(small, samaran, tmp_path)
    assert len(released(small, samaran).name) > 0
    assert samaran("audit", "verify", stick, "--since", desk / "audit" / "log" / "checkpoint").code == 4
    carry(desk, stick)
    carry(stick, field)
    (field / "inbox" / "INF-01_wawancara_2.txt").write_text("P: Lagi?\nI: Nomor saya 0812-2094-7715.\n")
    assert samaran("run", field, "--direct").code == 0
    carry(field, stick)
    assert samaran("audit", "verify", stick, "--since", desk / "audit" / "log" / "checkpoint").code == 0
    carry(stick, desk)
    settle(small, samaran, tmp_path)
    text = (released(small, samaran) / "segments.jsonl").read_text()
    assert len(set(re.findall(r"\[TELEPON-\d+\]|\[PHONE-\d+\]|\[[A-Z]+-\d+\]", text))) > 1
    assert samaran("audit", "verify", desk).code == 0


def test_a_withdrawal_reaches_every_place(small: Small, samaran: Samaran, field: Path, tmp_path: Path) -> None:
    """Frozen in the field, erased at the desk; the keys go from the vault and the PI's stick. Until the field's folder and the
    stick's are replaced the withdrawal is open, the certificate says which are done and which are not, and an older copy that
    samaran sees can't be talked away. In the end no byte in any place holds a name of theirs."""
    desk, stick = small.folder, tmp_path / "stick"
    collected(field, samaran)
    assert samaran("withdraw", field, "INF-02").code == 3
    carry(field, stick)
    carry(stick, desk)
    assert "field laptop" in samaran("withdraw", desk, "INF-02").out
    done = samaran("withdraw", desk, "INF-02", *two_keys(small))
    assert done.code == 3, done.err
    assert "Still to do: field laptop may hold their names" in done.out
    assert samaran("withdraw", desk, "INF-02", "--done", "stick").code == 2
    assert samaran("withdraw", desk, "INF-02", "--done", stick).code == 2
    with Desk.open(desk) as there:
        (sid,) = there.register.spent
    assert not list((tmp_path / "pi-stick").rglob(f"{sid}*"))
    text = (desk / "withdrawals" / "INF-02.all.txt").read_text()
    assert "Other places: NOT DONE YET: field laptop" in text
    assert "in a place that is NOT DONE YET, keys" in text
    assert f"Other places: done: {tmp_path / 'pi-stick'}: the key was destroyed there" in text
    assert "not finished" in text
    assert f"{stick} is not replaced" in samaran("status", desk).out
    carry(desk, stick)
    carry(stick, field)
    assert "field laptop is not replaced" in samaran("status", field).out
    (field / "inbox" / "INF-02_wawancara_2.txt").write_text(THEIRS)
    last = samaran("withdraw", field, "INF-02", "--done", "field laptop")
    assert last.code == 0, last.out + last.err
    assert [path.name for path in (field / "inbox").iterdir()] == []
    carry(field, stick)
    carry(stick, desk)
    (found,) = withdrawals.read(desk)
    assert (found.stage, found.places, found.copies, found.sids) == ("executed", (), (), ())
    assert [line.split(" ", 2)[1:] for line in found.done] == [
        ["destroyed", str(tmp_path / "pi-stick")],
        ["replaced", str(stick)],
        ["said", "field laptop"],
    ]
    text = (desk / "withdrawals" / "INF-02.all.txt").read_text()
    assert "NOT DONE" not in text
    assert "Tempat lain: sudah: field laptop: menurut keterangan seseorang" in text
    with Desk.open(desk) as there:
        assert [e.code for e in there.log.entries() if e.act == "informant.withdraw" and e.code][-1] == Step.RESOLVED
    for folder in (desk, field, stick):
        found_bytes = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
        assert not [name for name in NAMES if name.encode() in found_bytes], folder
    with Desk.open(field) as there:
        assert b"yuyun" not in register.to_bytes(there.register).lower()
    assert not [name for name in NAMES if name.encode() in everything(small).lower()]
    assert samaran("audit", "verify", desk).code == 0


def test_a_place_that_is_lost(small: Small, samaran: Samaran, field: Path, tmp_path: Path) -> None:
    """A stick with keys that burned is done by a person's word, under their key; nobody can say it before anything was
    destroyed, a stranger's key says nothing, and nothing is said twice."""
    collected(small.folder, samaran)
    shutil.rmtree(tmp_path / "pi-stick")
    lost, pi = ("--done", tmp_path / "pi-stick"), ("--key", small.keys / "pi.key")
    early = samaran("withdraw", small.folder, "INF-02", *lost, *pi)
    assert early.code == 2
    assert "Nothing was destroyed" in early.err
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 3
    assert samaran("withdraw", small.folder, "INF-02", *lost, *pi).code == 3
    with Desk.open(small.folder) as desk:
        said = [entry for entry in desk.log.entries() if entry.act == "informant.withdraw"][-2:]
    assert said[0].actor == load_private_key(small.keys / "pi.key", None).id
    assert (said[1].code, len(said[1].obj or "")) == (Step.RESOLVED, 64)
    assert samaran("withdraw", small.folder, "INF-02", *lost, *pi).code == 2
    other = tmp_path / "other"
    samaran("init", other)
    samaran("keys", "new", other, "--for", "pi", "--out", tmp_path / "stranger.key", "--no-passphrase")
    strange = samaran("withdraw", small.folder, "INF-02", "--done", "field laptop", "--key", tmp_path / "stranger.key")
    assert strange.code == 1
    assert samaran("withdraw", small.folder, "INF-02", "--done", "field laptop", "--done", tmp_path / "stick").code == 0
