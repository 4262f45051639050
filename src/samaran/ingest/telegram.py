"""Telegram's `result.json`, of one chat or of an account: a message is a line with sender and date; service messages have the
role SYSTEM. Ids, names of files, contacts and whoever a message was forwarded from are properties."""

from collections.abc import Iterator, Mapping
from typing import Any

from samaran.ingest.spans import Sheet
from samaran.model import EntityType, Line, Property, Span, SpeakerRole, Transcript

MEDIA = "media-not-read"

_PEOPLE_WORDS = (
    "forwarded_from saved_from reply_to_peer actor inviter author signature via_bot first_name last_name members performer"
)
_PEOPLE = frozenset(_PEOPLE_WORDS.split())
_IDS_WORDS = "from_id actor_id forwarded_from_id reply_to_peer_id username phone_number saved_from_id"
_IDS = frozenset(_IDS_WORDS.split())
_FILES_WORDS = "photo file thumbnail file_name media_type mime_type"
_FILES = frozenset(_FILES_WORDS.split())
_SILENT_WORDS = """
id type date date_unixtime edited edited_unixtime text text_entities from action width height duration_seconds
reply_to_message_id file_size photo_file_size sticker_emoji message_id
"""
_SILENT = frozenset(_SILENT_WORDS.split())


def is_telegram(value: Any) -> bool:
    """Whether a JSON document is an export of Telegram."""
    return any(_is_message(m) for chat in _chats(value) for m in chat["messages"][:20])


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and {"id", "type", "date"} <= value.keys()


def _chats(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    listed = value["chats"].get("list") if isinstance(value.get("chats"), dict) else [value]
    if not isinstance(listed, list):
        return
    yield from (chat for chat in listed if isinstance(chat, dict) and isinstance(chat.get("messages"), list))


def read(value: Any) -> Transcript:
    """The messages in the order of the file."""
    sheet, found, warnings = Sheet(), dict[Property, None](), dict[str, None]()
    for number, chat in enumerate(_chats(value), 1):
        if isinstance(chat.get("name"), str) and chat["name"].strip():
            found[Property("chat name", chat["name"], EntityType.ONLINE_ID)] = None
        for message in chat["messages"]:
            if isinstance(message, dict):
                where = f"message {message.get('id', 0):d}" if isinstance(message.get("id"), int) else "message"
                _message(sheet, message, where if number == 1 else f"chat {number} {where}")
                _about(message, found)
                if message.get("photo") or message.get("file"):
                    warnings[MEDIA] = None
    return Transcript("telegram", sheet.text, tuple(sheet.lines), tuple(found), tuple(warnings))


def _message(sheet: Sheet, message: Mapping[str, Any], ref: str) -> None:
    service = message.get("type") == "service"
    sender, stamp = _head(sheet, _string(message.get("actor" if service else "from")), _string(message.get("date")))
    role = SpeakerRole.SYSTEM if service else SpeakerRole.UNKNOWN
    said = [_text(message.get("text")), *_poll(message)]
    if service:
        said = [
            " ".join([_string(message.get("action")), _string(message.get("title")), *_strings(message.get("members"))]),
            *said,
        ]
    lines = [sheet.add(piece, ref, label=sender, stamp=stamp, role=role) for piece in said]
    if not any(lines) and sender:  # a picture and nothing else: who sent it and when is all there is
        sheet.lines.append(Line(len(sheet.lines) + 1, sender, ref, label=sender, stamp=stamp, role=role))


def _head(sheet: Sheet, sender: str, date: str) -> tuple[Span | None, Span | None]:
    label, written = write_head(sheet, sender, date.replace("T", " "))
    day = date.partition("T")[0].strip()
    return label, Span(written.start, written.start + len(day)) if written and day else None


def write_head(sheet: Sheet, sender: str, date: str) -> tuple[Span | None, Span | None]:
    """`Rani, 2024-01-02 16:40` above what was said; returns where the sender and the date stand."""
    if not sender.strip() and not date.strip():
        return None, None
    head = sheet.write(f"{sender}, {date}")
    label = Span(head.start, head.start + len(sender)) if sender.strip() else None
    return label, Span(head.end - len(date), head.end) if date.strip() else None


def _text(value: Any) -> str:
    """A text is a string, or a list of strings and of entities that hold one."""
    if isinstance(value, list):
        return "".join(
            piece if isinstance(piece, str) else _string(piece.get("text")) for piece in value if isinstance(piece, str | dict)
        )
    return _string(value)


def _poll(message: Mapping[str, Any]) -> list[str]:
    poll = message.get("poll")
    if not isinstance(poll, dict):
        return []
    answers = poll.get("answers") if isinstance(poll.get("answers"), list) else []
    return [_text(poll.get("question")), *(_text(a.get("text")) for a in answers or () if isinstance(a, dict))]


def _about(value: Any, found: dict[Property, None], key: str = "", depth: int = 0) -> None:
    """Every string that is no message text becomes a property; keys that the format does not know are called `other`."""
    if depth > 20:
        return
    if isinstance(value, dict):
        for inner, content in value.items():
            if inner == "text" and depth == 0 and isinstance(content, list):
                for href in (e.get("href") for e in content if isinstance(e, dict)):
                    _about(href, found, "href", 1)
            elif inner not in _SILENT and not (inner == "poll" and depth == 0):
                _about(content, found, inner, depth + 1)
    elif isinstance(value, list):
        for content in value:
            _about(content, found, key, depth + 1)
    elif isinstance(value, str) and value.strip():
        found[_property(key, value)] = None


def _property(key: str, value: str) -> Property:
    if key in _PEOPLE:
        return Property(key, value, EntityType.PERSON)
    if key in _IDS:
        return Property(key, value, EntityType.PHONE if key == "phone_number" else EntityType.ONLINE_ID)
    if key == "href":
        return Property("link", value, EntityType.URL)
    return Property("media file" if key in _FILES else "other", value)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _strings(value: Any) -> list[str]:
    return [piece for piece in value if isinstance(piece, str)] if isinstance(value, list) else []
