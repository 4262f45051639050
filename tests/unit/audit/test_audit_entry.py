"""Entries: only what the format knows, in one form."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from samaran import codec
from samaran.audit.entry import Entry
from samaran.audit.schema import schema
from samaran.audit.vocabulary import FIELDS, Act, Code, Phase, Why
from samaran.model import Reason

T = "2026-03-01T14:00:00Z"
SCHEMA = Path(__file__).parents[3] / "docs/formats/entry.schema.json"


def intent(act: str = "source.seal", **more: Any) -> Entry:
    return Entry(**{"seq": 7, "t": T, "act": act, "phase": "intent", "actor": "collector", **more})


def result(act: str = "source.seal", code: str = "failed", **more: Any) -> Entry:
    return Entry(**{"seq": 8, "t": T, "act": act, "phase": "result", "actor": "0123456789abcdef", "of": 7, "code": code, **more})


def test_bytes_are_canonical_json() -> None:
    """An entry's bytes are RFC 8785 JSON with sorted keys and absent fields left out, and read back as the same entry."""
    entry = result(code="ok", obj="ab" * 32, size=5)
    assert entry.to_bytes() == (
        b'{"act":"source.seal","actor":"0123456789abcdef","code":"ok","obj":"' + b"ab" * 32 + b'","of":7,"phase":"result",'
        b'"seq":8,"size":5,"t":"2026-03-01T14:00:00Z","v":1}'
    )
    assert Entry.from_bytes(entry.to_bytes()) == entry
    assert codec.canonical(json.loads(entry.to_bytes())) == entry.to_bytes()


def test_fields_in_canonical_order() -> None:
    """The grammar lists fields in the order in which canonical JSON sorts them."""
    assert list(FIELDS) == sorted(FIELDS)


@pytest.mark.parametrize("act", list(Act))
def test_every_act(act: Act) -> None:
    """Every act can be written as intent and as failed result."""
    more = {"cfg": "0c" * 32} if act == Act.RUN_START else {}
    for entry in (intent(act, **more), result(act)):
        assert Entry.from_bytes(entry.to_bytes()) == entry


@pytest.mark.parametrize("code", [*Code, *Reason])
def test_every_code(code: str) -> None:
    """Every code and every reason of the vocabulary can end an act."""
    assert Entry.from_bytes(result("source.detect", code=str(code)).to_bytes()).code == code


@pytest.mark.parametrize("why", list(Why))
def test_every_purpose(why: Why) -> None:
    """An opening may name its purpose and the second person."""
    assert intent("source.open", why=str(why), second="00" * 8).why == why


@pytest.mark.parametrize(
    "bad",
    [
        {"act": "source.copy"},
        {"act": "Source.seal"},
        {"phase": "begun"},
        {"actor": "Teh Mia"},
        {"actor": "0123456789ABCDEF"},
        {"sid": "5a" * 15},
        {"sid": "INF-01"},
        {"obj": "x" * 64},
        {"size": -1},
        {"size": 2**53},
        {"size": 1.0},
        {"size": True},
        {"size": "5"},
        {"n": 10**17},
        {"seq": -1},
        {"seq": "7"},
        {"t": "2026-03-01T14:30:00Z"},
        {"t": "2026-03-01T14:00:00+00:00"},
        {"t": "2026-13-01T14:00:00Z"},
        {"v": 2},
        {"code": "ok"},
        {"of": 3},
        {"why": "review"},
        {"second": "00" * 8},
        {"cfg": "0c" * 32},
        {"model": "0c" * 32},
        {"pkg": "0c" * 32},
        {"sid": b"x"},
        {"n": [1]},
    ],
    ids=str,
)
def test_refused_intents(bad: dict[str, Any]) -> None:
    """A value outside the vocabulary makes no entry, and the error names the field, never the value."""
    with pytest.raises(ValueError, match=r"^audit entry: ") as caught:
        intent(**bad)
    assert "Mia" not in str(caught.value)


@pytest.mark.parametrize(
    ("act", "code", "more"),
    [
        ("source.seal", "done", {}),
        ("source.seal", "ok", {}),
        ("source.seal", "ok", {"obj": "0b" * 32}),
        ("source.seal", "failed", {"of": None}),
        ("source.seal", "failed", {"of": 8}),
        ("source.seal", "failed", {"of": 9}),
        ("source.seal", None, {}),
        ("source.refuse", "ok", {}),
        ("source.quarantine", "ok", {}),
        ("release.withhold", "ok", {}),
        ("release.make", "ok", {}),
        ("release.export", "ok", {}),
    ],
)
def test_refused_results(act: str, code: Any, more: dict[str, Any]) -> None:
    """A result without its intent, with a code that isn't one, or that claims success without saying of what, makes no entry."""
    with pytest.raises(ValueError, match=r"^audit entry: "):
        result(act, code, **more)


def test_run_names_its_config() -> None:
    """A run that doesn't say which configuration it ran under can't be started."""
    with pytest.raises(ValueError, match="cfg"):
        intent("run.start")
    assert intent("run.start", cfg="0c" * 32, model="0d" * 32, pkg="0e" * 32).cfg


def _mangled() -> dict[str, bytes]:
    good = result(code="ok", obj="ab" * 32, size=5).to_bytes()
    text = good.decode()
    return {
        "space after a colon": text.replace(":7", ": 7").encode(),
        "newline at the end": good + b"\n",
        "other key order": json.dumps(dict(reversed(json.loads(good).items())), separators=(",", ":")).encode(),
        "duplicate key": text.replace('"of":7', '"of":7,"of":7').encode(),
        "unknown field": text.replace('"of":7', '"note":"x","of":7').encode(),
        "unknown act": text.replace("source.seal", "source.copy").encode(),
        "null": text.replace('"ok"', "null").encode(),
        "float": text.replace(":7", ":7.0").encode(),
        "leading zero": text.replace(":7", ":07").encode(),
        "escape": text.replace("source", "s\\u006furce").encode(),
        "number as text": text.replace(":7", ':"7"').encode(),
        "other version": text.replace('"v":1', '"v":2').encode(),
        "not ASCII": text.replace("ok", "ök").encode(),
        "UTF-16": text.encode("utf-16"),
        "byte order mark": b"\xef\xbb\xbf" + good,
        "cut short": good[:-1],
        "empty": b"",
        "array": b"[" + good + b"]",
        "2^53": text.replace('"size":5', f'"size":{2**53}').encode(),
        "result before its intent": text.replace('"of":7', '"of":9').encode(),
    }


@pytest.mark.parametrize("name", _mangled())
def test_refused_bytes(name: str) -> None:
    """Bytes that differ from what a writer makes are refused, however close."""
    with pytest.raises(ValueError, match="audit entry"):
        Entry.from_bytes(_mangled()[name])


def test_schema_in_the_docs() -> None:
    """The JSON Schema in the documentation is the one that the vocabulary gives."""
    assert json.loads(SCHEMA.read_text()) == schema()


def test_schema_agrees() -> None:
    """The schema accepts what entries accept, and refuses what they refuse where JSON can say it."""
    check = jsonschema.Draft202012Validator(schema())
    jsonschema.Draft202012Validator.check_schema(schema())
    for act in Act:
        for entry in (intent(act, **({"cfg": "0c" * 32} if act == Act.RUN_START else {})), result(act)):
            assert check.is_valid(json.loads(entry.to_bytes())), act
    good = json.loads(result(code="ok", obj="ab" * 32, size=5).to_bytes())
    bad: list[dict[str, Any]] = [
        {**good, "note": "x"},
        {**good, "act": "x"},
        {**good, "size": 2**53},
        {**good, "phase": "intent"},
        {**good, "why": "review"},
        {**good, "cfg": "0c" * 32},
        {**good, "second": "00" * 8},
        {**good, "act": "source.refuse"},
        {key: value for key, value in good.items() if key != "of"},
        {key: value for key, value in good.items() if key != "obj"},
        {**json.loads(intent("source.detect").to_bytes()), "act": "run.start"},
        {**good, "t": "2026-03-01T14:30:00Z"},
    ]
    for value in bad:
        assert not check.is_valid(value), value


def test_phases() -> None:
    """There are two phases."""
    assert set(Phase) == {"intent", "result"}
