"""Numbers in digits and in words of Indonesian, Sundanese and English: ages, dates, and digits read out one by one."""

import re
import unicodedata

UNITS = {
    **dict.fromkeys(("nol", "kosong", "enol", "zero", "oh", "o"), 0),
    **dict.fromkeys(("satu", "hiji", "one", "siji", "atu"), 1),
    **dict.fromkeys(("dua", "two", "loro", "duwa", "rua"), 2),
    **dict.fromkeys(("tiga", "tilu", "three", "telu", "tigo"), 3),
    **dict.fromkeys(("empat", "opat", "four", "papat", "ampat"), 4),
    **dict.fromkeys(("lima", "five", "limo"), 5),
    **dict.fromkeys(("enam", "genep", "six", "nem"), 6),
    **dict.fromkeys(("tujuh", "seven", "pitu", "tuju"), 7),
    **dict.fromkeys(("delapan", "dalapan", "eight", "wolu", "lapan"), 8),
    **dict.fromkeys(("sembilan", "salapan", "nine", "sanga"), 9),
}
_TEENS = ("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WHOLE = {
    **dict.fromkeys(("sepuluh", "sapuluh", "ten"), 10),
    **dict.fromkeys(("sebelas", "sabelas", "sawelas", "eleven"), 11),
    **{word: n for n, word in enumerate(_TEENS, 12)},
    **{word: n * 10 for n, word in enumerate(_TENS, 2)},
    **dict.fromkeys(("salikur", "selikur"), 21),
    **dict.fromkeys(("salawe", "selawe"), 25),
}
TIMES = {
    **dict.fromkeys(("puluh", "puluhan"), 10),
    **dict.fromkeys(("ratus", "hundred"), 100),
    **dict.fromkeys(("ribu", "rebu", "thousand"), 1000),
}
ROUND = {**dict.fromkeys(("seratus", "saratus"), 100), **dict.fromkeys(("seribu", "sarebu"), 1000)}
TEENS = {"belas", "welas"}
_WORD = re.compile(r"\d+|[^\W\d_]+")


def bare(text: str) -> str:
    """Lower case without accents; the letters and digits stay in order."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def words(text: str) -> list[str]:
    """The words and digit groups of a text, bare."""
    return _WORD.findall(bare(text))


def value(tokens: list[str]) -> int | None:
    """The number that the words say, None where any of them is no number word. Two bare units in a row are read as
    digits (`dua tiga` is 23, as ages are said)."""
    if not tokens:
        return None
    total, group, last = 0, 0, None
    for token in tokens:
        if token.isdecimal():
            unit = int(token)
            group, last = (group * 10 ** len(token) + unit if last == "unit" else group + unit), "unit"
        elif token in UNITS:
            group, last = (group * 10 + UNITS[token] if last == "unit" else group + UNITS[token]), "unit"
        elif token in WHOLE:
            group, last = group + WHOLE[token], "whole"
        elif token in TEENS and last == "unit":
            group, last = group + 10, "whole"
        elif token in ROUND:
            total, last = total + ROUND[token], "whole"
        elif token in TIMES and last is not None:
            total, group, last = _times(total, group, TIMES[token])
        else:
            return None
    return total + group


def _times(total: int, group: int, by: int) -> tuple[int, int, str]:
    """`puluh` multiplies the unit said last, `ratus` and `ribu` what was said since."""
    if by == 10:
        return total, (group - group % 10) + group % 10 * 10, "whole"
    return total + group * by, 0, "whole"


def digits(text: str) -> str:
    """The digits of a number that is written or read out: `nol delapan, lima` is 085, `D 6 2` is 62. A hidden digit
    (`x`, `*`, `?`) stays as `?`."""
    found = []
    for token in re.findall(r"\d|[xX*?•]+(?=[\s\d.\-xX*?•]|$)|[^\W\d_]+", bare(text)):
        if token.isdecimal():
            found.append(str(int(token)))
        elif set(token) <= set("x*?•"):
            found.append("?" * len(token))
        elif token in UNITS:
            found.append(str(UNITS[token]))
        elif token in ("double", "dobel"):
            found.append("=")
    said = "".join(found)
    return re.sub(r"=(.)", r"\1\1", said).replace("=", "")
