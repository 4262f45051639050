"""Telegram's export."""

import json
from typing import Any

import pytest

from samaran.ingest import Unreadable, read
from samaran.ingest.telegram import MEDIA
from samaran.model import EntityType, Reason, SpeakerRole

BASE = {"type": "message", "from": "Resti 🍂", "from_id": "user1", "text": "halo"}


def chat(*messages: dict[str, Any], **about: Any) -> bytes:
    """An export of one chat; messages are numbered and dated."""
    made = [{**BASE, "id": n, "date": f"2024-01-0{n}T16:40:00", **m} for n, m in enumerate(messages, 1)]
    return json.dumps({"name": "Teh Widuri", "type": "personal_chat", "messages": made, **about}).encode()


def test_messages() -> None:
    """Sender, date and text of each message, whatever the text is made of."""
    linked = ["lihat ", {"type": "text_link", "text": "ini", "href": "https://michat.id/x"}, " ya\nbaris dua"]
    found = read(chat({}, {"text": linked}, {"from": "Widuri", "text": "", "photo": "photos/Lia.jpg"}), "result.json")
    text = found.text
    assert [
        (line.label.of(text), line.stamp.of(text), line.body.of(text)) for line in found.lines if line.label and line.stamp
    ] == [
        ("Resti 🍂", "2024-01-01", "halo"),
        ("Resti 🍂", "2024-01-02", "lihat ini ya\nbaris dua"),
        ("Widuri", "2024-01-03", "Widuri"),
    ]
    assert [line.ref for line in found.lines] == ["message 1", "message 2", "message 3"]
    assert found.warnings == (MEDIA,)
    assert {("link", "https://michat.id/x"), ("media file", "photos/Lia.jpg"), ("chat name", "Teh Widuri")} <= {
        (p.name, p.value) for p in found.properties
    }


def test_service_messages_polls_and_contacts() -> None:
    """What the app says has the role SYSTEM and names its people; polls are text; contacts, forwards and ids are properties."""
    service = {
        "type": "service",
        "actor": "Resti",
        "action": "create_group",
        "title": "Barudak",
        "members": ["Lia", "Oded"],
        "text": "",
    }
    poll = {"text": "", "poll": {"question": "Iraha?", "answers": [{"text": "Senen"}, {"text": "Salasa"}]}}
    contact = {
        "contact_information": {"first_name": "Lia", "phone_number": "+62 812"},
        "forwarded_from": "Mang Oded",
        "new_key": "aneh",
    }
    found = read(chat(service, poll, contact), "result.json")
    assert [line.body.of(found.text) for line in found.lines] == [
        "create_group Barudak Lia Oded",
        "Iraha?",
        "Senen",
        "Salasa",
        "halo",
    ]
    assert found.lines[0].role is SpeakerRole.SYSTEM
    typed = {(p.value, p.type) for p in found.properties}
    assert {
        ("Lia", EntityType.PERSON), ("Mang Oded", EntityType.PERSON), ("+62 812", EntityType.PHONE), ("aneh", None),
        ("user1", EntityType.ONLINE_ID),
    } <= typed  # fmt: skip


def test_an_account_of_chats() -> None:
    """All chats of an account are read; references tell them apart."""
    one = json.loads(chat({}))
    found = read(json.dumps({"about": "x", "chats": {"list": [one, one]}}).encode(), "result.json")
    assert [line.ref for line in found.lines] == ["message 1", "chat 2 message 1"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (chat({})[:-5], Reason.MALFORMED),
        (chat(), Reason.UNKNOWN_FORMAT),
        (chat({"text": "", "from": "", "date": ""}), Reason.EMPTY),
        (json.dumps({"messages": [1, None, {"id": 1}]}).encode(), Reason.UNKNOWN_FORMAT),
    ],
)
def test_broken_exports(data: bytes, reason: Reason) -> None:
    """A cut export, one without messages and one of another program are named."""
    with pytest.raises(Unreadable) as caught:
        read(data, "result.json")
    assert caught.value.reason is reason
