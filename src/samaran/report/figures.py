"""The two figures as plain geometry; the template only draws it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from samaran.model import EntityType
from samaran.report.facts import Facts

STEP, BOX, TOP, HEIGHT, DROP = 132, 114, 8, 74, 40
ROW, LABEL, BARS = 25, 150, 440


@dataclass(frozen=True, slots=True)
class Stage:
    """A box of the way of the data. `lost` are what left the way here: key and count, None where nobody counted."""

    key: str
    x: int
    count: int
    lost: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the bar chart."""

    type: EntityType
    y: int
    width: float
    count: int


def way(facts: Facts) -> tuple[Stage, ...]:
    """From the inbox to the last release, with what went aside at each stage."""
    sources, review = facts.sources, facts.review
    last = facts.last
    stages: Sequence[tuple[str, int, tuple[tuple[str, int | None], ...]]] = (
        ("way-received", sources.received, (("way-refused", sum(sources.refused.values())),)),
        ("way-sealed", sources.sealed, (("way-quarantined", sum(sources.quarantined.values())),)),
        ("way-segments", review.segments, (("way-superseded", sources.superseded),) if sources.superseded else ()),
        ("way-mentions", review.total, ()),
        ("way-decided", review.total - review.open, (("way-open", review.open),)),
        ("way-released", last.segments if last else 0, (("way-withheld", last.held_segments if last else 0),)),
    )
    return tuple(Stage(key, i * STEP, count, lost) for i, (key, count, lost) in enumerate(stages))


def bars(mentions: Mapping[EntityType, int]) -> tuple[Bar, ...]:
    """Types with mentions, the most frequent first; lengths in proportion. One and two are drawn alike, as they are written."""
    drawn = {kind: n for kind, n in mentions.items() if n}
    longest = max(drawn.values(), default=1)
    ordered = sorted(drawn, key=lambda kind: (-max(drawn[kind], 2), list(EntityType).index(kind)))
    return tuple(
        Bar(kind, i * ROW, max(2.0, round(BARS * max(drawn[kind], 2) / max(longest, 2), 1)), drawn[kind])
        for i, kind in enumerate(ordered)
    )
