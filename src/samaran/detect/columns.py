"""The heading of a table column, or the key of a line such as `Nama: ...`, says what its value is."""

import re
from collections.abc import Iterator

from samaran.detect.lookups import cities
from samaran.detect.words import everyday, fold, honorifics, names, word_names, words
from samaran.model import Detector, EntityType, Mention, Span

_KINDS: tuple[tuple[EntityType, str], ...] = (
    (
        EntityType.PHONE,
        r"(?:no(?:mor)?\.? ?)?(?:hp|hp/wa|wa|whatsapp|telp|telepon|tlp|telpon|handphone|ponsel|phone|mobile|mob|kontak"
        r"|contact|nomor hp|hp anak)(?: .*)?",
    ),
    (
        EntityType.ID_NUMBER,
        r"(?:no(?:mor)?\.? ?)?(?:nik|ktp|kk|npwp|bpjs|paspor|passport|sim|nim|npm|nip|nisn|rekam medis|rm|mrn|identitas"
        r"|no dokumen|nomor dokumen|kartu keluarga|id number|nomor identitas|no\.? kasus|case no|hrn|medicare)(?: .*)?",
    ),
    (
        EntityType.ACCOUNT_NUMBER,
        r"(?:no(?:mor)?\.? ?)?(?:rek|rekening|norek|account|bank account|e-?wallet|dana|ovo|gopay)(?: .*)?",
    ),
    (EntityType.EMAIL, r"(?:e-?mail|surel|pos-?el|alamat e-?mail)"),
    (
        EntityType.ONLINE_ID,
        r"(?:akun|username|user ?name|id akun|nama akun|ig|instagram|nama (?:di )?(?:app|aplikasi|michat)|handle"
        r"|account name|nama profil|profil|profile|medsos|akun .*|fb|tiktok|telegram)",
    ),
    (EntityType.PLATE, r"(?:plat|pelat|no\.? ?pol|nopol|plat nomor|kendaraan|plate)"),
    (EntityType.ADDRESS, r"(?:alamat|alamat .*|address|tempat tinggal|domisili|tinggal di|addr|alamat ktp)"),
    (EntityType.AGE, r"(?:umur|usia|age|yuswa|umur/usia|umur \(.*\)|usia \(.*\)|usia sekarang)"),
    (
        EntityType.DATE,
        r"(?:tgl|tanggal|date|tgl\.? lahir|tanggal lahir|lahir|dob|tanggal .*|tgl .*|waktu wawancara|date of birth|born)",
    ),
    (
        EntityType.LOCATION,
        r"(?:asal|kota|kota asal|asal daerah|tempat lahir|kecamatan|kelurahan|desa|kabupaten|provinsi|origin|hometown|daerah"
        r"|kewarganegaraan)",
    ),
    (
        EntityType.PERSON,
        r"(?:nama|nama .*|panggilan|panggilan .*|alias|name|nickname|real ?name|full name|saksi|witness|petugas|penyelia"
        r"|pewawancara|peneliti|pengamat|perekam|pencatat|penerjemah|transkriptor|transkrip(?:tor)? oleh|observer"
        r"|interviewer|interpreter"
        r"|perekrut|pendamping|kerabat|suami|istri|anak|ayah|ibu|bapak|orang tua|wali|pemilik|penjaga|rujukan|dirujuk|sopir"
        r"|driver|pengemudi|ditranskrip(?:si)?(?:kan)? oleh|wawancara oleh|fasilitator|notulis|moderator|penulis|author|from"
        r"|to|cc|dari|kepada|ditulis(?: ku| oleh)?|dicatat oleh|kontak darurat|asisten)",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS)
_NOTHING = re.compile(
    r"(?:-+|–|—|\.+|n/?a|tidak(?: ada| tahu| punya.*| mau.*)?|tdk.*|belum.*|kosong|null|none|sama|rahasia|nihil|\?+|ya"
    r"|sendiri|lupa|unknown|tak ada.*|ada)",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?P<key>[A-Za-z][\w/. ]{1,28}?)[ \t]*[:=][ \t]*(?P<value>[^\n]+)")
_MONEY = re.compile(
    r"(?:honor(?:arium)?|jumlah|nominal|total|biaya|harga|tarif|ongkos|transport|saldo|debit|kredit|uang|upah|gaji|bayar(?:an)?|kas"
    r"|amount|fee|price|cost|sum|rate|paid|payment|balance)(?:[ (/].*)?"
)
_SUM = re.compile(r"(?:Rp\.? ?|IDR ?)?[1-9]\d{0,2}(?:[.,]?\d{3}){0,3}(?:,-|[.,]\d\d)?(?: ?(?:rb|ribu|k|jt|juta))?", re.IGNORECASE)
_SPLIT = re.compile(r"\s*(?:[/;|(),]|\balias\b|\bdan\b|&|\batau\b|\bpanggilan\b|\baka\b|\bdulu\b)\s*")
_STREET = re.compile(
    r"\b(?:jl|jln|jalan|gg|gang|rt|rw|blok|no|kamar|kmr|lorong|lrg|perum|perumahan|komplek|dusun|kp|kampung|btn|km|ruko"
    r"|apartemen|street|road)\b\.?",
    re.IGNORECASE,
)


def kind_of(heading: str) -> EntityType | None:
    """What the cells below a heading, or the value after a key, are."""
    plain = _plain(heading)
    return next((kind for kind, pattern in _COMPILED if pattern.fullmatch(plain)), None)


def _plain(heading: str) -> str:
    return re.sub(r"[_\s]+", " ", fold(heading)).strip(" .:*#\"'")


def is_sum(text: str, span: Span, heading: Span) -> bool:
    """Whether a cell is built like an amount of money, below a heading that says so."""
    return bool(_MONEY.fullmatch(_plain(heading.of(text))) and _SUM.fullmatch(span.of(text).strip(" \"'")))


def cell(text: str, span: Span, kind: EntityType, score: float = 0.9) -> Iterator[Mention]:
    """The mentions in a cell of that kind; nothing where the cell says that there is nothing."""
    raw = span.of(text)
    start = span.start + len(raw) - len(raw.lstrip(" \t\"'“"))
    end = span.start + len(raw.rstrip(" \t\"'”.,;"))
    value = text[start:end]
    if end <= start or _NOTHING.fullmatch(value):
        return
    if kind is EntityType.PERSON:
        yield from _people(text, start, end, score)
    elif kind in (EntityType.PHONE, EntityType.ACCOUNT_NUMBER, EntityType.ID_NUMBER):
        yield from _numbers(value, start, kind, score)
    elif kind is EntityType.AGE:
        match = re.match(r"(?:±|~|kira-kira |sekitar )?(\d{1,3}(?:\s?(?:th|thn|tahun|taun|yo|bulan))?)(?=$|[\s,;(])", value)
        if match:
            yield _found(start + match.start(1), start + match.end(1), kind, score + 0.05)
    elif kind is EntityType.ADDRESS:
        if _STREET.search(value):
            yield _found(start, end, kind, 0.6)
    elif kind is EntityType.LOCATION:
        for a, b in _pieces(value):
            if not all(word.fold in everyday() for word in words.__wrapped__(value[a:b])) or fold(value[a:b]) in cities():
                yield _found(start + a, start + b, kind, 0.8)
    elif kind is EntityType.DATE:
        if (
            re.search(r"\d", value)
            and len(value) < 30
            and not re.fullmatch(r"\d{1,2}[.:]\d{2}(?: ?(?:wib|-.*))?|\d", value, re.IGNORECASE)
        ):
            yield (
                _found(start, end, kind, 0.85)
                if re.fullmatch(r"[\d/.\-–' ]+|\d{1,2} \w+ \d{2,4}", value)
                else _found(start, end, kind, 0.4)
            )
    elif kind is EntityType.ONLINE_ID:
        if not re.search(r"tidak|belum|punya|relevan", fold(value)):
            for a, b in _pieces(value):
                yield _found(start + a, start + b, kind, score)
    elif kind is EntityType.PLATE:
        plate = re.search(r"\b[A-Z]{1,2}[ -]?\d[\d ]{0,6}[ -]?[A-Z]{1,3}\b", value)
        if plate:
            yield _found(start + plate.start(), start + plate.end(), kind, score)
    elif re.search(r"\d|@", value) and len(value) < 60:
        yield _found(start, end, kind, score - 0.1)


def _pieces(value: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _SPLIT.finditer(value):
        if match.start() > at:
            yield at, match.start()
        at = match.end()
    if at < len(value):
        yield at, len(value)


def _people(text: str, start: int, end: int, score: float) -> Iterator[Mention]:
    if end - start > 90:
        return
    for a, b in _pieces(text[start:end]):
        parts = [(start + a + w.start, start + a + w.end, w) for w in words.__wrapped__(text[start + a : start + b])]
        while parts and parts[0][2].fold in honorifics() and (len(parts) > 1 or parts[0][2].fold not in names()):
            parts = parts[1:]
        plain = [w.fold in everyday() and w.fold not in names() and w.fold not in word_names() for _, _, w in parts]
        while parts and plain[-1]:
            parts, plain = parts[:-1], plain[:-1]
        if not parts or any(w.fold[0].isdigit() for _, _, w in parts) or len(parts) > 5:
            continue
        big = sum(w.text[0].isupper() for _, _, w in parts)
        if any(plain[1:-1]) or (plain[0] and len(parts) > 1) or (not big and not any(w.fold in names() for _, _, w in parts)):
            continue
        if plain[0] and not big:
            continue
        yield _found(parts[0][0], parts[-1][1], EntityType.PERSON, score)


def _numbers(value: str, start: int, kind: EntityType, score: float) -> Iterator[Mention]:
    prefix = r"(?:(?!KK|NIK|NIM|KTP|RM|SIM|VA)[A-Z]{1,2}[ ]?)?" if kind is EntityType.ID_NUMBER else r"\+?\(?"
    for match in re.finditer(prefix + r"\d[\dA-Z .()/–-]{3,24}[\dA-Z]", value):
        if sum(c.isdigit() for c in match.group()) >= 5:
            yield _found(start + match.start(), start + match.end(), kind, score)


def pairs(text: str, span: Span) -> Iterator[Mention]:
    """The value of a line `key : value`, as far as the key says what it is; several pairs may stand between bars or slashes."""
    at = span.start
    for piece in re.split(r"(\s[|/]\s|;\s|\s{3,})", span.of(text)):
        match = _KEY.match(piece.strip()) if ":" in piece or "=" in piece else None
        kind = kind_of(match["key"]) if match else None
        if match and kind:
            offset = at + len(piece) - len(piece.lstrip())
            value = match["value"].rstrip()
            start = offset + match.start("value")
            if kind is not EntityType.PERSON or len(value.split()) <= 6:
                yield from cell(text, Span(start, start + len(value)), kind, 0.85)
        at += len(piece)


def _found(start: int, end: int, kind: EntityType, score: float) -> Mention:
    return Mention(Span(start, end), kind, min(score, 1.0), Detector.STRUCTURE, "column")
