"""Detection and pseudonyms over files that belong to no study: nothing is sealed, kept or logged. For `detect` and `evaluate`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from samaran.model import DOUBTFUL, Mention, Register, Transcript
from samaran.pipeline.sought import sought
from samaran.pseudonymize import Document, assign, link, read_roster

_KEY = b"samaran detect: pseudonyms of one call"  # no secret: nothing is kept, and the same files shall give the same output


@dataclass(frozen=True, slots=True)
class Seen:
    """A mention with the pseudonym of its entity."""

    mention: Mention
    pseudonym: str


class Looker:
    """Loads the detector once; each call looks at a set of documents as if it were a study."""

    def __init__(self, model: str = "shipped") -> None:
        from samaran.detect import Detector

        self._detector = Detector(model)

    def __call__(
        self, documents: Sequence[tuple[str, Transcript]], roster: Path | None = None, *, doubts: bool = False
    ) -> list[tuple[Seen, ...]]:
        """Mentions of each document, in order, doubts only if asked; one entity has one pseudonym over all documents given."""
        from samaran.detect import common_word, second_pass

        known = read_roster(roster, _KEY, common_word) if roster else Register()
        drafts = [Document(name, (), t, self._detector.find(t, known.entities)) for name, t in documents]
        register = link(known, drafts, _KEY, common_word)
        clear = {m.entity for d in drafts for m in assign(register, d, _KEY) if m.score >= DOUBTFUL}
        wanted = sought(register.entities, clear)
        again = [_with(d, second_pass(d.transcript, d.mentions, wanted)) for d in drafts]
        register = link(register, again, _KEY, common_word)
        pseudonyms = {entity.id: entity.pseudonym for entity in register.entities}
        return [
            tuple(Seen(m, pseudonyms[m.entity or ""]) for m in assign(register, d, _KEY) if doubts or m.score >= DOUBTFUL)
            for d in again
        ]


def _with(document: Document, mentions: tuple[Mention, ...]) -> Document:
    """The document with these mentions; the same one, which has been read, where they are the same."""
    return document if mentions == document.mentions else replace(document, mentions=mentions)
