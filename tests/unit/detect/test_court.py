"""English court prose: people, places, organisations and dates are found at a decent rate. Written for this test, of nobody."""

from functools import cache

import pytest

from samaran.detect import Detector
from samaran.evaluate.gold import parse
from samaran.evaluate.panel import Panel, panel
from samaran.ingest import read_text
from samaran.model import EntityType

CASES = """\
1. The case originated in an application (no. 48217/07) against the Republic of [[LOCATION:Moldova]] lodged with the \
Court by a Moldovan national, Mr [[PERSON#v:Vasile Ciobrescu]] ("the applicant"), on [[DATE:14 September 2007]].
2. The applicant was represented by Ms [[PERSON:D. Hrincenco]], a lawyer practising in [[LOCATION:Chişinău]]. The \
Government were represented by their Agent, Mr [[PERSON:L. Apostu]].
5. The applicant was born in [[DATE:1961]] and lives in [[LOCATION:Orhei]]. Until [[DATE:May 2003]] he worked as an \
accountant for [[ORGANIZATION:Prodagro Trading Ltd]].
6. On [[DATE:3 March 2004]] he was arrested by officers of the [[ORGANIZATION:Orhei District Police Department]] and \
taken to [[VENUE:Remand Prison No. 13]].
7. On [[DATE:5 March 2004]] Judge [[PERSON:Tatiana Melnic]] of the [[ORGANIZATION:Orhei District Court]] ordered his \
detention for ten days. The decision relied on section 185 of the Code of Criminal Procedure.
8. [[PERSON#v:Ciobrescu]] shared a cell with a certain [[PERSON:Grigore P.]], who, according to the medical certificate \
no. 112/4, suffered from tuberculosis.
9. In a letter of [[DATE:22 June 2005]] the applicant's wife, [[PERSON:Elena Ciobrescu]], complained to the Prosecutor \
General's Office that her husband, then aged [[AGE:forty-three]], had been beaten.
10. The second applicant, Mr [[PERSON:Hamit Yıldırımer]], was born in [[DATE:1974]] in [[LOCATION:Diyarbakır]] and was a \
student at the [[ORGANIZATION:University of Malatya]] at the relevant time.
11. On [[DATE:12 November 1996]] two plain-clothes policemen stopped his car near the village of [[LOCATION:Kocaköy]]. \
Lieutenant [[PERSON:Serkan Aydoğmuş]] drafted a report at [[DATE:6 December 1996]].
12. Between [[DATE:1998 and 2001]] the applicant underwent treatment at the [[VENUE:St Katarina Hospital]] in \
[[LOCATION:Tallinn]], where Dr [[PERSON:Kalev Rebane]] diagnosed a chronic depression.
13. The company's director, [[PERSON:Margaret O'Donnelly]], stated before [[ORGANIZATION:Belfast Crown Court]] that she \
had met the accused on Monday, [[DATE:2 April 2012]] at the [[VENUE:Glenview Hotel]] and had paid him 4,500 pounds \
sterling.
14. By a judgment of [[DATE:30 January 2009]] the [[ORGANIZATION:Supreme Court of Cassation]] dismissed the appeal; the \
applicant moved to [[LOCATION:Lyons]], [[LOCATION:France]], to live with his brother [[PERSON:Andrei]].
"""
PLAIN = (
    "The Court notes that the Supreme Court, the District Court and the High Court of Justice were seised of the case.",
    "The Court reiterates that Article 6 of the Convention guarantees a fair hearing within a reasonable time.",
    "The Government submitted that the domestic remedies had not been exhausted and that the complaint was ill-founded.",
)


@cache
def detector() -> Detector:
    """The shipped detector, loaded once."""
    return Detector()


@cache
def figures() -> Panel:
    """The panel over the cases."""
    gold = parse(CASES, "court")
    found = detector().find(read_text(gold.text, "court.txt"), ())
    return panel([gold], [[(mention, "") for mention in found]])


@pytest.mark.parametrize(
    ("kind", "least"), [("PERSON", 0.9), ("LOCATION", 0.85), ("ORGANIZATION", 0.7), ("VENUE", 0.6), ("DATE", 0.9), ("AGE", 1.0)]
)
def test_court_prose(kind: str, least: float) -> None:
    """Each type is covered at the rate that was reached when this was written, and mentions keep to what is marked."""
    result = figures()
    assert result.by_type[kind].ratio >= least
    assert result.total.precision.ratio >= 0.85


@pytest.mark.parametrize("text", PLAIN)
def test_plain_court_prose_stays(text: str) -> None:
    """The Court, the Government, articles and remedies identify nobody; a court is at most an organisation, never a street."""
    found = detector().find(read_text(text, "plain.txt"), ())
    assert {m.type for m in found if m.score >= 0.5} <= {EntityType.ORGANIZATION}
