"""Second thoughts about the language model."""

import pytest

from samaran.detect.temper import tempered
from samaran.model import DOUBTFUL, Detector, EntityType, Mention, Span

P, A, V, L = EntityType.PERSON, EntityType.AGE, EntityType.PLATE, EntityType.LOCATION


def kept(text, surface, kind, detector=Detector.MODEL):
    start = text.index(surface)
    (mention,) = tempered([Mention(Span(start, start + len(surface)), kind, 0.9, detector, "model")], text)
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
    ],
)
def test_what_has_evidence_stays(text, surface, kind):
    """An honorific, an unknown word, a name that is a word: the model is believed."""
    assert kept(text, surface, kind)


def test_only_the_model_is_tempered():
    """What a rule found for a reason of its own keeps its score."""
    assert kept("Kemarin hujan", "Kemarin", P, Detector.STRUCTURE)
