"""Which entity each mention of one document means, as far as the register and the document say it. Never a guess."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from samaran.model import Entity, EntityType
from samaran.pseudonymize import names, roles
from samaran.pseudonymize.evidence import assumed, denied, namesake
from samaran.pseudonymize.fold import fold
from samaran.pseudonymize.identity import entity_id
from samaran.pseudonymize.index import PLACES, Document, Holder, Index, Item, items
from samaran.pseudonymize.reading import Meant, Reading, Target
from samaran.pseudonymize.scene import Scene, choose, codes_in, look, opening

_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class _Reader:
    """What stays the same while one document is read."""

    index: Index
    document: Document
    key: bytes

    def local(self, kind: EntityType, form: str) -> Target:
        """Somebody of this document only."""
        if self.document.source_id not in self.index.sources:
            return Target(Meant.HERE, kind, form)
        entity = local_id(self.key, kind, form, self.document.source_id)
        return Target(Meant.KNOWN, kind, entity) if entity in self.index.entities else Target(Meant.HERE, kind, form)


@lru_cache(maxsize=1 << 14)
def local_id(key: bytes, kind: EntityType, form: str, source: str) -> str:
    """The id of an entity that holds in one document only."""
    return entity_id(key, kind, form, "in", source)


def first_reading(index: Index, document: Document, key: bytes) -> Reading:
    """Each item by its exact form. Who is certainly there decides who else can be meant, so it is read until nothing changes."""
    reader = _Reader(index, document, key)
    found = items(document)
    rows, twins = _rows(index, document, found), _twins(index, document, found)
    apart = {item.fold for item, twin in zip(found, twins, strict=True) if twin}
    scene, targets = opening(index, document), [Target(Meant.NEW, item.kind, item.fold) for item in found]
    for moved in range(_ROUNDS):
        before = targets
        targets = [
            (target if moved and not _moves(target, item) else _target(reader, scene.of_row(row), item, twin, apart))
            for target, item, row, twin in zip(before, found, rows, twins, strict=True)
        ]
        if targets == before:
            break
        known = ((t.key, i.fold) for t, i in zip(targets, found, strict=True) if t.meant is Meant.KNOWN and i.sure)
        scene = look(index, scene, known)
    return Reading(document, found, scene, targets)


def _moves(target: Target, item: Item) -> bool:
    """Whether the scene can change what the item means: only whom a known name of a person means."""
    return target.meant is not Meant.NEW and (item.kind is EntityType.PERSON or target.kind is EntityType.PERSON)


def _target(reader: _Reader, scene: Scene, item: Item, twin: str, apart: set[str]) -> Target:
    if twin:
        return reader.local(item.kind, item.fold + twin)
    known = item.span is not None and denied(reader.document.transcript.text, item.span)
    return _first(reader, scene, item, item.fold in apart and not known)


def _twins(index: Index, document: Document, found: tuple[Item, ...]) -> list[str]:
    """For each item, a mark where the text tells a namesake apart: it says that another one is meant, or a name that several
    people have goes with `Kang` here and with `Mbak` there."""
    text = document.transcript.text
    titles = [names.title(text, i.span.start) if i.span and i.kind is EntityType.PERSON else "" for i in found]
    heard: dict[str, set[str]] = defaultdict(set)
    for item, title in zip(found, titles, strict=True):
        if title and len(index.holders.get((item.kind, item.fold), ())) > 1:
            heard[item.fold].add(title)
    return [
        "'other"
        if item.kind is EntityType.PERSON and item.span and namesake(text, item.span)
        else f"'{title}"
        if title and len(heard[item.fold]) > 1
        else ""
        for item, title in zip(found, titles, strict=True)
    ]


def _rows(index: Index, document: Document, found: tuple[Item, ...]) -> list[frozenset[str]]:
    """For each item, the informants whom its table row is about; nobody outside tables."""
    cells = [line for line in document.transcript.lines if line.column is not None]
    text = document.transcript.text
    row_of: dict[int, str] = {}
    written: dict[str, list[str]] = defaultdict(list)
    at = 0
    for n, item in enumerate(found):
        while item.span and at < len(cells) and cells[at].body.end <= item.span.start:
            at += 1
        if item.span and at < len(cells) and cells[at].body.contains(item.span):
            row_of[n] = "".join(c for c in cells[at].ref if c.isdecimal())
    for cell in cells:
        written["".join(c for c in cell.ref if c.isdecimal())].append(cell.body.of(text))
    codes = {row: codes_in(index, "\n".join(texts)) for row, texts in written.items()} if row_of else {}
    return [codes.get(row_of.get(n, ""), frozenset()) for n in range(len(found))]


def _first(reader: _Reader, scene: Scene, item: Item, apart: bool) -> Target:
    """By the exact form; a form that somebody has but that isn't certain here is somebody of this document. `apart`: the document
    tells a namesake apart, then only the document's own informant is certain."""
    index = reader.index
    for kind in _kinds(item):
        here = reader.local(kind, item.fold)
        settled = here.meant is Meant.KNOWN and index.entities[here.key].settled
        holders = index.holders.get((kind, item.fold), [])
        meant = _meant(reader, scene, item, holders) if holders and not settled else None
        if meant and not (apart and len(holders) > 1 and meant.informant not in scene.own):
            return Target(Meant.KNOWN, kind, meant.id)
        if holders or here.meant is Meant.KNOWN:
            return here
    called = _loosely(index, item)
    meant = _meant(reader, scene, item, called) if called else None
    if meant:
        return Target(Meant.KNOWN, meant.type, meant.id)
    if item.kind is EntityType.PERSON and len(similar := index.similar(item.tokens)) == 1:
        return Target(Meant.KNOWN, item.kind, similar.pop())
    if item.kind is EntityType.VENUE and len(buildings := index.building(item.surface)) == 1:
        return Target(Meant.KNOWN, item.kind, buildings.pop())
    if item.kind is EntityType.PHONE and (entity := _masked(index, item.fold)):
        return Target(Meant.KNOWN, item.kind, entity.id)
    return Target(Meant.NEW, item.kind, item.fold)


_GLUED = re.compile(r"(.{3,}?)nya|(.{3,}[^aeiou])na")


def _loosely(index: Index, item: Item) -> list[Holder]:
    """Who else is meant by what the detector marked: a settled person under a place's type, with a clitic glued to the name
    (`odednya`), as somebody saved a contact, with a number, a known place or a place in consonants behind the name (`Nde 2`, `Sri
    Cicadas`, `Ilis Mjly`), or with a small word behind it that the detector took in (`rani ato`, `Achieng I`)."""
    if item.kind in PLACES:
        found = index.holders.get((EntityType.PERSON, fold(item.surface, EntityType.PERSON)), [])
        return [h for h in found if h.entity.settled and not h.part and not h.word]
    if item.kind is not EntityType.PERSON:
        return []
    if glued := _GLUED.fullmatch(item.fold):
        found = index.holders.get((item.kind, glued[1] or glued[2]), [])
        return [h for h in found if h.entity.settled]
    name = item.tokens
    while len(name) > 1 and _behind(index, name[-1]):
        name = name[:-1]
    return index.holders.get((item.kind, "".join(name)), []) if len(name) < len(item.tokens) else []


_SMALL_WORDS = "ato atau dan sama jeung sareng and or but yang yg nu mah teh ge oge aja i is was has had will"
_SMALL = frozenset(_SMALL_WORDS.split())


def _behind(index: Index, token: str) -> bool:
    """Whether the last part of a name is none: a number, a known place, consonants alone, a small word."""
    return (
        token.isdecimal()
        or token in _SMALL
        or (len(token) > 2 and not set(token) & set("aeiou"))
        or any((kind, token) in index.holders for kind in PLACES)
    )


def _meant(reader: _Reader, scene: Scene, item: Item, holders: list[Holder]) -> Entity | None:
    if holders[0].entity.type is not EntityType.PERSON:
        return holders[0].entity
    text = reader.document.transcript.text
    said = roles.before(text, item.span.start) if item.span else None
    meant = choose(holders, scene, item.fold, said)
    false = meant and meant.settled and meant.informant not in scene.own and item.span and assumed(text, item.span)
    return None if false else meant


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
    """A telephone number with hidden digits, or its first nine or more, when one known number fits."""
    if "?" not in digits and len(digits) < 9:
        return None
    fits = {
        holders[0].entity.id: holders[0].entity
        for (kind, known), holders in index.holders.items()
        if kind is EntityType.PHONE and "?" not in known and known != digits and hidden(digits, known)
    }
    return next(iter(fits.values())) if len(fits) == 1 else None


def hidden(digits: str, whole: str) -> bool:
    """Whether the digits are this number with some hidden (six or more shown), or its beginning."""
    if len(whole) < len(digits) or ("?" in digits and (len(whole) != len(digits) or len(digits) - digits.count("?") < 6)):
        return False
    return all(d in ("?", w) for d, w in zip(digits, whole, strict=False))
