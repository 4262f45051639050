"""demo: the whole way on a synthetic study."""

import csv
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from samaran.audit.verify import verify
from samaran.cli.show import progress, say, table
from samaran.demo.recorded import material, read_review
from samaran.demo.reviewer import Reviewer
from samaran.errors import Exit, SamaranError, UsageError
from samaran.model import EntityType, Span
from samaran.pipeline import ceremony, releasing, reporting, reviewing, sanitizing
from samaran.pipeline.deidentify import Run, deidentify
from samaran.pipeline.desk import Desk, create
from samaran.pipeline.status import Status, status
from samaran.vault.keys import PrivateKey, load_private_key

_PASSPHRASE = "demo"  # noqa: S105  synthetic people only; said aloud in the output
_ROUNDS = 6


def demo(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Where to; a new folder. Default: samaran-demo.")] = None,
    direct: Annotated[bool, typer.Option("--direct", help="Without Prefect.")] = False,
) -> None:
    """Walk the whole way on a synthetic study: from an inbox of raw files to a verified release and a report for the board.

    Example: `samaran demo`
    """
    started = time.monotonic()
    place = folder or Path("samaran-demo")
    if (place / "study").exists():
        if not (place / "study" / ".demo").exists():
            raise UsageError("This folder holds a study that is no demo.", "Name another folder.")
        shutil.rmtree(place)
    study, keys = place / "study", place / "keys"
    create(study, "demo")
    (study / ".demo").touch()
    for path in sorted(material().iterdir()):
        if path.name not in ("inbox", "review.csv"):
            shutil.copy(path, study / path.name)
    config = (study / "study.toml").read_text(encoding="utf-8")
    valid = (date.today() + timedelta(days=365)).isoformat()
    (study / "study.toml").write_text(config.replace('expires = ""', f'expires = "{valid}"'), encoding="utf-8")
    shutil.copytree(material() / "inbox", study / "inbox", dirs_exist_ok=True)
    _step("samaran init", f"a study with {sum(p.is_file() for p in (study / 'inbox').rglob('*'))} raw files in its inbox")
    _make_keys(study, keys)
    run = _run(study, direct)
    documents = {arrival.source_id: arrival.path.as_posix() for arrival in run.intake.arrivals}
    key = load_private_key(keys / "reviewer.key", _PASSPHRASE)
    with Desk.open(study) as desk:
        counts = _review(desk, key, documents)
        _step("samaran decide", ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
        quoted = releasing.hand_over(desk, releasing.profile_of(desk, "publication"), actor=key.id)
        released = releasing.hand_over(desk, releasing.profile_of(desk, "analysis"), actor=key.id)
        facts = status(desk)
        cleared = len(released.release.cleared), len(quoted.release.cleared)
        _step("samaran release", f"{cleared[0]} sources for analysis, {cleared[1]} for publication")
        reporting.write_report(desk, study / "audit" / "report.html", "both")
    checked = verify(study / "audit", None, None)
    _step("samaran audit verify", f"{sum(c.ok for c in checked.checks)} of {len(checked.checks)} checks passed")
    _step("samaran audit report", "one page for the ethics board")
    _summary(facts, run, released, quoted)
    _paths(place, study, released)
    say(f"\n{time.monotonic() - started:.0f} seconds. The people are invented. Passphrase of the demo's keys: {_PASSPHRASE}")
    if not checked.ok:
        raise typer.Exit(Exit.BROKEN)
    if released.waiting or quoted.waiting:
        raise typer.Exit(Exit.WAITING)


def _step(command: str, outcome: str) -> None:
    say(f"{command:<21} {outcome}")


def _make_keys(study: Path, keys: Path) -> None:
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Desk.open(study) as desk:
        for role in ("pi", "board", "reviewer"):
            ceremony.new_holder(desk, role, keys / f"{role}.key", _PASSPHRASE)
        pairs, _ = ceremony.grow_pool(desk, 40)
    _step("samaran keys", f"keys of PI, board and reviewer; a pool of {len(pairs)} key pairs for informants")


def _run(study: Path, direct: bool) -> Run:
    with progress({"seal": "sealing", "prepare": "reading, detecting", "finish": "sanitizing"}) as tell:
        if direct:
            with Desk.open(study) as desk:
                run = deidentify(desk, tell)
        else:
            from samaran.cli.prefect import run_flow

            run = run_flow(study, tell)
    counts = Counter(outcome.what for outcome in run.outcomes.values())
    failed = [outcome.error for outcome in run.outcomes.values() if outcome.what == "failed"]
    if failed:
        raise failed[0] or SamaranError("A source of the demo failed.", "Please report this: `samaran status` names the source.")
    _step(
        "samaran run", f"{counts['done']} sealed and sanitized, {counts['quarantined']} quarantined, {counts['refused']} refused"
    )
    return run


def _review(desk: Desk, key: PrivateKey, documents: Mapping[str, str]) -> Counter[str]:
    """Sheets out and back until nothing is open: what a reviewer adds in one document may turn up in another."""
    reviewer = Reviewer(read_review(material() / "review.csv"), _people(desk))
    known = {row.source_id for row in sanitizing.reviewable(desk)}
    documents = {source: document for source, document in documents.items() if source in known}
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(dir=desk.study.folder.parent) as place:
        sheet = Path(place) / "open.csv"
        for _ in range(_ROUNDS):
            rows = reviewing.sheet(desk, key)
            filled = reviewer.fill([dict(row.cells) for row in rows], documents, _settled(desk))
            if not filled:
                break
            reviewing.write_sheet(map(reviewing.SheetRow, filled), sheet)
            decisions = reviewing.read_sheet(desk, sheet, key.id)
            reviewing.decide(desk, decisions, key.id)
            reviewing.refresh(desk, key)
            counts += Counter(str(decision.verdict) for decision in decisions)
    return counts


def _people(desk: Desk) -> dict[str, str]:
    """The roster's short name of each person, and her pseudonym."""
    with (material() / "roster.csv").open(encoding="utf-8", newline="") as file:
        names = {row["entity"]: row["real_name"] for row in csv.DictReader(file)}
    found = {}
    for short, name in names.items():
        owners = [
            entity.pseudonym
            for entity in desk.register.register.entities
            if entity.type is EntityType.PERSON and entity.settled and any(f.text == name for f in entity.forms)
        ]
        if len(owners) == 1:
            found[short] = owners[0]
    return found


def _settled(desk: Desk) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for row in desk.state.mentions():
        if row.settled:
            found.setdefault(row.source_id, []).append(row.mention.span)
    return found


def _summary(facts: Status, run: Run, released: releasing.Released, quoted: releasing.Released) -> None:
    files = len(run.outcomes)
    say("")
    table("what happened", ("", "number"), [("files", files), ("segments", facts.segments), ("mentions", facts.mentions)])
    say("")
    table("mentions by type", ("type", "mentions"), Counter(facts.by_type).most_common())
    say("")
    paths = {a.source_id: str(a.path) for a in run.intake.arrivals} | {r.source_id: str(r.path) for r in run.intake.refused}
    held = [(paths[o.source_id], o.what, str(o.reason)) for o in run.outcomes.values() if o.what != "done"]
    held += [(paths[w.source_id], "withheld from analysis", str(w.reason)) for w in released.release.withheld]
    held += [(paths[w.source_id], "withheld from publication", str(w.reason)) for w in quoted.release.withheld]
    table("what did not leave, and why", ("file", "what", "reason"), held)


def _paths(place: Path, study: Path, released: releasing.Released) -> None:
    say("")
    shown = [
        ("the board's report", study / "audit" / "report.html"),
        ("what is sealed", study / "vault"),
        ("the keys", place / "keys"),
    ]
    if released.folder is not None:
        shown.insert(0, ("the release for analysis", released.folder))
    table("open these", ("", "path"), shown)


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("demo")(demo)
