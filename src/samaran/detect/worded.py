"""Another library's recognizer, its spans whole words, and no failure swallowed."""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from samaran.errors import SamaranError

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult


class Unusable(SamaranError):
    """A model that can't be loaded, or gave up on a text."""


@functools.cache
def recognizer_class() -> Any:
    """The class `Words(inner, rule, language)`. Presidio is imported with it."""
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    class Words(EntityRecognizer):
        """Another recognizer, its spans widened to whole words, only the fourteen types, and no failure swallowed."""

        def __init__(self, inner: Any, rule: str, language: str) -> None:
            self.inner, self.rule, self.failed = inner, rule, False
            self.title = f"samaran-{rule}"
            super().__init__(list(inner.supported_entities), name=self.title, supported_language=language)
            if getattr(inner, "ner_pipeline", None) is not None:  # Presidio logs its failures and goes on: keep them
                inner.ner_pipeline = self._watched(inner.ner_pipeline)

        def load(self) -> None:
            """Nothing to do: the inner recognizer was loaded when it was made."""

        def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> "list[RecognizerResult]":  # noqa: ARG002
            """Spans of the asked types. Raises `Unusable` when the model gives up."""
            wanted = [entity for entity in entities or self.supported_entities if entity in self.supported_entities]
            self.failed = False
            try:
                found = self.inner.analyze(text, wanted) if text.strip() and wanted else []
            except Exception:  # its message may quote the text
                self.failed = True
            if self.failed:
                raise Unusable("The language model gave up on a text.", "Try it again, or work with the shipped model.")
            return [
                RecognizerResult(
                    kind,
                    start,
                    end,
                    score,
                    recognition_metadata={
                        RecognizerResult.RECOGNIZER_NAME_KEY: self.title,
                        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                        "rule": self.rule,
                    },
                )
                for kind, start, end, score in whole_words(text, ((r.entity_type, r.start, r.end, r.score) for r in found))
                if kind in wanted
            ]

        def _watched(self, pipeline: Callable[[str], Any]) -> Callable[[str], Any]:
            def call(text: str) -> Any:
                try:
                    return pipeline(text)
                except Exception:  # told by analyze
                    self.failed = True
                    return []

            return call

    return Words


_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def whole_words(text: str, spans: Iterable[tuple[str, int, int, float]]) -> Iterator[tuple[str, int, int, float]]:
    """The spans widened to whole words and cut to what is in them; those of one type that then touch are one, spans without a
    letter or digit none."""
    words = [match.span() for match in _WORD.finditer(text)]
    done: dict[tuple[str, int], tuple[str, int, int, float]] = {}
    for kind, start, end, score in sorted(spans, key=lambda s: (s[0], s[1], s[2])):
        touched = [(a, b) for a, b in words if a < end and start < b]
        if not touched:
            continue
        a, b = touched[0][0], touched[-1][1]
        last = next(reversed(done.values()), None)
        if last and last[0] == kind and last[2] > a:
            a, score = last[1], max(score, last[3])
            b = max(b, last[2])
            done.pop((kind, last[1]))
        done[kind, a] = (kind, a, b, min(1.0, score))
    yield from sorted(done.values(), key=lambda s: (s[1], s[2]))
