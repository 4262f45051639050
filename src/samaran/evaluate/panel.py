"""The panel: how much of what identifies was found, how much else was masked, and whether pseudonyms stay with their people.

Pure: gold and predictions in, figures out. What each figure counts stands in docs/evaluation.md.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from samaran.evaluate import kinds
from samaran.evaluate.bounds import upper
from samaran.evaluate.calibration import by_score
from samaran.evaluate.gold import Gold
from samaran.evaluate.scoring import Found, Scored, Share, score
from samaran.model import DOUBTFUL, EntityType, Span


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of a set of documents. `mentions` and `entities` are recall; `precision` is of tokens masked."""

    documents: int
    words: int
    direct: Share
    quasi: Share
    direct_entities: Share
    quasi_entities: Share
    precision: Share
    type_accuracy: Share


@dataclass(frozen=True, slots=True)
class Consistency:
    """B-cubed over mentions that were found and have an entity in the gold: `purity`, that a pseudonym means one entity,
    `completeness`, that an entity has one pseudonym."""

    purity: float
    completeness: float
    mentions: int


@dataclass(frozen=True, slots=True)
class Person:
    """The person of the gold who is protected least."""

    entity: str
    leaks: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer is shown beside the mentions that count: doubts and suspicious words, and the misses that lie in them."""

    doubts: int
    suspicious: int
    suspicious_per_1000: float
    misses: Share
    direct: Share


@dataclass(frozen=True, slots=True)
class Miss:
    """A gold mark that isn't covered, or a mention where there is none, by document and span. It holds no text."""

    document: str
    span: Span
    type: EntityType


@dataclass(frozen=True, slots=True)
class Panel:
    """All figures. `leaks_per_1000` counts direct identifiers left, `leaks_upper` is its one-sided 95 % upper bound."""

    total: Group
    by_type: dict[str, Share]
    by_document: dict[str, Group]
    by_language: dict[str, Group]
    by_register: dict[str, Group]
    covered_documents: Share
    leaks: int
    leaks_per_1000: float
    leaks_upper: float
    persons: Consistency
    entities: Consistency
    worst: Person | None
    seconds: float
    words_per_second: float
    shown: Shown
    by_score: dict[str, Share]
    misses: tuple[Miss, ...] = ()
    blanks: tuple[Miss, ...] = ()


def panel(
    documents: Sequence[Gold], found: Sequence[Found], seconds: float = 0.0, suspicious: Sequence[Sequence[Span]] = ()
) -> Panel:
    """Judge the predictions of all documents. Mentions below `DOUBTFUL` count as doubts only; `suspicious` are the spans of each
    document that stayed unmarked but stand out. Raises `ValueError` when lengths differ or a mention reaches beyond its text."""
    scored = [score(gold, mentions) for gold, mentions in zip(documents, found, strict=True)]
    total = _group(scored)
    leaks = total.direct.of - total.direct.hit
    words = max(1, total.words)
    return Panel(
        total=total,
        by_type=_by_type(scored),
        by_document={s.gold.name: _group([s]) for s in scored},
        by_language=_grouped(scored, kinds.language),
        by_register=_grouped(scored, kinds.register),
        covered_documents=Share(sum(_whole(s) for s in scored), len(scored)),
        leaks=leaks,
        leaks_per_1000=leaks * 1000 / words,
        leaks_upper=upper(leaks) * 1000 / words,
        persons=consistency(scored, only=EntityType.PERSON),
        entities=consistency(scored),
        worst=_worst(scored),
        seconds=seconds,
        words_per_second=total.words / seconds if seconds else 0.0,
        shown=_shown(scored, found, suspicious or [()] * len(scored)),
        by_score=by_score(documents, found),
        misses=tuple(
            Miss(s.gold.name, mark.span, mark.type)
            for s in scored
            for mark, hit in zip(s.gold.marks, s.covered, strict=True)
            if not hit
        ),
        blanks=tuple(Miss(s.gold.name, mention.span, mention.type) for s in scored for mention in s.blanks),
    )


def _group(scored: Iterable[Scored]) -> Group:
    scored = list(scored)
    recall: dict[bool, Share] = {True: Share(), False: Share()}
    entities: dict[tuple[bool, str, str], bool] = {}
    typed = Share()
    for s in scored:
        for n, (mark, hit, match) in enumerate(zip(s.gold.marks, s.covered, s.match, strict=True)):
            direct = mark.type.direct
            recall[direct] += Share(int(hit), 1)
            who = (direct, s.gold.name, mark.entity or f"#{n}")
            entities[who] = entities.get(who, True) and hit
            if match:
                typed += Share(int(match[0].type is mark.type), 1)
    precision = sum((s.precision for s in scored), Share())
    by_kind = {
        d: Share(sum(ok for (k, _, _), ok in entities.items() if k is d), sum(k is d for k, _, _ in entities)) for d in recall
    }
    words = sum(s.words for s in scored)
    return Group(len(scored), words, recall[True], recall[False], by_kind[True], by_kind[False], precision, typed)


def _shown(scored: Sequence[Scored], found: Sequence[Found], suspicious: Sequence[Sequence[Span]]) -> Shown:
    doubts = [[mention.span for mention, _ in mentions if mention.score < DOUBTFUL] for mentions in found]
    seen, direct = Share(), Share()
    for s, doubted, suspects in zip(scored, doubts, suspicious, strict=True):
        for mark, hit in zip(s.gold.marks, s.covered, strict=True):
            if not hit:
                one = Share(int(any(span.overlaps(mark.span) for span in (*doubted, *suspects))), 1)
                seen += one
                direct += one if mark.type.direct else Share()
    count, words = sum(map(len, suspicious)), max(1, sum(s.words for s in scored))
    return Shown(sum(map(len, doubts)), count, count * 1000 / words, seen, direct)


def _grouped(scored: Sequence[Scored], kind_of: Callable[[str], str]) -> dict[str, Group]:
    groups: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        groups[kind_of(s.gold.text)].append(s)
    return {name: _group(groups[name]) for name in sorted(groups)}


def _by_type(scored: Iterable[Scored]) -> dict[str, Share]:
    shares = {kind: Share() for kind in EntityType}
    for s in scored:
        for mark, hit in zip(s.gold.marks, s.covered, strict=True):
            shares[mark.type] += Share(int(hit), 1)
    return {str(kind): share for kind, share in shares.items() if share.of}


def _whole(s: Scored) -> bool:
    return all(hit or not mark.type.direct for mark, hit in zip(s.gold.marks, s.covered, strict=True))


def consistency(scored: Iterable[Scored], only: EntityType | None = None) -> Consistency:
    """B-cubed precision and recall of pseudonyms (Bagga and Baldwin 1998)."""
    pairs = [
        (mark.entity, match[1])
        for s in scored
        for mark, match in zip(s.gold.marks, s.match, strict=True)
        if mark.entity and match and match[1] and only in (None, mark.type)
    ]
    both, entity, pseudonym = Counter(pairs), Counter(e for e, _ in pairs), Counter(p for _, p in pairs)
    count = max(1, len(pairs))
    purity = sum(n * n / pseudonym[p] for (_, p), n in both.items()) / count
    completeness = sum(n * n / entity[e] for (e, _), n in both.items()) / count
    return Consistency(purity if pairs else 1.0, completeness if pairs else 1.0, len(pairs))


def _worst(scored: Iterable[Scored]) -> Person | None:
    marks: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for s in scored:
        for mark, hit in zip(s.gold.marks, s.covered, strict=True):
            if mark.type is EntityType.PERSON and mark.entity:
                marks[mark.entity] += 1
                left[mark.entity] += not hit
    if not marks:
        return None
    worst = max(sorted(marks), key=lambda entity: (left[entity] / marks[entity], left[entity]))
    return Person(worst, left[worst], marks[worst])
