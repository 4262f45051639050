"""The extract for an informant: one page a language, nothing unescaped, days as the language writes them."""

import json
import re
from dataclasses import replace

import pytest
from making import EVERYTHING, NOTHING

from samaran.model import Method
from samaran.report.extract import Agreed, Held, Said, to_data, to_page


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_stands_alone_in_one_language(language: str) -> None:
    """No script, no link, no word of the other language; the same value gives the same bytes."""
    page = to_page(EVERYTHING, language)
    assert page == to_page(EVERYTHING, language)
    assert not re.search(r"<script|https?://|<a |<img|<link", page)
    other = {"id": ("Your rights", "interview</b>", "in use"), "en": ("Hak Anda", "wawancara", "masih berlaku")}[language]
    assert not [word for word in other if word in page]
    assert {"id": "31 Desember 2031", "en": "31 December 2031"}[language] in page


def test_what_comes_from_people_is_escaped() -> None:
    """Markup in her words, a contact, a purpose or a form version stays text."""
    bad = "<script>alert(1)</script>"
    source = Held(Method.CHAT, 1, "", "given", False, 1, said=(Said("you", bad),))
    said = replace(EVERYTHING, contact=bad, purpose=bad, consents=(Agreed(bad, "2026-01-02", "written", ()),), sources=(source,))
    page = to_page(said, "id")
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 4


def test_one_of_whom_nothing_is_left_is_told_so() -> None:
    """Without sources and identifiers the page says that nothing is left, and never where there is something."""
    assert "No material of yours is left" in to_page(NOTHING, "en")
    assert "No material of yours is left" not in to_page(EVERYTHING, "en")


def test_json_says_the_same() -> None:
    """Every field that is not empty, with a version; counts of what is given and what waits."""
    data = json.loads(to_data(EVERYTHING))
    assert (data["v"], data["sources"][0]["said"][0]) == (1, {"who": "you", "text": "kata you"})
    assert (EVERYTHING.given, EVERYTHING.waiting) == (4, 2)
    assert set(json.loads(to_data(NOTHING))) == {
        "v",
        "study",
        "made",
        "request",
        "number",
        "committee",
        "retention",
        "identifiers",
    }


def test_nothing_raw_shows_in_a_repr() -> None:
    """Her words are in no repr: that is what a traceback or a log would show."""
    assert "kata you" not in repr(EVERYTHING)
    assert "kata you" not in repr(EVERYTHING.sources[0])


def test_a_flag_that_nobody_knows_is_no_consent() -> None:
    """A value that exists is valid."""
    with pytest.raises(ValueError, match="flag"):
        Agreed("1", "2026-01-02", "written", ("everything",))
