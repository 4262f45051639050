"""Facts of a study in which every control holds."""

from dataclasses import replace

from samaran.model import CONSENT_FLAGS, Detector, EntityType, Method, Reason, Singling, Verdict
from samaran.report import (
    Apart,
    Assessed,
    Consents,
    Deadline,
    Destruction,
    Extracts,
    Facts,
    Incident,
    LogFacts,
    Opening,
    Openings,
    ReleaseFacts,
    Review,
    Runs,
    Seals,
    Sources,
    Versions,
    Withdrawn,
)
from samaran.report.extract import GIVEN, OTHERS, Agreed, Extract, Held, Kept, Left, Looked, Said, TakenBack
from samaran.statements import Statement
from samaran.study import RETAINED, Protocol

LOG = LogFacts("o", 10, "r", "k", ((1, True), (3, True), (12, True)), True)
RELEASE = ReleaseFacts(
    *("analysis-1", "analysis", "9a" * 32, 2, 30),
    **dict.fromkeys(("hits", "strangers", "unconsented", "places", "fields", "blanks", "online_unconsented"), 0),  # type: ignore[arg-type]
    intact=True,
    online=4,
    alike=Singling(3, k=3, l=2),
    day="2026-03-02",
)
WITHDRAWN = Withdrawn("all", "2026-02-01", "executed", 20.0, False, two_persons=True, certificate=True, keys=1, entry=4)


def statement(**values: int | str) -> Statement:
    return Statement("2026-03-10", "pi", values)


STATEMENTS = {
    "C17": statement(decision="generalized"),
    "C18": statement(sources=2, spouse=1, parent_child=0, colleague=1, mitigated=1),
    "C21": statement(adults=2, minors=0, disposition="none-needed"),
    "C22": statement(legal_risk=1, custody="split"),
    "C23": statement(referral_list="2.0"),
    "C24": statement(tested=3, found=0),
    "C29": statement(pledges=3, trained="2026-01-05"),
    "C30": statement(offered=1, answered=1),
    "C31": statement(access="restricted", datatags="red"),
}


def incident(kind: str, **more: object) -> Incident:
    return Incident(**{"number": 1, "kind": kind, "opened": "2026-02-01", "hours": 30, "late": False, **more})  # type: ignore[arg-type]


GOOD = Facts(
    study="s",
    made="2026-03-14",
    protocol=Protocol("1", "KEPK", "2026-12-31"),
    versions=Versions("0.1.0", "ab" * 32, drift=0),
    sources=Sources(3, 2, {Reason.NO_CONSENT: 1}),
    consents=Consents(2, needed=2, covered=2, afterwards=0, flags={"member_check": 1}),
    review=Review(
        segments=30,
        mentions={EntityType.VENUE: 3, EntityType.PERSON: 5},
        open=0,
        detectors={Detector.MODEL: 8},
        verdicts={Verdict.ACCEPT: 4},
        reviewers=(("k", 4),),
        logged=4,
        characters=100,
        replaced=7,
        twice=2,
        agreed=1,
        unlinked=0,
        third={"TEMAN": 3},
        minor_cues=1,
    ),
    releases=tuple(replace(RELEASE, name=f"{profile}-1", profile=profile) for profile in ("archive", "publication", "analysis")),
    seals=Seals(2, 2, 0, "2026-02-20", 180),
    openings=Openings({"review": 1}, 0, (Opening(8, "2026-03-01T10", "aa" * 8, "bb" * 8, "review", "ok"),), 2, 0),
    log=LOG,
    runs=Runs(2, "2026-01-10", sources=2, recorded=2, acts=(("run.start", 2), ("source.seal", 2))),
    assessed=Assessed("1.0", "2026-01-02", "board", 1, 5, runs=2),
    apart=Apart(True, True, True, 0),
    withdrawals=(WITHDRAWN,),
    incidents=tuple(incident(kind) for kind in ("breach", "access-request", "correction-request", "adverse-event")),
    extracts=Extracts(1, 0),
    destructions=(
        Destruction("originals", "2026-02-01", "2026-02-02", 2, False, True),
        Destruction("log", "2031-01-01", "", 1, False, False),
    ),
    deadlines=(Deadline("protocol-due", "2026-12-31T00", 7000),),
    holders={"pi": 1, "board": 1, "reviewer": 1},
    keys="classic",
    columns=0,
    statements=STATEMENTS,
    proofs={f"C{n:02d}": (2, 4, 9) for n in range(1, 33)},
)
NOBODY_LOOKED = Facts(
    study="s",
    made="2026-03-14",
    protocol=Protocol(),
    versions=Versions("0.1.0", ""),
    sources=Sources(0, 0),
    consents=Consents(0),
    review=Review(0, {}, 0),
)
NOTHING = Extract("s", "2026-03-14", 1, "1", "KEPK", "", "", "", retention=tuple(Kept(kind, "", "") for kind in RETAINED))
EVERYTHING = replace(
    NOTHING,
    contact="meja etik",
    purpose="p",
    recipients="r",
    identifiers={EntityType.PERSON: 2, EntityType.PHONE: 1},
    consents=(Agreed("2.1", "2026-01-02", "written", CONSENT_FLAGS), Agreed("2.2", "2026-01-03", "recorded", ())),
    withdrawals=(TakenBack("quotes", "2026-02-01", "2026-02-02", 0, 1, 7),),
    sources=(
        Held(
            *(Method.INTERVIEW, 1, "2026-01-10", GIVEN, False, 4),
            said=tuple(Said(who, f"kata {who}") for who in ("you", "interviewer", "notes", "other")),
        ),
        *(Held(Method.CHAT, 1, "", state, True, 3, 3) for state in (OTHERS, "recording", "unfinished", "destroyed", "undecided")),
    ),
    released=tuple(Left(profile, "2026-03-02", 4, profile == "archive") for profile in ("analysis", "archive", "publication")),
    openings=(Looked("2026-03-03", "access"), Looked("2026-03-04", "extract")),
    retention=(Kept("originals", "2031-12-31", "2032-01-02"), *NOTHING.retention[1:]),
)
"""An informant's extract with one of everything, and one of whom nothing is left."""
