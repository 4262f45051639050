"""Person names by cues: an honorific, a word for naming, a capital in mid-sentence, the list of given names."""

from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult

from samaran.detect.areas import _mid
from samaran.detect.lookups import cities, districts
from samaran.detect.patterns.family import result
from samaran.detect.words import (
    Word,
    clear_names,
    cues,
    everyday,
    fold,
    function_words,
    honorifics,
    names,
    no_names,
    word_names,
    words,
)
from samaran.model import Detector, EntityType

_NAMING = cues("naming")
_FILLERS = cues("filler")
_WEAK_NAMING = cues("weak naming")
_PLACE = cues("preposition")
_SHORT = cues("abbreviated title")
_BIRTH = cues("birth title")
_BORN = cues("after birth title")
_LINK = cues("name link")
_TITLES = cues("place title")
_ARTICLE = "\u0627\u0644"
_ARABIC = ("\u0600", "\u06ff")


class People(EntityRecognizer):
    """Goes over the words once; every rule has its score."""

    def __init__(self, alone: bool = True) -> None:
        """`alone`: there is no language model, so an unknown word with a capital in mid-sentence is a name, not a doubt."""
        super().__init__(supported_entities=[EntityType.PERSON.value], supported_language="id", name="people")
        self.unknown = 0.52 if alone else 0.45

    def load(self) -> None:
        """Nothing to load before the first text."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """All names, joined with the parts of the name that follow."""
        del entities, nlp_artifacts
        found, row, at = [], words(text), 0
        while at < len(row):
            score, rule = _score(text, row, at)
            if not score:
                at += 1
                continue
            score = min(score, self.unknown) if rule == "capital" else score
            last = _extent(text, row, at, score)
            found.append(result("PERSON", row[at].start, row[last].end, score, rule, Detector.PATTERN, self))
            at = last + 1
        return found


def _gap(text: str, row: tuple[Word, ...], at: int) -> str:
    """What stands between a word and the one before, or a line end where there is none."""
    return text[row[at - 1].end : row[at].start] if at else "\n"


def _score(text: str, row: tuple[Word, ...], at: int) -> tuple[float, str]:
    """How certain a name begins here, and by which rule."""
    word = row[at]
    if not word.fold.isalpha():
        return 0.0, ""
    gap = _gap(text, row, at)
    if gap[-1:] in ("@", "_", "/", "#") or (gap == "." and at and row[at - 1].text.islower()):
        return 0.0, ""
    capital = word.text[0].isupper()
    shouted = len(word.text) > 1 and word.text.isupper()
    clear = word.fold in clear_names()
    known = clear or word.fold in names() or word.fold in word_names()
    plain = word.fold in everyday()
    before = row[at - 1] if at and (gap in (" ", "  ", "\u00a0") or (gap == ". " and row[at - 1].fold in _SHORT)) else None
    if word.text in _BIRTH and at + 1 < len(row) and row[at + 1].fold in _BORN and text[word.end : row[at + 1].start] == " ":
        return (0.85, "name-title") if row[at + 1].text[0].isupper() else (0.0, "")
    if len(word.text) == 1:
        titled = before is not None and before.fold in honorifics() and len(before.fold) > 1 and before.text[0].isupper()
        return (0.8, "initial") if capital and titled and text[word.end : word.end + 1] == "." else (0.0, "")
    if word.fold in no_names():
        return 0.0, ""
    if word.fold in honorifics() and not (known and capital and not (at + 1 < len(row) and _title_next(text, row, at))):
        return 0.0, ""
    if before is not None and before.fold in honorifics():
        return _after_honorific(before, word, capital, clear, known, plain)
    cue = _naming(text, row, at)
    if cue and not shouted:
        if capital and (known or not plain):
            return 0.85, "name-told"
        if clear or (known and not plain):
            return 0.8, "name-told"
        if not plain and cue > 1 and len(word.fold) > 2:
            return 0.55, "name-told"
        if known and cue > 1 and capital:
            return 0.8, "name-told"
    return _bare(text, word, before, capital, shouted, clear, known, plain)


def _title_next(text: str, row: tuple[Word, ...], at: int) -> bool:
    """Whether an honorific is followed by what could be a name, so that it is no name itself (`Bu Haji Komariah`)."""
    return (
        at + 1 < len(row)
        and text[row[at].end : row[at + 1].start] in (" ", ". ")
        and row[at + 1].text[0].isupper()
        and row[at + 1].fold not in everyday()
    )


def _after_honorific(before: Word, word: Word, capital: bool, clear: bool, known: bool, plain: bool) -> tuple[float, str]:
    strong = before.fold not in honorifics(only_weak=True) and not (before.fold == "teh" and before.text.islower())
    strong = strong or before.fold == "si"
    if word.fold in cities() and not known:
        return 0.0, ""
    if capital:
        if plain and not known:
            return 0.0, ""
        if plain and not word.text.isupper():
            return (0.8 if before.text[0].isupper() or strong else 0.6), "honorific"
        if not known and before.text == "a":
            return 0.0, ""  # `a Danish national`
        return (0.93 if strong else 0.85), "honorific"
    if clear:
        return (0.9 if strong else 0.75), "honorific"
    if known and strong and len(word.fold) > 2 and word.fold not in function_words():
        return 0.55 if plain else 0.8, "honorific"
    if not plain and strong and len(word.fold) > 2:
        return 0.65, "honorific"
    return 0.0, ""


def _naming(text: str, row: tuple[Word, ...], at: int) -> int:
    """2 where a word such as `namanya` stands right before, 1 for a weaker one, 0 for none; fillers may stand between."""
    for back in range(1, 4):
        if at - back < 0 or "\n" in text[row[at - back].end : row[at - back + 1].start]:
            return 0
        fold_ = row[at - back].fold
        if fold_ in _NAMING:
            return 1 if fold_ in _WEAK_NAMING and back == 1 and fold_ not in ("panggil", "disebut") else 2
        if fold_ not in _FILLERS:
            return 0
    return 0


def _bare(
    text: str, word: Word, before: Word | None, capital: bool, shouted: bool, clear: bool, known: bool, plain: bool
) -> tuple[float, str]:
    prior = before.fold if before is not None else ""
    if prior in _TITLES:
        return 0.0, ""
    mid = _mid(text, word.start)
    if capital and not shouted:
        if clear:
            place = word.fold in cities() or word.fold in districts()
            return (0.0, "") if place and prior in _PLACE else (0.88 if mid else 0.78, "name-known")
        if known and mid:
            return (0.62, "name-capital") if prior not in _PLACE else (0.45, "name-capital")
        if mid and not plain and word.fold not in cities() and word.fold not in districts() and prior not in _PLACE:
            return (0.52, "capital") if len(word.fold) > 2 else (0.4, "capital")
        return 0.0, ""
    if shouted and clear and len(word.fold) > 3:
        return 0.6, "name-known"
    if clear and len(word.fold) > 3 and word.fold not in cities() and word.fold not in districts() and prior not in _TITLES:
        return (0.62, "name-lower") if prior not in _PLACE else (0.35, "name-lower")
    return 0.0, ""


def _extent(text: str, row: tuple[Word, ...], at: int, score: float) -> int:
    """The last word of the name that begins here: capitals, listed names, links such as `binti`, at most five words."""
    last = at
    capital = row[at].text[0].isupper()
    while last + 1 < len(row) and last - at < 4:
        gap = text[row[last].end : row[last + 1].start]
        following = row[last + 1]
        if (
            gap == " "
            and capital
            and len(following.text) == 1
            and following.text.isupper()
            and following.text != "I"
            and not following.fold.isdigit()
        ):
            last += 1
            continue
        if gap not in (" ", "-", "'", "’", ". "):
            break
        if gap == ". " and row[last].end - row[last].start > 2:
            break
        if not following.text.isalpha():
            break
        big = following.text[0].isupper()
        if gap in ("-", "'", "’"):
            if not (capital and big):
                break
        elif following.fold in _LINK and last + 2 < len(row) and (row[last + 2].text[0].isupper() or not capital):
            last += 1
        elif capital:
            if (
                not big
                or (following.fold in everyday() and following.fold not in names() | word_names())
                or following.fold in cities() - names()
            ):
                break
        elif (
            not (following.fold in clear_names() or _of_arabic(row[last], following))
            or score < 0.6
            or following.fold in honorifics()
        ):
            break
        last += 1
    while last > at and row[last].fold in _LINK:
        last -= 1
    return last


def _of_arabic(word: Word, following: Word) -> bool:
    """Whether a name in Arabic script goes on with the article, as most names of families and places of origin do."""
    return following.text.startswith(_ARTICLE) and _ARABIC[0] <= word.text[0] <= _ARABIC[1]


def name_like(text: str) -> bool:
    """Whether a label is built like a name: no everyday words that no name has, letters first."""
    parts = [fold(part.text) for part in words(text)]
    return bool(parts) and any(part in names() or part in word_names() or part not in everyday() for part in parts)
