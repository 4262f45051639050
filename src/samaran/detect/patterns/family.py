"""A family of patterns: a Presidio PatternRecognizer whose rules carry checks and context of their own."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import regex
from presidio_analyzer import AnalysisExplanation, Pattern, PatternRecognizer, RecognizerResult

from samaran.detect.patterns.anchors import lines, places
from samaran.errors import SamaranError
from samaran.model import Detector, EntityType

PATIENCE = 120
"""Seconds that one rule may take on one stretch of text before detection is given up as failed."""

Check = Callable[["regex.Match[str]"], float | bool]


@dataclass(frozen=True)
class Rule:
    """One pattern. `x` is the mention where the pattern has a group of that name, else the whole match.

    `check` returns whether the match holds, or its score. `context`, looked for in `before` characters before and `after`
    characters after the mention, raises the score to `lifted`. `anchors` are words; every match begins with one of them, and the
    pattern is tried there only. `needs` is a cheaper pattern, capitals told apart, for something that stands in every match or at
    its edge; then no match goes beyond its line, and only the lines with it are searched.
    """

    name: str
    pattern: str
    score: float
    check: Check | None = None
    context: str = ""
    lifted: float = 0.0
    before: int = 70
    after: int = 25
    case: bool = False
    anchors: str = ""
    needs: str = ""
    detector: Detector = Detector.PATTERN

    @cached_property
    def compiled(self) -> "regex.Pattern[str]":
        return regex.compile(self.pattern, 0 if self.case else regex.IGNORECASE)

    @cached_property
    def sign(self) -> "regex.Pattern[str]":
        return regex.compile(self.needs)

    def matches(self, text: str) -> Iterator["regex.Match[str]"]:
        """All matches in a text, none overlapping another. Raises `TimeoutError`."""
        for start, end in lines(text, self.sign) if self.needs else ((0, len(text)),):
            if not self.anchors:
                yield from self.compiled.finditer(text, start, end, timeout=PATIENCE)
                continue
            found = places(text, self.anchors)
            for at in found[bisect_left(found, start) : bisect_left(found, end)]:
                if at >= start and (match := self.compiled.match(text, at, timeout=PATIENCE)):
                    start = max(match.end(), at + 1)
                    yield match

    @cached_property
    def around(self) -> "regex.Pattern[str]":
        return regex.compile(rf"(?<!\w)(?:{self.context})", regex.IGNORECASE)

    def near(self, text: str, start: int, end: int) -> bool:
        """Whether the context stands near."""
        return bool(
            self.around.search(text, max(0, start - self.before), start)
            or (self.after and self.around.search(text, end, min(len(text), end + self.after)))
        )


class Family(PatternRecognizer):
    """The rules of one entity type. Raises `SamaranError` when a rule takes too long: nothing is skipped silently."""

    def __init__(self, kind: EntityType, rules: Sequence[Rule]) -> None:
        super().__init__(
            supported_entity=str(kind),
            name=f"{kind}-patterns",
            supported_language="id",
            patterns=[Pattern(rule.name, r"(?!)", rule.score) for rule in rules],
        )
        self.rules = tuple(rules)

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: Any = None, regex_flags: int | None = None
    ) -> list[RecognizerResult]:
        """All matches of all rules, before context."""
        del entities, nlp_artifacts, regex_flags
        found = []
        for rule in self.rules:
            try:
                for match in rule.matches(text):
                    score = rule.score if rule.check is None else rule.check(match)
                    score = rule.score if score is True else float(score)
                    if score > 0:
                        start, end = match.span("x") if "x" in rule.compiled.groupindex else match.span()
                        found.append(result(self.supported_entities[0], start, end, score, rule.name, rule.detector, self))
            except TimeoutError:
                raise SamaranError(
                    f"The pattern {rule.name} took too long on one source.", "Split the source into smaller files and run again."
                ) from None
        return found


def result(
    kind: str, start: int, end: int, score: float, rule: str, detector: Detector, recognizer: Any, entity: str | None = None
) -> RecognizerResult:
    """A Presidio result that remembers which rule of which layer made it."""
    return RecognizerResult(
        entity_type=kind,
        start=start,
        end=end,
        score=score,
        analysis_explanation=AnalysisExplanation(recognizer.name, score, pattern_name=rule),
        recognition_metadata={
            RecognizerResult.RECOGNIZER_NAME_KEY: recognizer.name,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id,
            "rule": rule,
            "detector": detector,
            "entity": entity,
        },
    )
