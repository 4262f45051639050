"""What the audit log says, sorted by what it is evidence of. Only numbers, codes and hours come out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from samaran.assessment import Assessment
from samaran.audit.entry import Entry
from samaran.audit.vocabulary import Act, Case, Code, Phase
from samaran.model import Reason
from samaran.pipeline import incidents
from samaran.report.facts import EXTRACT, Assessed, Extracts, Incident, Opening, Openings, Runs

_NIGHT = frozenset({*range(22, 24), *range(5)})
_EAST_H = 7  # western Indonesian time
_FAR_EAST_H = 9  # eastern
_CONSENT = frozenset({Reason.NO_CONSENT, Reason.UNKNOWN_INFORMANT})

_OPENING = (Act.SOURCE_OPEN, Act.INFORMANT_EXTRACT)

_RESULTS: Mapping[str, tuple[Act, ...]] = {
    "C02": (Act.RELEASE_MAKE,),
    "C03": (Act.INFORMANT_WITHDRAW,),
    "C05": (Act.INFORMANT_WITHDRAW, Act.RETENTION_DESTROY),
    "C06": (Act.SOURCE_SEAL, Act.DRILL_RUN),
    "C08": (Act.RUN_START,),
    "C09": (Act.RUN_START,),
    "C11": (Act.REVIEW_DECIDE,),
    "C13": (*_OPENING, Act.REVIEW_SHEET),
    "C14": _OPENING,
    "C15": (Act.REVIEW_DECIDE,),
    "C16": (Act.RELEASE_MAKE,),
    "C19": (Act.RELEASE_MAKE,),
    "C20": (Act.REGISTER_LINK,),
    "C25": (Act.RELEASE_MAKE,),
    "C27": (Act.RELEASE_MAKE,),
    "C28": (Act.RUN_START,),
    "C32": (Act.RUN_START,),
}
"""Control to the acts whose results show it."""


@dataclass(slots=True)
class Trail:
    """Entries of the log, by act: intents, and results by the number of their intent."""

    intents: dict[str, list[Entry]] = field(default_factory=dict)
    results: dict[str, list[Entry]] = field(default_factory=dict)
    cases: list[Entry] = field(default_factory=list)
    size: int = 0

    def done(self, act: str) -> list[Entry]:
        """Results of an act that ended well."""
        return [entry for entry in self.results.get(act, ()) if entry.code == Code.OK]

    def proofs(self) -> Mapping[str, tuple[int, ...]]:
        """Per control, the entries that show it."""
        found = {name: tuple(sorted(e.seq for act in acts for e in self.results.get(act, ()))) for name, acts in _RESULTS.items()}
        refused = [e.seq for e in self.results.get(Act.SOURCE_REFUSE, ()) if e.code in _CONSENT]
        scope = [e.seq for e in self.results.get(Act.RELEASE_WITHHOLD, ()) if e.code == Reason.CONSENT_SCOPE]
        found["C01"] = tuple(sorted([*(e.seq for e in self.done(Act.SOURCE_SEAL)), *refused]))
        found["C02"] = tuple(sorted([*found["C02"], *scope]))
        found["C12"] = found["C22"] = tuple(range(self.size))
        for name, kinds in (("C04", ("access-request", "correction-request")), ("C07", ("breach",)), ("C23", ("adverse-event",))):
            found[name] = tuple(s for i in incidents.fold(self.cases) if i.kind in kinds for s in i.entries)
        found["C04"] = tuple(sorted([*found["C04"], *(e.seq for e in self.results.get(Act.INFORMANT_EXTRACT, ()))]))
        return found


def trail(entries: Iterable[Entry]) -> Trail:
    """Sort the entries of a log."""
    found = Trail()
    for entry in entries:
        (found.intents if entry.phase == Phase.INTENT else found.results).setdefault(entry.act, []).append(entry)
        if entry.act.startswith("incident."):
            found.cases.append(entry)
        found.size = entry.seq + 1
    return found


def opened(found: Trail) -> list[Entry]:
    """Each act that opened an original, as it began, in the order of the log."""
    return sorted((e for act in _OPENING for e in found.intents.get(act, ())), key=lambda e: e.seq)


def openings(found: Trail) -> Openings:
    """Who opened an original, also for an extract, and when reviewers got raw context."""
    ends = {entry.of: entry for act in _OPENING for entry in found.results.get(act, ())}
    rows = tuple(
        Opening(
            *(e.seq, e.t[:13], e.actor, e.second or ""),
            EXTRACT if e.act == Act.INFORMANT_EXTRACT else e.why or "",
            str(ends[e.seq].code) if e.seq in ends else "",
        )
        for e in opened(found)
    )
    sheets = found.done(Act.REVIEW_SHEET)
    night = sum((int(hour[11:13]) + _EAST_H) % 24 in _NIGHT for hour in [*(r.hour for r in rows), *(e.t for e in sheets)])
    alone = sum(row.second in ("", row.actor) for row in rows)
    return Openings(dict(Counter(row.why for row in rows)), alone, rows, len(sheets), night)


def runs(found: Trail, *, expires: str, objects: Iterable[str], sources: int) -> Runs:
    """Runs and the record of processing. `objects` are the digests of the sealed originals as they lie there."""
    begun = found.intents.get(Act.RUN_START, [])
    logged = {e.obj for e in found.done(Act.SOURCE_SEAL)}
    acts = Counter(e.act for kind in found.results.values() for e in kind)
    return Runs(
        total=len(begun),
        first=begun[0].t[:10] if begun else "",
        late=sum(bool(expires) and e.t[:10] > expires for e in begun),
        bare=sum(not (e.cfg and e.model and e.pkg) for e in begun),
        abandoned=sum(e.code == Code.ABANDONED for e in found.results.get(Act.RUN_START, ())),
        sources=sources,
        recorded=sum(digest in logged for digest in objects),
        acts=tuple(sorted(acts.items())),
    )


def assessed(found: Trail, known: Assessment | None) -> Assessed | None:
    """The impact assessment, and the runs whose entries bear its digest or, after its approval, another."""
    if known is None:
        return None
    begun = [e for e in found.intents.get(Act.RUN_START, ()) if e.obj]
    same = sum(e.obj == known.digest for e in begun)
    other = sum(e.obj != known.digest and bool(known.on) and e.t[:10] > known.on for e in begun)
    return Assessed(known.version, known.on, known.by or "nobody", known.open, len(known.left), same, other)


def taken_in(found: Trail) -> Mapping[str, str]:
    """Digest of a sealed original to the last day on which it can have been taken in, anywhere in Indonesia."""
    hours = {e.obj: datetime.fromisoformat(e.t) for e in found.done(Act.SOURCE_SEAL) if e.obj}
    return {obj: f"{hour + timedelta(hours=_FAR_EAST_H):%Y-%m-%d}" for obj, hour in hours.items()}


def cases(found: Trail, now: datetime) -> tuple[Incident, ...]:
    """Incidents as the report tells them."""
    return tuple(
        Incident(
            i.number,
            i.kind,
            f"{i.opened:%Y-%m-%d}",
            i.hours(now),
            i.late(now),
            tuple(step for step, _ in i.steps) + ((i.ended,) if i.ended else ()),
            f"{i.closed:%Y-%m-%d}" if i.closed else "",
            i.entries,
        )
        for i in incidents.fold(found.cases)
    )


def extracts(found: Trail) -> Extracts:
    """What informants got who asked for access."""
    asked = {i.number for i in incidents.fold(found.cases) if i.kind == Case.ACCESS}
    begun = {e.seq: e.n for e in found.intents.get(Act.INFORMANT_EXTRACT, ())}
    made = [begun.get(e.of if e.of is not None else -1) for e in found.done(Act.INFORMANT_EXTRACT)]
    return Extracts(len(made), sum(number not in asked for number in made))


def due(found: Trail) -> tuple[tuple[str, datetime], ...]:
    """What incidents still ask for, and until when."""
    return tuple((f"{i.kind}-due", i.deadline) for i in incidents.fold(found.cases) if i.done is None)


def drilled(found: Trail) -> str:
    """The day of the last recovery drill that succeeded."""
    done = found.done(Act.DRILL_RUN)
    return done[-1].t[:10] if done else ""


def overdue(day: str, days: int, now: datetime) -> bool:
    """Whether something that was done on a day, and is due after so many days, is late."""
    return bool(day) and datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=days + 1) < now
