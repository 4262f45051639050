"""What a document shows at first sight: whose it is, who is certainly in it, and so which of several people a name means."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from samaran.model import Entity, EntityType
from samaran.pseudonymize import names, numbers, roles
from samaran.pseudonymize.index import Document, Holder, Index


def informant(entity: Entity) -> bool:
    """Whether the entity is an informant, not somebody of an informant's circle."""
    return entity.informant is not None and entity.pseudonym == entity.informant


@dataclass(frozen=True, slots=True)
class Scene:
    """`own`: the informants whose document it is. `circles`: the informants who are in it, or several of whose people are.
    `present`: pairs of an entity and a folded form by which it is certainly meant; `kin`: the same of people of a circle, with
    their informant's code."""

    own: frozenset[str]
    circles: frozenset[str]
    present: frozenset[tuple[str, str]]
    kin: frozenset[tuple[str, str, str]] = frozenset()

    def shows(self, entity: Entity, otherwise: str) -> bool:
        """Whether the entity is in the document by another form than this one."""
        return any(e == entity.id and form != otherwise for e, form in self.present)

    def family(self, entity: Entity, otherwise: str) -> bool:
        """Whether others of the entity's circle are there, the informant aside."""
        return any(code == entity.informant and e != entity.id and form != otherwise for e, form, code in self.kin)

    def of_row(self, codes: frozenset[str]) -> "Scene":
        """The same scene in a row of a table that is about these informants."""
        return replace(self, own=codes, circles=self.circles | codes) if codes else self


def opening(index: Index, document: Document) -> Scene:
    """The scene before anything in it is read: only whose document it is, by its name or its head where the caller can't say."""
    own = frozenset(document.informants) or codes_in(
        index, f"{PurePath(document.source_id).name}\n{document.transcript.text[:600]}"
    )
    return Scene(own, own, frozenset())


def look(index: Index, scene: Scene, known: Iterable[tuple[str, str]]) -> Scene:
    """The scene with the entities of the register that are known to be in it, each with its folded form."""
    present = frozenset((entity, form) for entity, form in known if index.entities[entity].settled)
    circles = set(scene.own)
    kin: dict[str, set[str]] = defaultdict(set)
    for name in {entity for entity, _ in present}:
        entity = index.entities[name]
        if entity.informant is None:
            continue
        if informant(entity) or entity.type is not EntityType.PERSON:
            circles.add(entity.informant)
        else:
            kin[entity.informant].add(name)
    circles |= {code for code, people in kin.items() if len(people) > 1}
    relatives = ((name, form, index.entities[name].informant or "") for name, form in present)
    return Scene(scene.own, frozenset(circles), present, frozenset(r for r in relatives if r[2] and r[0] in kin[r[2]]))


def codes_in(index: Index, text: str) -> frozenset[str]:
    """The codes of informants that a text names: INF-04, inf4, Informan 4, informan empat."""
    bare = numbers.bare(text)
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
    """Whether the form can mean this entity here. A name that is also a word means somebody's child or friend only where that
    somebody is at hand; a part of a name means a person only where the person or their informant is there otherwise."""
    entity = holder.entity
    theirs = entity.informant is not None and not informant(entity)
    away = entity.informant not in scene.circles
    if theirs and away and holder.word and (entity.settled or entity.role in roles.BOUND):
        return False
    if not holder.part or not entity.settled:
        return True
    return not away or any(e == entity.id for e, _ in scene.present)


_FAMILY = ("ANAK", "KELUARGA", "PASANGAN")


def choose(holders: list[Holder], scene: Scene, form: str, said: str | None = None) -> Entity | None:
    """The one entity that is meant by a form, None where it isn't certain.

    With several within reach, in this order: the one whose role stands before the name (`said`); the document's own informant,
    or the one of their people, unless another who has the form is there otherwise or goes by it as a first name; informants and
    people of the whole study before people of a circle; who alone is there by another form."""
    reach = [h for h in holders if in_reach(h, scene)]
    reach = [h for h in reach if h.entity.settled] or reach
    reach = [h for h in reach if not (said == "PETUGAS" and h.entity.role in _FAMILY)]
    if len(reach) < 2:
        return reach[0].entity if reach else None
    if said and len(named := [h.entity for h in reach if h.entity.role == said]) == 1:
        return named[0]
    own = [h.entity for h in reach if h.entity.informant in scene.own]
    if own and len(scene.own) == 1:
        return _of_own(own, [h for h in reach if h.entity not in own], scene, form, all(h.part for h in reach))
    if own:
        return None
    far = [h for h in reach if h.entity.informant is not None and not informant(h.entity)]
    near = [h.entity for h in reach if h not in far]
    if len(near) == 1 and (all(h.part for h in reach) or not any(scene.family(h.entity, form) for h in far)):
        return near[0]
    there = [h.entity for h in reach if scene.shows(h.entity, form)]
    return there[0] if len(there) == 1 else None


def _of_own(own: list[Entity], others: list[Holder], scene: Scene, form: str, surname: bool) -> Entity | None:
    themselves = [entity for entity in own if informant(entity)]
    if any(scene.shows(h.entity, form) for h in others):
        return None
    if themselves:
        return themselves[0] if len(own) == 1 or surname else None
    by_first_name = any(names.tokens(h.entity.forms[0].text)[:1] == (form,) for h in others)
    return own[0] if len(own) == 1 and not by_first_name else None
