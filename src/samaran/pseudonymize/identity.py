"""Ids and pseudonyms: how entities come into the register, once and for good."""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from samaran.model import Entity, EntityType, Form, Register


def entity_id(key: bytes, kind: EntityType, *canonical: str) -> str:
    """`e` and sixteen letters: HMAC-SHA-256 under the study's key, so that an id in the log tells nobody a name."""
    message = "\0".join((str(kind), *canonical)).encode()
    return "e" + base64.b32encode(hmac.digest(key, message, hashlib.sha256)[:10]).decode().lower()


class Book:
    """A register that grows. Entities keep their id, pseudonym and place; a number is never given twice."""

    def __init__(self, register: Register) -> None:
        self._entities = {entity.id: entity for entity in register.entities}
        self._counters = dict(register.counters)
        self._taken = {entity.pseudonym for entity in register.entities}

    def __contains__(self, entity: str) -> bool:
        return entity in self._entities

    def has_pseudonym(self, pseudonym: str) -> bool:
        """Whether the pseudonym is in use."""
        return pseudonym in self._taken

    def get(self, entity: str) -> Entity:
        """The entity of that id."""
        return self._entities[entity]

    def number(self, stem: str) -> str:
        """The next free pseudonym of a stem."""
        while True:
            self._counters[stem] = self._counters.get(stem, 0) + 1
            pseudonym = f"{stem}-{self._counters[stem]}"
            if pseudonym not in self._taken:
                return pseudonym

    def add(self, entity: Entity) -> None:
        """Append an entity. Raises `ValueError` when its id or pseudonym is there."""
        if entity.id in self._entities or entity.pseudonym in self._taken:
            raise ValueError("an entity stands twice")
        self._entities[entity.id] = entity
        self._taken.add(entity.pseudonym)

    def put(self, entity: Entity) -> None:
        """Replace an entity by the same with more forms."""
        self._entities[entity.id] = entity

    def register(self) -> Register:
        """The register as it stands now."""
        return Register(tuple(self._entities.values()), tuple(sorted(self._counters.items())))


def merged(old: Iterable[Form], new: Iterable[Form]) -> tuple[Form, ...]:
    """All forms, each text once, in order. A form that is a part in one and a whole in the other is a whole."""
    found: dict[str, Form] = {}
    for form in (*old, *new):
        known = found.get(form.text)
        if known is None:
            found[form.text] = form
        elif known.part and not form.part:
            found[form.text] = Form(form.text, known.word, False)
    return tuple(found.values())
