"""Mentions and decisions become what is settled, what is open and what a reviewer rejected. Pure.

A decision stands for its span: it holds as long as the same span is proposed, and an accepted or added span stays a mention
even when a later detector no longer finds it. A reviewer's span wins over what it overlaps.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from samaran.model import Decision, Detector, Entity, Mention, Register, Span, Verdict
from samaran.study import Review


@dataclass(frozen=True, slots=True)
class Settled:
    """The outcome for one source: mentions in order without overlaps, which of their spans are settled, and rejected spans."""

    mentions: tuple[Mention, ...]
    settled: frozenset[Span]
    rejected: tuple[Span, ...]
    named: dict[Span, str]  # span -> entity id that a reviewer named

    def is_open(self, mention: Mention) -> bool:
        """Whether the mention still waits for a reviewer."""
        return mention.span not in self.settled


def settle(mentions: Sequence[Mention], decisions: Iterable[Decision], policy: Review) -> Settled:
    """Fold one source's decisions, oldest first, over what was found. The last decision on a span wins."""
    last: dict[Span, Decision] = {}
    named: dict[Span, str] = {}
    for decision in decisions:
        before = last.get(decision.span)
        if decision.verdict is Verdict.MERGE and before is not None:
            continue  # a merge is about entities: what was said of the span stands
        last[decision.span] = decision
        if decision.entity and decision.verdict is not Verdict.MERGE:
            named[decision.span] = decision.entity
    rejected = {span for span, decision in last.items() if decision.verdict is Verdict.REJECT}
    kept = {m.span: m for m in mentions if m.span not in rejected}
    settled = {m.span for m in kept.values() if m.score >= policy.decided_from or m.type in policy.decided_types}
    for span, decision in last.items():
        if decision.verdict is Verdict.REJECT:
            continue
        found = kept.get(span)
        if found is None and decision.type is not None:
            kept[span] = Mention(span, decision.type, 1.0, Detector.REVIEWER, decision.verdict)
        elif found is not None and decision.type not in (None, found.type):
            kept[span] = replace(found, type=decision.type, entity=None)
        if span in kept:
            settled.add(span)
    decided = [span for span in kept if span in last]
    final = [kept[span] for span in decided]
    for span in sorted(set(kept) - set(decided)):
        pieces = [rest for rest in outside(span, decided) if rest == span or not any(r.contains(rest) for r in rejected)]
        final += [replace(kept[span], span=rest) for rest in pieces]  # a piece once rejected stays so
    final.sort(key=lambda m: m.span)
    spans = {m.span for m in final}
    return Settled(
        mentions=tuple(final),
        settled=frozenset(settled & spans),
        rejected=tuple(sorted(rejected)),
        named={span: entity for span, entity in named.items() if span in spans},
    )


def outcome(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """For each span one decision that says what all of them together say of it. A merge is about entities and holds for the whole
    study: what it says of its span is an acceptance."""
    last: dict[Span, Decision] = {}
    for decision in decisions:
        before = last.get(decision.span)
        if decision.verdict is Verdict.MERGE:
            if before is None:
                last[decision.span] = replace(decision, verdict=Verdict.ACCEPT, entity=None, was=None)
            continue
        named = decision.entity or (before.entity if before else None)
        last[decision.span] = replace(decision, entity=named)
    return tuple(last.values())


def outside(span: Span, others: Iterable[Span]) -> list[Span]:
    """What is left of a span where no other lies over it."""
    rest = [span]
    for other in others:
        pieces = []
        for piece in rest:
            if not piece.overlaps(other):
                pieces.append(piece)
                continue
            if piece.start < other.start:
                pieces.append(Span(piece.start, other.start))
            if other.end < piece.end:
                pieces.append(Span(other.end, piece.end))
        rest = pieces
    return rest


def meant(mention: Mention, settled: Settled, into: Mapping[str, str]) -> str | None:
    """The id of whom a mention means: whom a reviewer named, else whom its form was linked to; and whoever that became since."""
    entity = settled.named.get(mention.span) or mention.entity
    return into.get(entity, entity) if entity else None


def merges(decisions: Iterable[Decision]) -> dict[str, str]:
    """Entity id -> the entity that it was merged into, chains followed; a merge that would close a circle is left out."""
    into: dict[str, str] = {}
    for decision in decisions:
        if decision.verdict is not Verdict.MERGE or not decision.was or not decision.entity:
            continue
        target = decision.entity
        while target in into:
            target = into[target]
        if target != decision.was:
            into[decision.was] = target
    for entity in into:
        target = into[entity]
        while target in into:
            target = into[target]
        into[entity] = target
    return into


def merged(register: Register, into: dict[str, str], is_settled: Callable[[str], bool]) -> Register:
    """The register as reviewers see it: merged entities give their forms to the entity they became; settled ones are marked.

    A merged entity that is bound to a document stays as well, so that its mention there has an id that the merge speaks of: else
    linking would make it anew, under another number, each time."""
    gained: dict[str, list[Entity]] = {}
    for entity in register.entities:
        if entity.id in into:
            gained.setdefault(into[entity.id], []).append(entity)
    entities = []
    for entity in register.entities:
        if entity.id in into:
            if entity.source is not None:
                entities.append(entity)
            continue
        known = {form.text for form in entity.forms}
        extra = tuple(form for other in gained.get(entity.id, ()) for form in other.forms if form.text not in known)
        settled = entity.settled or is_settled(entity.id)
        entities.append(replace(entity, forms=entity.forms + extra, settled=settled))
    return replace(register, entities=tuple(entities))
