"""What kind of document a gold text is: its language and its register, both by rules that look at the text alone."""

import re

from samaran.language import language as language_of

_TURN = re.compile(r"\s*(?:[\[(]?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?[\])]?\s*)?[^\s:][^:\n]{0,40}:\s")
_DATED = r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b"
_CLOCK = r"\d{1,2}[:.]\d{2}\b(?![:.]\d)"
_HEAD = rf"\s*\[?(?:{_DATED}|{_CLOCK}).{{0,60}}?(?:-|\]|:)\s"
_STAMPED = re.compile(rf"{_HEAD}|\S.{{0,40}}\s{_CLOCK}\s*$")
_SPEAKER = re.compile(r"\s*(?:spk|speaker|penutur)\s?_?\d", re.IGNORECASE)


def language(text: str) -> str:
    """`id`, `su`, `en` or `mixed`: that of most words by the line, `mixed` where it has fewer than seven in ten."""
    votes: dict[str, int] = {}
    for line in text.split("\n"):
        said = language_of(line)
        if said in ("id", "su", "en", "mixed"):
            votes[said] = votes.get(said, 0) + len(line.split())
    if not votes:
        return "mixed"
    first = max(sorted(votes), key=lambda name: votes[name])
    return first if votes[first] >= 0.7 * sum(votes.values()) else "mixed"


def register(text: str) -> str:
    """`table`, `chat`, `ASR`, `transcript` or `note`, in this order: most lines have three separators; a third of the lines begin
    with a date or a clock time and a sender; there is next to no punctuation; a third of the lines begin with a speaker label."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return "note"
    share = 1 / len(lines)
    if sum(max(line.count(";"), line.count("\t"), line.count(" | ")) >= 3 for line in lines) * share > 0.5:
        return "table"
    if sum(bool(_STAMPED.match(line)) for line in lines) * share > 0.33:
        return "chat"
    words = len(text.split())
    if sum(text.count(mark) for mark in ".,?!") < 0.02 * words or sum(bool(_SPEAKER.match(x)) for x in lines) * share > 0.33:
        return "ASR"
    if sum(bool(_TURN.match(line)) for line in lines) * share > 0.33:
        return "transcript"
    return "note"
