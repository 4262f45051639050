"""One entity for all mentions of one person, place or number, over all documents of a study."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from samaran.model import Entity, EntityType, Form, Mention, Register
from samaran.pseudonymize import roles
from samaran.pseudonymize.evidence import same_person
from samaran.pseudonymize.identity import Book, entity_id, merged
from samaran.pseudonymize.index import Document, Index
from samaran.pseudonymize.labels import LABELS
from samaran.pseudonymize.resolve import Groups, Meant, Reading, Target, read


def link(register: Register, documents: Sequence[Document], key: bytes, words: Callable[[str], bool]) -> Register:
    """The register with entities for all mentions of these documents. Entities that were there keep id, pseudonym and place and
    may gain forms; new ones are numbered in the order of documents and mentions. Doing it twice changes nothing.

    After it, `assign` succeeds on each of these documents with the register returned. A form that several entities have, or one
    whose person isn't at hand, becomes an entity of that document alone, unsettled: a reviewer says who it is."""
    index = Index.of(register)
    readings = [read(index, document) for document in documents]
    groups = _joined(readings)
    book = Book(register)
    _enter(book, readings, groups, key, words)
    _complete(book, documents, key, words)
    return book.register()


def assign(register: Register, document: Document, key: bytes) -> tuple[Mention, ...]:
    """Each mention with its entity's id. Raises `ValueError` where a mention is nobody's: `link` comes first."""
    reading = read(Index.of(register), document)
    known = {entity.id for entity in register.entities}
    found = []
    for mention, target in zip(document.mentions, reading.targets, strict=False):
        entity = target.key if target.meant is Meant.KNOWN else _here(key, target, document.source_id)
        if entity not in known:
            raise ValueError("a mention is nobody's: link the document first")
        found.append(replace(mention, entity=entity))
    return tuple(found)


def _here(key: bytes, target: Target, source: str) -> str:
    return entity_id(key, target.kind, target.key, "in", source)


def _joined(readings: list[Reading]) -> Groups:
    """Join what the texts say is one. A new short name that stands for different people in different documents, or that is
    somebody's clipped name in one, is turned into somebody of each document."""
    groups = Groups()
    for reading in readings:
        for one, other in same_person(reading.document.transcript, reading.items):
            pair = reading.targets[one], reading.targets[other]
            if all(t.kind is EntityType.PERSON and t.meant is not Meant.HERE for t in pair):
                groups.join(*pair)
    partners: dict[Target, set[Target]] = defaultdict(set)
    for reading in readings:
        for short, long in reading.joins:
            partners[short].add(groups.root(long))
    lent = {target for reading in readings for target in reading.lent}
    for short, long in sorted(((s, next(iter(p))) for s, p in partners.items() if len(p) == 1), key=lambda pair: pair[0].key):
        if short not in lent and long.meant is not Meant.HERE:
            groups.join(short, long)
        else:
            lent.add(short)
    lent |= {short for short, others in partners.items() if len(others) > 1}
    for reading in readings:
        within = dict(reading.joins)
        reading.targets = [
            (within.get(t) or Target(Meant.HERE, t.kind, t.key)) if t in lent and t.meant is Meant.NEW else t
            for t in reading.targets
        ]
    return groups


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
    name = _here(key, target, document.source_id)
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
            reading = read(index, document)
            for item, target in zip(reading.items, reading.targets, strict=True):
                if target.meant is not Meant.KNOWN:
                    _add_here(book, document, target, item.surface, key, words)
        if len(book.register().entities) == len(before.entities):
            return
