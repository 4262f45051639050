"""The detector as a whole: bad input, promises of its output, scholars, its digest."""

import re
import time

import pytest
from conftest import fits

from samaran.detect import digest
from samaran.detect.resolve import Places, resolve
from samaran.ingest import read_text
from samaran.model import DOUBTFUL, Detector, EntityType, Mention, Span

CITED = """Menurut Goffman (1959), stigma itu panggung. Teori Mead tentang diri juga dipakai (Mead, 1934; Creswell, 2014).
Rosita di Purwakarta bercerita lain.

Goffman, E. (1959). The presentation of self.
"""


@pytest.mark.parametrize(
    "text", ["😀😀 🍂🧡", "مرحبا كيف حالك", "nul\x00di\x00tengah Teh Rani", "\r\ncampur\nbaris\r", "a", "\n\n\n", "́́"]
)
def test_odd_text_gives_mentions_that_fit(text, detector):
    """Emoji, right-to-left text, null bytes and mixed newlines: no error, and every mention lies in its line."""
    transcript = read_text(text)
    assert fits(transcript, detector.find(transcript, ()))


def test_a_line_of_a_hundred_thousand_words_is_read_to_its_end(detector):
    """Nothing is cut off: a number after a hundred thousand words is found, in reasonable time."""
    transcript = read_text("kata " * 100_000 + "nomor 0812-3344-5566 ya")
    began = time.process_time()
    found = detector.find(transcript, ())
    assert any(m.span.of(transcript.text) == "0812-3344-5566" for m in found)
    assert time.process_time() - began < 60


@pytest.mark.parametrize("unit", ["0", "a.", "A ", "(", "0 ", "@", "Jl. ", "satu ", "https://", "1/", "-", "x" * 50 + " "])
def test_repetition_makes_no_pattern_explode(unit, detector):
    """Time grows with the text, not with its square, whatever is repeated."""
    transcript = read_text(unit * (40_000 // len(unit)))
    began = time.process_time()
    detector.find(transcript, ())
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("In the case of Kovalenko and Marchenko the", ["Kovalenko", "Marchenko"]),
        ("Hugo Kastner        Ingrid Lindholm", ["Hugo Kastner", "Ingrid Lindholm"]),
        ("oleh Rani dan Yuyun", ["Rani", "Yuyun"]),
        ("oleh Rani dan kawan", ["Rani dan kawan"]),
    ],
)
def test_two_people_in_one_mention_become_two(text, people):
    """They must not share a pseudonym, so each has a mention of its own."""
    start = text.index(people[0])
    both = Mention(Span(start, text.index(people[-1]) + len(people[-1])), EntityType.PERSON, 0.9, Detector.MODEL, "model")
    found = resolve([both], text, Places(read_text(text)))
    assert [m.span.of(text) for m in found] == people


def test_mentions_never_overlap_and_stay_in_their_lines(detector):
    """One busy page: sorted, no overlaps, each inside one stretch."""
    text = (
        "Rani: Teh Yuyun, kos di Jl. Cisitu Lama No. 41B kamar 9, Dago, 0812-3344-5566.\n"
        "Yuyun: BCA 527-018-3349 a.n. Yuyun Yuningsih, NIK 3273194811950004, umur 19, @melati.bdg.\n"
    )
    transcript = read_text(text)
    found = detector.find(transcript, ())
    assert fits(transcript, found)
    assert len([m for m in found if m.score >= DOUBTFUL]) >= 9


@pytest.mark.parametrize(
    ("text", "account"),
    [("akun IG rani.k itu", "rani.k"), ("akun IG: rani.k", "rani.k"), ("akun IG itu", ""), ("akun IG_rani itu", "IG_rani")],
)
def test_an_app_is_no_part_of_an_account(text, account):
    """What the model takes for one name loses the app before it; an app alone is nobody's account."""
    transcript, end = read_text(text), len(text) - 4 if text.endswith(" itu") else len(text)
    found = resolve([Mention(Span(5, end), EntityType.ONLINE_ID, 0.9, Detector.MODEL, "model")], text, Places(transcript))
    assert [m.span.of(text) for m in found] == ([account] if account else [])


def test_scholars_stay_where_the_study_keeps_them(look):
    """Cited authors and their years are no mentions of a literature note, people of the field are."""
    kept = look(CITED, keep_scholars=True)
    assert not {surface for surface, _ in kept} & {"Goffman", "Mead", "Creswell", "1959", "1934", "2014"}
    assert ("Rosita", "PERSON") in kept


def test_the_digest_is_stable_and_says_nothing():
    """What found the mentions is one SHA-256, the same each time."""
    assert digest() == digest()
    assert re.fullmatch(r"[0-9a-f]{64}", digest())
