"""The register recognizer: names, accounts and numbers that the study knows already, in every spelling."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from samaran.detect.areas import _mid
from samaran.detect.forms import Forms, Hit
from samaran.detect.patterns.family import result
from samaran.detect.patterns.numerals import DIGIT, VALUES
from samaran.detect.people import _naming
from samaran.detect.words import Word, honorifics, words
from samaran.model import Detector, Entity, EntityType

_SCORES = {"exact": 0.95, "case": 0.93, "clitic": 0.85, "stretched": 0.85, "slip": 0.6}
_NUMERIC = (EntityType.PHONE, EntityType.ACCOUNT_NUMBER, EntityType.ID_NUMBER)
_DIGITS = re.compile(r"[+(]?\d(?:[ .()/–-]{0,3}\d){5,24}")
_SAID = re.compile(rf"(?<!\w){DIGIT}(?:[ ,.-]{{1,3}}{DIGIT}){{5,20}}(?!\w)", re.IGNORECASE)


class RegisterRecognizer(EntityRecognizer):  # type: ignore[misc]
    """Built once for the entities of a study, then used on any number of texts."""

    def __init__(self, entities: Sequence[Entity], detector: Detector = Detector.REGISTER, ceiling: float = 1.0) -> None:
        super().__init__(supported_entities=[str(t) for t in EntityType], supported_language="id", name=f"{detector}-forms")
        self.forms = Forms.of(entity for entity in entities if entity.type not in (EntityType.AGE, EntityType.DATE))
        self.numbers = _numbers(entities)
        self.detector = detector
        self.ceiling = ceiling

    def load(self) -> None:
        """Nothing to load before the first text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """All occurrences; a form that is also a word, without evidence, is a doubt."""
        del entities, nlp_artifacts
        row = words(text)
        found = []
        for hit in self.forms.hits(text, row):
            score, rule = self._score(text, row, hit)
            if score:
                score = min(score, self.ceiling)
                entry = hit.entry
                found.append(result(str(entry.type), hit.start, hit.end, score, rule, self.detector, self, entry.entity))
        if self.numbers:
            found.extend(self._numeric(text))
        return found

    def _score(self, text: str, row: Sequence[Word], hit: Hit) -> tuple[float, str]:
        rule = f"form-{hit.how}"
        entry = hit.entry
        if entry.type is EntityType.PERSON and (entry.word or len(entry.text) < 3):
            if len(entry.parts) > 1 and hit.how == "exact":
                return 0.9, rule
            sure = evidence(text, row, hit.at, hit.end)
            if sure:
                return (0.86 if hit.how == "exact" else 0.7), rule
            return (0.4, "form-word") if hit.how == "exact" and entry.text[:1].isupper() else (0.0, "")
        if entry.word and hit.how != "exact":
            return 0.0, ""
        if entry.word:
            return 0.4, "form-word"
        if hit.how == "slip" and not text[hit.start].isupper() and len(entry.parts[0]) < 6:
            return 0.45, rule
        return _SCORES[hit.how], rule

    def _numeric(self, text: str) -> Iterator[RecognizerResult]:
        for match in _DIGITS.finditer(text):
            yield from self._number(bare(match.group()), match.start(), match.end())
        for match in _SAID.finditer(text):
            said = "".join(str(VALUES[w]) for w in re.findall(r"\w+", match.group().lower()))
            yield from self._number(bare(said), match.start(), match.end())

    def _number(self, digits: str, start: int, end: int) -> Iterator[RecognizerResult]:
        if digits in self.numbers:
            kind, owners = self.numbers[digits]
            entity = owners[0] if len(owners) == 1 else None
            yield result(str(kind), start, end, min(0.98, self.ceiling), "form-number", self.detector, self, entity)


def bare(number: str) -> str:
    """The digits that count: without separators and without 0 or 62 in front."""
    digits = re.sub(r"\D", "", number)
    return digits.removeprefix("62") if digits.startswith("628") else digits.removeprefix("0") if digits.startswith("08") else digits


def _numbers(entities: Sequence[Entity]) -> dict[str, tuple[EntityType, list[str]]]:
    found: dict[str, tuple[EntityType, list[str]]] = {}
    for entity in entities:
        if entity.type in _NUMERIC:
            for form in entity.forms:
                digits = bare(form.text)
                if len(digits) >= 6:
                    _, owners = found.setdefault(digits, (entity.type, []))
                    if entity.id not in owners:
                        owners.append(entity.id)
    return found


def evidence(text: str, row: Sequence[Word], at: int, end: int) -> bool:
    """Whether a word that is also a name is the name here: an honorific before, a word for naming, a capital in mid-sentence, an
    address between commas, or a speaker label."""
    word = row[at]
    before = row[at - 1] if at and text[row[at - 1].end : word.start] in (" ", ". ", ".") else None
    if before is not None and before.fold in honorifics() and not (before.fold == "teh" and before.text.islower() and word.text.islower()):
        return word.text[0].isupper() or before.fold not in honorifics("weak")
    if _naming(text, tuple(row), at) == 2:
        return True
    if not word.text[0].isupper() or word.text.isupper() and len(word.text) > 1:
        return False
    line = text.rfind("\n", 0, word.start) + 1
    head = text[line : word.start]
    if text[end : end + 1] == ":" and (not head.strip() or head.rstrip().endswith(("-", "]", "~"))):
        return True
    if text[end : end + 1] in (",", "!", "?") and head.rstrip().endswith(","):
        return True
    return _mid(text, word.start)
