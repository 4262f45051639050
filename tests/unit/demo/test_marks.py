"""Marked text: marks stay on their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran.demo.marks import Mark, Marked, join, parse
from samaran.model import EntityType, Span

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]"), max_size=12)


@st.composite
def marked(draw: st.DrawFn) -> Marked:
    whole = Marked(draw(WORDS))
    for surface in draw(st.lists(WORDS.filter(bool), max_size=4)):
        whole = whole + Marked(surface, (Mark(Span(0, len(surface)), EntityType.PERSON, "x"),)) + draw(WORDS)
    return whole


def surfaces(text: Marked) -> list[str]:
    return [mark.span.of(text.text) for mark in text.marks]


def test_inline_marks_become_spans_of_the_plain_text() -> None:
    """A mark's span covers exactly its surface, with its type and entity, and the brackets are gone."""
    text = parse("Teh [[PERSON#rani:Rani]], [[AGE:19]] [x]]")
    assert text.text == "Teh Rani, 19 [x]]"
    assert [(m.span.of(text.text), m.type, m.entity) for m in text.marks] == [("Rani", "PERSON", "rani"), ("19", "AGE", "")]


def test_an_unknown_type_is_refused() -> None:
    """Gold with a type that there is not raises instead of losing a mark."""
    with pytest.raises(ValueError, match="CITY"):
        parse("[[CITY:Bandung]]")


def test_a_cut_through_a_mark_is_refused() -> None:
    """A part never holds half of a mark."""
    with pytest.raises(ValueError, match="through a mark"):
        parse("[[PERSON:Rani]]").cut(2)


def test_overlapping_marks_are_refused() -> None:
    """A marked text with marks on top of each other cannot exist."""
    twice = Mark(Span(0, 2), EntityType.PERSON)
    with pytest.raises(ValueError, match="overlaps"):
        Marked("abc", (twice, twice))


@given(st.lists(marked(), max_size=4), st.sampled_from(["", " ", "\n\n"]))
def test_joining_keeps_every_surface(parts: list[Marked], separator: str) -> None:
    """Whatever is joined, each mark still covers its own words, in order."""
    whole = join(separator, parts)
    assert whole.text == separator.join(part.text for part in parts)
    assert surfaces(whole) == [surface for part in parts for surface in surfaces(part)]


@given(st.lists(marked().filter(lambda part: "\n" not in part.text), min_size=1, max_size=4))
def test_splitting_undoes_joining(parts: list[Marked]) -> None:
    """Text joined at line ends splits into the same parts with the same marks."""
    assert join("\n", parts).split("\n") == tuple(parts)
