"""Names as people use them: titles aside, particles joined, initials, clipped and misspelled forms."""

import re
from functools import lru_cache
from itertools import groupby

from samaran.pseudonymize.numbers import bare

_HONORIFICS = (
    "teh teteh tth kang akang mang emang mamang pak pa bapak bp bu ibu mas mbak mba mbakyu ceu euceu si ci cici ko koko om oom "
    "tante neng nong mr mrs ms miss sir madam haji hajah hajjah hj h kh kyai ustad ustadz ustadzah habib gus ning cak bang abang "
    "kak kakak kaka bro sis bunda ayah papah mamah mama papa ma mak emak bi bibi wa uwa aki nini abah ambu mbah eyang opa oma aa "
    "dr drs dra ir prof dokter suster bidan mantri pdt pendeta romo bripka brigadir briptu bripda aiptu aipda ipda iptu akp "
    "kompol akbp kombes kapten sersan serma letda lettu alm almh almarhum almarhumah bos boss daeng datuak encang encing engkoh "
    "ncik cik dek dik de adek kangmas pakde bude paklik bulik"
)
HONORIFICS = frozenset(_HONORIFICS.split())
"""Words before a name that are not the name."""

_TITLES = {
    "m": "kang akang mang emang pak bapak mas bang abang om ko koko mr cak aa a",
    "f": "teh teteh ceu euceu bu ibu mbak mba tante ci cici mrs ms miss bi mpok",
}
_GENDER = {word: gender for gender, listed in _TITLES.items() for word in listed.split()}


def title(text: str, start: int) -> str:
    """`m` or `f` where the word right before a name is a title of a man or a woman, else nothing."""
    before = re.search(r"([^\W\d_]+)\.?\s$", text[max(0, start - 12) : start])
    return _GENDER.get(bare(before[1]), "") if before else ""


_DEGREES = "m s ss sh se skm skep spd sp mm mh msi mpd phd ma ba bsc msc amd ners sos sosi st mt spog spkj si pd kom ag hum kes"
DEGREES = frozenset(_DEGREES.split())
PARTICLES = frozenset(("bin", "binti", "bt", "van", "von", "de", "der", "del", "della", "le", "da", "di"))
ARTICLES = frozenset(("al", "el", "ad", "an", "ar", "as", "asy", "ash", "az"))
_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W\d_]+)*")
_CLITIC = re.compile(r"[-'’](?:na|nya|teh|téh|mah|ku|mu|lah|kah|tea|téa|ge|oge|tuh|dong|sih|kan|ya)$", re.IGNORECASE)


_TWICE = re.compile(r"(?<=[^\W\d_]{3})2$")


def squeeze(text: str) -> str:
    """Bare letters and digits, a letter that is repeated written once: `raniii` and `Rani` are the same."""
    return "".join(char for char, _ in groupby(c for c in bare(text) if c.isalnum()))


def pieces(name: str) -> tuple[str, ...]:
    """The parts of a name as they are written, without titles and degrees, and without small words before the first capital
    (`aslina Dewi`); `Al-Habsyi` is one part. Never empty unless the name has no letter or digit."""
    text = _CLITIC.sub("", name.strip())
    found: list[str] = []
    spans = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
    at = 0
    while at < len(spans):
        start, end = spans[at]
        if bare(text[start:end]) in ARTICLES and at + 1 < len(spans) and text[end : spans[at + 1][0]].strip(" -") == "":
            end = spans[at + 1][1]
            at += 1
        found.append(text[start:end])
        at += 1
    capitals = any(piece[0].isupper() for piece in found)
    while len(found) > 1 and (bare(found[0]) in HONORIFICS or (capitals and found[0].islower() and not _inner(found[0]))):
        found.pop(0)
    comma = text.find(",")
    while len(found) > 1 and comma >= 0 and text.rfind(found[-1]) > comma and _degree(found[-1]):
        found.pop()
    return tuple(found)


def _inner(word: str) -> bool:
    return bare(word) in PARTICLES | ARTICLES


def _degree(word: str) -> bool:
    return bare(word) in DEGREES


def _turned(name: str) -> str:
    """`FAUZIAH, Nadya` as `Nadya FAUZIAH`; a degree behind the comma stays there."""
    surname, comma, given = name.partition(",")
    words = _TOKEN.findall(given)
    if not comma or "," in given or not words or _degree(words[-1]) or len(_TOKEN.findall(surname)) != 1:
        return name
    return f"{given.strip()} {surname.strip()}"


@lru_cache(maxsize=1 << 16)
def tokens(name: str) -> tuple[str, ...]:
    """The folded parts of a name, particles such as `bin` left out unless nothing else is there. A name said twice is said once:
    `Rani-Rani`, `Rani2`."""
    folded = tuple(squeeze(piece) for piece in pieces(_turned(_TWICE.sub("", name))))
    kept = tuple(t for t in folded if t and t not in PARTICLES) or tuple(t for t in folded if t)
    return kept[:1] if len(set(kept)) == 1 else kept


def shorter(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether the one name is the other with parts left out or cut to initials: `Maharani K`, `N. Fauziah`, `Maharani`. One
    part alone must be the first or the last."""
    if short == long or len(short) > len(long):
        return False
    if len(short) == 1:
        return len(short[0]) > 2 and short[0] in (long[0], long[-1])
    at, whole = 0, 0
    for token in short:
        while at < len(long) and not (token == long[at] or (len(token) == 1 and long[at].startswith(token))):
            at += 1
        if at == len(long):
            return False
        whole += len(token) > 1
        at += 1
    return whole > 0


def initials(short: str, long: tuple[str, ...]) -> bool:
    """Whether the letters are the initials of a name of several parts."""
    return 1 < len(short) == len(long) and all(part.startswith(letter) for letter, part in zip(short, long, strict=True))


_VOWELS = frozenset("aeiou")


def clipped(short: str, form: str) -> bool:
    """Whether one closed or open syllable is how the form is called out: Rani - Ran, Yuyun - Yuy, Asep - Sep, Dewi - Wi; or the
    tail of a long name: Khadijah - Dijah."""
    if not short.isalpha() or len(form) - len(short) < 1 or len(short) < 2:
        return False
    syllables = sum(1 for vowel, _ in groupby(short, key=_VOWELS.__contains__) if vowel)
    if syllables == 1:
        return form.startswith(short) or (form.endswith(short) and short[0] not in _VOWELS)
    if syllables == 2 and form.startswith(short) and len(form) == len(short) + 1 >= 5:
        return form[-1] not in _VOWELS  # Yuyun - Yuyu
    return syllables == 2 and len(short) >= 4 and len(form) >= 6 and form.endswith(short)


_ALIKE = [
    set(pair) for pair in ("iy", "ou", "ei", "fp", "pv", "fv", "dt", "jz", "sz", "kq", "ck", "cs", "jy", "ks", "gk", "bp", "wu")
]


def shortened(short: str, form: str) -> bool:
    """Whether a longer name is called by its beginning: Murniati - Murni, Ambarwati - Ambar. Weak: `Sari` is also a name."""
    return short.isalpha() and len(short) >= 4 and form.startswith(short) and len(form) >= len(short) + 3


_SOUNDS = str.maketrans({"o": "u", "e": "i", "y": "i", "f": "p", "v": "p", "z": "j", "q": "k", "w": "u"})


def _sound(name: str) -> str:
    """A rough key of how a name sounds."""
    return name[:-1].translate(_SOUNDS) + name[-1]


def slip(one: str, other: str) -> bool:
    """Whether two folded names differ by one slip of the pen: letters that sound alike, a letter left out or doubled, two letters
    swapped. First letters agree, as do last vowels (Yanto is not Yanti)."""
    if one != other and len(one) == len(other) >= 5 and _sound(one) == _sound(other):
        return True
    if one == other or min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    if one[-1] != other[-1] and {one[-1], other[-1]} <= _VOWELS | {"y"} and {one[-1], other[-1]} != {"i", "y"}:
        return False
    if len(one) == len(other):
        differ = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        if len(differ) == 1:
            pair = {one[differ[0]], other[differ[0]]}
            return pair in _ALIKE or len(one) >= 8
        return len(differ) == 2 and differ[1] == differ[0] + 1 and one[differ[0]] == other[differ[1]] and len(one) >= 6
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] and (len(short) >= 7 or long[at] == "h")
