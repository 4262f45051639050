"""Context without a language model: words beside a match raise its score."""

from collections.abc import Iterable
from typing import Any

from presidio_analyzer import RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

from samaran.detect.patterns.family import Family, Rule


class Surroundings(ContextAwareEnhancer):
    """Looks for a rule's context in the characters around the match, across line ends: a question names what the answer is."""

    def __init__(self, recognizers: Iterable[Any]) -> None:
        super().__init__(0.0, 0.0, 0, 0)
        self.rules: dict[str, Rule] = {
            rule.name: rule for family in recognizers if isinstance(family, Family) for rule in family.rules if rule.context
        }

    def enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], nlp_artifacts: Any, recognizers: Any, context: Any = None
    ) -> list[RecognizerResult]:
        """The same results, some with a higher score."""
        del nlp_artifacts, recognizers, context
        for found in raw_results:
            rule = self.rules.get(found.recognition_metadata.get("rule", ""))
            if rule and found.score < rule.lifted and rule.near(text, found.start, found.end):
                found.score = rule.lifted
        return raw_results
