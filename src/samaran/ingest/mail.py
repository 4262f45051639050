"""Mails: one (.eml) or a box of them (.mbox). The sender labels what was written, the subject is a line of its own.

Of two versions of a text, plain is read and HTML only where there is no plain. Heads are properties. Attachments are not read:
they are named, and the source carries a warning.
"""

import email
import re
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

from samaran.ingest import markup
from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet
from samaran.ingest.text import decode
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

ATTACHMENTS = "attachments-not-read"
MAX_PARTS = 1000

_HEAD = re.compile(rb"(?:[!-9;-~]{1,80}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}(?:\r?\n|$)")
_SURE = re.compile(rb"^(?:Message-ID|MIME-Version|Received|Return-Path|DKIM-Signature|X-Mailer):", re.IGNORECASE | re.MULTILINE)
_BOX = re.compile(rb"^From [^\r\n]{1,300}\d{4}[^\r\n]{0,20}\r?\n(?=[!-9;-~]{1,80}:)", re.MULTILINE)
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
_TECHNICAL = frozenset({"subject", "mime-version", "content-type", "content-transfer-encoding", "content-disposition"})
_ADDRESSED = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Return-Path", "Delivered-To")


def is_mail(data: bytes, hinted: bool) -> bool:
    """Whether the bytes start with the head of a mail, or as a box of mails. `hinted`: the file is called .eml or .mbox."""
    start = data[:500_000].lstrip(b"\r\n")
    if _BOX.match(start):
        return True
    head = _HEAD.match(start)
    return head is not None and (hinted or _SURE.search(head[0]) is not None)


def read(data: bytes) -> Transcript:
    """The mails in the order of the file. Raises `Unreadable`: MALFORMED, TOO_LARGE."""
    data = data.lstrip(b"\r\n")
    starts = [found.end() for found in _BOX.finditer(data)] if _BOX.match(data) else []
    heads = [found.start() for found in _BOX.finditer(data)][1:] if starts else []
    pieces = [data[a:b] for a, b in zip(starts, [*heads, len(data)], strict=True)] if starts else [data]
    reader, damaged = _Reader(), False
    for number, piece in enumerate(pieces, 1):
        try:
            message = email.message_from_bytes(re.sub(rb"(?m)^>(>*From )", rb"\1", piece) if starts else piece, policy=default)
            reader.message(message, f"message {number} " if starts else "")
        except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError):
            damaged = True  # the exception may hold text of the file: leave it here
    if damaged:
        raise Unreadable(Reason.MALFORMED)
    return Transcript("mail", reader.sheet.text, tuple(reader.sheet.lines), tuple(reader.found), tuple(reader.warnings))


class _Reader:
    """Mails on their way to a transcript."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.found: dict[Property, None] = {}
        self.warnings: dict[str, None] = {}
        self.parts = 0

    def message(self, message: EmailMessage, where: str) -> None:
        sender, address = next(iter(getaddresses([str(message.get("From", ""))])), ("", ""))
        label = self.sheet.write(sender.strip() or address.strip()) if (sender or address).strip() else None
        self.sheet.add(_flat(message.get("Subject")), f"{where}subject", Part.HEADER)
        for name, value in message.items():
            self.head(name, str(value))
        self.body(message, where, label)

    def head(self, name: str, value: str) -> None:
        if name.title() not in _ADDRESSED:
            known = name.title() if name.title() in ("Date", "Message-Id", "X-Mailer", "User-Agent") else "header"
            if name.casefold() not in _TECHNICAL and value.strip():
                self.found[Property(known, _flat(value))] = None
            return
        for person, address in getaddresses([value]):
            if person.strip():
                self.found[Property(name.title(), person.strip(), EntityType.PERSON)] = None
            if address.strip():
                self.found[Property(name.title(), address.strip(), EntityType.EMAIL if "@" in address else None)] = None

    def body(self, part: EmailMessage, where: str, label: Span | None) -> None:
        """The text of a mail, and of mails inside of it."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise Unreadable(Reason.TOO_LARGE)
        if name := part.get_filename():
            self.found[Property("attachment", name)] = None
        kind = part.get_content_type()
        if part.is_multipart():
            inner = [p for p in part.iter_parts() if isinstance(p, EmailMessage)]
            plain = kind == "multipart/alternative" and any(p.get_content_type() == "text/plain" for p in inner)
            for one in inner:
                if kind == "message/rfc822":
                    self.message(one, f"{where}inner ")
                elif not (plain and one.get_content_type() == "text/html"):
                    self.body(one, where, label)
        elif part.get_content_disposition() == "attachment" or kind not in ("text/plain", "text/html"):
            self.warnings[ATTACHMENTS] = None
        else:
            for number, piece in enumerate(self.pieces(part, kind), 1):
                self.sheet.add(piece, f"{where}paragraph {number}", label=label)

    def pieces(self, part: EmailMessage, kind: str) -> list[str]:
        payload = part.get_payload(decode=True)
        text = _decoded(payload if isinstance(payload, bytes) else b"", part.get_content_charset() or "")
        if kind == "text/plain":
            return _BLANK.split(text)
        page = markup.page(text)
        self.found |= {link(target): None for target in (*page.links, *page.sources)}
        return [piece.text for piece in page.pieces]


def _decoded(payload: bytes, charset: str) -> str:
    """By the charset that the part names where that works, else as any text. Raises `Unreadable`."""
    try:
        return payload.decode(charset) if charset else decode(payload)[0]
    except (UnicodeDecodeError, LookupError):
        pass  # the exception holds the text: leave it here
    return decode(payload)[0]


def _flat(value: object) -> str:
    return " ".join(str(value or "").split())
