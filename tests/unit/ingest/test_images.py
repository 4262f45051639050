"""Screenshots and scans. Tesseract is optional: without it these tests are skipped, but for what then becomes of a picture."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from samaran.ingest import Unreadable, images, read
from samaran.model import EntityType, Reason

OCR = pytest.mark.skipif(not images.available(), reason="tesseract-ocr is not installed")
FONTS = [Path(p) for p in ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/Library/Fonts/Arial.ttf") if Path(p).exists()]


def screenshot(*bubbles: tuple[int, str], form: str = "PNG", **about: object) -> bytes:
    """A rendered chat: each bubble has its left edge and its text, one below the other."""
    picture = Image.new("RGB", (900, 60 + 90 * len(bubbles)), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONTS[0]), 30) if FONTS else ImageFont.load_default(30)
    for n, (left, text) in enumerate(bubbles):
        draw.text((left, 40 + 90 * n), text, fill="black", font=font)
    out = BytesIO()
    picture.save(out, form, **about)  # type: ignore[arg-type]
    return out.getvalue()


@OCR
def test_bubbles_come_in_reading_order() -> None:
    """Messages left and right come in the order of their height."""
    said = [(40, "halo teteh"), (500, "iya kang mangga"), (40, "kumaha damang"), (500, "alhamdulillah")]
    found = read(screenshot(*said), "x.png")
    assert found.format == "image"
    assert [line.body.of(found.text).casefold() for line in found.lines] == [text for _, text in said]
    assert [line.ref for line in found.lines] == [f"row {n}" for n in range(1, 5)]
    assert images.RECOGNIZED in found.warnings


@OCR
def test_bubbles_on_a_dark_screen() -> None:
    """White letters in coloured bubbles, with their times, are read as well."""
    picture = Image.new("RGB", (720, 420), "#0b141a")
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONTS[0]), 24) if FONTS else ImageFont.load_default(24)
    for n, (text, time) in enumerate([("halo teteh", "20.14"), ("mangga kang", "20.15"), ("iraha sumping", "20.16")]):
        left, top = 30 + 270 * (n % 2), 30 + 120 * n
        draw.rounded_rectangle((left, top, left + 390, top + 90), 20, fill=("#202c33", "#005c4b")[n % 2])
        draw.text((left + 16, top + 10), text, fill="#e9edef", font=font)
        draw.text((left + 300, top + 55), time, fill="#e9edef", font=font)
    out = BytesIO()
    picture.save(out, "PNG")
    found = read(out.getvalue(), "x.png")
    words = " ".join(line.body.of(found.text) for line in found.lines)
    assert words == "halo teteh 20.14 mangga kang 20.15 iraha sumping 20.16"


@OCR
def test_a_turned_photograph() -> None:
    """A picture that says which side is up is read that way."""
    exif, out = Image.Exif(), BytesIO()
    exif[0x0112] = 6
    Image.open(BytesIO(screenshot((40, "halo teteh kumaha"), (40, "damang")))).rotate(90, expand=True).save(
        out, "JPEG", exif=exif
    )
    found = read(out.getvalue(), "x.jpg")
    assert " ".join(line.body.of(found.text) for line in found.lines) == "halo teteh kumaha damang"


@OCR
def test_no_temporary_file_holds_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no temporary file can be made, a picture is still read."""
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert read(screenshot((40, "halo teteh")), "x.png").lines


@OCR
def test_a_picture_without_text_is_named() -> None:
    """Nothing recognized is no text, not an empty transcript."""
    with pytest.raises(Unreadable) as caught:
        read(screenshot(), "x.png")
    assert caught.value.reason is Reason.NO_TEXT


@OCR
def test_blurred_text_is_said_to_be_so() -> None:
    """Where letters are hard to read, the source says so, or nothing is read at all."""
    picture = Image.open(BytesIO(screenshot((40, "halo teteh kumaha damang")))).resize((130, 22)).resize((900, 150))
    out = BytesIO()
    picture.save(out, "PNG")
    try:
        assert images.LOW_CONFIDENCE in read(out.getvalue(), "x.png").warnings
    except Unreadable as error:
        assert error.reason is Reason.NO_TEXT  # noqa: PT017


@OCR
def test_a_scanned_document(tmp_path: Path) -> None:
    """A PDF of pictures is read page by page."""
    pages = [Image.open(BytesIO(screenshot((40, text)))) for text in ("halaman satu", "halaman dua")]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:])
    found = read((tmp_path / "a.pdf").read_bytes(), "x.pdf")
    assert [(line.ref, line.body.of(found.text)) for line in found.lines] == [
        ("page 1 line 1", "halaman satu"),
        ("page 2 line 1", "halaman dua"),
    ]
    assert images.RECOGNIZED in found.warnings


@OCR
def test_exif_is_a_property() -> None:
    """Who made a picture, with what and where, is listed."""
    exif = Image.Exif()
    exif[0x013B], exif[0x010E], exif[0x0110] = "Nadya Fitriani", "kos Rani", "Kamera X"
    exif.get_ifd(0x8825)[2] = (6.0, 54.0, 0.0)
    found = read(screenshot((40, "halo teteh"), form="JPEG", exif=exif), "x.jpg")
    properties = {(p.name, p.type): p.value for p in found.properties}
    assert properties["Artist", EntityType.PERSON] == "Nadya Fitriani"
    assert properties["ImageDescription", None] == "kos Rani"
    assert properties["place of the camera", None].startswith("(6.0")
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "kos Lia")
    assert "kos Lia" in {p.value for p in read(screenshot((40, "halo teteh"), pnginfo=text), "x.png").properties}


@OCR
def test_what_windows_and_editors_write_into_a_picture_is_a_property() -> None:
    """UTF-16 of Windows, the comment with its encoding, the comment of JPEG, and people in XMP are readable text."""
    exif = Image.Exif()
    exif[0x9C9D], exif[0x9C9B] = "Nadya Fitriani\0".encode("utf-16-le"), "Kos Rani\0".encode("utf-16-le")
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + "teh Lia".encode("utf-16-le")
    rdf = "<x xmlns:dc='d' xmlns:r='r'><dc:creator><r:Seq><r:li>Dadan Hamdani</r:li></r:Seq></dc:creator><r:D tool='Kamera'/></x>"
    data = screenshot((40, "halo teteh"), form="JPEG", exif=exif, comment=b"difoto Gita", xmp=rdf.encode())
    properties = {(p.name, p.value, p.type) for p in read(data, "x.jpg").properties}
    assert {
        ("XPAuthor", "Nadya Fitriani", EntityType.PERSON),
        ("XPTitle", "Kos Rani", None),
        ("UserComment", "teh Lia", None),
        ("picture text", "difoto Gita", None),
        ("XMP", "Dadan Hamdani", EntityType.PERSON),
        ("XMP", "Kamera", None),
    } <= properties
    assert "halo" in read(screenshot((40, "halo teteh"), form="JPEG", xmp=b"<x"), "x.jpg").text


def test_half_a_picture_is_malformed_whatever_others_have_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that lets the whole process read cut pictures changes nothing here."""
    if not images.available():
        pytest.skip("Tesseract is not installed")
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(Unreadable) as caught:
        read(screenshot((40, "halo"))[:200], "x.png")
    assert caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\nxxxx", b"\xff\xd8\xff\xe0abc", screenshot((40, "halo"))[:200]])
def test_broken_pictures(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damage is named where pictures can be read; elsewhere, what to install."""
    if images.available():
        with pytest.raises(Unreadable) as caught:
            read(data, "x.png")
        assert caught.value.reason is Reason.MALFORMED
        assert caught.value.__context__ is None
    monkeypatch.setattr(images, "available", lambda: False)
    with pytest.raises(Unreadable) as caught:
        read(data, "x.png")
    assert caught.value.reason is Reason.NO_OCR


def test_a_picture_beyond_all_measure_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """More pixels than memory holds are refused before they are unpacked."""
    monkeypatch.setattr(images, "MAX_PIXELS", 1000)
    with pytest.raises(Unreadable) as caught:
        images.recognized(screenshot((40, "halo")))
    assert caught.value.reason is Reason.TOO_LARGE
