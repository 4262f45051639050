"""A withdrawal waits for nobody else: not for a broken source of another informant, nor for a study that is out of order."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from samaran import register, withdrawals
from samaran.detect import Detector
from samaran.export import readback
from samaran.model import Mention, Reason, Transcript
from samaran.pipeline import reviewing, withdrawing
from samaran.pipeline.deidentify import Run
from samaran.pipeline.desk import Desk
from samaran.pipeline.sanitizing import Draft
from samaran.state import SourceRow
from samaran.vault.keys import PrivateKey, load_private_key
from tests.cli.conftest import INTERVIEW, Samaran, Small
from tests.cli.test_withdraw import NAMES, THEIRS, everything, prepared, released, settle, text_of, two_keys
from tests.studies import SAMARAN, environment

ANOTHER = "P: Siapa lagi?\nI: Teman saya Yuyun, dan Mang Ujang di Cihampelas.\n"


class Killed(BaseException):
    """The end of a process, as far as a test can play it."""


def _killed(*_: object, **__: object) -> None:
    raise Killed


def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Detection raises for every source in which Mang Ujang is spoken of."""
    find = Detector.find

    def broken(self: Detector, transcript: Transcript, *rest: object, **named: object) -> tuple[Mention, ...]:
        if "Ujang" in transcript.text:
            raise RuntimeError("a recognizer that gives up")
        return find(self, transcript, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Detector, "find", broken)


@pytest.mark.parametrize("how", ["detection fails", "cut short before linking", "cut short after linking"])
def test_a_broken_source_of_another_holds_up_nobody(
    small: Small, samaran: Samaran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """INF-02 is erased, whatever state a source of INF-01 is in: one whose detection fails in each run, or one that a killed run
    left half way. What INF-01 had is as it was; and the broken source comes in whole as soon as it can."""
    first = prepared(small, samaran, tmp_path)
    kept = [line for line in (first / "segments.jsonl").read_bytes().splitlines() if b'"INF-01"' in line]
    before = text_of(small.folder)
    small.put("INF-01_wawancara_2.txt", ANOTHER)
    with monkeypatch.context() as patch:
        if how == "detection fails":
            failing(patch)
            for _ in range(2):
                assert samaran("run", small.folder, "--direct").code == 1
        else:
            patch.setattr(Run, "link" if "before" in how else "finish", _killed)
            with pytest.raises(Killed):
                samaran("run", small.folder, "--direct")
        done = samaran("withdraw", small.folder, "INF-02", *two_keys(small), "--json")
        assert done.code == 0, done.out + done.err
    assert json.loads(done.out)["withdrawal"]["stage"] == "executed"
    assert text_of(small.folder) == before
    (small.folder / "inbox" / "INF-01_wawancara_2.txt").rename(tmp_path / "aside")
    found = everything(small).lower()
    assert not [name for name in NAMES if name.encode() in found]
    (tmp_path / "aside").rename(small.folder / "inbox" / "INF-01_wawancara_2.txt")
    assert samaran("run", small.folder, "--direct").code == 0
    settle(small, samaran, tmp_path)
    lines = (released(small, samaran) / "segments.jsonl").read_bytes().splitlines()
    assert set(kept) <= set(lines)
    assert len(lines) == len(kept) + 2
    assert b"uyun" not in b"".join(lines)
    assert b"Ujang" not in b"".join(lines)


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("what", ["work", "keys"])
def test_damage_on_the_disk_holds_up_nobody(small: Small, samaran: Samaran, tmp_path: Path, what: str, behind: bool) -> None:
    """A work file or wrapped key of another that is damaged doesn't hold up INF-02. Where that source had been searched for all
    names nothing is said; where it was behind, it stays withheld, and the command and its file say which."""
    prepared(small, samaran, tmp_path)
    before = text_of(small.folder)
    with Desk.open(small.folder) as desk:
        (row,) = (row for row in desk.state.sources() if row.informants == ("INF-01",))
        path = {
            "work": desk.work(row.source_id),
            "keys": small.folder / "vault" / "keys" / f"{desk.register.subjects['INF-01']}.age",
        }
        path[what].write_bytes(path[what].read_bytes()[:-30])
        if behind:
            desk.state.add_decisions((), stale=[row.source_id])
    done = samaran("withdraw", small.folder, "INF-02", *two_keys(small))
    assert done.code == 0, done.out + done.err
    assert (f"Source {row.source_id} of others can't be opened" in done.out) is behind
    assert withdrawals.read(small.folder)[0].unsearched == ((row.source_id,) if behind else ())
    assert text_of(small.folder) == before
    found = everything(small).lower()
    assert not [name for name in NAMES if name.encode() in found]
    out = json.loads(samaran("release", small.folder, "--json").out)
    assert [held["reason"] for held in out["withheld"]] == (["second-pass-due"] if behind else [])


def test_a_broken_source_of_theirs_goes_with_the_rest(
    small: Small, samaran: Samaran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own source in which detection fails is erased like all others, sealed file and raw file."""
    prepared(small, samaran, tmp_path)
    small.put("INF-02_wawancara_2.txt", THEIRS + "I: Mang Ujang.\n")
    failing(monkeypatch)
    assert samaran("run", small.folder, "--direct").code == 1
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    assert not list((small.folder / "inbox").iterdir())
    assert len(list((small.folder / "vault" / "originals").iterdir())) == 1
    found = everything(small).lower()
    assert not [name for name in NAMES if name.encode() in found]


def _no_working_key(study: Path) -> None:
    (study / "register" / "working.key").unlink()


def _damaged_state(study: Path) -> None:
    for path in study.glob("state.db-*"):
        path.unlink()
    (study / "state.db").write_bytes(b"not a database" * 400)


def _wrong_config(study: Path) -> None:
    (study / "study.toml").write_text((study / "study.toml").read_text() + "\n[oops]\n")


def _no_log(study: Path) -> None:
    for path in (study / "audit").glob("log.db*"):
        path.unlink()


def _damaged_register(study: Path) -> None:
    path = study / "register" / "register.age"
    path.write_bytes(path.read_bytes()[:-10])


def _another_withdrawal(study: Path) -> None:
    withdrawals.write(study, withdrawals.Withdrawal("INF-01", "all", "2026-01-01T00:00Z"))
    withdrawals.path_of(study, withdrawals.Withdrawal("INF-01", "all", "")).write_bytes(b"{")


@pytest.mark.parametrize(
    "break_it",
    [_no_working_key, _damaged_state, _wrong_config, _no_log, _damaged_register, _another_withdrawal],
)
def test_frozen_in_any_state(
    small: Small, samaran: Samaran, tmp_path: Path, break_it: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with the study, they are frozen, the clock runs, what is wrong is said; asking again keeps the clock."""
    prepared(small, samaran, tmp_path)
    break_it(small.folder)
    asked = samaran("withdraw", small.folder, "inf02")
    assert asked.code not in (0, 3)
    assert "INF-02 is frozen" in asked.out
    assert asked.err.startswith("samaran: ")
    path = small.folder / "withdrawals" / "INF-02.all.json"
    first = path.read_bytes()
    monkeypatch.setattr(withdrawals, "stamp", lambda _: "2999-01-01T00:00Z")
    samaran("withdraw", small.folder, "INF-02")
    assert path.read_bytes() == first


def test_a_request_comes_into_the_log_later(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Frozen while the study couldn't be opened: the log gets the request as soon as the command is given again, once."""
    prepared(small, samaran, tmp_path)
    key = small.folder / "register" / "working.key"
    key.rename(tmp_path / "aside")
    assert samaran("withdraw", small.folder, "INF-02").code == 1
    (tmp_path / "aside").rename(key)
    for _ in range(2):
        assert samaran("withdraw", small.folder, "INF-02").code == 3
        with Desk.open(small.folder) as desk:
            assert [e.code for e in desk.log.entries() if e.act == "informant.withdraw" and e.code] == ["waiting"]
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    part = samaran("withdraw", small.folder, "INF-02", "--scope", "quotes")
    assert part.code == 2
    assert "taken back already" in part.err


def test_tables_of_consent_hold_up_nobody(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A wrong row of another in consent.csv stops runs and releases, and no withdrawal. Who is known from that table alone is
    frozen, and carried out once it can be read."""
    (tmp_path / "one").mkdir()
    prepared(small, samaran, tmp_path / "one")
    consent = small.folder / "consent.csv"
    whole = consent.read_text() + "INF-03,1,2026-01-03,written,yes,no,no,no,no,no,no,no\n"
    consent.write_text(whole + "INF-04,1,yesterday,written,yes,no,no,no,no,no,no,no\n")
    assert samaran("release", small.folder).code == 2
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    asked = samaran("withdraw", small.folder, "INF-03", *two_keys(small))
    assert (asked.code, "INF-03 is frozen" in asked.out) == (2, True)
    consent.write_text(whole)
    assert samaran("withdraw", small.folder, "INF-03", *two_keys(small)).code == 0


def test_nobody_is_frozen_by_a_slip(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A code that nobody has, and a folder that is no study, write nothing."""
    for folder, code in ((small.folder, "INF-77"), (small.folder, "Rani"), (tmp_path, "INF-02")):
        asked = samaran("withdraw", folder, code)
        assert asked.code == 2
        assert "frozen" not in asked.out
        assert not (folder / "withdrawals").exists()


@pytest.mark.parametrize("after", ["begin", "seal", "prepare", "link", "finish"])
def test_a_run_in_another_process_does_not_go_on_with_theirs(small: Small, samaran: Samaran, after: str) -> None:
    """Another process asks while a run is at work: from its next step on the run does nothing with theirs, whichever step that
    is; the names in their file don't come into the register, and the raw file stays. The others' goes its way."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW.replace("Yuyun", "Mira"))
    small.put("INF-02_wawancara_1.txt", THEIRS)
    with Desk.open(small.folder) as desk:
        run = Run(desk)
        for step in ("begin", "seal", "prepare", "link", "finish"):
            if step in ("begin", "link"):
                getattr(run, step)()
            else:
                for source_id in run.source_ids:
                    getattr(run, step)(source_id)
            if step == after:
                words = [*SAMARAN, "withdraw", str(small.folder), "INF-02"]
                asked = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())
                assert asked.returncode == 3
                assert "INF-02 is frozen" in asked.stdout
                assert "at work" in asked.stderr
        run.end()
        outcomes = {o.what: o.reason for o in run.outcomes.values()}
        assert outcomes == ({"done": None} if after == "finish" else {"done": None, "refused": Reason.WITHDRAWN})
        assert (small.folder / "inbox" / "INF-02_wawancara_1.txt").exists() is (after != "finish")
        assert (b"7788" in register.to_bytes(desk.register)) is (after in ("link", "finish"))
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    assert not (small.folder / "inbox" / "INF-02_wawancara_1.txt").exists()
    assert b"7788-1234" not in everything(small).lower()


def test_a_review_under_way_opens_nothing_more_of_theirs(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet that is being written has no row of somebody who withdrew meanwhile."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    small.put("INF-02_wawancara_1.txt", THEIRS)
    assert samaran("run", small.folder, "--direct").code == 0
    key, opened = load_private_key(small.keys / "reviewer.key", None), reviewing.open_source

    def slow(desk: Desk, row: SourceRow, key: PrivateKey) -> Draft:
        withdrawing.freeze(small.folder, "INF-02", "all")
        return opened(desk, row, key)

    monkeypatch.setattr(reviewing, "open_source", slow)
    with Desk.open(small.folder) as desk:
        theirs = {row.source_id for row in desk.state.sources() if row.informants == ("INF-02",)}
        rows = reviewing.sheet(desk, key)
        assert rows
        assert not [row for row in (*rows, *reviewing.suspicious(desk, key)) if row.cells["source"] in theirs]


def test_a_release_under_way_is_not_made(small: Small, samaran: Samaran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who withdraws while a release with their segments is written is in no release: the folder goes, and the command says so."""
    (first := prepared(small, samaran, tmp_path)).rename(tmp_path / "first")
    read_back = readback.read_back

    def slow(*words: Any) -> Any:
        withdrawing.freeze(small.folder, "INF-02", "all")
        return read_back(*words)

    config = small.folder / "study.toml"
    config.write_text(config.read_text() + "\n# another config, another release\n")
    monkeypatch.setattr(readback, "read_back", slow)
    made = samaran("release", small.folder)
    assert made.code == 3
    assert "withdrew while" in made.err
    assert not [path for path in first.parent.iterdir() if path.is_dir()]
    assert samaran("release", small.folder).code == 0
    assert samaran("audit", "verify", small.folder).code == 0


def test_a_release_that_was_cut_short_goes_too(
    small: Small, samaran: Samaran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that a killed release left, whole or half written, and that stands nowhere: a withdrawal finds and deletes it."""
    prepared(small, samaran, tmp_path)
    for profile, step in (("publication", "samaran.state.State.put_release"), ("archive", "samaran.export.readback.read_back")):
        consent = small.folder / "consent.csv"
        consent.write_text(
            consent.read_text().replace(
                "INF-02,1,2026-01-03,written,yes,no,no,no,no", "INF-02,1,2026-01-03,written,yes,no,yes,no,yes"
            )
        )
        with monkeypatch.context() as patch:
            patch.setattr(step, _killed)
            patch.setattr("samaran.export.folder.shutil.rmtree", lambda *_, **__: None)
            with pytest.raises(Killed):
                samaran("release", small.folder, "--profile", profile)
    left = sorted(path.name.partition("-")[0] for path in (small.folder / "releases").iterdir() if path.is_dir())
    assert left == [".archive", "analysis", "publication"]
    assert samaran("withdraw", small.folder, "INF-02", *two_keys(small)).code == 0
    assert not [path for path in (small.folder / "releases").iterdir() if path.is_dir()]
    assert b"tarif 275rb" not in everything(small).lower()


def test_two_of_a_board_without_the_investigator(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Where board members open only together, two of them carry a withdrawal out while the investigator can't be reached, and the
    other's sources that are behind are brought up to date with both keys. One alone, twice, does not."""
    member, config = small.keys / "member.key", small.folder / "study.toml"
    assert samaran("keys", "new", small.folder, "--for", "board", "--out", member, "--no-passphrase").code == 0
    config.write_text(config.read_text() + "\n[vault]\nboard_quorum = 2\n")
    assert samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key").code == 0
    prepared(small, samaran, tmp_path)
    assert samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key").code == 0
    with Desk.open(small.folder) as desk:
        desk.state.add_decisions((), stale=[row.source_id for row in desk.state.sources()])
    before = text_of(small.folder)
    board = small.keys / "board.key"
    assert samaran("withdraw", small.folder, "INF-02", "--key", board, "--key", board).code == 1
    done = samaran("withdraw", small.folder, "INF-02", "--key", board, "--key", member)
    assert done.code == 0, done.out + done.err
    assert withdrawals.read(small.folder)[0].unsearched == ()
    assert text_of(small.folder) == before
    with Desk.open(small.folder) as desk:
        assert not [row for row in desk.state.sources() if row.stale]


def test_keys_that_open_nothing_erase_nothing(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Two holders for whom nothing was wrapped yet: nobody's sources could be brought up to date, so nothing is destroyed."""
    prepared(small, samaran, tmp_path)
    new = [small.keys / "new1.key", small.keys / "new2.key"]
    for path in new:
        assert samaran("keys", "new", small.folder, "--for", "reviewer", "--out", path, "--no-passphrase").code == 0
    done = samaran("withdraw", small.folder, "INF-02", "--key", new[0], "--key", new[1])
    assert done.code == 1
    assert "INF-02 is frozen" in done.out
    assert withdrawals.read(small.folder)[0].stage == "requested"
    assert len(list((small.folder / "vault" / "originals").iterdir())) == 2
