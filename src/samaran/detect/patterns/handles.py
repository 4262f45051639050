"""Account names, handles, and the names of profiles and groups beside words for them."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import DIGIT
from samaran.detect.wordforms import known_word
from samaran.detect.words import everyday, fold, function_words, no_names
from samaran.model import EntityType

_FILES = r"(?:txt|pdf|docx?|xlsx?|csv|mp[34]|m4a|wav|jpe?g|png|srt|vtt|zip|apk|ogg|opus|py|html?)"
_APPS = (
    r"(?:mi ?chat|mc|micet|me ?chat|ig|insta(?:gram)?|fb|facebook|tiktok|tik tok|twitter|telegram|tele|line|wa|whatsapp"
    r"|app|aplikasi|tantan|tinder|bigo|signal|x|akun|profil|profile|bio|threads|youtube|yt|game|discord|app-nya)"
)
_APP_WORDS = (
    "michat mi mc micet mechat me ig insta instagram fb facebook tiktok tik twitter telegram tele line wa "
    "whatsapp app aplikasi tantan tinder"
    " bigo signal x akun profil profile bio threads youtube yt game discord"
)
_NAME_WORDS = (
    f"{_APP_WORDS} nama ngaran namina jeneng username user id nickname nick handle account called display "
    "panggilan callsign call grup group"
    " channel kanal kontak saluran page laman halaman gc server fanpage nyimpen disimpen simpan"
)
_NAMED = (
    r"(?:nama(?:nya|na|ne|ny|ku|mu)?|ngaran(?:na|ing)?|namina|jenengku|jeneng|username|user|user ?name|id(?:nya|na)?"
    r"|nickname|nick|handle|akun(?:nya|na|ku|mu|ing|e)?|account|profil(?:nya|na|ku|e)?|called|display name"
    r"|panggilan udara|call ?sign)"
)
_QUOTED = r"[\"“”‘'«](?P<x>[^\"“”‘’«»\n]{2,40})[\"”’'»]"
_HANDLE = r"@?[a-z0-9][\w.]{2,30}(?<=\w)"


def _handle(match: "regex.Match[str]") -> float:
    """Not a file name, and not one everyday word."""
    value = match["x"].lstrip("@")
    if regex.search(rf"\.{_FILES}$", value, regex.IGNORECASE):
        return 0.0
    return 1.0


def _scored(score: float):  # type: ignore[no-untyped-def]
    def check(match: "regex.Match[str]") -> float:
        return score * _handle(match)

    return check


def _digits(match: "regex.Match[str]") -> float:
    """Letters and digits in one word, not a doubled word (`anak2`), a measure (`20rb`), a code of the study."""
    value = match["x"]
    stem = fold(regex.sub(r"\d+$", "", value))
    if value[-1] == "2" and value[-2:-1].isalpha():
        return 0.0
    return 0.15 if stem in everyday() and value.islower() else 0.3


def _dotted(match: "regex.Match[str]") -> float:
    """`melati.bdg`: two parts joined by a dot; two everyday words are a missing blank."""
    parts = [fold(part) for part in match["x"].split(".")]
    if any(part in ("com", "id", "net", "org", "www") for part in parts) or regex.search(rf"\.{_FILES}$", match["x"]):
        return 0.0
    return 0.25 if all(part in everyday() for part in parts) else 0.5


def _shown(match: "regex.Match[str]") -> float:
    """A name shown on a profile: not an everyday word in lower case alone."""
    value = match["x"]
    if regex.fullmatch(rf"{_APPS}|hp|hape|sana|dinya|situ|sini|tadi|baru|palsu|lama|saya|aku|dia", value, regex.IGNORECASE):
        return 0.0
    if value.islower() and all(fold(part) in everyday() for part in regex.findall(r"\w+", value)):
        return 0.3
    return 0.8


def _owned(match: "regex.Match[str]") -> float:
    """What stands bare after `akun dia`: words with a capital, none of them a small word, or one word that no list knows."""
    first, *others = [fold(part) for part in match["x"].split()]
    if others:
        return 0.0 if first in no_names() or function_words().intersection(others) else 0.9
    return 0.0 if first in everyday() or known_word(first) else 0.7


def _quoted(match: "regex.Match[str]") -> float:
    """A name in quotes, not something that was said."""
    value = match["x"]
    said = value.rstrip()[-1] in ".?!," or ", " in value or len(value.split()) > 6
    plain = value.islower() and all(fold(part) in everyday() for part in regex.findall(r"\w+", value))
    app = regex.match(r"(?:akun|profil|nick|username|account|id)", match.group(), regex.IGNORECASE)
    return 0.3 if said else 0.7 if plain and app else 0.4 if plain else 0.85


HANDLES = Family(
    EntityType.ONLINE_ID,
    (
        Rule("handle-at", r"(?<![\w@./+-])(?P<x>@[\w.]{2,40}(?<=\w))", 0.96, _scored(0.96), needs="@"),
        Rule(
            "handle-underscore",
            r"(?<![\w@./\\-])(?P<x>(?=[\w.]*[A-Za-z])\.?[A-Za-z0-9][A-Za-z0-9.]*_[\w.]*(?<=\w))(?![\w@\\/-]|\.\w)",
            0.93,
            _scored(0.93),
            needs="_",
        ),
        Rule("handle-tag", r"(?<![\w@./])(?P<x>[\w.]{2,30}#\d{4})(?!\w)", 0.95, needs=r"#\d{4}"),
        Rule(
            "handle-dotted",
            r"(?<![\w@./:-])(?P<x>(?!rp\d)(?-i:[a-z])[a-z0-9]{1,20}(?:\.[a-z0-9]{1,20}){1,5})(?![\w@/]|\.\w)",
            0.5,
            _dotted,
            context=rf"{_APPS}|{_NAMED}|follow|dm|cari|search",
            lifted=0.88,
            before=45,
            after=20,
            needs=r"\w\.\w",
        ),
        Rule(
            "handle-digits",
            r"(?<![\w@./:+#-])(?P<x>(?!spk\d|inf\d|speaker\d)(?=[a-z]*[a-z]{3})[a-z]{3,20}\d{1,6}[a-z]{0,4})(?![\w@/.]\w|\w)",
            0.3,
            _digits,
            context=rf"{_APPS}|{_NAMED}",
            lifted=0.85,
            before=40,
            after=15,
            anchors="%",
        ),
        Rule(
            "profile-quoted",
            rf"(?<!\w)(?:{_NAMED}|(?:ig|fb|facebook|wa|tiktok)|grup|group|channel|kanal|kontak|saluran|page|laman|halaman|gc"
            r"|server|fanpage|nyimpen|disimpen|simpan)(?:nya|na|ku|mu)?(?:[ :,](?:di|dina|ka|ke|dengan|pakai|pake|make"
            rf"|telegram|wa|whatsapp|facebook|fb|{_NAMED}|baru|itu|ieu|judulna|nami|dina|yang|nu)"
            rf"){{0,4}}[ :,]{{1,3}}{_QUOTED}",
            0.85,
            _quoted,
            anchors=_NAME_WORDS,
        ),
        Rule(
            "profile-made-group",
            r"(?:membuat grup|created (?:this )?group|nyieun grup|mengubah nama grup (?:dari .{1,40} )?(?:menjadi|ke)"
            r"|changed the (?:group name|subject) (?:from .{1,40} )?to)[ ]?[\"“](?P<x>[^\"“”\n]{1,60})[\"”]",
            0.95,
            anchors="membuat created nyieun mengubah changed",
        ),
        Rule(
            "profile-named",
            rf"(?<!\w)(?:{_APPS}[ ](?:{_NAMED})|nama(?:nya|na)?[ ](?:di|dina|na di|akun(?:nya|na|ku)?|profil(?:nya|na)?|app"
            rf"|micet|michat|mc|ig|fb)(?:[ ](?:{_APPS}|nya|na))?|akun(?:nya|na|ku|e)?[ ](?:{_NAMED}|pakai|pake|make)"
            rf"|profil(?:nya|na)?[ ](?:{_NAMED}|bernama)|username(?:nya|na)?|user(?:name)?|id(?:nya|na)?)(?:[ ](?:{_APPS}"
            r"|nya|na|e|mah|teh|itu|ya|aku|saya|gue|w|is|pakai|pake|cuma|jadi|masih|ditulis|dibikin)"
            rf"){{0,3}}[ ,:=]{{1,3}}(?P<x>(?-i:[A-Z][\w.'’]*(?:[ ](?:[A-Z0-9][\w.'’]*)){{0,3}}|{_HANDLE}))(?!\w)",
            0.8,
            _shown,
            anchors=_NAME_WORDS,
        ),
        Rule(
            "profile-of",
            r"(?<!\w)(?:(?:akun|profil|nick)(?:nya|na|ne|ku|mu|e)?[ ](?:(?:dia|teh|téh|mah|itu|eta|ieu|ya|baru|lama|aku|saya|gue"
            r"|gw)[ ]){0,2}|(?:account|profile|handle)[ ](?:is|was|called)[ ])[\"“”‘’']?(?P<x>(?-i:[A-Z](?:[\w'’]|\.(?=\w))*)"
            r"(?:[ ](?:[\w'’]|\.(?=\w))+){1,3}?(?=[\"“”’'.,;)]|[ ](?:itu|mah|teh|téh|yang|yg|nu|is|was|di)(?!\w)|$)"
            r"|[a-z][\w.]{4,30}(?<=\w))(?!\w)",
            0.9,
            _owned,
            anchors="akun profil nick account profile handle",
        ),
        Rule(
            "profile-long-name",
            r"(?<!\w)(?:pakai|pake|make|pasang|ganti)[ ](?:nama|ngaran)"
            r"[ ](?P<x>(?-i:[A-Z][\w'’]*(?:[ ][A-Z0-9][\w'’]*){2,4}))(?!\w)",
            0.9,
            anchors="pakai pake make pasang ganti",
        ),
        Rule(
            "handle-spoken",
            rf"(?<!\w)(?:{_NAMED}|{_APPS}|taunya)[ ](?:(?:ya|itu|teh|di|mi chat)[ ])?(?P<x>(?:\w+[ ]){{1,3}}(?:garis bawah"
            rf"|underscore|under score)(?:[ ](?:{DIGIT}|\w+)){{1,4}}?)(?=[ ](?:(?!{DIGIT}\b)\w+)|[,.\n]|$)",
            0.85,
            anchors=_NAME_WORDS + " taunya",
            needs="garis bawah|under ?score",
        ),
        Rule(
            "profile-app-handle",
            rf"(?<!\w){_APPS}(?:nya|na|ku|mu)?[ :]{{1,2}}(?:(?:{_NAMED}|mah|teh|saya|aku|gue|w)"
            r"[ :]{1,2}){0,2}(?P<x>@?(?=[\w.]*[\d._]\w)[a-z][\w.]{2,30}(?<=\w))(?!\w)",
            0.88,
            _scored(0.88),
            anchors=_APP_WORDS,
        ),
    ),
)
