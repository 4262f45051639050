"""The register: forms in every spelling, words that are names, numbers by their digits."""

import pytest

from samaran.detect import Detector
from samaran.ingest import read_text
from samaran.model import DOUBTFUL, Entity, EntityType, Form

P = EntityType.PERSON


def person(key, *forms):
    return Entity(key, P, key.upper(), tuple(Form(f.lstrip("*"), f.startswith("*")) for f in forms))


RANI = person("rani", "Maharani Kusumah", "Rani", "*Bunga")
YUYUN = person("yuyun", "Yuyun Yuningsih", "Yuyun")
PHONE = Entity("hp", EntityType.PHONE, "TELEPON-1", (Form("0856-7214-0938"),))
ACCOUNT = Entity("akun", EntityType.ONLINE_ID, "AKUN-1", (Form("melati.bdg"),))
ALL = (RANI, YUYUN, PHONE, ACCOUNT)


def found(text, entities=ALL, doubts=False):
    transcript = read_text(text)
    mentions = Detector("none").find(transcript, entities)
    return {(m.span.of(transcript.text), m.entity) for m in mentions if m.entity and (doubts or m.score >= DOUBTFUL)}


@pytest.mark.parametrize(
    ("text", "surface", "entity"),
    [
        ("kata Rani mah kitu", "Rani", "rani"),
        ("kata rani mah kitu", "rani", "rani"),
        ("budak Rani-na nangis", "Rani", "rani"),
        ("yuyunna ceurik", "yuyun", "yuyun"),
        ("raniii ke mana", "raniii", "rani"),
        ("kata Rani2 mah kitu", "Rani2", "rani"),
        ("rani2na ge milu", "rani2", "rani"),
        ("ranina ge milu", "rani", "rani"),
        ("Raninya marah", "Rani", "rani"),
        ("siRani datang", "Rani", "rani"),
        ("that was Rani's room", "Rani", "rani"),
        ("kata M. Kusumah begitu", "M. Kusumah", "rani"),
        ("kata Maharani K. begitu", "Maharani K", "rani"),
        ("maharani kusumah di absen", "maharani kusumah", "rani"),
        ("si Yuyum salah tulis", "Yuyum", "yuyun"),
        ("Mbak Bunga di kamar", "Bunga", "rani"),
        ("kata Bunga begitu", "Bunga", "rani"),
        ("hubungi +62 856 7214 0938", "+62 856 7214 0938", "hp"),
        ("akun MELATI.BDG", "MELATI.BDG", "akun"),
        ("di sana @melati.bdg", "melati.bdg", "akun"),
    ],
)
def test_a_form_is_found_in_every_spelling(text, surface, entity):
    """Case, endings, drawn-out letters, one slip, digits: still the same entity."""
    assert any(surface in span and who == entity for span, who in found(text))


@pytest.mark.parametrize("text", ["bunga di taman", "kembang bunga bank", "lima puluh ribu", "Runi datang", "bunga2 di taman"])
def test_what_only_resembles_a_form_is_left(text):
    """Everyday words and other names are nobody's."""
    assert found(text) == set()


def test_a_word_at_the_start_of_a_sentence_is_a_doubt():
    """`Bunga` with nothing beside it may be the word: below the line of doubt, but listed."""
    assert found("Bunga bank naik lagi") == set()
    assert found("Bunga bank naik lagi", doubts=True) == {("Bunga", "rani")}


def test_a_form_of_two_entities_is_guessed_for_neither():
    """Two people called Rani: the mention is there, its entity is not."""
    other = person("rani2", "Rani")
    transcript = read_text("kata Rani mah kitu")
    mentions = [m for m in Detector("none").find(transcript, (RANI, other)) if m.span.of(transcript.text) == "Rani"]
    assert [m.entity for m in mentions] == [None]


def test_a_clipped_name_needs_a_call():
    """`Ran` for Rani counts where somebody is called, not inside a sentence."""
    assert ("ran", "rani") in found("makasih ran, besok ya")
    assert found("dia ran ke pasar") == set()


def test_another_name_is_no_name_with_an_ending():
    """`Anita` is not `Ani` with an ending, where lists know it as a name."""
    assert not any(who for _, who in found("kata anita mah kitu", (person("ani", "Ani"),)))
