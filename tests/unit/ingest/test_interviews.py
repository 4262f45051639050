"""The gold interviews, read: their formats and speakers, and no mention lost or cut."""

from collections import Counter
from pathlib import Path

import pytest

from samaran.evaluate.gold import parse
from samaran.ingest import read_text
from samaran.segment import segments

GOLD = sorted((Path(__file__).parents[2] / "gold" / "dev").glob("*.ann.txt"))

SPEAKERS = {
    "csv01": ("csv", {}),
    "fgd01": ("text", {"Lin": 12, "Moderator": 10, "Yuy": 10, "Nde": 10, "Mbak Wahyu": 9, "Ceu Eneng": 6}),
    "obs01": ("text", {}),
    "obs02": ("text", {}),
    "we02": ("text", {"INT": 15, "GRACE": 15}),
    "wi04": ("text", {"Peneliti": 22, "Inf4": 22}),
    "wi05": ("text", {"spk1": 28, "spk2": 28}),
    "wi06": ("text", {"Pewawancara": 16, "Mantan tamu": 15}),
    "wi07": ("text", {"T": 14, "J": 14}),
    "ws03": ("text", {"Ilham": 16, "Mang Oded": 16}),
}


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name[:-8])
def test_every_mention_is_in_one_line_and_in_one_segment(path: Path) -> None:
    """What must be found lies whole in a body, label, stamp or column, and no segment cuts it."""
    gold = parse(path.read_bytes().decode())
    found = read_text(gold.text, f"{path.name[:-8]}.txt")
    heads = [span for line in found.lines for span in (line.label, line.stamp) if span]
    bodies = [line.body for line in found.lines]
    cut = [segment.span for segment in segments(found)]
    for mention in gold.marks:
        assert any(span.contains(mention.span) for span in heads + bodies)
        assert any(span.contains(mention.span) for span in heads + cut)


@pytest.mark.parametrize("name", SPEAKERS)
def test_speakers(name: str) -> None:
    """Each transcript's speakers and how often they speak; notes and tables have none."""
    text = parse((GOLD[0].parent / f"{name}.ann.txt").read_bytes().decode()).text
    found = read_text(text, f"{name}.txt")
    assert (found.format, Counter(line.label.of(text) for line in found.lines if line.label)) == SPEAKERS[name]
