"""incident: clocks, what is due, drafts, and nothing but closed lists in the log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samaran.audit.act import Draft
from samaran.audit.log import Log
from samaran.audit.reading import Question, entries
from samaran.audit.vocabulary import Case, Phase, Step
from samaran.pipeline.incidents import DUE, fold
from samaran.report.voice import Day, shown
from tests.cli.conftest import Samaran, Small


def test_a_breach_from_opening_to_the_end(small: Small, samaran: Samaran) -> None:
    """The clock starts where it was known, notes are due before the end, drafts are private, status shows the clock."""
    said = samaran("incident", "open", small.folder, "--kind", "breach", "--known", 5)
    assert said.code == 0
    assert "67 hours left" in said.out
    assert "67 hours left: authority-told, informants-told" in samaran("status", small.folder).out
    assert samaran("incident", "close", small.folder, 1).code == 2
    for did in ("contained", "authority-told", "informants-told"):
        assert samaran("incident", "note", small.folder, 1, "--did", did, "--key", small.keys / "pi.key").code == 0
    assert "nothing is due" in samaran("status", small.folder).out
    assert samaran("incident", "close", small.folder, 1).code == 0
    assert samaran("incident", "note", small.folder, 1, "--did", "contained").code == 2
    assert "incident" not in samaran("status", small.folder).out
    assert "resolved" in samaran("incident", "list", small.folder).out
    assert samaran("audit", "verify", small.folder).code == 0


def test_the_drafts_are_there_in_both_languages_and_never_overwritten(small: Small, samaran: Samaran) -> None:
    """Notices hold the deadline and what has to be filled in; what people wrote in them stays; only their owner reads them."""
    assert samaran("incident", "open", small.folder, "--kind", "breach").code == 0
    drafts = sorted((small.folder / "incidents" / "1").iterdir())
    assert [path.name for path in drafts] == ["notice.en.md", "notice.id.md"]
    for path in drafts:
        text = path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600
        assert "{" not in text
        assert all(f"## {n}." in text for n in range(1, 5))
        deadline = shown(Day(f"{datetime.now(UTC) + timedelta(hours=72):%Y-%m-%d}"), path.suffixes[0][1:])
        assert deadline in text
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert not (small.folder / "incidents" / "2").exists()


def test_the_log_holds_no_content(small: Small, samaran: Samaran) -> None:
    """Entries of incidents say what kind and what was done from closed lists, with numbers; no subject and no text."""
    samaran("incident", "open", small.folder, "--kind", "adverse-event")
    samaran("incident", "note", small.folder, 1, "--did", "referred")
    found = list(entries(small.folder / "audit", Question(act="incident")))
    assert [(e.act, e.code) for e in found if e.phase == "result"] == [
        ("incident.open", "adverse-event"),
        ("incident.note", "referred"),
    ]
    assert all(e.sid is None and e.obj is None for e in found)


@pytest.mark.parametrize(
    "words",
    [
        ("open", "--kind", "theft"),
        ("open", "--kind", "breach", "--known", 99999),
        ("note", 7, "--did", "contained"),
        ("note", 1, "--did", "resolved"),
        ("note", 1, "--did", "told Rani"),
        ("close", 1, "--as", "forgotten"),
    ],
)
def test_wrong_words_are_refused(small: Small, samaran: Samaran, words: tuple[object, ...]) -> None:
    """Unknown kinds, steps, ends and numbers are usage errors, and nothing is written."""
    assert samaran("incident", "open", small.folder, "--kind", "access-request").code == 0
    before = len(list(entries(small.folder / "audit")))
    said = samaran("incident", words[0], small.folder, *words[1:])
    assert said.code == 2
    assert "Rani" not in said.err
    assert len(list(entries(small.folder / "audit"))) == before


def test_an_unfounded_incident_ends_at_once(small: Small, samaran: Samaran) -> None:
    """What turns out to be nothing needs no notice."""
    samaran("incident", "open", small.folder, "--kind", "breach")
    assert samaran("incident", "close", small.folder, 1, "--as", "unfounded").code == 0


START = datetime(2026, 3, 1, 6, tzinfo=UTC)


def told(log: Log, act: str, code: str, number: int, n: int | None = None) -> None:
    begun = Draft(act, Phase.INTENT, "collector", {"n": number})
    log.append([begun, Draft(act, Phase.RESULT, "collector", {"n": n} if n else {}, of=-1, code=code)])


@pytest.mark.parametrize(("hours", "late"), [(71, False), (72, False), (73, True)])
@pytest.mark.parametrize("kind", list(Case))
def test_the_clock_runs_72_hours(tmp_path: Path, kind: Case, hours: int, late: bool) -> None:
    """Until all that is due was done, or until now; the hours in which it was known before count."""
    from samaran.audit.note import new_log_key

    moment = START
    key = new_log_key("samaran.test/incident")
    with Log.create(tmp_path / "audit", key.origin, key, clock=lambda: moment) as log:
        told(log, "incident.open", kind, 1, 10)
        moment = START + timedelta(hours=hours - 10)
        for wanted in DUE[kind]:
            told(log, "incident.note", sorted(wanted)[0], 1)
        after = fold(entries(tmp_path / "audit"))[0]
    assert (after.done, after.due) == (moment, ())
    assert (after.hours(START + timedelta(days=99)), after.late(START + timedelta(days=99))) == (hours, late)
    before = fold(e for e in entries(tmp_path / "audit") if e.act != "incident.note")[0]
    assert (before.late(moment), before.late(START + timedelta(days=99))) == (late, True)
    assert before.done is None


def test_steps_before_an_opening_count_for_nothing(tmp_path: Path) -> None:
    """A note on an incident that was never opened makes none."""
    from samaran.audit.note import new_log_key

    key = new_log_key("samaran.test/incident")
    with Log.create(tmp_path / "audit", key.origin, key) as log:
        told(log, "incident.note", Step.CONTAINED, 3)
    assert fold(entries(tmp_path / "audit")) == ()
