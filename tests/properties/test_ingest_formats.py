"""What holds for formats that are not text themselves: what was written comes back, and damage is named, never a crash."""

import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from samaran.ingest import Unreadable, read
from samaran.ingest.spans import blank
from samaran.model import Transcript
from samaran.segment import segments

CALM = settings(deadline=None, max_examples=60)
SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn", "Co"]), min_size=1, max_size=40)
TEXTS = st.lists(SHOWN.filter(lambda text: any(c.isalnum() for c in text)), min_size=1, max_size=6)


def squeezed(text: str) -> str:
    """A text without all that does not show."""
    return "".join(char for char in text if not blank(char))


def said(found: Transcript) -> str:
    """What the lines say, labels first, without what does not show."""
    whole = []
    for line in found.lines:
        whole += [span.of(found.text) for span in (line.label, line.body) if span]
    return squeezed("".join(dict.fromkeys(whole)))


def rtf(texts: list[str]) -> bytes:
    """The texts as a program writes them: bytes of the code page where there is one, UTF-16 units elsewhere."""
    out = ["{\\rtf1\\ansi\\ansicpg1252\\uc1 "]
    for text in texts:
        for char in text:
            if char in "\\{}":
                out.append("\\" + char)
            elif " " <= char <= "~":
                out.append(char)
            elif char < "\u0100" and char >= "\u00a0":
                out.append(f"\\'{ord(char):02x}")
            else:
                units = char.encode("utf-16-le")
                numbers = [int.from_bytes(units[i : i + 2], "little", signed=True) for i in range(0, len(units), 2)]
                out += [f"\\u{number}?" for number in numbers]
        out.append("\\par\n")
    return ("".join(out) + "}").encode("ascii")


def odt(texts: list[str]) -> bytes:
    """The texts as paragraphs."""
    ns = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "text"))
    body = "".join(f"<text:p>{escape(text)}</text:p>" for text in texts)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        shown = f"<office:body><office:text>{body}</office:text></office:body>"
        content = f"<office:document-content {ns}>{shown}</office:document-content>"
        archive.writestr("content.xml", content)
    return out.getvalue()


def docx(texts: list[str]) -> bytes:
    """The texts as paragraphs."""
    document, out = Document(), BytesIO()
    for text in texts:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def whisper(texts: list[str]) -> bytes:
    """The texts as segments."""
    return json.dumps({"segments": [{"start": n, "end": n + 1, "text": text} for n, text in enumerate(texts)]}).encode()


def telegram(texts: list[str]) -> bytes:
    """The texts as messages of a bot without a name."""
    return json.dumps(
        {"messages": [{"id": n, "type": "message", "date": "", "text": text} for n, text in enumerate(texts)]}
    ).encode()


def mail(texts: list[str]) -> bytes:
    """The texts as paragraphs of a mail."""
    made = EmailMessage()
    made["Message-ID"] = "<1@x>"
    made.set_content("\n\n".join(texts) + "\n", cte="base64")
    return bytes(made)


def webpage(texts: list[str]) -> bytes:
    """The texts as paragraphs of a page."""
    return f"<!DOCTYPE html><html><body>{''.join(f'<p>{escape(text)}</p>' for text in texts)}</body></html>".encode()


def messages(texts: list[str]) -> bytes:
    """The texts as messages of an exported page, all but the first of one sender."""
    head = '<div class="from_name">Rani Kusumah</div>'
    shown = "".join(
        f'<div class="message default{" joined" if n > 1 else ""}"><div class="body">{head if n < 2 else ""}'
        f'<div class="text">{escape(text)}</div></div></div>'
        for n, text in enumerate(texts)
    )
    return f"<!DOCTYPE html><html><body>{shown}</body></html>".encode()


WRITERS: dict[str, Callable[[list[str]], bytes]] = {
    "x.rtf": rtf, "x.odt": odt, "x.docx": docx, "x.json": whisper, "result.json": telegram, "x.eml": mail,
    "x.html": webpage, "messages.html": messages,
}  # fmt: skip


@CALM
@given(TEXTS, st.sampled_from(sorted(WRITERS)))
def test_what_was_written_is_said(texts: list[str], name: str) -> None:
    """Every character that shows comes back, in order; only the punctuation of a label may be markup."""
    found = read(WRITERS[name](texts), name)
    whole = squeezed("".join(dict.fromkeys(t.strip() for t in texts)))
    missing, at = [], 0
    ours = said(found)
    for char in whole:
        where = ours.find(char, at)
        if where < 0 or where > at + 200:
            missing.append(char)
        else:
            at = where + 1
    assert all(not char.isalnum() for char in missing), (missing, ours, whole)


SEEDS = [(name, write(["P: halo, Téh", "Rani: di Dago", "P: iraha?", "Rani: kamari"])) for name, write in sorted(WRITERS.items())]
HURTS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                [
                    b"</div>",
                    b"<div>",
                    b"<table><td>",
                    b"{",
                    b"}",
                    b"\\u-1?",
                    b"\\bin99 ",
                    b"\\row ",
                    b"<",
                    b">",
                    b'"',
                    b"null",
                    b"[]",
                    b"9" * 12,
                ]
            ),
            st.integers(1, 40),
        ),
    ),
    min_size=1,
    max_size=8,
)


def hurt(data: bytes, hurts: list[tuple[float, bytes | int]]) -> bytes:
    """The data with bytes put in and cut out; in a container, in its largest member."""
    if data.startswith(b"PK"):
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            target = "word/document.xml" if "word/document.xml" in old.namelist() else "content.xml"
            for name in old.namelist():
                new.writestr(name, hurt(old.read(name), hurts) if name == target else old.read(name))
        return out.getvalue()
    for where, what in hurts:
        at = int(where * len(data))
        data = data[:at] + (what + data[at:] if isinstance(what, bytes) else data[at + what :])
    return data


@settings(CALM, max_examples=200)
@given(st.sampled_from(SEEDS), HURTS)
def test_damage_is_named(seed: tuple[str, bytes], hurts: list[tuple[float, bytes | int]]) -> None:
    """A damaged file has a reason or a transcript whose segments can be cut, and no exception of a library hangs on ours."""
    context: object = None
    try:
        segments(read(hurt(seed[1], hurts), seed[0]))
    except Unreadable as error:
        context = error.__context__
    assert context is None


_WORDS = "messages id type date from text chats list name segments transcription offsets start end speaker media poll answers"
KEYS = st.sampled_from(_WORDS.split())
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=25,
)


@settings(CALM, max_examples=200)
@given(st.dictionaries(KEYS, JSON, min_size=1), JSON)
def test_any_json_is_read_or_named(value: dict[str, Any], message: Any) -> None:
    """Whatever stands under the keys that the readers know, there is a transcript or a reason."""
    value["messages"] = [message, {"id": 1, "type": "x", "date": "y", **(message if isinstance(message, dict) else {})}]
    for made in (value, {**value, "segments": [{"text": "halo", **value}]}):
        reason = None
        try:
            lines = read(json.dumps(made).encode(), "x.json").lines
        except Unreadable as error:
            reason, lines = error.reason, ()
        assert bool(lines) != bool(reason)
