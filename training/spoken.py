"""Numbers and letters as they are said, in Indonesian, Sundanese and English: for lines that look like recognized speech."""

import random
import re

UNITS = {
    "id": ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"],
    "su": ["enol", "hiji", "dua", "tilu", "opat", "lima", "genep", "tujuh", "dalapan", "salapan"],
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
TEENS_EN = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS_EN = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
LETTERS_ID = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "a",
            "be",
            "ce",
            "de",
            "e",
            "ef",
            "ge",
            "ha",
            "i",
            "je",
            "ka",
            "el",
            "em",
            "en",
            "o",
            "pe",
            "ki",
            "er",
            "es",
            "te",
            "u",
            "ve",
            "we",
            "eks",
            "ye",
            "zet",
        ],
        strict=True,
    )
)
MONTHS = [
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
]


def cardinal(n: int, language: str) -> str:
    """The number in words, up to 999,999."""
    if language == "en":
        return english(n)
    units = UNITS[language]
    ten, teen, hundred, thousand = (
        ("puluh", "belas", "ratus", "ribu") if language == "id" else ("puluh", "belas", "ratus", "rebu")
    )
    if n < 10:
        return units[n]
    if n < 20:
        return {10: "sa" + ten if language == "su" else "sepuluh", 11: "sabelas" if language == "su" else "sebelas"}.get(
            n, f"{units[n - 10]} {teen}"
        )
    for size, word in ((1000, thousand), (100, hundred), (10, ten)):
        if n >= size:
            head, rest = divmod(n, size)
            one = ("sa" if language == "su" else "se") + word
            lead = one if head == 1 else f"{cardinal(head, language)} {word}"
            return f"{lead} {cardinal(rest, language)}" if rest else lead
    raise AssertionError


def english(n: int) -> str:
    """As `cardinal`, in English."""
    if n < 10:
        return UNITS["en"][n]
    if n < 20:
        return TEENS_EN[n - 10]
    if n < 100:
        return TENS_EN[n // 10] + (f" {UNITS['en'][n % 10]}" if n % 10 else "")
    if 1900 <= n < 2000 or 2010 <= n < 2100:
        return f"{english(n // 100)} {english(n % 100)}" if n % 100 else english(n // 100) + " hundred"
    size, word = (1000, "thousand") if n >= 1000 else (100, "hundred")
    return f"{english(n // size)} {word}" + (f" {english(n % size)}" if n % size else "")


def digits(text: str, language: str, rng: random.Random) -> str:
    """Digit by digit."""
    zero = rng.choice({"id": ["nol", "kosong"], "su": ["enol", "nol"], "en": ["zero", "oh", "o"]}[language])
    return " ".join(zero if c == "0" else UNITS[language][int(c)] for c in text)


def number(text: str, language: str, rng: random.Random) -> str:
    """A run of digits in words: as a number if it is short, digit by digit if it is long or starts with 0."""
    if len(text) > 6 or (text[0] == "0" and len(text) > 1) or (len(text) > 4 and rng.random() < 0.7):
        return digits(text, language, rng)
    if 2 <= len(text) <= 4 and rng.random() < 0.06:
        return digits(text, language, rng)
    return cardinal(int(text), language)


def say(text: str, language: str, rng: random.Random) -> str:
    """Digits to words, month numbers of dates like 12/3/2023 to names, punctuation gone, lower case."""
    text = re.sub(
        r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})\b",
        lambda m: f"{m[1]} {MONTHS[int(m[2]) - 1] if 0 < int(m[2]) <= 12 and language != 'en' else m[2]} {m[3]}",
        text,
    )
    text = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", text)
    text = re.sub(r"\d+", lambda m: f" {number(m[0], language, rng)} ", text)
    text = text.replace("&", " dan ").replace("%", " persen ").replace("@", " et ")
    text = re.sub(r"(?<=\w)'(?=\w)", "", text)
    return re.sub(r"[^\w\s]|_", " ", text).lower()


def say_name(text: str, rng: random.Random) -> str:
    """A handle or a name with capitals as it is dictated: signs by name, acronyms now and then letter by letter."""
    if rng.random() < 0.6:
        text = text.replace("_", " garis bawah ").replace(".", " titik ").replace("@", " et ").replace("-", " strip ")
    if rng.random() < 0.35:
        text = re.sub(r"\b[A-Z]{2,5}\b", lambda match: spell(match[0]), text)
    return text


def spell(text: str) -> str:
    """Letters by their Indonesian names, digits in words: a plate as it is dictated."""
    return " ".join(LETTERS_ID.get(c, UNITS["id"][int(c)] if c.isdigit() else "") for c in text.lower()).strip()
