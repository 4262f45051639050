"""Decisions over mentions: what is settled, open and rejected."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from samaran.model import Decision, Detector, Entity, EntityType, Form, Mention, Register, Span, Verdict
from samaran.review import meant, merged, merges, outside, settle
from samaran.study import Review

NOBODY = Review()
PERSON = EntityType.PERSON


def mention(start: int, end: int, kind: EntityType = PERSON, score: float = 0.9) -> Mention:
    return Mention(Span(start, end), kind, score, Detector.PATTERN, "test")


def decision(start: int, end: int, verdict: Verdict, kind: EntityType | None = PERSON, **more: str) -> Decision:
    return Decision("s", Span(start, end), verdict, "0" * 16, kind, **more)


def test_nothing_is_settled_by_default() -> None:
    """Without a decision every mention is open, however certain the detector is."""
    done = settle([mention(0, 4, score=1.0)], [], NOBODY)
    assert [done.is_open(m) for m in done.mentions] == [True]


def test_policy_settles_by_score_and_type() -> None:
    """Only what study.toml names counts as decided without a reviewer."""
    found = [mention(0, 4, score=0.95), mention(5, 9, score=0.6), mention(10, 12, EntityType.DATE, 0.6)]
    done = settle(found, [], Review(0.9, (EntityType.DATE,)))
    assert [done.is_open(m) for m in done.mentions] == [False, True, False]


def test_last_decision_wins() -> None:
    """A reviewer may change her mind: the last verdict on a span stands."""
    done = settle([mention(0, 4)], [decision(0, 4, Verdict.REJECT), decision(0, 4, Verdict.ACCEPT)], NOBODY)
    assert done.mentions == (mention(0, 4),)
    assert done.rejected == ()
    undone = settle([mention(0, 4)], [decision(0, 4, Verdict.ACCEPT), decision(0, 4, Verdict.REJECT)], NOBODY)
    assert undone.mentions == ()
    assert undone.rejected == (Span(0, 4),)


def test_accepted_span_outlives_the_detector() -> None:
    """A span that a reviewer accepted stays a mention when a later detector no longer finds it."""
    done = settle([], [decision(3, 7, Verdict.ACCEPT)], NOBODY)
    assert [(m.span, m.type, m.detector) for m in done.mentions] == [(Span(3, 7), PERSON, Detector.REVIEWER)]


def test_reviewers_span_cuts_what_it_overlaps() -> None:
    """An added span wins; what is left of an undecided mention beside it stays open."""
    done = settle([mention(0, 10)], [decision(3, 6, Verdict.ADD)], NOBODY)
    assert [(m.span, done.is_open(m)) for m in done.mentions] == [
        (Span(0, 3), True),
        (Span(3, 6), False),
        (Span(6, 10), True),
    ]


def test_rejected_piece_does_not_come_back() -> None:
    """A piece left beside an added span, once rejected, is not proposed again."""
    done = settle([mention(0, 10)], [decision(0, 6, Verdict.ADD), decision(6, 10, Verdict.REJECT)], NOBODY)
    assert [m.span for m in done.mentions] == [Span(0, 6)]


def test_wider_new_mention_is_asked_again() -> None:
    """Rejecting a word does not hide a longer name found later at the same place."""
    done = settle([mention(0, 12)], [decision(0, 5, Verdict.REJECT)], NOBODY)
    assert [(m.span, done.is_open(m)) for m in done.mentions] == [(Span(0, 12), True)]


def test_change_of_type_drops_the_entity() -> None:
    """A mention of another type is somebody or something else: it is linked anew."""
    found = replace(mention(0, 4), entity="e1")
    done = settle([found], [decision(0, 4, Verdict.TYPE, EntityType.LOCATION)], NOBODY)
    assert [(m.type, m.entity) for m in done.mentions] == [(EntityType.LOCATION, None)]


def test_merge_keeps_what_was_said_of_the_span() -> None:
    """A merge is about entities: a rejection of the span before it stands."""
    done = settle([mention(0, 4)], [decision(0, 4, Verdict.REJECT), decision(0, 4, Verdict.MERGE, entity="e2", was="e1")], NOBODY)
    assert done.mentions == ()


def test_merges_are_followed_and_never_circle() -> None:
    """A into B, B into C gives C for both; C into A would close a circle and is left out."""
    said = [
        decision(0, 1, Verdict.MERGE, entity="b", was="a"),
        decision(1, 2, Verdict.MERGE, entity="c", was="b"),
        decision(2, 3, Verdict.MERGE, entity="a", was="c"),
    ]
    assert merges(said) == {"a": "c", "b": "c"}


def test_who_is_meant_follows_later_merges() -> None:
    """Whom a reviewer named goes before whom the form was linked to, and either may have become somebody else since."""
    found = replace(mention(0, 4), entity="a")
    named = settle([found], [decision(0, 4, Verdict.ACCEPT, entity="b")], NOBODY)
    assert meant(found, named, {}) == "b"
    assert meant(found, named, {"b": "c"}) == "c"
    assert meant(found, settle([found], [], NOBODY), {"a": "c"}) == "c"
    assert meant(mention(0, 4), settle([], [], NOBODY), {"a": "c"}) is None


def test_merged_register_moves_forms_and_keeps_numbers() -> None:
    """The entity that stays gains the forms; numbers given are never given again."""
    register = Register(
        (
            Entity("a", PERSON, "ORANG-1", (Form("Ran"), Form("Rani"))),
            Entity("b", PERSON, "INF-01", (Form("Rani"),)),
        ),
        (("ORANG", 1),),
    )
    after = merged(register, {"a": "b"}, lambda entity: entity == "b")
    assert [(e.pseudonym, [f.text for f in e.forms], e.settled) for e in after.entities] == [("INF-01", ["Rani", "Ran"], True)]
    assert after.counters == (("ORANG", 1),)


spans = st.tuples(st.integers(0, 40), st.integers(1, 8)).map(lambda t: Span(t[0], t[0] + t[1]))


@given(
    st.lists(spans, max_size=8),
    st.lists(st.tuples(spans, st.sampled_from([Verdict.ACCEPT, Verdict.ADD, Verdict.REJECT])), max_size=6),
)
def test_outcome_never_overlaps(found: list[Span], said: list[tuple[Span, Verdict]]) -> None:
    """Whatever is found and said, undecided mentions never lie over decided ones, and nothing rejected comes back."""
    apart: list[Span] = []
    for span in sorted(found):
        if not any(span.overlaps(other) for other in apart):
            apart.append(span)
    decided: list[tuple[Span, Verdict]] = []
    for span, verdict in said:
        if not any(span.overlaps(other) and span != other for other, _ in decided):
            decided.append((span, verdict))
    done = settle([mention(s.start, s.end) for s in apart], [decision(s.start, s.end, v) for s, v in decided], NOBODY)
    ordered = [m.span for m in done.mentions]
    assert all(a.end <= b.start for a, b in pairwise(ordered))
    assert not set(done.rejected) & set(ordered)


@given(spans, st.lists(spans, max_size=6))
def test_outside_is_exact(span: Span, others: list[Span]) -> None:
    """What is left is exactly the places of the span that no other covers."""
    covered = {i for other in others for i in range(other.start, other.end)}
    left = {i for rest in outside(span, others) for i in range(rest.start, rest.end)}
    assert left == set(range(span.start, span.end)) - covered


def test_a_merged_entity_of_one_document_stays_findable() -> None:
    """What is bound to a document keeps its id and number when it is merged, so that sanitizing anew gives no new number."""
    here = Entity("a", EntityType.PERSON, "ORANG-1", (Form("Kang Dede"),), source="s1")
    there = Entity("b", EntityType.PERSON, "TRI-01", (Form("Dede"),), settled=True)
    register = Register((here, there), (("ORANG", 1),))
    after = merged(register, {"a": "b"}, lambda _: False)
    assert after.entities[0] == here
    assert [form.text for form in after.entities[1].forms] == ["Dede", "Kang Dede"]
    assert merged(after, {"a": "b"}, lambda _: False) == after
