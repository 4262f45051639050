"""What a person is to the study, as a pseudonym's stem: child, family, partner, friend, client, researcher, officer."""

import re

from samaran.pseudonymize import names, numbers

_STEMS = {
    "ANAK": "anak budak putra putri cucu child son daughter kid bayi barudak",
    "PASANGAN": "suami istri isteri pacar mantan kabogoh salaki pamajikan bojo caroge raka husband wife boyfriend girlfriend ex "
    "fiance tunangan partner",
    "KELUARGA": "ibu ayah bapak adik adi kakak abang nenek kakek mertua keponakan ponakan sepupu paman bibi indung biang pun "
    "rama lanceuk nini aki emak ema mamah mama bapa papa orangtua ortu keluarga dulur sadulur alo mother father mum mom "
    "dad brother sister aunt uncle cousin grandmother grandma grandfather niece nephew ipar besan wali uwa menantu "
    "rayi saudara simbah mbah",
    "TEMAN": "teman temen kawan sahabat rekan babaturan rerencangan batur friend friends colleague mate sobat tetangga "
    "tatangga neighbour neighbor roommate",
    "TAMU": "tamu klien client clients pelanggan langganan customer guest",
    "PENELITI": "peneliti asisten pembimbing penerjemah pewawancara interviewer researcher supervisor translator panalungtik "
    "notulen enumerator transkriptor moderator fasilitator",
    "PETUGAS": "petugas polisi satpam dokter dr bidan suster perawat mantri hakim jaksa lurah camat pengacara pendamping "
    "konselor aiptu aipda bripka briptu brigadir bripda ipda iptu akp kompol penyidik sipir guru dosen kepsek pastor "
    "pendeta pdt ustad ustadz police officer doctor nurse midwife lawyer judge teacher guard counsellor counselor "
    "paralegal rt rw",
}
STEM = {word: stem for stem, listed in _STEMS.items() for word in listed.split()}
BOUND = frozenset({"ANAK", "KELUARGA", "PASANGAN", "TEMAN", "TAMU"})
"""Stems of people who are somebody's: their names mean them only where that somebody is at hand."""

INFORMANT_WORDS = frozenset(("informan", "informant", "responden", "respondent", "partisipan", "participant", "narasumber"))
_POLITE_WORDS = (
    "ibu bapak kakak abang emak ema mamah mama bapa papa paman bibi uwa mbah simbah nini aki teteh aa akang rt rw dr dokter"
)
_POLITE = frozenset(_POLITE_WORDS.split())
"""Kinship words that are as often honorifics: family only with an owner behind them (`ibu saya Icih`)."""
_OWNERS = "saya aku abdi urang kuring gue gw gua aing my our his her their dia nya sim kulo kula ane"
_OWNER = frozenset(_OWNERS.split())
_FILLERS = (
    "yang namanya nama bernama ngaranna namina wasta si named called nu katelah paling cikal bungsu sulung besar kecil gede "
    "leutik pertama kedua satu dua kos kost sekamar lama baru cowok cewek laki lelaki perempuan lalaki awewe kandung tiri angkat"
)
_BETWEEN = _OWNER | names.HONORIFICS | frozenset(_FILLERS.split())
_CLITIC = re.compile(r"(?:nya|na|ku|mu)$")


def of_roster(role: str) -> str:
    """The stem that a role in the roster says, ORANG where it says none that is known."""
    words = numbers.words(role)
    known = [word for word in words if word in STEM and word not in ("mantan", "ex")]
    if not known:
        return (
            "PASANGAN"
            if words and words[0] in ("mantan", "ex") and not any(w.isalpha() and len(w) > 4 for w in words[1:])
            else "ORANG"
        )
    return STEM[known[0]]


def before(text: str, start: int) -> str | None:
    """The stem that the words right before a name say (`anak saya X`, `suamina X`, `temen kos X`), None where they say none."""
    left = text[max(0, start - 60) : start]
    left = re.split(r"[\n.!?;:()\"“”]", left)[-1]
    owned = False
    for word in reversed(numbers.words(left)[-5:]):
        plain = _CLITIC.sub("", word) if _CLITIC.sub("", word) in STEM else word
        owned = owned or plain != word or word in _OWNER
        if plain in STEM and (plain not in _POLITE or owned):
            return STEM[plain]
        if plain not in _BETWEEN and plain not in _POLITE:
            return None
    return None
