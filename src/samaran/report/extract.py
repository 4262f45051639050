"""What an informant gets who asks what is held on her: values in, a page and JSON out. See docs/formats/extract.md.

Unlike the board's report it holds text of interviews: hers, with everybody else masked. No value of it is ever logged or kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from samaran import codec
from samaran.model import CONSENT_FLAGS, EntityType, Method
from samaran.report.page import template
from samaran.report.voice import Day, Voice

VERSION = 1
GIVEN = "given"
"""The state of a source whose text is in the extract."""
OTHERS = "others"
"""The state of a source in which no turn is known to be hers."""
_WAITING = frozenset(
    {"undecided", "second-pass-due", "residual-identifier", "correction-due", "correction-unclear", "unfinished"}
)


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A turn. `who` is `you`, `interviewer`, `notes` or `other`. Raw."""

    who: str
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """A source. `state` is `given`, or why there is no text. `left_out` counts segments that are others', or may be."""

    method: Method
    wave: int
    day: str
    state: str
    shared: bool
    segments: int
    left_out: int = 0
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """A version of her consent."""

    form_version: str
    date: str
    mode: str
    flags: tuple[str, ...]

    def __post_init__(self) -> None:
        if not set(self.flags) <= set(CONSENT_FLAGS):
            raise ValueError("a consent has a flag that nobody knows")


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A withdrawal: when it was asked for and carried out, and what was destroyed."""

    scope: str
    requested: str
    executed: str
    keys: int
    sources: int
    segments: int


@dataclass(frozen=True, slots=True)
class Left:
    """A release that holds, or held, segments of hers."""

    profile: str
    day: str
    segments: int
    recalled: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """An original of hers was opened: when, and what for."""

    day: str
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of material: its last day, and when it was destroyed."""

    kind: str
    until: str
    destroyed: str


@dataclass(frozen=True, slots=True, repr=False)
class Extract:
    """All that is held on one informant, as she may see it. It names no code, id or pseudonym of the study."""

    study: str
    made: str
    request: int
    number: str
    committee: str
    contact: str
    purpose: str
    recipients: str
    identifiers: Mapping[EntityType, int] = field(default_factory=dict)
    consents: tuple[Agreed, ...] = ()
    withdrawals: tuple[TakenBack, ...] = ()
    sources: tuple[Held, ...] = ()
    released: tuple[Left, ...] = ()
    openings: tuple[Looked, ...] = ()
    retention: tuple[Kept, ...] = ()

    @property
    def nothing_left(self) -> bool:
        """Whether no material of hers is there any more."""
        return not self.sources and not self.identifiers

    @property
    def given(self) -> int:
        """How many segments are given."""
        return sum(len(source.said) for source in self.sources)

    @property
    def waiting(self) -> int:
        """How many sources wait for a reviewer before their text can be given."""
        return sum(source.state in _WAITING for source in self.sources)


def to_page(extract: Extract, language: str) -> str:
    """One page in `id` or `en`: no script, nothing from outside, everything escaped."""
    voice = Voice("en" if language == "en" else "id")
    return template("extract.html").render(
        e=extract,
        say=voice.say,
        number=voice.number,
        Day=Day,
        day=lambda text: voice.number(Day(text)),
        language=language,
        style=(files("samaran.report") / "page.css").read_text("utf-8"),
    )


def to_data(extract: Extract) -> bytes:
    """The same as canonical JSON."""
    return codec.canonical({"v": VERSION, **codec.plain(extract)}) + b"\n"
