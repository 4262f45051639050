"""How alike informants of a release are: classes, and what is counted in them."""

from typing import Any

from samaran.export.singling import singling
from samaran.model import Singling


def said(code: str | None, *marks: tuple[str, str, str], lang: str | None = "id", role: str = "informant") -> dict[str, Any]:
    surrogates = [{"type": kind, "pseudonym": name, "level": level} for kind, name, level in marks]
    return {"informant_id": code, "speaker_role": role, "lang": lang, "surrogates": surrogates}


YOUNG, OLD = ("AGE", "USIA 20-24", "band"), ("AGE", "USIA 40-44", "band")


def test_informants_alike_in_ages_regions_and_languages_are_one_class() -> None:
    """k is the smallest class, l the fewest kinds in one; who differs in an age stands alone."""
    rows = [said("INF-01", YOUNG), said("INF-02", YOUNG), said("KI-01", YOUNG)]
    assert singling(rows) == Singling(3, k=3, l=2)
    assert singling([*rows, said("INF-03", OLD)]) == Singling(4, k=1, l=1, alone=1)
    assert singling([*rows, said("INF-03", YOUNG, lang="su")]).alone == 1
    assert singling([*rows, said("INF-03", YOUNG, ("LOCATION", "BANDUNG RAYA", "band"))]).alone == 1


def test_one_kind_only_is_inferred() -> None:
    """A class of several informants of one kind tells the kind of each."""
    assert singling([said("INF-01", YOUNG), said("INF-02", YOUNG)]) == Singling(2, k=2, l=1, inferred=2)


def test_a_shared_pseudonym_links() -> None:
    """Two informants who name the same friend are linked; a quasi-identifier that stands as a pseudonym is counted."""
    friend, place = ("PERSON", "TEMAN-1", "entity"), ("VENUE", "GEDUNG-1", "entity")
    found = singling([said("INF-01", friend), said("INF-02", friend, place)])
    assert (found.linked, found.precise) == (2, 1)


def test_what_belongs_to_no_informant_does_not_count() -> None:
    """Notes, literature and the interviewer's questions single nobody out."""
    assert singling([said(None, YOUNG), said("INF-01", OLD, role="interviewer")]) == Singling(0)
    assert singling([]) == Singling(0)
