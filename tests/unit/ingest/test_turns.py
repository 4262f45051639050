"""Who speaks in a transcript."""

from collections.abc import Mapping

import pytest

from samaran.errors import UsageError
from samaran.ingest import read_text
from samaran.model import Line, SpeakerRole


def turns(text: str, speakers: Mapping[str, str] | None = None) -> list[tuple[str | None, str]]:
    """Label and body of each line."""
    found = read_text(text, speakers=speakers or {})
    return [(label_of(text, line), line.body.of(text)) for line in found.lines]


def label_of(text: str, line: Line) -> str | None:
    """The label as it stands."""
    return line.label.of(text) if line.label else None


def roles(text: str, speakers: Mapping[str, str] | None = None) -> dict[str | None, SpeakerRole]:
    """The role of each label."""
    return {label_of(text, line): line.role for line in read_text(text, speakers=speakers or {}).lines}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("P: {}", "I: {}"),
        ("Q: {}", "A: {}"),
        ("Peneliti: {}", "Informan 3: {}"),
        ("[00:00:05] Peneliti: {}", "[00:00:09] Inf4: {}"),
        ("[00:03] spk1 {}", "[00:05] spk2 {}"),
        ("spk1 {}", "spk2 {}"),
        ("**Rani:** {}", "**Nadya:** {}"),
        ("**Rani**: {}", "**Nadya**: {}"),
        ("Mang Oded: {}", "Ilham: {}"),
        ("1.T: {}", "1.J: {}"),
        ("001 I: {}", "002 R: {}"),
        ("I> {}", "P> {}"),
        ("Ningrum — {}", "Dede Kurnia — {}"),
        ("MODERATOR. {}", "HOSNIYEH. {}"),
        ("20:11 Afung: {}", "20:12 cecil🍑: {}"),
        ("Peneliti\t{}", "Informan\t{}"),
        ("Peneliti  : {}", "Informan  : {}"),
        ("- Tasya: {}", "- Jes: {}"),
    ],
)
def test_each_shape_of_label(first: str, second: str) -> None:
    """The label is told from what is said, in every shape that our transcripts use."""
    said = ["kumaha damang teh", "alhamdulillah sae pisan", "ti iraha di dieu", "ti taun kamari"] * 2
    text = "\n".join((first, second)[i % 2].format(words) for i, words in enumerate(said))
    found = turns(text)
    assert [body for _, body in found] == said
    labels = [label for label, _ in found]
    assert None not in labels
    assert labels == labels[:2] * 4
    assert labels[0] in first.replace("{}", "")
    assert not set(str(labels[0])) & set("*:[]>—")


def test_roles_are_read_from_the_word() -> None:
    """A label that is a role gets it, a name gets none."""
    text = "Peneliti: a b\nInforman 3: c d\nMang Oded: e f\nPeneliti: g\nMang Oded: h\nInforman 3: i\nInf4: j\nModerator: k"
    found = roles(text)
    assert found["Peneliti"] is found["Moderator"] is SpeakerRole.INTERVIEWER
    assert found["Informan 3"] is found["Inf4"] is SpeakerRole.INFORMANT
    assert found["Mang Oded"] is SpeakerRole.UNKNOWN


def test_single_letters_are_not_guessed() -> None:
    """P is Peneliti in one study and partisipan in the next: without a legend it is unknown."""
    assert set(roles("P: a\nI: b\nP: c\nI: d").values()) == {SpeakerRole.UNKNOWN}


@pytest.mark.parametrize(
    ("legend", "label", "role"),
    [
        ("B: = narasumber, I: = pewawancara", "B", SpeakerRole.INFORMANT),
        ("P = penanya, B = bidan", "P", SpeakerRole.INTERVIEWER),
        ("B = nu ngajawab", "B", SpeakerRole.INFORMANT),
    ],
)
def test_a_legend_gives_roles(legend: str, label: str, role: SpeakerRole) -> None:
    """A file that says what its letters mean is believed."""
    text = f"{legend}\n\nB: a\nI: b\nP: b\nB: c\nI: d\nP: e"
    assert roles(text)[label] is role


def test_question_and_answer_need_each_other() -> None:
    """Q with A is a pair; A alone is anybody."""
    assert roles("Q: a\nA: b\nQ: c\nA: d") == {"Q": SpeakerRole.INTERVIEWER, "A": SpeakerRole.INFORMANT}
    assert roles("B: a\nA: b\nB: c\nA: d")["A"] is SpeakerRole.UNKNOWN


def test_the_study_s_map_wins() -> None:
    """The map beats the word, the legend and the count: a single line with a mapped label is a turn."""
    text = "T = tanya\n\nT: a\nJ: b\nT: c\nJ: d\nRani: e"
    found = roles(text, {"T": "informant", "Rani": "peer"})
    assert found["T"] is SpeakerRole.INFORMANT
    assert found["Rani"] is SpeakerRole.PEER
    assert turns("Catatan\n\nIbu: satu saja", {"ibu": "informant"})[1] == ("Ibu", "satu saja")


def test_an_unknown_role_in_the_map_is_a_usage_error() -> None:
    """A misspelt role is refused."""
    with pytest.raises(UsageError):
        read_text("P: a", speakers={"P": "interviewee-ish"})


def test_fields_of_a_note_are_no_speakers() -> None:
    """Times, examples and headings with a colon stay text."""
    text = (
        "CATATAN OBSERVASI 02\nPengamat      : Nadya\nJam : 19.20\nTitik: mulut gang\nContoh: dia bilang begini\n\n"
        "Saya duduk di teras. Contoh: kursi.\nContoh: lagi\nJam : 20.10\nCatatan: hujan\nCatatan: reda"
    )
    assert {label for label, _ in turns(text)} == {None}


def test_a_title_block_is_no_turn() -> None:
    """`Pewawancara: Gita` above the interview is text, also where Pewawancara speaks below."""
    title = "Pewawancara: Gita Larasati\nPartisipan: Kenanga\nTempat: warung"
    text = "\n\n".join([title, "Pewawancara: mulai ya", "Ibu: mangga", "Pewawancara: umur?", "Ibu: tiga puluh"])
    found = turns(text)
    assert found[0] == (None, "Pewawancara: Gita Larasati")
    assert found[3:5] == [("Pewawancara", "mulai ya"), ("Ibu", "mangga")]


def test_somebody_who_speaks_once_speaks() -> None:
    """In a file of turns a name that comes once is a speaker, a field is not."""
    text = "\n\n".join(
        ["Moderator: hayu", "Yuy: mangga", "Moderator: saha deui", "Bi Iyoy: kuring", "Yuy: nya", "Catatan: tertawa"]
    )
    found = dict(turns(text))
    assert found["Bi Iyoy"] == "kuring"
    assert found[None] == "Catatan: tertawa"


def test_times_in_the_head_become_milliseconds() -> None:
    """`[00:01:05]` is where the turn starts; f4's mark at the end is where it ends."""
    lines = read_text("[00:01:05] P: a\n[00:01:09.5] I: b\n[01:00:00] P: c\n[10:00] I: d").lines
    assert [line.start_ms for line in lines] == [65_000, 69_500, 3_600_000, 600_000]
    text = "P: halo #00:00:09-2#\nI: ya #00:00:12-0#\nP: oke\nI: nya"
    found = read_text(text).lines
    assert [(line.end_ms, line.body.of(text)) for line in found[:2]] == [(9_200, "halo"), (12_000, "ya")]


def test_a_turn_goes_on_over_the_lines_below() -> None:
    """A line right below belongs to the turn; a blank line, a bracket or a rule starts anew, with nobody guessed."""
    text = "P: satu\ndua\r\ntiga\n\nempat\nI: lima\n(hening)\nP: enam\n------\nI: tujuh"
    assert turns(text) == [
        ("P", "satu\ndua\r\ntiga"),
        (None, "empat"),
        ("I", "lima"),
        (None, "(hening)"),
        ("P", "enam"),
        (None, "------"),
        ("I", "tujuh"),
    ]


def test_a_label_on_a_line_of_its_own() -> None:
    """The line below is what was said; a label with nothing below is still in the text's lines."""
    assert turns("Rani:\nhalo\n\nNadya:\nhai\n\nRani:\nya\n\nNadya:") == [
        ("Rani", "halo"),
        ("Nadya", "hai"),
        ("Rani", "ya"),
        ("Nadya", "Nadya"),
    ]


def test_wrapped_prose_is_one_line() -> None:
    """A paragraph broken at a fixed width is put together, so that a name over a line break is one name."""
    block = (
        "Saya duduk di teras kos sambil menunggu hujan reda dan mencatat apa\n"
        "yang lewat di depan mulut gang sampai malam, lalu datang Mang Oded\n"
        "membawa senter."
    )
    text = f"{block}\n\nbaris pendek\nbaris lain"
    assert [body for _, body in turns(text)] == [block, "baris pendek", "baris lain"]


def test_prose_with_colons_has_no_speakers() -> None:
    """A memo that quotes and lists keeps all of its words in bodies."""
    memo = ["Memo teori 6: panggung", "Menurut Goffman: orang mengelola kesan.", "Blumer: makna lahir.", "Penutup: begitu."]
    assert [body for _, body in turns("\n\n".join(memo))] == memo


def test_times_that_are_said_are_no_heads_of_a_chat() -> None:
    """`Peneliti: 19.20` is what somebody said, however often it comes."""
    text = "Peneliti: 19.20\nRani: halo\nPeneliti: 19.20\nRani: hai\nPeneliti: 19.20\nRani: ya\n"
    assert [label for label, _ in turns(text)] == ["Peneliti", "Rani"] * 3
