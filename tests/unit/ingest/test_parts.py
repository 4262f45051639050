"""Long chat exports, part by part."""

from pathlib import Path

import pytest

from samaran.ingest import Unreadable, encoding_of, parts, read, read_parts
from samaran.model import Reason

NAMES = ("Rani 🌸", "Téh Yuyun", "~ Lin")
MESSAGES = "".join(
    f"30/08/25 18.{n % 60:02} - {NAMES[n % 3]}: pesan {n}{(chr(10) + 'baris dua') * (n % 2)}\n" for n in range(400)
)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is long here."""
    monkeypatch.setattr(parts, "LONG", 2000)
    monkeypatch.setattr(parts, "PART", 777)
    monkeypatch.setattr(parts, "ENDLESS", 2000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ["", "disalin dari telepon\n\n"])
def test_parts_are_the_whole(tmp_path: Path, encoding: str, end: str, before: str) -> None:
    """The parts, one after the other, have the text, the lines, the numbers and the references of the file read at once."""
    text = (before + MESSAGES).replace("\n", end)
    path = tmp_path / "chat.txt"
    path.write_bytes(text.encode(encoding))
    whole = read(path.read_bytes(), path.name)
    seen: list[bytes] = []
    found = list(read_parts(path, seen=seen.append))
    assert len(found) > 5
    assert b"".join(seen) == path.read_bytes()
    assert "".join(part.text for part in found) == text
    assert [
        (line.n, line.ref, line.part, line.body.of(part.text), line.label and line.label.of(part.text))
        for part in found
        for line in part.lines
    ] == [(line.n, line.ref, line.part, line.body.of(text), line.label and line.label.of(text)) for line in whole.lines]
    assert encoding_of(path).startswith(encoding[:5])


def test_other_files_are_one_part(tmp_path: Path) -> None:
    """What is no chat is read as it always is, however long."""
    path = tmp_path / "a.txt"
    path.write_text("P: halo\n\nRani: hai\n\n" * 200)
    seen: list[bytes] = []
    assert [len(part.lines) for part in read_parts(path, seen=seen.append)] == [400]
    assert b"".join(seen) == path.read_bytes()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MESSAGES.encode() + b"\xff", Reason.BAD_ENCODING),
        (MESSAGES.encode() + "é".encode()[:1], Reason.BAD_ENCODING),
        (MESSAGES.encode()[:400] + b"x" * 9000, Reason.TOO_LARGE),
    ],
)
def test_damage_deep_inside_is_found(tmp_path: Path, data: bytes, reason: Reason) -> None:
    """Damage behind the first parts stops the reading, with its reason; so does one message without end."""
    path = tmp_path / "chat.txt"
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        list(read_parts(path))
    assert caught.value.reason is reason
