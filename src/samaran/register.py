"""The register file: entities, who has which subject id, and which sources were linked. Sealed under the study's working key.

The one raw thing that the collecting machine can read back: it needs the names to find them again. The layout stands in
docs/formats/register.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from samaran import codec
from samaran.errors import IntegrityError
from samaran.model import Entity, EntityType, Form, Register

VERSION = 2


@dataclass(frozen=True, slots=True, repr=False)
class RegisterFile:
    """What the sealed file holds. `subjects` maps an informant's code (or STUDY, or a group) to its subject id.
    `spent` are subject ids of informants who withdrew: no one gets them again."""

    register: Register = field(default_factory=Register)
    subjects: Mapping[str, str] = field(default_factory=dict)
    linked: frozenset[str] = frozenset()
    spent: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"RegisterFile({self.register!r}, {len(self.subjects)} subjects)"

    def with_subject(self, code: str, sid: str) -> "RegisterFile":
        """The same file with one more subject."""
        return replace(self, subjects={**self.subjects, code: sid})


def to_bytes(file: RegisterFile) -> bytes:
    """Canonical JSON of the file, to be sealed at once."""
    return codec.canonical(
        {
            "v": VERSION,
            "entities": [
                {
                    "id": e.id,
                    "type": str(e.type),
                    "pseudonym": e.pseudonym,
                    "forms": [[f.text, f.word, f.part] for f in e.forms],
                    "role": e.role,
                    "informant": e.informant or "",
                    "settled": e.settled,
                    "source": e.source or "",
                }
                for e in file.register.entities
            ],
            "counters": [[stem, n] for stem, n in file.register.counters],
            "subjects": dict(file.subjects),
            "linked": sorted(file.linked),
            "spent": sorted(file.spent),
        }
    )


def from_bytes(data: bytes) -> RegisterFile:
    """Read the file back. Raises `IntegrityError` when it is not one, or of another version."""
    value = codec.parse(data)
    if not isinstance(value, dict) or value.get("v") not in (1, VERSION):
        raise IntegrityError("The register is of a version that this samaran does not know.", "Use the samaran that wrote it.")
    return RegisterFile(
        register=Register(tuple(_entity(item) for item in value["entities"]), tuple((s, n) for s, n in value["counters"])),
        subjects=value["subjects"],
        linked=frozenset(value["linked"]),
        spent=frozenset(value.get("spent", ())),
    )


def _entity(item: Mapping[str, Any]) -> Entity:
    return Entity(
        item["id"],
        EntityType(item["type"]),
        item["pseudonym"],
        tuple(Form(text, word, part) for text, word, part in item["forms"]),
        item["role"],
        item["informant"] or None,
        item["settled"],
        item["source"] or None,
    )
