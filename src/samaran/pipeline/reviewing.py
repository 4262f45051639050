"""The review desk: open mentions go out in a sheet, decisions come back, and what they touch is sanitized anew from raw text."""

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from samaran import review
from samaran.audit.act import Draft as LogDraft
from samaran.audit.vocabulary import Phase
from samaran.errors import KeyUnusable, UsageError
from samaran.model import Decision, EntityType, Register, Span, Verdict
from samaran.pipeline import joining
from samaran.pipeline.desk import Desk
from samaran.pipeline.pins import free, stand_ins
from samaran.pipeline.sanitizing import behind, found, keep, look_for, reviewable, sanitized
from samaran.pipeline.versions import standing
from samaran.pipeline.work import Draft, open_work
from samaran.pseudonymize import link
from samaran.state import MentionRow, SourceRow, Stage
from samaran.tables import delimiter
from samaran.vault.keys import PrivateKey
from samaran.vault.pool import unwrap

COLUMNS = (
    "mention",
    "source",
    "file",
    "line",
    "start",
    "end",
    "type",
    "score",
    "found_by",
    "pseudonym",
    "surface",
    "context",
    "decision",
    "new_type",
    "entity",
)
"""Of a sheet, in order. A reviewer fills the last three; docs/formats/sheet.md says how."""

SUSPICIOUS = "suspicious"
"""How `found_by` begins in a row that is no mention: it stayed unmarked but stands out. Left empty it holds nothing back."""

_WIDTH = 60
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, repr=False)
class SheetRow:
    """One open mention, or what stands out unmarked, with its surroundings: raw text, for the holder of a reviewer's key."""

    cells: Mapping[str, str] = field(repr=False)


def refresh(
    desk: Desk,
    key: PrivateKey,
    tell: Callable[[str, int, int], None] = lambda *_: None,
    *,
    opened: Callable[[SourceRow], Draft] | None = None,
    only: str = "",
) -> int:
    """Bring every source, or `only` one, up to date with the decisions and with all names settled since; return how many were
    touched. `opened` gives a source's raw text where more than this key is needed.

    Order as in a run: first the register learns what reviewers added, over all touched sources, then each is sanitized.
    Repeats until no source is behind: an added name may turn up elsewhere. Then corrected versions take over from earlier ones,
    and all is brought up to date again. Raises `KeyUnusable` when the key opens nothing.
    """
    from samaran.detect import common_word

    touched: set[str] = set()

    def open_now(row: SourceRow) -> Draft:
        return opened(row) if opened else open_source(desk, row, key)

    while True:
        file = desk.register
        register = _decided(desk, file.register)
        if register != file.register:
            desk.save_register(replace(file, register=register))
        wanted = look_for(desk, register.entities, ())
        late = [row for row in behind(desk, reviewable(desk), wanted) if only in ("", row.source_id)]
        if not late and joining.join(desk, open_now, key.id, only=only):
            continue
        if not late:
            return len(touched)
        drafts = [open_now(row) for row in late if desk.frozen.isdisjoint(row.informants)]
        settled = {d.row.source_id: found(desk, d, wanted) for d in drafts}
        documents = [d.document(free(settled[d.row.source_id].mentions, wanted.held)) for d in drafts]
        linked = link(register, documents, desk.naming_key, common_word)
        if linked != register:
            desk.save_register(replace(desk.register, register=linked))
        for n, draft in enumerate(drafts):
            tell("refresh", n, len(drafts))
            keep(desk, draft.row, (draft,), lambda one: settled[one.row.source_id], wanted)  # noqa: B023
            touched.add(draft.row.source_id)


def _decided(desk: Desk, register: Register) -> Register:
    """The register after all merges and acceptances so far; applying them again changes nothing."""
    into = {was: now for was, now in review.merges(desk.state.decisions()).items() if any(e.id == was for e in register.entities)}
    accepted = desk.state.accepted()
    accepted |= {into[entity] for entity in accepted if entity in into}
    return review.merged(register, into, lambda entity: entity in accepted)


def open_source(desk: Desk, row: SourceRow, key: PrivateKey) -> Draft:
    """The raw transcript of a source, in memory, by way of the informant's wrapped key."""
    sid = desk.register.subjects[row.subject]
    return open_work(desk, row, unwrap(desk.study.folder / "vault", sid, key))


def sheet(desk: Desk, key: PrivateKey, tell: Callable[[str, int, int], None] = lambda *_: None) -> tuple[SheetRow, ...]:
    """All open mentions, in document order, each with its surface and context. Logged: it shows raw text."""
    rows: list[SheetRow] = []
    with desk.log.act("review.sheet", actor=key.id) as act:
        refresh(desk, key, tell)
        unsettled = desk.state.waiting()
        waiting = [row for row in _current(desk) if row.source_id in unsettled]
        known = (*stand_ins(desk.state.pins()).values(), *desk.register.register.entities)
        pseudonyms = {entity.id: entity.pseudonym for entity in known}
        for n, row in enumerate(waiting):
            tell("sheet", n, len(waiting))
            if not desk.frozen.isdisjoint(row.informants):
                continue
            draft = open_source(desk, row, key)
            rows += [_sheet_row(draft, m, pseudonyms) for m in desk.state.mentions(row.source_id) if not m.settled]
        act.ok(n=len(rows))
    desk.sign()
    return tuple(rows)


def suspicious(desk: Desk, key: PrivateKey, tell: Callable[[str, int, int], None] = lambda *_: None) -> tuple[SheetRow, ...]:
    """What nobody marked but what stands out: a row for each form of the study, where it is met first, most suspicious first.
    Forms that a reviewer rejected once are left out. Logged: it shows raw text."""
    with desk.log.act("review.sheet", actor=key.id) as act:
        refresh(desk, key, tell)
        able = _current(desk)
        drafts = []
        for n, row in enumerate(able):
            tell("suspicious", n, len(able))
            if desk.frozen.isdisjoint(row.informants):
                drafts.append(open_source(desk, row, key))
        rows = tuple(_suspects(desk, drafts))
        act.ok(n=len(rows))
    desk.sign()
    return rows


def write_sheet(rows: Iterable[SheetRow], path: Path) -> None:
    """A sheet as CSV that only its owner can read, a line for each row: line ends in cells are shown as ` ⏎ `, also the carriage
    returns at which readers of CSV would end a row. Cells that a spreadsheet would take for a formula get an apostrophe."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        shown = {name: _LINE_END.sub(" ⏎ ", cell) for name, cell in row.cells.items()}
        writer.writerow({name: "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t") else cell for name, cell in shown.items()})
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    path.write_text(text.getvalue(), encoding="utf-8-sig")


def _sheet_row(draft: Draft, row: MentionRow, pseudonyms: Mapping[str, str]) -> SheetRow:
    mention = row.mention
    found_by = f"{mention.detector}: {mention.rule}"
    cells = {"mention": row.mention_id, "type": str(mention.type), "found_by": found_by}
    return _row(draft, mention.span, mention.score, {**cells, "pseudonym": pseudonyms.get(mention.entity or "", "")})


def _suspects(desk: Desk, drafts: Sequence[Draft]) -> Iterator[SheetRow]:
    from samaran.detect.suspicious import form, ranked, suspects

    found, nothing = [], set()
    for draft in drafts:
        source, text = draft.row.source_id, draft.transcript.text
        rejected = [d.span for d in desk.state.decisions(source) if d.verdict is Verdict.REJECT]
        nothing |= {form(span.of(text)) for span in rejected}
        found.append(suspects(draft.transcript, [*(m.mention.span for m in desk.state.mentions(source)), *rejected]))
    for row in ranked(found, nothing):
        often = f"; {row.times} times in {row.documents} sources" if row.times > 1 else ""
        why = f"{SUSPICIOUS}: {', '.join(row.suspect.causes)}{often}"
        yield _row(drafts[row.document], row.suspect.span, row.weight, {"found_by": why})


def _row(draft: Draft, span: Span, score: float, cells: Mapping[str, str]) -> SheetRow:
    text = draft.transcript.text
    lines = draft.transcript.lines
    line = lines[min(bisect_left(lines, span.end, key=lambda line: line.body.end), len(lines) - 1)]
    before, after = text[max(0, span.start - _WIDTH) : span.start], text[span.end : span.end + _WIDTH]
    place = {"source": draft.row.source_id, "file": draft.name, "line": line.ref, "start": str(span.start), "end": str(span.end)}
    shown = {"score": f"{score:.2f}", "surface": span.of(text), "context": f"{before}⟦{span.of(text)}⟧{after}"}
    return SheetRow({**dict.fromkeys(COLUMNS, ""), **place, **shown, **cells})


def _current(desk: Desk) -> tuple[SourceRow, ...]:
    """Sources whose mentions are for a reviewer to settle: none of which another version is there."""
    elsewhere = standing(desk)
    return tuple(row for row in reviewable(desk) if row.source_id not in elsewhere)


def late_count(desk: Desk) -> int:
    """How many sources have to be sanitized anew or joined with an earlier version, which takes a reviewer's key."""
    late = behind(desk, reviewable(desk), look_for(desk, desk.register.register.entities, ()))
    return len({row.source_id for row in late} | {version.source_id for version in joining.due(desk)})


def open_count(desk: Desk) -> int:
    """How many mentions still wait for a reviewer."""
    waiting = desk.state.waiting()
    return sum(waiting.get(row.source_id, 0) for row in _current(desk))


def read_sheet(desk: Desk, path: Path, reviewer: str) -> tuple[Decision, ...]:
    """Decisions from a filled sheet; rows without a decision stay open, rows of an informant who has withdrawn since and of a
    source that was superseded since are passed over. Nothing is written.

    Raises `UsageError` with the row's number for an unknown mention, verdict, type or pseudonym; then no row counts.
    """
    frozen = {row.source_id for row in sanitized(desk)} - {row.source_id for row in reviewable(desk)}
    frozen |= {row.source_id for row in desk.state.sources() if row.stage == Stage.SUPERSEDED}
    sources = {row.source_id for row in reviewable(desk)}
    by_pseudonym = {entity.pseudonym: entity.id for entity in desk.register.register.entities}
    decisions = []
    for n, cells in _cells(path):
        if not cells.get("decision", "") or cells.get("source", "") in frozen:
            continue
        decisions.append(_decision(n, cells, desk.state.mention, sources, by_pseudonym, reviewer))
    return tuple(decisions)


def decide(desk: Desk, decisions: Sequence[Decision], actor: str) -> None:
    """Keep decisions, each logged before and after; mark the sources whose text has to be sanitized anew."""
    sids = [desk.register.subjects[_subject(desk, decision.source_id)] for decision in decisions]
    begun = desk.log.append([LogDraft("review.decide", Phase.INTENT, actor, {"sid": sid}) for sid in sids])
    ids = {decision.source_id for decision in decisions}
    before = {(row.source_id, row.mention.span): row for source_id in ids for row in desk.state.mentions(source_id)}
    plain, stale = [], set()
    for decision in decisions:
        row = before.get((decision.source_id, decision.span))
        if row is not None and _changes_nothing(decision, row):
            plain.append(row.mention_id)
        else:
            stale.add(decision.source_id)
        if decision.verdict is Verdict.MERGE and decision.was:
            stale |= desk.state.speaking_of(decision.was)
    desk.state.add_decisions(decisions, settled=plain, stale=stale)
    results = zip(decisions, sids, begun, strict=True)
    desk.log.append(
        [LogDraft("review.decide", Phase.RESULT, actor, {"sid": s}, of=n, code=str(d.verdict)) for d, s, n in results]
    )
    desk.sign()


def _changes_nothing(decision: Decision, row: MentionRow) -> bool:
    """Whether the sanitized text shows the decision already: an acceptance of what is masked."""
    return decision.verdict is Verdict.ACCEPT and decision.entity is None and decision.type == row.mention.type


def _subject(desk: Desk, source_id: str) -> str:
    row = desk.state.source(source_id)
    if row is None:
        raise UsageError("A decision names a source that this study does not have.", "Use a sheet of this study.")
    return row.subject


def _decision(
    n: int,
    cells: Mapping[str, str],
    mention: Callable[[str], MentionRow | None],
    sources: set[str],
    by_pseudonym: Mapping[str, str],
    reviewer: str,
) -> Decision:
    try:
        verdict = Verdict(cells["decision"].lower())
    except ValueError:
        raise _bad(n, "decision", f"Use one of: {', '.join(Verdict)}.") from None
    kind = None
    if cells.get("new_type"):
        if cells["new_type"] not in set(EntityType):
            raise _bad(n, "new_type", f"Types: {', '.join(EntityType)}.")
        kind = EntityType(cells["new_type"])
    entity = None
    if cells.get("entity"):
        entity = by_pseudonym.get(cells["entity"].strip("[] "))
        if entity is None:
            raise _bad(n, "entity", "Write a pseudonym that stands in the pseudonym column of this study, such as INF-01.")
    if verdict is Verdict.ADD:
        return _added(n, cells, sources, kind, entity, reviewer)
    if not cells.get("mention") and cells.get("found_by", "").startswith(SUSPICIOUS):
        if verdict is not Verdict.REJECT:
            raise _bad(n, "decision", "What nobody marked takes add, with new_type, or reject; empty it stays as it is.")
        return Decision(*_place(n, cells, sources), verdict, reviewer)
    row = mention(cells.get("mention", ""))
    if row is None:
        raise _bad(n, "mention", "It is no mention of this study as it stands now; write a new sheet with --sheet.")
    if verdict is Verdict.MERGE and (entity is None or row.mention.entity is None):
        raise _bad(n, "entity", "A merge needs the pseudonym of the entity that is meant.")
    if verdict is Verdict.TYPE and kind is None:
        raise _bad(n, "new_type", "A change of type needs the new type.")
    was = row.mention.entity if verdict is Verdict.MERGE else None
    if was is not None and was == entity:
        verdict, was, entity = Verdict.ACCEPT, None, None
    return Decision(row.source_id, row.mention.span, verdict, reviewer, kind or row.mention.type, entity, was)


def _added(
    n: int, cells: Mapping[str, str], sources: set[str], kind: EntityType | None, entity: str | None, reviewer: str
) -> Decision:
    source, span = _place(n, cells, sources)
    if kind is None:
        raise _bad(n, "new_type", "An added mention needs its type.")
    return Decision(source, span, Verdict.ADD, reviewer, kind, entity)


def _place(n: int, cells: Mapping[str, str], sources: set[str]) -> tuple[str, Span]:
    if cells.get("source", "") not in sources:
        raise _bad(n, "source", "What is no mention yet needs the source id of a sanitized source.")
    try:
        return cells["source"], Span(int(cells.get("start", "")), int(cells.get("end", "")))
    except ValueError:
        raise _bad(
            n, "start", "What is no mention yet needs start and end: code points in the source's text, end after start."
        ) from None


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UsageError("The sheet can't be read.", "Name a CSV file in UTF-8 that `samaran decide --sheet` wrote.") from None
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter(text))
    head = set(reader.fieldnames or ())
    if not {"mention", "source", "decision"} <= head:
        raise UsageError("The sheet lacks a column.", f"It needs the columns of `samaran decide --sheet`: {', '.join(COLUMNS)}.")
    for n, cells in enumerate(reader, start=2):
        yield n, {str(k): (v or "").strip() for k, v in cells.items() if k and isinstance(v, str | None)}


def _bad(n: int, column: str, hint: str) -> UsageError:
    return UsageError(f"Row {n} of the sheet has an unusable `{column}`; no row was taken.", hint)


def check_reviewer(desk: Desk, key: PrivateKey) -> None:
    """Raises `KeyUnusable` unless the key belongs to a holder of this study."""
    from samaran.vault.holders import read_holders

    if key.recipient not in {holder.recipient for holder in read_holders(desk.study.folder / "vault")}:
        raise KeyUnusable("This key belongs to no holder of this study.", "`samaran keys list STUDY` shows who can open what.")
