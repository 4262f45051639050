"""The working state: whole facts in, whole facts out, nothing raw."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from samaran.errors import SamaranError
from samaran.model import (
    Decision,
    Detector,
    EntityType,
    Mention,
    Method,
    Reason,
    SanitizedSegment,
    Span,
    SpeakerRole,
    Surrogate,
    Verdict,
)
from samaran.state import MentionRow, ReleaseRow, SanitizedPart, SegmentRow, SourceRow, Stage, State


@pytest.fixture
def state(tmp_path: Path) -> State:
    return State(tmp_path / "state.db")


def source(source_id: str = "s1", **more: object) -> SourceRow:
    return SourceRow(source_id, "tag", "INF-01", ("INF-01",), Method.INTERVIEW, 1, Stage.SEALED, **more)  # type: ignore[arg-type]


def test_source_comes_back_as_it_went(state: State) -> None:
    """Every field of a source is kept, the order of arrival too."""
    first = source("s2", format="docx", lines=3, characters=99, words=9, detector="d", passed="p", stale=True)
    state.put_source(first)
    state.put_source(source("s1", reason=Reason.MALFORMED))
    assert state.sources() == (first, source("s1", reason=Reason.MALFORMED))
    assert state.source("s2") == first
    assert state.source("s3") is None


def test_twin_is_the_same_content_elsewhere(state: State) -> None:
    """The same content under another id is a twin; quarantined copies are none."""
    state.put_source(source("s1"))
    assert state.twin("tag", "s2")
    assert not state.twin("tag", "s1")
    assert not state.twin("other", "s2")
    state.put_source(SourceRow("s1", "tag", "INF-01", (), Method.INTERVIEW, 1, Stage.QUARANTINED))
    assert not state.twin("tag", "s2")


def test_mentions_and_segments_are_replaced_as_one(state: State) -> None:
    """Sanitizing anew leaves nothing of the last time."""
    mention = Mention(Span(0, 4), EntityType.PERSON, 0.75, Detector.MODEL, "tagger", "e1")
    segment = SanitizedSegment(
        1,
        1,
        "P",
        SpeakerRole.INFORMANT,
        "[INF-01] di sana",
        (Surrogate(Span(0, 8), EntityType.PERSON, "INF-01", "entity"),),
        5,
        9,
    )
    row = SegmentRow("g1", "s1", "id", segment, (Span(9, 11),), True)
    state.put_draft("s1", 0, "t", [mention])
    assert state.draft("s1", 0, "t") == (mention,)
    rows = {"analysis": [row], "archive": [row]}
    state.put_sanitized("s1", [SanitizedPart(source(), [MentionRow("m1", "s1", mention, False)], rows)])
    assert state.draft("s1", 0, "t") is None
    assert state.mentions() == (MentionRow("m1", "s1", mention, False),)
    assert state.segments("s1", "analysis") == (row,)
    assert state.segment_counts() == {"s1": 1}
    state.add_decisions([], settled=["m1"])
    assert state.mentions("s1")[0].settled
    state.put_sanitized("s1", [SanitizedPart(source(), [], {"analysis": []})])
    assert state.mentions() == ()
    assert state.segments("s1", "archive") == ()


def test_decisions_are_appended(state: State) -> None:
    """Decisions keep their order and all their fields."""
    said = (
        Decision("s1", Span(0, 4), Verdict.ACCEPT, "a" * 16, EntityType.PERSON),
        Decision("s2", Span(2, 3), Verdict.MERGE, "b" * 16, EntityType.PERSON, "e2", "e1"),
        Decision("s1", Span(0, 4), Verdict.REJECT, "b" * 16, EntityType.PERSON),
    )
    state.add_decisions(said)
    assert state.decisions() == said
    assert state.decisions("s1") == (said[0], said[2])


def test_decisions_come_with_what_follows_from_them(state: State) -> None:
    """A decision that can't be kept leaves no source marked and no mention settled; one that is kept marks them with it."""
    mention = Mention(Span(0, 4), EntityType.PERSON, 0.9, Detector.PATTERN, "x", "e1")
    state.put_sanitized("s1", [SanitizedPart(source(), [MentionRow("m1", "s1", mention, False)], {})])
    good = Decision("s1", Span(5, 9), Verdict.ADD, "a" * 16, EntityType.PERSON)
    with pytest.raises(SamaranError):
        state.add_decisions([good, replace(good, source_id=None)], settled=["m1"], stale=["s1"])  # type: ignore[arg-type]
    assert (state.decisions(), state.mentions()[0].settled, state.sources()[0].stale) == ((), False, False)
    state.add_decisions([good], settled=["m1"], stale=["s1"])
    assert (state.decisions(), state.mentions()[0].settled, state.sources()[0].stale) == ((good,), True, True)


def test_refusals_go_when_the_source_comes_in(state: State) -> None:
    """A file that was refused and then taken in is refused no longer."""
    state.set_refusals({"s1": Reason.NO_CONSENT, "s2": Reason.NO_PLACE})
    state.put_source(source("s1"))
    assert state.refusals() == {"s2": Reason.NO_PLACE}


def test_release_row_comes_back(state: State) -> None:
    """A release keeps its counts."""
    row = ReleaseRow("analysis-1", "analysis", "d" * 64, 3, 40, {"undecided": 2}, 7)
    state.put_release(row)
    assert state.releases() == (row,)


def test_failed_step_leaves_nothing(state: State) -> None:
    """An act is one transaction: when its last row fails, its first is gone too."""
    twice = MentionRow("m1", "s1", Mention(Span(0, 1), EntityType.AGE, 1.0, Detector.PATTERN, "x"), False)
    with pytest.raises(SamaranError):
        state.put_sanitized("s1", [SanitizedPart(source(), [twice, twice], {})])
    assert state.sources() == ()
    assert state.mentions() == ()


def test_threads_share_one_state(state: State) -> None:
    """Sources written by several threads are all there."""
    threads = [threading.Thread(target=state.put_source, args=(source(f"s{n}"),)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(state.sources()) == 16


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A damaged state is one sentence, not a traceback."""
    (tmp_path / "state.db").write_bytes(b"no database at all, but long enough to be read as one" * 20)
    with pytest.raises(SamaranError) as caught:
        State(tmp_path / "state.db")
    assert caught.value.hint


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    """state.db is 0600."""
    State(tmp_path / "state.db")
    assert (tmp_path / "state.db").stat().st_mode & 0o777 == 0o600


def test_mentions_are_counted_where_they_lie(state: State) -> None:
    """What is asked of all mentions of a study, which memory may not hold, is answered by the database: whom they stand for, how
    many there are, how many wait."""
    kinds = [
        ("m1", "s1", Mention(Span(0, 4), EntityType.PERSON, 0.9, Detector.PATTERN, "x", "e1"), True),
        ("m2", "s1", Mention(Span(5, 9), EntityType.PERSON, 0.4, Detector.MODEL, "x", "e2"), False),
        ("m3", "s2", Mention(Span(0, 4), EntityType.AGE, 0.9, Detector.SECOND_PASS, "x", "e3"), False),
        ("m4", "s2", Mention(Span(5, 9), EntityType.AGE, 0.9, Detector.PATTERN, "x"), False),
    ]
    rows = [MentionRow(*given) for given in kinds]
    for source_id in ("s1", "s2"):
        own = [row for row in rows if row.source_id == source_id]
        state.put_sanitized(source_id, [SanitizedPart(source(source_id), own, {})])
    assert (state.met(0.5), state.accepted()) == ({"e1"}, {"e1"})
    assert state.waiting() == {"s1": 1, "s2": 2}
    assert state.mention_counts() == {("s1", EntityType.PERSON): 2, ("s2", EntityType.AGE): 2}
    assert (state.mention("m3"), state.mention("m5")) == (rows[2], None)
    assert (state.speaking_of("e2"), state.speaking_of("e9")) == ({"s1"}, frozenset())
