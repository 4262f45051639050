"""The recognizers without the language model, loaded once."""

import itertools
from collections.abc import Callable

import pytest

from samaran.detect import Detector
from samaran.detect.engine import Engine
from samaran.ingest import read_text
from samaran.model import DOUBTFUL, Entity, Mention, Transcript

Look = Callable[..., set[tuple[str, str]]]


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="session")
def detector() -> Detector:
    return Detector("none")


@pytest.fixture(scope="session")
def pattern(engine: Engine) -> Look:
    """Surfaces with their types that the recognizers are sure of, overlaps and all, without line structure."""

    def look(text: str) -> set[tuple[str, str]]:
        return {(m.span.of(text), str(m.type)) for m in engine.mentions(text) if m.score >= DOUBTFUL}

    return look


@pytest.fixture(scope="session")
def look(detector: Detector) -> Look:
    """Surfaces with their types after everything: what `Detector.find` is sure of."""

    def sure(text: str, *entities: Entity, keep_scholars: bool = False) -> set[tuple[str, str]]:
        transcript = read_text(text)
        found = detector.find(transcript, entities, keep_scholars=keep_scholars)
        return {(m.span.of(transcript.text), str(m.type)) for m in found if m.score >= DOUBTFUL}

    return sure


def fits(transcript: Transcript, mentions: tuple[Mention, ...]) -> bool:
    """Sorted, without overlaps, each inside a label, stamp, heading or body."""
    places = [s for line in transcript.lines for s in (line.body, line.label, line.stamp, line.column) if s is not None]
    ordered = all(a.span.end <= b.span.start for a, b in itertools.pairwise(mentions))
    return ordered and all(any(place.contains(m.span) for place in places) for m in mentions)
