"""What is held on one informant, put together for her when she asks: see docs/formats/extract.md.

1. two holders' keys, a code that the study knows, and a request that is open in the log;
2. what the tables, the state and the log say of her;
3. her words, of sources that pass the release gate, with everything masked anew but her own name;
4. a new private folder; the log says before that it begins, and afterwards how many segments were given.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from samaran import assessment, release
from samaran.audit.reading import entries
from samaran.audit.vocabulary import Act, Case
from samaran.errors import SamaranError, UsageError
from samaran.model import CONSENT_FLAGS, Reason
from samaran.pipeline import recalling, trail
from samaran.pipeline.desk import Desk
from samaran.pipeline.incidents import fold
from samaran.pipeline.intake import digest
from samaran.pipeline.opening import two_holders
from samaran.pipeline.quoting import Masks, least, mine
from samaran.pipeline.releasing import candidates, register_forms
from samaran.pipeline.retaining import destroyed, retention
from samaran.pipeline.trail import Trail
from samaran.pipeline.wiping import wipe
from samaran.report.extract import (
    GIVEN,
    OTHERS,
    Agreed,
    Extract,
    Held,
    Kept,
    Left,
    Looked,
    TakenBack,
    to_data,
    to_page,
)
from samaran.report.facts import EXTRACT
from samaran.state import SourceRow, Stage
from samaran.vault import disk
from samaran.vault.keys import PrivateKey

_STATES = {Stage.KEPT: "recording", Stage.DESTROYED: "destroyed"}


def extract(desk: Desk, code: str, keys: Sequence[PrivateKey], folder: Path, request: int = 0) -> Extract:
    """Write the extract of an informant into a new folder, 0700, and return it. `request`: the number of the request it answers,
    needed where several are open.

    Raises as `two_holders`, and `UsageError` for a code that the study does not know, when no such request is open, or when the
    folder exists.
    """
    first, second = two_holders(desk, keys, "An extract opens originals: it takes the keys of two holders.")
    desk.check_clock()
    code, found = _code(desk, code), trail.trail(entries(desk.study.folder / "audit"))
    number = _request(found, request)
    if folder.exists():
        raise UsageError("There is something of that name already.", "Name a folder that does not exist yet; it is made.")
    sid = desk.register.subjects.get(code)
    try:
        with desk.log.act(Act.INFORMANT_EXTRACT, actor=first.id, second=second.id, sid=sid, n=number) as act:
            made = replace(_known(desk, code, found), request=number, sources=_sources(desk, code, keys, found))
            _write(made, folder)
            act.ok(n=made.given)
    finally:
        desk.sign()
    return made


def _code(desk: Desk, text: str) -> str:
    """The informant's code; whoever withdrew is known by the withdrawal."""
    code = text.strip().upper()
    known = {informant for row in desk.state.sources() for informant in row.informants}
    known |= {*desk.consent_history, *(w.informant for w in desk.withdrawals)}
    if code not in known:
        raise UsageError("This study knows no informant of this code.", "Codes stand in consent.csv, such as INF-01.")
    return code


def _request(found: Trail, wanted: int) -> int:
    asked = [i.number for i in fold(found.cases) if i.kind == Case.ACCESS and i.closed is None]
    if (wanted and wanted not in asked) or (len(asked) != 1 and not wanted):
        several = f"Open requests: {', '.join(map(str, asked))}. Name one with --request."
        raise UsageError(
            "Nobody knows which request this answers.",
            several if asked else "Write the request down first: `samaran incident open STUDY --kind access-request`.",
        )
    return wanted or asked[0]


def _known(desk: Desk, code: str, found: Trail) -> Extract:
    """Everything but the sources and their text."""
    protocol, said = desk.study.protocol, _assessed(desk)
    return Extract(
        study=desk.study.name,
        made=desk.today,
        request=0,
        number=protocol.number,
        committee=protocol.committee,
        contact=protocol.contact,
        purpose=said.get("purpose", ""),
        recipients=said.get("recipients", ""),
        identifiers=dict(sorted(Counter(e.type for e in desk.register.register.entities if e.informant == code).items())),
        consents=tuple(
            Agreed(c.form_version, c.date, c.mode, tuple(flag for flag in CONSENT_FLAGS if flag in c.flags))
            for c in desk.consent_history.get(code, ())
        ),
        withdrawals=tuple(
            TakenBack(w.scope, w.requested[:10], w.executed[:10], w.keys, w.sources, w.segments)
            for w in desk.withdrawals
            if w.informant == code
        ),
        released=_released(desk, code, found),
        openings=_openings(desk, code, found),
        retention=tuple(Kept(kept.kind, kept.until, kept.destroyed) for kept in retention(desk)),
    )


def _assessed(desk: Desk) -> Mapping[str, str]:
    """What the impact assessment says, but for texts in which a direct identifier of the register stands."""
    try:
        known = assessment.read_assessment(desk.study.folder)
    except UsageError:
        return {}
    scan = release.residual((form, kind) for form, kind in register_forms(desk) if kind.direct)
    return {name: text for name, text in (known.said if known else {}).items() if not scan(text)}


def _rows(desk: Desk, code: str) -> tuple[SourceRow, ...]:
    return tuple(row for row in desk.state.sources() if code in row.informants)


def _released(desk: Desk, code: str, found: Trail) -> tuple[Left, ...]:
    name = least(desk).name
    ids = {one for row in _rows(desk, code) for one in mine(desk, code, row, desk.state.segments(row.source_id, name))}
    days = {e.obj: e.t[:10] for e in found.done(Act.RELEASE_MAKE)}
    gone = {name: w.segments for w in desk.withdrawals if w.informant == code for name in w.releases}
    left = []
    for row in desk.state.releases():
        count = gone.get(row.name) or len(recalling.held(desk, row.name, ids))
        if count:
            left.append(Left(row.profile, days.get(row.digest, ""), count, row.name in gone))
    return tuple(left)


def _openings(desk: Desk, code: str, found: Trail) -> tuple[Looked, ...]:
    subjects = {code, *(row.subject for row in _rows(desk, code))}
    sids = {sid for subject, sid in desk.register.subjects.items() if subject in subjects}
    return tuple(Looked(e.t[:10], e.why or EXTRACT) for e in trail.opened(found) if e.sid in sids)


def _sources(desk: Desk, code: str, keys: Sequence[PrivateKey], found: Trail) -> tuple[Held, ...]:
    """Her sources; text only of those that the release gate clears, whatever was agreed to: it is her own material."""
    profile, days = least(desk), trail.taken_in(found)
    rows = {row.source_id: row for row in _rows(desk, code)}
    asked = [replace(c, consents=(), consent_needed=False) for c in candidates(desk, profile) if c.source_id in rows]
    gated = release.gate(asked, profile, register_forms(desk))
    held = {w.source_id: str(w.reason) for w in gated.withheld}
    gone = bool(destroyed(desk) & {"originals", "keys"})
    cleared = {source.source_id for source in gated.cleared if not gone}
    masks, seen = Masks(desk, code), []
    for row in rows.values():
        segments = desk.state.segments(row.source_id, profile.name)
        path = desk.sealed(row)
        day = days.get(digest(path), "") if path.is_file() else ""
        state = "destroyed" if gone else held.get(row.source_id) or str(row.reason or _STATES.get(row.stage, "unfinished"))
        if state == Reason.WITHDRAWN and code not in desk.frozen:
            state = OTHERS  # that somebody else withdrew is theirs to tell
        source = Held(row.method, row.wave, day, state, len(row.informants) > 1, len(segments))
        if row.source_id in cleared:
            who = mine(desk, code, row, segments)
            said = masks.said(row, who, keys) if who else ()
            source = replace(source, state=GIVEN if said else OTHERS, left_out=len(segments) - len(said), said=said)
        seen.append(source)
    return tuple(seen)


def _write(made: Extract, folder: Path) -> None:
    """The pages and the JSON; nothing is left of a folder that was not written to the end, however it ended."""
    files = {f"extract.{language}.html": to_page(made, language).encode() for language in ("id", "en")}
    refused = SamaranError("The extract can't be written there.", "Name a place that you may write to, with --out.")
    try:
        folder.mkdir(mode=0o700)  # outside of what is wiped: a folder that is there already is not ours
    except OSError:
        raise refused from None
    try:
        for name, data in {**files, "extract.json": to_data(made)}.items():
            with disk.appearing(folder / name) as file:
                file.write(data)
    except (OSError, SamaranError):
        wipe(folder)
        raise refused from None
    except BaseException:
        wipe(folder)
        raise
