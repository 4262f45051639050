"""Whose forms the second pass looks for."""

from collections.abc import Container, Iterable
from dataclasses import replace

from samaran.model import Entity, EntityType, Form

_NEVER = frozenset({EntityType.DATE, EntityType.AGE})
"""A date or an age found once is not looked for elsewhere: it is a number in most places."""

_SHORTEST = 3


def sought(entities: Iterable[Entity], clear: Container[str | None]) -> tuple[Entity, ...]:
    """Settled entities with all their forms; and proposals that a clear mention stands for (`clear` holds their ids), with the
    forms that can hardly be anything else: no common words, three letters or digits at least. A reviewer who accepts a proposal
    settles it, and then all its forms are looked for."""
    found = []
    for entity in entities:
        if entity.type in _NEVER:
            continue
        if entity.settled:
            found.append(entity)
        elif entity.id in clear and (forms := tuple(form for form in entity.forms if _telling(form))):
            found.append(replace(entity, forms=forms))
    return tuple(found)


def _telling(form: Form) -> bool:
    return not form.word and sum(c.isalnum() for c in form.text) >= _SHORTEST
