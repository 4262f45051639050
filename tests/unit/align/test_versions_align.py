"""Two versions of a source, segment by segment."""

import pytest

from samaran.align import Alignment, align
from samaran.align.matching import matches, rising
from samaran.ingest import read_text
from samaran.model import Span
from samaran.segment import segments

TALK = """P: Teteh dipanggil siapa?
I: Rani. Nomor saya 0812, akun Bunga_23.
P: Kenal Yuyun?
I: Ya.
P: Heeh.
I: Teman saya itu tinggal di Cibogo.
"""
SENTENCE = "Rani bilang di Jl. Cisitu ia tinggal lama sekali nomor {}. "


def aligned(old: str, new: str) -> tuple[Alignment, list[tuple[str, int | None, bool, bool]]]:
    """The alignment, and each segment's text with what became of it."""
    before, after = read_text(old), read_text(new)
    found = align(before, segments(before), after, segments(after))
    return found, [(p.span.of(new), p.old, p.firm, p.same) for p in found.pieces]


def test_the_same_text_is_the_same_throughout() -> None:
    """Nothing changed: every segment is its own, whatever happened to white space and line ends."""
    found, pieces = aligned(TALK, TALK.replace("\n", "\r\n").replace("Nomor saya", "Nomor   saya"))
    assert [(old, same) for _, old, _, same in pieces] == [(n, True) for n in range(6)]
    assert found.share == 1
    assert found.firm == frozenset(range(6))


@pytest.mark.parametrize(
    ("change", "became"),
    [
        (("Kenal Yuyun?", "Kenal Yuyung?"), (2, False, False)),  # a slip mended
        (("P: Kenal", "I: Kenal"), (2, True, False)),  # another speaker
        (("Kenal Yuyun?", "Sudah lama di kota ini, Teh?"), (None, False, False)),  # other words
        (("P: Kenal Yuyun?", "P: Baru.\nP: Kenal Yuyun?"), (None, False, False)),  # a new turn
    ],
)
def test_what_becomes_of_a_segment(change: tuple[str, str], became: tuple[int | None, bool, bool]) -> None:
    """Edited ones keep their id, others' words get a new one; the segments around stay as they are."""
    _, pieces = aligned(TALK, TALK.replace(*change))
    assert pieces[2][1:] == became
    assert [piece[1:] for piece in pieces[:2] + pieces[-3:]] == [(n, True, True) for n in (0, 1, 3, 4, 5)]


def test_a_short_one_that_shares_no_word_is_known_by_its_neighbours() -> None:
    """`Heeh.` and `Hehe.` between the same turns are one."""
    _, pieces = aligned(TALK, TALK.replace("Heeh.", "Heheh"))
    assert pieces[4] == ("Heheh", 4, False, False)


def test_a_turn_that_moved_is_the_same() -> None:
    """A turn of three words and more is found wherever it went."""
    _, pieces = aligned(
        TALK, "I: Teman saya itu tinggal di Cibogo.\n" + TALK.replace("I: Teman saya itu tinggal di Cibogo.\n", "")
    )
    assert pieces[0] == ("Teman saya itu tinggal di Cibogo.", 5, True, True)


def test_cuts_of_a_long_turn_stay_behind_an_inserted_sentence() -> None:
    """Only the segment with the new sentence is edited; those behind it are cut where they were."""
    text = "I: " + "".join(SENTENCE.format(n) for n in range(60)) + "\nP: oke lanjut ke yang lain"
    _, pieces = aligned(text, text.replace("I: ", "I: Sebentar ya, ini cerita dulu soal yang lain. "))
    assert [(old, same) for _, old, _, same in pieces] == [(0, False), *((n, True) for n in range(1, len(pieces)))]
    assert len(pieces) == len(segments(read_text(text)))


def test_a_long_insertion_is_cut_by_the_usual_rule() -> None:
    """A passage that was added to a long turn does not make one huge segment."""
    text = "I: " + "".join(SENTENCE.format(n) for n in range(30)) + "\nP: oke lanjut ke yang lain"
    more = "".join(f"Kemarin hujan besar di kota {n}, jalan macet semua. " for n in range(60))
    _, pieces = aligned(text, text.replace(SENTENCE.format(15), SENTENCE.format(15) + more))
    assert max(len(text) for text, *_ in pieces) < 2000
    assert sum(same for *_, same in pieces) >= 2


def test_a_span_is_followed_only_where_its_words_stand() -> None:
    """Stretches move with their words, labels too; what was changed, and what reaches across a change, is nowhere."""
    new = TALK.replace("Cibogo", "Cibodas").replace("P: Teteh", "P: Maaf, Teteh")
    found, _ = aligned(TALK, new)

    def moved(words: str, more: int = 0) -> str | None:
        at = TALK.index(words)
        span = found.moves.of(Span(at, at + len(words) + more))
        return span.of(new) if span else None

    assert [moved(words) for words in ("Rani", "Bunga_23", "Yuyun", "Teteh", "P:")] == [
        "Rani",
        "Bunga_23",
        "Yuyun",
        "Teteh",
        None,
    ]
    assert moved("P") == "P"
    assert moved("Cibogo") is None
    assert moved("tinggal di", 3) is None


def test_the_share_tells_a_correction_from_another_interview() -> None:
    """A part of the same talk counts as all of it; another talk has little in common."""
    assert aligned(TALK, TALK[: TALK.index("P: Heeh")])[0].share == 1
    assert aligned(TALK, "P: Kita bicara soal keluarga.\nI: Ibu di kampung, adik dua orang.\nP: Heeh.\n")[0].share < 0.3


def test_much_that_repeats_is_still_matched() -> None:
    """Short messages that come again and again are paired in order, around those that come once."""
    old = ["ok"] * 400 + ["satu"] + ["ok"] * 400 + ["dua"] + ["ya", "ok"] * 100
    new = [*old[:401], "baru", *old[401:]]
    assert matches(old, new) == [(n, n + (n > 400)) for n in range(len(old))]


def test_the_longest_rising_row() -> None:
    """Of crossing pairs as many are kept as go together."""
    assert rising([(0, 3), (1, 0), (2, 1), (3, 4), (4, 2)]) == [(1, 0), (2, 1), (4, 2)]
    assert rising([]) == []
