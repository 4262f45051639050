"""The gate: what may leave in a profile, and what is withheld for which reason. Pure; it reads no file and writes none.

Checks, in this order; the first that fails holds the source:

1. standing: nobody has withdrawn; no corrected version stands in its place or waits to be joined; each informant has given a
   consent, with every flag that the profile asks for (`participate` always);
2. nothing is undecided;
3. the second pass over the source is current;
4. residual scan: no form of the register in any text, speaker label or other field (see `Residual`);
5. pattern scan: nothing that the gate itself can see to be a number, an address on the net or a handle.

Hits carry spans and types, never text: they may be stored, and a reviewer settles them as mentions.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from samaran.model import Candidate, Cleared, EntityType, Form, Hit, Reason, Release, Span, Withheld
from samaran.study import Profile

__all__ = ["Candidate", "Cleared", "Hit", "Release", "Residual", "Withheld", "gate", "residual"]

NOT_SCANNED = frozenset({EntityType.DATE, EntityType.AGE})
"""Forms such as `2021` and `19` are ordinary numbers elsewhere: looking for them would withhold every tariff and every hour."""

NUMBERS = frozenset({EntityType.PHONE, EntityType.ACCOUNT_NUMBER, EntityType.ID_NUMBER})
"""Types whose forms are also compared by their digits alone, whatever stands between them."""

_SURROGATE = re.compile(r"\[[A-Z]{2,}(?:-\d+(?: [^\[\]]{1,60})?| [^\[\]]{1,60})\]")  # a bare [WORD] is scanned like any word
_BLANK = "\ufffc"  # what a surrogate is overwritten with: neither a word, a space nor a separator of digits


def gate(candidates: Iterable[Candidate], profile: Profile, forms: Iterable[tuple[Form, EntityType]]) -> Release:
    """Every candidate cleared or withheld, in an order that doesn't depend on theirs. Raises `ValueError` on an id used twice."""
    scan = Residual(forms)
    cleared, withheld, seen = [], [], Counter[str]()
    for candidate in sorted(candidates, key=lambda c: (c.informants, c.method, c.wave, c.source_id)):
        seen.update([candidate.source_id, *(segment_id for segment_id, _, _ in candidate.segments)])
        result = _checked(candidate, profile, scan)
        if isinstance(result, Cleared):
            cleared.append(result)
        else:
            withheld.append(result)
    if seen and max(seen.values()) > 1:
        raise ValueError("two sources or segments of a release share an id")
    return Release(profile.name, tuple(cleared), tuple(withheld))


def _checked(source: Candidate, profile: Profile, scan: "Residual") -> Cleared | Withheld:
    def held(reason: Reason, check: int, hits: Sequence[Hit] = ()) -> Withheld:
        counts = Counter(hit.type for hit in hits)
        ordered = tuple((kind, counts[kind]) for kind in EntityType if counts[kind])
        return Withheld(source.source_id, reason, check, len(source.segments), ordered, tuple(hits))

    flags = None
    if source.withdrawn:  # 1
        return held(Reason.WITHDRAWN, 1)
    if source.version is not None:
        return held(source.version, 1)
    if source.consent_needed:
        given = [consent.flags for consent in source.consents if consent is not None]
        if not given or len(given) < len(source.consents):
            return held(Reason.NO_CONSENT, 1)
        flags = frozenset.intersection(*given)
        if not flags >= {"participate", *profile.consent}:
            return held(Reason.CONSENT_SCOPE, 1)
    if source.open_mentions:  # 2
        return held(Reason.UNDECIDED, 2)
    if source.second_pass_due:  # 3
        return held(Reason.SECOND_PASS_DUE, 3)
    fields = tuple(_fields(source))
    for check, find in ((4, scan.forms_in), (5, scan.patterns_in)):  # 4, 5
        hits = [
            Hit(segment_id, name, span, kind, check)
            for segment_id, name, text, surrogates, allowed in fields
            for span, kind in find(text, surrogates)
            if not any(ok.contains(span) for ok in allowed)
        ]
        if hits:
            return held(Reason.RESIDUAL, check, hits)
    ordered = tuple(sorted(source.segments, key=lambda s: (s[1].line_no, s[1].seg_no, s[0])))
    return Cleared(source.source_id, source.informants, source.method, source.wave, ordered, flags)


_Field = tuple[str, str, str, tuple[Span, ...], tuple[Span, ...]]


def _fields(source: Candidate) -> Iterator[_Field]:
    """Every string that would leave: segment id, name of the field, text, spans of surrogates, spans that a reviewer cleared."""
    seen: set[str] = set()
    yield "", "source_id", source.source_id, (), ()
    for informant in source.informants:
        yield "", "informant_id", f"[{informant}]", _bracketed(f"[{informant}]"), ()
    for segment_id, segment, lang in source.segments:
        yield segment_id, "text", segment.text, tuple(s.span for s in segment.surrogates), source.allowed.get(segment_id, ())
        if segment.speaker and segment_id not in source.allowed_labels:
            yield segment_id, "speaker", segment.speaker, _bracketed(segment.speaker), ()
        yield segment_id, "segment_id", segment_id, (), ()
        words = [("lang", lang)]
        for surrogate in segment.surrogates:
            words += [("surrogates", f"[{surrogate.pseudonym}]"), ("surrogates", surrogate.level)]
        for name, word in words:
            if word not in seen:  # the same few over and over: once is enough
                seen.add(word)
                yield segment_id, name, word, _bracketed(word), ()


def _bracketed(text: str) -> tuple[Span, ...]:
    return tuple(Span(*m.span()) for m in _SURROGATE.finditer(text))


def residual(forms: Iterable[tuple[Form, EntityType]]) -> "Residual":
    """The scan of check 4 as a value that other stages can be handed: call it with a text to get the number of hits."""
    return Residual(forms)


@dataclass(frozen=True, slots=True, repr=False)
class _Wanted:
    shape: re.Pattern[str]
    type: EntityType
    word: bool


class Residual:
    """Looks for the forms of a register, and for patterns, in text that is about to leave.

    A form is found as a whole word in any case and with or without accents, invisible characters left out; `-na`, `-nya` and
    whatever else follows a hyphen, and `na`, `nya` written together, count as a whole word too. A form that is also a common
    word (`word`) is found only as it is written, without such endings. Numbers are found by their digits as well, phone numbers
    without their prefix. A single letter and a bare number of up to five digits are not looked for. Nothing inside a surrogate
    is a hit.
    """

    def __init__(self, forms: Iterable[tuple[Form, EntityType]]) -> None:
        self._by_token: dict[str, list[_Wanted]] = {}
        self._symbols: list[tuple[str, EntityType]] = []
        self._digits: dict[str, EntityType] = {}
        for form, kind in dict.fromkeys(forms):
            if kind not in NOT_SCANNED:
                self._add(form, kind)

    def _add(self, form: Form, kind: EntityType) -> None:
        text = " ".join(form.text.translate(_KEPT if form.word else _FOLDED).split()).lstrip("@")
        tokens = _TOKEN.findall(text)
        if kind in NUMBERS and len(digits := _core(text, kind)) >= 6:
            self._digits.setdefault(digits, kind)
        if not tokens:
            if any(unicodedata.category(c).startswith("S") for c in text):
                self._symbols.append((text, kind))
            return
        letters = "".join(tokens)
        if len(letters) < 2 or (letters.isdecimal() and len(letters) < 6):
            return
        gap = r"\s*" if kind is EntityType.PLATE else r"\s+"
        body = gap.join(re.escape(part) for part in text.split(" "))
        before = r"(?<![^\W_])" if text[0].isalnum() else ""
        ending = "(?:nya|na)?" if text[-1].isalpha() and not form.word else ""
        after = r"(?![^\W_])" if text[-1].isalnum() else ""
        wanted = _Wanted(re.compile(before + body + ending + after), kind, form.word)
        first = tokens[0].casefold()
        keys = {first, first + "na", first + "nya"} if ending and len(tokens) == 1 else {first}
        if kind is EntityType.PLATE:
            keys |= {"".join(tokens[:n]).casefold() for n in range(1, len(tokens) + 1)}
        for key in keys:
            self._by_token.setdefault(key, []).append(wanted)

    def __call__(self, text: str) -> int:
        """How many forms stand in a text that is not a segment: a file name, a metadata value, a page."""
        return len(self.forms_in(text, _bracketed(text)))

    def forms_in(self, text: str, surrogates: Sequence[Span] = ()) -> list[tuple[Span, EntityType]]:
        """Check 4 on one text: spans of the text and the types of the forms that stand there."""
        text = _masked(text, surrogates)
        folded = text.lower() if text.isascii() else text.translate(_FOLDED)
        found: set[tuple[int, int, EntityType]] = set()
        wanted = [w for token in set(_TOKEN.findall(folded)) & self._by_token.keys() for w in self._by_token[token]]
        if any(w.word for w in wanted):
            kept = text if text.isascii() else text.translate(_KEPT)
            found |= {(*_back(text, _KEPT, m.span()), w.type) for w in wanted if w.word for m in w.shape.finditer(kept)}
        found |= {(*_back(text, _FOLDED, m.span()), w.type) for w in wanted if not w.word for m in w.shape.finditer(folded)}
        for symbols, kind in self._symbols:
            found |= {(*_back(text, _FOLDED, m.span()), kind) for m in re.finditer(re.escape(symbols), folded)}
        if self._digits:
            found |= {(*_back(text, _FOLDED, (a, b)), kind) for a, b, kind in self._numbers_in(folded)}
        return [(Span(start, end), kind) for start, end, kind in sorted(found)]

    def _numbers_in(self, folded: str) -> Iterator[tuple[int, int, EntityType]]:
        for run in _RUN.finditer(folded):
            places = [run.start() + i for i, c in enumerate(run[0]) if c.isdecimal()]
            digits = "".join(str(unicodedata.decimal(folded[i])) for i in places)
            for number, kind in self._digits.items():
                at = digits.find(number)
                if at < 0 or (len(number) < 8 and _core(digits, kind) != number):
                    continue
                yield places[at], places[at + len(number) - 1] + 1, kind

    @staticmethod
    def patterns_in(text: str, surrogates: Sequence[Span] = ()) -> list[tuple[Span, EntityType]]:
        """Check 5 on one text. Amounts of money with dots between thousands are no phone numbers."""
        text = _masked(text, surrogates)
        folded = text if text.isascii() else text.translate(_FOLDED)
        found = []
        if _HINT.search(folded):
            for kind, shape in _PATTERNS:
                found += [(Span(*_back(text, _FOLDED, m.span())), kind) for m in shape.finditer(folded)]
        return sorted(found)


class _Fold(dict[int, str]):
    """A table for `str.translate`, filled as characters come: compatibility forms, no accents, no invisible characters."""

    def __init__(self, lower: bool) -> None:
        super().__init__()
        self._lower = lower

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        kept = "".join(c for c in parts if unicodedata.category(c) not in ("Mn", "Cf")).translate(_SAME)
        self[code] = kept.casefold() if self._lower else kept
        return self[code]


_SAME = str.maketrans("\u2018\u2019\u02bc\u2010\u2011\u2013\u2014\u2212", "'''-----")
_FOLDED, _KEPT = _Fold(lower=True), _Fold(lower=False)
_TOKEN = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d(?:[\s.\-()/]{0,2}\d){5,}")
_HINT = re.compile(r"@|://|www\.|\.[a-zA-Z]|\d(?:[\s.\-()]{0,2}\d){8}")
_PATTERNS = (
    (EntityType.ID_NUMBER, re.compile(r"(?<!\w)\d(?:[ .\-]?\d){15}(?!\w)")),
    (EntityType.EMAIL, re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")),
    (EntityType.URL, re.compile(r"(?i)(?:\bhttps?://|\bwww\.)\S+")),
    (EntityType.URL, re.compile(r"(?i)(?<![\w@.])[a-z0-9][a-z0-9\-]*(?:\.[a-z0-9\-]+)*\.[a-z]{2,6}/\w\S*")),
    (EntityType.URL, re.compile(r"(?i)(?<![\w@.])[a-z0-9][a-z0-9.\-]*\.(?:com|net|org|(?:co|ac|go|or|my|web|sch)\.id)(?![\w])")),
    (EntityType.ONLINE_ID, re.compile(r"(?<![\w.@])@[^\W\d][\w.]+")),
    (
        EntityType.PHONE,
        re.compile(r"(?<![\w.,])(?![1-9]\d{0,2}(?:\.\d{3})+(?![.\d]))(?:\+\s?\d|0|62|8)(?:[ .\-()]{0,2}\d){8,}(?!\w)"),
    ),
    (EntityType.PHONE, re.compile(r"(?<![\w.,+])[1-79]\d{8,}(?!\w)")),
)


def _core(text: str, kind: EntityType) -> str:
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    return re.sub(r"^(?:0|62)+", "", digits) if kind is EntityType.PHONE else digits


def _masked(text: str, surrogates: Sequence[Span]) -> str:
    for span in surrogates:
        if _SURROGATE.fullmatch(span.of(text)):
            text = text[: span.start] + _BLANK * len(span) + text[span.end :]
    return text


def _back(text: str, table: _Fold, span: tuple[int, int]) -> tuple[int, int]:
    """A span of the folded text as a span of the text itself."""
    if text.isascii():
        return span
    start = end = at = 0
    for i, c in enumerate(text):
        width = len(table[ord(c)])
        if at <= span[0] < at + width:
            start = i
        at += width
        if at >= span[1]:
            end = i + 1
            break
    return start, end
