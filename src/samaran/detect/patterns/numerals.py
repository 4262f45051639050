"""Numbers as they are said in Indonesian, Sundanese, Javanese, Minang and English, as pieces of patterns."""

ZERO = r"nol|enol|kosong|zero|oh"
ONE = r"satu|hiji|siji|ciek|one"
NINE = (
    r"dua|duo|loro|two|tiga|tilu|telu|tigo|three|empat|ampat|opat|papat|ampek|four|lima|limo|five|enam|genep|enem|nem|anam|six"
    r"|tujuh|tujuah|pitu|seven|delapan|dalapan|dilapan|salapan|lapan|wolu|eight|sembilan|salapan|sambilan|sanga|songo|nine"
)
DIGIT = rf"(?:{ZERO}|{ONE}|{NINE}|o)"
"""One digit as a word."""

TENS = (
    r"(?:se|sa)?puluh(?:an)?|sapuluah|puluah|belas(?:an)?|baleh|welas|las|sebelas|sawelas|sabaleh|rolas|wolulas|likur|selawe|salawe"
    r"|seket"
    r"|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|teens"
)
COUNT = rf"(?:{TENS}|{ONE}|{NINE})"
"""One word of a number up to ninety-nine."""

NUMBER = rf"(?:{COUNT}(?:[ -](?:{COUNT}|kurang|lebih|setengah)){{0,3}}(?:[ ]?an\b)?)"
"""A number up to ninety-nine in words."""

THOUSANDS = r"dua (?:ribu|rebu|rébu|ewu)|two thousand(?: and)?|seribu sembilan ratus|sarebu salapan ratus|nineteen|twenty"
YEAR = rf"(?:(?:{THOUSANDS})(?:[ ](?:{COUNT})){{0,3}})"
"""A year in words: `dua ribu tujuh belas`, `nineteen ninety-eight`."""

VALUES = {
    word: digit
    for digit, group in enumerate(
        (
            "nol enol kosong zero oh o",
            "satu hiji siji ciek one",
            "dua duo loro two",
            "tiga tilu telu tigo three",
            "empat ampat opat papat ampek four",
            "lima limo five",
            "enam genep enem nem anam six",
            "tujuh tujuah pitu seven",
            "delapan dalapan dilapan lapan wolu eight",
            "sembilan salapan sambilan sanga songo nine",
        )
    )
    for word in group.split()
}
"""Digit words to their digits."""

DIGIT_WORDS = " ".join(VALUES)
"""The words for one digit, as anchors."""
NUMBER_WORDS = (
    f"{DIGIT_WORDS} sepuluh sapuluh sapuluah puluh puluah belas baleh welas las sebelas sawelas sabaleh rolas wolulas likur "
    "selawe salawe seket ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty "
    "fourty fifty sixty seventy"
    " eighty ninety teens"
)
"""The words that a number may begin with, as anchors."""

LETTERS = r"(?:a|be|ce|de|e|ef|ge|ha|i|je|ka|el|em|en|o|pe|qi|kyu|ki|er|es|te|u|ve|fe|vi|we|eks|ex|ye|zet|zed|bi|si|di|ti|[a-z])"
"""The name of a letter, as recognised speech writes it."""
