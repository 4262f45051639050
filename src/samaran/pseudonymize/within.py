"""Names that a document explains by other names in it, and the groups that names form."""

from collections.abc import Iterable

from samaran.model import EntityType
from samaran.pseudonymize import names
from samaran.pseudonymize.evidence import same_person
from samaran.pseudonymize.index import Document, Index
from samaran.pseudonymize.resolve import Meant, Reading, Target, first_reading
from samaran.pseudonymize.scene import Scene, in_reach


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


Forms = dict[Target, set[tuple[str, ...]]]


def read(index: Index, document: Document, key: bytes) -> Reading:
    """Read a document with a register: by exact forms, then by what only the document explains: that two names are one person,
    a part of a longer name in it, a clipped form, a slip. Same register and document, same reading."""
    reading = first_reading(index, document, key)
    people = _people(index, reading)
    groups = Groups()
    for left, right in same_person(document.transcript, reading.items):
        pair = reading.targets[left], reading.targets[right]
        if all(target in people for target in pair) and groups.join(*pair):
            reading.same.append(pair)
    for target in sorted(people, key=lambda t: (-max(len(f) for f in people[t]), t.key)):
        longer = _longer(groups, people, target)
        if len(longer) == 1 and groups.join(target, longer[0]):
            reading.joins.append((target, longer[0]) if target.meant is Meant.NEW else (longer[0], target))
    capitals = {t for t, item in zip(reading.targets, reading.items, strict=True) if item.surface.strip(" .").isupper()}
    for target in [t for t in people if t.meant is Meant.NEW]:
        if groups.root(target) != target or any(groups.root(t) == target for t in people if t != target):
            continue
        single = [f[0] for f in people[target] if len(f) == 1]
        initials = single[:1] if target in capitals else []
        whose = _roots(groups, target, (t for t in people for i in initials if any(names.initials(i, f) for f in people[t])))
        if len(whose) == 1:
            reading.lent[target] = whose[0]
            continue
        other = _called(index, reading.scene, groups, people, target, single[0]) if len(single) == 1 else None
        if other is not None:
            reading.lent[target] = other
    return reading


def _people(index: Index, reading: Reading) -> Forms:
    """The people who are certainly in the document and the new ones, with the parts of all their names."""
    people: Forms = {}
    for item, target in zip(reading.items, reading.targets, strict=True):
        local = target.meant is Meant.HERE or (target.meant is Meant.KNOWN and index.entities[target.key].source is not None)
        if target.kind is EntityType.PERSON and item.sure and not local:
            forms = people.setdefault(target, set(index.persons.get(target.key, ())) if target.meant is Meant.KNOWN else set())
            forms.add(item.tokens)
    return people


def _roots(groups: Groups, target: Target, others: Iterable[Target]) -> list[Target]:
    own = groups.root(target)
    return list(dict.fromkeys(root for other in others if (root := groups.root(other)) != own))


def _longer(groups: Groups, people: Forms, target: Target) -> list[Target]:
    """The people of whose name this name is a shorter form. One of the two is new."""
    mine = max(people[target], key=lambda f: (len(f), f))
    fits = (
        t for t in people if Meant.NEW in (t.meant, target.meant) and any(names.shorter(mine, theirs) for theirs in people[t])
    )
    return _roots(groups, target, fits)


def _called(index: Index, seen: Scene, groups: Groups, people: Forms, target: Target, short: str) -> Target | None:
    """The one person of the document whose name is called out so, or else the one in the study who is misspelled so."""
    for whole in (True, False):
        clips = _roots(groups, target, (t for t in people if t != target and _clipped(index, people[t], t, short, whole=whole)))
        if clips:
            return clips[0] if len(clips) == 1 else None
    earlier = list(people)[: list(people).index(target)]
    begun = _roots(groups, target, (t for t in earlier if any(names.shortened(short, f[0]) for f in people[t] if f)))
    if begun:
        return begun[0] if len(begun) == 1 else None
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


def _clipped(index: Index, forms: set[tuple[str, ...]], target: Target, short: str, *, whole: bool) -> bool:
    """Whether the short form is clipped from a name by which the person is called (`whole`), or from the first of several."""
    parts = index.parts.get(target.key, frozenset())
    called = {f[0] for f in forms if len(f) == 1} - parts
    return any(names.clipped(short, name) for name in (called if whole else {f[0] for f in forms if f}))
