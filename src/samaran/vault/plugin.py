"""The program `age-plugin-pq`: lets every program that reads age files and knows plugins use post-quantum keys. See
c2sp.org/age-plugin. It talks to the program that started it through standard input and output, and to nobody else.

Started for each file, so it imports little: no dataclasses, for one.
"""

import base64
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from samaran.vault import hybrid

NAME = "age-plugin-pq"

_COLUMNS = 64
_USAGE = f"""{NAME} is started by age and other programs that read age files. Put it where they find it (PATH), then:
  age -r age1pq1... FILE            seals to a post-quantum recipient
  age -d -i KEYFILE FILE            opens with a key file that holds AGE-PLUGIN-PQ-1...
age 1.3 and later knows these recipients, and AGE-SECRET-KEY-PQ-1..., without it."""


class Stanza(NamedTuple):
    """One message: a command with its arguments, and data. Keys may be in it: it is not shown."""

    words: tuple[str, ...]
    data: bytes = b""

    def __repr__(self) -> str:
        return f"Stanza({self.words[0]})"


def main() -> None:
    """Entry point of the console script."""
    match sys.argv[1:]:
        case ["--age-plugin=recipient-v1"]:
            answers = wrap_all
        case ["--age-plugin=identity-v1"]:
            answers = unwrap_all
        case _:
            sys.exit(_USAGE)
    _talk(sys.stdin.buffer, sys.stdout.buffer, answers(tuple(_until_done(sys.stdin.buffer))))


def wrap_all(said: Sequence[Stanza]) -> Iterator[Stanza]:
    """The file keys wrapped for every recipient, or errors: one recipient or identity that is none, and nothing is wrapped."""
    file_keys = [stanza.data for stanza in said if stanza.words == ("wrap-file-key",)]
    recipients = [stanza.words[1] for stanza in said if stanza.words[0] == "add-recipient" and len(stanza.words) == 2]
    identities = [stanza.words[1] for stanza in said if stanza.words[0] == "add-identity" and len(stanza.words) == 2]
    asked = [("recipient", n, text) for n, text in enumerate(recipients)]
    asked += [("identity", n, _recipient_of(text)) for n, text in enumerate(identities)]
    wrapped, faults = [], []
    for kind, n, recipient in asked:
        try:
            wrapped += [(file, *hybrid.wrap(recipient, file_key)) for file, file_key in enumerate(file_keys)]
        except ValueError:
            faults.append(_fault(kind, n, message=f"not a post-quantum {kind}"))
    if faults:
        yield from faults
        return
    if ("extension-labels",) in [stanza.words for stanza in said]:
        yield Stanza(("labels", "postquantum"))  # with it the program itself refuses to seal to a classic recipient, too
    for file, encapsulated, sealed in wrapped:
        yield Stanza(("recipient-stanza", str(file), hybrid.STANZA, _base64(encapsulated)), sealed)


def unwrap_all(said: Sequence[Stanza]) -> Iterator[Stanza]:
    """The file keys that one of the identities opens. A stanza of ours that is malformed makes its file unreadable."""
    identities = [stanza.words[1] for stanza in said if stanza.words[0] == "add-identity" and len(stanza.words) == 2]
    bad = [n for n, identity in enumerate(identities) if not _recipient_of(identity)]
    if bad:
        yield from (_fault("identity", n, message="not a post-quantum identity") for n in bad)
        return
    files: dict[str, list[Stanza]] = {}
    for stanza in said:
        if stanza.words[0] == "recipient-stanza" and len(stanza.words) >= 3:
            files.setdefault(stanza.words[1], []).append(stanza)
    for file, stanzas in files.items():
        ours = [(n, stanza) for n, stanza in enumerate(stanzas) if stanza.words[2] == hybrid.STANZA]
        malformed = [n for n, stanza in ours if _encapsulated(stanza) is None]
        if malformed:
            yield from (_fault("stanza", file, n, message=f"malformed {hybrid.STANZA} stanza") for n in malformed)
        elif (file_key := _opened(identities, (stanza for _, stanza in ours))) is not None:
            yield Stanza(("file-key", file), file_key)


def _opened(identities: Sequence[str], stanzas: Iterable[Stanza]) -> bytes | None:
    for stanza in stanzas:
        for identity in identities:
            if (file_key := hybrid.unwrap(identity, _encapsulated(stanza) or b"", stanza.data)) is not None:
                return file_key
    return None


def _recipient_of(identity: str) -> str:
    """The recipient of an identity; empty when it is none."""
    try:
        return hybrid.recipient_of(identity)
    except ValueError:
        return ""


def _encapsulated(stanza: Stanza) -> bytes | None:
    """What a stanza of ours encapsulates; None when the stanza is malformed."""
    try:
        data = _bytes(stanza.words[3]) if len(stanza.words) == 4 else b""
    except ValueError:
        return None
    return data if len(data) == hybrid.ENCAPSULATED and len(stanza.data) == hybrid.WRAPPED else None


def _fault(*words: object, message: str) -> Stanza:
    return Stanza(("error", *map(str, words)), message.encode())


def _talk(source: BinaryIO, target: BinaryIO, answers: Iterable[Stanza]) -> None:
    """Say each, and wait for the other's word after each."""
    for stanza in answers:
        _write(target, stanza)
        _read(source)
    _write(target, Stanza(("done",)))


def _until_done(source: BinaryIO) -> Iterator[Stanza]:
    while (stanza := _read(source)).words[0] != "done":
        yield stanza


def _read(source: BinaryIO) -> Stanza:
    """The next message. Ends the program when the other side is gone or speaks differently."""
    head = source.readline().decode("ascii", "replace").rstrip("\n")
    words = tuple(head.split(" "))[1:]
    if not head.startswith("-> ") or not all(words):
        sys.exit(f"{NAME}: this is started by programs that read age files.")
    text = ""
    while len(line := source.readline().decode("ascii", "replace").rstrip("\n")) == _COLUMNS:
        text += line
    try:
        return Stanza(words, _bytes(text + line))
    except ValueError:
        sys.exit(f"{NAME}: a message could not be understood.")


def _write(target: BinaryIO, stanza: Stanza) -> None:
    text = _base64(stanza.data)
    lines = [text[n : n + _COLUMNS] for n in range(0, len(text) + 1, _COLUMNS)]  # a full last line is followed by an empty one
    target.write("\n".join([f"-> {' '.join(stanza.words)}", *lines, ""]).encode("ascii"))
    target.flush()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii").rstrip("=")


def _bytes(text: str) -> bytes:
    """Undo `_base64`. Raises `ValueError` for anything that `_base64` does not write."""
    if not re.fullmatch(r"[A-Za-z0-9+/]*", text):
        raise ValueError("not Base64")
    data = base64.b64decode(text + "=" * (-len(text) % 4))
    if _base64(data) != text:
        raise ValueError("not canonical Base64")
    return data
