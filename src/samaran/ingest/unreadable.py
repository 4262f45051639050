"""What cannot be read is named with a reason, never guessed at."""

from samaran.errors import SamaranError
from samaran.model import Reason

REASONS = {
    Reason.EMPTY: ("The file holds no text.", "Look whether the export or the copy went wrong, and put the file in again."),
    Reason.UNKNOWN_FORMAT: (
        "The file is in no format that samaran reads.",
        "`samaran formats` lists them. Save it as one of those.",
    ),
    Reason.BAD_ENCODING: (
        "The file is text in an unknown encoding.",
        "Save it as UTF-8, or declare `encoding` under [naming] in study.toml.",
    ),
    Reason.MALFORMED: ("The file is damaged.", "Open it in the program that made it, save it anew, and put that copy in."),
    Reason.PASSWORD: ("The file is protected by a password.", "Save it without one; samaran seals it."),
    Reason.NO_TEXT: ("The pages are pictures in which no text was found.", "Write a transcript of it, and put that in."),
    Reason.NO_OCR: (
        "The file is a picture of text, and nothing that reads pictures is installed.",
        "Install tesseract-ocr, tesseract-ocr-ind and tesseract-ocr-sun, and `pip install 'samaran[ocr]'`; then put it in again.",
    ),
    Reason.TOO_LARGE: ("The file unpacks to more than samaran takes in.", "Split it, or remove pictures and media from it."),
}


class Unreadable(SamaranError):
    """A file that no reader can turn into a transcript. `reason` may stand in the audit log; no text of the file is kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(*REASONS[reason])
        self.reason = reason
