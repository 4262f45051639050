"""Which entity each mention of one document means, as far as the register and the document say it. Never a guess."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from samaran.model import Entity, EntityType
from samaran.pseudonymize import names
from samaran.pseudonymize.index import PLACES, Document, Index, Item, Scene, choose, in_reach, items, scene


class Meant(StrEnum):
    """How a target is known."""

    KNOWN = "known"  # an entity of the register, by its id
    HERE = "here"  # somebody of this document only: the form is ambiguous in the study
    NEW = "new"  # nobody's yet


@dataclass(frozen=True, slots=True)
class Target:
    """What a mention means: an entity's id, or a folded form that is new or holds in this document only."""

    meant: Meant
    kind: EntityType
    key: str


@dataclass(slots=True)
class Reading:
    """A document read: one target per item, and which new short names stand for which longer ones in it (`joins`), which clipped
    or misspelled forms were taken for whom (`lent`)."""

    document: Document
    items: tuple[Item, ...]
    targets: list[Target] = field(default_factory=list)
    joins: list[tuple[Target, Target]] = field(default_factory=list)
    lent: set[Target] = field(default_factory=set)


def read(index: Index, document: Document) -> Reading:
    """Read a document with a register. Same register and document, same reading."""
    found = items(document)
    seen = scene(index, document, found)
    reading = Reading(document, found)
    cache: dict[tuple[EntityType, str], Target] = {}
    for item in found:
        key = (item.kind, item.fold)
        if key not in cache:
            cache[key] = _first(index, document, seen, item)
        reading.targets.append(cache[key])
    _within(index, seen, reading)
    return reading


def _first(index: Index, document: Document, seen: Scene, item: Item) -> Target:
    """By the exact form; a form that somebody has but that isn't certain here is somebody of this document."""
    for kind in _kinds(item):
        here = index.bound.get((document.source_id, kind, item.fold))
        if here is not None:
            return Target(Meant.KNOWN, kind, here.id)
        holders = index.holders.get((kind, item.fold), [])
        if holders:
            entity = holders[0].entity if kind is not EntityType.PERSON else choose(holders, seen)
            return Target(Meant.KNOWN, kind, entity.id) if entity else Target(Meant.HERE, kind, item.fold)
    if item.kind is EntityType.PERSON and len(similar := index.similar(item.tokens)) == 1:
        return Target(Meant.KNOWN, item.kind, similar.pop())
    if item.kind is EntityType.PHONE and (entity := _masked(index, item.fold)):
        return Target(Meant.KNOWN, item.kind, entity.id)
    return Target(Meant.NEW, item.kind, item.fold)


def _kinds(item: Item) -> tuple[EntityType, ...]:
    """The types under which a surface is looked up: its own; places also as other places; an account that is written like a
    name also as a person, a person that is written like an account also as an account."""
    if item.kind in PLACES:
        return (item.kind, *(kind for kind in PLACES if kind is not item.kind))
    plain = all(c.isalpha() or c in " .'-" for c in item.surface)
    if item.kind is EntityType.ONLINE_ID and plain:
        return (item.kind, EntityType.PERSON)
    if item.kind is EntityType.PERSON and not plain:
        return (item.kind, EntityType.ONLINE_ID)
    return (item.kind,)


def _masked(index: Index, digits: str) -> Entity | None:
    """A telephone number with hidden digits, or its first eight or more, when one known number fits."""
    if "?" not in digits and len(digits) < 9:
        return None
    fits: dict[str, Entity] = {}
    for (kind, known), holders in index.holders.items():
        if kind is EntityType.PHONE and known != digits and "?" not in known and len(known) >= len(digits):
            same = all(d in ("?", k) for d, k in zip(digits, known, strict=False))
            if same and ("?" not in digits or (len(known) == len(digits) and len(digits) - digits.count("?") > 6)):
                fits[holders[0].entity.id] = holders[0].entity
    return next(iter(fits.values())) if len(fits) == 1 else None


class Groups:
    """Targets that are one: the smallest union-find. A group never holds two entities of the register."""

    def __init__(self) -> None:
        self._parent: dict[Target, Target] = {}

    def root(self, target: Target) -> Target:
        """The representative of a target's group; an entity of the register where there is one."""
        while (parent := self._parent.get(target, target)) != target:
            target = parent
        return target

    def join(self, one: Target, other: Target) -> bool:
        """Make two groups one. False, and nothing done, where they hold two entities."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return True
        if a.meant is not Meant.NEW and b.meant is not Meant.NEW:
            return False
        if a.meant is Meant.NEW:
            self._parent[a] = b
        else:
            self._parent[b] = a
        return True


def _within(index: Index, seen: Scene, reading: Reading) -> None:
    """Names that only the document explains: a part of a longer name in it, a clipped form, a slip."""
    people: dict[Target, set[tuple[str, ...]]] = {}
    for item, target in zip(reading.items, reading.targets, strict=True):
        if target.kind is EntityType.PERSON and item.sure:
            forms = people.setdefault(target, set(index.persons.get(target.key, ())) if target.meant is Meant.KNOWN else set())
            forms.add(item.tokens)
    groups = Groups()
    new = [t for t in people if t.meant is Meant.NEW]
    for target in sorted(new, key=lambda t: (-max(len(f) for f in people[t]), t.key)):
        partners = _roots(groups, target, (t for t in people if _aligned(people[target], people[t])))
        if len(partners) == 1:
            reading.joins.append((target, partners[0]))
            groups.join(target, partners[0])
    lent: dict[Target, Target] = {}
    for target in new:
        if groups.root(target) != target or any(groups.root(t) == target for t in people if t != target):
            continue
        single = [f[0] for f in people[target] if len(f) == 1]
        if len(single) == 1 and (other := _called(index, seen, groups, people, target, single[0])):
            lent[target] = other
    reading.lent |= set(lent)
    reading.targets = [lent.get(target, target) for target in reading.targets]


def _roots(groups: Groups, target: Target, others: Iterable[Target]) -> list[Target]:
    own = groups.root(target)
    return list(dict.fromkeys(root for other in others if (root := groups.root(other)) != own))


def _aligned(mine: set[tuple[str, ...]], theirs: set[tuple[str, ...]]) -> bool:
    """Whether one name is a shorter form of the other, and no long form of theirs speaks against it."""
    longest = max(mine, key=len)
    if len(longest) > 1 and any(
        len(t) > 1 and not (t == longest or names.shorter(t, longest) or names.shorter(longest, t)) for t in theirs
    ):
        return False
    return any(names.shorter(m, t) or names.shorter(t, m) for m in mine for t in theirs)


def _called(
    index: Index, seen: Scene, groups: Groups, people: dict[Target, set[tuple[str, ...]]], target: Target, short: str
) -> Target | None:
    """The one person of the document whose name is called out so, or else the one in the study who is misspelled so."""
    clips = _roots(
        groups,
        target,
        (t for t, forms in people.items() if t != target and any(names.clipped(short, p) for f in forms for p in f)),
    )
    if clips:
        return clips[0] if len(clips) == 1 else None
    slips = _roots(
        groups, target, (t for t, forms in people.items() if t != target and any(names.slip(short, "".join(f)) for f in forms))
    )
    if slips:
        return slips[0] if len(slips) == 1 else None
    if len(short) < 5:
        return None
    far = {
        h.entity.id
        for (kind, known), holders in index.holders.items()
        if kind is EntityType.PERSON and names.slip(short, known)
        for h in holders
        if h.entity.settled and in_reach(h, seen)
    }
    return Target(Meant.KNOWN, EntityType.PERSON, far.pop()) if len(far) == 1 else None
