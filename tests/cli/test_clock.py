"""A clock that was set back, or a log that once ran ahead: one sentence, and no deadline is judged by it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from samaran.audit.log import Log
from samaran.cli import waiting
from samaran.pipeline import desk as desks
from samaran.pipeline.desk import Desk
from samaran.pipeline.drilling import drilled
from samaran.pipeline.reporting import facts
from samaran.withdrawals import read
from tests.cli.conftest import CONSENT_HEAD, INTERVIEW, Samaran, Small

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
Set = Callable[[datetime], None]


@pytest.fixture
def sealed(small: Small, samaran: Samaran) -> Small:
    """One interview, sealed."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    return small


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set the clock of this machine."""

    def to(moment: datetime) -> None:
        monkeypatch.setattr(desks, "utc_now", lambda: moment)

    return to


def keys(study: Small) -> tuple[object, ...]:
    return ("--key", study.keys / "pi.key", "--key", study.keys / "board.key")


def configured(study: Small, text: str) -> None:
    config = study.folder / "study.toml"
    config.write_text(config.read_text() + text)


def approved_until(study: Small, day: str) -> None:
    config = study.folder / "study.toml"
    config.write_text(config.read_text().replace('expires = ""', f'expires = "{day}"'))


def logged(study: Small) -> list[tuple[str, str]]:
    with Desk.open(study.folder, alone=False) as desk:
        return [(e.act, e.phase) for e in desk.log.entries()]


def test_nothing_is_destroyed(sealed: Small, samaran: Samaran, clock: Set) -> None:
    """retain refuses, and a dry run still tells what is due by the log."""
    configured(sealed, '\n[retention]\noriginals = "1999-01-01"\n')
    clock(LONG_AGO)
    done = samaran("retain", sealed.folder)
    assert done.code == 2
    assert "The clock of this machine is behind the audit log." in done.err
    assert "Set it right" in done.err
    assert list((sealed.folder / "vault" / "originals").iterdir())
    assert samaran("retain", sealed.folder, "--dry-run").code == 3


def test_no_run_under_an_approval_that_may_have_expired(small: Small, samaran: Samaran, clock: Set) -> None:
    """With a date in the protocol a run stops before anything is taken in; without one the clock decides nothing."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    clock(LONG_AGO)
    approved_until(small, "2002-01-01")
    done = samaran("run", small.folder, "--direct")
    assert done.code == 2
    assert "behind the audit log" in done.err
    assert not list((small.folder / "vault" / "originals").iterdir())
    config = small.folder / "study.toml"
    config.write_text(config.read_text().replace('expires = "2002-01-01"', 'expires = ""'))
    assert samaran("run", small.folder, "--direct").code == 0


def test_no_time_box(sealed: Small, samaran: Samaran, clock: Set) -> None:
    """An original is not opened for a time that can't be told, and nothing of it comes into the log."""
    source = json.loads(samaran("status", sealed.folder, "--json").out)["rows"][0]["source_id"]
    clock(LONG_AGO)
    done = samaran("open", sealed.folder, source, *keys(sealed), "--purpose", "dispute")
    assert done.code == 2
    assert "behind the audit log" in done.err
    assert "source.open" not in {act for act, _ in logged(sealed)}


def test_setting_the_clock_back_prolongs_no_time_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the box is open the clock that nobody can set counts as well."""
    steady, slept = iter([100.0, 100.5, 130.0]), []
    monkeypatch.setattr(waiting.time, "clock_gettime", lambda _: next(steady))
    monkeypatch.setattr(waiting.time, "sleep", slept.append)
    monkeypatch.setattr(waiting.sys.stdin, "isatty", lambda: False, raising=False)
    now = datetime.now(UTC)
    moments = iter([now, now - timedelta(days=1), now - timedelta(days=1)])

    class SetBack(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return next(moments)

    monkeypatch.setattr(waiting, "datetime", SetBack)
    waiting.wait(now + timedelta(seconds=20))
    assert slept == [1.0]


def test_freezing_waits_for_no_clock(sealed: Small, samaran: Samaran, clock: Set) -> None:
    """A withdrawal freezes at once, with the log's hour and not the clock's; the rest waits, and goes on with the clock right."""
    with Desk.open(sealed.folder) as desk:
        newest = desk.now
    clock(LONG_AGO)
    done = samaran("withdraw", sealed.folder, "INF-01", *keys(sealed))
    assert done.code == 2
    assert "They are frozen. The clock of this machine is behind the audit log." in done.err
    (withdrawal,) = read(sealed.folder)
    assert withdrawal.requested[:13] >= f"{newest:%Y-%m-%dT%H}"
    status = json.loads(samaran("status", sealed.folder, "--json").out)
    assert status["clock_behind"] is True
    assert 70 < status["withdrawals"][0]["hours_left"] <= 72
    assert "Clocks below count from the log's newest hour." in samaran("status", sealed.folder).out
    clock(datetime.now(UTC))
    assert samaran("withdraw", sealed.folder, "INF-01", *keys(sealed)).code == 0


def test_an_older_form_does_not_count_anew(sealed: Small, samaran: Samaran, clock: Set) -> None:
    """What is taken back with a clock set back stays taken back, also against a form of a later day than the log's newest."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    (sealed.folder / "consent.csv").write_text(CONSENT_HEAD + f"INF-01,2,{tomorrow},written" + ",yes" * 8 + "\n")
    clock(LONG_AGO)
    assert samaran("withdraw", sealed.folder, "INF-01", "--scope", "quotes").code == 2
    with Desk.open(sealed.folder) as desk:
        assert "quote_verbatim" not in desk.consents["INF-01"].flags


@pytest.mark.parametrize("words", [("open", "--kind", "breach"), ("note", 1, "--did", "authority-told"), ("close", 1)])
def test_an_incident_gets_no_wrong_hour(sealed: Small, samaran: Samaran, clock: Set, words: tuple[object, ...]) -> None:
    """Neither opened nor noted nor closed; the list still counts the hours, from the log's newest."""
    assert samaran("incident", "open", sealed.folder, "--kind", "access-request").code == 0
    before = logged(sealed)
    clock(LONG_AGO)
    if words[0] == "close":
        words = (*words, "--as", "unfounded")
    done = samaran("incident", words[0], sealed.folder, *words[1:])
    assert done.code == 2
    assert "behind the audit log" in done.err
    assert logged(sealed) == before
    shown = samaran("incident", "list", sealed.folder)
    assert "72 hours left" in shown.out
    assert "behind the audit log" in shown.out


def test_reminders_and_the_report(sealed: Small, samaran: Samaran, clock: Set) -> None:
    """A drill gets the log's day, and the report is dated and judges an approval by it."""
    approved_until(sealed, "2002-01-01")
    clock(LONG_AGO)
    assert samaran("keys", "drill", sealed.folder, "--key", sealed.keys / "pi.key").code == 0
    with Desk.open(sealed.folder) as desk:
        assert [day.year > 2001 for day in drilled(desk).values()] == [True]
        assert facts(desk).made > "2025"


def test_a_log_that_ran_ahead(sealed: Small, samaran: Samaran) -> None:
    """After a clock that ran ahead was set right, a holder says so in the log, and deadlines count again."""
    ahead = datetime.now(UTC) + timedelta(days=3650)
    with Log(sealed.folder / "audit", clock=lambda: ahead) as log:
        log.record("drill.run", "ok")
    assert samaran("incident", "open", sealed.folder, "--kind", "breach").code == 2
    assert samaran("audit", "acknowledge", sealed.folder).code == 2
    done = samaran("audit", "acknowledge", sealed.folder, "--key", sealed.keys / "pi.key")
    assert done.code == 0, done.err
    assert "the clock counts as right" in done.out
    assert samaran("incident", "open", sealed.folder, "--kind", "breach").code == 0
    assert samaran("audit", "acknowledge", sealed.folder, "--key", sealed.keys / "pi.key").code == 2
    assert samaran("audit", "verify", sealed.folder).code == 0
