"""A chat that is too long for memory: taken in part by part, and the same afterwards as a short one."""

from pathlib import Path
from typing import Any

import pytest

from samaran.detect import Detector
from samaran.ingest import parts, read
from samaran.model import Decision, EntityType, Mention, Reason, Span, Transcript, Verdict
from samaran.pipeline.deidentify import Run, deidentify
from samaran.pipeline.desk import Desk
from samaran.pipeline.inventory import check
from samaran.pipeline.reviewing import decide, open_source, refresh
from samaran.pipeline.withdrawing import execute, freeze
from samaran.vault.keys import PrivateKey, load_private_key
from tests.studies import PASSPHRASE, copy_of, rows

SAID = ("kemarin ketemu sama Teh Dewi di Cimahi", "besok jam sepuluh ya", "nomorku 0812-3456-7890 ya", "makasih Teh Wulan")
CHAT = "".join(
    f"{n % 28 + 1:02}/08/25 18.{n % 60:02} - {('Rani Lestari', '+62 812-9988-7766')[n % 2]}: {SAID[n % 4]} {n}\n"
    for n in range(80)
)
NAME = "INF-01_chat_9.txt"
FIND = Detector.find


@pytest.fixture
def study(prepared: Path, tmp_path: Path) -> Path:
    """A study with one chat in its inbox."""
    return with_chat(prepared, tmp_path / "one")


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chat is too long here, and makes several parts."""
    cut_up(monkeypatch)


def cut_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LONG", 1500)
    monkeypatch.setattr(parts, "PART", 1000)


def with_chat(prepared: Path, place: Path) -> Path:
    folder = copy_of(prepared, place)
    for path in (folder / "inbox").rglob("*.*"):
        path.unlink()
    (folder / "inbox" / NAME).write_text(CHAT)
    return folder


def holder(study: Path) -> PrivateKey:
    return load_private_key(study.parent / "keys" / "reviewer.key", None)


def taken_in(study: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a study after a run."""
    with Desk.open(study) as desk:
        assert [o.what for o in deidentify(desk).outcomes.values()] == ["done"]
    return rows(study)


def test_parts_end_as_the_whole(prepared: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken in by parts, the chat has the same segments with the same ids and places, the same mentions in offsets of the whole
    text, and the same sanitized text; its work files, one for each part, are one draft at the review desk."""
    whole = taken_in(with_chat(prepared, tmp_path / "whole"))
    cut_up(monkeypatch)
    found = taken_in(study)
    assert found["segment"] == whole["segment"]
    assert [row[:5] for row in found["mention"]] == [row[:5] for row in whole["mention"]]
    assert [row[3] for row in found["sanitized"]] == [row[3] for row in whole["sanitized"]]
    assert [row[8:12] for row in found["source"]] == [row[8:12] for row in whole["source"]]
    assert found["draft"] == []
    assert len(list((study / "vault" / "work").iterdir())) > 3
    with Desk.open(study) as desk:
        (row,) = desk.state.sources()
        draft = open_source(desk, row, holder(study))
        mentions = [m.mention.span for m in desk.state.mentions()]
        assert check(desk).faults == ()
    assert draft.transcript == read(CHAT.encode(), NAME)
    assert {span.of(CHAT) for span in mentions} >= {"Rani Lestari", "Dewi", "Cimahi", "0812-3456-7890", "Wulan"}


@pytest.mark.usefixtures("long")
def test_what_was_found_is_not_looked_for_again(
    prepared: Path, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that ended in the middle of the chat goes on behind the last part that it had searched, and ends as undisturbed."""
    undisturbed = taken_in(with_chat(prepared, tmp_path / "undisturbed"))
    searched: list[str] = []

    def find(self: Detector, transcript: Transcript, *rest: Any, **named: Any) -> tuple[Mention, ...]:
        if len(searched) == 3 and transcript.text not in searched:
            searched.append("")
            raise KeyboardInterrupt
        searched.append(transcript.text)
        return FIND(self, transcript, *rest, **named)

    monkeypatch.setattr(Detector, "find", find)
    with Desk.open(study) as desk, pytest.raises(KeyboardInterrupt):
        deidentify(desk)
    assert len(rows(study)["draft"]) == 3
    assert taken_in(study) == undisturbed
    assert "".join(searched) == CHAT


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("change", [CHAT.replace("Cimahi", "Bogor_"), None])
def test_a_chat_that_changes_under_way_stays_out(study: Path, change: str | None) -> None:
    """A long chat that is another one, or gone, when it is read again is refused; nothing of it is kept but what was sealed."""
    path = study / "inbox" / NAME
    with Desk.open(study) as desk:
        run = Run(desk)
        run.begin()
        for step in (run.seal, run.prepare):
            step(run.source_ids[0])
        if change is None:
            path.unlink()
        else:
            path.write_text(change)
        run.link()
        run.finish(run.source_ids[0])
        run.end()
        assert [(o.what, o.reason) for o in run.outcomes.values()] == [("refused", Reason.CHANGED_WHILE_READ)]
        assert desk.state.mentions() == ()
        assert not list((study / "vault" / "work").iterdir())


@pytest.mark.usefixtures("long")
def test_decisions_reach_every_part(study: Path) -> None:
    """What a reviewer adds in a later part is masked there after a refresh, with the same ids, in all of the chat."""
    before = taken_in(study)["segment"]
    at = CHAT.rindex("besok")
    with Desk.open(study) as desk:
        (row,) = desk.state.sources()
        key = holder(study)
        decide(desk, [Decision(row.source_id, Span(at, at + 5), Verdict.ADD, key.id, EntityType.VENUE)], key.id)
        assert refresh(desk, key) == 1
        texts = [s.segment.text for s in desk.state.segments(row.source_id, "analysis")]
    assert rows(study)["segment"] == before
    assert len(texts) == 80
    assert not any("besok" in text for text in texts)


@pytest.mark.usefixtures("long")
def test_a_withdrawal_takes_every_part(study: Path) -> None:
    """When the informant withdraws, no work file of any part is left."""
    taken_in(study)
    withdrawal, error = freeze(study, "INF-01", "all")
    assert error is None
    pi = load_private_key(study.parent / "keys" / "pi.key", PASSPHRASE)
    with Desk.open(study) as desk:
        execute(desk, withdrawal, [holder(study), pi])
        assert desk.state.sources() == ()
    assert not list((study / "vault" / "work").iterdir())
