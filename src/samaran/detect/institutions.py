"""Named buildings, businesses and organizations: a word for the kind, and its name."""

import re

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.words import _read, everyday, fold, honorifics, names
from samaran.model import Detector, EntityType

_VENUES = (
    r"hotel|htl|apartemen|apartment|apart|apt|kos|kost|kosan|kostan|pondok|wisma|losmen|penginapan|guest ?house|homestay|villa|vila|resort|motel|hostel"
    r"|mall|mal|plaza|town ?square|cafe|kafe|café|kedai|warung|warkop|warteg|wr|angkringan|resto|restoran|rumah makan|rm"
    r"|salon|barbershop|spa|panti pijat|karaoke|ktv|diskotik|diskotek|club|klub|bar|pub|lounge|klinik|apotek|apotik|rs|rsu|rsud|rsia|rsj|rsup|rumah sakit|puskesmas|pkm"
    r"|posyandu|pasar|terminal|stasiun|stasion|station|bandara|pelabuhan|dermaga|masjid|mesjid|masigit|mushola|musholla|mushalla|langgar|surau|gereja|kapel|biara|vihara|klenteng|kelenteng|pura"
    r"|toko|ruko|indomaret|indomart|alfamart|alfamidi|minimarket|supermarket|swalayan|bengkel|gedung|graha|perpustakaan|museum|lapas|rutan|tpu|makam|studio|laundry"
    r"|warnet|konter|counter|butik|kapal|km|kmp|mv|ss|bioskop|gor|stadion|spbu|rest area|shelter|rumah singgah|panti|wihara|aula|gym|dealer|pabrik|hospital|clinic|café|texas|restaurant|church|inn"
)
_ORGS = (
    r"sd|sdn|sdit|mi|min|smp|smpn|smpit|mts|mtsn|sma|sman|smk|smkn|smu|man|slb|tk|paud|ra|es de|es em pe|es em a|es em ka|universitas|univ|university|institut|institute|politeknik|poltek|poltekkes|akademi|akbid|akper"
    r"|stie|stikes|stmik|stkip|stai|iain|uin|sekolah tinggi|fakultas|pt|pe te|cv|ud|firma|yayasan|lsm|ngo|perkumpulan|perhimpunan|koperasi|kopdit|kud|ksp|lembaga|komunitas|paguyuban|serikat|himpunan|ikatan|forum"
    r"|pesantren|pasantren|pasantrén|ponpes|pondok pesantren|majelis taklim|majlis taklim|polsek|polres|polresta|polrestabes|polda|koramil|kodim|kejari|kejaksaan negeri|pengadilan negeri|pengadilan agama"
    r"|dinas sosial kota|dinas sosial kabupaten|dinas kesehatan kota|dinas kesehatan kabupaten|dinsos|dinkes|disdik|disnaker|disdukcapil|imigrasi|kantor imigrasi|lbh|lembaga bantuan hukum|kpa|pkbi|foundation|college|school"
)
AGENCIES = (
    r"satpol ?pp|sat pol pe pe|satpol pe pe|disdukcapil|dukcapil|kodim|koramil|ojk|bnn|bnp2tki|bp2mi|p2tp2a|uptd ppa|komnas perempuan|komnas ham|kpai|lpsk|pkbi|kemensos|kemenkes|kemenag|kominfo|komdigi|baznas"
    r"|fkip|fisip|fikom|fpok|unpad|itb|upi|unpas|unisba|unikom|uninus|ugm|ui|ipb|unair|undip|uns|unnes|uny|unej|ub|unibraw|unhas|unsri|unand|usu|uncen|untan|unm|unsoed|untirta|unsika|uin|umy|uii|ukdw|usd|binus|telkom university|bina nusantara"
    r"|unhcr|iom|unicef|ilo|who|msf|icrc"
)
_CAP = r"(?-i:[A-Z](?:[\w'’&-]|\.(?=\w))*)"
_NAME = rf"{_CAP}(?:[ ](?:{_CAP}|\d+(?![\w.,])|[Nn]o\.? ?\d+|(?:dan|of|&|and|al|bin)[ ]{_CAP})){{0,5}}"
_LOW = r"[\w'’-]+(?:[ ][\w'’-]+){0,2}"


def _named(match: "re.Match[str]") -> float:
    """The name is not an honorific with a person's name, nor a kind of food or goods in lower case."""
    first = re.split(r"\W", match["name"], maxsplit=1)[0]
    if fold(first) in honorifics() | {"dan", "di", "rt", "rw", "no"}:
        return 0.0
    return 0.88


def _low(match: "re.Match[str]") -> float:
    """In lower-case text: the words after the kind, up to the first everyday one, are its name."""
    first = fold(match["name"])
    if first in everyday() or first in honorifics() or first in names() or len(first) < 3:
        return 0.0
    return 0.6


def _head_is_capital(match: "re.Match[str]") -> float:
    return 0.9 if match["name"][0].isupper() or match["name"][0].isdigit() else 0.0


_STOP = "|".join(sorted(_read("function-words.txt") | honorifics(), key=len, reverse=True))
_TAIL_LOW = rf"(?:[ ](?!(?:{_STOP})(?!\w))[^\W\d_]+){{0,2}}"

VENUES = Family(
    EntityType.VENUE,
    (
        Rule(
            "venue",
            rf"(?<![\w.])(?P<x>(?:(?:{_VENUES})|(?:rs|rm|ss|htl|apt)\.)[ ](?P<name>{_NAME}))",
            0.88,
            _named,
            detector=Detector.GAZETTEER,
        ),
        Rule(
            "venue-lower",
            rf"(?<![\w.])(?P<x>(?:{_VENUES})[ ](?P<name>(?-i:[a-zé]+)){_TAIL_LOW})(?!\w)",
            0.6,
            _low,
            detector=Detector.GAZETTEER,
        ),
        Rule(
            "venue-english",
            r"(?<![\w.])(?P<x>(?-i:(?:[A-Z][\w'’.-]+[ ]){1,4}(?:Hotel|Hospital|Clinic|Inn|Bar|Café|Cafe|Mall|Church|Restaurant|Resort|Apartments?|Market|Airport|Station|Prison|Suites|Residence|Plaza|Salon|Laundry|Karaoke|Spa)))(?!\w)",
            0.8,
            detector=Detector.GAZETTEER,
        ),
    ),
)
ORGANIZATIONS = Family(
    EntityType.ORGANIZATION,
    (
        Rule(
            "organization",
            rf"(?<![\w.])(?P<x>(?:(?:{_ORGS})|(?:pt|cv|ud)\.)[ ](?P<name>(?:(?:negeri[ ])?\d{{1,3}}(?![\w.,/])(?:[ ]{_CAP}){{0,3}}|{_NAME})))",
            0.9,
            _head_is_capital,
            detector=Detector.GAZETTEER,
        ),
        Rule(
            "organization-lower",
            rf"(?<![\w.])(?P<x>(?:sdn|smpn|sman|smkn|smk|smp|sma|es em ka|es em a|es em pe|es de|pe te|pt|cv|yayasan|universitas|poltekkes|pesantren|pasantren|ponpes|polres|polsek|koperasi|dinas sosial|dinkes)[ ](?:(?:negeri[ ]|negri[ ])?\d{{1,3}}|(?!(?:{_STOP})(?!\w))(?P<name>(?-i:[a-zé]+)){_TAIL_LOW}))(?!\w)",
            0.62,
            detector=Detector.GAZETTEER,
        ),
        Rule(
            "agency",
            rf"(?<![\w.@])(?P<x>(?:{AGENCIES})(?:[ ](?-i:(?:Kota |Kab(?:upaten|\.) )?[A-Z][a-z]+))?)(?![\w@.]\w|\w)",
            0.8,
            lambda m: 0.0 if m["x"] in ("who", "ub", "ui", "Who") else 0.8,
            detector=Detector.GAZETTEER,
        ),
        Rule(
            "organization-english",
            r"(?<![\w.])(?P<x>(?-i:(?:[A-Z][\w'’.&-]+[ ]){1,4}(?:University|College|Foundation|School|Ltd|Limited|Inc|Police|Society|Association|Council|Centre|Institute|Union|Collective|Agency|Desk|Trust)(?:[ ]of[ ][A-Z]\w+)?))(?!\w)",
            0.78,
            detector=Detector.GAZETTEER,
        ),
    ),
)
