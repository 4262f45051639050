"""E-mail addresses and links, written or spelled out."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.model import EntityType

_TLD = (
    r"(?:com|id|net|org|me|ee|gl|ly|co|io|app|example|info|edu|gov|ac|au|uk|be|tv|my|sg|hk|jp|link|site|web|xyz|biz|de|nl"
    r"|fr|tl|ph)"
)


def _address(match: "regex.Match[str]") -> bool:
    return "." in match["x"].rpartition("@")[2]


EMAILS = Family(
    EntityType.EMAIL,
    (
        Rule("email", r"(?<![\w.+-])(?P<x>[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,6}[a-z]{2,})(?![\w@-])", 0.97, _address, needs="@"),
        Rule(
            "email-spoken",
            r"(?<!\w)(?P<x>\w+(?:[ ](?:titik|dot|underscore|strip|garis bawah)[ ]\w+){0,3}(?:[ ]\w+){0,1}[ ](?:at|et"
            r"|di kotak surat)[ ](?:\w+[ ]){0,3}?(?:titik|dot)[ ]\w+(?:[ ](?:titik|dot)[ ]\w+){0,3})(?!\w)",
            0.75,
            needs=r"(?i) (?:titik|dot) ",
        ),
        Rule(
            "email-gapped",
            r"(?<![\w.+-])(?P<x>[\w.+-]{2,64} ?(?:\(at\)|\[at\]| @ ) ?(?:[\w-]+(?: ?(?:\(dot\)|\[dot\]|\.) ?)"
            r"){1,4}[a-z]{2,4})(?!\w)",
            0.8,
            needs=r"@|\([aA][tT]\)|\[[aA][tT]\]",
        ),
    ),
)

URLS = Family(
    EntityType.URL,
    (
        Rule("url", r"(?P<x>(?:https?|ftp)://[^\s<>\"'“”«»]+[^\s<>\"'“”«».,;:!?)\]])", 0.97, needs="://"),
        Rule("url-www", r"(?<![\w/@.-])(?P<x>www\.[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]])", 0.96, anchors="www"),
        Rule(
            "url-path",
            rf"(?<![\w/@.-])(?P<x>(?:[a-z0-9-]{{1,40}}\.){{1,4}}{_TLD}/[^\s<>\"'“”,;]*[^\s<>\"'“”.,;:!?)\]])",
            0.95,
            needs=r"\.[a-zA-Z]{2,7}/",
        ),
        Rule(
            "url-spoken",
            r"(?<!\w)(?P<x>(?:[a-z]+)[ ](?:dot|titik)[ ](?:com|id|me)[ ](?:slash|garis miring)[ ]\w+(?:[ ](?:two|three|four"
            r"|five|six|seven|eight|nine|one|zero|\w+ing|cantik|\d+)){0,4})(?!\w)",
            0.7,
            needs=r"(?i) (?:titik|dot) ",
        ),
    ),
)
