"""Everyday words that the counted lists lack."""

import pytest

from samaran.detect.words import everyday, names


@pytest.mark.parametrize("word", ["wios", "sakedap", "ojok", "inggih", "dunsanak", "everywhere", "law", "appendix"])
def test_everyday_words_of_every_register_are_known(word: str) -> None:
    """A word of polite Sundanese, regional speech, English or the courts is no name by its rarity."""
    assert word in everyday()


@pytest.mark.parametrize("name", ["rani", "slamet", "ran", "wes"])
def test_names_stay_names(name: str) -> None:
    """A name, or what a name is clipped to, is not made a word by that list."""
    from samaran.detect.words import _read

    assert name not in _read("words-own.txt")
    assert not names() & _read("words-own.txt")


@pytest.mark.parametrize(
    ("text", "kept"),
    [("A. Bondarchuk", "A. Bondarchuk"), ("A Bagas", "Bagas"), ("T. Savchuk", "T. Savchuk")],
)
def test_an_initial_is_no_word_of_address(text: str, kept: str) -> None:
    """A capital with a full stop belongs to the name; the word of address without one doesn't."""
    from samaran.detect.resolve import _bare_name

    start, end = _bare_name(text, 0, len(text))
    assert text[start:end] == kept
