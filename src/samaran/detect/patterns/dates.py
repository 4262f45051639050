"""Calendar dates in words and digits. Weekdays alone, clock times and durations are none."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import COUNT, NUMBER, NUMBER_WORDS, YEAR
from samaran.model import EntityType

MONTHS = (
    r"januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|nopember|november|desember"
    r"|pébruari|april|méi|séptémber|désémber|maart|nopémber|novémber"
    r"|january|february|march|june|july|august|october|december"
)
SHORT = r"jan|feb|peb|mar|apr|jun|jul|ags|agt|agu|agus|aug|sep|sept|okt|oct|nop|nov|des|dec|may|mei"
LUNAR = (
    r"muharram|muharam|muharom|safar|sapar|rabiul ?awal|rabiul ?akhir|jumadil ?awal|jumadil ?akhir|rajab|rejeb|sya'?ban"
    r"|saban|ruwah|rewah|ramadhan|ramadan|romadon"
    r"|syawal|sawal|zulkaidah|dzulqa'?dah|dulkaidah|hapit|apit|zulhijah|dzulhijjah|rayagung|besar|maulud|mulud|silih mulud"
    r"|jumadil|suro"
)
_SHORT = "|".join(word.capitalize() for word in SHORT.split("|"))
_MONTH_WORDS = " ".join(regex.findall(r"[^\W_]+", f"{MONTHS} {SHORT} {LUNAR}"))
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:(?:19|20)\d\d|['’´`]\d\d|\d\d(?!\w))"
_MONTH = rf"(?:{MONTHS}|{SHORT}|{LUNAR})\b\.?"
_HIJRI = r"1[34]\d\d(?:[ ]?H\b)?"
_SAID_DAY = rf"(?:{COUNT}(?:[ ]{COUNT}){{0,2}})"
_SAID_YEAR = rf"(?:{YEAR}|(?:{COUNT}[ ]{COUNT}(?!\w)))"
_ENGLISH_YEAR = rf"(?:(?:nineteen|twenty)[ -]{COUNT}(?:[ -]{COUNT})?|{YEAR})"
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
    " seventeenth eighteenth nineteenth twentieth twenty thirtieth thirty"
)
_ORDINAL = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth"
    r"|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[ -]first)"
)
_CITED = regex.compile(r"[\w.]{2,}(?:,| dkk\.?,?| et al\.?,?)? ?\(?$")


_DOUBT = 0.45
_STATUTE = regex.compile(
    r"(?:\b(?:nomor|nomer|no\.?|uu|undang-undang|pp|perma|perpres|perda|permen\w*|pergub|perbup|perwal\w*|keppres|inpres|qanun)"
    r"(?: [a-z]+)?[ .]{1,2}|/)\d{1,4}[a-z]? (?:(?:tahun|taun|thn|th)\.? )?$",
    regex.IGNORECASE,
)


def _numeric(match: "regex.Match[str]") -> float:
    """Day and month within range, in either order; two numbers alone only where both could be a date."""
    first, second = int(match["a"]), int(match["b"])
    if regex.search(
        r"(?:hlm|hal|halaman|page|pp|bab|skor|nilai)\.? ?$", match.string[max(0, match.start() - 10) : match.start()].lower()
    ):
        return 0.0
    if (first, second) == (24, 7) and "/" in match["x"] and len(match["x"]) == 4:
        return 0.3  # round the clock
    return 0.9 if 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12 else 0.0


def _bare_year(match: "regex.Match[str]") -> float:
    """A year that stands alone, and not in a citation or beside a number sign."""
    text, start, end = match.string, match.start("x"), match.end("x")
    before = text[max(0, start - 24) : start]
    if _STATUTE.search(text[max(0, start - 60) : start]):
        return _DOUBT
    if before.endswith("(") or regex.search(
        r"(?:no|nomor|nomer|rp|km|pasal|kode|uu|protokol|halaman|hal|blok|pin|kamar|room|case|act)\.? ?$", before.lower()
    ):
        return 0.0
    after = text[end : end + 8].lower()
    if regex.match(r" ?(?:rupiah|rb|ribu|orang|meter|km|cc|kg|ml|m2|watt|x\b)|[)%]", after):
        return 0.0
    if regex.search(r"[A-Z][\w.]+(?:, | dkk\.?,? | et al\.?,? | & \w+,? )$", before) and after.startswith((")", ":", ";", ",")):
        return 0.0
    return 0.62


def _said_year(match: "regex.Match[str]") -> float:
    """A year in full; of two digit words or tens only a number that no duration would follow `taun`."""
    if regex.match(r"dua (?:ribu|rebu|rébu|ewu)|two thousand|seribu|sarebu", match["x"].lower()):
        return 0.85
    cued = regex.match(r"tahun|taun|thn", match.group().lower())
    return 0.6 if cued and not regex.match(r"[ ](?:lebih|leuwih|an\b)", match.string[match.end() :]) else 0.0


def _cued_year(match: "regex.Match[str]") -> float:
    """A year behind a word for it. That of a statute or of a judgment is a doubt: `UU Nomor 27 Tahun 2022`, but also a house's
    number before a year."""
    return _DOUBT if _STATUTE.search(match.string[max(0, match.start() - 60) : match.start()]) else 0.88


DATES = Family(
    EntityType.DATE,
    (
        Rule(
            "date-day-month",
            rf"(?<![\w.,/:-])(?P<x>(?:(?:tanggal|tgl|tg|kaping)\.?[ ])?{_DAY}(?:st|nd|rd|th)?(?:[ ]?[-–/][ ]?{_DAY}"
            rf"|[ ](?:dan|jeung|sampai|s/d|and)[ ]{_DAY})?"
            rf"[ .\-/]?[ ]?(?:of[ ])?(?:(?:{LUNAR})[ ,]{{1,2}}{_HIJRI}|{_MONTH}(?:[ ,.\-/]{{1,2}}{_YEAR}(?!\w|[:.]\d))?))(?!\w)",
            0.94,
            anchors="#1 tanggal tgl tg kaping",
        ),
        Rule(
            "date-month-day",
            rf"(?<![\w.])(?P<x>(?:{MONTHS}|{SHORT})\.?[ ](?:the[ ])?{_DAY}(?:st|nd|rd|th)?(?:,?[ ](?:19|20)\d\d)?)(?![\w:]"
            r"|[.,]\d)",
            0.85,
            case=False,
            anchors=_MONTH_WORDS,
        ),
        Rule(
            "date-month-year",
            rf"(?<![\w.])(?P<x>(?:(?:{MONTHS}|{LUNAR})|(?-i:{_SHORT}|{SHORT})"
            rf"\.?)(?:[ ,/-]{{1,2}}|[ ](?:of|taun|tahun|thn)[ ]){_YEAR}|(?:{LUNAR})[ ,]{{1,2}}{_HIJRI})(?!\w|[.,:]\d)",
            0.93,
            anchors=_MONTH_WORDS,
        ),
        Rule(
            "date-numeric",
            r"(?<![\w.,/:-])(?P<x>(?:(?:tanggal|tgl|tg)\.?[ ])?(?P<a>\d{1,2})[ ]?(?P<s>[/.-])[ ]?(?P<b>\d{1,2})[ ]?(?P=s)"
            r"[ ]?(?:['’]?\d{2}|(?:19|20)\d{2}))(?![\w/-]|[.,:]\d)",
            0.9,
            _numeric,
            needs=r"\d ?[/.-] ?\d{1,2} ?[/.-] ?['’]?\d\d",
        ),
        Rule(
            "date-iso",
            r"(?<![\w.,/:-])(?P<x>(?:19|20)\d\d[-/.](?P<a>0\d|1[0-2])[-/.](?P<b>[0-2]\d|3[01]))(?![\w/-])",
            0.95,
            needs=r"\d\d[-/.][01]\d[-/.][0-3]\d",
        ),
        Rule(
            "date-compact",
            r"(?<=[_-])(?P<x>20[0-3]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))(?=[._-])",
            0.8,
            needs=r"[_-]20\d{6}[._-]",
        ),
        Rule(
            "date-slash",
            r"(?<![\w.,/:-])(?P<x>(?:(?:tanggal|tgl|tg)\.?[ ])?(?P<a>[0-3]?\d)[/](?P<b>[01]?\d))(?![\w/-]|[.,:]\d"
            r"|[ ]?(?:inch|lot|jam|bagian))",
            0.55,
            _numeric,
            context=r"senin|selasa|rabu|kamis|kemis|jumat|sabtu|minggu|senen|salasa|rebo|juma'?ah|saptu|mon|tue|wed|thu|fri|sat|sun|tgl|tanggal|hari|poe|lahir|date|\d{2}[.:]\d{2}",
            lifted=0.85,
            before=25,
            after=8,
            needs=r"\d/\d",
        ),
        Rule(
            "date-number",
            rf"(?<![\w.])(?P<x>(?:mal[ae]m[ ]\w+[ ])?(?:tanggal|tgl|tg)\.?[ ](?:{_DAY}(?:[ ]?[-–][ ]?{_DAY})?(?![\w.:]\d|\w)"
            rf"|{NUMBER})(?:[ ](?:{MONTHS}|{LUNAR}))?(?:[ ](?:{_YEAR}|{_SAID_YEAR}))?)(?!\w)",
            0.9,
            anchors="tanggal tgl tg malam malem",
        ),
        Rule(
            "date-said",
            rf"(?<!\w)(?P<x>(?:(?:tanggal|tgl|kaping)[ ])?{_SAID_DAY}[ ](?:{MONTHS}|{LUNAR})(?:[ ](?:tahun[ ]"
            rf"|taun[ ])?(?:{_SAID_YEAR}|{_YEAR}))?)(?!\w)",
            0.92,
            anchors=f"{NUMBER_WORDS} tanggal tgl kaping",
        ),
        Rule(
            "date-month-said-year",
            rf"(?<!\w)(?P<x>(?:{MONTHS})[ ](?:tahun[ ]|taun[ ])?(?:{YEAR}|{_SAID_YEAR}))(?!\w)",
            0.9,
            anchors=_MONTH_WORDS,
        ),
        Rule(
            "date-said-english",
            rf"(?<!\w)(?P<x>(?:{MONTHS}|may)[ ](?:the[ ])?{_ORDINAL}(?:,?[ ]{_ENGLISH_YEAR})?"
            rf"|{_ORDINAL}[ ](?:day[ ])?of[ ](?:{MONTHS}|may)(?:,?[ ](?:{_ENGLISH_YEAR}|{_YEAR}))?)(?!\w)",
            0.92,
            anchors=f"{_MONTH_WORDS} {_ORDINAL_WORDS}",
        ),
        Rule(
            "date-month",
            rf"(?<![\w.@])(?P<x>(?:{MONTHS}))(?![\w@]|[.-]\w)",
            0.7,
            lambda m: 0.8 if m["x"][:1].isupper() or m["x"].lower() not in ("march", "june", "august") else 0.45,
            anchors=_MONTH_WORDS,
        ),
        Rule(
            "date-month-lunar",
            r"(?<![\w.@])(?P<x>(?-i:Safar|Sapar|Rajab|Syawal|Maulud|Mulud|Hapit|Muharram|Rayagung|Syaban|Rewah|Ruwah|Suro)"
            r")(?!\w)",
            0.6,
        ),
        Rule(
            "date-month-short",
            r"(?<=\b(?:bulan|bln|awal|akhir|pertengahan|early|late|mid|since|in|last|until|till|sejak|dari)[ -])"
            rf"(?P<x>(?-i:{_SHORT}))\b",
            0.7,
            needs=rf"\b(?:{_SHORT})\b",
        ),
        Rule(
            "date-feast",
            r"(?<!\w)(?P<x>(?:mal[ae]m[ ])?(?:(?:bulan|sasih|bln|hari raya)[ ](?=puasa|ramad|idul))?(?:lebaran|takbiran"
            r"|idul ?fitri|idul ?adha|natal|imlek|puasa|ramadhan|ramadan|pemilu|pilkada|tahun baru|nyepi|waisak|galungan"
            r"|new year['’]?s?(?:[ ](?:eve|day))?|christmas(?:[ ](?:eve|day))?|easter(?:[ ](?:sunday|monday))?|eid|idul"
            rf")[ ](?:(?:tahun|taun|thn)[ ])?(?:(?:19|20)\d\d|{_HIJRI}|{YEAR}))(?!\w)",
            0.92,
            anchors=(
                "lebaran takbiran idul natal imlek puasa ramadhan ramadan pemilu pilkada tahun christmas easter eid malam "
                "new nyepi waisak galungan "
                "malem bulan sasih bln hari"
            ),
        ),
        Rule(
            "date-night",
            rf"(?<!\w)(?P<x>{_DAY}(?:st|nd|rd|th)[ ](?:night|day|evening)[ ]of[ ]"
            rf"(?:{MONTHS}|{LUNAR})(?:,?[ ](?:19|20)\d\d)?)(?!\w)",
            0.93,
            anchors="#",
            needs="(?i)(?:night|day|evening) of ",
        ),
        Rule(
            "date-year-cued",
            r"(?<!\w)(?:tahun|taun|th|thn|tahunnya|angkatan|year|class of|sejak|since|dari|early|late|mid)"
            r"[ .:-]{1,2}(?:ajaran[ ])?(?P<x>(?:19|20)\d\d(?:[/–-](?:19|20)?\d\d(?!\d))?|['’]\d\d)(?![\w]|[.,]\d"
            r"|[ ](?:rupiah|orang))",
            0.88,
            _cued_year,
            anchors="tahun taun th thn angkatan year class sejak since dari early late mid",
        ),
        Rule(
            "date-year-born",
            r"(?<!\w)(?:kelahiran|lahiran|lahir|born(?: in)?)[ ](?:(?:tahun|taun|thn|th)[ ])?(?P<x>['’]?(?:[4-9]\d|0\d))"
            r"(?![\w/-]|[.,:]\d|[ ](?:hari|minggu|bulan|tahun|taun|thn|jam|persen|orang|ribu|kilo|gram|cm|days|weeks|%))",
            0.75,
            anchors="kelahiran lahiran lahir born",
        ),
        Rule(
            "date-year",
            r"(?<![\w.,/:+@#-])(?P<x>(?:19[3-9]|20[0-3])\d)(?![\w@/:-]|[.,]\d)",
            0.62,
            _bare_year,
            needs=r"(?:19|20)\d\d",
        ),
        Rule(
            "date-year-said",
            rf"(?<!\w)(?:tahun|taun|thn|year|sejak|dari|in|ti)[ ](?P<x>{YEAR}(?<=\w[ ]\w+[ ]\w+)|(?:(?:enam|genep|tujuh"
            rf"|delapan|dalapan|lapan|sembilan|salapan)[ ](?:puluh[ ])?(?:{COUNT}|nol)|(?:enam|genep|tujuh|delapan|dalapan"
            r"|salapan|sembilan)[ ]puluh))(?!\w)(?![ ](?:tahun|taun|kali|orang|bulan|ratus|ribu))",
            0.5,
            _said_year,
            anchors="tahun taun thn year sejak dari in ti",
        ),
        Rule(
            "date-year-thousand",
            r"(?<!\w)(?P<x>(?:dua (?:ribu|rebu|rébu)|two thousand(?: and)?)(?:[ ](?:"
            + COUNT
            + r")){1,3})(?!\w)(?![ ](?:rupiah|orang|sebulan|sehari|perak|kali|ratus|lima ratus))",
            0.5,
            context=r"tahun|taun|sejak|dari|ti|di|waktu|pas|januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember|lulus|lahir|in|since",
            lifted=0.7,
            before=20,
            after=0,
            anchors="dua two",
        ),
    ),
)
