"""The panel: every figure on documents small enough to count by hand."""

import json

import pytest

from samaran.evaluate import as_html, as_text, as_values, evaluate, panel
from samaran.evaluate.bounds import upper
from samaran.evaluate.gold import parse
from samaran.evaluate.kinds import language, register
from samaran.evaluate.panel import Consistency
from samaran.evaluate.scoring import Share
from samaran.model import Detector, EntityType, Mention, Span

GOLD = parse("Teh [[PERSON#rani:Rani]] ka [[LOCATION#dago:Dago]] jeung [[PERSON#dewi:Nde Ayu]], [[PERSON#rani:Rani]] wé.", "a")


def found(text, start, length, kind=EntityType.PERSON, pseudonym="X-1", score=1.0):
    return Mention(Span(start, start + length), kind, score, Detector.MODEL, "x"), pseudonym


def at(surface, n=0, **more):
    """A mention on the n-th occurrence of a surface."""
    start = -1
    for _ in range(n + 1):
        start = GOLD.text.index(surface, start + 1)
    return found(GOLD.text, start, len(surface), **more)


def test_perfect_predictions_score_one():
    """All covered, all right, each person with one pseudonym."""
    seen = [[at("Rani"), at("Dago", kind=EntityType.LOCATION, pseudonym="T-1"), at("Nde Ayu", pseudonym="X-2"), at("Rani", 1)]]
    result = panel([GOLD], seen, seconds=2.0)
    assert result.total.direct == Share(3, 3)
    assert result.total.quasi == result.total.quasi_entities == Share(1, 1)
    assert result.total.direct_entities == Share(2, 2)
    assert result.total.precision == Share(5, 5)
    assert result.total.type_accuracy == Share(4, 4)
    assert (result.leaks, result.covered_documents, result.misses) == (0, Share(1, 1), ())
    assert result.persons == Consistency(1.0, 1.0, 3)
    assert result.words_per_second == 4.5


def test_what_is_half_covered_is_not_covered():
    """One letter of a name left is a leak of the mention, of its entity and of the document."""
    result = panel([GOLD], [[at("Rani"), at("Nde", pseudonym="X-2"), at("Ayu", pseudonym="X-2"), at("Ran", 1)]])
    assert result.total.direct == Share(2, 3)
    assert result.total.direct_entities == Share(1, 2)
    assert result.covered_documents == Share(0, 1)
    assert [(miss.document, miss.span.of(GOLD.text)) for miss in result.misses] == [("a", "Dago"), ("a", "Rani")]
    assert (result.worst.entity, result.worst.leaks, result.worst.mentions) == ("rani", 1, 2)


def test_two_mentions_may_cover_one_mark():
    """Every letter and digit lies in some mention: blanks and signs between don't count."""
    assert panel([GOLD], [[at("Nde"), at("Ayu")]]).by_type["PERSON"] == Share(1, 3)


def test_doubts_do_not_count():
    """A mention below the threshold neither covers nor costs precision."""
    result = panel([GOLD], [[at("Rani", score=0.49), at("jeung", score=0.2)]])
    assert result.total.direct == Share(0, 3)
    assert result.total.precision == Share(0, 0)


def test_precision_is_of_tokens():
    """A mention over a name and the word beside it is right in one token of two; a wrong type is right here, wrong there."""
    result = panel([GOLD], [[at("Teh Rani", kind=EntityType.VENUE)]])
    assert result.total.precision == Share(1, 2)
    assert result.total.type_accuracy == Share(0, 1)


def test_consistency_by_hand():
    """One pseudonym over two people: purity falls; two pseudonyms for one: completeness falls."""
    mixed = panel([GOLD], [[at("Rani"), at("Nde Ayu"), at("Rani", 1)]]).persons
    assert mixed == Consistency(pytest.approx(5 / 9), 1.0, 3)
    split = panel([GOLD], [[at("Rani"), at("Nde Ayu", pseudonym="X-2"), at("Rani", 1, pseudonym="X-3")]]).persons
    assert split == Consistency(1.0, pytest.approx(2 / 3), 3)


@pytest.mark.parametrize(("count", "bound"), [(0, 2.9957), (1, 4.7439), (5, 10.5130), (100, 118.0793)])
def test_the_upper_bound_is_the_poisson_one(count, bound):
    """Known values of half the chi-square quantile."""
    assert upper(count) == pytest.approx(bound, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "language_is", "register_is"),
    [
        ("P: saya tidak tahu yang itu.\nI: oh, sudah lama?\nP: belum, baru kemarin.", "id", "transcript"),
        ("P: abdi mah teu terang naon.\nI: atuh, geus lila?\nP: acan, kakara kamari.", "su", "transcript"),
        ("I was there with them. They asked what this was for.\nThen we left.\nIt was late.", "en", "note"),
        ("12/03/23 19.05 - Rani: saya sudah pulang\n12/03/23 19.06 - Yuyun: tos di dieu, teu aya sasaha", "mixed", "chat"),
        ("kode;nama;hp;usia\n1;x;y;z\n2;x;y;z", "mixed", "table"),
        ("spk1 ya bu ini sudah jalan rekamannya\nspk2 saya yang kemarin itu", "id", "ASR"),
        ("", "mixed", "note"),
    ],
)
def test_documents_are_told_apart_by_their_text(text, language_is, register_is):
    """Language and register by rule, whatever the file is called."""
    assert (language(text), register(text)) == (language_is, register_is)


def test_the_report_shows_every_figure_and_no_text():
    """Text and JSON hold the groups and figures, and nothing of the documents but their names and the gold's entity ids."""
    result = panel([GOLD], [[at("Rani")]])
    text, values = as_text(result), as_values(result)
    for word in ("language", "register", "PERSON", "Leaks", "purity", "completeness", "Worst person", "words/s", "upper bound"):
        assert word in text
    assert values["total"]["direct"] == {"ratio": 0.3333, "hit": 1, "of": 3}
    assert values["misses"][0] == {"document": "a", "span": {"start": 12, "end": 16}, "type": "LOCATION"}
    for surface in ("Rani", "Nde", "Dago"):
        assert surface not in text + json.dumps(values)


def test_the_page_shows_misses_and_blanks_in_context():
    """Each miss stands marked between its neighbours, and so does a mention where there is no mark; markup is escaped."""
    gold = parse("a <b> [[PERSON#x:R&D]] c\n[[AGE:19]]", "a<")
    page = as_html(panel([gold], [[found(gold.text, 0, 1)]]), [gold])
    assert "<td>a&lt;<td>1<td>PERSON<td>a &lt;b&gt; <mark>R&amp;D</mark> c" in page
    assert "<td>2<td>AGE<td><mark>19</mark>" in page
    assert "Masked where nothing is marked (1)" in page
    assert "<b>" not in page


def test_the_detector_gets_the_whole_set_at_once(tmp_path):
    """Names and plain texts of all documents in one call; the clock runs while it works."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.ann.txt").write_bytes(b"[[PERSON:Rani]] jeung")
    calls, ticks = [], iter((1.0, 3.0))
    result = evaluate(tmp_path, lambda documents: calls.append(documents) or [[], []], clock=lambda: next(ticks))
    assert calls == [[("a.txt", "Rani jeung"), ("b.txt", "Rani jeung")]]
    assert (result.seconds, result.leaks, result.words_per_second) == (2.0, 2, 2.0)


def test_a_detector_that_loses_a_document_is_refused(tmp_path):
    """One list of mentions for each document, within its text."""
    with pytest.raises(ValueError, match="zip"):
        panel([GOLD], [])
    with pytest.raises(ValueError, match="beyond"):
        panel([GOLD], [[found(GOLD.text, 500, 3)]])


def test_misses_that_a_reviewer_is_shown():
    """A miss that lies in a doubt or in a suspicious word is counted as shown; the counts are those of the whole set."""
    doubt = at("Dago", kind=EntityType.LOCATION, score=0.3)
    suspect = at("Nde")[0].span
    shown = panel([GOLD], [[at("Rani"), doubt]], suspicious=[[suspect]]).shown
    assert (shown.doubts, shown.suspicious, shown.misses, shown.direct) == (1, 1, Share(2, 3), Share(1, 2))
    assert shown.suspicious_per_1000 == pytest.approx(1000 / len(GOLD.text.split()))
    assert "2 of 3 misses lie in them, 1 of 2 direct" in as_text(panel([GOLD], [[at("Rani"), doubt]], suspicious=[[suspect]]))
    assert panel([GOLD], [[]]).shown.misses == Share(0, 4)


def test_scores_are_compared_with_what_is_right():
    """By band of scores, the share of mentions that touch a mark of any type; a band ends before the next begins."""
    seen = [[at("Rani", score=1.0), at("jeung", score=0.95), at("Dago", score=0.6), at("ka", score=0.59), at("wé", score=0.24)]]
    assert panel([GOLD], seen).by_score == {
        "0.00-0.25": Share(0, 1),
        "0.50-0.60": Share(0, 1),
        "0.60-0.70": Share(1, 1),
        "0.95-1.00": Share(1, 2),
    }
    assert as_values(panel([GOLD], seen))["by_score"]["0.95-1.00"] == {"ratio": 0.5, "hit": 1, "of": 2}


def test_what_stands_out_is_asked_after_detection(tmp_path):
    """The callable is given each document with the spans of all its mentions, doubts too."""
    (tmp_path / "a.ann.txt").write_text("[[PERSON:Rani]] jeung Qwrt")
    asked = []
    mention = found("", 0, 4, score=0.2)
    result = evaluate(tmp_path, lambda documents: [[mention]], lambda *call: asked.append(call) or [Span(11, 15)])
    assert asked == [("a.txt", "Rani jeung Qwrt", [Span(0, 4)])]
    assert (result.shown.suspicious, result.shown.misses) == (1, Share(1, 1))
