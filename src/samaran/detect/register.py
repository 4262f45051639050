"""The register recognizer: names, accounts and numbers that the study knows already, in every spelling."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from samaran.detect.areas import _mid
from samaran.detect.forms import Entry, Forms, Hit
from samaran.detect.patterns.family import result
from samaran.detect.patterns.numerals import DIGIT, NUMBER, VALUES
from samaran.detect.people import _naming
from samaran.detect.words import Word, caseless, fold, frequent, function_words, honorifics, no_names, words
from samaran.model import Detector, Entity, EntityType

_SCORES = {"exact": 0.95, "case": 0.93, "clitic": 0.85, "prefix": 0.7, "stretched": 0.85, "slip": 0.6}
_NUMERIC = (EntityType.PHONE, EntityType.ACCOUNT_NUMBER, EntityType.ID_NUMBER)
_DIGITS = re.compile(r"[+(]?\d(?:[ .()/–-]{0,3}\d){5,24}")
_SAID = re.compile(rf"(?<!\w){DIGIT}(?:[ ,.-]{{1,3}}{DIGIT}){{5,20}}(?!\w)", re.IGNORECASE)


class RegisterRecognizer(EntityRecognizer):
    """Built once for the entities of a study, then used on any number of texts."""

    def __init__(
        self, entities: Sequence[Entity], detector: Detector = Detector.REGISTER, ceiling: float = 1.0, met: Iterable[str] = ()
    ) -> None:
        super().__init__(supported_entities=[str(t) for t in EntityType], supported_language="id", name=f"{detector}-forms")
        self.forms = Forms.of(entity for entity in entities if entity.type not in (EntityType.AGE, EntityType.DATE))
        self.numbers = _numbers(entities)
        self.met = frozenset(met)
        self.detector = detector
        self.ceiling = ceiling

    def load(self) -> None:
        """Nothing to load before the first text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """All occurrences; a form that is also a word, without evidence, is a doubt, unless the same text has sure ones."""
        del entities, nlp_artifacts
        row = words(text)
        hits = list(self.forms.hits(text, row))
        sure = {n for n, hit in enumerate(hits) if _wordy(hit.entry) and evidence(text, row, hit.at, hit.end)}
        met = {fold(hits[n].entry.text) for n in sure} | self.met
        loose = caseless(text) if hits else False
        found = []
        for n, hit in enumerate(hits):
            entry = hit.entry
            score, rule = self._score(text, hit, n in sure, fold(entry.text) in met, loose)
            if score:
                score = min(score, self.ceiling)
                found.append(result(str(entry.type), hit.start, hit.end, score, rule, self.detector, self, entry.entity))
        if self.numbers:
            found.extend(self._numeric(text))
        return found

    def _score(self, text: str, hit: Hit, sure: bool, met: bool, loose: bool) -> tuple[float, str]:
        rule = f"form-{hit.how}"
        entry = hit.entry
        if hit.how == "clipped":
            half = any(other.parts[0] == entry.parts[0] * 2 for other in self.forms.clipped[entry.parts[0]])
            plain = not half and fold(text[hit.start : hit.end]) in honorifics() | function_words() | no_names()
            return (0.6, rule) if sure and not plain else (0.0, "")
        if _wordy(entry):
            if len(entry.parts) > 1 and hit.how in ("exact", "case"):
                return 0.9 if hit.how == "exact" else 0.7, rule
            if sure:
                return (0.86 if hit.how == "exact" else 0.7), rule
            surface = text[hit.start : hit.end]
            if hit.how in ("exact", "case") and met:
                if surface[:1].isupper() and not surface.isupper() and not _verb(text, hit.end):
                    return 0.55, "form-met"
                if loose and fold(surface) not in function_words() and fold(surface) not in frequent():
                    return 0.52, "form-met"
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
    return (
        digits.removeprefix("62") if digits.startswith("628") else digits.removeprefix("0") if digits.startswith("08") else digits
    )


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


def _wordy(entry: Entry) -> bool:
    return entry.type is EntityType.PERSON and (entry.word or len(entry.text) < 3)


def _verb(text: str, end: int) -> bool:
    """Whether a pronoun follows, as after `Will you` and `May I`."""
    return bool(re.match(r" (?:i|you|he|she|it|we|they|this|that|the|a|not)\b", text[end : end + 6], re.IGNORECASE))


def evidence(text: str, row: Sequence[Word], at: int, end: int) -> bool:
    """Whether a word that is also a name is the name here: an honorific before, a word for naming, a capital in mid-sentence, a
    possessive, a call (`makasih ran,`), or a speaker label."""
    word = row[at]
    capital = word.text[0].isupper() and not (word.text.isupper() and len(word.text) > 1)
    before = row[at - 1] if at and text[row[at - 1].end : word.start] in (" ", ". ") else None
    if before is not None and before.fold in honorifics():
        lower_teh = before.fold == "teh" and before.text.islower() and word.text.islower()
        if before.fold == "si" or (not lower_teh and (capital or before.fold not in honorifics(only_weak=True))):
            return True
    if _naming(text, tuple(row), at) == 2 and (capital or word.fold not in function_words()):
        return True
    line = text.rfind("\n", 0, word.start) + 1
    head, tail = text[max(line, word.start - 40) : word.start], text[end : end + 3]
    if _CALL.search(head) and (not tail or tail[0] in ",.!?\n" or not tail.strip()) and word.fold not in function_words():
        return True
    if _AGED.match(text, end) or _CALLED.match(text, end):
        return True
    if not capital:
        return False
    if (tail[:2] in ("'s", "’s") and tail[2:3] in ("", " ", ",", ".")) or (tail[:1] == "-" and tail[1:3] in ("na", "ny", "ku")):
        return True
    if tail[:1] == ":" and (not head.strip() or head.rstrip().endswith(("-", "]", "~"))):
        return True
    if tail[:1] in (",", "!") and head.rstrip(" ").endswith((",", '"', "“", "‘")):
        return True
    if tail[:1] in ("?", ".") and tail[1:2] in ('"', "”") and head.rstrip(" ").endswith((",", '"', "“")):
        return True
    return _mid(text, word.start) or (
        (not head.strip() or head.rstrip()[-1:] in ".:?!") and tail[:1] in (",", "!") and word.fold not in function_words()
    )


_AGED = re.compile(rf",? (?:umur )?(?:{NUMBER}|\d{{1,2}}) (?:tahun|taun|thn|th)\b", re.IGNORECASE)
_CALLED = re.compile(r" (?:namanya|ngaranna|namina|namana|jenenge)\b", re.IGNORECASE)
_CALL = re.compile(
    r"(?:^|[\s,.!?:\"“])(?:ya|yah|makasih|makasi|thx|thanks|thank you|nuhun|hatur nuhun|halo|hallo|hai|hey|hi|hello|eh"
    r"|punten|wkwk|sini|dear|oke|ok|sabar|tenang|bye|dadah|oi|oy|woi|euy|tong|ulah)[ ,]+$",
    re.IGNORECASE,
)
