"""Whose forms the second pass looks for."""

from dataclasses import replace

from samaran.model import Entity, EntityType, Form
from samaran.pipeline.sought import sought

RANI = Entity("e1", EntityType.PERSON, "INF-01", (Form("Maharani"), Form("Bunga", word=True), Form("Ra")), settled=True)


def test_settled_entities_are_sought_in_all_their_forms() -> None:
    """A name that a person settled is looked for however it is written, common word or not."""
    assert sought([RANI], set()) == (RANI,)


def test_proposals_are_sought_by_telling_forms_only() -> None:
    """A proposal is looked for only by forms that are no common words and have three letters or more."""
    (found,) = sought([replace(RANI, settled=False)], {"e1"})
    assert [form.text for form in found.forms] == ["Maharani"]


def test_proposals_without_a_clear_mention_are_not_sought() -> None:
    """A mere doubt is not carried to other documents."""
    assert sought([replace(RANI, settled=False)], set()) == ()


def test_a_proposal_of_common_words_alone_is_not_sought() -> None:
    """When no telling form is left, nothing is looked for."""
    assert sought([Entity("e2", EntityType.PERSON, "ORANG-1", (Form("lain", word=True), Form("A")))], {"e2"}) == ()


def test_dates_and_ages_are_never_sought() -> None:
    """A number that was an age once is an ordinary number elsewhere."""
    age = Entity("e3", EntityType.AGE, "USIA-1", (Form("dua dua"),), settled=True)
    assert sought([age, replace(age, id="e4", type=EntityType.DATE, pseudonym="TANGGAL-1")], {"e3", "e4"}) == ()
