"""Bech32 (BIP-173), as age writes its keys: letters and digits with a checksum that notices typing errors. The length has no
limit, since a post-quantum recipient has 1,959 characters."""

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {letter: n for n, letter in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


def encode(prefix: str, data: bytes) -> str:
    """Bytes under a prefix, in lower case."""
    values = _regrouped(data, 8, 5)
    if remainder := len(data) * 8 % 5:
        values.append((data[-1] << (5 - remainder)) & 31)
    check = _polymod([*_spread(prefix), *values, *[0] * _CHECKSUM]) ^ 1
    values += [(check >> 5 * (_CHECKSUM - 1 - n)) & 31 for n in range(_CHECKSUM)]
    return f"{prefix}1{''.join(_CHARSET[value] for value in values)}"


def decode(text: str) -> tuple[str, bytes]:
    """Prefix, in lower case, and bytes. Raises `ValueError`, without the text, when it is none."""
    prefix, one, rest = text.lower().rpartition("1")
    if text not in (text.lower(), text.upper()) or not prefix or not one or len(rest) < _CHECKSUM:
        raise ValueError("not Bech32")
    if not all(33 <= ord(letter) <= 126 for letter in prefix) or any(letter not in _VALUES for letter in rest):
        raise ValueError("not Bech32")
    values = [_VALUES[letter] for letter in rest]
    if _polymod([*_spread(prefix), *values]) != 1:
        raise ValueError("the checksum of a Bech32 text is wrong")
    values = values[:-_CHECKSUM]
    if (padding := len(values) * 5 % 8) >= 5 or (padding and values[-1] & ((1 << padding) - 1)):
        raise ValueError("the padding of a Bech32 text is wrong")
    return prefix, bytes(_regrouped(values, 5, 8))


def _spread(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for n, term in enumerate(_GENERATOR):
            if top >> n & 1:
                check ^= term
    return check


def _regrouped(values: bytes | list[int], width: int, wanted: int) -> list[int]:
    """The same bits in groups of another width; bits that fill no group are left off."""
    found, held, bits = [], 0, 0
    for value in values:
        held, bits = (held << width | value) & 0xFFF, bits + width
        while bits >= wanted:
            bits -= wanted
            found.append(held >> bits & ((1 << wanted) - 1))
    return found
