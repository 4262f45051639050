"""Whisper, oTranscribe, ELAN: what transcription tools write."""

import json
from typing import Any

import pytest

from samaran.ingest import Unreadable, read
from samaran.ingest.images import LOW_CONFIDENCE
from samaran.model import EntityType, Part, Reason, SpeakerRole, Transcript


def shown(found: Transcript) -> list[tuple[str | None, int | None, int | None, str]]:
    """Label, times and text of each line."""
    return [
        (line.label.of(found.text) if line.label else None, line.start_ms, line.end_ms, line.body.of(found.text))
        for line in found.lines
    ]


def packed(value: Any) -> bytes:
    """A JSON document."""
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "value",
    [
        {"text": "x", "segments": [{"start": 0.0, "end": 4.5, "text": " Halo, Téh.", "avg_logprob": -0.2}], "language": "id"},
        {"transcription": [{"offsets": {"from": 0, "to": 4500}, "text": " Halo, Téh."}]},
        {"text": "x", "chunks": [{"timestamp": [0.0, 4.5], "text": "Halo, Téh."}]},
        {"segments": [{"start": "0.0", "end": "4.5", "text": "Halo, Téh."}]},
    ],
)
def test_whisper_and_its_descendants(value: dict[str, Any]) -> None:
    """Segments of openai-whisper, whisper.cpp, transformers and others come with their times."""
    found = read(packed(value), "x.json")
    assert found.format == "whisper-json"
    assert shown(found) == [(None, 0, 4500, "Halo, Téh.")]
    assert found.warnings == ()


def test_whisper_speakers_and_doubts() -> None:
    """Speakers that a program told apart label their segments; what Whisper itself doubts is said."""
    segments = [
        {"start": 0, "end": 1, "text": "Di mana?", "speaker": "SPEAKER_00", "avg_logprob": -0.1},
        {"start": 1, "end": 2, "text": "Di Dago.", "speaker": "SPEAKER_01", "avg_logprob": -1.4},
    ]
    found = read(packed({"segments": segments}), "x.json")
    assert [label for label, *_ in shown(found)] == ["SPEAKER_00", "SPEAKER_01"]
    assert found.warnings == (LOW_CONFIDENCE,)


def test_whisper_tables() -> None:
    """Rows of a .tsv have times and, where they were written, speakers; the text stays as it is; a broken row is a note."""
    text = "start\tend\ttext\n0\t4500\tPeneliti: Halo\n4³\t5\taneh\n4500\t9000\tRani: Di Dago\nrusak²\n9000\t9900\tRani: ya\n"
    found = read(text.encode(), "x.tsv")
    assert (found.format, found.text) == ("whisper-tsv", text)
    assert shown(found) == [
        ("Peneliti", 0, 4500, "Halo"),
        (None, None, None, "4³\t5\taneh"),
        ("Rani", 4500, 9000, "Di Dago"),
        (None, None, None, "rusak²"),
        ("Rani", 9000, 9900, "ya"),
    ]
    assert found.lines[0].role is SpeakerRole.INTERVIEWER
    assert found.lines[1].part is Part.NOTE


@pytest.mark.timeout(60)
def test_a_page_of_broken_tags() -> None:
    """Tags without end cost no more time than others."""
    for tag in ("<!--", "<a ", "&#", "<p>", "<"):
        try:
            read(packed({"text": f"halo{tag * 200_000}", "media": "x"}), "x.otr")
        except Unreadable as error:
            assert error.reason is Reason.EMPTY  # noqa: PT017


def test_otranscribe() -> None:
    """Marks of time become times, formatting goes, and the name of the recording is a property."""
    mark = '<span class="timestamp" contenteditable="false" data-timestamp="{}">0:05</span>'
    html = (
        f"<p>{mark.format('5.25')} <b>P:</b> Di mana?</p><p>{mark.format('9')} Rani: di Dago &amp; Cisitu<br />ya</p>"
        "<p>P: oh<script>x</script></p><p>Rani: nya <a href='https://michat.id/x'>ini</a></p>"
    )
    found = read(packed({"text": html, "media": "Rani Kusumah.mp3", "media-time": 12.3}), "x.otr")
    assert shown(found) == [
        ("P", 5250, None, "Di mana?"),
        ("Rani", 9000, None, "di Dago & Cisitu"),
        (None, None, None, "ya"),
        ("P", None, None, "oh"),
        ("Rani", None, None, "nya ini"),
    ]
    assert [(p.name, p.value) for p in found.properties] == [("media file", "Rani Kusumah.mp3"), ("link", "https://michat.id/x")]


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="Nadya" FORMAT="3.0" VERSION="3.0">
<HEADER TIME_UNITS="milliseconds"><MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/Rani.wav"/></HEADER>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="0"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>
<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="ts4"/></TIME_ORDER>
<TIER ANNOTATOR="Gita" PARTICIPANT="Rani" TIER_ID="inf"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1"
 TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"><ANNOTATION_VALUE>Di Dago</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="Peneliti"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
<ANNOTATION_VALUE>Di mana?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="terjemahan" PARENT_REF="inf"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1">
<ANNOTATION_VALUE>In Dago</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"""


def test_elan() -> None:
    """Tiers are woven together by time; a tier's participant, else its name, is the speaker; what refers shares the time."""
    found = read(EAF.encode(), "x.eaf")
    assert shown(found) == [
        ("Peneliti", 0, 1000, "Di mana?"),
        ("Rani", 500, None, "Di Dago"),
        ("terjemahan", 500, None, "In Dago"),
    ]
    assert [line.role for line in found.lines] == [SpeakerRole.INTERVIEWER, SpeakerRole.UNKNOWN, SpeakerRole.UNKNOWN]
    assert {p.value for p in found.properties if p.type is EntityType.PERSON} == {"Rani", "Gita", "Nadya"}
    assert "file:///C:/Rani.wav" in {p.value for p in found.properties}


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (EAF[:900].encode(), "x.eaf", Reason.MALFORMED),
        (EAF.replace("<ANNOTATION_DOC", '<!DOCTYPE a [<!ENTITY x "y">]><ANNOTATION_DOC', 1).encode(), "x.eaf", Reason.MALFORMED),
        (packed({"segments": [{"text": "halo"}]})[:-3], "x.json", Reason.MALFORMED),
        (packed({"segments": [{"start": "halo"}]}), "x.json", Reason.UNKNOWN_FORMAT),
        (packed({"anything": "else"}), "x.json", Reason.UNKNOWN_FORMAT),
        (packed({"text": "<p></p>", "media": "x"}), "x.otr", Reason.EMPTY),
        (b'{"text": ' + b"[" * 100_000, "x.json", Reason.MALFORMED),
        (b'{"segments": [{"text": "halo \\ud83d"}]}', "x.json", Reason.MALFORMED),
    ],
)
def test_broken_files(data: bytes, name: str, reason: Reason) -> None:
    """Cut files, entities and documents of other programs have their reasons, and nothing of the file hangs on the error."""
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    assert caught.value.reason is reason
    assert caught.value.__context__ is None


def test_a_list_without_segments_is_passed_over() -> None:
    """Where a list of another name holds the segments, a broken one before it does not stand in the way."""
    data = json.dumps({"segments": [None], "transcription": [{"text": "halo"}]}).encode()
    transcript = read(data, "x.json")
    assert (transcript.format, [line.body.of(transcript.text) for line in transcript.lines]) == ("whisper-json", ["halo"])


def test_labels_alone_in_a_segment_go_into_the_next() -> None:
    """Where Whisper heard a label as a segment of its own, the next one is what was said, at its own time; short answers stay."""
    texts = ["P: halo", "I:", "ya", "P: terus", "I: begitu"]
    data = json.dumps({"segments": [{"start": n, "end": n + 1, "text": text} for n, text in enumerate(texts)]}).encode()
    found = read(data, "x.json")
    spoken = [(line.label.of(found.text), line.body.of(found.text), line.start_ms) for line in found.lines if line.label]
    assert spoken == [("P", "halo", 0), ("I", "ya", 2000), ("P", "terus", 3000), ("I", "begitu", 4000)]
    data = json.dumps({"segments": [{"start": n, "end": n + 1, "text": text} for n, text in enumerate("ABABA")]}).encode()
    assert [line.label for line in read(data, "x.json").lines] == [None] * 5
