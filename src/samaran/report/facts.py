"""What the report is made of: counts, digests, codes and days. No text of an interview, no name, no file name.

None means that nobody looked; a zero means that somebody looked and found none. The report never takes one for the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from samaran.model import Detector, EntityType, Method, Reason, Verdict
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
    """Files as they came. `received` = sealed + refused; quarantined ones are among the sealed."""

    received: int
    sealed: int
    refused: Mapping[Reason, int] = field(default_factory=dict)
    quarantined: Mapping[Reason, int] = field(default_factory=dict)
    by_method: Mapping[Method, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consents:
    """Informants and what they agreed to. `needed` and `covered` count sealed sources that need consent and that have it;
    `modes`, `forms` and `flags` count informants."""

    informants: int
    needed: int | None = None
    covered: int | None = None
    modes: Mapping[str, int] = field(default_factory=dict)
    forms: Mapping[str, int] = field(default_factory=dict)
    flags: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """Mentions and what reviewers said of them. `by_policy` are settled by a score that study.toml trusts, not by a person.
    `reviewers` holds key id and decisions made. `logged` counts decisions in the audit log. `characters` and `replaced` are of
    the raw text and of the mentions in it."""

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
    bytes just now: whether CHECKSUMS fit, forms of the register, files that nobody promised, segments without the consent that
    the profile asks for."""

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


@dataclass(frozen=True, slots=True)
class Seals:
    """Sealed originals, and how many of them have today the digest that the log gives them."""

    sources: int
    whole: int


@dataclass(frozen=True, slots=True)
class Openings:
    """How often an original was opened, for which purpose, and how often without a second person."""

    by_purpose: Mapping[str, int]
    alone: int

    @property
    def total(self) -> int:
        """All openings."""
        return sum(self.by_purpose.values())


@dataclass(frozen=True, slots=True)
class LogFacts:
    """The audit log: its checkpoint, its public key, and each numbered check of `audit verify` with its outcome. `grown` says
    whether it grew from the checkpoint that the board kept, None where none was given."""

    origin: str
    size: int
    root: str
    vkey: str
    checks: tuple[tuple[int, bool], ...]
    grown: bool | None = None

    @property
    def whole(self) -> bool:
        """Whether every check that was made holds, and at least one was made."""
        return bool(self.checks) and all(ok for _, ok in self.checks)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the report says, from one moment. `made` is an ISO day. Releases: oldest first; the last one is in the summary."""

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
