"""What holds for every text: nothing visible is lost, and what goes in as structure comes out as structure."""

import csv
import re
from io import StringIO

import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st

from samaran.ingest import Unreadable, captions, chat, read, read_text, table
from samaran.ingest.spans import blank, visible
from samaran.model import Part, SpeakerRole, Transcript
from samaran.segment import segments

CALM = settings(deadline=None)  # how long an example takes says more about the machine than about the code
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
STAPLES = {
    "turns": "P: |I: |Rani: |**Rani:** |Mang Oded — |spk1 |MODERATOR. |[00:00:05] |20:51 |001 |1.T: |- |#00:00:24-8#|\t|I> "
    "|(P) |[Rani]: |P/ |P - |P = |Peneliti\n|Rani\n|00:00:05\n|[00:05 --> 00:07] |Rani 00:01:02\n|P (00:02): |? I: |. P: "
    "|Informan; |0:0:2.10 --> 0:0:5.30\n|@Rani: |>> Gita: |From Rani to Everyone: |18:00:02 |P1: |I2: |(hening) |[00:02]",
    "chat": "30/08/25 18.00 - Nama: |30/08/25 18.00 - |[24/11/26 09.15.22] ~ Lin: |\u200e|Teh Yuyun membuat grup",
    "copied": "AbangKalem  20:51\n|Bunga_23  21:04\n|Resti, 2 Jan 2024 16:40\n|=== Rani · 1,2 km ===\n|Sel, 4 Apr\n|G   0:03\n",
    "vtt": "NOTE |<v Rani>|</v>|00:01.000 --> 00:02.000\n|01:00:00.000 --> 01:00:01.500 align:start\n|cue-1\n|4\n",
    "srt": "2\n00:00:01,000 --> 00:00:02,000\n|3\n00:01:01,000 --> 00:01:02,000\n|RANI: |- ",
    "table": ';|,|"|""|, |;\n|"\n|a;b;c\n|1;"dua";3\n|"x" y;|kode;nama;hp\n',
}
BEGINNINGS = {
    "vtt": "WEBVTT Rani\n\n",
    "srt": "1\n00:00:00,000 --> 00:00:01,000\nhalo\n\n",
    "chat": "30/08/25 18.00 - Nama: halo\n",
    "copied": "Rani  20:51\nhai\nNde  20:52\nya\nRani  20:53\nsok\n",
    "table": "kode;nama;hp\n1;Rani;0812\n2;Nde;0813\n3;Lin;0814\n",
    "turns": "P: halo\n\nRani: hai\n\nP: mangga\n\nRani: nya\n\n",
}
WORDS_AND_BREAKS = ["halo ", "Rani", "0812 2094 ", "\n", "\n", "\n\n", "\r\n", "\u202f", "teks pesan\n"]


def source(kind: str) -> st.SearchStrategy[str]:
    """Texts made of the marks of one format, words, line breaks and anything."""
    pieces = st.one_of(st.sampled_from(STAPLES[kind].split("|")), st.sampled_from(WORDS_AND_BREAKS), ANY)
    return st.tuples(st.sampled_from(["", BEGINNINGS[kind]]), st.lists(pieces, max_size=25).map("".join)).map("".join)


SOURCES = st.one_of([source(kind) for kind in STAPLES])

MARKUP = re.compile(
    r"""\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}(?:\s*[a-z]+:\S+)*  # timing
    |\[?\s*,?\s*(?:pukul|at)?\s*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?\s?m\.?)?\]?\s*[-–]?\s*[~\s\u200e\u200f]*  # message
    |[\[(\#]{0,2}\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:-\d)?[\])\#]{0,2}|\d{1,2}\.\d{2}                      # turn
    |[\[(\#<{]{1,2}\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,3}|-\d)?\s*(?:--?>|[-–—])?\s*(?:\d{1,2}:\d{1,2}(?::\d{1,2})?)?(?:[.,]\d{1,3})?[\])\#>}]{1,2}
    |From\s+|Dari\s+|\s(?:to|ke|kepada)\s(?:Everyone|Semua(?:\ Orang)?)                                            # Zoom
    |(?<!\d)\d{1,4}[.)]?(?!\d)|>{0,2}[-–—•↳◀▶►→>](?=\s)|\*{1,3}|_{1,2}|[:：>.;/=()@,-]                               # turn
    |[,;\t"]                                                                                                   # table
    |WEBVTT|<v[^<>]*|</v>|<|>|\[|\]|-\s|~""",
    re.IGNORECASE | re.VERBOSE,
)


def left_out(found: Transcript) -> list[str]:
    """The stretches of the text that lie in no body, label, stamp or column."""
    covered = bytearray(len(found.text))
    for line in found.lines:
        for span in (line.body, line.label, line.stamp, line.column):
            if span:
                covered[span.start : span.end] = b"\1" * len(span)
    shown = "".join("\0" if covered[i] else char for i, char in enumerate(found.text))
    return [piece for piece in shown.split("\0") if any(not blank(char) for char in piece)]


@CALM
@given(SOURCES)
def test_every_visible_character_is_in_a_line_or_is_markup(text: str) -> None:
    """Text that is decoded already stays as it is, and only marks of the format stand outside of the lines."""
    found = read_text(text)
    assert found.text == text
    for piece in left_out(found):
        rest = re.sub(r"^\d+\s*$", "", piece, flags=re.MULTILINE) if found.format in ("srt", "vtt") else piece
        rest = MARKUP.sub("", rest.replace("\0", ""))
        assert all(blank(char) for char in rest), (found.format, piece)


@CALM
@given(SOURCES)
def test_segments_cover_their_lines(text: str) -> None:
    """Segments lie in order inside of their lines, and only white space is between them."""
    found = read_text(text)
    cut = segments(found)
    for line in found.lines:
        at = line.body.start
        for segment in (s for s in cut if s.line == line):
            assert not text[at : segment.span.start].strip()
            assert segment.text == segment.span.of(text)
            at = segment.span.end
        assert not text[at : line.body.end].strip()


@CALM
@given(
    st.lists(st.sampled_from(["Rani tinggal di Jl. Cisitu", ". ", "! ", "\n", "kata " * 90, "dr. ", "19.20 ", "…"]), max_size=40)
)
def test_long_turns_lose_nothing(pieces: list[str]) -> None:
    """However a long turn is split, its words come back in order."""
    text = "".join(pieces)
    assert " ".join(s.text for s in segments(read_text(text))).split() == text.split()


@CALM
@given(st.one_of(st.binary(max_size=400), SOURCES.map(str.encode), st.binary(max_size=80).map(lambda tail: b"PK\x03\x04" + tail)))
def test_bytes_are_read_or_named(data: bytes) -> None:
    """Whatever bytes come, there is a transcript with lines or a reason."""
    reason = None
    try:
        lines = read(data, "x.bin").lines
    except Unreadable as error:
        reason, lines = error.reason, ()
    assert bool(lines) != bool(reason)


@CALM
@given(ANY.map("halo ".__add__), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_unicode_comes_back(text: str, encoding: str) -> None:
    """Text in UTF-8 or marked UTF-16 comes back code point for code point; only control characters may make it no text."""
    try:
        assert read(text.encode(encoding), "x.txt").text == text
    except Unreadable:
        assert any(c < " " or c == "\x7f" for c in text)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n",;\t '), max_size=12)


@CALM
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6),
    st.sampled_from(";,\t"),
    st.sampled_from(["\n", "\r\n"]),
)
def test_csv_cells_round_trip(rows: list[list[str]], mark: str, end: str) -> None:
    """Each cell that Python's own writer wrote is a line with its place, trimmed; empty ones are none."""
    out = StringIO()
    csv.writer(out, delimiter=mark, lineterminator=end).writerows(rows)
    found = table.read(out.getvalue(), mark)
    expected = {}
    for r, row in enumerate(rows, 1):
        for c, cell in enumerate(row):
            if span := visible(cell, 0, len(cell)):
                expected[f"cell {table.column_name(c)}{r}"] = span.of(cell)
    ours = {line.ref: line.body.of(found.text) for line in found.lines}
    assert ours.keys() == expected.keys()
    for ref, body in ours.items():
        assert expected[ref] in (body, body.replace('""', '"'))


NAMES = st.sampled_from(["Teh Yuyun", "🌸 ranii 🌸", "+62 895-6014-88217", "Lin (Apart)", "Nde 2", "~ Cepi"])
WORDS = st.lists(
    st.sampled_from(["halo", "jam 19.20", "kumaha:", "a: b", "😭", "é", "\u200e", "30/08", "(file terlampir)", "\n"]), min_size=1
).map(" ".join)
HEADS = st.sampled_from(
    ["30/08/25 18.00 - ", "11/24/26, 9:15\u202fPM - ", "[14/10/2021, 3:34:09 PM] ", "\u200e[24/11/26 09.15.22] "]
)


@CALM
@given(st.lists(st.tuples(NAMES, WORDS.filter(lambda w: bool(visible(w, 0, len(w))))), min_size=1, max_size=8), HEADS)
def test_messages_round_trip(messages: list[tuple[str, str]], head: str) -> None:
    """Sender and message of each entry come back, whatever the telephone wrote around them."""
    text = "".join(f"{head}{name}: {said}\n" for name, said in messages)
    found = chat.read(text)
    shown = [(line.label.of(text) if line.label else "", line.body.of(text)) for line in found.lines]
    assert shown == [(name.removeprefix("~ "), trimmed(said)) for name, said in messages]
    assert {line.role for line in found.lines} == {SpeakerRole.UNKNOWN}


def trimmed(text: str) -> str:
    """The text without blank edges."""
    span = visible(text, 0, len(text))
    return span.of(text) if span else ""


TIMES = st.integers(0, 3_600_000 * 9)


@CALM
@given(
    st.lists(
        st.tuples(TIMES, TIMES, st.sampled_from(["halo", "satu\ndua", "- a\n- b", "<i>x</i>", "é 😭"])), min_size=1, max_size=6
    )
)
def test_cues_are_those_of_an_independent_reader(cues: list[tuple[int, int, str]]) -> None:
    """Times and texts equal what webvtt-py finds in the same file."""
    text = "WEBVTT\n\n" + "\n\n".join(f"{clock(a)} --> {clock(b)}\n{said}" for a, b, said in cues) + "\n"
    ours = [(line.start_ms, line.end_ms, line.body.of(text)) for line in captions.read(text, {}).lines if line.part is Part.BODY]
    theirs = [(milliseconds(cue.start), milliseconds(cue.end), cue.raw_text) for cue in webvtt.from_buffer(StringIO(text))]
    assert ours == theirs


def clock(ms: int) -> str:
    """Milliseconds as WebVTT writes them."""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def milliseconds(written: str) -> int:
    """And back."""
    hours, minutes, seconds = written.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)


@CALM
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Peneliti", "Informan 3", "Mang Oded"]),
            st.lists(st.sampled_from(["halo", "di Dago", "19.20", "é😭"]), min_size=1).map(" ".join),
        ),
        min_size=4,
        max_size=12,
    ),
    st.sampled_from([": ", " : ", ":\t"]),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_turns_round_trip(said: list[tuple[str, str]], mark: str, end: str) -> None:
    """A transcript written turn by turn comes back turn by turn, where a label comes again."""
    said = [*said, ("Peneliti", "nuhun"), ("Mang Oded", "sami"), ("Peneliti", "tos"), ("Mang Oded", "mangga")]
    text = end.join(f"{label}{mark}{words}" for label, words in said)
    found = read_text(text)
    assert [(line.label.of(text) if line.label else "", line.body.of(text)) for line in found.lines] == said
