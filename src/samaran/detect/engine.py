"""A Presidio AnalyzerEngine of our own recognizers: no network, no spaCy model."""

import gc
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from samaran.detect.areas import Areas
from samaran.detect.institutions import ORGANIZATIONS, VENUES
from samaran.detect.patterns import families
from samaran.detect.patterns.family import Family
from samaran.detect.people import People
from samaran.detect.surroundings import Surroundings
from samaran.model import Detector, EntityType, Mention, Span

STRETCH = 6000
"""Characters handed to the recognizers at once; cut at line ends, long lines at blanks."""
OVERLAP = 160
"""Characters of the stretch before that are seen again, so that nothing is lost at a cut."""


class Engine:
    """The recognizers that need no register, and the language model where there is one."""

    def __init__(self, model: EntityRecognizer | None = None) -> None:
        self.model: Any = model
        recognizers = [*families(), VENUES, ORGANIZATIONS, Areas(), People(alone=model is None)]
        for rule in (rule for family in recognizers if isinstance(family, Family) for rule in family.rules):
            _ = rule.compiled, rule.sign, rule.around  # now, not in the middle of the first text that needs them
        nlp = NoOpNlpEngine([{"lang_code": "id", "model_name": "none"}])
        nlp.load()
        self.analyzer = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers, supported_languages=["id"]),
            nlp_engine=nlp,
            supported_languages=["id"],
            context_aware_enhancer=Surroundings(recognizers),
        )
        _load_once()

    def mentions(self, text: str) -> Iterator[Mention]:
        """Raw mentions of a text, overlapping ones included, in no promised order.

        The model is asked apart: the analyzer drops what a higher score of the same type covers, but the model is tempered later,
        and where its span is too wide the pattern's exact one has to be there."""
        for start, end in stretches(text):
            stretch = text[start:end]
            results = self.analyzer.analyze(stretch, "id")
            if self.model is not None:
                results += self.model.analyze(stretch, self.model.supported_entities, None)
            for found in results:
                yield mention(found, start)


@lru_cache(maxsize=1)
def _load_once() -> None:
    """Read the lists now, and keep the garbage collector from going over them again and again: a twentieth of the time."""
    for lists in (Areas(), People()):
        lists.analyze("Teh Nurhasanah di Lembang", [])
    gc.collect()
    gc.freeze()


def mention(found: Any, offset: int) -> Mention:
    """A Presidio result as a mention of the whole text."""
    meta = found.recognition_metadata
    return Mention(
        Span(found.start + offset, found.end + offset),
        EntityType(found.entity_type),
        min(1.0, float(found.score)),
        meta.get("detector", Detector.MODEL),
        meta.get("rule", "model"),
        meta.get("entity"),
    )


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where to cut: pieces of about STRETCH characters that overlap, never inside a word unless a word is longer than that."""
    start = 0
    while start < len(text):
        end = min(len(text), start + STRETCH)
        if end < len(text):
            line = text.rfind("\n", start + STRETCH // 2, end)
            blank = line if line >= 0 else text.rfind(" ", start + STRETCH // 2, end)
            end = blank + 1 if blank >= 0 else end
        yield start, end
        if end == len(text):
            return
        back = text.rfind("\n", max(start, end - OVERLAP), end - 1)
        back = back if back >= 0 else text.rfind(" ", max(start, end - OVERLAP), end - 1)
        start = back + 1 if back > start else end
