"""Who speaks in a transcript: labels are told from other lines by repetition and shape.

1. A head (`heads`) is a speaker if its label stands in the study's map, names a role, or comes again in the file, and is no
   field of a form (`Jam: 19.20`, `Contoh: ..`).
2. Fields of a title block (`Pewawancara: Gita Larasati`) before the first turn stay text.
3. Where most lines are turns, a label that comes once (somebody who says one thing) is a speaker too.
Styles without a colon need that most lines follow them.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from samaran.ingest import making, roles
from samaran.ingest.alone import alone, plausible, timed_heads
from samaran.ingest.clocks import begun, ended, is_clock, mark, moved
from samaran.ingest.heads import STYLES, Head, heads
from samaran.ingest.known import parted, slipped
from samaran.ingest.spans import numbered, visible
from samaran.model import Line, Span, SpeakerRole

_FIELD_WORDS = """
agama agenda akun alamat alasan antar arti artinya asal audio bab bagian bahasa bcc berkas bukti cara cat catatan catetan cc
cerita client conto contoh cuaca dari date dear dinten dob durasi duration e-mail email example file format from fw fwd hadir
hal harga hari hasil hp http https id info isi jam jarak jemput jenis judul kaayaan kasimpulan kepada kesan kesimpulan
ket keterangan kode kontak koordinat lahir lampiran lembaga location lokasi materi metode misal misalna misalnya mobile
nama name nami nb ngaran nik nim no nomer nomor note notes npwp occasion panggilan pekerjaan pendidikan penerjemah
penyunting perekam perihal periode place plat present project proyek ps pukul rangkuman re recorded rekaman rekening
ringkasan sandi sarat sent service situasi status subject subjek suhu sumber surel syarat tanggal tarif telepon telp
tema tempat tempatna terakhir terima tgl theme time titik titimangsa to tokoh topic topik total translator ttd tujuan
umur usia venue versi video vn voice wa waktos waktu when where yth dikirim diterima terkirim sent received foto gambar file
senin selasa rabu kamis jumat sabtu minggu ahad senen salasa rebo kemis jumaah saptu monday tuesday wednesday thursday friday
saturday sunday januari februari maret april mei juni juli agustus september oktober november desember january february march
june july august october december
"""
_FIELDS = frozenset(_FIELD_WORDS.split())
_BEFORE_SPEECH = tuple(style for style in STYLES if style != "alone")
"""Where each line has times of its own, one that is a name and nothing else may be all that somebody said."""
_CHOICES = frozenset("abcde")
"""Answers to choose from, `A. Ya`, are no speakers."""
_LISTS = frozenset({"angle", "dot", "boxed"})
_SERIES = re.compile(r"([^\W\d_]{1,3})[ .\-]?\d{1,3}")
"""Speakers that are counted, or whose turns are: `P1`, `T12`."""
_OPENED, _CLOSED = "[(#<", "])#>"
_CLOSING = (".", "?", "!", "…", ",", ";")


def transcribed(text: str, lines: Sequence[Line], speakers: Mapping[str, str]) -> list[Line]:
    """The lines of a transcript as somebody wrote or copied it: marks of time are read, turns labelled, and two on one line
    parted. Raises `UsageError` like `labelled`."""
    told = labelled(text, moved(text, lines), speakers, styles=tuple(STYLES))
    return parted(text, begun(text, told))


def labelled(
    text: str, lines: Sequence[Line], speakers: Mapping[str, str], *, styles: Sequence[str] = _BEFORE_SPEECH
) -> list[Line]:
    """The same lines, those that are turns with label and time, and a body without them. A line that is a label and its colon
    goes into the line below.

    Raises `UsageError` where the study's map names a role that does not exist.
    """
    declared = roles.declared(speakers)
    for style in styles:
        among = plausible(text, lines) if style == "alone" else None
        turns = _turns(text, lines, heads(text, lines, style, among), declared, style)
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
    series = Counter[str]()
    for k, n in counts.items():
        if found := _SERIES.fullmatch(k):
            series[found[1]] += n
    fields = {k for k in counts if _is_field(k) and k not in declared}
    again = {k for k in counts if counts[k] >= 2 or ((found := _SERIES.fullmatch(k)) and series[found[1]] >= 2)}
    called = {k for label, k in known.items() if _called(label, capitals=False)}
    stamped = timed_heads(text, lines, candidates) if style == "alone" else {i for i, head in candidates.items() if head.stamped}
    met = called if style == "alone" else known.values()
    sure = {k for k in counts if (k in again and k in met) or (style != "bare" and roles.role_of(k))}
    timed = {i for i in stamped if style != "bare" and (keys[i] in called or keys[i] in again)}
    strong = {
        i: head
        for i, head in candidates.items()
        if keys[i] in declared or (keys[i] not in fields and (keys[i] in sure or i in timed))
    }
    if style == "colon":
        strong = _without_title(text, lines, candidates, strong, keys, declared)
    distinct = {keys[i] for i in strong}
    if not strong or not (distinct & declared.keys() or len(strong) >= 2):
        return {}
    first, last = min(strong), max(strong)
    share = len(strong) / (last - first + 1)
    once = {i: head for i, head in candidates.items() if i not in strong and i > first and keys[i] not in fields}
    if style == "alone":
        return strong if alone(text, lines, strong, {keys[i] for i in strong if roles.role_of(keys[i])}) else {}
    if style not in ("colon", "from", "clock"):
        return (
            dict(strong)
            if share >= 0.5 and 2 <= len(distinct) <= 24 and len(strong) >= 4 and not (style in _LISTS and distinct <= _CHOICES)
            else {}
        )
    whole = len(lines) >= 3 and len(strong) + len(once) == len(lines)  # a short one, and nothing else in it
    if len(distinct) == 1 and not (distinct & declared.keys()) and len(strong) < 3 and not roles.role_of(next(iter(distinct))):
        return strong | once if whole and len(strong) == 2 and all(keys[i] in called for i in once) else {}
    if share < 0.1 and not distinct & declared.keys():
        return {}
    shouted = all(labels[i].isupper() for i in strong)  # as captions and scripts write names
    if share >= 0.5 or shouted:
        strong |= {i: head for i, head in once.items() if _called(labels[i], capitals=share < 0.5)}
    return strong | slipped(text, lines, strong, {labels[i] for i in strong}) if style == "colon" else strong


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
    value = value.partition(" (")[0]
    capitals = len(words) == 2 and all(word[:1].isupper() and word[1:2].islower() for word in words)
    return _name_shaped(value) or (capitals and not words[0].endswith(_CLOSING[1:]))


def _is_field(label: str) -> bool:
    words = label.replace("/", " ").split()
    return words[0].strip("().,0123456789") in _FIELDS or all(c.isdigit() for c in label if c.isalnum())


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
            if waiting and is_clock(text, line.body):
                continue  # `20:03` between a name and what was said
            if waiting:
                start_ms = waiting.start_ms if line.start_ms is None else line.start_ms
                line = replace(line, label=waiting.label, start_ms=start_ms, end_ms=waiting.end_ms or line.end_ms)
                waiting = None
            done.append(_timed(text, line) if text[line.body.end - 1] in _CLOSED else line)
            continue
        if waiting:
            done.append(waiting)
            waiting = None
        said = visible(text, found.rest, line.body.end)
        start_ms = line.start_ms if found.start_ms is None else found.start_ms
        body, known = said or found.label, (line.stamp, line.role, start_ms, found.end_ms or line.end_ms, line.column)
        turn = making.line(line.n, body, line.ref, line.part, found.label, *known)
        if said is None:
            waiting = turn
        else:
            done.append(_timed(text, turn) if text[body.end - 1] in _CLOSED or text[body.start] in _OPENED else turn)
    return [*done, waiting] if waiting else done


def _timed(text: str, line: Line) -> Line:
    """The line with the marks of time at its start, behind a label, and at its end read, where it has one."""
    start, end = line.body.start, line.body.end
    if line.label and text[start] in _OPENED and (found := mark(text, start, end)) and found.start_ms is not None:
        body = visible(text, found.rest, end)
        line = replace(line, body=body, start_ms=found.start_ms, end_ms=found.end_ms or line.end_ms) if body else line
    if text[end - 1] in _CLOSED:
        body, end_ms = ended(text, line.body)
        line = line if end_ms is None else replace(line, body=body, end_ms=end_ms)
    return line


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
