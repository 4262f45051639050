"""The shipped language model as a Presidio recognizer. Presidio is imported only when it is loaded."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samaran.detect.tagger import FILES, Found, Tagger, damaged

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

NAME = "samaran-model"
SHIPPED = Path(__file__).with_name("model")
KEPT_TEXTS = 4096


class Lines:
    """Spans of a text read line by line with the lines around it; what was read once is kept."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger
        self.predict = tagger.predict
        self._kept: dict[str, list[Found]] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """Read texts as lines of one document and keep what is found: `find` then answers for each without running the model.

        A text that stands more than once keeps the spans of its first place that has any.
        """
        for text, found in zip(texts, self.tagger.predict(texts), strict=True):
            if found or text not in self._kept:
                self._keep(text, found)

    def find(self, text: str) -> list[Found]:
        """Spans of a text of any length, in its own offsets."""
        if text in self._kept:
            return self._kept[text]
        lines = text.split("\n")
        spans: list[Found] = []
        at = 0
        for line, found in zip(lines, self.tagger.predict(lines), strict=True):
            spans += [(at + start, at + end, kind, score) for start, end, kind, score in found]
            at += len(line) + 1
        self._keep(text, spans)
        return spans

    def _keep(self, text: str, found: list[Found]) -> None:
        while len(self._kept) >= KEPT_TEXTS:
            self._kept.pop(next(iter(self._kept)))
        self._kept[text] = found


def load(folder: Path = SHIPPED, *, threads: int = 1, language: str = "id") -> "EntityRecognizer":
    """A recognizer over the model in the folder; raises `tagger.Damaged` if the files are missing or not what they were.

    Beside Presidio's `analyze` it has `predict(texts)` of `Tagger` and `prepare(texts)` of `Lines`, which read many at once.
    """
    tagger = Tagger(folder, threads=threads)
    return _recognizer_class()(tagger, language)  # type: ignore[no-any-return]


def digest(folder: Path = SHIPPED) -> str:
    """SHA-256 over the model's files, for the audit log; raises `tagger.Damaged` if one is missing."""
    import hashlib

    total = hashlib.sha256()
    try:
        for name in FILES:
            total.update(hashlib.sha256((folder / name).read_bytes()).digest())
    except OSError as error:
        raise damaged() from error
    return total.hexdigest()


@functools.cache
def _recognizer_class() -> Any:
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    class ModelRecognizer(EntityRecognizer):
        """All fourteen types by the shipped model, whatever the language."""

        def __init__(self, tagger: Tagger, language: str) -> None:
            self.lines = Lines(tagger)
            self.predict, self.prepare = tagger.predict, self.lines.prepare
            super().__init__([str(kind) for kind in tagger.types], name=NAME, supported_language=language)

        def load(self) -> None:
            """Nothing to do: the tagger was loaded before."""

        def analyze(self, text: str, entities: Sequence[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002
            """Spans of the asked types. No artifacts are used."""
            wanted = set(entities) if entities else set(self.supported_entities)
            return [
                RecognizerResult(
                    str(kind),
                    start,
                    end,
                    score,
                    recognition_metadata={
                        RecognizerResult.RECOGNIZER_NAME_KEY: NAME,
                        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                        "rule": "model",
                    },
                )
                for start, end, kind, score in self.lines.find(text)
                if str(kind) in wanted
            ]

    return ModelRecognizer
