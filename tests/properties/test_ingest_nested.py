"""What holds for files in files, archives and mails: nothing is lost without a name, and damage is named, never a crash."""

import mailbox
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samaran.ingest import Unreadable, read
from samaran.ingest.recorded import recorded
from samaran.segment import segments
from tests.properties.test_ingest import SOURCES
from tests.properties.test_ingest_formats import HURTS, SEEDS, TEXTS, hurt, squeezed, webpage

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate name")
CALM = settings(deadline=None, max_examples=60)
OGG = b"OggS\0\x02" + bytes(60)
NAMES = st.one_of(
    st.sampled_from(
        ["a.txt", "b.csv", "catatan", "x.eml", "../../etc/passwd", "C:\\a\\b.txt", "_chat.txt", "é 😭.txt", "a\r\nb.txt"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30),
)
WHOLE = TEXTS.map(lambda texts: "\n\n".join(f"halo {text}" for text in texts).encode())
SILENT = st.one_of(WHOLE, TEXTS.map(webpage), st.sampled_from([data for _, data in SEEDS]))
ANYTHING = st.one_of(SILENT, SOURCES.map(str.encode), st.binary(max_size=200), st.just(OGG), st.just(b"\x89PNG\r\n\x1a\n"))
KINDS = st.sampled_from(
    ["text/plain", "text/html", "text/csv", "application/octet-stream", "image/png", "audio/ogg", "application/zip", "x/y"]
)


def archived(members: list[tuple[str, bytes]]) -> bytes:
    """A zip archive; a name that comes again stands in it twice."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def posted(text: str, parts: list[tuple[str, str, bytes]]) -> bytes:
    """A mail with attachments."""
    made = EmailMessage()
    made["Message-ID"], made["From"], made["Subject"] = "<1@x>", "Rani <rani@contoh.id>", "Halo"
    made.set_content(text or "-")
    for name, kind, content in parts:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=" ".join(name.split()) or "a")
    return made.as_bytes()


def outcome(data: bytes, name: str) -> str:
    """How reading ended; no exception of a library hangs on ours, and segments can be cut."""
    reason, context = "", None
    try:
        segments(read(data, name))
    except Unreadable as error:
        reason, context = error.reason, error.__context__
    assert context is None
    return reason


@CALM
@given(st.lists(st.tuples(NAMES, WHOLE), min_size=1, max_size=5))
def test_every_text_in_an_archive_is_said(members: list[tuple[str, bytes]]) -> None:
    """What members say comes back whole, in one transcript, with every name among the properties."""
    members = [(f"{n} {name.replace('/', '_')}.txt", content) for n, (name, content) in enumerate(members)]
    found = read(archived(members), "x.zip")
    assert {p.value for p in found.properties if p.name == "member"} == {zipfile.ZipInfo(name).filename for name, _ in members}
    shown = squeezed(" ".join(span.of(found.text) for line in found.lines for span in (line.label, line.body) if span))
    for _, content in members:
        for word in content.decode().split():
            assert squeezed("".join(filter(str.isalnum, word))) in "".join(filter(str.isalnum, shown))


@CALM
@given(TEXTS, st.lists(st.tuples(NAMES, KINDS, ANYTHING), max_size=4))
def test_every_attachment_is_said_or_named(texts: list[str], parts: list[tuple[str, str, bytes]]) -> None:
    """The text of the mail comes back; an attachment is read, left out with a warning, or named with the reason."""
    data = posted("\n\n".join(texts), parts)
    found = read(data, "x.eml")
    inside = {line.ref.partition("attachment ")[2].partition(" ")[0] for line in found.lines if "attachment " in line.ref}
    named = [p for p in found.properties if p.name.startswith("attachment not read")]
    left_out = {"media-not-read", "attachments-not-read"} & set(found.warnings)
    assert not parts or inside or named or left_out
    assert bool(named) == ("attachments-not-read" in found.warnings)
    shown = squeezed("".join(line.body.of(found.text) for line in found.lines))
    for text in texts:
        assert "".join(filter(str.isalnum, text)) in "".join(filter(str.isalnum, shown))


@settings(CALM, max_examples=150)
@given(st.lists(st.tuples(NAMES, ANYTHING), min_size=1, max_size=4), HURTS)
def test_damaged_archives_are_named(members: list[tuple[str, bytes]], hurts: list[tuple[float, bytes | int]]) -> None:
    """A damaged archive has a transcript or a reason, alone, in an archive, in a mail; whether a voice lies in it is answered."""
    data = b"\n" + archived(members)
    broken = hurt(data, hurts)[1:]
    for name, file in (
        ("x.zip", broken),
        ("y.zip", archived([("x.zip", broken)])),
        ("x.eml", posted("-", [("x.zip", "x/y", broken)])),
    ):
        outcome(file, name)
        answer(file, name)


@settings(CALM, max_examples=150)
@given(TEXTS, st.lists(st.tuples(NAMES, KINDS, ANYTHING), max_size=3), HURTS, st.booleans())
def test_damaged_mails_are_named(
    texts: list[str], parts: list[tuple[str, str, bytes]], hurts: list[tuple[float, bytes | int]], boxed: bool
) -> None:
    """A damaged mail, alone or in a box, has a transcript or a reason; whether a voice lies in it is answered."""
    data = posted("\n\n".join(texts), parts)
    if boxed:
        data = b"From a@x Mon Jan  5 10:00:00 2026\n" + data + b"\nFrom b@x Mon Jan  5 10:00:00 2026\n" + data
    for file in (data, hurt(data, hurts)):
        outcome(file, "x.mbox" if boxed else "x.eml")
        answer(file, "x.mbox")


@CALM
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_a_box_as_mail_programs_write_it(mails: list[list[str]]) -> None:
    """Python's own writer of boxes quotes `From `; every mail comes back, in order."""
    with TemporaryDirectory() as folder:
        box = mailbox.mbox(Path(folder) / "x.mbox")
        for texts in mails:
            box.add(posted("\n\n".join(["From kami semua", *texts]), []))
        box.close()
        data = (Path(folder) / "x.mbox").read_bytes()
    found = read(data, "x.mbox")
    assert {line.ref.split()[1] for line in found.lines} == {str(n) for n in range(1, len(mails) + 1)}
    assert sum(line.body.of(found.text) == "From kami semua" for line in found.lines) == len(mails)


@CALM
@given(st.lists(st.tuples(NAMES, SILENT), max_size=4), st.integers(0, 3), st.sampled_from(["suara.opus", "suara", "a.txt"]))
def test_a_voice_is_found_wherever_it_lies(members: list[tuple[str, bytes]], depth: int, name: str) -> None:
    """A recording among other members, in archives and mails, by content alone where its name hides it."""
    data = archived([*members, (name, OGG)])
    for n in range(depth):
        data = posted("-", [("x", "application/octet-stream", data)]) if n % 2 else archived([*members, ("y.bin", data)])
    assert answer(data, "x.eml" if depth and depth % 2 == 0 else "x.zip")


def answer(data: bytes, name: str) -> bool:
    """Whether a voice lies in a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        return recorded(path)
