"""What each warning of a reader means. Codes may stand in logs; they hold nothing of a file."""

from samaran.ingest.chat import TEXT_BEFORE_FIRST_MESSAGE
from samaran.ingest.document import EMBEDDED, PICTURES, TRACKED_CHANGES
from samaran.ingest.formats import UNEXPECTED_EXTENSION
from samaran.ingest.images import LOW_CONFIDENCE, RECOGNIZED
from samaran.ingest.known import MISSPELT
from samaran.ingest.mail import ATTACHMENTS
from samaran.ingest.speech import RECOGNIZED_SPEECH
from samaran.ingest.telegram import MEDIA
from samaran.ingest.text import CONTROL_CHARACTERS, ENCODING_INFERRED

WARNINGS = {
    UNEXPECTED_EXTENSION: "the file is called something else than what it is",
    ENCODING_INFERRED: "the encoding was told from the bytes, no mark and no study says it",
    CONTROL_CHARACTERS: "there are control characters in the text",
    MISSPELT: "a speaker's label that comes once looks like a slip of another: correct it in the transcript, or leave it unknown",
    TEXT_BEFORE_FIRST_MESSAGE: "text stands above the first message of a chat; it is kept as a note",
    TRACKED_CHANGES: "there are tracked changes: inserted and deleted text are both read",
    PICTURES: "there are pictures, which are not read",
    EMBEDDED: "files are embedded, which are not read",
    MEDIA: "pictures or recordings lie beside the text, which are not read",
    ATTACHMENTS: "there are attachments that can't be read",
    "hidden-sheets": "there are hidden sheets; they are read",
    "chart-sheets-not-read": "there are sheets that are one chart, which are not read",
    "pages-without-text": "there are pages without any text",
    "pages-not-read": "there are damaged pages, which are not read",
    RECOGNIZED: "the text was recognized in a picture: compare it with the original",
    RECOGNIZED_SPEECH: "the text was heard by a speech model: compare it with the recording",
    LOW_CONFIDENCE: "parts of the text were hard to recognize: compare them with the original",
}
