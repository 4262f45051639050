"""The JSON Schema of an entry, made from the vocabulary, so that documentation and code can't differ.

`python -m samaran.audit.schema > docs/formats/entry.schema.json` writes it.
"""

import json
from typing import Any

from samaran.audit.vocabulary import (
    ALWAYS,
    CONFIG_ACTS,
    FIELDS,
    NEEDED,
    NUMBERS,
    REASON_ACTS,
    TWO_PERSON_ACTS,
    VERSION,
    Act,
    Code,
    Phase,
)

_LARGEST = 2**53 - 1


def schema() -> dict[str, Any]:
    """Draft 2020-12. Canonical form, order of keys and rules between entries are beyond what it can say."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"samaran audit entry, version {VERSION}",
        "type": "object",
        "additionalProperties": False,
        "required": sorted(ALWAYS),
        "properties": {name: _property(name, pattern) for name, pattern in FIELDS.items()},
        "allOf": [*_phases(), *_acts(), *_needs()],
    }


def _property(name: str, pattern: str) -> dict[str, Any]:
    if name == "v":
        return {"const": VERSION}
    if name in NUMBERS:
        return {"type": "integer", "minimum": 0, "maximum": _LARGEST}
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def _phases() -> list[dict[str, Any]]:
    return [
        {
            "if": {"properties": {"phase": {"const": str(Phase.RESULT)}}},
            "then": {"required": ["of", "code"]},
            "else": {"properties": {"of": False, "code": False}},
        }
    ]


def _acts() -> list[dict[str, Any]]:
    return [
        _unless(CONFIG_ACTS, {"cfg": False, "model": False, "pkg": False}),
        _unless(TWO_PERSON_ACTS, {"second": False}),
        _unless(frozenset({Act.SOURCE_OPEN}), {"why": False}),
        {
            "if": {"properties": {"act": {"enum": sorted(REASON_ACTS)}}},
            "then": {"properties": {"code": {"not": {"const": str(Code.OK)}}}},
        },
    ]


def _unless(acts: frozenset[Act], forbidden: dict[str, bool]) -> dict[str, Any]:
    return {"if": {"properties": {"act": {"enum": sorted(acts)}}}, "else": {"properties": forbidden}}


def _needs() -> list[dict[str, Any]]:
    found = []
    for (act, phase), names in NEEDED.items():
        when: dict[str, Any] = {"act": {"const": str(act)}, "phase": {"const": str(phase)}}
        if phase == Phase.RESULT:
            when["code"] = {"const": str(Code.OK)}
        found.append({"if": {"properties": when}, "then": {"required": list(names)}})
    return found


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
