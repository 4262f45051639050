"""Whatever is edited: untouched segments stay theirs, ids are given once, and nothing lands on other words."""

from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from samaran.align import align
from samaran.align.lines import signs
from samaran.align.matching import matches
from samaran.ingest import read_text
from samaran.model import Decision, Span, Verdict
from samaran.review import outcome
from samaran.segment import segments

VOCABULARY = "rani yuyun teman saya di kota bandung cibogo tarif malam chat akun ya ok ok ok jl. no. 12 bunga🌸 é"
WORDS = st.sampled_from(VOCABULARY.split())
LABELS = ("Peneliti", "Informan")
TURN = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
MARKED = st.tuples(st.integers(0, 99), st.sampled_from(["change", "drop", "insert", "label", "word"]), TURN)


@st.composite
def corrected(draw: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]], set[int]]:
    """Turns with their labels, the same after some edits, and which of the old ones were touched. Every turn says which it is."""
    turns = [(draw(st.sampled_from(LABELS)), f"giliran{n} {draw(TURN)}") for n in range(draw(st.integers(2, 25)))]
    new: list[tuple[str, str] | None] = list(turns)
    before: dict[int, list[tuple[str, str]]] = {}
    touched = set()
    for place, kind, text in draw(st.lists(MARKED, max_size=5)):
        n = place % len(turns)
        label, said = new[n] or turns[n]
        if kind == "insert":
            before.setdefault(n, []).append((LABELS[0], text))
            continue
        touched.add(n)
        if kind == "drop":
            new[n] = None
        elif kind == "change":
            new[n] = (label, text)
        elif kind == "label":
            new[n] = (LABELS[label == LABELS[0]], said)
        else:
            new[n] = (label, f"{said} {text}")
    out = [turn for n, one in enumerate(new) for turn in (*before.get(n, ()), *([one] if one else ()))]
    return turns, out, touched


def written(turns: list[tuple[str, str]]) -> str:
    return "".join(f"{label}: {said}\n" for label, said in turns)


@settings(max_examples=150, deadline=None)
@given(corrected())
def test_untouched_segments_are_the_same(made: tuple[list[tuple[str, str]], list[tuple[str, str]], set[int]]) -> None:
    """Each turn that nobody touched is unchanged; no earlier segment is given twice; the pieces cover the text in order."""
    turns, out, touched = made
    assume(len(out) > 1)  # one line alone is read as prose, its label with it
    old, new = written(turns), written(out)
    before, after = read_text(old), read_text(new)
    was = segments(before)
    found = align(before, was, after, segments(after))
    same = {piece.old for piece in found.pieces if piece.same}
    assert same >= {n for n, raw in enumerate(was) if int(signs(raw.text)[0].removeprefix("giliran")) not in touched}
    kept = [piece.old for piece in found.pieces if piece.old is not None]
    assert len(kept) == len(set(kept))
    spans = [piece.span for piece in found.pieces]
    assert spans == sorted(spans)
    assert signs("".join(piece.span.of(new) + "\n" for piece in found.pieces)) == signs(
        "".join(line.body.of(new) + "\n" for line in after.lines)
    )
    assert all(piece.line.body.contains(piece.span) for piece in found.pieces)


@settings(max_examples=150, deadline=None)
@given(corrected(), st.data())
def test_no_span_lands_on_other_words(
    made: tuple[list[tuple[str, str]], list[tuple[str, str]], set[int]], data: st.DataObject
) -> None:
    """A span that is followed reads the same afterwards; one inside an untouched turn always is followed."""
    turns, out, touched = made
    old, new = written(turns), written(out)
    before, after = read_text(old), read_text(new)
    was = segments(before)
    found = align(before, was, after, segments(after))
    start = data.draw(st.integers(0, len(old) - 2))
    span = Span(start, data.draw(st.integers(start + 1, min(len(old), start + 40))))
    moved = found.moves.of(span)
    if moved is not None:
        assert signs(moved.of(new)) == signs(span.of(old))
    raw = data.draw(st.sampled_from(was))
    if int(signs(raw.text)[0].removeprefix("giliran")) not in touched:
        whole = found.moves.of(raw.span)
        assert whole is not None
        assert whole.of(new) == raw.text


@given(st.lists(st.sampled_from("abcd"), max_size=40), st.lists(st.sampled_from("abcd"), max_size=40))
def test_matches_rise_and_are_equal(a: list[str], b: list[str]) -> None:
    """Pairs are equal items that rise on both sides, whatever repeats."""
    found = matches(a, b)
    assert all(a[i] == b[j] for i, j in found)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(found))


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(list(Verdict)), st.sampled_from(["", "e1"])), max_size=12))
def test_what_decisions_say_together_is_one_a_span(said: list[tuple[int, Verdict, str]]) -> None:
    """Folding decisions leaves one for each span, the last that is no merge, and folding again changes nothing."""
    made = [Decision("s", Span(n, n + 1), verdict, "r", None, entity or None, "e2") for n, verdict, entity in said]
    found = outcome(made)
    assert {d.span for d in found} == {d.span for d in made}
    assert len(found) == len({d.span for d in found})
    assert all(d.verdict is not Verdict.MERGE for d in found)
    assert outcome(found) == found
    for decision in found:
        own = [d.verdict for d in made if d.span == decision.span and d.verdict is not Verdict.MERGE]
        assert decision.verdict is (own[-1] if own else Verdict.ACCEPT)
