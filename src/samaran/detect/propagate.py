"""A name found for certain once is looked for everywhere in the same source."""

from collections.abc import Iterable, Iterator, Sequence

from samaran.detect.register import RegisterRecognizer
from samaran.detect.words import common_word, everyday, fold, names, word_names, words
from samaran.model import Detector, Entity, EntityType, Form, Mention

_CERTAIN = 0.75
_KINDS = (EntityType.PERSON, EntityType.ONLINE_ID, EntityType.VENUE, EntityType.ORGANIZATION)


def known(text: str, mentions: Iterable[Mention]) -> tuple[Entity, ...]:
    """Stand-in entities for the certain mentions of a source: whole names, and each part of a name that can stand alone."""
    found: dict[tuple[EntityType, str], None] = {}
    for mention in mentions:
        if mention.score < _CERTAIN or mention.type not in _KINDS or mention.entity is not None:
            continue
        surface = mention.span.of(text)
        if len(surface) < 3 or (mention.detector is Detector.MODEL and not _likely(surface, mention.score)):
            continue
        found.setdefault((mention.type, surface))
        if mention.type is EntityType.PERSON:
            for part in _parts(surface):
                found.setdefault((mention.type, part))
    return tuple(
        Entity(f"seen-{n}", kind, f"SEEN-{n}", (Form(surface, common_word(surface)),)) for n, (kind, surface) in enumerate(found)
    )


def _likely(surface: str, score: float) -> bool:
    """Whether what the language model alone found may be looked for elsewhere: no everyday word, or a name that it is sure of."""
    if " " in surface or not common_word(surface):
        return True
    return score >= 0.85 and (fold(surface) in names() or fold(surface) in word_names())


def _parts(surface: str) -> Iterator[str]:
    row = words.__wrapped__(surface)
    if len(row) > 1:
        for word in row:
            if len(word.text) > 2 and not word.text.isupper() and (word.fold in names() or word.fold not in everyday()):
                yield word.text


def again(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[int, int, EntityType, float]]:
    """Where the certain names of a source stand again."""
    entities = known(text, mentions)
    if not entities:
        return
    sure = {fold(form.text) for entity in entities for form in entity.forms}
    recognizer = RegisterRecognizer(entities, Detector.STRUCTURE, 0.74, sure)
    for found in recognizer.analyze(text, []):
        yield found.start, found.end, EntityType(found.entity_type), found.score


def word_like(surface: str) -> bool:
    """Whether a surface is a word that may also be a name."""
    return fold(surface) in word_names()
