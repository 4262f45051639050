"""The only way to and from JSON, canonical bytes included."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

import rfc8785

from samaran.errors import IntegrityError


def canonical(value: Any) -> bytes:
    """RFC 8785 canonical JSON of plain values: the same value is always the same bytes."""
    return rfc8785.dumps(value)


def compact(value: Any) -> str:
    """One line of readable JSON, keys in the order given, non-ASCII kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse(data: bytes | str) -> Any:
    """JSON to plain values; duplicate keys are refused. Raises `IntegrityError`, without the text, when it is not JSON."""
    try:
        return json.loads(data, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError):
        pass  # the exception of json holds the document: leave it here
    raise IntegrityError("A JSON record is damaged.", "Restore it from a copy, or run `samaran audit verify STUDY`.")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def plain(value: Any) -> Any:
    """A frozen value of `model` as plain JSON values: dataclasses to objects without empty fields, tuples to arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((f.name, plain(getattr(value, f.name))) for f in fields(value))
        return {name: content for name, content in pairs if content not in (None, [], "")}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(content) for key, content in value.items()}
    if isinstance(value, frozenset):
        return sorted(plain(content) for content in value)
    if isinstance(value, tuple | list):
        return [plain(content) for content in value]
    return value
