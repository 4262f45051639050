"""Variants of a document: other names and places, other spellings, chat style, recognized speech, heads of lines dropped.

Every change works on chunks, so the marks go with the text. A document is varied anew in every epoch, from the run's seed.
"""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from samaran.model import EntityType

from . import lists, spoken
from .gold import Chunk, Document
from .lists import Names

Line = tuple[Chunk, ...]
Edit = Callable[[str, EntityType | None], str]

KEPT_TOKENS = frozenset(lists.words("particles.txt"))
SHORT = dict(pair.split("=") for pair in lists.words("chat.txt"))
NUMBERS = (EntityType.PHONE, EntityType.ID_NUMBER, EntityType.ACCOUNT_NUMBER)
HEAD = re.compile(
    r"^\s*(\[?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\]?\s*|\d{3}\s+)?([A-Z][\w .]{0,18}\d{0,2}|spk\d|[PINRQA])\s?[:>|]\s+(?=\S)"
)


def each(line: Line, edit: Edit) -> Line:
    """The line with the edit made in every chunk."""
    return tuple((edit(text, kind), kind) for text, kind in line)


def cased(new: str, old: str) -> str:
    """The new word in the capitals of the old one."""
    if old.isupper() and len(old) > 1:
        return new.upper()
    return new.lower() if old.islower() else new


class Swap:
    """Other people, places, accounts and numbers, the same for the same words throughout one document."""

    def __init__(self, names: Names, rng: random.Random, types: frozenset[EntityType], language: str) -> None:
        self.names, self.rng, self.types, self.language = names, rng, types, language
        self.known: dict[str, str] = {}
        self.western = language == "en" and rng.random() < 0.7

    def _same(self, key: str, make: Callable[[], str]) -> str:
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    def person(self, text: str) -> str:
        """A name, word by word; particles stay, an initial gives an initial, a drawn-out end stays drawn out."""
        seen = 0

        def word(match: re.Match[str]) -> str:
            nonlocal seen
            old = match[0]
            low = old.lower()
            if low in KEPT_TOKENS or old.isdigit():
                return old
            if len(old) == 1:
                return cased(self._same("1" + low, lambda: self.rng.choice("ABCDEFGHIJKLMNOPRSTUVWYZ")), old)
            stem = re.sub(r"(.)\1{2,}$", r"\1", low)
            tail = len(low) - len(stem)
            family = seen > 0
            seen += 1
            new = self._same(
                stem, lambda: self.names.family(self.rng, self.western) if family else self.names.given(self.rng, self.western)
            )
            return cased(new + new[-1] * tail, old)

        return re.sub(r"[^\W\d_]+", word, text)

    def __call__(self, text: str, kind: EntityType | None) -> str:
        """The chunk with what it names exchanged."""
        rng = self.rng
        if kind is None or kind not in self.types:
            return text
        key = text.lower()
        if kind is EntityType.PERSON:
            return self.person(text)
        if kind is EntityType.LOCATION:
            return cased(self._same("l" + key, lambda: self.names.place(rng, self.western)), text)
        if kind is EntityType.ONLINE_ID:
            return self._same("o" + key, lambda: self.names.account(rng)) if rng.random() < 0.5 else text
        if kind in (EntityType.VENUE, EntityType.ORGANIZATION, EntityType.ADDRESS):
            return re.sub(r"[^\W\d_]{3,}", lambda m: self._inner(m[0], kind), text)
        if kind is EntityType.PLATE:
            return re.sub(r"[A-Z](?=[A-Z]*$)", lambda _: rng.choice("ABCDEFGHJKLNPQRSTUVWXYZ"), self._digits(text))
        if kind in NUMBERS:
            return self._digits(text)
        if kind is EntityType.AGE and text.isdigit() and len(text) == 2:
            return str(rng.randint(15, 79))
        return text

    def _inner(self, word: str, kind: EntityType) -> str:
        low = word.lower()
        if self.names.is_place(low):
            return cased(self._same("l" + low, lambda: self.names.place(self.rng, self.western)), word)
        if kind is EntityType.ADDRESS and self.names.is_street(low):
            return cased(self._same("s" + low, lambda: self.names.street(self.rng)), word)
        if self.names.is_name(low) and self.rng.random() < 0.7:
            return cased(self._same("n" + low, lambda: self.names.given(self.rng, self.western)), word)
        return word

    def _digits(self, text: str) -> str:
        """Other digits after the first two; now and then in other groups."""
        head = 0

        def digit(match: re.Match[str]) -> str:
            nonlocal head
            head += 1
            return match[0] if head <= 2 else str(self.rng.randrange(10))

        text = re.sub(r"\d", digit, text)
        if self.rng.random() < 0.2 and re.fullmatch(r"0\d{3}[- .]?\d{4}[- .]?\d{3,4}", text):
            plain = re.sub(r"\D", "", text)
            text = (
                self.rng.choice(["{}", "{}-{}-{}", "{} {} {}", "{}.{}.{}", "+62{}"]).format(plain[:4], plain[4:8], plain[8:])
                or plain
            )
            text = plain if len(text) < 10 else text
        return text


def misspell(word: str, rng: random.Random) -> str:
    """One slip: a letter doubled, dropped, exchanged for one that sounds alike, or the word broken in two."""
    at = rng.randrange(1, len(word))
    slip = rng.randrange(6)
    if slip == 0:
        return word + word[-1] * rng.randint(1, 3)
    if slip == 1 and len(word) > 4:
        return word[:at] + word[at + 1 :]
    if slip == 2 and len(word) > 5 and 1 < at < len(word) - 1:
        return word[:at] + " " + word[at:]
    if slip == 3:
        return word[:at] + word[at] + word[at:]
    for old, new in rng.sample(
        [("i", "y"), ("f", "p"), ("v", "p"), ("z", "j"), ("sy", "s"), ("u", "oe"), ("h", ""), ("k", "q"), ("c", "ch")], 9
    ):
        if old in word[1:]:
            return word[0] + word[1:].replace(old, new, 1)
    return word + "h"


def slips(rng: random.Random, rate: float) -> Edit:
    """Slips in the words of names and places."""

    def edit(text: str, kind: EntityType | None) -> str:
        if kind not in (EntityType.PERSON, EntityType.LOCATION):
            return text
        return re.sub(r"[^\W\d_]{4,}", lambda m: misspell(m[0], rng) if rng.random() < rate else m[0], text)

    return edit


def chat(rng: random.Random, rate: float) -> Edit:
    """Chat spellings: short forms, -nya as -ny, drawn-out ends, reduplication as 2."""

    def word(match: re.Match[str]) -> str:
        old = match[0]
        low = old.lower()
        if rng.random() > rate:
            return old
        if low in SHORT:
            return SHORT[low]
        if low.endswith("nya") and len(low) > 5:
            return old[:-1] if rng.random() < 0.7 else old[:-3] + "x"
        if len(low) > 6 and rng.random() < 0.12:
            return old[0] + re.sub(r"[aiueo]", "", old[1:-1], count=1) + old[-1]
        return old

    def edit(text: str, kind: EntityType | None) -> str:
        if kind is not None:
            return text
        text = re.sub(r"\b(\w{3,})-\1\b", r"\g<1>2", text) if rng.random() < rate else text
        return re.sub(r"[^\W\d_]+", word, text)

    return edit


def speech(document: Document, rng: random.Random) -> Document:
    """As a speech recognizer leaves it: lower case, no punctuation, numbers in words; now and then several turns run together."""
    language = document.language
    clean: list[Line] = []
    for line in document.lines:
        chunks: list[Chunk] = []
        for text, kind in line:
            if kind in (EntityType.ONLINE_ID, EntityType.ORGANIZATION, EntityType.EMAIL, EntityType.VENUE):
                text = spoken.say_name(text, rng)
            if kind in NUMBERS:
                text = re.sub(r"(?<=\d)[-. ](?=\d)", "", text)
            dictated = kind is EntityType.PLATE and rng.random() < 0.6
            said = spoken.spell(text) if dictated else spoken.say(text, language, rng)
            said = re.sub(r"\s+", " ", said)
            if chunks and chunks[-1][0].endswith(" ") and kind is None:
                said = said.lstrip()
            if kind is not None:
                lead = " " if said.startswith(" ") and chunks and not chunks[-1][0].endswith(" ") else ""
                tail = " " if said.endswith(" ") else ""
                said = said.strip()
                chunks += [(lead, None)] if lead else []
                chunks += [(said, kind)] if said else []
                chunks += [(tail, None)] if tail and said else []
            elif said:
                chunks.append((said, None))
        if any(text.strip() for text, _ in chunks):
            clean.append(tuple(chunks))
    return replace(document, lines=tuple(clean))


def headless(line: Line) -> Line:
    """The line without its time stamp and role label, as segments come from a reader that has taken them off."""
    if not line or line[0][1] is not None:
        return line
    text = HEAD.sub("", line[0][0])
    return ((text, None), *line[1:]) if text or len(line) > 1 else line


def unpunctuated(text: str, _: EntityType | None) -> str:
    """Without sentence punctuation."""
    return re.sub(r"[.,;:!?\"“”()](?=\s|$)|(?<=\s)[\"“(]", "", text)


def cells(document: Document, rng: random.Random) -> Document:
    """A table as lines `head: cell`, for readers that give one cell at a time."""
    first = "".join(text for text, _ in document.lines[0])
    mark = ";" if first.count(";") > 3 else "," if first.count(",") > 3 else "\t" if first.count("\t") > 3 else ""
    if not mark or any(kind for _, kind in document.lines[0]):
        return document
    heads = [head.strip() for head in first.split(mark)]
    out: list[Line] = []
    for line in document.lines[1:]:
        rows: list[list[Chunk]] = [[]]
        quoted = False
        for text, kind in line:
            if kind is not None:
                rows[-1].append((text, kind))
                continue
            for part in re.split(f'(["{mark}])', text):
                quoted ^= part == '"'
                if part == mark and not quoted:
                    rows.append([])
                elif part != '"' and part:
                    rows[-1].append((part, None))
        style = rng.choice(["{}: ", "{}: ", "{} "])
        if len(rows) == len(heads):
            out += [((style.format(head), None), *row) for head, row in zip(heads, rows, strict=True) if row]
        else:
            out.append(line)
    return replace(document, lines=tuple(out)) if out else document


SWAPPED = frozenset(EntityType)


def vary(document: Document, names: Names, rng: random.Random) -> Document:
    """One variant of a document with full marks; one in six stays as it is."""
    if rng.random() < 1 / 6:
        return document
    if rng.random() < 0.75:
        swap = Swap(names, rng, SWAPPED if rng.random() < 0.8 else frozenset({EntityType.PERSON}), document.language)
        document = replace(document, lines=tuple(each(line, swap) for line in document.lines))
    if rng.random() < 0.6:
        document = cells(document, rng)
    if rng.random() < 0.25:
        document = replace(document, lines=tuple(headless(line) for line in document.lines))
    if rng.random() < 0.5:
        edit = slips(rng, 0.08)
        document = replace(document, lines=tuple(each(line, edit) for line in document.lines))
    style = rng.random()
    if style < 0.18:
        return speech(document, rng)
    if style < 0.4:
        edit = chat(rng, rng.uniform(0.3, 0.9))
        document = replace(document, lines=tuple(each(line, edit) for line in document.lines))
        if rng.random() < 0.5:
            document = replace(document, lines=tuple(each(line, unpunctuated) for line in document.lines))
        style = rng.random() * 0.8
    if style < 0.58:
        document = replace(document, lines=tuple(each(line, lambda t, _: t.lower()) for line in document.lines))
    elif style < 0.6:
        document = replace(document, lines=tuple(each(line, lambda t, _: t.upper()) for line in document.lines))
    return document


def vary_sentence(document: Document, rng: random.Random) -> Document:
    """One variant of an outside sentence: case and punctuation only, its names stand."""
    if rng.random() < 0.35:
        document = replace(document, lines=tuple(each(line, lambda t, _: t.lower()) for line in document.lines))
    if rng.random() < 0.15:
        document = replace(document, lines=tuple(each(line, unpunctuated) for line in document.lines))
    return document
