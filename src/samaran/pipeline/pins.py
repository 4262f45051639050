"""Pinned mentions: what others say of somebody who withdrew stays masked as it was, though nobody knows the name any more.

See docs/adr/0009-withdrawn-names-are-not-kept.md.
"""

from collections.abc import Iterable, Mapping, Sequence

from samaran.model import Entity, Form, Mention
from samaran.state import PinRow

_NO_NAME = Form("\ufffc")


def pinned(mentions: Sequence[Mention], pins: Iterable[PinRow]) -> tuple[Mention, ...]:
    """The mentions with the pinned ones in place of whatever overlaps them."""
    held = [pin.mention for pin in pins]
    rest = [m for m in mentions if not any(m.span.overlaps(pin.span) for pin in held)]
    return tuple(sorted((*rest, *held), key=lambda m: m.span)) if held else tuple(mentions)


def free(mentions: Sequence[Mention], held: Mapping[str, Entity]) -> tuple[Mention, ...]:
    """The mentions that are not pinned: only these may be linked, or the name would come back into the register."""
    return tuple(m for m in mentions if m.entity not in held)


def stand_ins(pins: Iterable[PinRow]) -> dict[str, Entity]:
    """What stands for the entities of pinned mentions, by id: the pseudonym and no name."""
    return {
        pin.mention.entity: Entity(pin.mention.entity, pin.mention.type, pin.pseudonym, (_NO_NAME,))
        for pin in pins
        if pin.mention.entity
    }
