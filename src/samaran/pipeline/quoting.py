"""An informant's own words out of her sources, for an extract: which are hers, and everything masked anew but her name."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from samaran import release
from samaran.model import Entity, EntityType, Mention, Method, SpeakerRole
from samaran.pipeline.desk import Desk
from samaran.pipeline.pins import stand_ins
from samaran.pipeline.sanitizing import cut
from samaran.pipeline.work import open_work
from samaran.pseudonymize import sanitize
from samaran.report.extract import Said
from samaran.state import SegmentRow, SourceRow
from samaran.study import Profile
from samaran.vault.keys import PrivateKey
from samaran.vault.nested import unwrap_any

_WHO = {
    SpeakerRole.INFORMANT: "you",
    SpeakerRole.INTERVIEWER: "interviewer",
    SpeakerRole.OBSERVER: "notes",
    SpeakerRole.AUTHOR: "notes",
}


def least(desk: Desk) -> Profile:
    """The profile that generalizes least: what a reviewer works with."""
    return next(iter(desk.study.profiles.values()))


def mine(desk: Desk, code: str, row: SourceRow, segments: Iterable[SegmentRow]) -> dict[str, str]:
    """Segments that she gets, and who speaks in each: all of a source that is hers alone; of chats and shared sources those whose
    label names her. In a chat of hers alone that may be an account which the roster has in her row."""
    entities, alone = desk.register.register.entities, len(row.informants) == 1
    accounts = {e.pseudonym for e in entities if alone and e.informant == code and e.type is EntityType.ONLINE_ID}
    labels = [f"[{name}]" for name in {code, *accounts}]
    found = {}
    for s in segments:
        if any(label in s.segment.speaker for label in labels):
            found[s.segment_id] = "you"
        elif alone and row.method is not Method.CHAT:
            found[s.segment_id] = _WHO.get(s.segment.role, "other" if s.segment.speaker else "notes")
    return found


class Masks:
    """Writes raw segments with her name as it is, and a label and a number good for one extract where anything else stood."""

    def __init__(self, desk: Desk, code: str) -> None:
        self._desk = desk
        entities = desk.register.register.entities
        self._entities = {**stand_ins(desk.state.pins()), **{e.id: e for e in entities}}
        own = [e for e in entities if (e.type, e.informant, e.pseudonym) == (EntityType.PERSON, code, code)]
        forms = {form.text.casefold() for e in own for form in e.forms}
        self._own = {e.id for e in own}
        self._others = release.residual((form, e.type) for e in entities for form in e.forms if form.text.casefold() not in forms)
        codes = {*desk.consent_history, *(c for row in desk.state.sources() for c in row.informants)}
        self._codes = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(codes)))})\b", re.IGNORECASE)
        self._given: dict[str, Entity] = {}
        self._numbers = Counter[str]()

    def said(self, row: SourceRow, who: Mapping[str, str], keys: Sequence[PrivateKey]) -> tuple[Said, ...]:
        """These segments of a source, opened with the keys."""
        desk = self._desk
        private = unwrap_any(desk.study.folder / "vault", desk.register.subjects[row.subject], keys)
        draft = open_work(desk, row, private)
        mentions = [m.mention for m in desk.state.mentions(row.source_id)]
        hidden = [m for m in mentions if m.entity not in self._own or self._others(m.span.of(draft.transcript.text))]
        turns = []
        for segment_id, raw in cut(desk, draft):
            if segment_id in who:
                near = [m for m in hidden if m.span.overlaps(raw.span)]
                names = {entity.id: entity for entity in map(self._stand_in, near)}
                clean = sanitize(replace(raw, label=""), near, names, desk.study.treatments, least(desk).name)
                turns.append(Said(who[segment_id], self._codes.sub("[KODE]", clean.text)))
        return tuple(turns)

    def _stand_in(self, mention: Mention) -> Entity:
        """The entity under a name of this extract: numbers follow the order in which she reads them."""
        entity = self._entities[mention.entity or ""]
        if entity.id not in self._given:
            label = self._desk.study.treatments[mention.type].label
            self._numbers[label] += 1
            self._given[entity.id] = replace(entity, pseudonym=f"{label}-{self._numbers[label]}")
        return self._given[entity.id]
