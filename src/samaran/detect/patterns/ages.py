"""Ages in words and digits: a number beside a word for age, or of the form `19-year-old`. Durations are none."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import NUMBER, NUMBER_WORDS
from samaran.model import EntityType

_UNIT = r"(?:tahunan|tahun|taunan|taun|thn|th|bln|tahun lebih|years old|years?|yrs?|yo|y\.o\.?|bulan|months?|sasih|warsih)"
_DIGITS = r"(?:\d{1,2}(?:[.,]5)?(?!\w|[.,:/]\d|%)|\d{2}(?=[ ]?-?an\b|th|yo|thn))"
AGE = (
    rf"(?:(?:{_DIGITS}|{NUMBER})(?:[ ]?-?an\b|-?ish\b|[ ]something)?(?:[ -]?{_UNIT})?(?:[ ](?:setengah|lebih (?:dua|tiga)"
    r" bulan|kurang|and a half))?)"
)
"""A number that can be an age, with its unit."""

_CUE_WORDS = "umur usia yuswa omor age ageing turned turning ulang ultah birthday"
_CUE = (
    r"(?:umur|usia|yuswa|omor|age|aged|ageing|umuran|umure|umurna|umurnya|umurnyo|usianya|usiana|yuswana|umurku|usiaku"
    r"|umurmu|umurny|umurta|turned|turning|ulang tahun(?: ke| yang ke)?|ultah(?: ke)?|birthday)"
)
_FILL = (
    r"(?:saya|aku|gue|gua|gw|w|sa|abdi|kuring|aing|urang|kami|kula|ambo|beta|kak|nya|na|ieu|ini|itu|eta|baru|kakara"
    r"|karek|nembe|sekarang|skrg|ayeuna|sudah|udah|udh|tos|geus|dah|lah|kira-kira|kira kira|kira2|kurang lebih|masih"
    r"|kénéh|keneh|sekitar|hampir|mau|masuk|waktu|waktu itu|resmi|asli|di|kisaran|antara|ya|teh|téh|mah|juga|ge|berapa"
    r"|sabaraha|of|was|is|at|about|around|the|me|dia|jalan|meh|ampir|rada|paling|doang|cuma|maju|nuju|nincak|ka|ke|klien"
    r"|Abang|teteh|mamah|ibu|bapak|anak|anakna)"
)
_WOMEN = (
    r"(?:perempuan|wanita|awewe|awéwé|laki-laki|lelaki|lalaki|pria|anak|budak|waria|girl|boy|woman|man|janda|duda"
    r"|mahasiswi|mahasiswa|gadis|cewek|cowok|lanang|wedok)"
)


_CHILD = (
    r"(?:anak|budak|cucu|incu|putu|adik|adek|ade|adi|kakak|cikal|bungsu|leutik|kecil|ragil|mbarep|putra|putri|bayi|orok"
    r"|murangkalih|alo|keponakan"
    r"|ponakan|son|daughter|istri|suami|salaki|pamajikan|ibu|bapak|ema|nini|aki|nenek|kakek)"
)


_CHILD_WORDS = (
    "anak budak cucu incu putu adik adek ade adi kakak cikal bungsu leutik kecil ragil mbarep putra putri bayi "
    "orok murangkalih alo keponakan "
    "ponakan son daughter istri suami salaki pamajikan ibu bapak ema nini aki nenek kakek bocah boy girl woman "
    "man lady aged child"
)


def _unit_or_english(match: "regex.Match[str]") -> float:
    """In Indonesian a number after `anak` is an age only with its unit (`anak dua` counts children)."""
    indonesian = regex.match(r"anak|budak|murangkalih|orok|bayi|bocah", match.group().lower())
    return 0.0 if indonesian and not regex.search(_UNIT, match["x"].lower()) else 0.62 * _age(match)


def _age(match: "regex.Match[str]") -> float:
    """Between nought and a hundred and ten; a month's count stays an age only up to thirty-six."""
    digits = regex.match(r"\d+", match["x"])
    return 0.0 if digits and not 0 < int(digits.group()) <= 110 else 1.0


def _at(score: float):  # type: ignore[no-untyped-def]
    def check(match: "regex.Match[str]") -> float:
        return score * _age(match)

    return check


AGES = Family(
    EntityType.AGE,
    (
        Rule(
            "age-cued",
            rf"(?<!\w){_CUE}(?:[ ,]{{1,2}}{_FILL}(?!\w)){{0,4}}[ ]?[:=;,(\-]?[ ]{{0,12}}(?P<x>{AGE})(?!\w)(?![ ]?(?:rb|ribu"
            r"|juta|jam|menit|kali|orang|hari|minggu))",
            0.9,
            _at(0.9),
            anchors=_CUE_WORDS,
        ),
        Rule(
            "age-asked",
            r"(?:umur|usia|yuswa|how old|age|umua)(?:[^\n]{0,40}(?:\?|berapa|sabaraha|brp|barapo)[^\n]{0,25}"
            r"|\w{0,3})\n{1,3}[^\S\n]*(?:\[[\d:.]+\][ ])?(?:[^\s:\n][^:\n]{0,30}(?::|>|—|[ ]-)[ ]|[a-z]\d?[ ]"
            rf"|spk\d[ ]|narasumber[ ])?(?:(?:{_FILL}|Eh|Euh|Hmm|Sekarang|Baru)[ ,.]{{1,4}}){{0,3}}(?P<x>{AGE})(?!\w)"
            r"(?![ ]?(?:rb|ribu|juta|jam|menit|kali|orang|hari|minggu))",
            0.8,
            _at(0.8),
            anchors="umur usia yuswa how age umua",
        ),
        Rule(
            "age-years-old",
            rf"(?<!\w)(?P<x>(?:{NUMBER}|\d{{1,3}})[ -](?:years?|months?)[ -]old|(?:{NUMBER}|\d{{1,3}})[ ]?y\.?/?o\.?)(?!\w)",
            0.93,
            _at(0.93),
            anchors=f"# {NUMBER_WORDS}",
            needs=r"[ -][oO][lL][dD]\b|[yY]\.?/?[oO]\b",
        ),
        Rule(
            "age-i-am",
            r"(?<!\w)(?:i'?m|i was|he'?s|she'?s|he was|she was|i am|he is|she is|when i was|must be|just turned|i turned)"
            rf"[ ](?:now[ ]|only[ ]|about[ ]|already[ ]|almost[ ])?(?P<x>(?:{AGE}))(?!\w)(?![ ]?(?:percent|minutes?|hours?"
            r"|weeks?|days?|kilo|metres?|of|in the|o'clock|and|or|th))(?=[\s.,;:!?)—–-]|$)",
            0.75,
            _at(0.75),
            anchors="i he she when must just",
        ),
        Rule(
            "age-decades",
            rf"(?<!\w)(?P<x>(?:{NUMBER}|[2-9]0)[ ]?-?an|\d\d-an|(?:twenty|thirty|forty|fifty|sixty)[ ]something)(?!\w)"
            r"(?![ ]?(?:ribu|rb|juta|kali|orang|menit|kilo|persen|meter|rebu))",
            0.3,
            context=rf"{_CUE}|{_WOMEN}|bapak-bapak|ibu-ibu|om-om|kira-kira|orangnya",
            lifted=0.65,
            before=45,
            after=10,
            anchors=f"{NUMBER_WORDS} #1",
        ),
        Rule(
            "age-of-child",
            rf"(?<!\w){_CHILD}(?:nya|na|ku|mu|ne)?(?!\w)[^\n]{{1,45}}?(?<!\w)(?P<x>(?:{NUMBER}|\d{{1,2}})[ ](?:tahun|taun"
            r"|thn|th|bulan|sasih)(?:[ ]setengah)?)(?!\w)(?=[ ]?[,.;:)\n]|[ ]kelas)",
            0.56,
            _at(0.56),
            anchors=_CHILD_WORDS,
        ),
        Rule(
            "age-child-of",
            r"(?<!\w)(?:anak|budak|murangkalih|orok|bayi|bocah|boy|girl|woman|man|lady|son|daughter|aged|child)(?:[ ](?:of"
            rf"|umur)|,)?[ ](?P<x>(?:{NUMBER}|\d{{1,2}})(?:[ ]{_UNIT})?)(?!\w)(?=[ ]?[,.;:)]|[ ](?:di|yang|nu|from|who|and))",
            0.55,
            _unit_or_english,
            anchors=_CHILD_WORDS,
        ),
        Rule(
            "age-then-cue",
            rf"(?<![\w.,:/])(?P<x>(?:{NUMBER}|\d{{1,2}})[ ]?{_UNIT})"
            r"[ ](?:umur|usia|yuswa)(?:nya|na|ne)(?!\w)",
            0.8,
            _at(0.8),
            anchors=f"#1 {NUMBER_WORDS}",
            needs=r"(?i:umur|usia|yuswa)",
        ),
        Rule(
            "age-claimed",
            rf"(?<!\w)(?:ngaku|mengaku|ngakune|claims? to be|claimed to be|says? she'?s|said she was)(?:nya|na)?[ ]"
            rf"(?:(?:umur|baru|masih|udah|sudah|kakara|karek)[ ]){{0,2}}(?P<x>{AGE})(?!\w)"
            r"(?![ ]?(?:rb|ribu|juta|jam|menit|kali|orang|hari|minggu|jalma|urang|of))",
            0.7,
            _at(0.7),
            anchors="ngaku ngakunya ngakuna ngakune mengaku claim claims claimed say says said",
        ),
        Rule(
            "age-when",
            rf"(?<!\w)(?:married|divorced|widowed|pregnant|left|left home|started|died)[ ](?:at|aged)[ ](?P<x>(?:{NUMBER}"
            r"|\d{1,2}))(?=[,.; ])",
            0.7,
            _at(0.7),
            anchors="married divorced widowed pregnant left started died",
        ),
        Rule(
            "age-until",
            r"(?<!\w)(?:until|till|before|since)[ ](?:you|i|she|he|we|they)"
            r"(?:[ ](?:are|am|is|was|were|turn|turns|turned)|['’](?:re|m|s))"
            rf"[ ](?P<x>(?:{AGE}))(?!\w)(?![ ]?(?:percent|minutes?|hours?|weeks?|days?|kilo|metres?|of|o'clock|th|people|girls"
            r"|feet|blocks?))",
            0.7,
            _at(0.7),
            anchors="until till before since",
        ),
        Rule(
            "age-now",
            r"(?<!\w)(?:sekarang|skrg|ayeuna|saiki|kini|tos|geus|udah|udh|sudah|baru|kakara|masih|jalan|hampir|meh|jadi)"
            rf"[ ](?P<x>(?:{NUMBER}(?<=\w[ ]\w+)|\d\d)(?:[ ]{_UNIT})?)(?=[.,;\n])",
            0.3,
            _at(0.3),
            context=rf"{_CUE}|{_CHILD}|lahir|ktp|shio",
            lifted=0.6,
            before=60,
            after=0,
            anchors="sekarang skrg ayeuna saiki kini tos geus udah udh sudah baru kakara masih jalan hampir meh jadi",
        ),
        Rule(
            "age-brackets",
            r"(?<=(?-i:[A-Z])[\w.'’-]+[ ])\((?P<x>(?:[1-9]\d|[5-9])(?:[ ](?:tahun|taun|th|thn))?)\)",
            0.75,
            _at(0.75),
            needs=r"\(\d",
        ),
        Rule(
            "age-after-name",
            r"(?<![.!?][ ])(?<=\b(?-i:[A-Z])[\w'’-]+),[ ](?P<x>(?:[1-9]\d(?:[ ](?:tahun|taun|th|thn|yo))?"
            rf"|{NUMBER}(?:[ ]{_UNIT})?))(?=[,.;)\n]|$)(?![.,:]\d)",
            0.6,
            _at(0.6),
        ),
        Rule(
            "age-informant",
            r"(?<!\w)(?:informan|informant|responden|narasumber|respondent|perempuan|woman|female|male|wanita|pekerja seks"
            rf"|awéwé pagawé séks)[ ]?(?:[\w-]{{1,8}})?[ ]?[,(|/][ ]?(?P<x>\d\d(?:[ ]?{_UNIT})?)(?=[,.;)|/\n ]|$)",
            0.7,
            _at(0.7),
            anchors="informan informant responden narasumber respondent perempuan woman female male wanita pekerja awewe",
        ),
    ),
)
