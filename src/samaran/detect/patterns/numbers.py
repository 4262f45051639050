"""Identity numbers: NIK, KK, NPWP, BPJS, SIM, passport, student, patient and membership numbers."""

from functools import lru_cache

import regex
from lokal import nik, wilayah

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import DIGIT, DIGIT_WORDS
from samaran.model import EntityType

_NOT_IDS = (
    r"perkara|laporan|surat|putusan|resi|kuitansi|kwitansi|invois|invoice|order|pesanan|pasal|ayat|uu|lp|seri|undang|izin|etik"
    r"|protokol|halaman|hal|bab|kode pos|ethics|paket|nota|struk|antrian|antrean|kasus posisi"
)


@lru_cache(maxsize=4096)
def valid_nik(digits: str) -> bool:
    """Whether 16 digits are built like a NIK or KK: a known region, a date (women +40), a serial number."""
    region = wilayah.wilayah_name(f"{digits[:2]}.{digits[2:4]}")
    return bool(region) and nik.parse_nik(digits).valid


def _digits(match: "regex.Match[str]") -> str:
    return regex.sub(r"\D", "", match["x"])


def _sixteen(match: "regex.Match[str]") -> float:
    return 0.95 if valid_nik(_digits(match)) else 0.4


def _npwp(match: "regex.Match[str]") -> bool:
    return len(set(_digits(match))) > 2


def _bearing(match: "regex.Match[str]") -> bool:
    """At least four digits (or three after a letter prefix), and no word of a paper that is nobody's number."""
    value = match["x"]
    digits = sum(map(str.isdigit, value))
    return digits >= 4 or (digits >= 3 and any(map(str.isalpha, value)))


_LABEL = (
    r"(?:nik|ktp|e-?ktp|kk|kartu keluarga|nkk|npwp|bpjs(?: (?:ketenagakerjaan|kesehatan|tk|kes))?"
    r"|jkn|kis|sim(?: ?[abcd][12]?)?|paspor|passport|pasporte|nim|npm|nip"
    r"|nrp|nuptk|nisn"
    r"|kitas|kitap|nrm|rm|mrn|mr|hrn|medicare|nhs(?: number)?|ni number|social security|ssn|ic|crew id"
    r"|seaman'?s book(?: number)?|naati"
    r"|student (?:number|no|id)|medical record|rekam medis|case no|client (?:id|number)|badge|brp|arc"
    r"|(?:no(?:mor|mer)?|nomor|number|kartu|kode|kode klien|register|registrasi|reg)[ .]{1,2}(?:induk|identitas|identity"
    r"|pasien|pasen|patient|peserta|anggota|member|karyawan"
    r"|pegawai|register|registrasi|reg|ujian|kasus|klien|client|tahanan|napi|famili|berkas|kartu|buku nikah|rekam medis"
    r"|medis|mahasiswa|siswa)"
    r"|(?:kartu|nomor|nomer) ?(?:pasien|pasen|mahasiswa|ujian|ujianna)(?:na|nya|ku)?)"
)
_LABEL_WORDS = (
    "nik ktp e ektp kk kartu nkk npwp bpjs jkn kis sim paspor passport pasporte nim npm nip nrp nuptk nisn "
    "kitas kitap nrm rm mrn mr hrn "
    "medicare nhs ni social ssn ic crew seaman naati student medical rekam case client badge brp arc no nomor "
    "nomer number kode register"
    " registrasi reg"
)
_GLUE = (
    r"(?:-?(?:nya|na|ku|mu|gue|ne|e))?(?:[ ]?(?:no(?:mor|mer)?(?:nya|na)?|number|nya|na|gue|ku|saya|sa|ambo|abdi|aku"
    r"|beta|kami|kita|urang|[a-d][12]?|kuring|klien|masih|hidup|dulu|inget|ingat|apal|hafal|lama|is|was|it'?s|my|her|his"
    r"|on|the|isi)\b){0,4}[ ]?[.:,(]{0,2}[ ]{0,12}"
)
_VALUE = (
    r"(?-i:(?:[A-Z]{1,5}[ .-]?(?:[A-Z][ .-])?)?\d[\dA-Z]*(?:(?: ?/ ?|[ .-])"
    r"[\dA-Z]*\d[\dA-Z]*){0,8}(?:[-/][A-Z]{1,5})?(?:/[A-Z]{1,5}|/\d{2,4}){0,3})"
)

ID_NUMBERS = Family(
    EntityType.ID_NUMBER,
    (
        Rule(
            "id-sixteen",
            r"(?<![\w.+-])(?P<x>\d(?:[ .-]?\d){15})(?![\w-])",
            0.4,
            _sixteen,
            context=r"nik|ktp|kk|kartu keluarga|nomor induk|identitas|nuptk|id card|i/d|npwp",
            lifted=0.9,
            anchors="#6",
        ),
        Rule(
            "npwp",
            r"(?<![\w.])(?P<x>\d{2}[. ]\d{3}[. ]\d{3}[. ]\d[-. ]\d{3}[. ]\d{3})(?![\w])",
            0.95,
            _npwp,
            anchors="#6",
        ),
        Rule(
            "npwp-plain",
            r"\bnpwp(?:nya|ku)?[ :]{1,3}(?:no(?:mor)?[ .:]{1,2})?(?P<x>\d{15,16})(?!\w)",
            0.95,
            anchors="npwp",
        ),
        Rule("bpjs", r"(?<![\w.+-])(?P<x>000\d(?:[ -]?\d){9})(?![\w-])", 0.9, anchors="#6"),
        Rule("sim", r"(?<![\w.+-])(?P<x>\d{4}[- ]\d{4}[- ]\d{6})(?![\w-])", 0.85, anchors="#6"),
        Rule(
            "sim-plain",
            r"\bsim(?:[ ;,|]{1,3}[abcd][12]?)?(?:nya|ku|na)?[ :;,|]{1,3}(?:no(?:mor)?[ .:]{1,2})?(?P<x>\d{12,14})(?!\w)",
            0.9,
            anchors="sim",
        ),
        Rule(
            "passport",
            r"(?<![\w.+-])(?P<x>[A-Z]{1,2}(?:[ ]?\d){7})(?![\w-])",
            0.55,
            context=r"pas+por|passport|dokumen|buku|pergi|luar negeri|arc|kitas",
            lifted=0.92,
            case=True,
            needs=r"[A-Z] ?\d(?: ?\d){6}",
        ),
        Rule(
            "passport-short",
            r"(?:paspor|passport)\w{0,4}(?:[ ](?:no(?:mor|mer)?|lama|lamanya|anaknya|masih|hafal|number|saya|ku|number is"
            r"|put)){0,3}[ ,.:(]{1,3}(?P<x>[A-Z]{1,3}[ ]?\d(?:[ ]?\d){4,8})(?!\w)",
            0.93,
            anchors="paspor passport",
        ),
        Rule("id-labelled", rf"(?<!\w){_LABEL}{_GLUE}(?P<x>{_VALUE})(?!\w)", 0.88, _bearing, anchors=_LABEL_WORDS),
        Rule(
            "id-code",
            r"(?<![\w.@/#-])(?P<x>[A-Z]{2,5}(?:-[A-Z0-9]{1,6}){1,3}-?\d{2,}(?:-\d+)*)(?![\w-])",
            0.2,
            context=r"kartu|pasien|pasén|peserta|nomor|nomer|number|no\.|code|kode klien|record|badge|register|karyawan"
            r"|wristband",
            lifted=0.6,
            before=50,
            after=0,
            case=True,
            needs="[A-Z]-[A-Z0-9]",
        ),
        Rule(
            "id-spoken",
            rf"(?<!\w)(?P<x>(?:(?:a|be|ce|de|e|em|h|te|c|b|x)[ ]){{0,2}}{DIGIT}(?:[ ,.-]{{1,3}}{DIGIT}|[ ]strip){{5,15}})(?!\w)",
            0.15,
            context=r"nik|ktp|paspor|pasportna|passport|bpjs|be pe je es|kartu|nim|nip"
            r"|medical record|student number|social|nomor pasien|nomer pasen|induk|kk",
            lifted=0.85,
            before=75,
            after=0,
            anchors=f"{DIGIT_WORDS} a be ce de e em h te c b x",
        ),
        Rule(
            "id-spoken-sixteen",
            rf"(?<!\w)(?P<x>{DIGIT}(?:[ ,.-]{{1,3}}{DIGIT}){{14,15}})(?!\w)",
            0.8,
            anchors=DIGIT_WORDS,
        ),
    ),
)
