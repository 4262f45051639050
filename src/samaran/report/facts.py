"""What the report is made of: counts, digests, codes and days. No text of an interview, no name, no file name.

None means that nobody looked; a zero means that somebody looked and found none. The report never takes one for the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from samaran.model import Detector, EntityType, Method, Reason, Singling, Verdict
from samaran.statements import Statement
from samaran.study import Protocol


@dataclass(frozen=True, slots=True)
class Versions:
    """What ran: versions and digests. `drift` counts sources that were sanitized under another config or detector than now."""

    samaran: str
    config: str
    detector: str = ""
    packages: str = ""
    drift: int | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Files as they came. `received` = sealed + refused; quarantined ones, and `superseded` ones whose place a corrected version
    took, are among the sealed."""

    received: int
    sealed: int
    refused: Mapping[Reason, int] = field(default_factory=dict)
    quarantined: Mapping[Reason, int] = field(default_factory=dict)
    by_method: Mapping[Method, int] = field(default_factory=dict)
    superseded: int = 0


@dataclass(frozen=True, slots=True)
class Consents:
    """Informants and what they agreed to. `needed` and `covered` count sealed sources that need consent and that have it,
    `afterwards` those that were taken in before the first consent of an informant was given;
    `modes`, `forms` and `flags` count informants."""

    informants: int
    needed: int | None = None
    covered: int | None = None
    modes: Mapping[str, int] = field(default_factory=dict)
    forms: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)
    afterwards: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Mentions and what reviewers said of them. `by_policy` are settled by a score that study.toml trusts, not by a person.
    `reviewers` holds key id and decisions made, `nameless` those made without a key. `twice` counts spans on which more than one
    reviewer decided, `agreed` those of them on which all say the same. `logged` counts decisions in the audit log. `characters`
    and `replaced` are of the raw text and of the mentions in it. `unlinked` are people's mentions without an entity, `third`
    people who are no informants, by role. `minor_cues` counts sources with an age under 18 in them."""

    segments: int
    mentions: Mapping[EntityType, int]
    open: int
    by_policy: int = 0
    detectors: Mapping[Detector, int] = field(default_factory=dict)
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    reviewers: tuple[tuple[str, int], ...] = ()
    logged: int | None = None
    characters: int | None = None
    replaced: int | None = None
    replaced_by_type: Mapping[EntityType, int] = field(default_factory=dict)
    nameless: int = 0
    twice: int | None = None
    agreed: int = 0
    unlinked: int | None = None
    third: Mapping[str, int] = field(default_factory=dict)
    minor_cues: int | None = None

    @property
    def total(self) -> int:
        """All mentions."""
        return sum(self.mentions.values())

    @property
    def decisions(self) -> int:
        """All decisions."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """One release. `withheld` counts sources by reason, `held_segments` their segments. The rest is what was seen in its final
    bytes just now: whether CHECKSUMS fit, forms of the register, those of places among them, files that nobody promised, segments
    without the consent that the profile asks for, fields that nobody promised, surrogates without text, segments of chats
    and those of them whose informant did not agree to verbatim quotation. `day` is when it was made. `recalled`: the study's copy
    was deleted, after a withdrawal or at the end of its retention, so nothing was seen in it."""

    name: str
    profile: str
    digest: str
    sources: int
    segments: int
    withheld: Mapping[Reason, int] = field(default_factory=dict)
    held_segments: int | None = None
    intact: bool | None = None
    hits: int | None = None
    strangers: int | None = None
    unconsented: int | None = None
    places: int | None = None
    fields: int | None = None
    blanks: int | None = None
    online: int | None = None
    online_unconsented: int | None = None
    alike: Singling | None = None
    day: str = ""
    recalled: bool = False


@dataclass(frozen=True, slots=True)
class Seals:
    """Sealed originals, and how many of them have today the digest that the log gives them. `loose` counts files and folders of
    the study that others on this machine may read. A recovery drill was `drilled` on a day, and is due after so many days."""

    sources: int
    whole: int
    loose: int | None = None
    drilled: str = ""
    drill_days: int = 0
    drill_late: bool = False


EXTRACT = "extract"
"""The purpose of an opening that was made for an informant's extract."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of an original, as the log tells it. `hour` is an ISO hour, UTC."""

    entry: int
    hour: str
    actor: str
    second: str
    why: str
    code: str


@dataclass(frozen=True, slots=True)
class Openings:
    """How often an original was opened, for which purpose, and how often without a second person. `sheets` counts the lists of
    open mentions with raw context that went to reviewers, `at_night` what was opened between 22 and 5 o'clock."""

    by_purpose: Mapping[str, int]
    alone: int
    rows: tuple[Opening, ...] = ()
    sheets: int = 0
    at_night: int = 0

    @property
    def total(self) -> int:
        """All openings."""
        return sum(self.by_purpose.values())


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The audit log: its checkpoint, its public key, and each numbered check of `audit verify` with its outcome. `grown` says
    whether it grew from the checkpoint that the board kept, None where none was given. `program` is the SHA-256 of the Go program
    that a bundle holds."""

    origin: str
    size: int
    root: str
    vkey: str
    checks: tuple[tuple[int, bool], ...]
    grown: bool | None = None
    program: str = ""

    @property
    def whole(self) -> bool:
        """Whether every check that was made holds, and at least one was made."""
        return bool(self.checks) and all(ok for _, ok in self.checks)


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs in the log. `first` is a day. `late` ran after the protocol had expired; `bare` lack a digest of config, model or
    packages; `abandoned` ended without a word. `recorded` of `sources` sealed sources stand in the log."""

    total: int
    first: str = ""
    late: int = 0
    bare: int = 0
    abandoned: int = 0
    sources: int = 0
    recorded: int = 0
    acts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Assessed:
    """The impact assessment as it lies there: approved `on` a day (empty: not yet) by a role; `open` counts risks more than low
    after the measures. `runs` carry its digest in the log, `other` were begun after its approval with another: it was changed and
    not approved again."""

    version: str
    on: str
    by: str
    open: int
    risks: int
    runs: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class Apart:
    """The table of pseudonyms: whether it is sealed, its key opens nothing in the vault and is private, how many copies of it lie
    in other folders of the study, and whether there is one yet."""

    sealed: bool
    own_key: bool
    private: bool
    copies: int
    there: bool = True

    @property
    def good(self) -> bool:
        """Whether it is kept apart."""
        return self.sealed and self.own_key and self.private and not self.copies


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One withdrawal. `requested` is a day; `hours` were taken, or have passed since; `late` is more than 72. `keys`, `segments`
    and `releases` are what was destroyed and recalled; `places` may still hold copies of keys or of the study."""

    scope: str
    requested: str
    stage: str
    hours: float
    late: bool
    two_persons: bool = False
    certificate: bool = False
    keys: int = 0
    segments: int = 0
    releases: int = 0
    places: int = 0
    entry: int = -1


@dataclass(frozen=True, slots=True)
class Destruction:
    """One class of material with a last day. `day` is when it was destroyed, empty until then; `late`: that is long due.
    `count` is what went or is still there; `places` still hold copies of keys."""

    kind: str
    until: str
    day: str
    count: int
    late: bool
    certificate: bool
    places: int = 0


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident, as the log tells it: its kind and what was done, from closed lists. `opened` and `closed` are days, `hours`
    those until everything due was done, or until now; `late` is more than 72."""

    number: int
    kind: str
    opened: str
    hours: int
    late: bool
    steps: tuple[str, ...] = ()
    closed: str = ""
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracts:
    """How many extracts informants got, and how many of them answer no request that the log knows."""

    made: int
    unasked: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that has to be done by an hour (ISO, UTC): a withdrawal, an incident, the protocol, a drill. `left` in hours."""

    what: str
    due: str
    left: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report says, from one moment. `made` is an ISO day. Releases: oldest first; the last one is in the summary.
    `proofs` holds, per control, the entries of the log that show it; `holders` counts keys by role, `keys` is their kind;
    `columns` are those of the roster beyond the allowed ones."""

    study: str
    made: str
    protocol: Protocol
    versions: Versions
    sources: Sources
    consents: Consents
    review: Review
    releases: tuple[ReleaseFacts, ...] = ()
    seals: Seals | None = None
    openings: Openings | None = None
    log: LogFacts | None = None
    runs: Runs | None = None
    assessed: Assessed | None = None
    apart: Apart | None = None
    withdrawals: tuple[Withdrawn, ...] | None = None
    incidents: tuple[Incident, ...] | None = None
    extracts: Extracts | None = None
    destructions: tuple[Destruction, ...] | None = None
    deadlines: tuple[Deadline, ...] = ()
    holders: Mapping[str, int] = field(default_factory=dict)
    keys: Literal["", "classic", "post-quantum"] = ""
    columns: int | None = None
    statements: Mapping[str, Statement] = field(default_factory=dict)
    proofs: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def standing(self) -> tuple[ReleaseFacts, ...]:
        """Releases that were not recalled."""
        return tuple(release for release in self.releases if not release.recalled)

    @property
    def last(self) -> ReleaseFacts | None:
        """The newest release that stands."""
        return self.standing[-1] if self.standing else None

    @property
    def beside(self) -> tuple[ReleaseFacts, ...]:
        """Of each profile but the last release's, the newest release that stands; newest first."""
        newest = {release.profile: release for release in self.standing}
        return tuple(
            r for r in reversed(self.standing) if newest[r.profile] is r and self.last and r.profile != self.last.profile
        )
