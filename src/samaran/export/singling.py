"""How alike the informants of a release are, from its records alone: singling out, linking, inferring.

What an acquaintance may know of an informant and can see in a release: her ages in bands, her regions, her languages. Informants
who agree in all three are one class. Wording, stories and events are not measured: they need a reader.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from samaran.model import EntityType, Singling, SpeakerRole

_BANDED = frozenset({EntityType.AGE, EntityType.LOCATION})


def singling(rows: Iterable[Mapping[str, Any]]) -> Singling:
    """Measure the records of a release. Segments that belong to no informant, and what interviewers say, don't count."""
    facts: dict[str, set[tuple[str, str]]] = defaultdict(set)
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    precise = 0
    for row in rows:
        code = row["informant_id"]
        if code is None or row["speaker_role"] == SpeakerRole.INTERVIEWER:
            continue
        known = facts[code]
        if row["lang"] is not None:
            known.add(("language", row["lang"]))
        for mark in row["surrogates"]:
            kind, level = mark["type"], mark["level"]
            if kind in _BANDED and level == "band":
                known.add((kind, mark["pseudonym"]))
            if level == "entity":
                precise += not EntityType(kind).direct
                owners[kind, mark["pseudonym"]].add(code)
    classes: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for code, known in facts.items():
        classes[frozenset(known)].append(code)
    if not classes:
        return Singling(0)
    kinds = [(codes, len({code.partition("-")[0] for code in codes})) for codes in classes.values()]
    return Singling(
        informants=len(facts),
        k=min(map(len, classes.values())),
        l=min(n for _, n in kinds),
        alone=sum(len(codes) == 1 for codes in classes.values()),
        linked=len({code for shared in owners.values() if len(shared) > 1 for code in shared}),
        inferred=sum(len(codes) for codes, n in kinds if len(codes) > 1 and n == 1),
        precise=precise,
    )
