"""Controls: a pass needs evidence, and what nobody looked at is not checked."""

from dataclasses import replace

import pytest

from samaran.model import Reason, Verdict
from samaran.report import (
    Consents,
    Control,
    Facts,
    LogFacts,
    Openings,
    ReleaseFacts,
    Review,
    Seals,
    Sources,
    Status,
    Versions,
    controls,
)
from samaran.study import Protocol

LOG = LogFacts("o", 10, "r", "k", ((1, True), (2, True)))
RELEASE = ReleaseFacts("analysis-1", "analysis", "9a" * 32, 2, 30, intact=True, hits=0, strangers=0, unconsented=0)
GOOD = Facts(
    study="s",
    made="2026-03-14",
    protocol=Protocol("1", "KEPK", "2026-12-31"),
    versions=Versions("0.1.0", "ab" * 32, drift=0),
    sources=Sources(3, 2, {Reason.NO_CONSENT: 1}),
    consents=Consents(2, needed=2, covered=2),
    review=Review(30, {}, 0, verdicts={Verdict.ACCEPT: 4}, reviewers=(("k", 4),), logged=4, characters=100, replaced=7),
    releases=(RELEASE,),
    seals=Seals(2, 2),
    openings=Openings({"review": 1}, 0),
    log=LOG,
)
NOBODY_LOOKED = Facts(
    study="s",
    made="2026-03-14",
    protocol=Protocol(),
    versions=Versions("0.1.0", ""),
    sources=Sources(0, 0),
    consents=Consents(0),
    review=Review(0, {}, 0),
)


def status(facts, name):
    return next(c.status for c in controls(facts) if c.id == name)


def with_release(**more):
    return replace(GOOD, releases=(RELEASE, replace(RELEASE, **more)))


def with_review(**more):
    return replace(GOOD, review=replace(GOOD.review, **more))


def test_all_32_are_listed_once_in_order():
    """The matrix is complete, whatever could be checked."""
    assert [c.id for c in controls(GOOD)] == [f"C{n:02d}" for n in range(1, 33)]


def test_a_pass_or_a_fail_needs_evidence():
    """A control that passes or fails without saying what shows it does not exist."""
    for verdict in (Status.PASS, Status.FAIL):
        with pytest.raises(ValueError, match="nothing shows"):
            Control("C01", verdict, "c01-good")


def test_nothing_passes_when_nobody_looked():
    """With no evidence at all not one control passes."""
    assert not [c.id for c in controls(NOBODY_LOOKED) if c.status is Status.PASS]


def test_what_can_be_checked_passes_on_good_facts():
    """The thirteen that can be checked today pass, the others say that they were not."""
    passed = {c.id for c in controls(GOOD) if c.status is Status.PASS}
    assert passed == {"C01", "C02", "C06", "C11", "C12", "C13", "C14", "C15", "C16", "C25", "C27", "C28", "C32"}
    assert {c.status for c in controls(GOOD) if c.id not in passed} == {Status.NOT_CHECKED}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("C01", replace(GOOD, consents=Consents(2, needed=2, covered=1))),
        ("C02", with_release(unconsented=1)),
        ("C06", replace(GOOD, seals=Seals(2, 1))),
        ("C11", with_review(logged=3)),
        ("C12", replace(GOOD, log=replace(LOG, checks=((1, True), (2, False))))),
        ("C12", replace(GOOD, log=replace(LOG, grown=False))),
        ("C13", replace(GOOD, log=replace(LOG, checks=((1, False),)))),
        ("C14", replace(GOOD, openings=Openings({"review": 2}, 1))),
        ("C15", with_review(by_policy=1)),
        ("C15", with_review(reviewers=())),
        ("C16", with_release(hits=1)),
        ("C16", with_release(intact=False)),
        ("C25", with_release(strangers=1)),
        ("C28", replace(GOOD, made="2027-01-01")),
        ("C28", replace(GOOD, protocol=Protocol("1", "KEPK", ""))),
        ("C28", replace(GOOD, protocol=Protocol("", "KEPK", "2026-12-31"))),
        ("C32", replace(GOOD, versions=replace(GOOD.versions, drift=1))),
    ],
)
def test_bad_facts_fail_exactly_their_control(name, facts):
    """One bad fact makes its control fail, and none that was good before pass for it."""
    assert status(facts, name) is Status.FAIL


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("C01", replace(GOOD, consents=Consents(2, needed=2))),
        ("C02", with_release(unconsented=None)),
        ("C06", replace(GOOD, seals=None)),
        ("C11", with_review(logged=None)),
        ("C12", replace(GOOD, log=None)),
        ("C12", replace(GOOD, log=replace(LOG, checks=()))),
        ("C13", replace(GOOD, log=None)),
        ("C14", replace(GOOD, openings=None)),
        ("C16", with_release(hits=None)),
        ("C16", with_release(intact=None)),
        ("C25", with_release(strangers=None)),
        ("C27", with_review(characters=None)),
        ("C32", replace(GOOD, versions=replace(GOOD.versions, drift=None))),
    ],
)
def test_what_was_not_looked_at_is_not_checked(name, facts):
    """A missing fact is no pass, even when all others are good."""
    assert status(facts, name) is Status.NOT_CHECKED


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("C01", replace(GOOD, consents=Consents(0, needed=0, covered=0))),
        ("C02", replace(GOOD, releases=())),
        ("C06", replace(GOOD, seals=Seals(0, 0))),
        ("C11", with_review(verdicts={}, logged=0)),
        ("C14", replace(GOOD, openings=Openings({}, 0))),
        ("C15", replace(GOOD, releases=())),
        ("C16", replace(GOOD, releases=())),
    ],
)
def test_what_there_is_none_of_does_not_apply(name, facts):
    """A control over nothing says so instead of passing."""
    assert status(facts, name) is Status.NOT_APPLICABLE
