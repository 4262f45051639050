"""Pseudonyms over the study in tests/gold/dev, with the gold marks as mentions: what linking alone gets right."""

from pathlib import Path

import pytest

from samaran.evaluate import panel, read_gold
from samaran.ingest import read_text
from samaran.model import Detector, Mention, Register
from samaran.pseudonymize import Document, assign, link, read_roster

DEV = Path(__file__).parents[1] / "gold/dev"
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("roster", "purity", "completeness", "entity_purity", "entity_completeness"),
    [(True, 0.985, 0.912, 0.990, 0.931), (False, 0.956, 0.832, 0.973, 0.881)],
)
def test_pseudonyms_stay_with_their_people(roster, purity, completeness, entity_purity, entity_completeness):
    """B-cubed purity and completeness don't fall below what docs/pseudonyms.md reports."""
    from samaran.detect import common_word

    gold = read_gold(DEV)
    register = read_roster(DEV / "roster.csv", KEY, common_word) if roster else Register()
    documents = [
        Document(
            g.name,
            (),
            read_text(g.text, f"{g.name}.txt"),
            tuple(Mention(m.span, m.type, 1.0, Detector.REVIEWER, "x") for m in g.marks),
        )
        for g in gold
    ]
    register = link(register, documents, KEY, common_word)
    by_id = {entity.id: entity.pseudonym for entity in register.entities}
    result = panel(gold, [[(m, by_id[m.entity or ""]) for m in assign(register, d, KEY)] for d in documents])
    assert result.persons.purity >= purity
    assert result.persons.completeness >= completeness
    assert result.entities.purity >= entity_purity
    assert result.entities.completeness >= entity_completeness
