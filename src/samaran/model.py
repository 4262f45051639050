"""The vocabulary: frozen values that are valid when they exist. Standard library only.

One coordinate system serves the whole product: **document offsets**, Unicode code points into `Transcript.text`. Lines,
segments and mentions are spans of that text; for plain-text formats it is the file's text exactly as decoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EntityType(StrEnum):
    """The fourteen types that can identify a person."""

    PERSON = "PERSON"
    ONLINE_ID = "ONLINE_ID"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    URL = "URL"
    ID_NUMBER = "ID_NUMBER"
    ACCOUNT_NUMBER = "ACCOUNT_NUMBER"
    PLATE = "PLATE"
    ADDRESS = "ADDRESS"
    LOCATION = "LOCATION"
    VENUE = "VENUE"
    ORGANIZATION = "ORGANIZATION"
    DATE = "DATE"
    AGE = "AGE"

    @property
    def direct(self) -> bool:
        """Whether it identifies alone (direct identifier) or in combination (quasi-identifier)."""
        return self in DIRECT


DIRECT = frozenset(
    {
        EntityType.PERSON,
        EntityType.ONLINE_ID,
        EntityType.PHONE,
        EntityType.EMAIL,
        EntityType.URL,
        EntityType.ID_NUMBER,
        EntityType.ACCOUNT_NUMBER,
        EntityType.PLATE,
        EntityType.ADDRESS,
    }
)
QUASI = frozenset(EntityType) - DIRECT


class Method(StrEnum):
    """How a source was collected (triangulation's technique)."""

    INTERVIEW = "in_depth_interview"
    OBSERVATION = "observation"
    FIELD_STUDY = "field_study"
    CHAT = "chat_log"
    LITERATURE = "literature"


class Part(StrEnum):
    """Where in a source a line stands. All of it is text that can identify."""

    BODY = "body"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    COMMENT = "comment"
    INSERTED = "inserted"
    DELETED = "deleted"
    NOTE = "note"
    CELL = "cell"


class SpeakerRole(StrEnum):
    """Who speaks in a line, as far as the label says it."""

    INFORMANT = "informant"
    INTERVIEWER = "interviewer"
    PEER = "peer"
    OBSERVER = "observer"
    AUTHOR = "author"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a source was quarantined, refused, or withheld from a release. A closed list; it may stand in the audit log."""

    # refused: the file stays in the inbox, whole
    NO_CONSENT = "no-consent"
    UNKNOWN_INFORMANT = "unknown-informant"
    NO_PLACE = "no-place"  # neither the pattern nor manifest.csv says whose it is
    CHANGED_WHILE_READ = "changed-while-read"
    UNREADABLE_FILE = "unreadable-file"
    NO_EARLIER = "no-earlier-version"  # manifest.csv says that it corrects something that is not there
    ALREADY_SEALED = "already-sealed"
    POOL_EXHAUSTED = "pool-exhausted"
    # quarantined: sealed, listed, no segments
    EMPTY = "empty"
    UNKNOWN_FORMAT = "unknown-format"
    BAD_ENCODING = "bad-encoding"
    MALFORMED = "malformed"
    PASSWORD = "password"  # noqa: S105
    NO_TEXT = "no-text-layer"
    NO_OCR = "ocr-not-installed"
    NOT_TRANSCRIBED = "not-transcribed"  # a recording of which nothing was heard: sealed and kept, not quarantined
    AMBIGUOUS_DATE = "ambiguous-date"
    TOO_LARGE = "too-large"
    DUPLICATE = "duplicate"
    DETECTOR_FAILED = "detector-failed"
    # withheld: sanitized, but not released
    CONSENT_SCOPE = "consent-scope"
    UNDECIDED = "undecided"
    SECOND_PASS_DUE = "second-pass-due"  # noqa: S105
    RESIDUAL = "residual-identifier"
    SUPERSEDED = "superseded"  # a corrected version stands in its place
    CORRECTION_DUE = "correction-due"  # a corrected version that is not joined with the earlier one yet
    CORRECTION_UNCLEAR = "correction-unclear"  # it has little in common with the earlier one
    WITHDRAWN = "withdrawn"  # refused and withheld: the informant has taken the consent back


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of text, in code points."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        """Whether the other lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The stretch itself."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a source: a turn, message, cue, paragraph or cell. Spans are document offsets.

    `body` is what was said; `label` is the speaker label as it stands, without its colon; `stamp` is a calendar date
    in the head of a chat message. `column` is the heading of the table column that a cell stands in. `ref` says where
    in the source: `line 12`, `cell D4`, `cue 7`, `paragraph 3`; it holds no text of the source.
    """

    n: int
    body: Span
    ref: str
    part: Part = Part.BODY
    label: Span | None = None
    stamp: Span | None = None
    role: SpeakerRole = SpeakerRole.UNKNOWN
    start_ms: int | None = None
    end_ms: int | None = None
    column: Span | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Property:
    """One piece of metadata of a source: a docx author, a group title. Raw: sealed, never released.

    `type` is the kind of identifier it is, None where it identifies nobody (a page count).
    """

    name: str
    value: str
    type: EntityType | None = None

    def __repr__(self) -> str:
        return f"Property({self.name}, {len(self.value)} characters)"


@dataclass(frozen=True, slots=True, repr=False)
class Transcript:
    """What a reader makes of a file: its whole visible text, the lines in it, and its metadata. Raw.

    Promise: every visible character of the source is in `text`; lines are in order, and bodies, labels and stamps lie inside
    the text. Text between lines is white space, timestamps and markup of the format. `warnings` are codes, never text.
    """

    format: str
    text: str
    lines: tuple[Line, ...]
    properties: tuple[Property, ...] = ()
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        at, size = 0, len(self.text)
        for line in self.lines:
            body, label, stamp, column = line.body, line.label, line.stamp, line.column
            if (
                body.end > size
                or (label is not None and label.end > size)
                or (stamp is not None and stamp.end > size)
                or (column is not None and column.end > size)
            ):
                raise ValueError(f"line {line.n} reaches beyond the text")
            if body.start < at:
                raise ValueError(f"line {line.n} overlaps the line before")
            at = body.end

    def __repr__(self) -> str:
        return f"Transcript({self.format}, {len(self.lines)} lines, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True, repr=False)
class RawSegment:
    """The unit that is sanitized, reviewed and released, with its raw text. `span` lies inside a line's body; `label` is the text
    of the line's speaker label, empty where it has none."""

    line: Line
    seg_no: int
    span: Span
    text: str
    label: str = ""

    def __post_init__(self) -> None:
        if len(self.text) != len(self.span) or not self.line.body.contains(self.span):
            raise ValueError(f"segment {self.line.n}.{self.seg_no} does not fit its line")

    def __repr__(self) -> str:
        return f"RawSegment({self.line.n}.{self.seg_no}, {len(self.text)} characters)"


class Detector(StrEnum):
    """Which layer found a mention."""

    REGISTER = "register"
    PATTERN = "pattern"
    STRUCTURE = "structure"
    GAZETTEER = "gazetteer"
    MODEL = "model"
    SECOND_PASS = "second-pass"  # noqa: S105
    REVIEWER = "reviewer"


DOUBTFUL = 0.5
"""Mentions below this score are doubts: masked and shown to the reviewer, not counted by `detect` and `evaluate`."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a document's text that may identify. It holds no text.

    `rule` says which pattern or rule, from a closed vocabulary such as `phone-id` or `label-name`. `entity` is the id of the
    entity meant, once linked. Mentions of one document never overlap once resolved.
    """

    span: Span
    type: EntityType
    score: float
    detector: Detector
    rule: str
    entity: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score {self.score} is not between 0 and 1")


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """One way in which an entity is written. `word` marks a form that is also a common word (Bunga, Indah, May). `part` marks
    a piece of a longer name of which nobody said that it is used alone: it is looked for, but proves less."""

    text: str
    word: bool = False
    part: bool = False

    def __repr__(self) -> str:
        return f"Form({len(self.text)} characters{', also a word' if self.word else ''})"


@dataclass(frozen=True, slots=True, repr=False)
class Entity:
    """A person, place, account or number that mentions refer to, with its pseudonym. Raw: lives in the sealed register.

    `pseudonym` is the stand-in without brackets, `INF-03`, `TEMAN-2`, `TEMPAT-1`. `role` is the pseudonym's stem in use
    (`INF`, `TEMAN`, `TAMU`, ...). `informant` is the code of the informant to whom the entity belongs or who it is.
    `settled`: from the roster or accepted by a reviewer; such forms are looked for in every document. `source` binds an
    entity to one document: there its form is meant, elsewhere the same form is somebody else (an ambiguous name).
    """

    id: str
    type: EntityType
    pseudonym: str
    forms: tuple[Form, ...]
    role: str = ""
    informant: str | None = None
    settled: bool = False
    source: str | None = None

    def __post_init__(self) -> None:
        if not self.pseudonym or not self.forms:
            raise ValueError("an entity needs a pseudonym and a form")

    def __repr__(self) -> str:
        return f"Entity({self.id}, {self.type}, {self.pseudonym}, {len(self.forms)} forms)"


@dataclass(frozen=True, slots=True, repr=False)
class Register:
    """All entities of a study. A pseudonym is never given twice: `counters` holds the last number per stem."""

    entities: tuple[Entity, ...] = ()
    counters: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        ids = {entity.id for entity in self.entities}
        pseudonyms = {entity.pseudonym for entity in self.entities}
        if len(ids) != len(self.entities) or len(pseudonyms) != len(self.entities):
            raise ValueError("two entities share an id or a pseudonym")

    def __repr__(self) -> str:
        return f"Register({len(self.entities)} entities)"


@dataclass(frozen=True, slots=True)
class Surrogate:
    """The text written where a mention stood: a span of the sanitized text, brackets included."""

    span: Span
    type: EntityType
    pseudonym: str
    level: str  # how far generalized: `entity`, `band`, `category`


@dataclass(frozen=True, slots=True)
class SanitizedSegment:
    """What may leave, once released. Recomputed from the raw segment and the settled mentions, never edited.

    `speaker` is the label with its names replaced, empty where the line has none.
    """

    line_no: int
    seg_no: int
    speaker: str
    role: SpeakerRole
    text: str
    surrogates: tuple[Surrogate, ...]
    start_ms: int | None = None
    end_ms: int | None = None


class Verdict(StrEnum):
    """What a reviewer says of a mention."""

    ACCEPT = "accept"
    REJECT = "reject"
    ADD = "add"
    MERGE = "merge"  # this mention's entity is that other one
    TYPE = "type"


@dataclass(frozen=True, slots=True)
class Decision:
    """A reviewer's verdict. State is the fold of all decisions in order; none is ever changed.

    `span` is in document offsets. `type` is what the mention is, in the reviewer's view. `entity` is the entity meant where the
    reviewer named one; with merge, every mention of `was` becomes a mention of `entity`. `carried`: it was made on an earlier
    version of the source, on the same words.
    """

    source_id: str
    span: Span
    verdict: Verdict
    reviewer: str  # key id
    type: EntityType | None = None
    entity: str | None = None
    was: str | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """One version of an informant's consent. Flags default to no."""

    informant: str
    form_version: str
    date: str  # ISO
    mode: str  # written | recorded
    flags: frozenset[str] = field(default_factory=frozenset)


CONSENT_FLAGS = (
    "participate",
    "record_audio",
    "quote_verbatim",
    "quote_paraphrase",
    "archive",
    "reuse",
    "recontact",
    "member_check",
)


@dataclass(frozen=True, slots=True, repr=False)
class Candidate:
    """A source that asks to leave in a profile, with all that the release gate has to know about it.

    `segments` holds segment id, segment and language. `allowed` holds, per segment id, the spans of the sanitized text that a
    reviewer rejected as mentions; `allowed_labels` the segments whose speaker label a reviewer rejected as a whole. `consents`
    stands beside `informants`, None where an informant has given none. `withdrawn`: one of them has withdrawn altogether.
    `version`: why this version of the source is not the one to release, None where it is.
    """

    source_id: str
    informants: tuple[str, ...]
    method: Method
    wave: int
    segments: tuple[tuple[str, SanitizedSegment, str], ...]
    open_mentions: int
    second_pass_due: bool
    allowed: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    allowed_labels: frozenset[str] = frozenset()
    consents: tuple[Consent | None, ...] = ()
    consent_needed: bool = True
    withdrawn: bool = False
    version: Reason | None = None

    def __post_init__(self) -> None:
        if self.consent_needed and len(self.consents) != len(self.informants):
            raise ValueError("each informant of a source needs a place among its consents")
        if any(c is not None and c.informant != i for c, i in zip(self.consents, self.informants, strict=False)):
            raise ValueError("a consent stands beside another informant")
        if any(s.span.end > len(segment.text) for _, segment, _ in self.segments for s in segment.surrogates):
            raise ValueError("a surrogate reaches beyond its segment")

    def __repr__(self) -> str:
        return f"Candidate({self.source_id}, {len(self.segments)} segments)"


@dataclass(frozen=True, slots=True, repr=False)
class Cleared:
    """A source that passed every check of the release gate. `consent` holds the flags that all its informants gave, None where
    none was needed."""

    source_id: str
    informants: tuple[str, ...]
    method: Method
    wave: int
    segments: tuple[tuple[str, SanitizedSegment, str], ...]
    consent: frozenset[str] | None

    def __repr__(self) -> str:
        return f"Cleared({self.source_id}, {len(self.segments)} segments)"


@dataclass(frozen=True, slots=True)
class Hit:
    """Where the gate saw what may identify: a span of a field of a segment, by which check. It holds no text."""

    segment_id: str  # empty where the field is the source's
    field: str
    span: Span
    type: EntityType
    check: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """A source that does not leave, the first check that held it, and counts of hits by type."""

    source_id: str
    reason: Reason
    check: int
    segments: int
    counts: tuple[tuple[EntityType, int], ...] = ()
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """What leaves in a profile and what was withheld, both in a fixed order. `cleared` is empty when nothing may leave: then
    there is nothing to export."""

    profile: str
    cleared: tuple[Cleared, ...]
    withheld: tuple[Withheld, ...]

    @property
    def held_segments(self) -> int:
        """Segments in sources that were withheld."""
        return sum(held.segments for held in self.withheld)

    @property
    def reasons(self) -> dict[Reason, int]:
        """Sources withheld, by reason."""
        return {reason: n for reason in Reason if (n := sum(w.reason is reason for w in self.withheld))}


@dataclass(frozen=True, slots=True)
class Singling:
    """How alike the informants of a release are in ages, regions and languages. `k` is the size of the smallest class, `l` the
    fewest kinds of informants (the letters of their codes) in a class, `alone` how many informants are a class of their own,
    `linked` how many share a pseudonym with another informant, `inferred` how many are among others of one kind only, `precise`
    how many quasi-identifiers stand as pseudonyms, neither banded nor mere words."""

    informants: int
    k: int = 0
    l: int = 0  # noqa: E741  the letter that everybody uses for it
    alone: int = 0
    linked: int = 0
    inferred: int = 0
    precise: int = 0
