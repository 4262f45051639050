"""The register by form, and what a document shows at first sight: whose it is and which people are certainly in it."""

from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from samaran.model import DOUBTFUL, Entity, EntityType, Mention, Register, Span, Transcript
from samaran.pseudonymize import names, places
from samaran.pseudonymize.fold import fold

PLACES = (EntityType.LOCATION, EntityType.VENUE, EntityType.ORGANIZATION)


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A source as the linker sees it: whose it is, its text, and its resolved mentions."""

    source_id: str
    informants: tuple[str, ...]
    transcript: Transcript
    mentions: tuple[Mention, ...]

    def __repr__(self) -> str:
        return f"Document({self.source_id}, {len(self.mentions)} mentions)"


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """One thing to link: a mention, or a property of the source (`span` None). Kind is the mention's type."""

    surface: str
    kind: EntityType
    fold: str
    sure: bool
    span: Span | None = None
    tokens: tuple[str, ...] = ()


def items(document: Document) -> tuple[Item, ...]:
    """The mentions in order, then the properties that identify."""
    text = document.transcript.text
    found = [_item(m.span.of(text), m.type, m.score >= DOUBTFUL, m.span) for m in document.mentions]
    found += [_item(p.value, p.type, True, None) for p in document.transcript.properties if p.type and p.value.strip()]
    return tuple(found)


def _item(surface: str, kind: EntityType, sure: bool, span: Span | None) -> Item:
    tokens = names.tokens(surface) if kind is EntityType.PERSON else ()
    return Item(surface, kind, fold(surface, kind), sure, span, tokens)


@dataclass(frozen=True, slots=True)
class Holder:
    """An entity that has a form, whether the form is only a part of its name, and whether it is a word, too."""

    entity: Entity
    part: bool
    word: bool


@dataclass(slots=True)
class Index:
    """A register by folded form. Entities that are bound to a document are found by their id only."""

    holders: dict[tuple[EntityType, str], list[Holder]] = field(default_factory=dict)
    persons: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # entity id -> tokens of its forms
    parts: dict[str, frozenset[str]] = field(default_factory=dict)  # entity id -> forms that are only parts of the name
    long: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    cores: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # name of a building -> kind, entity id
    folds: dict[tuple[str, int], set[str]] = field(default_factory=dict)  # of persons: first letter and length -> folded forms
    sources: set[str] = field(default_factory=set)  # documents with entities of their own
    read: dict[int, tuple[Document, bytes, Any]] = field(default_factory=dict)  # readings that were made with it, by document

    @staticmethod
    def of(register: Register) -> "Index":
        """Index a register. The same register is indexed once."""
        for known, index in _RECENT:
            if known is register:
                return index
        index = Index._of(register)
        _RECENT.append((register, index))
        return index

    @staticmethod
    @lru_cache(maxsize=2)
    def _of(register: Register) -> "Index":
        index = Index()
        for entity in register.entities:
            index.entities[entity.id] = entity
            if entity.type is EntityType.PERSON:
                index.persons[entity.id] = tuple(dict.fromkeys(names.tokens(form.text) for form in entity.forms))
                index.parts[entity.id] = frozenset(names.squeeze(form.text) for form in entity.forms if form.part)
            if entity.source is not None:
                index.sources.add(entity.source)
                continue
            whole = {fold(form.text, entity.type) for form in entity.forms if not form.part}
            if entity.pseudonym == entity.informant:  # an informant goes by the first name
                whole.add("".join(names.tokens(entity.forms[0].text)[:1]))
            if entity.type is EntityType.VENUE:
                for kind, core in dict.fromkeys(places.core(form.text) for form in entity.forms):
                    index.cores.setdefault(core, []).append((kind, entity.id))
            word = {fold(form.text, entity.type) for form in entity.forms if form.word}
            for folded in dict.fromkeys(fold(form.text, entity.type) for form in entity.forms):
                index.holders.setdefault((entity.type, folded), []).append(Holder(entity, folded not in whole, folded in word))
                if entity.type is EntityType.PERSON and entity.settled:
                    index.folds.setdefault((folded[:1], len(folded)), set()).add(folded)
            for tokens in index.persons.get(entity.id, ()):
                if len(tokens) > 1:
                    for token in set(tokens):
                        index.long.setdefault(token, []).append((entity.id, tokens))
        return index

    def spelled(self, form: str) -> set[str]:
        """Forms of settled people that begin with the same letter and are about as long."""
        return set().union(*(self.folds.get((form[:1], len(form) + n), ()) for n in (-1, 0, 1)))

    def building(self, surface: str) -> set[str]:
        """Buildings of this name, where not both name a kind and differ in it."""
        kind, core = places.core(surface)
        return {entity for other, entity in self.cores.get(core, ()) if core and (not kind or not other or kind == other)}

    def similar(self, tokens: tuple[str, ...]) -> set[str]:
        """Entities of which a long form is this long name with parts left out or cut to initials, or the other way round."""
        if len(tokens) < 2:
            return set()
        near = {pair for token in tokens if len(token) > 1 for pair in self.long.get(token, ())}
        return {entity for entity, other in near if names.shorter(tokens, other) or names.shorter(other, tokens)}


_RECENT: deque[tuple[Register, Index]] = deque(maxlen=2)
"""Registers by identity: comparing two large ones costs more than most that is asked of an index."""
