"""Withdrawals as files, and what they leave of a consent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samaran.errors import IntegrityError
from samaran.model import CONSENT_FLAGS, Consent
from samaran.withdrawals import ERASED, Withdrawal, frozen, read, remaining, write

ASKED = Withdrawal("INF-02", "all", "2026-03-01T10:30Z")


def test_a_withdrawal_comes_back(tmp_path: Path) -> None:
    """Everything in the file survives, for its owner alone; a later stage replaces the earlier one."""
    write(tmp_path, ASKED)
    later = Withdrawal("INF-02", "all", ASKED.requested, ERASED, sids=("ab" * 16,), places=("/media/x",), keys=1, releases=("a",))
    write(tmp_path, later)
    write(tmp_path, Withdrawal("INF-01", "quotes", "2026-02-01T00:00Z"))
    assert read(tmp_path) == (Withdrawal("INF-01", "quotes", "2026-02-01T00:00Z"), later)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "withdrawals").iterdir()} == {0o600}


def test_no_folder_no_withdrawal(tmp_path: Path) -> None:
    """A study in which nobody withdrew needs no file."""
    assert read(tmp_path) == ()


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"informant":"INF-02"}', b'{"informant":"INF-02","scope":"x","requested":"2026-03-01T10:30Z"}']
)
def test_a_damaged_file_is_an_error(tmp_path: Path, data: bytes) -> None:
    """Whatever can't be read stops everything: it might have frozen somebody."""
    write(tmp_path, ASKED)
    (tmp_path / "withdrawals" / "INF-02.all.json").write_bytes(data)
    with pytest.raises(IntegrityError):
        read(tmp_path)


def test_the_clock() -> None:
    """72 hours from the request, negative afterwards."""
    at = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
    assert ASKED.hours_left(at) == 72
    assert ASKED.hours_left(at + timedelta(days=4)) == -24


def test_what_is_left_of_a_consent() -> None:
    """A use is taken back up to the day of the request, a form of a later day counts anew, everything is gone for good."""
    flags = frozenset(CONSENT_FLAGS)
    given = {
        code: Consent(code, "1", day, "written", flags)
        for code, day in (("A-1", "2026-03-01"), ("A-2", "2026-03-02"), ("A-3", "2030-01-01"))
    }
    back = [Withdrawal(code, "archive", "2026-03-01T10:30Z") for code in ("A-1", "A-2")] + [
        Withdrawal("A-3", "all", "2026-03-01T10:30Z")
    ]
    left = remaining(given, [*back, Withdrawal("A-9", "all", "2026-03-01T10:30Z")])
    assert left["A-1"].flags == flags - {"archive", "reuse"}
    assert left["A-2"].flags == flags
    assert "A-3" not in left
    assert frozen(back) == {"A-3"}
