"""The same report as JSON, for programs: every control with its reason in both languages and its entries, and all facts."""

from collections.abc import Mapping, Sequence

from samaran import codec
from samaran.report.control import Control
from samaran.report.facts import Facts
from samaran.report.voice import Voice

VERSION = 1


def to_json(facts: Facts, rows: Sequence[Control]) -> str:
    """One JSON document. Numbers of entries are stretches, first and last."""
    return codec.compact(
        {"v": VERSION, "controls": [_control(row) for row in rows], "facts": {**codec.plain(facts), "proofs": {}}}
    )


def _control(row: Control) -> Mapping[str, object]:
    return {
        "id": row.id,
        "status": str(row.status),
        "reason": _said(row.reason, row.values),
        "evidence": _said(row.evidence, row.values) if row.evidence else {},
        "entries": [list(stretch) for stretch in stretches(row.entries)],
    }


def _said(key: str, values: Mapping[str, object]) -> Mapping[str, str]:
    voice = Voice("both")
    return dict(zip(voice.languages, voice.lines(key, **values), strict=True))


def stretches(numbers: Sequence[int], step: int = 1) -> list[tuple[int, int]]:
    """Ascending numbers as first and last of each stretch in which neighbours are at most `step` apart."""
    ends: list[tuple[int, int]] = []
    for n in numbers:
        if ends and n - ends[-1][1] <= step:
            ends[-1] = (ends[-1][0], n)
        else:
            ends.append((n, n))
    return ends
