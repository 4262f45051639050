"""Controls: a pass needs evidence, and what nobody looked at is not checked."""

from dataclasses import replace

import pytest
from making import GOOD, LOG, NOBODY_LOOKED, RELEASE, STATEMENTS, WITHDRAWN, incident, statement

from samaran.model import EntityType, Reason, Singling
from samaran.report import (
    Apart,
    Assessed,
    Consents,
    Control,
    Destruction,
    Extracts,
    Facts,
    Opening,
    Openings,
    Runs,
    Seals,
    Status,
    controls,
)
from samaran.report.controls import RULES
from samaran.report.voice import Voice
from samaran.statements import TABLES, Statement
from samaran.study import Protocol


def row(facts: Facts, name: str) -> Control:
    return next(c for c in controls(facts) if c.id == name)


def with_release(**more: object) -> Facts:
    return replace(GOOD, releases=(*GOOD.releases, replace(RELEASE, **more)))  # type: ignore[arg-type]


def with_review(**more: object) -> Facts:
    return replace(GOOD, review=replace(GOOD.review, **more))  # type: ignore[arg-type]


def with_runs(**more: object) -> Facts:
    return replace(GOOD, runs=replace(GOOD.runs or Runs(0), **more))  # type: ignore[arg-type]


def stating(name: str, **more: int | str) -> Facts:
    known = STATEMENTS[name]
    return replace(GOOD, statements={**STATEMENTS, name: replace(known, values={**known.values, **more})})


def one_profile(profile: str, **more: object) -> Facts:
    return replace(GOOD, releases=(replace(RELEASE, profile=profile, **more),))  # type: ignore[arg-type]


def test_all_32_are_listed_once_in_order() -> None:
    """The matrix is complete, whatever could be checked, and each rule speaks for its own control."""
    for facts in (GOOD, NOBODY_LOOKED):
        assert [c.id for c in controls(facts)] == list(RULES) == [f"C{n:02d}" for n in range(1, 33)]


def test_a_pass_or_a_fail_needs_evidence() -> None:
    """A control that passes or fails without saying what shows it does not exist."""
    for verdict in (Status.PASS, Status.FAIL):
        with pytest.raises(ValueError, match="nothing shows"):
            Control("C01", verdict, "c01-good")


def test_nothing_passes_when_nobody_looked() -> None:
    """With no evidence at all not one control passes."""
    assert not [c.id for c in controls(NOBODY_LOOKED) if c.status is Status.PASS]


def test_each_control_passes_on_good_facts() -> None:
    """With evidence and statements all 32 pass, each with the entries that show it."""
    assert {c.id for c in controls(GOOD) if c.status is not Status.PASS} == set()
    assert all(c.entries == (2, 4, 9) for c in controls(GOOD))


BAD = [
    ("C01", replace(GOOD, consents=Consents(2, needed=2, covered=1, afterwards=0))),
    ("C01", replace(GOOD, consents=Consents(2, needed=2, covered=2, afterwards=1))),
    ("C02", with_release(unconsented=1)),
    ("C03", replace(GOOD, withdrawals=(WITHDRAWN, replace(WITHDRAWN, late=True)))),
    ("C04", replace(GOOD, incidents=(incident("access-request", late=True),))),
    ("C04", replace(GOOD, incidents=(incident("correction-request", late=True),))),
    ("C04", replace(GOOD, extracts=Extracts(2, 1))),
    ("C04", replace(GOOD, incidents=(), extracts=Extracts(1, 1))),
    ("C05", replace(GOOD, withdrawals=(replace(WITHDRAWN, certificate=False),))),
    ("C05", replace(GOOD, withdrawals=(replace(WITHDRAWN, two_persons=False),))),
    ("C05", replace(GOOD, withdrawals=(replace(WITHDRAWN, places=1),))),
    ("C05", replace(GOOD, destructions=(Destruction("keys", "2026-01-01", "2026-01-02", 3, False, False),))),
    ("C05", replace(GOOD, destructions=(Destruction("keys", "2026-01-01", "", 3, True, False),))),
    ("C06", replace(GOOD, seals=Seals(2, 1, 0))),
    ("C06", replace(GOOD, seals=Seals(2, 2, 1))),
    ("C06", replace(GOOD, seals=Seals(2, 2, 0, "2025-01-01", 180, True))),
    ("C07", replace(GOOD, incidents=(incident("breach", late=True),))),
    ("C08", replace(GOOD, assessed=None)),
    ("C08", replace(GOOD, assessed=Assessed("1.0", "", "nobody", 1, 5))),
    ("C08", replace(GOOD, assessed=Assessed("1.0", "2026-02-01", "board", 1, 5))),
    ("C08", replace(GOOD, assessed=Assessed("1.0", "2026-01-02", "board", 1, 5, runs=1, other=1))),
    ("C08", replace(GOOD, assessed=Assessed("1.0", "2027-01-02", "board", 1, 5), runs=Runs(0))),
    ("C09", with_runs(recorded=1)),
    ("C09", with_runs(total=0)),
    ("C10", replace(GOOD, apart=Apart(False, True, True, 0))),
    ("C10", replace(GOOD, apart=Apart(True, False, True, 0))),
    ("C10", replace(GOOD, apart=Apart(True, True, False, 0))),
    ("C10", replace(GOOD, apart=Apart(True, True, True, 1))),
    ("C11", with_review(logged=3)),
    ("C12", replace(GOOD, log=replace(LOG, checks=((1, True), (2, False))))),
    ("C12", replace(GOOD, log=replace(LOG, grown=False))),
    ("C13", replace(GOOD, log=replace(LOG, checks=((1, False),)))),
    ("C14", replace(GOOD, openings=Openings({"review": 2}, 1))),
    ("C15", with_review(by_policy=1)),
    ("C15", with_review(nameless=1)),
    ("C15", with_review(reviewers=())),
    ("C16", with_release(hits=1)),
    ("C16", with_release(intact=False)),
    ("C17", replace(with_release(alike=Singling(3, k=1, l=1, alone=3)), statements={})),
    ("C17", with_release(alike=Singling(3, k=1, l=1, alone=3, precise=2))),  # generalized, it says
    ("C17", replace(with_release(alike=Singling(3, k=2, l=1)), statements={"C17": statement(decision="withheld")})),
    (
        "C17",
        replace(with_release(alike=Singling(3, k=2, l=1)), statements={"C17": statement(decision="accepted")}),
    ),  # not by the board
    ("C18", stating("C18", sources=1)),
    ("C18", stating("C18", parent_child=2)),
    ("C18", replace(stating("C18", spouse=0, colleague=0), releases=(replace(RELEASE, alike=Singling(3, 1, 1, alone=1)),))),
    ("C19", with_release(places=1)),
    ("C20", with_review(unlinked=1)),
    ("C20", with_review(unlinked=1, third={})),
    ("C21", stating("C21", adults=1)),
    ("C21", stating("C21", adults=1, minors=1)),
    ("C22", stating("C22", custody="elsewhere")),
    ("C22", replace(GOOD, log=replace(LOG, checks=((3, False),)))),
    ("C23", replace(GOOD, incidents=(incident("adverse-event", late=True),))),
    ("C24", stating("C24", found=1)),
    ("C24", stating("C24", tested=0)),
    ("C24", one_profile("publication", online_unconsented=1)),
    ("C25", with_release(strangers=1)),
    ("C26", replace(GOOD, columns=1)),
    ("C26", with_release(fields=1)),
    ("C27", with_review(replaced=51)),
    ("C27", with_release(blanks=1)),
    ("C28", replace(GOOD, made="2027-01-01")),
    ("C28", replace(GOOD, protocol=Protocol("1", "KEPK", ""))),
    ("C28", replace(GOOD, protocol=Protocol("", "KEPK", "2026-12-31"))),
    ("C28", with_runs(late=1)),
    ("C29", stating("C29", pledges=2)),
    ("C29", replace(GOOD, holders={})),
    ("C30", stating("C30", offered=0)),
    ("C31", one_profile("archive", unconsented=1)),
    ("C31", stating("C31", access="open")),
    ("C32", replace(GOOD, versions=replace(GOOD.versions, drift=1))),
    ("C32", with_runs(bare=1)),
]


@pytest.mark.parametrize(("name", "facts"), BAD)
def test_bad_facts_fail_their_control(name: str, facts: Facts) -> None:
    """One bad fact makes its control fail; it says so in both languages, with what shows it."""
    found = row(facts, name)
    assert found.status is Status.FAIL
    for key in (found.reason, found.evidence):
        assert len(Voice("both").lines(key, **found.values)) == 2


def test_every_control_can_fail() -> None:
    """Each of the 32 is made to fail by some bad fact."""
    assert {name for name, _ in BAD} == set(RULES)


UNSEEN = [
    ("C01", replace(GOOD, consents=Consents(2, needed=2))),
    ("C02", with_release(unconsented=None)),
    ("C03", replace(GOOD, withdrawals=None)),
    ("C03", replace(GOOD, log=None)),
    ("C04", replace(GOOD, incidents=None)),
    ("C04", replace(GOOD, extracts=None)),
    ("C05", replace(GOOD, withdrawals=None)),
    ("C05", replace(GOOD, destructions=None)),
    ("C06", replace(GOOD, seals=None)),
    ("C06", replace(GOOD, seals=Seals(2, 2))),
    ("C07", replace(GOOD, incidents=None)),
    ("C08", replace(GOOD, runs=None)),
    ("C09", replace(GOOD, runs=None)),
    ("C10", replace(GOOD, apart=None)),
    ("C11", with_review(logged=None)),
    ("C12", replace(GOOD, log=None)),
    ("C12", replace(GOOD, log=replace(LOG, checks=()))),
    ("C13", replace(GOOD, log=None)),
    ("C13", replace(GOOD, openings=None)),
    ("C14", replace(GOOD, openings=None)),
    ("C15", with_review(twice=None)),
    ("C16", with_release(hits=None)),
    ("C16", with_release(intact=None)),
    ("C19", with_release(places=None)),
    ("C20", with_review(unlinked=None)),
    ("C21", with_review(minor_cues=None)),
    ("C22", replace(GOOD, log=None)),
    ("C22", replace(GOOD, log=replace(LOG, checks=((1, True),)))),
    ("C23", replace(GOOD, incidents=None)),
    ("C24", one_profile("publication", online=None)),
    ("C25", with_release(strangers=None)),
    ("C26", replace(GOOD, columns=None)),
    ("C26", with_release(fields=None)),
    ("C27", with_review(characters=None)),
    ("C27", with_release(blanks=None)),
    ("C28", replace(GOOD, runs=None)),
    ("C30", replace(GOOD, consents=replace(GOOD.consents, flags={}))),
    ("C31", one_profile("archive", unconsented=None)),
    ("C32", replace(GOOD, versions=replace(GOOD.versions, drift=None))),
    ("C32", replace(GOOD, runs=None)),
]


@pytest.mark.parametrize(("name", "facts"), UNSEEN)
def test_what_was_not_looked_at_is_not_checked(name: str, facts: Facts) -> None:
    """A missing fact is no pass, even when all others are good, and claims no entry as its proof."""
    found = row(facts, name)
    assert (found.status, found.entries) == (Status.NOT_CHECKED, ())


@pytest.mark.parametrize("name", [name for name in TABLES if name != "C17"])
def test_what_only_people_know_says_where_to_state_it(name: str) -> None:
    """Without its statement a control is not checked, and names the table and the file; a statement of tomorrow is none."""
    facts = replace(GOOD, statements={k: v for k, v in STATEMENTS.items() if k != name})
    found = row(facts, name)
    assert found.status is Status.NOT_CHECKED
    for line in Voice("both").lines(found.reason, **found.values):
        assert "statements.toml" in line
        assert f"[{name}]" in line
    tomorrow = {**STATEMENTS, name: replace(STATEMENTS[name], on="2026-03-15")}
    assert row(replace(GOOD, statements=tomorrow), name).status is Status.NOT_CHECKED


@pytest.mark.parametrize("name", ["C18", "C24"])
def test_a_statement_about_a_release_is_no_older_than_it(name: str) -> None:
    """What was stated before the last release says nothing about it."""
    older = {**STATEMENTS, name: Statement("2026-03-01", "pi", STATEMENTS[name].values)}
    assert row(replace(GOOD, statements=older), name).status is Status.NOT_CHECKED


NONE_OF_IT = replace(
    GOOD,
    sources=replace(GOOD.sources, received=0, sealed=0, refused={}),
    consents=Consents(0, 0, 0, flags={"member_check": 0}),
    review=replace(GOOD.review, verdicts={}, logged=0, third={}),
    releases=(),
    seals=Seals(0, 0, 0),
    openings=Openings({}, 0),
    runs=Runs(0),
    apart=Apart(True, True, True, 0, there=False),
    withdrawals=(),
    incidents=(),
    extracts=Extracts(0, 0),
    destructions=(),
)


def test_what_there_is_none_of_is_not_applicable() -> None:
    """Nothing sealed, released, opened, withdrawn: those controls do not apply, and none of them passes."""
    found = {c.id for c in controls(NONE_OF_IT) if c.status is Status.NOT_APPLICABLE}
    gone = {"C01", "C02", "C03", "C04", "C05", "C06", "C07", "C09", "C10", "C11", "C14", "C15", "C16", "C17", "C18", "C19", "C20"}
    assert found == gone | {"C23", "C24", "C25", "C30", "C31", "C32"}


def test_openings_that_were_not_closed_are_shown() -> None:
    """One that goes on, and one whose command died, are counted in the evidence of C14; one that failed was closed."""
    rows = tuple(
        Opening(n, "2026-03-01T10", "aa" * 8, "bb" * 8, "review", code)
        for n, code in enumerate(("ok", "failed", "abandoned", ""))
    )
    found = row(replace(GOOD, openings=Openings({"review": 4}, 0, rows)), "C14")
    assert (found.status, found.values["unended"]) == (Status.PASS, 2)


@pytest.mark.parametrize(("name", "mentions"), [("C16", {}), ("C19", {EntityType.PERSON: 5})])
def test_a_search_for_nothing_is_no_pass(name: str, mentions: dict[EntityType, int]) -> None:
    """Where nothing was ever marked, a release without a hit shows nothing: not applicable. A hit fails all the same."""
    assert row(with_review(mentions=mentions), name).status is Status.NOT_APPLICABLE
    releases = (*GOOD.releases, replace(RELEASE, hits=1, places=1))
    assert row(replace(with_review(mentions=mentions), releases=releases), name).status is Status.FAIL


def test_a_copy_of_a_table_that_is_gone_fails() -> None:
    """Without a table of pseudonyms C10 does not apply, unless a copy of one lies somewhere."""
    assert row(replace(GOOD, apart=Apart(True, True, True, 1, there=False)), "C10").status is Status.FAIL


def test_every_control_says_when_nobody_looked() -> None:
    """Each of the 32 is not checked in some test above: for want of a fact, or of what only people know."""
    assert {name for name, _ in UNSEEN} | set(TABLES) == set(RULES)


def test_every_reason_for_not_applying_is_said_in_both_languages() -> None:
    """A control that does not apply says why, each with its own reason."""
    for found in controls(NONE_OF_IT):
        if found.status is Status.NOT_APPLICABLE:
            assert all(Voice("both").lines(found.reason, **found.values))


def test_recalled_releases_are_not_read() -> None:
    """The study's copy of a recalled release is gone: it makes no control fail, and is not the last release."""
    facts = with_release(recalled=True, intact=None, hits=None, strangers=None, unconsented=None, sources=99)
    assert {c.id for c in controls(facts) if c.status is not Status.PASS} == set()


def test_fewer_than_three_can_be_accepted_by_the_board() -> None:
    """With k under 3, generalizing, withholding, or the board's own acceptance is enough."""
    few = with_release(alike=Singling(3, k=1, l=1, alone=3), withheld={Reason.UNDECIDED: 1})
    for by, decision in (("pi", "generalized"), ("pi", "withheld"), ("board", "accepted")):
        said = Statement("2026-03-10", by, {"decision": decision})
        assert row(replace(few, statements={"C17": said}), "C17").status is Status.PASS


def test_one_and_two_who_stand_alone_are_not_told_apart() -> None:
    """Counts of people under 3 in C17 and C18 are written alike; k itself is shown."""
    for name in ("C17", "C18"):
        lines = [row(with_release(alike=Singling(7, k=1, l=1, alone=n)), name) for n in (1, 2)]
        said = [Voice("en").lines(found.evidence, **found.values) for found in lines]
        assert said[0] == said[1]
        assert "< 3 of 7" in said[0][0]


def test_a_release_without_informants_singles_nobody_out() -> None:
    """Where no segment belongs to an informant nothing can be computed: not applicable, with that reason."""
    facts = replace(GOOD, releases=(replace(RELEASE, alike=Singling(0)),))
    assert {row(facts, name).status for name in ("C17", "C18")} == {Status.NOT_APPLICABLE}
