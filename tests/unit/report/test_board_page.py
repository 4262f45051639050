"""The board's page: one self-contained file, nothing unescaped, the same numbers in each language, no small cell."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from making import EVERYTHING, GOOD, NOTHING

from samaran.audit import bundle
from samaran.audit.log import Log
from samaran.audit.note import LogKey
from samaran.audit.vocabulary import Act, Case, Step, Why
from samaran.errors import UsageError
from samaran.model import CONSENT_FLAGS, Detector, EntityType, Form, Method, Reason, Verdict
from samaran.pseudonymize.roles import STEM
from samaran.release import residual
from samaran.report import (
    Consents,
    Deadline,
    Facts,
    LogFacts,
    Opening,
    Openings,
    ReleaseFacts,
    Review,
    Seals,
    Sources,
    Versions,
    Withdrawn,
    build,
)
from samaran.report.extract import to_page
from samaran.report.facts import EXTRACT
from samaran.report.figures import bars, way
from samaran.report.how import how
from samaran.report.page import in_short
from samaran.report.voice import Day, Minute, Voice, shown, words
from samaran.statements import TABLES, WHO
from samaran.study import RETAINED, Protocol
from samaran.withdrawals import ERASED, EXECUTED, EXECUTING, REQUESTED, SCOPES

FULL = Facts(
    study="demo-2026",
    made="2026-03-14",
    protocol=Protocol("012/KEPK/2026", "KEPK Contoh", "2027-01-31"),
    versions=Versions("0.1.0", "ab12" * 16, "cd34" * 16, "ef56" * 16, 0),
    sources=Sources(
        17, 15, dict.fromkeys(list(Reason)[:7], 1), dict.fromkeys(list(Reason)[7:16], 1), dict.fromkeys(Method, 3), superseded=2
    ),
    consents=Consents(9, 13, 13, {"written": 7, "recorded": 2}, {"v1": 3, "v2": 6}, dict.fromkeys(CONSENT_FLAGS, 1)),
    review=Review(
        segments=12840,
        mentions={kind: 11 * n for n, kind in enumerate(EntityType, 1)} | {EntityType.EMAIL: 2},
        open=12,
        detectors=dict.fromkeys(Detector, 40),
        verdicts=dict.fromkeys(Verdict, 5),
        reviewers=(("9f2c4e1ab03d7761", 25),),
        logged=25,
        characters=182034,
        replaced=11890,
    ),
    releases=(
        ReleaseFacts(
            "analysis-3f9a0c11d2e4", "analysis", "9a" * 32, 13, 11500, dict.fromkeys(list(Reason)[16:], 1), 134, True, 0, 0, 0
        ),
    ),
    seals=Seals(15, 15),
    openings=Openings({"review": 3}, 0),
    log=LogFacts("samaran.test/demo", 2817, "5qT0", "samaran.test/demo+12+Ab", tuple((n, n != 7) for n in range(1, 13)), True),
)
BARE = Facts(
    study="demo-2026",
    made="2026-03-14",
    protocol=Protocol(),
    versions=Versions("0.1.0", ""),
    sources=Sources(0, 0),
    consents=Consents(0),
    review=Review(0, {}, 0),
)


GO = bool(shutil.which("go")) and Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir()


class Reader(HTMLParser):
    """Collects tags, attributes and text, and checks that elements close in order."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


@pytest.mark.parametrize("language", ["id", "en", "both"])
@pytest.mark.parametrize("facts", [FULL, BARE, GOOD], ids=["full", "bare", "good"])
def test_the_page_stands_alone(facts, language):
    """No script, no link to anything, well nested, in every language, with all facts and with none."""
    page = build(facts, language)
    seen = Reader(page)
    assert not seen.tags & {"script", "link", "img", "iframe", "object", "a", "form", "base"}
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href", "srcset", "style")]
    assert not re.search(r"url\(|@import|https?://|//[a-z]+\.[a-z]", page.replace("5qT0", ""))
    assert "default-src 'none'" in page
    assert "None" not in "".join(seen.text)
    assert not re.search(r"{\w*}|{{|{%", page.split("</style>")[1])


def test_the_same_facts_are_the_same_bytes():
    """Nothing on the page depends on when or where it is built."""
    assert build(FULL, "both") == build(FULL, "both")


def test_each_language_speaks_alone_and_both_begin_with_indonesian():
    """A page in one language holds no phrase of the other; the page in both has each part first in Indonesian."""
    texts = {language: "".join(Reader(build(FULL, language)).text) for language in ("id", "en", "both")}
    for part in range(1, 11):
        phrase = words()[f"part-{part}"]
        assert phrase["id"] in texts["id"]
        assert phrase["en"] in texts["en"]
        assert texts["both"].index(phrase["id"]) < texts["both"].index(phrase["en"])
    assert words()["lead"]["en"] not in texts["id"]
    assert words()["lead"]["id"] not in texts["en"]
    assert "11.500" in texts["id"]
    assert "11,500" in texts["en"]
    assert "11\u202f500" in texts["both"]


def test_every_phrase_has_both_languages_with_the_same_values():
    """words.toml gives each key in both languages, with the same names in braces."""
    for key, phrase in words().items():
        assert set(phrase) == {"id", "en"}, key
        assert len({frozenset(re.findall(r"{(\w+)}", text)) for text in phrase.values()}) == 1, key


LEDGERS = replace(
    GOOD,
    review=replace(GOOD.review, third=dict.fromkeys(("TEMAN", "TAMU", "BARU"), 4)),
    deadlines=(Deadline("breach-due", "2026-03-15T10", 20), Deadline("drill-due", "2026-03-01T00", -300)),
    releases=(replace(GOOD.releases[0], recalled=True), *GOOD.releases[1:]),
    withdrawals=(*(GOOD.withdrawals or ()), Withdrawn("quotes", "2026-03-01", "requested", 80.2, True)),
)
LISTS = {
    "term": [
        *(*Case, *Step, *Why, EXTRACT, *WHO, *SCOPES, *RETAINED, REQUESTED, EXECUTING, ERASED, EXECUTED, "not-said", "nobody"),
        *(word for table in TABLES.values() for kind in table.values() if isinstance(kind, tuple) for word in kind),
        *(f"profile-{name}" for name in ("analysis", "archive", "publication")),
        *(f"keys-{kind}" for kind in ("classic", "post-quantum")),
        *(f"{what}-due" for what in (*Case, "withdrawal", "protocol", "drill", "retention")),
    ],
    "act": [act.replace(".", "-") for act in Act],
    "role": {*STEM.values(), "ORANG"},
}


def test_no_phrase_is_left_over(monkeypatch):
    """Every phrase is said on a page with all facts or with none, but for controls in other states and closed lists."""
    said, real = set(), Voice.lines
    monkeypatch.setattr(Voice, "lines", lambda self, key, **values: said.add(key) or real(self, key, **values))
    few = replace(FULL, review=replace(FULL.review, open=0), log=replace(FULL.log, checks=((1, True),)))
    empty = replace(
        LEDGERS, withdrawals=(), destructions=(), incidents=(), openings=Openings({}, 0), review=replace(LEDGERS.review, twice=0)
    )
    for facts in (FULL, BARE, few, LEDGERS, empty):
        build(facts)
    for extract in (EVERYTHING, NOTHING):
        to_page(extract, "id")
    assert not [key for key in words() if key not in said and not re.match(r"c\d\d-|term-|act-|role-", key)]


def test_every_word_of_a_closed_list_can_be_said_and_no_other():
    """Acts, cases, steps, purposes, stages, roles: each has its word in words.toml, and none of them is there for nothing."""
    for kind, listed in LISTS.items():
        assert {key.removeprefix(f"{kind}-") for key in words() if key.startswith(f"{kind}-")} == {str(word) for word in listed}
    plain = [*Reason, *Detector, *EntityType, *Method, *CONSENT_FLAGS, *(f"verdict-{v}" if v == "type" else v for v in Verdict)]
    assert not [word for word in plain if word not in words() and word != "reviewer"]


def test_ledgers_show_what_went_wrong():
    """A late withdrawal, a passed deadline, a recalled release and a single-handed opening stand out."""
    page = build(LEDGERS, "en")
    assert page.count('class="over"') >= 2
    assert 'class="n over">80<' in page
    assert "recalled" in page
    alone = replace(
        LEDGERS, openings=Openings({"review": 1}, 1, (Opening(8, "2026-03-01T10", "aa" * 8, "aa" * 8, "review", "ok"),))
    )
    assert f'<td class="over"><code>{"aa" * 8}</code>' in build(alone, "en")


def test_the_kind_of_keys_is_named():
    """Beside the holders, in both languages; without holders there is no kind."""
    assert "klasik (X25519)" in build(replace(GOOD, keys="classic"))
    assert "post-quantum (X25519 with ML-KEM-768)" in build(replace(GOOD, keys="post-quantum"))
    assert "Jenis kunci" not in build(replace(GOOD, holders={}, keys=""))


def test_entries_are_written_in_stretches():
    """Numbers in a row, with intents between them or not, are one stretch; many stretches are cut, with their count."""
    assert in_short((), "en") == ""
    assert in_short((7,), "en") == "7"
    assert in_short((3, 5, 7, 12), "en") == "3–7, 12"
    assert in_short(range(5350), "id") == "0–5.349"
    assert in_short((1, 10, 20, 30, 40, 50), "en") == "1, 10, 20, 30 … (6)"


def test_what_comes_from_the_facts_is_escaped():
    """Markup in a study's name, a protocol, a form version or a release's name stays text."""
    bad = '<script>alert("x")</script>'
    facts = replace(
        FULL,
        study=bad,
        protocol=Protocol(bad, bad, "2027-01-31"),
        consents=replace(FULL.consents, forms={bad: 3}),
        releases=(replace(FULL.releases[0], name=bad, profile=bad),),
    )
    page = build(facts)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 6


def test_small_counts_of_people_are_not_told_apart():
    """One and two informants or mentions are written alike and drawn alike; zero and three are not."""
    voice = Voice("id")
    assert [str(voice.few(n)) for n in (0, 1, 2, 3)] == ["0", "&lt; 3", "&lt; 3", "3"]
    one, two = ({EntityType.PERSON: 30, EntityType.EMAIL: n} for n in (1, 2))
    assert [(b.width, b.y) for b in bars(one)] == [(b.width, b.y) for b in bars(two)]
    pages = [build(replace(FULL, consents=Consents(n, 13, 13, flags={"archive": n}))) for n in (1, 2)]
    assert pages[0] == pages[1]


def test_numbers_shares_and_days_are_written_in_the_locale():
    """Grouping, decimals, percent and months follow the language."""
    assert [shown(1234567, code) for code in ("id", "en", "both")] == ["1.234.567", "1,234,567", "1\u202f234\u202f567"]
    assert [shown(0.0653, code) for code in ("id", "en")] == ["6,5%", "6.5%"]
    assert [shown(Day("2026-05-02"), code) for code in ("id", "en")] == ["2 Mei 2026", "2 May 2026"]
    assert str(Voice("both").number(Day("2026-05-02"))) == "2 Mei 2026 / 2 May 2026"
    assert str(Voice("both").number(Day("2026-04-02"))) == "2 April 2026"
    assert shown(Day(""), "en") == "-"
    assert [shown(Minute("2026-05-02T09:05Z"), code) for code in ("id", "en")] == ["2 Mei 2026, pukul 09.05", "2 May 2026, 09:05"]


def test_the_way_of_the_data_balances():
    """What is received is sealed or refused, and what is not decided is open."""
    stages = {stage.key: stage for stage in way(FULL)}
    assert stages["way-received"].count == stages["way-sealed"].count + 2
    assert stages["way-decided"].count + stages["way-decided"].lost[0][1] == stages["way-mentions"].count
    assert stages["way-released"].lost == (("way-withheld", 134),)
    assert stages["way-segments"].lost == (("way-superseded", 2),)
    assert way(BARE)[2].lost == ()


def test_the_report_passes_the_scan_or_is_not_written():
    """A form of the register in any fact stops the report and names the fact only; a study named so goes unnamed."""
    scan = residual([(Form("Rani"), EntityType.PERSON), (Form("Bandung"), EntityType.LOCATION)])
    assert build(FULL, "both", scan) == build(FULL, "both")
    assert "bandung" not in build(replace(FULL, study="bandung-2026"), "both", scan).lower()
    for facts in (
        replace(FULL, consents=replace(FULL.consents, forms={"formulir rani": 3})),
        replace(FULL, versions=replace(FULL.versions, detector="rani")),
        replace(FULL, releases=(replace(FULL.releases[0], name="untuk-rani"),)),
        replace(FULL, review=replace(FULL.review, reviewers=(("Rani", 3),))),
    ):
        with pytest.raises(UsageError) as error:
            build(facts, "both", scan)
        assert "rani" not in str(error.value).lower()


def test_a_failed_control_stands_on_the_first_page():
    """What failed is named in the summary, before anything else is told."""
    page = build(FULL, "en")
    summary = page[: page.index('id="part-2"')]
    assert "<b>C12</b>" in summary
    assert "<b>C06</b>" not in summary


def test_the_commands_of_part_9_verify_a_real_log_and_refuse_a_changed_one(tmp_path):
    """OpenSSL accepts the signature and refuses a flipped byte; so does Go, where its libraries are installed."""
    key = LogKey("samaran.test/demo", Ed25519PrivateKey.generate())
    log = Log.create(tmp_path / "audit", key.origin, key)
    for _ in range(130):
        log.record("source.detect", "ok", sid="ab" * 16)
    log.checkpoint(key)
    checkpoint = tmp_path / "audit/log/checkpoint"
    _, size, root = checkpoint.read_text().split("\n")[:3]
    commands = {
        name: (command.replace("/tmp/", f"{tmp_path}/"), right) for name, command, right in how(int(size), root, bundle.program())
    }
    shutil.copy(Path(bundle.__file__).with_name(bundle.PROGRAM), tmp_path / "audit")

    def run(name):
        return subprocess.run(["bash", "-c", commands[name][0]], cwd=tmp_path / "audit", capture_output=True, text=True)

    assert commands["verify-signature"][1] in run("verify-signature").stdout
    if GO:
        lines = run("verify-go").stdout.splitlines()
        assert f"{lines[0]} … {lines[-1]}" == commands["verify-go"][1]
    signed = checkpoint.read_text()
    checkpoint.write_text(signed.replace(root, root[:5] + ("A" if root[5] != "A" else "B") + root[6:]))
    assert run("verify-signature").returncode != 0
    if GO:
        assert "FAILED" in run("verify-go").stdout


def test_the_newest_release_of_each_profile_stands_in_the_summary():
    """What was withheld from another profile is on the first page too, and an older release of the same profile is not."""
    made = [("publication", 5), ("publication", 4), ("analysis", 0)]
    releases = tuple(
        replace(FULL.releases[0], name=f"{profile}-{n}", profile=profile, recalled=False, withheld={Reason.CONSENT_SCOPE: n})
        for profile, n in made
    )
    page = build(replace(FULL, releases=releases), "en")
    summary = page[: page.index('id="part-2"')]
    assert "An earlier release, profile publication" in summary
    assert "Sources withheld: 4" in summary
    assert "Sources withheld: 5" not in summary
    assert "profil publikasi" in build(replace(FULL, releases=releases), "id")
    assert "profil own" in build(replace(FULL, releases=(replace(releases[0], profile="own"),)), "id")
