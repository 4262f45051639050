"""Retention: what is past its last day goes, nothing else, and each destruction has its paper."""

import json
from pathlib import Path

import pytest

from samaran import register
from samaran.audit.note import Note
from samaran.pipeline import retaining
from samaran.pipeline.desk import Desk
from tests.cli.conftest import INTERVIEW, Samaran, Small

PAST, FUTURE = "2020-12-31", "2999-12-31"


def kept_until(small: Small, **days: str) -> None:
    """Write the table into study.toml."""
    lines = [f'{kind} = "{day}"' if isinstance(day, str) else f"{kind} = {day}" for kind, day in days.items()]
    config = small.folder / "study.toml"
    config.write_text(config.read_text().partition("\n[retention]")[0] + "\n[retention]\n" + "\n".join(lines) + "\n")


@pytest.fixture
def sealed(small: Small, samaran: Samaran) -> Small:
    """A study with one interview."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    return small


def files(small: Small, *names: str) -> list[Path]:
    return [path for name in names for path in (small.folder / name).glob("*.age")]


def test_a_dry_run_changes_nothing(sealed: Small, samaran: Samaran) -> None:
    """It lists what would go, exits as waiting, and not a byte of the study is another."""
    kept_until(sealed, originals=PAST, keys=PAST)
    before = {path: path.read_bytes() for path in sealed.folder.rglob("*") if path.is_file() and ".db" not in path.name}
    shown = samaran("retain", sealed.folder, "--dry-run", "--json")
    assert shown.code == 3
    assert [(one["kind"], one["count"]) for one in json.loads(shown.out) if one.get("due")] == [("originals", 2), ("keys", 6)]
    assert before == {path: path.read_bytes() for path in sealed.folder.rglob("*") if path.is_file() and ".db" not in path.name}


def test_only_what_is_due_goes(sealed: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Originals past their day are destroyed and certified in two languages; keys and segments stay; then nothing is due."""
    kept_until(sealed, originals=PAST, keys=FUTURE)
    done = samaran("retain", sealed.folder, "--key", sealed.keys / "pi.key", "--key", sealed.keys / "board.key")
    assert done.code == 0, done.err
    assert not files(sealed, "vault/originals", "vault/work")
    assert len(files(sealed, "vault/keys")) == 6
    assert json.loads(samaran("status", sealed.folder, "--json").out)["segments"] == 4
    text = (sealed.folder / "retention" / "originals.txt").read_text()
    assert all(word in text for word in ("Berita acara", "Certificate of destruction", "31 Desember 2020", "31 December 2020"))
    assert (sealed.folder / "retention" / "originals.html").exists()
    with Desk.open(sealed.folder) as desk:
        ends = [(e.code, e.n) for e in desk.log.entries() if e.act == "retention.destroy" and e.phase == "result"]
        starts = [e for e in desk.log.entries() if e.act == "retention.destroy" and e.phase == "intent"]
    assert ends == [("ok", 2)]
    assert starts[0].second is not None
    assert "Nothing is due" in samaran("retain", sealed.folder).out
    assert samaran("vault", "check", sealed.folder).code == 0
    assert samaran("audit", "verify", sealed.folder).code == 0


def test_after_the_end_nothing_is_taken_in(sealed: Small, samaran: Samaran, tmp_path: Path) -> None:
    """With the keys destroyed no new file is sealed to a key that nobody has; opening says why not."""
    kept_until(sealed, keys=PAST)
    source = json.loads(samaran("status", sealed.folder, "--json").out)["rows"][0]["source_id"]
    assert samaran("retain", sealed.folder).code == 0
    path = sealed.put("INF-02_wawancara_1.txt", "I: Halo\n")
    assert samaran("run", sealed.folder, "--direct").code == 2
    assert path.exists()
    keys = ("--key", sealed.keys / "pi.key", "--key", sealed.keys / "board.key")
    opened = samaran("open", sealed.folder, source, *keys, "--purpose", "access", "--out", tmp_path / "o")
    assert opened.code == 2
    assert "destroyed" in opened.err


def test_register_and_segments(sealed: Small, samaran: Samaran) -> None:
    """The register's end takes every name, the roster's rows and no segment; that of the segments takes them and their releases.
    No id that was made from a name is left either."""
    kept_until(sealed, originals=PAST, keys=PAST, register=PAST)
    with Desk.open(sealed.folder) as desk:
        ids = {entity.id for entity in desk.register.register.entities} | {
            form for p in desk.state.passes().values() for form in p
        }
    assert samaran("retain", sealed.folder).code == 0
    found = b"".join(path.read_bytes() for path in sealed.folder.rglob("*") if path.is_file()).lower()
    with Desk.open(sealed.folder) as desk:
        found += register.to_bytes(desk.register).lower()
    assert not [name for name in (b"maharani", b"kusumah", b"2094-7715", b"yuyun") if name in found]
    assert ids
    assert samaran("release", sealed.folder).code == 3
    assert not [name for name in ids if name.encode() in found]
    assert json.loads(samaran("status", sealed.folder, "--json").out)["segments"] == 4
    kept_until(sealed, originals=PAST, keys=PAST, register=PAST, sanitized=PAST)
    assert samaran("retain", sealed.folder).code == 0
    status = json.loads(samaran("status", sealed.folder, "--json").out)
    assert (status.get("segments", 0), status["sources"]) == (0, 1)
    found = b"".join(path.read_bytes() for path in sealed.folder.rglob("*") if path.is_file())
    assert b"tarif 400rb" not in found.lower()
    assert samaran("release", sealed.folder).code == 3


def test_the_log_goes_last(sealed: Small, samaran: Samaran) -> None:
    """Its last checkpoint, under which its own end stands, is in the certificate that stays."""
    kept_until(sealed, originals=PAST, keys=PAST, register=PAST, sanitized=PAST, log=PAST)
    done = samaran("retain", sealed.folder)
    assert done.code == 0, done.err
    assert not (sealed.folder / "audit" / "log.db").exists()
    text = (sealed.folder / "retention" / "log.txt").read_text()
    assert "samaran.local/small" in text


def test_a_schedule_announces_first(sealed: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unattended, the first look only announces; it is destroyed when the days of grace are over, not a day earlier."""
    kept_until(sealed, originals=PAST)
    for day, there in (("2027-01-01", True), ("2027-01-14", True), ("2027-01-15", False)):
        with Desk.open(sealed.folder) as desk:
            monkeypatch.setattr(Desk, "today", day)
            retaining.retain(desk, scheduled=True)
        assert bool(files(sealed, "vault/originals")) is there, day
        if there:
            assert "announced on 2027-01-01" in samaran("status", sealed.folder).out


def test_places_out_of_reach_keep_the_keys_open(sealed: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Keys are not gone while a stick with copies is away."""
    stick = tmp_path / "stick"
    config = sealed.folder / "study.toml"
    config.write_text(config.read_text() + f'\n[vault]\nplaces = ["{stick}"]\n')
    kept_until(sealed, keys=PAST)
    assert samaran("retain", sealed.folder).code == 3
    stick.mkdir()
    (key,) = [next(iter(_sids(sealed)))]
    (stick / f"{key}.age").write_bytes(b"a copy")
    assert samaran("retain", sealed.folder).code == 0
    assert not list(stick.iterdir())


def _sids(small: Small) -> list[str]:
    return [line.split(" ")[0] for line in (small.folder / "vault" / "pool.txt").read_text().splitlines()]


@pytest.mark.parametrize(
    "days",
    [
        {"originals": "soon"},
        {"register": PAST, "originals": FUTURE, "keys": FUTURE},
        {"log": PAST, "keys": FUTURE},
        {"foto": PAST},
    ],
)
def test_days_that_cannot_be_meant(small: Small, samaran: Samaran, days: dict[str, str]) -> None:
    """No day, a register that goes before its originals, a log that doesn't go last, an unknown class: refused as usage."""
    kept_until(small, **days)
    assert samaran("status", small.folder).code == 2


def test_the_checkpoint_in_a_certificate_is_the_logs(sealed: Small, samaran: Samaran) -> None:
    """Origin, size and root in the paper are those of the checkpoint that was published with it."""
    kept_until(sealed, originals=PAST)
    samaran("retain", sealed.folder)
    note = Note.parse((sealed.folder / "audit" / "log" / "checkpoint").read_bytes())
    assert f"{note.origin} {note.size} {note.root.hex()}" in (sealed.folder / "retention" / "originals.txt").read_text()


class Killed(BaseException):
    """The end of a process, as far as a test can play it."""


def _killed(*_: object, **__: object) -> None:
    raise Killed


@pytest.mark.parametrize("step", ["write_destruction", "sync_folder"])
def test_a_killed_destruction_goes_on(sealed: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Killed before the certificate or in the middle, the command given again ends it, and the certificate says how much there
    was at first."""
    kept_until(sealed, originals=PAST)
    with monkeypatch.context() as patch:
        patch.setattr(retaining, step, _killed)
        with pytest.raises(Killed):
            samaran("retain", sealed.folder)
    assert not files(sealed, "vault/originals")
    assert samaran("retain", sealed.folder).code == 0
    assert "How many: 2\n" in (sealed.folder / "retention" / "originals.txt").read_text()
    assert samaran("audit", "verify", sealed.folder).code == 0


def test_a_log_that_was_not_dropped_goes_at_the_next_time(
    sealed: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the certificate of the log and its end, the same command ends it."""
    kept_until(sealed, originals=PAST, keys=PAST, register=PAST, sanitized=PAST, log=PAST)
    with monkeypatch.context() as patch:
        patch.setattr(retaining, "_drop_log", _killed)
        with pytest.raises(Killed):
            samaran("retain", sealed.folder)
    assert (sealed.folder / "audit" / "log.db").exists()
    assert samaran("retain", sealed.folder).code == 0
    assert not (sealed.folder / "audit" / "log.db").exists()


def test_a_place_that_is_gone_for_good(sealed: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A stick that nobody has any more keeps the keys' class open until somebody says so; that stands in the log and in the
    certificate."""
    stick = tmp_path / "stick"
    config = sealed.folder / "study.toml"
    config.write_text(config.read_text() + f'\n[vault]\nplaces = ["{stick}"]\n')
    kept_until(sealed, keys=PAST)
    assert samaran("retain", sealed.folder, "--done", stick).code == 2
    waits = samaran("retain", sealed.folder)
    assert (waits.code, f"--done {stick}" in waits.out) == (3, True)
    assert samaran("retain", sealed.folder, "--done", "another").code == 2
    assert samaran("retain", sealed.folder, "--done", stick, "--key", sealed.keys / "pi.key").code == 0
    text = (sealed.folder / "retention" / "keys.txt").read_text()
    assert f"says that nothing is left there: {stick}" in text
    assert "How many: 6\n" in text
    with Desk.open(sealed.folder) as desk:
        codes = [entry.code for entry in desk.log.entries() if entry.act == "retention.destroy" and entry.code]
    assert codes == ["ok", "resolved", "ok"]


def test_tables_with_names_go_with_the_register(sealed: Small, samaran: Samaran) -> None:
    """With the register go the rows of manifest.csv, which hold names of files, and the columns of the online form that nobody
    reads; who agreed to what stays. Raw files that were never sealed are named."""
    config = sealed.folder / "study.toml"
    form = '\n[consent]\nfile = "form.csv"\ninformant = "Kode"\nversion = "3"\ncolumns = { participate = "Bersedia?" }\n'
    config.write_text(config.read_text() + form)
    (sealed.folder / "form.csv").write_text("Timestamp,Nama lengkap,Kode,Bersedia?\n1/2/2026,Zaenab Oneng,INF-05,Ya\n")
    (sealed.folder / "manifest.csv").write_text("file,informant,method,wave,role\nbu zaenab.txt,INF-05,interview,1,\n")
    kept_until(sealed, originals=PAST, keys=PAST, register=PAST)
    sealed.put("bu oneng.txt", "I: Halo\n")
    done = samaran("retain", sealed.folder)
    assert done.code == 0, done.err
    assert "Still there: 1 raw files in inbox/" in done.out
    assert (sealed.folder / "form.csv").read_text() == "Timestamp,Kode,Bersedia?\n1/2/2026,INF-05,Ya\n"
    found = b"".join(path.read_bytes() for path in sealed.folder.rglob("*") if path.is_file()).lower()
    assert b"zaenab" not in found
    assert json.loads(samaran("consent", "show", sealed.folder, "INF-05", "--json").out)[0]["flags"] == ["participate"]
