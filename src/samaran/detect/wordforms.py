"""Whether a word is known once its affixes are off: `dititipkeun`, `ngabantuan`, `bangettt`, `friends`."""

import re
from collections.abc import Iterator
from functools import lru_cache

from samaran.detect.words import clitics, everyday, frequent, function_words

_BEFORE = "di ke se sa me ber be ter te pe per ka pa nga nge ng mang ti pang pag ku kau mem men meng meny pem pen peng peny silih"
_AFTER = (
    "na nya nyah an kan keun eun i ku mu lah kah pun ing ed es s ly er in ne e un ana anana annya kannya kanlah anna keunana nan"
)
_NASAL = (("meny", "s"), ("mem", "p"), ("men", "t"), ("meng", "k"), ("peny", "s"), ("pem", "p"), ("pen", "t"), ("peng", "k"))
_SPOKEN = (("ny", "s"), ("ny", "c"), ("m", "p"), ("m", "b"), ("n", "t"), ("ng", "k"), ("ng", ""), ("nga", ""))
_PREFIXES = tuple(sorted(_BEFORE.split(), key=lambda p: (-len(p), p)))
_SHORTEST = 3


@lru_cache(maxsize=1 << 16)
def known_word(word: str) -> bool:
    """Whether the folded word, or what is left of it without affixes, drawn-out letters or a vowel written short, is in the word
    lists. Chat spellings without a vowel (`yg`, `bgt`) count as known: they name nobody."""
    if len(word) < _SHORTEST or _listed(word) or (len(word) < 5 and not re.search(r"[aeiou]", word)):
        return True
    plain = re.sub(r"(.)\1{2,}", r"\1", word)
    return any(_listed(stem) for stem in {*_stems(plain), *_stems(re.sub(r"(.)\1+", r"\1", word))})


def _listed(word: str) -> bool:
    return word in everyday() or word in function_words() or word in frequent()


def _stems(word: str) -> Iterator[str]:
    """The word without each ending, without each beginning of these, the consonant that a nasal swallowed put back."""
    for body in (word, *_without_endings(word)):
        yield body
        for prefix in _PREFIXES:
            if body.startswith(prefix) and len(body) - len(prefix) >= _SHORTEST:
                rest = body[len(prefix) :]
                yield rest
                yield from (w + rest for nasal, w in _NASAL if nasal == prefix)
                yield from (rest[len(p) :] for p in ("ber", "per", "ka", "ke", "pang", "nga") if rest.startswith(p))
        for nasal, swallowed in _SPOKEN:
            if body.startswith(nasal) and len(body) - len(nasal) >= 2:
                yield swallowed + body[len(nasal) :]


def _without_endings(word: str) -> Iterator[str]:
    for ending in {*_AFTER.split(), *clitics()}:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            yield word[: -len(ending)]
