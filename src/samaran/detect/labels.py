"""What a speaker label or the sender of a chat message says: a name, an account, a number, or only a role."""

import re
from collections.abc import Iterator

from samaran.detect.lookups import cities, districts
from samaran.detect.words import everyday, fold, honorifics, names, word_names, words
from samaran.model import Detector, EntityType, Mention, Span

_ROLE = re.compile(
    r"(?:p|i|t|j|n|a|b|c|d|q|r|s|m|x|y|z|mod|moderator|fas|fasilitator|inf|informan|informant|narasumber|nara|responden"
    r"|respondent|peneliti|panalungtik|researcher|pewawancara|interviewer|int|interviewee"
    r"|pen|pw|ps|spk|spkr|speaker|pembicara|penerjemah|interpreter|translator|observer|pengamat|asisten|assistant|peserta"
    r"|participant|trainee|trainer|penjual|pembeli|driver|pengemudi|pnp|pgdr|penumpang|drv|admin|chief|judge"
    r"|anak|ibu|bapak|bapa|suara|voice|kak|ustadz|petugas|mc|host|caller|penyiar|system|sistem|you|anda|saya|me|aku|klien"
    r"|client|konselor|tamu|perempuan|laki-laki|laki|polisi|dokter|bidan|semua|all|unknown|tidak dikenal|waleran|tanya|jawab"
    r"|mrs|mr|teteh|mamah|e|g|h|k|l|o|u|w|v|f|wawancara|g\d|ketua|guru|mahasiswa|dosen|pak rt|bu rt"
    r"|perawat|nurse|worker|ponakan|keponakan|kasir|satpam|operator|pelapor|terlapor|saksi|hakim|jaksa|penyidik|terdakwa|pengacara"
    r"|lawyer|counsell?or|facilitator|staff|staf|manager|manajer|kader|tetangga|ojol|sopir|supir|mandor|bos|adik|kakak|suami|istri"
    r"|nenek|kakek|warga|pengurus|pendeta|santri|murid|siswa|teman|kawan|pacar|narator|narrator|penjaga|pelanggan|customer)"
    r"(?:[ .-]?\d{1,3}[a-z]?)?(?:[ ]?\((?:informan|peneliti|p|i|n|[a-z]+ \d+)\))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z]{1,4}[-–]?[A-Z]?-?\d{1,3}[A-Z]?|[A-Za-z]{1,2}\d{0,2}|\d{1,4}(?:[.):-])?(?:\s*[A-Z]{1,3})?")
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}")
_PHONE = re.compile(r"[+(]?\d[\d\s().+–-]{5,}\d")
_LEAD = re.compile(r"^[\s~•*◀▶↳>#\-–—\[\]()‎\u200e\u200f\u202a-\u202e]+")


def mentions(text: str, span: Span, sender: bool = False, again: bool = False) -> Iterator[Mention]:
    """The mentions in a label. `sender`: the label of a chat message, which may be the name of an account. `again`: somebody
    speaks under it more than twice, so that an everyday word is a name, too."""
    raw = span.of(text)
    lead = _LEAD.match(raw)
    tilde = "~" in raw
    start = span.start + (lead.end() if lead else 0)
    label = text[start : span.end].rstrip(" :\u200e\u202c")
    end = start + len(label)
    if sender and _INITIALS.fullmatch(label):
        yield _found(start, end, EntityType.ONLINE_ID, 0.9, "label-account")
    if not label or is_role(label):
        return
    if _PHONE.fullmatch(label):
        yield _found(start, end, EntityType.PHONE, 0.97, "label-phone")
    elif tilde or _account(label, sender):
        yield _found(start, end, EntityType.ONLINE_ID, 0.95, "label-account")
    else:
        yield from _name(text, start, end, sender, again)


def is_role(label: str) -> bool:
    """Whether a label only says which part somebody has (`P`, `Informan 1`, `Peneliti`), or is a code."""
    bare = label.strip(" .:")
    return bool(_ROLE.fullmatch(bare) or _CODE.fullmatch(bare)) or not any(c.isalpha() or c.isdigit() for c in bare)


def _account(label: str, sender: bool = False) -> bool:
    """Signs that people write in the names of accounts: underscores, digits in words, emoji, dots inside, a row of lower case."""
    if label.startswith("@") or re.search(r"\w[_]|_\w|[a-z]\d|\d[a-z]{3}|\w\.[a-z]\w|#\d{4}$", label):
        return True
    if any(ord(c) > 0x2190 for c in label):
        return True
    if sender and label.islower() and " " in label:
        return True
    return label.islower() and " " not in label and fold(label) not in names() | word_names() and len(label) > 3


def _name(text: str, start: int, end: int, sender: bool, again: bool) -> Iterator[Mention]:
    parts = [(start + w.start, start + w.end, w) for w in words.__wrapped__(text[start:end])]
    at = 0
    while at < len(parts) - 1 and parts[at][2].fold in honorifics() and (at == 0 or parts[at][2].fold not in names()):
        at += 1
    kept = parts[at:]
    if len(parts) == 1 and not sender and parts[0][2].fold in honorifics() - names():
        return
    known = [w.fold in names() or w.fold in word_names() or w.fold not in everyday() for _, _, w in kept]
    if not any(known):
        if sender and len(parts) > 1:
            yield _found(start, end, EntityType.ONLINE_ID, 0.8, "label-account")
        elif again and len(parts) == 1 and parts[0][2].text.istitle() and parts[0][2].fold not in honorifics():
            yield _found(*parts[0][:2], EntityType.PERSON, 0.6, "label-word")
        return
    if sender and len(kept) > 2 and not all(known):
        yield _found(start, end, EntityType.ONLINE_ID, 0.8, "label-account")
        return
    if sender and len(kept) > 2 and kept[-1][2].fold.isdigit():
        yield _found(start, end, EntityType.ONLINE_ID, 0.8, "label-account")
        return
    while len(kept) > 1 and kept[-1][2].fold.isdigit():
        kept, known = kept[:-1], known[:-1]
    last = 0
    while last < len(kept) and known[last] and not (last and (_area(kept[last][2].fold) or _body(kept[last][2].text))):
        last += 1
    if not last:
        yield _found(
            start, end, EntityType.ONLINE_ID if sender else EntityType.PERSON, 0.7, "label-account" if sender else "label-name"
        )
        return
    yield _found(kept[0][0], kept[last - 1][1], EntityType.PERSON, 0.96, "label-name")
    if last < len(kept) and _area(kept[last][2].fold):
        yield _found(kept[last][0], kept[-1][1], EntityType.LOCATION, 0.8, "label-place")
    elif last < len(kept) and _body(kept[last][2].text):
        yield _found(kept[last][0], kept[last][1], EntityType.ORGANIZATION, 0.7, "label-body")


def _area(word: str) -> bool:
    return (word in cities() or word in districts()) and word not in names()


def _body(word: str) -> bool:
    """The short name of an agency behind a person's (`Kang Ujang PKBI`)."""
    return len(word) > 2 and word.isupper() and fold(word) not in names()


def _found(start: int, end: int, kind: EntityType, score: float, rule: str) -> Mention:
    return Mention(Span(start, end), kind, score, Detector.STRUCTURE, rule)
