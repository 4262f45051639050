"""Post-quantum keys of age (`age1pq1...`): ML-KEM-768 and X25519 together, so that both have to be broken. See c2sp.org/age.

Nothing here is cryptography of our own: a key pair is the library's, wrapping and unwrapping a file key is one call of its HPKE.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from samaran.vault import bech32

RECIPIENT = "age1pq"
NATIVE = "age-secret-key-pq-"
"""Prefix of a secret as age 1.3 and later reads it."""
PLUGIN = "age-plugin-pq-"
"""Prefix of the same secret for older programs, which hand it to `age-plugin-pq`."""

STANZA = "mlkem768x25519"
FILE_KEY = 16
ENCAPSULATED = 1_120
WRAPPED = FILE_KEY + 16

_SEED = 32
_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1_184
_PUBLIC = _MLKEM_PUBLIC + 32
_INFO = b"age-encryption.org/mlkem768x25519"


def generate() -> str:
    """A new secret, in its native form."""
    return bech32.encode(NATIVE, secrets.token_bytes(_SEED)).upper()


def native(secret: str) -> str:
    """A secret in the form that age 1.3 reads. Raises `ValueError`."""
    return bech32.encode(NATIVE, _seed(secret)).upper()


def for_plugin(secret: str) -> str:
    """The same secret in the form that older programs hand to the plugin. Raises `ValueError`."""
    return bech32.encode(PLUGIN, _seed(secret)).upper()


def recipient_of(secret: str) -> str:
    """The recipient that belongs to a secret. Raises `ValueError`; `UnsupportedAlgorithm` where OpenSSL is older than 3.5."""
    mlkem, x25519 = _halves(secret)
    return bech32.encode(RECIPIENT, mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())


def wrap(recipient: str, file_key: bytes) -> tuple[bytes, bytes]:
    """A file key for a recipient: what was encapsulated, and the wrapped key. Raises `ValueError` when it is no recipient."""
    prefix, data = bech32.decode(recipient)
    if prefix != RECIPIENT or len(data) != _PUBLIC:
        raise ValueError("not a post-quantum recipient")
    public = hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(data[:_MLKEM_PUBLIC]), X25519PublicKey.from_public_bytes(data[_MLKEM_PUBLIC:])
    )
    sealed = _suite().encrypt(file_key, public, _INFO)
    return sealed[:ENCAPSULATED], sealed[ENCAPSULATED:]


def unwrap(secret: str, encapsulated: bytes, wrapped: bytes) -> bytes | None:
    """The file key, or None when it was wrapped for somebody else. Raises `ValueError` for a secret that is none."""
    private = hpke.MLKEM768X25519PrivateKey(*_halves(secret))
    try:
        return _suite().decrypt(encapsulated + wrapped, private, _INFO)
    except InvalidTag:
        return None


def _suite() -> hpke.Suite:
    return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _seed(secret: str) -> bytes:
    prefix, seed = bech32.decode(secret)
    if prefix not in (NATIVE, PLUGIN) or len(seed) != _SEED:
        raise ValueError("not a post-quantum secret")
    return seed


def _halves(secret: str) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Both private keys; the one call of SHAKE-256 that makes them from a seed is that of the key's definition (X-Wing)."""
    expanded = hashlib.shake_256(_seed(secret)).digest(_MLKEM_SEED + 32)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:]),
    )
