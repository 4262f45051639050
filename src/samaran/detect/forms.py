"""Forms of entities, indexed by their first word, so that looking for thousands of them costs one look-up a word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from samaran.detect.words import Word, clitics, everyday, fold, names, words
from samaran.model import Entity, EntityType

_GLUE = frozenset((" ", "-", ".", ". ", "'", "’", "_", "  ", "\u00a0"))
_SPELLED = frozenset((EntityType.PERSON,))
_GLUED = frozenset(("teteh", "teh", "kang", "mbak", "mas", "si", "ceu", "kak"))
_TWICE = re.compile(r"([^\W\d_]{3,})2([^\W\d_]{0,3})")  # said twice: Rani2, rani2na
_DRAWN = re.compile(r"(.)\1+")
FUZZY_FROM = 5
"""Shortest form in which a slip of one letter is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A form, its folded words, and the entities that have it."""

    text: str
    parts: tuple[str, ...]
    type: EntityType
    word: bool
    entities: tuple[str, ...]

    @property
    def entity(self) -> str | None:
        """The entity meant, where exactly one has the form."""
        return self.entities[0] if len(self.entities) == 1 else None


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a form was found, and how: `exact`, `case`, `clitic`, `prefix`, `stretched`, `slip` or `clipped`."""

    entry: Entry
    start: int
    end: int
    how: str
    at: int  # index of its first word


@dataclass
class Forms:
    """All forms of some entities."""

    by_first: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    slips: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    clipped: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    wordless: tuple[Entry, ...] = ()

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> "Forms":
        """Index the forms of the entities; forms that several entities share are kept once."""
        merged: dict[tuple[str, EntityType], list[tuple[str, bool]]] = {}
        for entity in entities:
            for form in entity.forms:
                merged.setdefault((form.text, entity.type), []).append((entity.id, form.word))
        first: dict[str, list[Entry]] = {}
        slips: dict[str, list[Entry]] = {}
        clips: dict[str, list[Entry]] = {}
        wordless = []
        shared: dict[str, set[str]] = {}
        for (text, _), owners in merged.items():
            shared.setdefault(fold(text), set()).update(owner for owner, _ in owners)
        for (text, kind), owners in merged.items():
            parts = tuple(word.fold for word in words.__wrapped__(text))
            owned = tuple(sorted(shared[fold(text)]))
            entry = Entry(text, parts, kind, any(word for _, word in owners), owned)
            if not parts:
                wordless.append(entry)
                continue
            first.setdefault(parts[0], []).append(entry)
            if kind in _SPELLED and len(parts) > 1:
                initial = Entry(text, (parts[0][:1], *parts[1:]), kind, False, owned)
                first.setdefault(initial.parts[0], []).append(initial)
            if kind in _SPELLED and parts[0].isalpha():
                for short in _clips(parts[0]):
                    clips.setdefault(short, []).append(entry)
            if kind in _SPELLED and not entry.word and len(parts[0]) >= FUZZY_FROM and parts[0].isalpha():
                for key in _deletions(parts[0]):
                    slips.setdefault(key, []).append(entry)
        return cls(
            {key: tuple(sorted(entries, key=lambda e: (-len(e.text), e.text, e.type))) for key, entries in first.items()},
            {key: tuple(entries) for key, entries in slips.items()},
            {key: tuple(entries) for key, entries in clips.items() if key not in first},
            tuple(wordless),
        )

    def hits(self, text: str, row: Sequence[Word]) -> Iterator[Hit]:
        """Every occurrence in every spelling, the longest form at each word."""
        for at, word in enumerate(row):
            yield from self._at(text, row, at, word)

    def _at(self, text: str, row: Sequence[Word], at: int, word: Word) -> Iterator[Hit]:
        entries = self.by_first.get(word.fold)
        if entries:
            seen: set[EntityType] = set()
            for entry in entries:
                end = self._end(text, row, at, entry)
                if end and entry.type not in seen:
                    seen.add(entry.type)
                    yield Hit(entry, *end, "exact" if text[end[0] : end[1]] == entry.text else "case", at)
            if seen:
                return
        if twice := _TWICE.fullmatch(word.fold):
            for entry in self.by_first.get(twice[1], ()):
                if len(entry.parts) == 1 and entry.type in _SPELLED and not entry.word:
                    yield Hit(entry, word.start, word.start + len(twice[1]) + 1, "stretched", at)
                    return
        if not word.fold.isalpha() or len(word.fold) < 3:
            return
        for stem, how in self._stems(word.fold):
            for entry in self.by_first[stem]:
                if len(entry.parts) == 1 and entry.type in _SPELLED and not entry.word:
                    start = word.end - len(stem) if how == "prefix" else word.start
                    yield Hit(entry, start, word.start + len(stem) if how == "clitic" else word.end, how, at)
                    return
        for entry in self.clipped.get(word.fold, ())[:1]:
            owners = tuple(sorted({owner for other in self.clipped[word.fold] for owner in other.entities}))
            yield Hit(Entry(word.text, (word.fold,), entry.type, True, owners), word.start, word.end, "clipped", at)
            return
        if len(word.fold) >= FUZZY_FROM - 1 and self.slips and word.fold not in everyday():
            yield from self._slip(text, row, at, word)

    def _stems(self, word: str) -> Iterator[tuple[str, str]]:
        """Indexed first words that are this word without a glued ending or honorific, or without letters drawn out."""
        known = self.by_first
        if word not in everyday() and word not in names():
            for length in range(1, min(6, len(word) - 2)):
                if word[:-length] in known and word[-length:] in clitics():
                    yield word[:-length], "clitic"
            for length in range(2, min(6, len(word) - 2)):
                if word[length:] in known and word[:length] in _GLUED:
                    yield word[length:], "prefix"
        for stem in dict.fromkeys((_DRAWN.sub(r"\1", word), word.rstrip(word[-1]) + word[-1])):
            if stem != word and stem in known:
                yield stem, "stretched"

    def _end(self, text: str, row: Sequence[Word], at: int, entry: Entry) -> tuple[int, int] | None:
        """The span of a form that begins at this word: other words, and what the form has around and between them."""
        first = row[at]
        lead = len(entry.text) - len(entry.text.lstrip("@~ "))
        if entry.type not in _SPELLED and len(entry.text) != sum(map(len, entry.parts)) + lead:
            shift = fold(entry.text).find(entry.parts[0])
            start = first.start - shift + lead
            stop = first.start - shift + len(entry.text)
            if start >= 0 and fold(text[start:stop]) == fold(entry.text[lead:]):
                return start, stop
        if len(entry.parts) > len(row) - at:
            return None
        for step in range(1, len(entry.parts)):
            here = row[at + step]
            initial = step == len(entry.parts) - 1 and here.text == entry.parts[step][:1].upper()
            if not (here.fold == entry.parts[step] or initial) or text[row[at + step - 1].end : here.start] not in _GLUE:
                return None
        return first.start, row[at + len(entry.parts) - 1].end

    def _slip(self, text: str, row: Sequence[Word], at: int, word: Word) -> Iterator[Hit]:
        for key in _deletions(word.fold):
            for entry in self.slips.get(key, ()):
                if OSA.distance(entry.parts[0], word.fold, score_cutoff=1) > 1 or entry.parts[0][0] != word.fold[0]:
                    continue
                if len(entry.parts) == 1:
                    yield Hit(entry, word.start, word.end, "slip", at)
                    return
                rest = row[at + 1 : at + len(entry.parts)]
                if tuple(w.fold for w in rest) == entry.parts[1:] and all(
                    text[a.end : b.start] in _GLUE for a, b in zip(row[at:], rest, strict=False)
                ):
                    yield Hit(entry, word.start, rest[-1].end, "slip", at)
                    return


def _clips(word: str) -> Iterator[str]:
    """How a name is shortened in speech: its first three or last three to four letters (Ran, Dik, Ndah)."""
    if len(word) > 3:
        yield word[:3]
        yield word[-3:]
    if len(word) > 4:
        yield word[-4:]


def _deletions(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
