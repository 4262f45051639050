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
