"""What the log is evidence of."""

from datetime import UTC, datetime

from samaran.audit.entry import Entry
from samaran.pipeline.trail import drilled, extracts, openings, overdue, runs, trail
from samaran.report.facts import Extracts

A, B = "aa" * 8, "bb" * 8


def entries(*acts: tuple[str, str, dict[str, str], str]) -> list[Entry]:
    """Whole acts: name, hour, facts of the intent, code of the result."""
    found = []
    for act, hour, facts, code in acts:
        seq, t = len(found), f"{hour}:00:00Z"
        actor = facts.pop("actor", "collector")
        after = {name: facts.pop(name) for name in ("obj",) if name in facts}
        found.append(Entry(seq=seq, t=t, act=act, phase="intent", actor=actor, **facts))  # type: ignore[arg-type]
        size = {"size": 3} if after else {}
        found.append(Entry(seq=seq + 1, t=t, act=act, phase="result", actor=actor, of=seq, code=code, **after, **size))  # type: ignore[arg-type]
    return found


def test_openings_alone_and_at_night() -> None:
    """An opening without a second person, or with the same, is alone; hours count as in western Indonesia."""
    found = openings(
        trail(
            entries(
                ("source.open", "2026-03-01T10", {"actor": A, "second": B, "why": "review"}, "ok"),
                ("source.open", "2026-03-01T16", {"actor": A, "second": A, "why": "access"}, "ok"),
                ("source.open", "2026-03-01T10", {"actor": A}, "failed"),
                ("review.sheet", "2026-03-01T20", {"actor": A}, "ok"),
                ("review.sheet", "2026-03-01T21", {"actor": A}, "key-unusable"),
            )
        )
    )
    assert (found.total, found.alone, found.sheets, found.at_night) == (3, 2, 1, 2)
    assert found.by_purpose == {"review": 1, "access": 1, "": 1}
    assert [(row.entry, row.code) for row in found.rows] == [(0, "ok"), (2, "ok"), (4, "failed")]


def test_extracts_are_openings_and_answer_requests() -> None:
    """Each extract is an opening by two; what was made was asked for when its number is that of a request for access, no
    other incident; one that failed was not made. All of them prove C04, C13 and C14."""
    by_two = {"actor": A, "second": B}
    found = trail(
        entries(
            ("incident.open", "2026-03-01T10", {"n": 1}, "access-request"),
            ("incident.open", "2026-03-01T10", {"n": 2}, "breach"),
            ("informant.extract", "2026-03-01T11", {**by_two, "n": 1}, "ok"),
            ("informant.extract", "2026-03-01T11", {**by_two, "n": 2}, "ok"),
            ("informant.extract", "2026-03-01T11", {**by_two}, "ok"),
            ("informant.extract", "2026-03-01T11", {**by_two, "n": 3}, "failed"),
        )
    )
    assert extracts(found) == Extracts(made=3, unasked=2)
    seen = openings(found)
    assert (seen.total, seen.alone, dict(seen.by_purpose)) == (4, 0, {"extract": 4})
    proofs = found.proofs()
    assert proofs["C04"] == (1, 5, 7, 9, 11)
    assert proofs["C13"] == proofs["C14"] == (5, 7, 9, 11)


def test_runs_and_the_record() -> None:
    """Runs after the protocol's last day, without digests, or cut short are counted; sources stand in the log by their digest."""
    digests = {"cfg": "0a" * 32, "model": "0b" * 32, "pkg": "0c" * 32}
    found = trail(
        entries(
            ("run.start", "2026-03-01T10", dict(digests), "ok"),
            ("source.seal", "2026-03-01T10", {"obj": "0d" * 32}, "ok"),
            ("run.start", "2026-03-03T10", {"cfg": "0a" * 32}, "abandoned"),
        )
    )
    seen = runs(found, expires="2026-03-02", objects=["0d" * 32, "0e" * 32], sources=2)
    assert (seen.total, seen.first, seen.late, seen.bare, seen.abandoned) == (2, "2026-03-01", 1, 1, 1)
    assert (seen.sources, seen.recorded) == (2, 1)
    assert dict(seen.acts) == {"run.start": 2, "source.seal": 1}


def test_proofs_name_results() -> None:
    """Each control gets the results that show it, in order; consent also the refusals for want of it, and no others."""
    found = trail(
        entries(
            ("source.refuse", "2026-03-01T10", {}, "no-consent"),
            ("source.refuse", "2026-03-01T10", {}, "no-place"),
            ("source.seal", "2026-03-01T10", {"obj": "0d" * 32}, "ok"),
            ("review.decide", "2026-03-01T10", {}, "accept"),
        )
    )
    proofs = found.proofs()
    assert proofs["C01"] == (1, 5)
    assert proofs["C06"] == (5,)
    assert proofs["C11"] == proofs["C15"] == (7,)
    assert proofs["C12"] == tuple(range(8))
    assert proofs["C14"] == ()


def test_drills() -> None:
    """The last drill that succeeded counts, and is late after its days."""
    found = trail(entries(("drill.run", "2026-03-01T10", {}, "ok"), ("drill.run", "2026-04-01T10", {}, "failed")))
    assert drilled(found) == "2026-03-01"
    assert not overdue("2026-03-01", 180, datetime(2026, 8, 28, tzinfo=UTC))
    assert overdue("2026-03-01", 180, datetime(2026, 8, 30, tzinfo=UTC))
    assert not overdue("", 180, datetime(2026, 8, 30, tzinfo=UTC))
