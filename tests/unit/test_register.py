"""The register file."""

import pytest

from samaran import codec
from samaran.errors import IntegrityError
from samaran.model import Entity, EntityType, Form, Register
from samaran.register import RegisterFile, from_bytes, to_bytes

FILE = RegisterFile(
    Register(
        (
            Entity(
                "e1", EntityType.PERSON, "INF-01", (Form("Maharani"), Form("Rani", word=True, part=True)), "INF", "INF-01", True
            ),
            Entity("e2", EntityType.PERSON, "ORANG-1", (Form("Ujang"),), source="s1"),
        ),
        (("ORANG", 1),),
    ),
    {"INF-01": "ab" * 16},
    frozenset({"s1", "s0"}),
)


def test_register_comes_back() -> None:
    """Everything in the file survives, and the same file is the same bytes."""
    assert from_bytes(to_bytes(FILE)) == FILE
    assert to_bytes(from_bytes(to_bytes(FILE))) == to_bytes(FILE)


def test_another_version_is_refused() -> None:
    """A file of a version to come is not guessed at."""
    value = codec.parse(to_bytes(FILE))
    with pytest.raises(IntegrityError):
        from_bytes(codec.canonical({**value, "v": 3}))


def test_the_version_before_is_read() -> None:
    """A register from before withdrawals has no spent subject ids."""
    value = {**codec.parse(to_bytes(FILE)), "v": 1}
    del value["spent"]
    assert from_bytes(codec.canonical(value)) == FILE


def test_names_stay_out_of_its_repr() -> None:
    """The repr of a register file, its entities and forms shows no name."""
    shown = repr(FILE) + repr(FILE.register.entities[0]) + repr(FILE.register.entities[0].forms)
    assert "Rani" not in shown
    assert "Maharani" not in shown
