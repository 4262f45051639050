"""Registration plates of all Indonesian regions, written, spaced and spoken; foreign ones beside a word for a vehicle."""

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import COUNT, DIGIT, LETTERS, ZERO
from samaran.model import EntityType

REGIONS = r"(?:A[ABDEG]?|B[ABDEGHKLMNP]?|D[ABDEGHKLMNRSTW]?|E[ABD]?|F|G|H|K[BHTU]?|L|M|N|P[ABSGTY]?|R|S|T|W|Z)"
_VEHICLE = (
    r"plat|pelat|plate|nopol|no\.? ?pol|motor|mobil|mobilna|avanza|scoopy|vario|beat|mio|nmax|supra|travel|oto|truk"
    r"|angkot|ojek|ojol|taksi|taxi|car|van|pickup|pick-up|bike|corolla"
)
_SPOKEN = (
    rf"{LETTERS}(?:[ ]{LETTERS})?[ ](?:(?:{ZERO}|{COUNT}|ratus|ribu|seribu|sarebu|rebu)"
    rf"[ ]){{1,8}}{LETTERS}(?:[ ]{LETTERS}){{0,2}}"
)

PLATES = Family(
    EntityType.PLATE,
    (
        Rule(
            "plate",
            rf"(?<![\w.-]){REGIONS}[ -]?\d(?:[ ]?[\d?*]){{1,3}}[ -]?[A-Z]{{1,3}}(?![\w-])",
            0.75,
            case=True,
            context=_VEHICLE,
            lifted=0.95,
            needs=r"[A-Z][ -]?\d ?[\d?*]",
        ),
        Rule(
            "plate-one-digit",
            rf"(?<![\w.-]){REGIONS} \d [A-Z]{{2,3}}(?![\w-])",
            0.5,
            case=True,
            context=_VEHICLE,
            lifted=0.95,
            needs=r"[A-Z] \d [A-Z]{2}",
        ),
        Rule(
            "plate-lower",
            rf"(?<![\w.-]){REGIONS}[ -]?\d(?:[ ]?\d){{1,3}}[ -]?[A-Z]{{2,3}}(?![\w-])",
            0.3,
            context=_VEHICLE,
            lifted=0.85,
            before=40,
            anchors=(
                "a aa ab ad ae ag b ba bb bd be bg bh bk bl bm bn bp d da db dd de dg dh dk dl dm dn dr ds dt dw e ea eb "
                "ed f g h k kb kh kt ku l m n p pa pb ps pg pt py r s t w z %"
            ),
            needs=r"\d ?\d[\d ]*[ -]?[^\W\d_]{2}",
        ),
        Rule(
            "plate-foreign",
            r"(?<![\w.-])(?:[A-Z]{2}\d{2} [A-Z]{3}|[A-Z]\d{1,3} [A-Z]{3}|[A-Z]{1,3} \d{2,4} [A-Z]{2,3}"
            r"|[A-Z]{2} \d{2} [A-Z]{2})(?![\w-])",
            0.3,
            context=_VEHICLE + r"|registration|reg|parked|silver|black|white|cab",
            lifted=0.85,
            before=50,
            case=True,
            needs=r"\d [A-Z]{2}",
        ),
        Rule(
            "plate-half-spoken",  # without its last letters, as somebody says it who remembers the number
            rf"(?<![\w.-])(?-i:{REGIONS})(?:[ ]{DIGIT}){{3,4}}(?!\w)(?![ ](?:juta|ribu|rebu|jam|orang|hundred|thousand))",
            0.2,
            context=r"plat|pelat|plate|nopol|no\.? ?pol|[A-Z]{1,2} \d{2,4} [A-Z]{1,3}",
            lifted=0.85,
            before=130,
            needs=rf"(?-i:{REGIONS})[ ][a-zA-Z]+[ ][a-zA-Z]+[ ]",
        ),
        Rule(
            "plate-spoken",
            r"(?:plat|pelat|plate|platna|platnya|nopol|motor|mobil|motornya|mobilnya|merah|hitam|hideung|ijo|putih|silver"
            r"|biru|nomor)(?:[ ](?:na|nya|e|asli|jelek|biru|nomor|hideung|ijo|mah|teh|merah|silver|mobil|motor|yang|gita"
            rf"|corolla|the|hiji|deui|ge|apal|wastim)){{0,6}}[ ](?P<x>{_SPOKEN})(?!\w)",
            0.85,
            anchors="plat pelat plate nopol motor mobil merah hitam hideung ijo putih silver biru nomor",
        ),
    ),
)
