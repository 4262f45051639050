"""SubRip and WebVTT."""

from io import StringIO

import webvtt

from samaran.ingest import read, read_text
from samaran.model import Part, SpeakerRole

SRT = """1
00:00:04,100 --> 00:00:07,900
[Lonceng.]

2
00:01:09,200 --> 00:01:13,050
NARATOR: Nama saya Suster Philomena.
Saya dari Wanukaka.

3
00:01:14,000 --> 00:01:15,000
NARATOR: Ya.

4
00:01:15,000 --> 00:01:16,000
NARATOR: Begitu.
"""

VTT = """WEBVTT - rekaman Rani

NOTE
diedit oleh Nadya

STYLE
::cue { color: red }

rani-1
00:01.000 --> 00:02.500 align:start position:0%
<v Mang Oded>Geus <i>nyaho</i> ti baheula.</v>
<v.loud Ilham>Ti iraha?

01:00:00.000 --> 01:00:01.000
tanpa suara
"""


def test_srt() -> None:
    """Cues with times and labels; numbers and timings are markup."""
    found = read(SRT.encode(), "x.srt")
    assert found.format == "srt"
    assert [line.body.of(SRT) for line in found.lines] == [
        "[Lonceng.]",
        "Nama saya Suster Philomena.\nSaya dari Wanukaka.",
        "Ya.",
        "Begitu.",
    ]
    assert [(line.start_ms, line.end_ms, line.ref) for line in found.lines][1] == (69_200, 73_050, "cue 2")
    assert found.lines[1].label is not None
    assert found.lines[1].label.of(SRT) == "NARATOR"


def test_vtt() -> None:
    """Voices split a cue; names in notes, cue names and the head line are text, too."""
    found = read(VTT.encode(), "x.vtt")
    shown = [(line.part, line.label.of(VTT) if line.label else None, line.body.of(VTT)) for line in found.lines]
    assert shown == [
        (Part.NOTE, None, "- rekaman Rani"),
        (Part.NOTE, None, "NOTE"),
        (Part.NOTE, None, "diedit oleh Nadya"),
        (Part.NOTE, None, "STYLE"),
        (Part.NOTE, None, "::cue { color: red }"),
        (Part.NOTE, None, "rani-1"),
        (Part.BODY, "Mang Oded", "Geus <i>nyaho</i> ti baheula."),
        (Part.BODY, "Ilham", "Ti iraha?"),
        (Part.BODY, None, "tanpa suara"),
    ]
    assert [line.start_ms for line in found.lines[-3:]] == [1_000, 1_000, 3_600_000]


def test_cues_are_those_of_webvtt_py() -> None:
    """An independent reader finds the same cues and times."""
    theirs = [(round(c.start_in_seconds * 1000), c.raw_text) for c in webvtt.from_buffer(StringIO(VTT))]
    ours = [line for line in read_text(VTT).lines if line.part is Part.BODY]
    assert {line.start_ms for line in ours} == {1_000, 3_600_000}
    assert [start // 1000 * 1000 for start, _ in theirs] == [1_000, 3_600_000]
    for _, raw in theirs:
        assert all(line.body.of(VTT) in VTT for line in ours)
        assert any(line.body.of(VTT) in raw for line in ours)


def test_zoom_labels_and_roles() -> None:
    """`Name: text` in a cue is a speaker where it comes again, a role is read."""
    said = ["Peneliti: halo", "Nadya F: hai", "Nadya F: ya"]
    text = "WEBVTT\n\n" + "\n\n".join(f"{i}\n00:00:0{i}.000 --> 00:00:0{i}.900\n{words}" for i, words in enumerate(said, 1))
    lines = read_text(text).lines
    assert [(line.label.of(text), line.role) for line in lines if line.label] == [
        ("Peneliti", SpeakerRole.INTERVIEWER),
        ("Nadya F", SpeakerRole.UNKNOWN),
        ("Nadya F", SpeakerRole.UNKNOWN),
    ]
