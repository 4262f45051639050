"""The register by form, and what a document shows at first sight: whose it is and which people are certainly in it."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from samaran.model import DOUBTFUL, Entity, EntityType, Mention, Register, Span, Transcript
from samaran.pseudonymize import names, numbers, roles
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
    """An entity that has a form, and whether the form is only a part of its name."""

    entity: Entity
    part: bool


@dataclass(slots=True)
class Index:
    """A register by folded form. Entities that are bound to a document are kept apart."""

    holders: dict[tuple[EntityType, str], list[Holder]] = field(default_factory=lambda: defaultdict(list))
    bound: dict[tuple[str, EntityType, str], Entity] = field(default_factory=dict)
    persons: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)  # entity id -> tokens of its forms
    long: dict[str, list[tuple[str, tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))
    entities: dict[str, Entity] = field(default_factory=dict)

    @classmethod
    def of(cls, register: Register) -> "Index":
        """Index a register."""
        index = cls()
        for entity in register.entities:
            index.entities[entity.id] = entity
            if entity.type is EntityType.PERSON:
                index.persons[entity.id] = tuple(dict.fromkeys(names.tokens(form.text) for form in entity.forms))
            whole = {fold(form.text, entity.type) for form in entity.forms if not form.part}
            for folded in dict.fromkeys(fold(form.text, entity.type) for form in entity.forms):
                if entity.source is None:
                    index.holders[entity.type, folded].append(Holder(entity, folded not in whole))
                else:
                    index.bound[entity.source, entity.type, folded] = entity
            if entity.source is None:
                for tokens in index.persons.get(entity.id, ()):
                    if len(tokens) > 1:
                        for token in set(tokens):
                            index.long[token].append((entity.id, tokens))
        return index

    def similar(self, tokens: tuple[str, ...]) -> set[str]:
        """Entities of which a long form is this long name with parts left out or cut to initials, or the other way round."""
        if len(tokens) < 2:
            return set()
        near = {pair for token in tokens if len(token) > 1 for pair in self.long.get(token, ())}
        return {entity for entity, other in near if names.shorter(tokens, other) or names.shorter(other, tokens)}


def informant(entity: Entity) -> bool:
    """Whether the entity is an informant, not somebody of an informant's circle."""
    return entity.informant is not None and entity.pseudonym == entity.informant


@dataclass(frozen=True, slots=True)
class Scene:
    """What a document shows at first sight. `own`: the informants whose document it is; `circles`: the informants who are in it,
    or several of whose people are; `present`: entities that are in it by a form that only they have."""

    own: frozenset[str]
    circles: frozenset[str]
    present: frozenset[str]


def scene(index: Index, document: Document, found: tuple[Item, ...]) -> Scene:
    """Read the scene. Only forms that one entity of the study has are counted."""
    own = frozenset(document.informants) or _codes(index, document.transcript.text[:600])
    present: set[str] = set()
    circles = set(own)
    kin: dict[str, set[str]] = defaultdict(set)
    for item in found:
        if not item.sure:
            continue
        holders = index.holders.get((item.kind, item.fold), [])
        sole = holders[0].entity if len(holders) == 1 and not holders[0].part else None
        if item.kind is EntityType.PERSON and sole is None and len(similar := index.similar(item.tokens)) == 1:
            sole = index.entities[next(iter(similar))]
        if sole is None or not sole.settled:
            continue
        if item.kind is not EntityType.PERSON:
            circles |= {sole.informant} if sole.informant else set()
        elif informant(sole) or sole.informant is None:
            present.add(sole.id)
            circles |= {sole.informant} if sole.informant else set()
        else:
            present.add(sole.id)
            kin[sole.informant].add(sole.id)
    circles |= {code for code, people in kin.items() if len(people) > 1}
    return Scene(own, frozenset(circles), frozenset(present))


def _codes(index: Index, head: str) -> frozenset[str]:
    """The codes of informants that the head of a document names: INF-04, inf4, Informan 4, informan empat."""
    bare = numbers.bare(head)
    said = {m[1] + str(int(m[2])) for m in re.finditer(r"(?<![a-z])([a-z]{1,8})[\s_.-]{0,2}(\d{1,4})(?!\d)", bare)}
    for match in re.finditer(r"\binforma[nt]t?\s+(?:ke[- ]?)?(\w+)", bare):
        if (number := numbers.value([match[1]])) is not None:
            said.add(f"inf{number}")
    found = set()
    for entity in index.entities.values():
        if entity.informant and informant(entity):
            parts = re.fullmatch(r"([a-z]+)[_-]?(\d+)", entity.informant.casefold())
            if parts and f"{parts[1]}{int(parts[2])}" in said:
                found.add(entity.informant)
    return frozenset(found)


def in_reach(holder: Holder, scene: Scene) -> bool:
    """Whether the form can mean this entity here. Somebody's child or friend is meant only where that somebody is at hand;
    a part of a name only where the person is there by another form."""
    entity = holder.entity
    theirs = entity.informant is not None and not informant(entity)
    if theirs and (entity.settled or entity.role in roles.BOUND) and entity.informant not in scene.circles:
        return False
    return not (holder.part and entity.settled and entity.id not in scene.present and entity.informant not in scene.circles)


def choose(holders: list[Holder], scene: Scene) -> Entity | None:
    """The one entity that is meant, None where it isn't certain. With several: the document's own informant or one of their
    people, when nobody else of that circle has the form; else the one who is there by another form, and none of the others."""
    reach = [h.entity for h in holders if in_reach(h, scene)]
    settled = [entity for entity in reach if entity.settled]
    reach = settled or reach
    if len(reach) < 2:
        return reach[0] if reach else None
    own = [e for e in reach if e.informant in scene.own]
    if len(own) == 1 and len(scene.own) == 1:
        others = [e for e in reach if e is not own[0]]
        if informant(own[0]) or not any(e.id in scene.present for e in others):
            return own[0]
        return None
    if own:
        return None
    there = [e for e in reach if e.id in scene.present or (not informant(e) and e.informant in scene.circles)]
    return there[0] if len(there) == 1 and there[0].id in scene.present else None
