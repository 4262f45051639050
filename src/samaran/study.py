"""`study.toml` and `entities.toml` become one frozen Study, read once. Unknown keys are errors."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from samaran import codec
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, EntityType, Method


@dataclass(frozen=True, slots=True)
class Naming:
    """How a file in the inbox says whose it is: a pattern of `{informant}`, `{method}`, `{wave}` and `{rest}`, tried on the path
    below `inbox/` without its extension. A row in manifest.csv goes before. `methods` translates the words used in names."""

    pattern: tuple[str, ...] = ("{informant}_{method}_{wave}", "{informant}_{method}", "{method}/{rest}")
    methods: Mapping[str, Method] = field(
        default_factory=lambda: MappingProxyType(
            {
                "wawancara": Method.INTERVIEW,
                "interview": Method.INTERVIEW,
                "fgd": Method.FIELD_STUDY,
                "lapangan": Method.FIELD_STUDY,
                "field": Method.FIELD_STUDY,
                "observasi": Method.OBSERVATION,
                "observation": Method.OBSERVATION,
                "chat": Method.CHAT,
                "literatur": Method.LITERATURE,
                "literature": Method.LITERATURE,
            }
        )
    )
    encoding: str = ""  # declared for files that are neither UTF-8 nor UTF-16, e.g. cp1252


@dataclass(frozen=True, slots=True)
class Detection:
    """What detects. `model` is `shipped`, `none`, or a local folder of a heavier back end. `speech` is a local folder with a
    model that transcribes recordings; empty, they are sealed and not transcribed."""

    model: str = "shipped"
    roster: str = "roster.csv"
    speech: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What counts as decided without a reviewer. Default: nothing (`decided_from` above 1)."""

    decided_from: float = 1.01
    decided_types: tuple[EntityType, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """How far a release generalizes and which consent it needs. Treatments: entities.toml."""

    name: str
    consent: tuple[str, ...] = ("participate",)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What happens to one entity type: its surrogate label, and per profile `entity` (a stable pseudonym), `band` (ages, dates
    and places generalized) or `category` (only the type stays)."""

    label: str
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Protocol:
    """The ethics approval, as it stands on paper; `contact` is whom an informant asks."""

    number: str = ""
    committee: str = ""
    expires: str = ""  # ISO date
    contact: str = ""


NOTHING = "nothing"
"""What a box gives that gives no flag: "none of these"."""


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """How the answers of an online form are read: `file` beside consent.csv, the headings of its columns, and which answers mean
    yes or no. `ticks` are questions with boxes: heading to flag (or `NOTHING`) to the texts of its options. Nothing else in the
    file is read."""

    file: str = ""
    informant: str = ""
    date: str = "Timestamp"
    date_order: str = "dmy"
    version: str = ""
    mode: str = "written"
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ticks: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    yes: tuple[str, ...] = ("ya", "yes", "setuju", "bersedia", "agree")
    no: tuple[str, ...] = ("tidak", "no", "tidak setuju", "tidak bersedia", "disagree")


@dataclass(frozen=True, slots=True)
class Vault:
    """Where else wrapped keys lie: folders that a withdrawal has to reach; and where else copies of the study's folder lie: the
    collecting machine, a stick. A drill is due after so many days. `board_quorum`: how many board members it takes together; 1
    means that each opens alone."""

    places: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    drill_days: int = 180
    board_quorum: int = 1


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when each class of material is kept, an ISO day; empty means without end. `grace_days`: how long a scheduled
    destruction is announced before."""

    originals: str = ""
    keys: str = ""
    register: str = ""
    sanitized: str = ""
    log: str = ""
    grace_days: int = 14

    def until(self, kind: str) -> str:
        """The last day of a class."""
        return str(getattr(self, kind))


RETAINED = ("originals", "keys", "register", "sanitized", "log")
"""The classes of material that have a retention of their own, in the order in which they may go."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study folder and everything its config says. `digest` identifies the config in the audit log."""

    folder: Path
    name: str
    language: str
    protocol: Protocol
    naming: Naming
    speakers: Mapping[str, str]
    no_consent_needed: tuple[Method, ...]
    keep_scholars: tuple[Method, ...]
    detection: Detection
    review: Review
    profiles: Mapping[str, Profile]
    treatments: Mapping[EntityType, Treatment]
    consent: ConsentForm
    vault: Vault
    retention: Retention
    cron: str
    audit_cron: str
    digest: str

    @property
    def inbox(self) -> Path:
        """Raw files, until sealed and read back."""
        return self.folder / "inbox"


SCHEDULE: Mapping[str, str] = MappingProxyType({"cron": "0 2 * * *", "audit": "30 4 * * *"})
"""When what runs, unless study.toml says otherwise."""

_STUDY_TOML = {
    "study",
    "protocol",
    "naming",
    "speakers",
    "methods",
    "detection",
    "review",
    "profiles",
    "consent",
    "vault",
    "retention",
    "schedule",
}


def load(folder: Path) -> Study:
    """Read the two config files of a study folder. Raises `UsageError`: missing file, bad TOML, unknown key, bad value."""
    config, config_bytes = _toml(folder / "study.toml")
    types, types_bytes = _toml(folder / "entities.toml")
    _only(config, _STUDY_TOML, "study.toml")
    head = _table(config, "study")
    _only(head, {"name", "language"}, "study.toml [study]")
    name, language = head.get("name", ""), head.get("language", "id")
    if not isinstance(name, str) or not name or not name.replace("-", "").isalnum() or not name.isascii():
        raise UsageError(
            "study.toml: `name` in [study] must be letters, digits and hyphens.",
            'Write a short code such as name = "bandung-2026"; it stands in the audit log.',
        )
    if language not in ("id", "en"):
        raise UsageError('study.toml: `language` in [study] must be "id" or "en".', "It is the language of reports.")
    methods = _table(config, "methods")
    _only(methods, {"no_consent_needed", "keep_scholars"}, "study.toml [methods]")
    naming = _value(Naming, _table(config, "naming"), "study.toml [naming]")
    if isinstance(naming.methods, dict):
        default = Naming().methods
        given = {word: _method(value) for word, value in naming.methods.items()}
        naming = Naming(_strings(naming.pattern), MappingProxyType({**default, **given}), naming.encoding)
    review = _value(Review, _table(config, "review"), "study.toml [review]")
    review = Review(float(review.decided_from), tuple(_type(t) for t in review.decided_types))
    return Study(
        folder=folder,
        name=name,
        language=language,
        protocol=_value(Protocol, _table(config, "protocol"), "study.toml [protocol]"),
        naming=naming,
        speakers=MappingProxyType({str(k): str(v) for k, v in _table(config, "speakers").items()}),
        no_consent_needed=tuple(_method(m) for m in methods.get("no_consent_needed", [Method.LITERATURE, Method.OBSERVATION])),
        keep_scholars=tuple(_method(m) for m in methods.get("keep_scholars", [Method.LITERATURE])),
        detection=_detection(folder, _value(Detection, _table(config, "detection"), "study.toml [detection]")),
        review=review,
        profiles=_profiles(_table(config, "profiles")),
        treatments=_treatments(types),
        consent=_consent_form(_table(config, "consent")),
        vault=_value(Vault, _table(config, "vault"), "study.toml [vault]"),
        retention=_retention(_table(config, "retention")),
        cron=_cron(_table(config, "schedule"), "cron"),
        audit_cron=_cron(_table(config, "schedule"), "audit"),
        digest=hashlib.sha256(codec.canonical([config_bytes.hex(), types_bytes.hex()])).hexdigest(),
    )


def _toml(path: Path) -> tuple[dict[str, Any], bytes]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(
            f"{path.name} is missing in this folder.", "Make a study folder with `samaran init STUDY`, or name the right one."
        ) from None
    try:
        return tomllib.loads(data.decode("utf-8")), data
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(error).rpartition("(")[2].rstrip(")") if "(" in str(error) else "somewhere"
        raise UsageError(f"{path.name} is not valid TOML ({where}).", "Mend that line; see docs/config.md.") from None


def _only(table: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise UsageError(
            f"{where}: unknown key `{unknown[0]}`.", f"Known keys: {', '.join(sorted(allowed))}. See docs/config.md."
        )


def _table(config: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = config.get(key, {})
    if not isinstance(table, dict):
        raise UsageError(f"study.toml: `{key}` must be a table.", f"Write [{key}] on a line of its own.")
    return table


def _detection(folder: Path, given: Detection) -> Detection:
    """A model's folder is below the study's, unless its path is whole: a scheduled run stands elsewhere."""
    if given.speech:
        given = replace(given, speech=str(folder.resolve() / given.speech))
    return given if given.model in ("shipped", "none") else replace(given, model=str(folder.resolve() / given.model))


def _value(kind: type[Any], table: dict[str, Any], where: str) -> Any:
    """A frozen value from a table, each key checked against the type of the field's default."""
    _only(table, {f.name for f in fields(kind)}, where)
    given: dict[str, Any] = {}
    for f in fields(kind):
        if f.name not in table:
            continue
        default = f.default if f.default is not MISSING else {}
        value = table[f.name]
        wanted = (list, str) if isinstance(default, tuple) else (int, float) if isinstance(default, float) else type(default)
        if not isinstance(value, wanted):
            raise UsageError(f"{where}: `{f.name}` has a value of the wrong kind.", f"Default: {default!r}. See docs/config.md.")
        given[f.name] = _strings(value) if isinstance(default, tuple) else value
    return kind(**given)


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _method(value: Any) -> Method:
    try:
        return Method(value)
    except ValueError:
        raise UsageError("study.toml: unknown method.", f"Methods: {', '.join(Method)}.") from None


def _type(value: Any) -> EntityType:
    try:
        return EntityType(value)
    except ValueError:
        raise UsageError("A config file names an unknown entity type.", f"Types: {', '.join(EntityType)}.") from None


def _profiles(table: dict[str, Any]) -> Mapping[str, Profile]:
    default = {
        "analysis": Profile("analysis", ("participate",)),
        "archive": Profile("archive", ("participate", "archive")),
        "publication": Profile("publication", ("participate", "quote_verbatim")),
    }
    for name, content in table.items():
        if name not in default:
            raise UsageError(f"study.toml: unknown profile `{name}`.", f"Profiles: {', '.join(default)}.")
        where = f"study.toml [profiles.{name}]"
        _only(content if isinstance(content, dict) else {"": None}, {"consent"}, where)
        flags = content.get("consent", list(default[name].consent))
        if not isinstance(flags, list) or not set(map(str, flags)) <= set(CONSENT_FLAGS):
            raise UsageError(f"{where}: `consent` holds what is no consent flag.", f"Flags: {', '.join(CONSENT_FLAGS)}.")
        default[name] = Profile(name, tuple(map(str, flags)))
    return MappingProxyType(default)


def _treatments(types: dict[str, Any]) -> Mapping[EntityType, Treatment]:
    _only(types, set(EntityType), "entities.toml")
    missing = [t for t in EntityType if t not in types]
    if missing:
        raise UsageError(
            f"entities.toml: no table for {missing[0]}.", "Each of the fourteen types needs one; see docs/config.md."
        )
    found = {}
    for kind in EntityType:
        table = types[kind]
        _only(table, {"label", "analysis", "archive", "publication"}, f"entities.toml [{kind}]")
        levels = {p: table.get(p, "entity") for p in ("analysis", "archive", "publication")}
        bad = [level for level in levels.values() if level not in ("entity", "band", "category")]
        if bad or not str(table.get("label", "")).isupper():
            raise UsageError(
                f"entities.toml [{kind}]: a value is not allowed.",
                "`label` is in capitals; a profile is entity, band or category.",
            )
        found[kind] = Treatment(table["label"], MappingProxyType(levels))
    return MappingProxyType(found)


def _consent_form(table: dict[str, Any]) -> ConsentForm:
    form: ConsentForm = _value(ConsentForm, table, "study.toml [consent]")
    columns = _texts(form.columns, set(CONSENT_FLAGS), "study.toml [consent] columns")
    ticks = {
        heading: _texts(options, {*CONSENT_FLAGS, NOTHING}, "study.toml [consent] ticks")
        for heading, options in form.ticks.items()
    }
    if sorted(form.date_order) != ["d", "m", "y"] or form.mode not in ("written", "recorded"):
        raise UsageError(
            "study.toml [consent]: a value is not allowed.", "`date_order`: dmy, mdy or ymd; `mode`: written, recorded."
        )
    ticked = {flag for options in ticks.values() for flag in options}
    if twice := sorted(ticked & columns.keys()):
        raise UsageError(
            f"study.toml [consent]: `{twice[0]}` stands in `columns` and in `ticks`.", "A flag is asked in one of the two."
        )
    if form.file and not (form.informant and form.version and "participate" in ticked | columns.keys()):
        raise UsageError(
            "study.toml [consent]: `informant`, `version` and a question for `participate` are needed with `file`.",
            "See docs/formats/consent.md.",
        )
    return replace(form, columns=MappingProxyType(columns), ticks=MappingProxyType(ticks))


def _texts(table: Any, keys: set[str], where: str) -> dict[str, tuple[str, ...]]:
    """Flag to one text or several."""
    given = table if isinstance(table, dict) else {}
    _only(given, keys, where)
    found = {key: _strings(value) for key, value in given.items() if isinstance(value, str | list)}
    if given != table or len(found) != len(given) or not all(texts and all(map(str.strip, texts)) for texts in found.values()):
        raise UsageError(f"{where}: a value is not allowed.", "A text, or a list of texts. See docs/formats/consent.md.")
    return found


def _retention(table: dict[str, Any]) -> Retention:
    kept: Retention = _value(Retention, table, "study.toml [retention]")
    for kind in RETAINED:
        day = kept.until(kind)
        try:
            if day and date.fromisoformat(day).isoformat() != day:
                raise ValueError
        except ValueError:
            raise UsageError(
                f"study.toml [retention]: `{kind}` is no day.", "Write it as 2031-12-31, or leave it empty."
            ) from None
    if kept.register and min(kept.originals or "9", kept.keys or "9") > kept.register:
        raise UsageError(
            "study.toml [retention]: the register can't go before the originals or their keys.",
            "What can still be opened could not be masked any more. Give `originals` or `keys` the same day or an earlier one.",
        )
    if kept.log and any((kept.until(kind) or "9") > kept.log for kind in RETAINED):
        raise UsageError("study.toml [retention]: the log goes last.", "It proves what was destroyed: give `log` the latest day.")
    return kept


def _cron(table: dict[str, Any], key: str) -> str:
    _only(table, set(SCHEDULE), "study.toml [schedule]")
    cron = table.get(key, SCHEDULE[key])
    if not isinstance(cron, str) or len(cron.split()) != 5:
        raise UsageError(f"study.toml: `{key}` in [schedule] must have five fields.", f'For example {key} = "{SCHEDULE[key]}".')
    return cron
