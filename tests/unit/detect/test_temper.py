"""Second thoughts about the language model."""

import pytest

from samaran.detect.temper import tempered
from samaran.model import DOUBTFUL, Detector, EntityType, Mention, Span

P, A, V, L = EntityType.PERSON, EntityType.AGE, EntityType.PLATE, EntityType.LOCATION
ID, D, B, W = EntityType.ID_NUMBER, EntityType.DATE, EntityType.ORGANIZATION, EntityType.ADDRESS


def kept(text, surface, kind, detector=Detector.MODEL, score=0.9):
    start = text.index(surface)
    (mention,) = tempered([Mention(Span(start, start + len(surface)), kind, score, detector, "model")], text)
    return mention.score >= DOUBTFUL


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("Kemarin hujan deras", "Kemarin", P),
        ("makan kuncina leungit", "kuncina", P),
        ("punten teteeeh antosan", "teteeeh", P),
        ("pakai MiChat dulu", "MiChat", P),
        ("harganya dua puluh ribu", "dua puluh", A),
        ("motor biru lewat", "biru", V),
        ("bayar tunai saja", "tunai", L),
        ("جميل اليوم", "جميل", P),
        ("resi JP1234567890 sudah sampai", "JP1234567890", ID),
        ("angkat tabuh sapuluh ti bumi", "sapuluh", A),
        ("offshore for twenty-six years", "twenty-six years", A),
        ("dicatat 14.10-15.35", "15.35", ID),
        ("under section 3 of Law no. 307/2006", "307/2006", ID),
        ("Scordino v. Italy (no. 3), no. 43662/98", "43662/98", ID),
        ("KUHP baru (UU 1/2023)", "2023", D),
        ("menurut Perda Kota Bandung 9/2019", "2019", D),
        ("8. On that day the court sat", "8", D),
        ("surat 005/421-Kesra", "421", D),
        ("the District Court convicted him", "District Court", B),
        ("represented by the Ukrainian Government", "Ukrainian Government", B),
        ("Article 1 of Protocol No. 1", "Protocol No", W),
        ("Wildan Hakim, M.Si., pembimbing", "M.Si", P),
        ("see Scordino v. Italy (no. 3), no. 43662/98, 17 May 2005, and others", "Scordino", P),
        ("refers to K. and T. v. Finland [GC], no. 25702/94", "K", P),
        ("the criteria in Othman (Abu Qatada) v. the United Kingdom (no. 8139/09, § 189)", "Abu Qatada", P),
    ],
)
def test_what_stands_against_plain_evidence_becomes_a_doubt(text, surface, kind):
    """Everyday words as names, amounts as ages, a plate without a number: kept as doubts, never dropped."""
    assert not kept(text, surface, kind)


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("kata Teh Kemarin begitu", "Kemarin", P),
        ("dia Zulfa, orang sana", "Zulfa", P),
        ("si Bulan datang", "Bulan", P),
        ("umurnya dua puluh, katanya", "dua puluh", A),
        ("dari Bandung ke sana", "Bandung", L),
        ("for years she was twenty-six years old", "twenty-six years", A),
        ("lahir tanggal 8. Terus pindah", "8", D),
        ("married in 2006 in Lodz", "2006", D),
        ("NIM 307/2006 atas namanya", "307/2006", ID),
        ("the applicant, Mr M.A., was born", "M.A.", P),
        ("paspor JP1234567 ditahan", "JP1234567", ID),
        ("the European Court of Human Rights", "European Court of Human Rights", B),
        ("the Kharkiv District Court", "Kharkiv District Court", B),
        ("an application (no. 1234/05) against Italy by Ms Scordino", "Scordino", P),
        ("Kovalenko v. Ukraine (Application no. 1234/05)", "Kovalenko", P),
    ],
)
def test_what_has_evidence_stays(text, surface, kind):
    """An honorific, an unknown word, a name that is a word: the model is believed."""
    assert kept(text, surface, kind)


def test_only_the_model_is_tempered():
    """What a rule found for a reason of its own keeps its score, but in a citation."""
    assert kept("Kemarin hujan", "Kemarin", P, Detector.STRUCTURE)
    assert not kept("see Opuz v. Turkey, no. 33401/02, § 12", "Opuz", P, Detector.PATTERN)
    assert kept("see Opuz v. Turkey, no. 33401/02, § 12", "Turkey", L, Detector.GAZETTEER)


def test_a_convinced_model_is_believed_about_a_word_that_is_a_name():
    """An everyday word as a name is a doubt at 0.9 and a name at 0.97; an app is no name at any score."""
    assert kept("dadah, kemarin", "kemarin", P, score=0.97)
    assert not kept("dadah, kemarin", "kemarin", P, score=0.9)
    assert not kept("pakai MiChat dulu", "MiChat", P, score=0.99)
