"""The kinds of files that are read. The page docs/formats/sources.md and `samaran formats` show this table."""

from dataclasses import dataclass

UNEXPECTED_EXTENSION = "unexpected-extension"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: the name that transcripts carry, the extensions it usually has, and what is read of it."""

    name: str
    extensions: tuple[str, ...]
    reads: str


FORMATS = (
    Format("text", ("txt", "md"), "speaker turns by label, otherwise paragraphs"),
    Format(
        "docx",
        ("docx", "docm"),
        "paragraphs, tables, headers, footers, notes, comments, tracked changes, text boxes; authors, links",
    ),
    Format("srt", ("srt",), "cues with their times; labels written as `Name: text`"),
    Format("vtt", ("vtt",), "cues with their times; voice tags; notes"),
    Format("whatsapp", ("txt",), "messages with sender and date, Android and iOS, Indonesian and English; notices; group title"),
    Format("copied-chat", ("txt",), "messages copied from MiChat, Teams or Telegram: a line with sender and time, text below"),
    Format("csv", ("csv", "tsv", "txt"), "cells with their heading; `,` `;` tab or bar"),
    Format("google-forms", ("csv", "tsv"), "answers with their question, where the first column is the time of answering"),
    Format("xlsx", ("xlsx", "xlsm"), "cells with their heading, all sheets, cell comments; authors, links"),
    Format("odt", ("odt", "ott"), "paragraphs, tables, headers, footers, notes, comments, tracked changes; authors, links"),
    Format("ods", ("ods", "ots"), "cells with their heading, all sheets, cell comments; authors, links"),
    Format("rtf", ("rtf",), "paragraphs, tables, headers, footers, notes, comments, tracked changes; authors, links; f4 times"),
    Format("whisper-json", ("json",), "segments with their times, and speakers where told apart; Whisper, whisper.cpp, WhisperX"),
    Format("whisper-tsv", ("tsv",), "segments with their times"),
    Format("otranscribe", ("otr",), "paragraphs with the marks of time in them; name of the recording"),
    Format("elan", ("eaf",), "annotations of all tiers by time, the tier or its participant as speaker; annotators, media"),
    Format("telegram", ("json",), "messages with sender and date, of one chat or of an account; polls; ids, forwards, contacts"),
    Format(
        "html",
        ("html", "htm", "xhtml"),
        "messages with sender and date of Telegram, Facebook, Instagram, WhatsApp Web; other pages by paragraph and cell",
    ),
    Format("mail", ("eml", "mbox"), "text with its sender, subject; heads, links; attachments, each as the file that it is"),
    Format("pdf", ("pdf",), "lines of the text layer, page by page; comments, links, authors; scanned pages by OCR"),
    Format("image", ("png", "jpg", "jpeg"), "what Tesseract recognizes, row by row; EXIF, XMP, comments"),
    Format("zip", ("zip",), "all members that are no media, one after the other; an archive with one text is read as that text"),
)
