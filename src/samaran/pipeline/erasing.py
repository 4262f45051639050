"""What a withdrawal takes out of the register and the state, and what it leaves so that everybody else's text stays as it is.

- Names, numbers and accounts of the one who withdrew, and whatever stands only in their material, leave the register.
- Of everybody else those forms stay that stand in somebody else's material or on the roster.
- Where others speak of the one who withdrew, the mention is pinned: span, type and pseudonym, no name. The entity gets an id
  that isn't made from the name.
- Keyed digests of forms that were looked for are forgotten with the forms.
- A source of somebody else that a run left half way is linked again by the next run: nothing of it was shown to anybody yet.
"""

import re
import secrets
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from samaran.model import Entity, EntityType, Form, Register
from samaran.pipeline.desk import Desk
from samaran.pipeline.work import Draft
from samaran.pseudonymize import fold, read_roster
from samaran.register import RegisterFile
from samaran.state import Erasure, MentionRow, PinRow, Stage

_TOKEN = re.compile(r"[^\W_]+")
_ENDINGS = ("", "na", "nya")


@dataclass(frozen=True, slots=True, repr=False)
class Erased:
    """The register and the state's erasure, to be kept in this order: state, then register."""

    register: RegisterFile
    state: Erasure


def erasure(desk: Desk, code: str, source_ids: Collection[str], sids: Collection[str], others: Iterable[Draft]) -> Erased:
    """Work out what goes when `source_ids` of an informant go. `others` are all other sources, opened; each is looked at once.
    Nothing is changed."""
    file = desk.register
    rows = [row for row in desk.state.mentions() if row.source_id not in source_ids]
    theirs = [row for row in desk.state.mentions() if row.source_id in source_ids]
    left, gone, forgotten = _divided(desk, code, source_ids, others, rows, theirs)
    fresh = {entity.id: _fresh() for entity in gone}
    pseudonyms = {entity.id: entity.pseudonym for entity in gone}
    pins = [
        PinRow(row.source_id, replace(row.mention, entity=fresh[entity]), pseudonyms[entity])
        for row in rows
        if (entity := row.mention.entity) in fresh
    ]
    forget = {desk.name("form", kind, form.text, int(form.word)) for kind, form in forgotten}
    passes = {
        digest: (desk.name("pass", *sorted(forms - forget)), forms - forget)
        for digest, forms in desk.state.passes().items()
        if forms & forget
    }
    register = RegisterFile(
        Register(tuple(left), file.register.counters),
        {subject: sid for subject, sid in file.subjects.items() if sid not in sids},
        file.linked.difference(source_ids, (row.source_id for row in desk.state.sources() if row.stage == Stage.SEALED)),
        file.spent.union(sids),
    )
    return Erased(register, Erasure(tuple(sorted(source_ids)), tuple(pins), fresh, passes))


def _divided(
    desk: Desk,
    code: str,
    source_ids: Collection[str],
    others: Iterable[Draft],
    rows: Iterable[MentionRow],
    theirs: Iterable[MentionRow],
) -> tuple[list[Entity], list[Entity], list[tuple[str, Form]]]:
    """Entities that stay, entities that go, and all forms that go."""
    entities = desk.register.register.entities
    own = [e for e in entities if _belongs(e, code) and e.type.direct]
    roster = _roster(desk, code)
    named = {(e.type, fold(form.text, e.type)) for e in own for form in e.forms}
    whole_names = [_tokens(f.text) for e in own if e.type is EntityType.PERSON for f in e.forms if not (f.word or f.part)]
    mentioned, only_theirs = {row.mention.entity for row in rows}, {row.mention.entity for row in theirs}
    standing = _standing([form.text for e in entities for form in e.forms], others)
    left: list[Entity] = []
    gone: list[Entity] = []
    forgotten: list[tuple[str, Form]] = []
    for entity in entities:
        known = roster.get(entity.id, frozenset())
        forms = tuple(f for f in entity.forms if f.text in known or f.text in standing)
        whole = any(not f.part for f in forms)
        unclear = entity.source is not None and all((entity.type, fold(f.text, entity.type)) in named for f in entity.forms)
        unclear |= entity.type is EntityType.PERSON and any(
            _within(name, _tokens(f.text)) for f in entity.forms for name in whole_names
        )
        if not known and (entity in own or entity.source in source_ids or unclear):
            forms = ()
        elif entity.id in mentioned:
            forms = forms or entity.forms
        elif not known and (entity.id in only_theirs or not whole):
            forms = ()
        elif entity in own:  # a number that two people share
            entity = replace(entity, informant=None)
        forgotten += [(entity.type, f) for f in entity.forms if f not in forms]
        if forms:
            left.append(replace(entity, forms=forms))
        else:
            gone.append(entity)
    return left, gone, forgotten


def _roster(desk: Desk, code: str) -> Mapping[str, frozenset[str]]:
    """What the roster says of everybody else: entity id to forms."""
    from samaran.detect import common_word

    path = desk.study.folder / desk.study.detection.roster
    if not path.exists():
        return {}
    register = read_roster(path, desk.naming_key, words=common_word, without={code, code.replace("-", "")})
    return {entity.id: frozenset(form.text for form in entity.forms) for entity in register.entities}


def _standing(forms: Sequence[str], others: Iterable[Draft]) -> frozenset[str]:
    """Those forms that stand as whole words in a text or a property of these sources, in any case, with an ending or without."""
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    symbols = [form for form in forms if not _tokens(form)]  # a name of flowers, say
    for form in forms:
        tokens = _tokens(form)
        for ending in _ENDINGS if tokens else ():
            ended = (*tokens[:-1], tokens[-1] + ending)
            by_first.setdefault(ended[0], []).append((ended, form))
    found: set[str] = set()
    for draft in others:
        for text in (draft.transcript.text, *(p.value for p in draft.transcript.properties)):
            tokens = _tokens(text)
            for n, token in enumerate(tokens):
                found |= {form for ended, form in by_first.get(token, ()) if tokens[n : n + len(ended)] == ended}
            found |= {form for form in symbols if form in text}
    return frozenset(found)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(text.casefold()))


def _within(name: tuple[str, ...], tokens: tuple[str, ...]) -> bool:
    """Whether a name stands in a longer one: `rani ato` was taken for a person, and is hers."""
    return bool(name) and any(tokens[n : n + len(name)] == name for n in range(len(tokens)))


def _belongs(entity: Entity, code: str) -> bool:
    return (entity.informant or "").replace("-", "").casefold() == code.replace("-", "").casefold()


def _fresh() -> str:
    return "e" + b32encode(secrets.token_bytes(10)).decode().lower()
