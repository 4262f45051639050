"""The closed vocabulary of audit entries: acts, codes, fields and the rules between them. Anything new raises the version."""

import re
from enum import StrEnum

from samaran.model import Reason, Verdict

VERSION = 1


class Act(StrEnum):
    """What can be done. A new act raises the version."""

    LOG_START = "log.start"
    RUN_START = "run.start"
    KEY_NEW = "key.new"
    KEY_POOL = "key.pool"
    KEY_REWRAP = "key.rewrap"
    EPOCH_START = "epoch.start"
    DRILL_RUN = "drill.run"
    SOURCE_REFUSE = "source.refuse"
    SOURCE_QUARANTINE = "source.quarantine"
    SOURCE_SEAL = "source.seal"
    SOURCE_DETECT = "source.detect"
    SOURCE_OPEN = "source.open"
    SOURCE_SUPERSEDE = "source.supersede"
    REGISTER_LINK = "register.link"
    REVIEW_SHEET = "review.sheet"
    REVIEW_DECIDE = "review.decide"
    RELEASE_MAKE = "release.make"
    RELEASE_WITHHOLD = "release.withhold"
    RELEASE_EXPORT = "release.export"
    INFORMANT_WITHDRAW = "informant.withdraw"
    INFORMANT_EXTRACT = "informant.extract"
    RETENTION_DESTROY = "retention.destroy"
    INCIDENT_OPEN = "incident.open"
    INCIDENT_NOTE = "incident.note"
    INCIDENT_CLOSE = "incident.close"
    LOG_ALARM = "log.alarm"
    LOG_ACKNOWLEDGE = "log.acknowledge"


class Phase(StrEnum):
    """An intent is durable before the act begins; a result names it afterwards."""

    INTENT = "intent"
    RESULT = "result"


class Code(StrEnum):
    """How an act ended, beside the reasons of `model.Reason` and, for decisions, `model.Verdict`."""

    OK = "ok"
    FAILED = "failed"
    ABANDONED = "abandoned"  # the process died; closed at the next start
    INTERRUPTED = "interrupted"
    INTEGRITY = "integrity"
    KEY_UNUSABLE = "key-unusable"
    WAITING = "waiting"
    USAGE = "usage"
    DISK_FULL = "disk-full"
    INPUT_OUTPUT = "input-output"


class Why(StrEnum):
    """The purposes for which an original may be opened."""

    REVIEW = "review"
    CORRECTION = "correction"
    ACCESS = "access"
    WITHDRAWAL = "withdrawal"
    RECOVERY = "recovery"
    DISPUTE = "dispute"


class Case(StrEnum):
    """What an incident is about. Each has a clock of three times 24 hours."""

    BREACH = "breach"
    ACCESS = "access-request"
    CORRECTION = "correction-request"
    ADVERSE = "adverse-event"


class Step(StrEnum):
    """What was done about an incident, or how it ended. Never what happened to whom."""

    CONTAINED = "contained"
    AUTHORITY_TOLD = "authority-told"
    INFORMANTS_TOLD = "informants-told"
    BOARD_TOLD = "board-told"
    CONTACTED = "contacted"
    REFERRED = "referred"
    ANSWERED = "answered"
    REFUSED_FOR_SAFETY = "refused-for-safety"
    RESOLVED = "resolved"
    UNFOUNDED = "unfounded"


def _one_of(*words: str) -> str:
    return "|".join(re.escape(word) for word in words)


def _below(limit: int) -> str:
    """A regular expression for the decimal numbers from 0 to below `limit`, without leading zeroes."""
    top = str(limit - 1)
    shorter = f"0|[1-9][0-9]{{0,{len(top) - 2}}}(?![0-9])"
    same = [
        f"{top[:at]}[{1 if at == 0 else 0}-{int(digit) - 1}][0-9]{{{len(top) - at - 1}}}"
        for at, digit in enumerate(top)
        if int(digit) > (1 if at == 0 else 0)
    ]
    return "|".join([shorter, *same, top])


_NUMBER = _below(2**53)
FIELDS = {
    "act": _one_of(*Act),
    "actor": "collector|[0-9a-f]{16}",
    "cfg": "[0-9a-f]{64}",
    "code": _one_of(*Code, *Reason, *Verdict, *Case, *Step),
    "model": "[0-9a-f]{64}",
    "n": _NUMBER,
    "obj": "[0-9a-f]{64}",
    "of": _NUMBER,
    "phase": _one_of(*Phase),
    "pkg": "[0-9a-f]{64}",
    "second": "[0-9a-f]{16}",
    "seq": _NUMBER,
    "sid": "[0-9a-f]{32}",
    "size": _NUMBER,
    "t": "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):00:00Z",
    "v": "1",
    "why": _one_of(*Why),
}
"""Field name to the regular expression of its values, in the order of canonical JSON. Values that match `_NUMBER` are numbers."""

NUMBERS = frozenset({"n", "of", "seq", "size", "v"})
ALWAYS = frozenset({"act", "actor", "phase", "seq", "t", "v"})
CONFIG_ACTS = frozenset({Act.RUN_START, Act.SOURCE_DETECT, Act.REGISTER_LINK, Act.RELEASE_MAKE})
"""Acts that carry `cfg`, `model`, `pkg`."""
TWO_PERSON_ACTS = frozenset(
    {Act.SOURCE_OPEN, Act.INFORMANT_EXTRACT, Act.INFORMANT_WITHDRAW, Act.EPOCH_START, Act.RETENTION_DESTROY}
)
"""Acts that carry `second`, the key id of the other person."""
REASON_ACTS = frozenset({Act.SOURCE_REFUSE, Act.SOURCE_QUARANTINE, Act.RELEASE_WITHHOLD})
"""Acts that end with a reason, never with `ok`."""
NEEDED: dict[tuple[str, str], tuple[str, ...]] = {
    (Act.RUN_START, Phase.INTENT): ("cfg",),
    (Act.SOURCE_SEAL, Phase.RESULT): ("obj", "size"),
    (Act.RELEASE_MAKE, Phase.RESULT): ("obj", "size"),
    (Act.RELEASE_EXPORT, Phase.RESULT): ("obj",),
}
"""What an intent, or a result that is `ok`, has to say."""


def misfit(act: str, phase: str, code: str | None, present: frozenset[str]) -> str | None:
    """Which rule between act, phase, code and the fields that are present is broken, if one is."""
    if {"of", "code"} & present != ({"of", "code"} if phase == Phase.RESULT else set()):
        return "`of` and `code` stand in results, and only there"
    if act not in CONFIG_ACTS and present & {"cfg", "model", "pkg"}:
        return f"{act} carries no digests of configuration"
    if act not in TWO_PERSON_ACTS and "second" in present:
        return f"{act} has no second person"
    if act != Act.SOURCE_OPEN and "why" in present:
        return f"{act} has no purpose"
    if code == Code.OK and act in REASON_ACTS:
        return f"{act} ends with a reason"
    if code in (None, Code.OK):
        for name in NEEDED.get((act, phase), ()):
            if name not in present:
                return f"{act} needs `{name}` in its {phase}"
    return None
