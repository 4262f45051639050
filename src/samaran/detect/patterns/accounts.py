"""Bank accounts, cards and e-wallets: digits become an account by the words beside them."""

import regex

from samaran.detect.patterns.family import Family, Rule
from samaran.detect.patterns.numerals import DIGIT, DIGIT_WORDS
from samaran.model import EntityType

BANKS = (
    r"bca|bri|bni|btn|bsi|bjb|bpd|btpn|mandiri|permata|cimb|danamon|jago|sea ?bank|jenius|ocbc|nisp|panin|maybank|muamalat"
    r"|nagari|mega|uob|hsbc"
    r"|sinarmas|bukopin|neo|blu|sulutgo|sumut|sumsel|kalsel|papua|bank(?: [a-z]+){1,2}|be ?ce ?a|be ?er ?i|be ?en ?i|b s b|a be a"
)
WALLETS = r"dana|ovo|go-?pay|gopei|shopee ?pay|spay|link ?aja|e-?wallet|e wallet"
WORDS = (
    r"rek|rekening|rekna|norek|no\.? rek|account|acct|a/c|acc|va|virtual account|sort code|bsb|iban|tabungan|transfer"
    r"|trf|tf|nomor buku|kartu debit|kartu kredit|atm|setor|setoran"
)
_AFTER = (
    r"(?:-?(?:nya|na|ku|mu|ne|e))?(?:[ ](?:atas nama|a\.?n\.?|(?:no(?:mor|mer)?|nomor|number)(?:nya|na|ne|[ ]e)?|nya|na"
    r"|yang|yg|ini|ieu|ka|ke|aja|wae|we|mbak|ibu|bu|mamak|bini|gue|saya|aku|[a-z]{2,9}(?=:))"
    r"){0,4}[ ]?[.:;,(=]{0,2}[ ]{0,3}"
)
_NAMED = (
    "bca bri bni btn bsi bjb bpd btpn mandiri permata cimb danamon jago seabank sea jenius ocbc nisp panin maybank"
    " muamalat nagari mega uob hsbc sinarmas bukopin neo blu sulutgo sumut sumsel kalsel papua bank be beca bece beer been"
    " b a dana ovo gopay go gopei shopeepay shopee spay linkaja link ewallet e rek rekening rekna norek no account"
    " acct acc va virtual sort bsb iban tabungan transfer trf tf nomor kartu atm setor"
)
_CURRENCY = regex.compile(r"(?i)(?<!\w)(?:rp|idr|usd|eur|gbp|sgd|myr|rm|[$€£])[.:]?[ \u00a0]?$")
_AMOUNT = regex.compile(r"\d{1,3}(?:[. ]\d{3})*[. ]000|\d{3,5}000")
_DIGITS = r"\d(?:[ .\-–]{0,3}\d){5,19}"


def _enough(match: "regex.Match[str]") -> bool:
    """Six digits at least, and no amount of money."""
    if _CURRENCY.search(match.string, max(0, match.start("x") - 6), match.start("x")):
        return False
    tail = match.string[match.end("x") : match.end("x") + 8].lower().lstrip()
    return 6 <= sum(c.isdigit() for c in match["x"]) <= 20 and not tail.startswith(("ribu", "rb", "juta", "jt", "rupiah", "%"))


def _beside(match: "regex.Match[str]") -> bool:
    """As `_enough`, and not built like a round amount, since nothing but words near by says that it is an account."""
    return _enough(match) and not _AMOUNT.fullmatch(match["x"])


def _named(match: "regex.Match[str]") -> float | bool:
    """As `_enough`. What is built like a round amount is a doubt: `transfer BCA 500.000`, but also `rek 12345000`."""
    return 0.45 if _AMOUNT.fullmatch(match["x"]) and _enough(match) else _enough(match)


ACCOUNTS = Family(
    EntityType.ACCOUNT_NUMBER,
    (
        Rule(
            "account-named",
            rf"(?<!\w)(?:{BANKS}|{WALLETS}|{WORDS}){_AFTER}(?P<x>{_DIGITS})(?![\w]|[.,]\d)",
            0.94,
            _named,
            anchors=_NAMED,
        ),
        Rule(
            "account-holder",
            rf"(?<![\w.+\-])(?P<x>{_DIGITS})[ ,]{{1,3}}(?:a\.? ?n\.?|a/n|atas nama)(?!\w)",
            0.94,
            _named,
            anchors="#6",
        ),
        Rule(
            "account-bri",
            r"(?<![\w.+-])(?P<x>\d{4}[- ]?\d{2}[- ]?\d{6}[- ]?\d{2}[- ]?\d)(?![\w-])",
            0.6,
            _beside,
            rf"{BANKS}|{WORDS}",
            0.95,
            anchors="#6",
        ),
        Rule(
            "account-digits",
            rf"(?<![\w.+\-/:])(?P<x>{_DIGITS})(?![\w]|[.,:/]\d)",
            0.2,
            _beside,
            context=rf"(?:{BANKS}|{WALLETS}|{WORDS})(?:nya|na|ne|ku|mu)?\b",
            lifted=0.78,
            before=90,
            after=12,
            anchors="#6",
        ),
        Rule(
            "account-spoken",
            rf"(?<!\w)(?P<x>{DIGIT}(?:[ ,.-]{{1,3}}(?:{DIGIT}|strip|sa?welas)){{4,19}})(?!\w)",
            0.1,
            context=rf"rekening(?:nya|na|ne|[ ]e)?|be ce a|be er i|be en i|b s b|account|atas nama"
            rf"|nomor buku|buku tabungan(?:nya|na)?|(?:{WALLETS})",
            lifted=0.93,
            before=75,
            after=14,
            anchors=DIGIT_WORDS,
        ),
    ),
)
