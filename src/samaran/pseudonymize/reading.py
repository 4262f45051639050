"""What reading one document gives: a target for each of its mentions."""

from dataclasses import dataclass, field
from enum import StrEnum

from samaran.model import EntityType
from samaran.pseudonymize.index import Document, Item
from samaran.pseudonymize.scene import Scene


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
    """A document read: one target per item; who is one person by its words (`same`), which short names stand for which longer
    ones in it (`joins`), which clipped or misspelled names were taken for whom (`lent`)."""

    document: Document
    items: tuple[Item, ...]
    scene: Scene
    targets: list[Target]
    same: list[tuple[Target, Target]] = field(default_factory=list)
    joins: list[tuple[Target, Target]] = field(default_factory=list)
    lent: dict[Target, Target] = field(default_factory=dict)

    def explained(self) -> list[Target]:
        """The targets, with what the document explains put in the place of what is new."""
        within = {**dict(self.joins), **self.lent}
        return [within.get(t, t) if within.get(t, t).meant is Meant.KNOWN else t for t in self.targets]
