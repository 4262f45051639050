"""What stands where in a study: ids, counts and reasons."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from samaran.model import Method, Reason
from samaran.pipeline.ceremony import is_low, pool_state
from samaran.pipeline.desk import Desk
from samaran.pipeline.drilling import overdue
from samaran.pipeline.incidents import CLOCK_H, Incident, incidents
from samaran.pipeline.retaining import Kept, destroyed, retention
from samaran.pipeline.timebox import left_open
from samaran.pipeline.versions import standing
from samaran.pipeline.withdrawing import remainder
from samaran.state import Joined, ReleaseRow, Version
from samaran.vault.holders import read_holders
from samaran.withdrawals import EXECUTED, Withdrawal


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: how far it has come and what is open in it. `corrects` is the earlier version whose place it takes, `joined`
    what became of its segments and decisions, None while the two wait."""

    source_id: str
    informants: tuple[str, ...]
    method: Method
    wave: int
    stage: str
    reason: Reason | None
    segments: int
    mentions: int
    open: int
    corrects: str = ""
    joined: Joined | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalStatus:
    """One withdrawal and its clock: hours left until 72 have passed, negative when they have; None once it is carried out."""

    informant: str
    scope: str
    stage: str
    requested: str
    executed: str
    hours_left: float | None
    places: tuple[str, ...]
    copies: tuple[str, ...]
    rows: int  # lines of tables and files in the inbox that are still about them


@dataclass(frozen=True, slots=True)
class IncidentStatus:
    """An open incident: what is due, and the hours left until 72 have passed, negative when they have; None if nothing is due."""

    number: int
    kind: str
    due: tuple[str, ...]
    hours_left: int | None


@dataclass(frozen=True, slots=True)
class Status:
    """The whole study in figures."""

    study: str
    sources: int
    segments: int
    mentions: int
    open: int
    by_type: Mapping[str, int]
    rows: tuple[SourceStatus, ...]
    refused: Mapping[str, Reason]
    releases: tuple[ReleaseRow, ...]
    pool_size: int
    pool_free: int
    withdrawals: tuple[WithdrawalStatus, ...] = ()
    drills_due: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    retention: tuple[Kept, ...] = ()
    incidents: tuple[IncidentStatus, ...] = ()
    clock_behind: bool = False  # deadlines are then reckoned from the log's newest hour
    suspicious: int = 0  # unmarked stretches that stand out: a reviewer should look at them
    suspicious_per_1000: float = 0.0  # words
    missing: int = 0  # originals whose sealed file is not here

    @property
    def pool_low(self) -> bool:
        """Whether a fifth or less of the key pool is left."""
        return is_low(self.pool_free, self.pool_size)


def status(desk: Desk) -> Status:
    """Read the state; nothing is changed and nothing raw is opened."""
    per_source, by_type = Counter[str](), Counter[str]()
    for (source_id, kind), count in desk.state.mention_counts().items():
        per_source[source_id] += count
        by_type[kind] += count
    waiting = desk.state.waiting()
    segments = desk.state.segment_counts()
    sources = desk.state.sources()
    suspicious, words = sum(row.suspicious for row in sources), sum(row.words for row in sources)
    frozen, elsewhere, versions = desk.frozen, standing(desk), desk.state.versions()
    alone = Version("")
    rows = tuple(
        SourceStatus(
            row.source_id,
            row.informants,
            row.method,
            row.wave,
            row.stage,
            Reason.WITHDRAWN if frozen.intersection(row.informants) else elsewhere.get(row.source_id, row.reason),
            segments.get(row.source_id, 0),
            per_source[row.source_id],
            0 if elsewhere.get(row.source_id) is Reason.SUPERSEDED else waiting.get(row.source_id, 0),
            versions.get(row.source_id, alone).earlier,
            versions.get(row.source_id, alone).joined,
        )
        for row in sources
    )
    vault = desk.study.folder / "vault"
    free, size = pool_state(desk)
    sealed = () if "originals" in destroyed(desk) else sources
    return Status(
        study=desk.study.name,
        sources=len(rows),
        segments=sum(segments.values()),
        mentions=sum(per_source.values()),
        open=sum(row.open for row in rows),
        by_type=dict(sorted(by_type.items())),
        rows=rows,
        refused=desk.state.refusals(),
        releases=desk.state.releases(),
        pool_size=size,
        pool_free=free,
        retention=tuple(kept for kept in retention(desk) if kept.due or kept.destroyed),
        left_open=tuple(str(path) for path in left_open(desk)),
        drills_due=overdue(desk, (holder.id for holder in read_holders(vault) if holder.role != "reviewer")),
        withdrawals=tuple(_withdrawal(desk, w) for w in desk.withdrawals),
        incidents=tuple(_incident(incident, desk.now) for incident in incidents(desk) if incident.closed is None),
        clock_behind=desk.clock_behind,
        suspicious=suspicious,
        suspicious_per_1000=round(suspicious * 1000 / max(1, words), 1),
        missing=sum(not desk.sealed(row).exists() for row in sealed),
    )


def _incident(incident: Incident, moment: datetime) -> IncidentStatus:
    left = None if incident.done else CLOCK_H - incident.hours(moment)
    return IncidentStatus(incident.number, incident.kind, incident.due, left)


def _withdrawal(desk: Desk, withdrawal: Withdrawal) -> WithdrawalStatus:
    done = withdrawal.stage == EXECUTED
    left = remainder(desk, withdrawal)
    return WithdrawalStatus(
        withdrawal.informant,
        withdrawal.scope,
        withdrawal.stage,
        withdrawal.requested,
        withdrawal.executed,
        None if done else round(withdrawal.hours_left(desk.now), 1),
        withdrawal.places,
        withdrawal.copies,
        sum(len(rows.lines) for rows in left.rows) + len(left.files),
    )
