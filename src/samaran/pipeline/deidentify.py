"""From the inbox to sanitized segments: seal, read, detect, link, second pass, sanitize.

`seal` takes one stretch of the inbox after the other, so that the state lists sources in its order. `prepare` and `finish` take
one source each and may run for several sources at once; `link` stands between them and takes all, so that pseudonyms don't depend
on which document happened to be ready first. Each step keeps its outcome before the next one
starts: a killed run goes on where it was. The raw file leaves the inbox last.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from samaran import assessment, codec, review
from samaran.disk import sync_folder
from samaran.errors import Busy, Defect, SamaranError, UsageError
from samaran.ingest import Unreadable
from samaran.ingest.speech import Listener, NotTranscribed, load
from samaran.model import Mention, Reason, Transcript
from samaran.pipeline import alarm
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.intake import Arrival, Intake, digest, receive
from samaran.pipeline.linking import linked
from samaran.pipeline.reading import Changed, Reread, Tell, detected, heard, read
from samaran.pipeline.retaining import destroyed
from samaran.pipeline.sanitizing import Sought, found, keep, look_for
from samaran.pipeline.sealing import forget_unfinished, seal_stretch, stretch
from samaran.pipeline.timebox import wipe_left_open
from samaran.pipeline.work import Draft, Parts, seal_work
from samaran.state import SourceRow, Stage

if TYPE_CHECKING:
    from samaran.detect import Detector


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source in this run: `done`, `quarantined`, `refused` or `failed`, with the reason or the error."""

    source_id: str
    what: str
    reason: Reason | None = None
    error: SamaranError | None = None


class _Frozen(Exception):
    """The informant has withdrawn since the run began."""


class Run:
    """One run over the inbox. Raw transcripts are in memory between `prepare` and `finish`, nowhere else; those of chats too
    long for that are read again for each step, part by part, which `tell` hears of.

    `seal`, `prepare` and `finish` keep every error with its source, except `Busy`: try the step again, or `give_up` the source.
    """

    def __init__(self, desk: Desk, tell: Tell = lambda *_: None) -> None:
        self.desk = desk
        self._tell = tell
        self.intake: Intake = receive(desk)
        self.outcomes: dict[str, Outcome] = {r.source_id: Outcome(r.source_id, "refused", r.reason) for r in self.intake.refused}
        self._arrivals = {arrival.source_id: arrival for arrival in self.intake.arrivals}
        self._drafts: dict[str, Parts] = {}
        self._found: dict[str, review.Settled] = {}
        self._ready: frozenset[str] = frozenset()
        self._sought: Sought | None = None
        self._lock = threading.Lock()
        self._detector: Detector | None = None
        self._listener: Listener | None = None
        self._loading = threading.Lock()
        self._act = desk.log.act("run.start", actor=COLLECTOR, obj=assessment.digest(desk.study.folder), **desk.versions)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Sources to take in, in the order of their names in the inbox."""
        return tuple(self._arrivals)

    @property
    def detector(self) -> "Detector":
        """The detector, loaded once, when the first source needs it."""
        from samaran.detect import Detector

        with self._loading:
            if self._detector is None:
                self._detector = Detector(self.desk.study.detection.model)
            return self._detector

    @property
    def listener(self) -> Listener:
        """What hears recordings, loaded once, when the first one needs it. Raises `NotTranscribed`."""
        with self._loading:
            if self._listener is None:
                self._listener = load(Path(self.desk.study.detection.speech))
            return self._listener

    def begin(self) -> None:
        """Log that a run starts, and what stays in the inbox. Raises `UsageError` when the ethics approval has expired, or the
        clock can't tell; `Waiting` until the impact assessment is approved; `IntegrityError` while a failed verification waits to
        be acknowledged."""
        alarm.check(self.desk.study.folder)
        expires = self.desk.study.protocol.expires
        if expires:
            self.desk.check_clock()
        if expires and expires < self.desk.today:
            raise UsageError("The ethics approval in study.toml has expired.", "Renew it and write the new date in [protocol].")
        assessment.approved(self.desk.study.folder, self.desk.today)
        if gone := destroyed(self.desk):
            raise UsageError(
                f"The retention of this study has ended: {', '.join(sorted(gone))} are destroyed.",
                "Make a new study for new files.",
            )
        wipe_left_open(self.desk)
        self._act.__enter__()
        before = self.desk.state.refusals()
        for refused in self.intake.refused:
            if before.get(refused.source_id) is not refused.reason:
                self._log("source.refuse", refused.reason)
        self.desk.state.set_refusals({r.source_id: r.reason for r in self.intake.refused})
        self.desk.state.set_places({a.source_id: a.place for a in self.intake.arrivals})
        forget_unfinished(self.desk, self._arrivals.keys())
        self._conclude()

    def seal(self, source_id: str) -> None:
        """Seal the original and read it back, and with it those of the next sources that are sealed together with it."""
        if source_id not in self.outcomes:
            self._guarded(source_id, self._seal)

    def prepare(self, source_id: str) -> None:
        """Read a sealed source and detect; quarantine what can't be read."""
        self._guarded(source_id, self._prepare)

    def link(self) -> None:
        """Give every new person, place and number its entity, over all prepared sources in the order of their names, but for
        those of whoever has withdrawn since."""
        while (changed := self._link()) is not None:
            self._refuse(changed, Reason.CHANGED_WHILE_READ)
            del self._drafts[changed]

    def _link(self) -> str | None:
        """The source that stood in the way, because its raw file is not what it was."""
        desk, file, frozen = self.desk, self.desk.register, self.desk.frozen
        ready = [a for a in self._arrivals.values() if not a.earlier and frozen.isdisjoint(a.placement.informants)]
        drafts = {a.source_id: self._drafts[a.source_id] for a in ready if a.source_id in self._drafts}
        new = {source_id: parts for source_id, parts in drafts.items() if source_id not in file.linked}
        try:
            register = linked(file.register, [*new.values()], lambda draft: draft.mentions, desk.naming_key)
            self._sought = look_for(desk, register.entities, drafts.values())
            self._found = {}
            self._found = {i: self._settled(draft) for i, parts in drafts.items() if isinstance(parts, tuple) for draft in parts}
            if new:
                with desk.log.act("register.link", actor=COLLECTOR, cfg=desk.versions["cfg"], n=len(new)) as act:
                    register = linked(register, [*new.values()], lambda draft: self._settled(draft).mentions, desk.naming_key)
                    desk.save_register(replace(file, register=register, linked=file.linked | new.keys()))
                    act.ok(n=len(register.entities))
        except Changed as changed:
            return str(changed)
        self._ready = frozenset(drafts)
        return None

    def _settled(self, draft: Draft) -> review.Settled:
        """What was found in a draft in all; kept for sources that are in memory."""
        assert self._sought is not None
        return self._found.get(draft.row.source_id) or found(self.desk, draft, self._sought)

    def finish(self, source_id: str) -> None:
        """Sanitize with the pseudonyms of the whole study, seal the raw segments, and let go of the raw file."""
        self._guarded(source_id, self._finish)

    def give_up(self, source_id: str, error: Busy) -> None:
        """Leave a source for the next run: something that it needs was in use for too long."""
        self.outcomes[source_id] = Outcome(source_id, "failed", error=error)

    def end(self) -> None:
        """Log that the run is over, and sign the log."""
        order = {source_id: n for n, source_id in enumerate(self.source_ids)}
        self.outcomes = {i: self.outcomes[i] for i in sorted(self.outcomes, key=lambda i: order.get(i, -1))}
        self._act.ok(n=sum(outcome.what == "done" for outcome in self.outcomes.values()))
        self._act.__exit__(None, None, None)
        self.desk.sign()

    def _conclude(self) -> None:
        """Sources whose raw file a killed run let go of without saying so: there is nothing left to do for them but to say it.
        And those of which nothing was read before another file took their place in the inbox."""
        present = self._arrivals.keys() | {refused.source_id for refused in self.intake.refused}
        places = {arrival.place for arrival in self.intake.arrivals}
        replaced = {i for i, version in self.desk.state.versions().items() if version.place in places}
        for row in self.desk.state.sources():
            if row.source_id in present:
                continue
            if row.stage == Stage.SEALED and row.source_id in replaced and row.reason is None:
                self.desk.state.put_source(replace(row, stage=Stage.SUPERSEDED, reason=Reason.SUPERSEDED))
            if row.stage == Stage.SANITIZED:
                self.desk.state.put_source(replace(row, stage=Stage.DONE))
            elif row.stage != Stage.QUARANTINED and row.reason and self._note(row).exists():
                self.desk.state.put_source(replace(row, stage=Stage.QUARANTINED))

    # one source

    def _guarded(self, source_id: str, step: Callable[[Arrival], None]) -> None:
        try:
            if self.desk.frozen.intersection(self._arrivals[source_id].placement.informants):
                raise _Frozen
            step(self._arrivals[source_id])
        except Changed:
            self._refuse(source_id, Reason.CHANGED_WHILE_READ)
        except _Frozen:
            self._refuse(source_id, Reason.WITHDRAWN)
        except Busy:
            raise
        except SamaranError as error:
            self.outcomes[source_id] = Outcome(source_id, "failed", error=error)
        except Exception as error:  # in a reader or detector: this source waits, whole, in the inbox
            self._log("source.refuse", Reason.DETECTOR_FAILED)
            self.outcomes[source_id] = Outcome(source_id, "failed", Reason.DETECTOR_FAILED, Defect(error))
        if source_id in self.outcomes:
            with self._lock:
                self._drafts.pop(source_id, None)

    def _prepare(self, arrival: Arrival) -> None:
        row = self.desk.state.source(arrival.source_id)
        if row is None:
            return
        if row.stage == Stage.SANITIZED:
            self._let_go(row, arrival)
        elif row.stage == Stage.CORRECTED:
            self._await(row, arrival)
        elif row.stage == Stage.KEPT:
            self._keep(row, arrival, row.reason)
        elif row.reason is not None or arrival.duplicate:
            self._quarantine(row, arrival, row.reason or Reason.DUPLICATE)
        elif arrival.media and not self.desk.study.detection.speech:
            self._keep(row, arrival)
        elif arrival.media:
            try:
                drafts = tuple(heard(self.desk, arrival, row, self.listener))
            except NotTranscribed as error:
                self._keep(row, arrival, Reason.NOT_TRANSCRIBED, error)
                return
            self._hold(row, detected(self.desk, drafts, row, self._finder(row)))
        else:
            try:
                found = detected(self.desk, read(self.desk, arrival, row, self._tell), row, self._finder(row))
            except Unreadable as unreadable:
                self._quarantine(row, arrival, unreadable.reason)
                return
            self._hold(row, found or Reread(self.desk, arrival, row, self._tell))

    def _hold(self, row: SourceRow, parts: Parts) -> None:
        with self._lock:
            self._drafts[row.source_id] = parts

    def _finder(self, row: SourceRow) -> Callable[[Transcript], tuple[Mention, ...]]:
        scholars = row.method in self.desk.study.keep_scholars
        return lambda text: self.detector.find(text, self.desk.register.register.entities, keep_scholars=scholars)

    def _finish(self, arrival: Arrival) -> None:
        parts = self._drafts.get(arrival.source_id)
        if parts is None or self._sought is None or not (arrival.earlier or arrival.source_id in self._ready):
            return
        desk = self.desk
        bound = desk.subject_recipient(arrival.subject)
        row = desk.state.source(arrival.source_id)
        if bound is None or row is None:
            raise SamaranError("The key pool has lost a subject.", "Restore vault/pool.txt from a copy.")
        for draft in parts:
            seal_work(desk, draft, bound[1])
        if arrival.earlier:
            row = replace(row, stage=Stage.CORRECTED, reason=Reason.CORRECTION_DUE, format=draft.transcript.format)
            desk.state.correct(row, arrival.earlier)
            self._await(row, arrival)
        else:
            row = keep(desk, row, parts, self._settled, self._sought, stage=Stage.SANITIZED)
            self._let_go(row, arrival)

    def _seal(self, arrival: Arrival) -> None:
        if self.desk.state.source(arrival.source_id) is not None:
            return
        together = stretch(self._waiting_from(arrival))
        try:
            left = seal_stretch(self.desk, together)
        except Busy:
            raise
        except Exception as error:  # none of them counts as sealed
            told = error if isinstance(error, SamaranError) else Defect(error)
            left = dict.fromkeys((one.source_id for one in together), told)
        for source_id, why in left.items():
            if isinstance(why, Reason):
                self._refuse(source_id, why)
            else:
                self.outcomes[source_id] = Outcome(source_id, "failed", error=why)

    def _waiting_from(self, first: Arrival) -> Iterator[Arrival]:
        """This source and all after it that are to be sealed."""
        frozen, ids = self.desk.frozen, self.source_ids
        for source_id in ids[ids.index(first.source_id) :]:
            arrival = self._arrivals[source_id]
            gone = source_id in self.outcomes or bool(frozen.intersection(arrival.placement.informants))
            if not gone and self.desk.state.source(source_id) is None:
                yield arrival

    def _quarantine(self, row: SourceRow, arrival: Arrival, reason: Reason) -> None:
        desk = self.desk
        desk.state.put_source(replace(row, reason=reason))
        if not row.pack and desk.original(row.source_id).exists():
            desk.original(row.source_id).replace(desk.quarantined(row.source_id))
        note = {"source": row.source_id, "reason": str(reason)}
        self._note(row).write_text(codec.compact(note) + "\n", encoding="utf-8")
        self._log("source.quarantine", reason, desk.register.subjects[row.subject])
        row = replace(row, stage=Stage.QUARANTINED, reason=reason)
        self._unlink(row, arrival)
        desk.state.put_source(row)
        self.outcomes[row.source_id] = Outcome(row.source_id, "quarantined", reason)

    def _keep(self, row: SourceRow, arrival: Arrival, reason: Reason | None = None, error: SamaranError | None = None) -> None:
        """A recording: it lies sealed, and there is nothing more to do. `reason`, `error`: why it has no transcript."""
        desk = self.desk
        desk.state.put_source(replace(row, stage=Stage.KEPT, reason=reason, format="recording", detector=desk.detected_by))
        self._unlink(row, arrival)
        self.outcomes[row.source_id] = Outcome(row.source_id, "done", reason, error)

    def _await(self, row: SourceRow, arrival: Arrival) -> None:
        """A corrected version: it waits for the review desk, where it is joined with the earlier one."""
        self._unlink(row, arrival)
        self.outcomes[row.source_id] = Outcome(row.source_id, "done", Reason.CORRECTION_DUE)

    def _let_go(self, row: SourceRow, arrival: Arrival) -> None:
        self._unlink(row, arrival)
        self.desk.state.put_source(replace(row, stage=Stage.DONE))
        self.outcomes[row.source_id] = Outcome(row.source_id, "done")

    def _unlink(self, row: SourceRow, arrival: Arrival) -> None:
        """Let go of the raw file: it must be the one that was sealed, and the sealed file must be there."""
        path = self._raw(arrival)
        if not self.desk.sealed(row).exists():
            raise SamaranError("The sealed copy of a source is missing.", "Bring it back from a copy of the vault first.")
        if digest(path) != arrival.content:
            raise Changed(row.source_id)
        path.unlink()
        sync_folder(path.parent)

    def _refuse(self, source_id: str, reason: Reason) -> None:
        self._log("source.refuse", reason)
        self.desk.state.put_refusal(source_id, reason)
        self.outcomes[source_id] = Outcome(source_id, "refused", reason)

    def _note(self, row: SourceRow) -> Path:
        return self.desk.quarantined(row.source_id).with_suffix(".json")

    def _raw(self, arrival: Arrival) -> Path:
        return self.desk.study.inbox / arrival.path

    def _log(self, act: str, reason: Reason, sid: str | None = None) -> None:
        self.desk.log.record(act, reason, actor=COLLECTOR, sid=sid)


def deidentify(desk: Desk, tell: Callable[[str, int, int], None] = lambda *_: None) -> Run:
    """The stages in order, in this process: the same that flows/deidentify.py runs as Prefect tasks."""
    run = Run(desk, tell)
    run.begin()
    _each(run, "seal", run.seal, tell)
    _each(run, "prepare", run.prepare, tell)
    run.link()
    _each(run, "finish", run.finish, tell)
    run.end()
    return run


def _each(run: Run, name: str, step: Callable[[str], None], tell: Callable[[str, int, int], None]) -> None:
    ids = run.source_ids
    for n, source_id in enumerate(ids):
        tell(name, n, len(ids))
        try:
            step(source_id)
        except Busy as busy:
            run.give_up(source_id, busy)
