"""The age vectors of C2SP's CCTV, from the npm package `cctv-age`, against our opening path. `make vectors` fetches them."""

import base64
import hashlib
import re
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from samaran.errors import IntegrityError, KeyUnusable, SamaranError
from samaran.vault import age
from samaran.vault.keys import private_key
from samaran.vault.seal import open_bytes, open_to

PACKAGE = Path(__file__).parents[2] / "vectors" / "cctv-age-0.2.0.tgz"
INTEGRITY = "1fiGAaWr+snqgu8+uCC7qPeApAuueOESET2npKe0FVLY+Huf+Kkia89Rybx/uoGNCml31SgAjiQIeFOY4K3New=="

pytestmark = pytest.mark.skipif(
    not PACKAGE.exists(), reason="cctv-age is not here: run `make vectors`, it needs npm and a network"
)

KNOWN_X25519 = {
    "armor_whitespace_outside": "refused, though it is allowed",
    "stanza_missing_body": "accepted, though it is malformed",
    "stanza_missing_final_line": "accepted, though it is malformed",
}
"""Where the age library differs. None of them opens a file with a wrong key or alters what comes out."""


@dataclass(frozen=True)
class Vector:
    """One file with what should come of it."""

    name: str
    head: dict[str, list[str]]
    body: bytes

    def __post_init__(self) -> None:
        assert self.expect in {"success", "no match", "HMAC failure", "header failure", "armor failure", "payload failure"}

    @property
    def expect(self) -> str:
        """`success`, or the kind of failure."""
        return self.head["expect"][0]


def vectors() -> list[Vector]:
    """All vectors of the package, once its digest is the one that was pinned."""
    data = PACKAGE.read_bytes()
    assert base64.b64encode(hashlib.sha512(data).digest()).decode() == INTEGRITY
    with tarfile.open(PACKAGE) as package:
        member = package.extractfile("package/index.js")
        assert member is not None
        source = member.read().decode()
    found = re.findall(r'^// \.\./testdata/(\S+)\nvar \w+ = __toBinary\("([^"]*)"\)', source, re.M)
    return [_vector(name, base64.b64decode(text)) for name, text in found]


def _vector(name: str, data: bytes) -> Vector:
    top, _, body = data.partition(b"\n\n")
    head: dict[str, list[str]] = {}
    for line in top.decode().splitlines():
        key, _, value = line.partition(": ")
        head.setdefault(key, []).append(value)
    if head.get("compressed") == ["zlib"]:
        body = zlib.decompress(body)
    return Vector(name, head, body)


def verdict(vector: Vector, opened: bytes | SamaranError) -> str:
    """Empty where it went as it should, else in which way it didn't."""
    if isinstance(opened, SamaranError):
        return "refused, though it is allowed" if vector.expect == "success" else ""
    if vector.expect != "success":
        return "accepted, though it is malformed"
    return "" if hashlib.sha256(opened).hexdigest() == vector.head["payload"][0] else "opened as something else"


def opening(vector: Vector, folder: Path) -> bytes | SamaranError:
    """What its keys open, or our own error; after an error a file is refused as well, and nothing of the plaintext is left."""
    path, out = folder / f"{vector.name}.age", folder / f"{vector.name}.out"
    path.write_bytes(vector.body)
    keys = [private_key(identity) for identity in vector.head.get("identity", [])]
    try:
        return open_bytes(path, keys)
    except (IntegrityError, KeyUnusable) as error:
        with pytest.raises(SamaranError):
            open_to(path, keys, out)
        assert not out.exists()
        return error


def test_files_sealed_to_keys(tmp_path: Path) -> None:
    """All vectors for classic keys go as they should through our opening path, but for the ones that are known; after each
    refusal nothing of the plaintext is left, and only our own errors come out."""
    found, seen = {}, 0
    for vector in vectors():
        identities = vector.head.get("identity", [])
        if (
            "passphrase" in vector.head
            or any(not i.startswith("AGE-SECRET-KEY-1") for i in identities)
            or "hybrid" in vector.name
        ):
            continue
        seen += 1
        opened = opening(vector, tmp_path)
        if said := verdict(vector, opened):
            found[vector.name] = said
    assert seen == 98
    assert found == KNOWN_X25519
    assert not list(tmp_path.glob(".*.part"))


def test_files_sealed_to_post_quantum_keys(tmp_path: Path) -> None:
    """All vectors for post-quantum keys go as they should through our opening path and `age-plugin-pq`; a malformed line is told
    from a key that doesn't fit, but for two points of low order, of which the library says no more than that none fits."""
    found, said, seen = {}, {}, 0
    for vector in vectors():
        if "hybrid" not in vector.name:
            continue
        seen += 1
        opened = opening(vector, tmp_path)
        if isinstance(opened, SamaranError):
            said[vector.name] = "no match" if isinstance(opened, KeyUnusable) else "header failure"
        if wrong := verdict(vector, opened):
            found[vector.name] = wrong
    assert seen == 19
    assert found == {}
    kinds = {vector.name: vector.expect for vector in vectors() if vector.name in said}
    assert {name for name in said if said[name] != kinds[name]} == {"hybrid_identity", "hybrid_low_order"}


def test_files_under_passphrases() -> None:
    """All vectors under passphrases go as they should."""
    found, seen = {}, 0
    for vector in vectors():
        if "passphrase" not in vector.head:
            continue
        seen += 1
        opened: bytes | SamaranError = IntegrityError("not tried", "")
        for passphrase in vector.head["passphrase"]:
            try:
                opened = age.unlock(vector.body, passphrase)
                break
            except SamaranError as error:
                opened = error
        if said := verdict(vector, opened):
            found[vector.name] = said
    assert seen == 26
    assert found == {}
