"""Words of a text, folded without changing lengths, and the public word lists."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

WORD = re.compile(r"\w[\w\u0300-\u036f]*")  # an accent may stand behind its letter
_STARTS = re.compile(r"(?:[.!?:]\s+|\n\s*)(\w)")


class Word(NamedTuple):
    """A run of word characters: where it stands, as written, and folded."""

    start: int
    end: int
    text: str
    fold: str


class _Fold(dict[int, int]):
    """Code point to its base letter in lower case, worked out once."""

    def __missing__(self, point: int) -> int:
        folded = unicodedata.normalize("NFD", chr(point).casefold())[:1] or chr(point)
        self[point] = ord(folded)
        return self[point]


_FOLD = _Fold()


def fold(text: str) -> str:
    """Lower case without accents, one character for each character: offsets stay."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


_LONG = 100_000


@lru_cache(maxsize=2)  # a source and a stretch of it; the words of a part of a long chat take thirty megabytes
def words(text: str) -> tuple[Word, ...]:
    """All runs of word characters of a text, in order."""
    folded = fold(text)
    if len(text) < _LONG:
        return tuple(Word(m.start(), m.end(), m.group(), folded[m.start() : m.end()]) for m in WORD.finditer(text))
    once: dict[str, str] = {}  # a word met again is the same string: a long chat has millions of them
    return tuple(
        Word(start, end, once.setdefault(word, word), once.setdefault(low := folded[start:end], low))
        for start, end, word in ((*m.span(), m.group()) for m in WORD.finditer(text))
    )


def _lines(name: str) -> list[str]:
    text = (files("samaran.data") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _read(name: str) -> frozenset[str]:
    return frozenset(fold(word) for line in _lines(name) for word in line.split())


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Words in everyday use in the three languages, names that are words included."""
    lists = ("words-id.txt", "words-su.txt", "words-en.txt", "words-own.txt")
    return word_names().union(*map(_read, lists))


@lru_cache(maxsize=1)
def word_names() -> frozenset[str]:
    """Words that are also names."""
    return _read("word-names.txt")


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Given names, short forms and family names."""
    return _read("given-names.txt")


@lru_cache(maxsize=1)
def clear_names() -> frozenset[str]:
    """Names that are no everyday word."""
    return frozenset(name for name in names() - everyday() - no_names() if len(name) > 2)


@lru_cache(maxsize=2)
def honorifics(only_weak: bool = False) -> frozenset[str]:
    """Words of address before a name; `only_weak`: those that are also words of their own."""
    return frozenset(
        fold(word)
        for line in _lines("honorifics.txt")
        for kind, _, rest in [line.partition(":")]
        if kind == "weak" or not only_weak
        for word in rest.split()
    )


@lru_cache(maxsize=32)
def cues(part: str) -> frozenset[str]:
    """Words that play a part beside a name or place, as they stand in cues.txt."""
    rows = [rest for line in _lines("cues.txt") for name, _, rest in [line.partition(":")] if name == part]
    if not rows:
        raise ValueError(f"no cue words of the kind {part}")
    return frozenset(word for row in rows for word in row.split())


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Words that end a name in running text."""
    return _read("function-words.txt")


@lru_cache(maxsize=1)
def frequent() -> frozenset[str]:
    """Everyday words met so often that a bare one in lower case is never taken for a name."""
    return _read("frequent-words.txt")


@lru_cache(maxsize=1)
def no_names() -> frozenset[str]:
    """Capitalised words that name nobody: languages, faiths, peoples, days, brands, apps."""
    return _read("no-names.txt")


@lru_cache(maxsize=1)
def clitics() -> frozenset[str]:
    """Endings that may be glued to a name."""
    return _read("clitics.txt")


def common_word(text: str) -> bool:
    """Whether a name is also a word of everyday language (Bunga, Indah, May) or of address (Akang), so that a bare occurrence
    proves nothing."""
    if re.search(r"[\d_.@#&/]", text.rstrip(".")):
        return False
    found = [word.fold for word in words(text)]
    return bool(found) and all(
        word in everyday() or len(word) < 3 or (word in honorifics() and word not in names()) for word in found
    )


@lru_cache(maxsize=8)
def caseless(text: str) -> bool:
    """Whether a text is written without capitals, as in chats and recognised speech."""
    starts = [c for c in _STARTS.findall(text) if c.isalpha()]
    return len(starts) > 3 and sum(c.islower() for c in starts) > 0.6 * len(starts)
