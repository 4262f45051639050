"""To which length content is padded before it is sealed, so that sizes on the disk tell little. See docs/formats/vault.md."""

LEAST = 64 * 1024
SMALL = 4 * 1024 * 1024
"""Up to here lengths are powers of two; beyond, Padmé's (Nikitin and others, PoPETs 2019(4), section 4)."""


def padded(size: int) -> int:
    """The length that `size` bytes are padded to: never less, and at most twice as much, 1/32 more beyond `SMALL`."""
    if size <= SMALL:
        return max(LEAST, 1 << (size - 1).bit_length()) if size else LEAST
    exponent = size.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-size // step) * step


def with_spaces(text: bytes) -> bytes:
    """JSON padded with spaces at its end, which every reader of JSON passes over."""
    return text.ljust(padded(len(text)))
