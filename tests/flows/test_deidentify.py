"""The de-identification flow: same bytes as without Prefect, one source's failure stays its own, only ids in the history."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from samaran.detect import Detector
from samaran.errors import Busy, SamaranError, Waiting
from samaran.flows.here import run_here
from samaran.flows.server import Address
from samaran.ingest import parts
from samaran.model import Entity, Mention, Reason, Transcript
from samaran.pipeline import deidentify as direct
from samaran.pipeline.desk import Desk
from samaran.pipeline.releasing import hand_over, profile_of
from tests.flows.history import flow_runs, task_runs
from tests.guards.dying_long import CHAT as LONG_CHAT
from tests.studies import SOME, TAKEN_IN, copy_of, release_bytes, rows
from tests.unit.ingest.test_archive import CHAT, packed

FIND = Detector.find


def quiet(*_: object) -> None:
    """Nobody is told."""


def released(study: Path) -> dict[str, bytes]:
    """Release a study and give the bytes."""
    with Desk.open(study) as desk:
        done = hand_over(desk, profile_of(desk, "analysis"))
    assert done.folder is not None, done.release.reasons
    return release_bytes(study)


def test_same_bytes_with_and_without_prefect(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """Two copies of a study, one through the flow and one in-process, hold the same rows and release the same bytes."""
    by_flow, in_process = copy_of(prepared, tmp_path / "flow"), copy_of(prepared, tmp_path / "direct")
    told: list[tuple[str, int, int]] = []
    run = run_here(str(by_flow), prefect_server, lambda *step: told.append(step))
    with Desk.open(in_process) as desk:
        other = direct.deidentify(desk)
    assert [(o.source_id, o.what, o.reason) for o in run.outcomes.values()] == [
        (o.source_id, o.what, o.reason) for o in other.outcomes.values()
    ]
    assert Counter(o.what for o in run.outcomes.values()) == {"done": TAKEN_IN, "quarantined": 1, "refused": 1}
    assert rows(by_flow) == rows(in_process)
    assert released(by_flow) == released(in_process)
    count = len(SOME) - 1
    assert {("seal", count, count), ("prepare", count, count), ("finish", TAKEN_IN, TAKEN_IN)} <= set(told)
    kept = Counter((task.name, task.state) for task in task_runs(prefect_server, str(by_flow)))
    expected = {
        ("seal", "COMPLETED"): count,
        ("prepare", "COMPLETED"): count,
        ("finish", "COMPLETED"): TAKEN_IN,
        ("link", "COMPLETED"): 1,
    }
    assert kept == expected, "every task that ran is in the history"
    assert [(run.name, run.state) for run in flow_runs(prefect_server, str(by_flow))] == [("deidentify", "COMPLETED")]


def test_a_long_chat_ends_alike_with_and_without_prefect(
    prepared: Path, tmp_path: Path, prefect_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Part by part, beside short sources: the same rows, and the terminal hears of the parts."""
    monkeypatch.setattr(parts, "LONG", 1500)
    monkeypatch.setattr(parts, "PART", 1000)
    by_flow, in_process = copy_of(prepared, tmp_path / "flow"), copy_of(prepared, tmp_path / "direct")
    for study in (by_flow, in_process):
        (study / "inbox" / "INF-01_chat_9.txt").write_text(LONG_CHAT)
    told: list[tuple[str, int, int]] = []
    run_here(str(by_flow), prefect_server, lambda *step: told.append(step))
    with Desk.open(in_process) as desk:
        direct.deidentify(desk)
    assert rows(by_flow) == rows(in_process)
    assert any(name == "long" for name, _, _ in told)
    assert len(list((by_flow / "vault" / "work").iterdir())) > TAKEN_IN + 1


def test_a_voice_note_in_an_archive_needs_its_own_consent(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """A chat's archive with a voice note of somebody who did not agree to be recorded is refused, and stays as it is."""
    study = copy_of(prepared, tmp_path)
    for path in (study / "inbox").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    consents = (study / "consent.csv").read_text(encoding="utf-8")
    (study / "consent.csv").write_text(
        consents.replace("INF-02,2.1,2023-03-18,written,yes,yes", "INF-02,2.1,2023-03-18,written,yes,no")
    )
    data = packed(("_chat.txt", CHAT), ("PTT-1.opus", b"OggS\0\2"))
    voice = study / "inbox" / "INF-02_chat_1.zip"
    voice.write_bytes(data)
    run = run_here(str(study), prefect_server, quiet)
    assert [(o.what, o.reason) for o in run.outcomes.values()] == [("refused", Reason.NO_CONSENT)]
    assert voice.read_bytes() == data
    assert not list((study / "vault" / "originals").glob("*"))


def test_one_failure_stays_its_own(
    prepared: Path, tmp_path: Path, prefect_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source whose detection breaks waits in the inbox while all others end; the history has its id, not the error."""
    study = copy_of(prepared, tmp_path)

    def broken(self: Detector, transcript: Transcript, entities: Sequence[Entity], *, keep_scholars: bool) -> tuple[Mention, ...]:
        if keep_scholars:
            raise ValueError(f"could not match: {transcript.text[:40]}")
        return FIND(self, transcript, entities, keep_scholars=keep_scholars)

    monkeypatch.setattr(Detector, "find", broken)
    run = run_here(str(study), prefect_server, quiet)
    assert Counter(o.what for o in run.outcomes.values()) == {"done": TAKEN_IN - 1, "quarantined": 1, "refused": 1, "failed": 1}
    assert (study / "inbox" / "literatur" / "mead.md").exists()
    failed = [task for task in task_runs(prefect_server, str(study)) if task.state == "FAILED"]
    assert [task.name for task in failed] == ["prepare"]
    (victim,) = [source_id for source_id, o in run.outcomes.items() if o.what == "failed"]
    assert failed[0].message.endswith(f"prepare: Defect on {victim}")
    (flow_run,) = flow_runs(prefect_server, str(study))
    assert flow_run.state == "FAILED"
    assert "1 sources failed" in flow_run.message
    monkeypatch.setattr(Detector, "find", FIND)
    again = run_here(str(study), prefect_server, quiet)
    assert Counter(o.what for o in again.outcomes.values()) == {"done": 1, "refused": 1}, "the next run takes in what was left"
    undisturbed = copy_of(prepared, tmp_path / "undisturbed")
    with Desk.open(undisturbed) as desk:
        direct.deidentify(desk)
    assert len(rows(study)["sanitized"]) == len(rows(undisturbed)["sanitized"])


def test_busy_is_tried_again_and_a_refusal_is_not(
    prepared: Path, tmp_path: Path, prefect_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that found a database in use runs again and the source ends well; an error that would come again is raised once."""
    from samaran.flows import deidentify as flow

    monkeypatch.setattr(flow, "RETRY_AFTER_S", (0.01, 0.01))
    study = copy_of(prepared, tmp_path)
    tries: Counter[str] = Counter()

    def sometimes(self: Detector, transcript: Transcript, *rest: Any, **named: Any) -> tuple[Mention, ...]:
        tries[transcript.format] += 1
        if transcript.format == "vtt" and tries["vtt"] < 3:
            raise Busy("In use.", "Again.")
        if transcript.format == "docx":
            raise SamaranError("It will not do.", "Nothing helps.")
        return FIND(self, transcript, *rest, **named)

    monkeypatch.setattr(Detector, "find", sometimes)
    run = run_here(str(study), prefect_server, quiet)
    assert (tries["vtt"], tries["docx"]) == (3, 1)
    assert Counter(o.what for o in run.outcomes.values())["failed"] == 1
    counts = sorted(task.tries for task in task_runs(prefect_server, str(study)) if task.name == "prepare")
    assert counts == [1] * (len(SOME) - 2) + [3]


def test_busy_for_too_long_is_left_for_the_next_run(
    prepared: Path, tmp_path: Path, prefect_server: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When every try found something in use, the source counts as failed with that error, and stays in the inbox."""
    from samaran.flows import deidentify as flow

    monkeypatch.setattr(flow, "RETRY_AFTER_S", (0.01,))

    def never(*_: Any, **__: Any) -> tuple[Mention, ...]:
        raise Busy("In use.", "Again.")

    monkeypatch.setattr(Detector, "find", never)
    study = copy_of(prepared, tmp_path)
    run = run_here(str(study), prefect_server, quiet)
    failed = [o for o in run.outcomes.values() if o.what == "failed"]
    assert len(failed) == TAKEN_IN
    assert all(isinstance(o.error, Busy) for o in failed)
    assert sum(p.is_file() for p in (study / "inbox").rglob("*")) == TAKEN_IN + 1


def test_what_stops_a_run_reaches_the_caller_whole(prepared: Path, tmp_path: Path, prefect_server: Address) -> None:
    """An error before the first source is raised as it is, for the command line to show; Prefect keeps its class only."""
    study = copy_of(prepared, tmp_path)
    with Desk.open(study), pytest.raises(Waiting, match="at work"):
        run_here(str(study), prefect_server, quiet)
    (flow_run,) = flow_runs(prefect_server, str(study))
    assert (flow_run.state, "Waiting on" in flow_run.message, "at work" in flow_run.message) == ("FAILED", True, False)
