"""Part 9: commands that check the log and the releases with programs that are not ours. A test runs them on a real log."""

_OPENSSL = """\
head -n 3 log/checkpoint > /tmp/body
sed -n 5p log/checkpoint | cut -d' ' -f3 | base64 -d | tail -c 64 > /tmp/sig
(printf 302a300506032b6570032100 | xxd -r -p; cut -d+ -f3- log.vkey | base64 -d | tail -c 32) > /tmp/pub.der
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey /tmp/pub.der -in /tmp/body -sigfile /tmp/sig"""

_GO = """\
sha256sum verify.go
GO111MODULE=off GOPATH=/usr/share/gocode go run verify.go ."""

_TILES = """\
tlog-tiles get-leaf -c ./log 0"""

_RELEASE = """\
sha256sum -c CHECKSUMS
sha256sum CHECKSUMS"""

_OWN = "samaran audit verify STUDY --since CHECKPOINT --vkey log.vkey"


def how(size: int, root: str, program: str) -> tuple[tuple[str, str, str], ...]:
    """Heading key, commands, and what the right answer looks like. `program` is the SHA-256 of the bundle's `verify.go`."""
    return (
        ("verify-signature", _OPENSSL, "Signature Verified Successfully"),
        ("verify-go", _GO, f"{program}  verify.go … OK: {size} entries, {root}"),
        ("verify-tiles", _TILES, '{"act":"log.start", …'),
        ("verify-release", _RELEASE, ""),
        ("verify-own", _OWN, "The log is whole."),
    )
