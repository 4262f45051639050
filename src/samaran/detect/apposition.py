"""An age beside a name: `Gibran, empat`, `Imah Tuha (63)`, `susi 29`."""

import re
from collections.abc import Iterator, Sequence

from samaran.detect.patterns.numerals import NUMBER
from samaran.model import DOUBTFUL, Detector, EntityType, Mention, Span

_UNIT = r"(?:tahunan|tahun|taun|thn|th|bulan|sasih|yo|years? old|months?)"
_BESIDE = re.compile(
    rf"(?:,[ ]|[ ]\(|[ ]|[ ]\|[ ])(?:(?:umur|usia|yuswa|sekitar|kira-kira|baru|now)[ ])?"
    rf"(?P<age>(?:[1-9]\d?(?!\d)|{NUMBER})(?:[ ]?-?an\b)?(?:[ ]?{_UNIT})?(?:[ ]setengah)?)(?=[,.;)|\n]|[ ]\||$)(?![.,:]\d)",
    re.IGNORECASE,
)


def ages(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """The ages that stand directly beside a person's name."""
    for mention in mentions:
        if mention.type not in (EntityType.PERSON, EntityType.ONLINE_ID) or mention.score < DOUBTFUL:
            continue
        match = _BESIDE.match(text, mention.span.end)
        if match and (not match["age"].isdigit() or int(match["age"]) > 4):
            yield Mention(Span(*match.span("age")), EntityType.AGE, 0.66, Detector.PATTERN, "age-beside-name")
