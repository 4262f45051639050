"""One entity for all mentions of one person, place or number, over all documents of a study."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from samaran.model import Entity, EntityType, Form, Mention, Register
from samaran.pseudonymize import names, places, roles
from samaran.pseudonymize.groups import Groups
from samaran.pseudonymize.identity import Book, entity_id, merged
from samaran.pseudonymize.index import PLACES, Document, Index
from samaran.pseudonymize.labels import LABELS
from samaran.pseudonymize.reading import Meant, Reading, Target
from samaran.pseudonymize.resolve import hidden, local_id
from samaran.pseudonymize.within import read


def link(register: Register, documents: Sequence[Document], key: bytes, words: Callable[[str], bool]) -> Register:
    """The register with entities for all mentions of these documents. Entities that were there keep id, pseudonym and place and
    may gain forms; new ones are numbered in the order of documents and mentions. Doing it twice changes nothing.

    After it, `assign` succeeds on each of these documents with the register returned. A form that several entities have, or one
    whose person isn't at hand, becomes an entity of that document alone, unsettled: a reviewer says who it is."""
    index = Index.of(register)
    readings = [read(index, document, key) for document in documents]
    groups = _joined(readings)
    book = Book(register)
    _enter(book, readings, groups, key, words)
    _complete(book, documents, key, words)
    return book.register()


def assign(register: Register, document: Document, key: bytes) -> tuple[Mention, ...]:
    """Each mention with its entity's id. Raises `ValueError` where a mention is nobody's: `link` comes first."""
    reading = read(Index.of(register), document, key)
    known = {entity.id for entity in register.entities}
    found = []
    for mention, target in zip(document.mentions, reading.explained(), strict=False):
        entity = target.key if target.meant is Meant.KNOWN else local_id(key, target.kind, target.key, document.source_id)
        if entity not in known:
            raise ValueError("a mention is nobody's: link the document first")
        found.append(replace(mention, entity=entity))
    return tuple(found)


def _joined(readings: list[Reading]) -> Groups:
    """Join what the texts say is one. A short name that a document explains by a longer one is that person everywhere, when no
    document explains it otherwise; else it is that person there, and a person of its own in documents that don't explain it."""
    groups = Groups()
    for reading in readings:
        for one, other in reading.same:
            groups.join(one, other)
    _values(readings, groups)
    said = {target for reading in readings for pair in reading.same for target in pair}
    _long_names(readings, groups)
    partners: dict[Target, set[Target]] = defaultdict(set)
    alone: set[Target] = set()
    for reading in readings:
        within = {**dict(reading.joins), **reading.lent}
        alone |= {t for t in reading.targets if t.meant is Meant.NEW and t not in within}
        for short, long in within.items():
            partners[short].add(groups.root(long))
    whole = {short for short in partners if len(short.key) >= _WHOLE or short in said}
    _settle(groups, partners, whole)
    apart = {
        short
        for short in partners
        if not (_others(groups, short, partners[short]) == set() or (short in whole and short in alone))
    }
    for reading in readings:
        within = {**dict(reading.joins), **reading.lent}
        reading.targets = [
            within.get(t, Target(Meant.HERE, t.kind, t.key)) if t in apart and t.meant is Meant.NEW else t
            for t in reading.targets
        ]
    return groups


def _values(readings: list[Reading], groups: Groups) -> None:
    """Join what is no name of a person: a place under two types, a building with and without its kind, a telephone number with
    and without hidden digits."""
    new = {
        target: item.surface
        for reading in reversed(readings)
        for item, target in zip(reversed(reading.items), reversed(reading.targets), strict=True)
        if target.meant is Meant.NEW
    }
    first: dict[str, Target] = {}
    buildings: dict[str, list[tuple[str, Target]]] = defaultdict(list)
    phones = [target for target in new if target.kind is EntityType.PHONE]
    for target, surface in reversed(new.items()):
        if target.kind in PLACES:
            groups.join(target, first.setdefault(target.key, target))
        if target.kind is EntityType.VENUE:
            kind, core = places.core(surface)
            buildings[core].append((kind, target))
        if target.kind is EntityType.PHONE and "?" in target.key:
            whole = [p for p in phones if "?" not in p.key and hidden(target.key, p.key)]
            if len(whole) == 1:
                groups.join(target, whole[0])
    for core, named in buildings.items():
        if core and len({kind for kind, _ in named if kind}) < 2:
            for _, target in named[1:]:
                groups.join(named[0][1], target)


def _others(groups: Groups, short: Target, partners: set[Target]) -> set[Target]:
    """The groups of those for whom a short name stands, its own aside."""
    return {root for partner in partners if (root := groups.root(partner)) != groups.root(short)}


def _settle(groups: Groups, partners: dict[Target, set[Target]], whole: set[Target]) -> None:
    """Join whole names with the one group for which they stand, until nothing is left to join."""
    ordered = sorted(whole, key=lambda t: (-len(t.key), t.key))
    joined = True
    while joined:
        joined = False
        for short in ordered:
            others = _others(groups, short, partners[short])
            joined |= len(others) == 1 and groups.join(short, others.pop())


def _long_names(readings: list[Reading], groups: Groups) -> None:
    """Join new names of several parts that are each other's shorter form, over all documents: Maharani K, Maharani Kusumah."""
    long: dict[tuple[str, ...], Target] = {}
    for reading in readings:
        for item, target in zip(reading.items, reading.targets, strict=True):
            if target.meant is Meant.NEW and len(item.tokens) > 1:
                long.setdefault(item.tokens, target)
    near: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for tokens in long:
        for token in set(tokens):
            near[token].append(tokens)
    for tokens in sorted(long, key=lambda t: (-len("".join(t)), t)):
        others = {other for token in tokens if len(token) > 1 for other in near[token] if names.shorter(tokens, other)}
        fits = {groups.root(long[other]) for other in others}
        if len(fits) == 1:
            groups.join(long[tokens], fits.pop())


_WHOLE = 4
"""Clipped names shorter than this are never taken for a name of their own."""


def _enter(book: Book, readings: list[Reading], groups: Groups, key: bytes, words: Callable[[str], bool]) -> None:
    """Give every new group its entity, in document order; add forms to entities that a group was joined to."""
    forms: dict[Target, dict[str, None]] = defaultdict(dict)
    role: dict[Target, str] = {}
    for reading in readings:
        for item, target in zip(reading.items, reading.targets, strict=True):
            if target.meant is not Meant.NEW:
                continue
            root = groups.root(target)
            forms[root].setdefault(item.surface)
            if target.kind is EntityType.PERSON and item.span and root not in role:
                said = roles.before(reading.document.transcript.text, item.span.start)
                role |= {root: said} if said else {}
    done: set[Target] = set()
    for reading in readings:
        for item, target in zip(reading.items, reading.targets, strict=True):
            root = groups.root(target)
            if target.meant is Meant.HERE:
                _add_here(book, reading.document, target, item.surface, key, words)
            elif target.meant is Meant.NEW and root not in done:
                done.add(root)
                made = tuple(Form(text, words(text)) for text in forms[root])
                if root.meant is Meant.KNOWN:
                    known = book.get(root.key)
                    book.put(replace(known, forms=merged(known.forms, made)))
                else:
                    stem = role.get(root, LABELS[root.kind])
                    owner = reading.document.informants
                    theirs = owner[0] if len(owner) == 1 and stem in roles.BOUND else None
                    name = entity_id(key, root.kind, root.key)
                    if name in book:  # its form was taken from it by a reviewer
                        name = entity_id(key, root.kind, root.key, "again", reading.document.source_id)
                    book.add(Entity(name, root.kind, book.number(stem), made, stem, theirs))


def _add_here(book: Book, document: Document, target: Target, surface: str, key: bytes, words: Callable[[str], bool]) -> None:
    name = local_id(key, target.kind, target.key, document.source_id)
    if name not in book:
        stem = LABELS[target.kind]
        form = Form(surface, words(surface))
        book.add(Entity(name, target.kind, book.number(stem), (form,), stem, source=document.source_id))


def _complete(book: Book, documents: Sequence[Document], key: bytes, words: Callable[[str], bool]) -> None:
    """Read once more with the grown register: what is still nobody's is somebody of its document."""
    while True:
        before = book.register()
        index = Index.of(before)
        for document in documents:
            reading = read(index, document, key)
            for item, target in zip(reading.items, reading.explained(), strict=True):
                if target.meant is not Meant.KNOWN:
                    _add_here(book, document, target, item.surface, key, words)
        if len(book.register().entities) == len(before.entities):
            return
