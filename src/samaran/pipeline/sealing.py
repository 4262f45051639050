"""Sealing what lies in the inbox, a stretch of it at a time: small sources of one subject share a pack, packs share their waits
for the disk. The order, and what a killed run leaves, are in docs/adr/0011-packs.md.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby

from samaran.audit.act import Draft, Facts, code_of
from samaran.audit.vocabulary import Act, Code, Phase
from samaran.disk import sync_folder
from samaran.errors import Defect, SamaranError
from samaran.model import Reason
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.intake import Arrival
from samaran.state import SourceRow, Stage
from samaran.vault.pack import Changed, Member, length
from samaran.vault.padding import SMALL
from samaran.vault.seal import Sealed, seal_pack

_MOST = 256
"""Sources in one stretch; their tar is at most `SMALL`."""

Left = dict[str, Reason | SamaranError]
"""Sources that were not sealed, and why: they are refused for a reason, or failed."""


@dataclass(frozen=True, slots=True)
class _Pack:
    name: str
    sid: str
    recipient: str
    arrivals: tuple[Arrival, ...]
    members: tuple[Member, ...]


def stretch(arrivals: Iterable[Arrival]) -> tuple[Arrival, ...]:
    """The first of these and as many of the next as are sealed together with it; a large one is alone."""
    found: list[Arrival] = []
    total = 0
    for arrival in arrivals:
        total += length([arrival.size])
        if found and (len(found) == _MOST or total > SMALL):
            break
        found.append(arrival)
    return tuple(found)


def seal_stretch(desk: Desk, arrivals: Iterable[Arrival]) -> Left:
    """Seal originals and read them back; when this returns, all but those that it names are durable and stand in the state.

    Whatever it raises, no source of the stretch counts as sealed, and `forget_unfinished` clears up in the next run.
    """
    left: Left = {}
    packs = tuple(_packs(desk, arrivals, left))
    if not packs:
        return left
    with _logged(desk, packs) as sealed:
        desk.state.begin_sealing({arrival.source_id: pack.name for pack in packs for arrival in pack.arrivals})
        for pack in packs:
            try:
                sealed[pack.name] = seal_pack(pack.members, desk.pack(pack.name), [pack.recipient])
            except Changed:
                left |= {arrival.source_id: Reason.CHANGED_WHILE_READ for arrival in pack.arrivals}
            except (SamaranError, OSError) as error:
                told = error if isinstance(error, SamaranError) else Defect(error)
                left |= {arrival.source_id: told for arrival in pack.arrivals}
        sync_folder(desk.pack(packs[0].name).parent)
    desk.state.put_sealed(
        [_row(arrival, pack.name) for pack in packs if pack.name in sealed for arrival in pack.arrivals],
        [arrival.source_id for pack in packs for arrival in pack.arrivals],
    )
    return left


def forget_unfinished(desk: Desk, present: Collection[str]) -> None:
    """Remove the packs of a killed run whose sources all lie in the inbox; leave every other pack where it is."""
    noted = desk.state.sealing()
    for pack, ids in noted.items():
        if all(source_id in present and desk.state.source(source_id) is None for source_id in ids):
            desk.pack(pack).unlink(missing_ok=True)
    if noted:
        sync_folder(desk.pack("").parent)
        desk.state.put_sealed((), [source_id for ids in noted.values() for source_id in ids])


def _packs(desk: Desk, arrivals: Iterable[Arrival], left: Left) -> Iterator[_Pack]:
    for subject, neighbours in groupby(arrivals, key=lambda arrival: arrival.subject):
        members = {arrival: _member(desk, arrival) for arrival in neighbours}
        left |= {arrival.source_id: why for arrival, why in members.items() if not isinstance(why, Member)}
        whole = {arrival: member for arrival, member in members.items() if isinstance(member, Member)}
        bound = desk.subject_recipient(subject) if whole else None
        if bound is None:
            left |= {arrival.source_id: Reason.POOL_EXHAUSTED for arrival in whole}
            continue
        name = desk.name("pack", *(arrival.source_id for arrival in whole))
        yield _Pack(name, *bound, tuple(whole), tuple(whole.values()))


def _member(desk: Desk, arrival: Arrival) -> Member | Reason | SamaranError:
    """A small source is in memory from now on, and is the one that was received."""
    path = desk.study.inbox / arrival.path
    if length([arrival.size]) > SMALL:
        return Member(arrival.source_id, path, arrival.size, arrival.content)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Reason.CHANGED_WHILE_READ
    except OSError as error:
        return Defect(error)
    if hashlib.sha256(data).hexdigest() != arrival.content:
        return Reason.CHANGED_WHILE_READ
    return Member(arrival.source_id, data, len(data))


@contextmanager
def _logged(desk: Desk, packs: Iterable[_Pack]) -> Iterator[dict[str, Sealed]]:
    """All intents in the log before the block, all results after it. What the block puts into the mapping has succeeded."""
    acts = [(pack.name, pack.sid) for pack in packs for _ in pack.arrivals]
    seqs = desk.log.append([Draft(Act.SOURCE_SEAL, Phase.INTENT, COLLECTOR, {"sid": sid}) for _, sid in acts])
    sealed: dict[str, Sealed] = {}

    def end(code: str, done: Mapping[str, Sealed]) -> None:
        drafts = []
        for (name, sid), seq in zip(acts, seqs, strict=True):
            facts: Facts = {"sid": sid}
            if name in done:
                facts |= {"obj": done[name].sha256, "size": done[name].size}
            drafts.append(Draft(Act.SOURCE_SEAL, Phase.RESULT, COLLECTOR, facts, of=seq, code=Code.OK if name in done else code))
        desk.log.append(drafts)

    try:
        yield sealed
    except BaseException as error:
        with suppress(SamaranError):  # what went wrong first is what has to be told
            end(code_of(error), {})
        raise
    end(Code.FAILED, sealed)


def _row(arrival: Arrival, pack: str) -> SourceRow:
    given = arrival.placement
    return SourceRow(
        arrival.source_id,
        arrival.content_tag,
        arrival.subject,
        given.informants,
        given.method,
        given.wave,
        Stage.SEALED,
        pack=pack,
        recorded=arrival.recorded,
    )
