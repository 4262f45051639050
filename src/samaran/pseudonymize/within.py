"""Names that a document explains by other names in it."""

from dataclasses import replace

from samaran.model import EntityType
from samaran.pseudonymize import names
from samaran.pseudonymize.cast import Cast
from samaran.pseudonymize.evidence import same_person
from samaran.pseudonymize.index import Document, Index
from samaran.pseudonymize.reading import Meant, Reading, Target
from samaran.pseudonymize.resolve import first_reading
from samaran.pseudonymize.scene import Scene, in_reach

_KEPT = 1024
"""Readings kept with an index: linking asks for the same ones again when it assigns."""

_LONG = 500_000
"""Characters of a document whose reading is not kept: it may be a part of one that memory does not hold."""


def read(index: Index, document: Document, key: bytes) -> Reading:
    """Read a document with a register: by exact forms, then by what only the document explains: that two names are one person,
    a part of a longer name in it, initials, a clipped form, a slip. Same register and document, same reading."""
    if len(document.transcript.text) > _LONG:
        return _read(index, document, key)
    kept = index.read.get(id(document))
    if kept is None or kept[0] is not document or kept[1] != key:
        while len(index.read) >= _KEPT:
            index.read.pop(next(iter(index.read)))
        kept = index.read[id(document)] = document, key, _read(index, document, key)
    reading: Reading = kept[2]
    return replace(
        reading, targets=list(reading.targets), same=list(reading.same), joins=list(reading.joins), lent=dict(reading.lent)
    )


def _read(index: Index, document: Document, key: bytes) -> Reading:
    reading = first_reading(index, document, key)
    cast = Cast(index, reading)
    groups = cast.groups
    for left, right in same_person(document.transcript, reading.items):
        pair = reading.targets[left], reading.targets[right]
        if all(target in cast.names for target in pair) and groups.join(*pair):
            reading.same.append(pair)
    for target in sorted(cast.names, key=lambda t: (-max(len(form) for form in cast.names[t]), t.key)):
        longer = cast.longer(target)
        if len(longer) == 1 and groups.join(target, longer[0]):
            reading.joins.append((target, longer[0]) if target.meant is Meant.NEW else (longer[0], target))
    for target, forms in cast.names.items():
        single = next((form[0] for form in forms if len(form) == 1), "")
        if (
            target.meant is Meant.NEW
            and groups.alone(target)
            and single
            and (other := _whose(index, reading.scene, cast, target, single))
        ):
            reading.lent[target] = other
    return reading


def _whose(index: Index, scene: Scene, cast: Cast, target: Target, short: str) -> Target | None:
    """The one person whose name a short name stands for: in the document by initials, clipped, shortened or misspelled, the first
    of these that fits anybody; else the one settled person of the study who is misspelled so."""
    if target in cast.capitals and len(whose := cast.with_initials(target, short)) == 1:
        return whose[0]
    for fits in (
        cast.clipped(target, short, called=True),
        cast.clipped(target, short, called=False),
        cast.shortened(target, short),
        cast.misspelled(target, short),
    ):
        if fits:
            return fits[0] if len(fits) == 1 else None
    far = {
        holder.entity.id
        for known in index.spelled(short)
        if names.slip(short, known)
        for holder in index.holders[EntityType.PERSON, known]
        if holder.entity.settled and in_reach(holder, scene)
    }
    return Target(Meant.KNOWN, EntityType.PERSON, far.pop()) if len(far) == 1 else None
