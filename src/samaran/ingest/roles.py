"""Which role a speaker label names. A label that names none has the role UNKNOWN: roles are read, never guessed."""

import re
from collections.abc import Collection, Iterable, Mapping

from samaran.errors import UsageError
from samaran.ingest import making
from samaran.model import Line, SpeakerRole

_WORDS: Mapping[SpeakerRole, str] = {
    SpeakerRole.INTERVIEWER: (
        "peneliti pewawancara penanya tanya interviewer int researcher moderator fasilitator facilitator enumerator pengumpul "
        "panalungtik panaliti pananya panaros patarosan ngawawancara nanya pwcr pwwcr pen penyidik"
    ),
    SpeakerRole.INFORMANT: (
        "informan informant inf narasumber narsum responden respondent resp partisipan participant jawab penjawab waleran "
        "ngajawab peserta pamilon interviewee subjek"
    ),
    SpeakerRole.OBSERVER: "pengamat observer pencatat notulen notulis rapporteur notetaker panitén",
    SpeakerRole.PEER: "teman friend peer rekan babaturan",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_PAIRS = ({"q": SpeakerRole.INTERVIEWER, "a": SpeakerRole.INFORMANT}, {"t": SpeakerRole.INTERVIEWER, "j": SpeakerRole.INFORMANT})
"""Question and answer, tanya and jawab: clear where both stand in a file. P and I are used both ways: UNKNOWN."""
_LEGEND = re.compile(r"(?<!\w)(\w{1,6}):? ?=\s?(?:nu |yang |the )?(\w{3,20})(?!\w)")
_NUMBERED = re.compile(r"([^\W\d_]+)[ .\-#]{0,2}(?:\d{1,3}|[a-z])?")

_COUNT = re.compile(r"(?<=^[^\W\d_])\d{1,3}$")
"""Turns that are counted: `T12` is a question like `T`."""

ROLE_WORDS = frozenset(_ROLES)


def key(label: str) -> str:
    """The form in which labels are compared; ATLAS.ti's sign before them is no part of it."""
    return " ".join(label.removeprefix("@").casefold().split())


def role_of(label: str) -> SpeakerRole | None:
    """The role that a label such as `Peneliti`, `Informan 3`, `Inf4` or `Rani (informan)` names, if any."""
    before, _, inside = key(label).partition(" (")
    for part in (before, inside.removesuffix(")")):
        if (found := _NUMBERED.fullmatch(part)) and found[1] in _ROLES:
            return _ROLES[found[1]]
    return None


def assigned(text: str, lines: Iterable[Line], speakers: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines with the roles that their labels name: by the study's map, the file's legend, the word itself."""
    lines = tuple(lines)
    labels = {text[label.start : label.end] for line in lines if (label := line.label) is not None}
    known = legend(text, {key(label) for label in labels}) | declared(speakers)
    named = {label: known.get(key(label)) or known.get(_COUNT.sub("", key(label))) or role_of(label) for label in labels}
    if not any(named.values()):
        return lines
    unknown = SpeakerRole.UNKNOWN
    return tuple(
        making.like(line, role=role)
        if (label := line.label) is not None and line.role is unknown and (role := named[text[label.start : label.end]])
        else line
        for line in lines
    )


def legend(text: str, labels: Collection[str]) -> dict[str, SpeakerRole]:
    """Roles that the file itself gives its labels (keys): a legend such as `T = tanya, J = jawab`, or a Q and A pair."""
    found: dict[str, SpeakerRole] = {}
    for pair in _PAIRS:
        if pair.keys() <= {_COUNT.sub("", label) for label in labels}:
            found |= pair
    for match in _LEGEND.finditer(text[:4000]):
        if role := _ROLES.get(match[2].casefold()):
            found[match[1].casefold()] = role
    return found


def declared(speakers: Mapping[str, str]) -> dict[str, SpeakerRole]:
    """The study's own map from labels to roles. Raises `UsageError` for a role that does not exist."""
    found = {}
    for label, value in speakers.items():
        role = role_of(value)
        if role is None:
            try:
                role = SpeakerRole(value.casefold())
            except ValueError:
                raise UsageError("study.toml: a value in [speakers] is no role.", f"Roles: {', '.join(SpeakerRole)}.") from None
        found[key(label)] = role
    return found
