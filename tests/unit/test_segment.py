"""Lines become segments."""

from itertools import pairwise

import pytest

from samaran.ingest import read_text
from samaran.model import Span
from samaran.segment import LONG, UNBROKEN, segments, sentence_ends


def sentences(text: str) -> list[str]:
    """The text cut at the ends of its sentences."""
    cuts = [0, *sentence_ends(text, Span(0, len(text))), len(text)]
    return [piece for a, b in pairwise(cuts) if (piece := text[a:b].strip())]


@pytest.mark.parametrize(
    "text",
    [
        "Rumahnya di Jl. Cisitu Lama No. 41B, Gg. Mesjid, Kel. Dago.|Dekat dr. Budi Hartanto.",
        "Jam 19.20 saya datang, bayar 1.050.000 tunai.|Terus pulang!|Besok? |Iya…",
        "Transfer a.n. Vera Oktaviani, Rp. 50.000.|Beres.",
        "Ceuk Ma Onih, “Geus nyaho ti baheula.”|Urang cicing.",
        "Ieu N. Fauziah jeung Prof. Dr. Ratna.|Mangga calik.",
        "1. Bunga di teras.|2. Bulan di langit.",
        "I met Mr. Sven, e.g. the tall one, at 9 p.m. on Sunday.|He left.",
        "gitu dst. terus dia dll. pergi.|udah",
        "Tunggu... |Siapa itu?!|Saya.",
        "wkwk.|terus gimana",
    ],
)
def test_sentences_end_where_they_end(text: str) -> None:
    """Abbreviations, initials, list numbers, decimals and times end no sentence, in three languages."""
    assert sentences(text.replace("|", " ")) == [piece.strip() for piece in text.split("|")]


def test_a_turn_is_one_segment() -> None:
    """Up to the limit a turn stays whole, whatever sentences it has."""
    text = "P: Satu. Dua.\nI: Tiga! Empat?\nP: Lima\nI: Enam"
    assert [s.text for s in segments(read_text(text))] == ["Satu. Dua.", "Tiga! Empat?", "Lima", "Enam"]


def test_a_long_turn_is_split_at_sentences() -> None:
    """Segments are numbered, end with their sentences, and stay near the limit."""
    text = "Rani bilang di Jl. Cisitu ia tinggal lama sekali. " * 40
    found = segments(read_text(text))
    assert len(found) > 2
    assert [s.seg_no for s in found] == list(range(1, len(found) + 1))
    assert all(s.text.endswith("lama sekali.") and len(s.text) <= LONG for s in found)
    assert " ".join(s.text for s in found) == text.strip()


def test_speech_without_full_stops_is_split_at_spaces() -> None:
    """What a machine wrote without punctuation is cut between words."""
    text = "kata kata " * 400
    found = segments(read_text(text))
    assert all(len(s.text) <= UNBROKEN for s in found)
    assert " ".join(s.text for s in found) == text.strip()


def test_cells_are_segments() -> None:
    """One segment a cell."""
    text = "kode;nama;asal\nA1;Rani;Dago\nA2;Nde;Lembang\n"
    assert [s.text for s in segments(read_text(text, "x.csv"))][:4] == ["kode", "nama", "asal", "A1"]
