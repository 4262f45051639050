"""Which language a segment is mostly in, by its function words. A hint for analysts, never a gate for detection."""

import re

_WORDS = {
    "id": "yang dan di ke dari itu ini saya aku kamu dia kita kami mereka tidak nggak gak enggak ada sudah udah belum kalau"
    " kalo karena jadi tapi bisa mau sama dengan untuk pada juga lagi terus banget aja saja kok sih dong kan gue gw lu lo apa"
    " siapa kenapa gimana bagaimana dulu nanti kemarin sekarang orang anak ibu bapak",
    "su": "anu nu jeung ti ka dina keur teu henteu abdi kuring urang maneh anjeun manehna aya geus tos acan lamun mun sabab jadi"
    " tapi bisa rek hoyong sareng kanggo oge deui terus pisan wae we atuh mah teh téh tea naon saha naha kumaha baheula engke"
    " kamari ayeuna jalmi budak ema bapa nya ieu eta éta ari hese",
    "en": "the and of to in that it is was i you he she we they not no there have had but if because so can will would with for"
    " on at this these those what who why how then now yesterday people my your his her our their just like about from been are"
    " were",
}
_LANGUAGES = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")


def language(text: str) -> str:
    """`id`, `su`, `en`, `mixed` when a second language has at least a third of the votes, or `unknown` without any."""
    votes = dict.fromkeys(_LANGUAGES, 0)
    for word in _WORD.findall(text.casefold()):
        owners = [name for name, words in _LANGUAGES.items() if word in words]
        if len(owners) == 1:
            votes[owners[0]] += 1
    total = sum(votes.values())
    if not total:
        return "unknown"
    ranked = sorted(votes, key=lambda name: (-votes[name], name))
    return "mixed" if votes[ranked[1]] * 3 >= total else ranked[0]
