"""Surrogates: what is written where a mention stood, and all that stays."""

import pytest

from samaran.model import Detector, Entity, EntityType, Form, Line, Mention, RawSegment, Span, SpeakerRole
from samaran.pseudonymize import sanitize
from samaran.study import Treatment

TEXT = "Teh Rani: Rani-na 19 taun, ti Cianjur, tanggal 12 Maret 2023. [INF-01] mah lain."


def entity(name, kind, pseudonym, form):
    return Entity(name, kind, pseudonym, (Form(form),))


REGISTER = {
    "e1": entity("e1", EntityType.PERSON, "INF-01", "Rani"),
    "e2": entity("e2", EntityType.AGE, "USIA-1", "19 taun"),
    "e3": entity("e3", EntityType.LOCATION, "TEMPAT-1", "Cianjur"),
    "e4": entity("e4", EntityType.DATE, "TANGGAL-1", "tanggal 12 Maret 2023"),
}
KINDS = {"e1": EntityType.PERSON, "e2": EntityType.AGE, "e3": EntityType.LOCATION, "e4": EntityType.DATE}


def mention(entity_id, form, start=10):
    at = TEXT.index(form, start)
    return Mention(Span(at, at + len(form)), KINDS[entity_id], 1.0, Detector.REGISTER, "x", entity_id)


MENTIONS = (
    Mention(Span(4, 8), EntityType.PERSON, 1.0, Detector.STRUCTURE, "label-name", "e1"),
    mention("e1", "Rani"),
    mention("e2", "19 taun"),
    mention("e3", "Cianjur"),
    mention("e4", "tanggal 12 Maret 2023"),
)


END = len(TEXT)


def segment(start=10, end=END):
    line = Line(3, Span(10, len(TEXT)), "line 3", label=Span(0, 8), role=SpeakerRole.INFORMANT, start_ms=5)
    return RawSegment(line, 1, Span(start, end), TEXT[start:end], TEXT[:8])


def treatments(level):
    labels = {EntityType.PERSON: "ORANG", EntityType.AGE: "USIA", EntityType.LOCATION: "TEMPAT", EntityType.DATE: "TANGGAL"}
    return {kind: Treatment(label, {"p": level}) for kind, label in labels.items()}


def test_entities_are_written_in_brackets_and_clitics_stay():
    """Pseudonyms in brackets; the rest of the line, brackets included, is as it was; the label's name is replaced."""
    clean = sanitize(segment(), MENTIONS, REGISTER, treatments("entity"), "p")
    assert clean.text == "[INF-01]-na [USIA-1], ti [TEMPAT-1], [TANGGAL-1]. [INF-01] mah lain."
    assert clean.speaker == "Teh [INF-01]"
    assert (clean.line_no, clean.seg_no, clean.role, clean.start_ms) == (3, 1, SpeakerRole.INFORMANT, 5)
    assert [s.span.of(clean.text) for s in clean.surrogates] == ["[INF-01]", "[USIA-1]", "[TEMPAT-1]", "[TANGGAL-1]"]


def test_brackets_that_were_in_the_text_are_no_surrogates():
    """Only the spans say what a surrogate is: a look-alike in the raw text has none."""
    clean = sanitize(segment(), MENTIONS, REGISTER, treatments("entity"), "p")
    assert clean.text.count("[INF-01]") == 2
    assert [s.pseudonym for s in clean.surrogates].count("INF-01") == 1


def test_bands_are_coarser():
    """An age becomes five years, a place its province, a date loses the calendar; a person has no band."""
    clean = sanitize(segment(), MENTIONS, REGISTER, treatments("band"), "p")
    assert clean.text == "[ORANG]-na [USIA 15-19], ti [TEMPAT JAWA BARAT], [TANGGAL-1]. [INF-01] mah lain."
    assert [s.level for s in clean.surrogates] == ["category", "band", "band", "band"]
    assert [s.pseudonym for s in clean.surrogates] == ["ORANG", "USIA 15-19", "TEMPAT JAWA BARAT", "TANGGAL-1"]


def test_categories_keep_only_the_kind():
    """No pseudonym is left that would tie mentions together."""
    clean = sanitize(segment(), MENTIONS, REGISTER, treatments("category"), "p")
    assert clean.text == "[ORANG]-na [USIA], ti [TEMPAT], [TANGGAL]. [INF-01] mah lain."
    assert not any("-" in s.pseudonym for s in clean.surrogates)


@pytest.mark.parametrize(
    ("surface", "band"),
    [
        ("dua puluh empat", "USIA 20-24"),
        ("tujuh bulan", "USIA 0-4"),
        ("empat puluhan", "USIA 40-49"),
        ("71", "USIA 65+"),
        ("entah", "USIA"),
    ],
)
def test_age_bands(surface, band):
    """Words and digits of three languages; what can't be read keeps its label."""
    line = Line(1, Span(0, len(surface)), "line 1")
    raw = RawSegment(line, 1, Span(0, len(surface)), surface)
    one = Mention(Span(0, len(surface)), EntityType.AGE, 1.0, Detector.PATTERN, "age", "e2")
    assert sanitize(raw, [one], REGISTER, treatments("band"), "p").text == f"[{band}]"


def test_a_mention_over_the_edge_is_cut_there():
    """Each side of a cut shows the surrogate, and no letter of the mention."""
    at = TEXT.index("Cianjur")
    left = sanitize(segment(10, at + 3), MENTIONS, REGISTER, treatments("entity"), "p")
    right = sanitize(segment(at + 3), MENTIONS, REGISTER, treatments("entity"), "p")
    assert left.text.endswith("ti [TEMPAT-1]")
    assert right.text.startswith("[TEMPAT-1], ")


def test_what_is_not_safe_is_refused():
    """Overlaps, a mention without an entity, and one whose entity is unknown."""
    twice = (*MENTIONS, Mention(Span(11, 13), EntityType.PERSON, 1.0, Detector.MODEL, "x", "e1"))
    nobody = (Mention(Span(11, 13), EntityType.PERSON, 1.0, Detector.MODEL, "x"),)
    unknown = (Mention(Span(11, 13), EntityType.PERSON, 1.0, Detector.MODEL, "x", "e9"),)
    for bad in (twice, nobody, unknown):
        with pytest.raises(ValueError, match="mention"):
            sanitize(segment(), bad, REGISTER, treatments("entity"), "p")
