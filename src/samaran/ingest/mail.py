"""Mails: one (.eml) or a box of them (.mbox). The sender labels what was written, the subject is a line of its own.

Of two versions of a text, plain is read and HTML only where there is no plain. Heads are properties. Attachments come after the
texts, each read as the file that it is. Pictures, recordings and what can't be read are named, and the source carries a warning.
"""

import email
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from mmap import mmap

from samaran.ingest import container, markup
from samaran.ingest.archive import LEFT_OUT, suffix
from samaran.ingest.bundle import joined
from samaran.ingest.formats import UNEXPECTED_EXTENSION
from samaran.ingest.media import HEAD, is_media
from samaran.ingest.metadata import link
from samaran.ingest.spans import Sheet
from samaran.ingest.telegram import MEDIA
from samaran.ingest.text import decode
from samaran.ingest.unreadable import Unreadable
from samaran.model import EntityType, Part, Property, Reason, Span, Transcript

ATTACHMENTS = "attachments-not-read"
DAMAGE = (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError)
MAX_PARTS = 1000

_HEAD = re.compile(rb"(?:[!-9;-~]{1,80}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}(?:\r?\n|$)")
_SURE = re.compile(rb"^(?:Message-ID|MIME-Version|Received|Return-Path|DKIM-Signature|X-Mailer):", re.IGNORECASE | re.MULTILINE)
_BOX = re.compile(rb"^From [^\r\n]{1,300}\d{4}[^\r\n]{0,20}\r?\n(?=[!-9;-~]{1,80}:)", re.MULTILINE)
_BREAKS = re.compile(rb"[\r\n]*")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
_TECHNICAL = frozenset({"subject", "mime-version", "content-type", "content-transfer-encoding", "content-disposition"})
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_ADDRESSED = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Return-Path", "Delivered-To")


def is_mail(data: bytes, hinted: bool) -> bool:
    """Whether the bytes start with the head of a mail, or as a box of mails. `hinted`: the file is called .eml or .mbox."""
    start = data[:500_000].lstrip(b"\r\n")
    if _BOX.match(start):
        return True
    head = _HEAD.match(start)
    return head is not None and (hinted or _SURE.search(head[0]) is not None)


def read(data: bytes, one: Callable[[bytes, str], Transcript] | None = None) -> Transcript:
    """The mails in the order of the file, and after them their attachments, read by `one`. Raises `Unreadable`: MALFORMED,
    TOO_LARGE."""
    reader, damaged = _Reader(one), False
    for where, message in messages(data):
        try:
            reader.parts = 0
            reader.message(message, where)
        except DAMAGE:
            damaged = True  # the exception may hold text of the file: leave it here
    if damaged:
        raise Unreadable(Reason.MALFORMED)
    text, lines = reader.sheet.text, tuple(reader.sheet.lines)
    if reader.attached:
        text, lines = joined([("", Transcript("mail", text, lines)), *reader.attached])
    return Transcript("mail", text, lines, tuple(reader.found), tuple(reader.warnings))


def messages(data: bytes | mmap) -> Iterator[tuple[str, EmailMessage]]:
    """The mails of a file, each with what goes before its references."""
    at = _BREAKS.match(data).end()  # type: ignore[union-attr]
    boxes = list(_BOX.finditer(data, at)) if _BOX.match(data, at) else []
    if not boxes:
        yield "", email.message_from_bytes(data[at:], policy=default)
    ends = [*(found.start() for found in boxes[1:]), len(data)]
    for number, (found, end) in enumerate(zip(boxes, ends, strict=False), 1):
        piece = _QUOTED_FROM.sub(rb"\1", data[found.end() : end])
        yield f"message {number} ", email.message_from_bytes(piece, policy=default)


class _Reader:
    """Mails on their way to a transcript."""

    def __init__(self, one: Callable[[bytes, str], Transcript] | None) -> None:
        self.one = one
        self.attached: list[tuple[str, Transcript]] = []
        self.unpacked = 0
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
            self.attachment(part, where)
        else:
            for number, piece in enumerate(self.pieces(part, kind), 1):
                self.sheet.add(piece, f"{where}paragraph {number}", label=label)

    def attachment(self, part: EmailMessage, where: str) -> None:
        """A file in a mail. One that can't be read stays in the sealed original: it is named, with the reason, and a warning."""
        name, content = str(part.get_filename() or ""), _content(part)
        left_out = part.get_content_maintype() in ("image", "audio", "video") or suffix(name) in LEFT_OUT
        if left_out or is_media(content[:HEAD]):
            self.warnings[MEDIA] = None
            return
        self.unpacked += max(len(content), container.unpacked(content))
        if self.unpacked > container.MAX_UNPACKED:
            raise Unreadable(Reason.TOO_LARGE)
        reason = Reason.UNKNOWN_FORMAT
        if self.one and part.get_content_type() not in _SIGNATURES:
            try:
                found = self.one(content, name)
            except Unreadable as error:
                reason = error.reason
            else:
                self.attached.append((f"{where}attachment {len(self.attached) + 1} ", found))
                self.found |= dict.fromkeys(found.properties)
                self.warnings |= {code: None for code in found.warnings if code != UNEXPECTED_EXTENSION}
                return
        self.found[Property(f"attachment not read ({reason})", name or "without a name")] = None
        self.warnings[ATTACHMENTS] = None

    def pieces(self, part: EmailMessage, kind: str) -> list[str]:
        payload = part.get_payload(decode=True)
        text = _decoded(payload if isinstance(payload, bytes) else b"", part.get_content_charset() or "")
        if kind == "text/plain":
            return _BLANK.split(text)
        page = markup.page(text)
        self.found |= {link(target): None for target in (*page.links, *page.sources)}
        return [piece.text for piece in page.pieces]


def _content(part: EmailMessage) -> bytes:
    """The bytes of an attachment; a text in the encoding that the mail names, as UTF-8."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() if part.get_content_maintype() == "text" else None
    if charset and charset not in ("utf-8", "us-ascii"):
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(charset).encode()
    return content


def _decoded(payload: bytes, charset: str) -> str:
    """By the charset that the part names where that works, else as any text. Raises `Unreadable`."""
    try:
        return payload.decode(charset) if charset else decode(payload)[0]
    except (UnicodeDecodeError, LookupError):
        pass  # the exception holds the text: leave it here
    return decode(payload)[0]


def _flat(value: object) -> str:
    return " ".join(str(value or "").split())
