"""Who speaks in a transcript: labels are told from other lines by repetition and shape.

1. A head (`heads`) is a speaker if its label stands in the study's map, names a role, or comes again in the file, and is no
   field of a form (`Jam: 19.20`, `Contoh: ..`).
2. Fields of a title block (`Pewawancara: Gita Larasati`) before the first turn stay text.
3. Where most lines are turns, a label that comes once (somebody who says one thing) is a speaker too.
Styles without a colon need that most lines follow them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from samaran.ingest import making, roles
from samaran.ingest.heads import STYLES, Head, end_stamp, heads
from samaran.ingest.spans import numbered, visible
from samaran.model import Line, Span, SpeakerRole

_FIELD_WORDS = """
agama agenda akun alamat alasan antar arti artinya asal bahasa bcc berkas bukti cara cat catatan catetan cc cerita
client conto contoh cuaca dari date dear dinten dob durasi duration e-mail email example file format from fw fwd hadir
hal harga hari hasil hp http https id info isi jam jarak jemput jenis judul kaayaan kasimpulan kepada kesan kesimpulan
ket keterangan kode kontak koordinat lahir lampiran lembaga location lokasi materi metode misal misalna misalnya mobile
nama name nami nb ngaran nik nim no nomer nomor note notes npwp occasion panggilan pekerjaan pendidikan penerjemah
penyunting perekam perihal periode place plat present project proyek ps pukul rangkuman re recorded rekaman rekening
ringkasan sandi sarat sent service situasi status subject subjek suhu sumber surel syarat tanggal tarif telepon telp
tema tempat tempatna terakhir terima tgl theme time titik titimangsa to tokoh topic topik total translator ttd tujuan
umur usia venue versi wa waktos waktu when where yth
"""
_FIELDS = frozenset(_FIELD_WORDS.split())
_CLOSING = (".", "?", "!", "…", ",", ";")


def labelled(text: str, lines: Sequence[Line], speakers: Mapping[str, str]) -> list[Line]:
    """The same lines, those that are turns with label and time, and a body without them.

    Raises `UsageError` where the study's map names a role that does not exist.
    """
    declared = roles.declared(speakers)
    for style in STYLES:
        turns = _turns(text, lines, heads(text, lines, style), declared, style)
        if turns:
            break
    else:
        return list(lines)
    done = _apply(text, lines, turns)
    return done if len(done) == len(lines) else numbered(done)


def _turns(
    text: str, lines: Sequence[Line], candidates: Mapping[int, Head], declared: Mapping[str, SpeakerRole], style: str
) -> dict[int, Head]:
    """Which candidates are turns, by line index. Empty where the file has no turns of this style."""
    labels = {i: text[head.label.start : head.label.end] for i, head in candidates.items()}
    known = {label: roles.key(label) for label in set(labels.values())}
    keys = {i: known[label] for i, label in labels.items()}
    counts = Counter(keys.values())
    fields = {k for k in counts if _is_field(k) and k not in declared}
    strong = {
        i: candidates[i]
        for i, k in keys.items()
        if k in declared or (k not in fields and (counts[k] >= 2 or (roles.role_of(k) and style != "bare")))
    }
    if style == "colon":
        strong = _without_title(text, lines, candidates, strong, keys, declared)
    distinct = {keys[i] for i in strong}
    if not strong or not (distinct & declared.keys() or len(strong) >= 2):
        return {}
    first, last = min(strong), max(strong)
    share = len(strong) / (last - first + 1)
    if style != "colon":
        return dict(strong) if share >= 0.5 and 2 <= len(distinct) <= 24 and len(strong) >= 4 else {}
    if len(distinct) == 1 and not (distinct & declared.keys()) and len(strong) < 3 and not roles.role_of(next(iter(distinct))):
        return {}
    if share < 0.1 and not distinct & declared.keys():
        return {}
    shouted = all(labels[i].isupper() for i in strong)  # as captions and scripts write names
    if share < 0.5 and not shouted:
        return strong
    once = {
        i: head
        for i, head in candidates.items()
        if i not in strong and i > first and keys[i] not in fields and _called(labels[i], capitals=share < 0.5)
    }
    return strong | once


def _without_title(
    text: str,
    lines: Sequence[Line],
    candidates: Mapping[int, Head],
    strong: Mapping[int, Head],
    keys: Mapping[int, str],
    declared: Mapping[str, SpeakerRole],
) -> dict[int, Head]:
    """`strong` without the fields of a title block: role words before the first turn whose value is a name, or that stand
    among other lines."""
    kept = dict(strong)
    for i in sorted(strong):
        role = roles.role_of(keys[i]) and keys[i] not in declared and not strong[i].stamped
        if not role or not _titled(text, lines, candidates, kept, i):
            break
        del kept[i]
    return kept


def _titled(text: str, lines: Sequence[Line], candidates: Mapping[int, Head], strong: Mapping[int, Head], i: int) -> bool:
    """Whether this role word is a field: its value is a name, and a line that is no turn stands by it in one block."""
    if i + 1 in candidates and i + 1 not in strong:
        return True
    value = visible(text, strong[i].rest, lines[i].body.end)
    if value is None or not _named(value.of(text)):
        return False
    if i and i - 1 not in strong and _adjacent(text, lines[i - 1].body, lines[i].body):
        return True
    for j in range(i + 1, min(i + 5, len(lines))):
        if not _adjacent(text, lines[j - 1].body, lines[j].body):
            return False
        if j not in strong:
            return True
    return False


def _named(value: str) -> bool:
    """Whether a name stands where speech would: `Ilham`, `Gita Larasati, di warung`."""
    words = value.split(maxsplit=2)[:2]
    capitals = len(words) == 2 and all(word[:1].isupper() and word[1:2].islower() for word in words)
    return _name_shaped(value) or (capitals and not words[0].endswith(_CLOSING[1:]))


def _is_field(label: str) -> bool:
    words = label.replace("/", " ").split()
    return words[0].strip("().,") in _FIELDS or all(c.isdigit() for c in label if c.isalnum())


def _name_shaped(label: str) -> bool:
    """One to four words in capitals, or one handle: what a person or an account is called by."""
    words = label.split()
    if not 1 <= len(words) <= 4 or label.endswith(_CLOSING) or not any(char.isalpha() for char in label):
        return False
    return all(word[:1].isupper() or not word[:1].isalpha() for word in words) or (len(words) == 1 and not label.isalpha())


def _called(label: str, *, capitals: bool) -> bool:
    """Whether somebody may be called that, `DALE (by phone)` too; `capitals`: only in capitals."""
    name = label.partition(" (")[0]
    return (_name_shaped(label) or _name_shaped(name)) and (name.isupper() or not capitals)


def _apply(text: str, lines: Sequence[Line], turns: Mapping[int, Head]) -> list[Line]:
    done: list[Line] = []
    waiting: Line | None = None  # a label that stands alone: the next line is what is said
    for i, line in enumerate(lines):
        found = turns.get(i)
        if found is None:
            if waiting:
                line = replace(line, label=waiting.label, start_ms=waiting.start_ms)
                waiting = None
            done.append(_ended(text, line) if text[line.body.end - 1] == "#" else line)
            continue
        if waiting:
            done.append(waiting)
            waiting = None
        said = visible(text, found.rest, line.body.end)
        body, known = said or found.label, (line.stamp, line.role, found.start_ms, line.end_ms, line.column)
        turn = making.line(line.n, body, line.ref, line.part, found.label, *known)
        if said is None:
            waiting = turn
        else:
            done.append(_ended(text, turn) if text[body.end - 1] == "#" else turn)
    return [*done, waiting] if waiting else done


def _ended(text: str, line: Line) -> Line:
    """The line with the time mark at its end read, where it has one."""
    body, end_ms = end_stamp(text, line.body)
    return line if end_ms is None else replace(line, body=body, end_ms=end_ms)


def joined(text: str, lines: Sequence[Line]) -> list[Line]:
    """Lines of a plain text with broken lines put together: a turn goes on over the lines right below it, and a paragraph
    wrapped at a fixed width is one line. A blank line, a list mark or a bracket starts anew."""
    below = {i for i in range(1, len(lines)) if lines[i].label is None and _adjacent(text, lines[i - 1].body, lines[i].body)}
    if not below:
        return list(lines)
    done: list[Line] = []
    wrapped = _wrapped(lines, below)
    first = last = lines[0]
    for i, line in enumerate(lines[1:], 1):
        if i in below and (i in wrapped or (first.label is not None and text[line.body.start] not in "([{<#=-–—*_•>|~")):
            last = line
        else:
            done.append(_from_to(first, last))
            first = last = line
    return numbered([*done, _from_to(first, last)])


def _from_to(first: Line, last: Line) -> Line:
    if first is last:
        return first
    body, known = making.span(first.body.start, last.body.end), (first.label, first.stamp, first.role)
    return making.line(first.n, body, first.ref, first.part, *known, first.start_ms, last.end_ms, first.column)


def _adjacent(text: str, before: Span, after: Span) -> bool:
    """Whether one line stands right below the other."""
    gap = text[before.end : after.start]
    return len(gap) == 1 or (gap != "\n\n" and gap.replace("\r\n", "\n").replace("\r", "\n").count("\n") == 1)


def _wrapped(lines: Sequence[Line], below: Set[int]) -> set[int]:
    """Indices of lines that continue the line above: blocks of three or more lines of nearly the same width, 50 to 110.
    `below` holds the lines without a label that stand right below another."""
    found: set[int] = set()
    block: list[int] = []
    for i in sorted(below):
        if not block or i > block[-1] + 1:
            found |= _fixed_width(lines, block)
            block = [i - 1]
        block.append(i)
    return found | _fixed_width(lines, block)


def _fixed_width(lines: Sequence[Line], block: Sequence[int]) -> set[int]:
    if len(block) < 3:
        return set()
    widths = [len(lines[i].body) for i in block]
    full = widths[:-1]
    if min(full) < 50 or max(widths) > 110 or max(full) - min(full) > 16 or widths[-1] > max(full):
        return set()
    return set(block[1:])
