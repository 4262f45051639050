"""Metadata of Office files as properties: who wrote, for whom, and where links lead."""

from typing import Any

from samaran.ingest.wordml import name
from samaran.model import EntityType, Property

_TYPES = {
    "creator": EntityType.PERSON,
    "lastModifiedBy": EntityType.PERSON,
    "Manager": EntityType.PERSON,
    "Company": EntityType.ORGANIZATION,
}
_PLAIN = frozenset(
    {"title", "subject", "keywords", "description", "category", "created", "modified", "Template", "HyperlinkBase"}
)
_SCHEMES = {"mailto": EntityType.EMAIL, "tel": EntityType.PHONE}


def of_part(root: Any) -> list[Property]:
    """The properties in a core, extended or custom properties part. What the study's people typed keeps its name; a custom
    property is only called that, since its name may be anything."""
    found = []
    for element in root:
        kind, value = name(element), " ".join("".join(element.itertext()).split())
        if not value:
            continue
        if kind == "property":
            found.append(Property("custom property", value))
        elif kind in _TYPES or kind in _PLAIN:
            found.append(Property(kind, value, _TYPES.get(kind)))
    return found


def link(target: str) -> Property:
    """Where a link leads. A path on somebody's disk identifies nobody by its type, and still is never released."""
    scheme, _, rest = target.partition(":")
    if kind := _SCHEMES.get(scheme.casefold()):
        return Property("link", rest.partition("?")[0], kind)
    return Property("link", target, EntityType.URL if scheme.casefold() in ("http", "https") else None)
