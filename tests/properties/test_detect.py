"""Promises of detection over any text and any names."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samaran.detect import Detector, second_pass
from samaran.detect.words import fold
from samaran.ingest import read_text
from samaran.model import Detector as Layer
from samaran.model import Entity, EntityType, Form, Line, Mention, Span, Transcript

NAMES = st.one_of(
    st.sampled_from(
        [
            "Rani",
            "Bunga",
            "Maharani Kusumah",
            "Dewi♡",
            "@yuyy.ngsih",
            "Bunga_23",
            "melati.bdg",
            "Éla",
            "Al-Habsyi",
            "Wi",
            "0812 77",
            "🐰",
            "ßta",
        ]
    ),
    st.text(min_size=1, max_size=8).filter(lambda s: s.strip() == s and "\n" not in s and s),
)
FILL = st.one_of(
    st.sampled_from([" ", ", ", "\n", "na ", "-na ", ": ", '"', "'s ", ". Kata ", "Teh ", "0", "_", "é"]), st.text(max_size=6)
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Transcript, list[Entity], list[Mention]]:
    """A transcript in lines, entities whose forms are strewn over it in various capitals, and some mentions."""
    forms = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    entities = [
        Entity(
            f"e{n}",
            draw(st.sampled_from([EntityType.PERSON, EntityType.ONLINE_ID, EntityType.LOCATION])),
            f"P-{n}",
            (Form(form, draw(st.booleans())),),
        )
        for n, form in enumerate(forms)
    ]
    spelled = st.sampled_from(forms).flatmap(lambda f: st.sampled_from([f, f.lower(), f.upper(), f.title()]))
    text = "".join(draw(st.lists(st.one_of(spelled, FILL), max_size=14)))
    lines, at = [], 0
    for n, part in enumerate(text.split("\n")):
        if part:
            lines.append(Line(n, Span(at, at + len(part)), f"line {n}"))
        at += len(part) + 1
    mentions, last = [], 0
    for line in lines:
        start = draw(st.integers(line.body.start, line.body.end - 1))
        end = draw(st.integers(start + 1, line.body.end))
        if start >= last and draw(st.booleans()):
            mentions.append(Mention(Span(start, end), EntityType.PERSON, 0.9, Layer.PATTERN, "test"))
            last = end
    return Transcript("text", text, tuple(lines)), entities, mentions


@settings(max_examples=400, deadline=None)
@given(documents())
def test_after_the_second_pass_no_form_stands_uncovered(case):
    """Occurrences of a form in its own capitals, and in any capitals of a form that is no word, lie in mentions."""
    transcript, entities, before = case
    text = transcript.text
    after = second_pass(transcript, before, entities)
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(after))
    assert all(any(line.body.contains(m.span) for line in transcript.lines) for m in after)
    assert all(any(m.span.contains(old.span) for m in after) for old in before)
    for entity in entities:
        for form in entity.forms:
            flags = 0 if form.word else re.IGNORECASE
            for match in re.finditer(rf"(?<!\w){re.escape(form.text)}(?!\w)", text, flags):
                if any(line.body.contains(Span(*match.span())) for line in transcript.lines):
                    assert any(m.span.contains(Span(*match.span())) for m in after), (form.text, text, match.span())


@pytest.fixture(scope="module")
def bare() -> Detector:
    return Detector("none")


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_gives_mentions_that_fit(bare, text):
    """Whatever the text, mentions are sorted, don't overlap, and each lies inside one stretch of a line."""
    transcript = read_text(text)
    found = bare.find(transcript, ())
    places = [s for line in transcript.lines for s in (line.body, line.label, line.stamp, line.column) if s is not None]
    assert all(a.span.end <= b.span.start for a, b in itertools.pairwise(found))
    assert all(any(place.contains(m.span) for place in places) for m in found)


@given(st.text())
def test_folding_keeps_every_offset(text):
    """A folded text has as many characters as the text."""
    assert len(fold(text)) == len(text)
