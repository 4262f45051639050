"""The list of recalled segments: a signed note under the log's key, with an origin of its own.

The body's first line, and the name of the signature, is `<origin of the log>/recalls`: a recall list can't be taken for a
checkpoint, whose first line is the log's origin, nor a checkpoint for a recall list. The second line counts the lines that
follow. openssl checks it as it checks a checkpoint.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from samaran.audit.note import LogKey, VerifierKey
from samaran.errors import IntegrityError

_SUFFIX = "/recalls"


def sign(key: LogKey, lines: Sequence[str]) -> bytes:
    """The signed list. The same lines are the same bytes."""
    name = key.origin + _SUFFIX
    body = "".join(f"{line}\n" for line in (name, len(lines), *lines)).encode("ascii")
    signature = base64.b64encode(_id(name, key.verifier) + key.private.sign(body)).decode()
    return body + f"\n— {name} {signature}\n".encode()


def verified(data: bytes, vkey: str) -> tuple[str, ...]:
    """The lines of a list that bears the log's signature. Raises `IntegrityError` for any other."""
    key = VerifierKey.parse(vkey)
    name = key.origin + _SUFFIX
    body, gap, rest = data.rpartition(b"\n\n")
    body += b"\n"
    mark = f"— {name} ".encode()
    try:
        signature = base64.b64decode(rest.removeprefix(mark).removesuffix(b"\n"), validate=True)
        first, count, *lines = body.decode("ascii").splitlines()
        fits = bool(gap) and rest.startswith(mark) and first == name and int(count) == len(lines)
        if fits and signature[:4] == _id(name, key):
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature[4:], body)
            return tuple(lines)
    except (ValueError, InvalidSignature):
        pass
    raise IntegrityError(
        "The list of recalled segments is not the one that was signed.", "Take releases/recalls from the study again."
    )


def _id(name: str, key: VerifierKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + key.public).digest()[:4]
