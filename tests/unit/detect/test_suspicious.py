"""What stands out unmarked: names, codes, capitals inside a sentence, unknown words; and what does not."""

import pytest

from samaran.detect.suspicious import Cause, ranked, suspects
from samaran.detect.wordforms import known_word
from samaran.ingest import read_text
from samaran.model import Span


def found(text: str, covered: tuple[str, ...] = ()) -> dict[str, tuple[Cause, ...]]:
    """Surface -> causes, with the first place of each covered surface marked."""
    spans = [Span(text.index(word), text.index(word) + len(word)) for word in covered]
    return {s.span.of(text): s.causes for s in suspects(read_text(text), spans)}


@pytest.mark.parametrize(
    ("text", "word", "cause"),
    [
        ("P: kemarin ke rumah Desmawati sama adik.", "Desmawati", Cause.NAME),
        ("P: kemarin desmawati datang.", "desmawati", Cause.NAME),
        ("P: orang itu di Kubangan sana.", "Kubangan", Cause.CAPITAL),
        ("P: orang itu Wkwrrtok juga datang.", "Wkwrrtok", Cause.UNKNOWN),
        ("P: teman saya drelvina sakit.", "drelvina", Cause.UNKNOWN),
        ("P: sandinya qx77zt kata dia.", "qx77zt", Cause.DIGITS),
        ("P: katanya 774512 begitu.", "774512", Cause.DIGITS),
    ],
)
def test_what_stands_out(text: str, word: str, cause: Cause) -> None:
    """Each reason finds its word."""
    assert cause in found(text)[word]


@pytest.mark.parametrize(
    "text",
    [
        "P: Tarifnya 400rb, kadang Rp 1.500.000, sekitar 2 jam, jam 10.30.",
        "P: orang2 ngabantuan, dititipkeun, bangettt, yg gk ada.",
        "P: Saya orang Sunda, pakai WhatsApp dan MiChat.",
        "P: Kang mah teu nanaon, Teh.",
        "P: aku 100 ribu 15000 rupiah dua kali 3x.",
    ],
)
def test_what_does_not(text: str) -> None:
    """Amounts, times, inflected and drawn-out words, peoples, apps and words of address are no suspects."""
    assert found(text) == {}


def test_what_is_covered_is_no_suspect() -> None:
    """A word that a mention touches is left to the mention."""
    text = "P: kemarin ke rumah Zubaedah sama Drelvina."
    assert set(found(text, ("Zubaedah",))) == {"Drelvina"}
    assert found(text, ("baed", "Drelvina")) == {}


def test_neighbours_with_capitals_are_one() -> None:
    """A name of two parts is one suspect; what a comma parts is two."""
    assert set(found("P: ada Drelvina Wkwrrtok di situ, juga Zrentok, Mrelvok.")) == {"Drelvina Wkwrrtok", "Zrentok", "Mrelvok"}


def test_rank_falls_with_frequency_and_rejected_forms_are_left_out() -> None:
    """A form has one row, where it is met first; an unknown word that stands everywhere comes after a rare one."""
    texts = ["P: kata wrekto itu wrekto.\nP: wrekto lagi, WREKTO.", "P: wrekto pisan drelvina, zrentok."]
    rows = ranked([suspects(read_text(text), ()) for text in texts], {"zrentok"})
    assert [row.suspect.form for row in rows] == ["drelvina", "wrekto"]
    assert (rows[1].document, rows[1].times, rows[1].documents) == (0, 5, 2)
    assert ranked([]) == ()


def test_a_text_without_words_has_none() -> None:
    """Nothing, blanks and emoji alone have no suspects."""
    assert found("") == found(" \n ") == found("🌸🌸\n🌸") == {}


def test_no_repr_shows_a_word() -> None:
    """The repr of a suspect shows its place, not its text."""
    assert "zubaedah" not in repr(suspects(read_text("P: ada Zubaedah."), ()))


@pytest.mark.parametrize("word", ["friends", "ngabantuan", "nulis", "dibantuan", "yg", "pisannn", "kerjaan"])
def test_inflected_words_are_known(word: str) -> None:
    """A known word stays known with its affixes, its nasal or letters drawn out."""
    assert known_word(word)


@pytest.mark.parametrize("word", ["drelvina", "wrekto", "qxzzto"])
def test_made_up_words_are_not(word: str) -> None:
    """Letters that are no word in any of the languages stay unknown."""
    assert not known_word(word)
