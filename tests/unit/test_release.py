"""The gate: each check lets a clean source pass and holds one that only this check catches."""

import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran.model import Candidate, Consent, EntityType, Form, Method, Reason, SanitizedSegment, Span, SpeakerRole, Surrogate
from samaran.release import Cleared, Residual, Withheld, gate, residual
from samaran.study import Profile

ANALYSIS = Profile("analysis", ("participate",))
FORMS = (
    (Form("Rani"), EntityType.PERSON),
    (Form("Maharani Kusumah"), EntityType.PERSON),
    (Form("Bunga", word=True), EntityType.PERSON),
    (Form("Dewi♡"), EntityType.ONLINE_ID),
    (Form("@yuyy.ngsih"), EntityType.ONLINE_ID),
    (Form("🌸🌸"), EntityType.ONLINE_ID),
    (Form("0856-7214-0938"), EntityType.PHONE),
    (Form("123456"), EntityType.ACCOUNT_NUMBER),
    (Form("D 4471 ZK"), EntityType.PLATE),
    (Form("Dago"), EntityType.LOCATION),
    (Form("Pasar", word=True), EntityType.LOCATION),
    (Form("2021"), EntityType.DATE),
    (Form("19"), EntityType.AGE),
    (Form("bulan Maret"), EntityType.DATE),
    (Form("P"), EntityType.PERSON),
    (Form("12"), EntityType.ADDRESS),
    (Form("Café Élan"), EntityType.VENUE),
)
YES = Consent("INF-01", "v1", "2026-01-02", "written", frozenset({"participate", "quote_verbatim"}))


def segment(text, n=1, surrogates=(), speaker=""):
    return SanitizedSegment(n, 1, speaker, SpeakerRole.INFORMANT, text, tuple(surrogates))


def candidate(text="Saya di sini.", *, allowed=(), surrogates=(), speaker="", **more):
    given = {
        "source_id": "s-0001",
        "informants": ("INF-01",),
        "method": Method.INTERVIEW,
        "wave": 1,
        "segments": (("seg1", segment(text, surrogates=surrogates, speaker=speaker), "id"),),
        "open_mentions": 0,
        "second_pass_due": False,
        "allowed": {"seg1": tuple(allowed)},
        "consents": (YES,),
    }
    return Candidate(**{**given, **more})


def outcome(source, profile=ANALYSIS, forms=FORMS):
    release = gate([source], profile, forms)
    (result,) = release.cleared + release.withheld
    return result


def held(result):
    assert isinstance(result, Withheld)
    return result.reason, result.check


def test_a_clean_source_is_cleared():
    """A source with consent, nothing open, a current second pass and no residue leaves with the consent that it has."""
    result = outcome(candidate())
    assert isinstance(result, Cleared)
    assert result.consent == YES.flags


def test_check_1_needs_consent_of_each_informant():
    """One informant of two without consent holds the source, and so does a source that needs consent and names nobody."""
    both = {"informants": ("INF-01", "INF-02")}
    second = replace(YES, informant="INF-02")
    assert isinstance(outcome(candidate(**both, consents=(YES, second))), Cleared)
    assert held(outcome(candidate(**both, consents=(YES, None)))) == (Reason.NO_CONSENT, 1)
    assert held(outcome(candidate(informants=(), consents=()))) == (Reason.NO_CONSENT, 1)
    assert isinstance(outcome(candidate(informants=(), consents=(), consent_needed=False)), Cleared)


def test_check_1_asks_for_the_flags_of_the_profile():
    """A consent without a flag of the profile holds the source, and `participate` is asked for even by an empty profile."""
    assert isinstance(outcome(candidate(), Profile("publication", ("participate", "quote_verbatim"))), Cleared)
    assert held(outcome(candidate(), Profile("archive", ("archive",)))) == (Reason.CONSENT_SCOPE, 1)
    withdrawn = replace(YES, flags=frozenset())
    assert held(outcome(candidate(consents=(withdrawn,)), Profile("analysis", ()))) == (Reason.CONSENT_SCOPE, 1)


def test_check_2_holds_what_is_undecided():
    """One open mention is enough."""
    assert held(outcome(candidate(open_mentions=1))) == (Reason.UNDECIDED, 2)


def test_check_3_holds_what_the_second_pass_has_not_seen():
    """A source read before the last names were settled waits."""
    assert held(outcome(candidate(second_pass_due=True))) == (Reason.SECOND_PASS_DUE, 3)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kata Rani begitu.", EntityType.PERSON),
        ("kata RANI begitu", EntityType.PERSON),
        ("kata Ráni begitu", EntityType.PERSON),
        ("kata Ra\u0301ni begitu", EntityType.PERSON),
        ("kata Ra\u200bni begitu", EntityType.PERSON),
        ("kata Rani begitu", EntityType.PERSON),
        ("ceuk rani-na mah", EntityType.PERSON),
        ("ceuk ranina mah", EntityType.PERSON),
        ("kata raninya begitu", EntityType.PERSON),
        ("rani_cantik namanya", EntityType.PERSON),
        ("maharani\n kusumah", EntityType.PERSON),
        ("Kata Bunga begitu.", EntityType.PERSON),
        ("akun dewi♡ itu", EntityType.ONLINE_ID),
        ("cari yuyy.ngsih aja", EntityType.ONLINE_ID),
        ("namanya 🌸🌸 doang", EntityType.ONLINE_ID),
        ("nomor +62 856 7214 0938 ya", EntityType.PHONE),
        ("085672140938", EntityType.PHONE),
        ("0856.7214/0938 500", EntityType.PHONE),
        ("rek 12-34-56 ya", EntityType.ACCOUNT_NUMBER),
        ("motor d4471zk merah", EntityType.PLATE),
        ("di DAGO atas", EntityType.LOCATION),
        ("di Pasar itu", EntityType.LOCATION),
        ("di cafe elan", EntityType.VENUE),
        ("di CAFÉ ÉLAN", EntityType.VENUE),
    ],
)
def test_check_4_finds_each_form(text, kind):
    """A form of the register that is left in a text is found, however it is written, and its span is that of the text."""
    result = outcome(candidate(text))
    assert held(result) == (Reason.RESIDUAL, 4)
    assert dict(result.counts) == {kind: 1}
    (hit,) = result.hits
    assert (hit.segment_id, hit.field) == ("seg1", "text")
    assert set(hit.span.of(text)) - {" "}
    assert hit.span.of(text) == hit.span.of(text).strip()


def test_check_4_names_the_exact_stretch_behind_characters_that_fold_to_more_or_less():
    """Spans stay right after ligatures, combining marks, invisible characters and emoji."""
    text = "ﬁ e\u0301 \u200b🙂 ß Rani-na"
    (hit,) = outcome(candidate(text)).hits
    assert hit.span.of(text) == "Rani"


@pytest.mark.parametrize(
    "text",
    [
        "itu bunga di taman",
        "Bunganya mekar",
        "ranitidin itu obat",
        "ke pasar yang ramai",
        "tahun 2021, umurnya 19, bulan Maret",
        "dewi itu kata",
        "P itu huruf",
        "rek 1234567 lain, 0012345 juga",
        "taripnya 150.000.000 rupiah, jam 21.30, 500-700 ribu",
        "harga 250 300 400 ribu",
        "Mead (1934), hlm. 12-19; 10.5%",
        "cewek @ 500rb, a.n. dll. dsb/dst",
    ],
)
def test_ordinary_words_and_numbers_are_no_hit(text):
    """Common words, ages, years, tariffs, hours and citations survive."""
    assert isinstance(outcome(candidate(text)), Cleared)


def test_a_form_inside_a_surrogate_is_no_hit():
    """What looks like a form within a surrogate's brackets is the surrogate; the same word in front of it is not."""
    forms = ((Form("INF"), EntityType.PERSON),)
    text = "Kata [INF-01] begitu."
    mark = Surrogate(Span(5, 13), EntityType.PERSON, "INF-01", "entity")
    assert isinstance(outcome(candidate(text, surrogates=[mark]), forms=forms), Cleared)
    assert held(outcome(candidate("Inf " + text), forms=forms)) == (Reason.RESIDUAL, 4)


def test_a_span_that_only_claims_to_be_a_surrogate_hides_nothing():
    """A name that a fault left where a surrogate should stand is found, in the text and in the pseudonym."""
    mark = Surrogate(Span(5, 9), EntityType.PERSON, "INF-01", "entity")
    assert held(outcome(candidate("Kata Rani begitu.", surrogates=[mark]))) == (Reason.RESIDUAL, 4)
    for name in ("Rani", "RANI"):
        named = Surrogate(Span(5, 13), EntityType.PERSON, name, "entity")
        result = outcome(candidate("Kata [INF-01] begitu.", surrogates=[named]))
        assert [hit.field for hit in result.hits] == ["surrogates"]
    bare = Surrogate(Span(5, 11), EntityType.PERSON, "INF-01", "entity")
    assert held(outcome(candidate("Kata [RANI] begitu.", surrogates=[bare]))) == (Reason.RESIDUAL, 4)


def test_what_a_reviewer_rejected_is_no_hit_but_a_longer_form_around_it_is():
    """A rejected span clears a hit that lies inside it and no hit that reaches beyond."""
    assert isinstance(outcome(candidate("Bunga mekar", allowed=[Span(0, 5)])), Cleared)
    assert held(outcome(candidate("Bunga mekar", allowed=[Span(1, 5)]))) == (Reason.RESIDUAL, 4)
    both = (*FORMS, (Form("Bunga Citra"), EntityType.PERSON))
    assert held(outcome(candidate("Bunga Citra", allowed=[Span(0, 5)]), forms=both)) == (Reason.RESIDUAL, 4)
    assert isinstance(outcome(candidate("telp 085672140938", allowed=[Span(5, 17)])), Cleared)


@pytest.mark.parametrize("place", ["source_id", "informants", "segment_id", "lang", "speaker", "level"])
def test_check_4_looks_into_every_field(place):
    """A name in any string that would leave with a segment holds the source."""
    mark = Surrogate(Span(0, 8), EntityType.PERSON, "INF-01", "Rani" if place == "level" else "entity")
    segment_id = "seg-rani" if place == "segment_id" else "seg1"
    who = "RANI" if place == "informants" else "INF-01"
    one = segment("[INF-01] ya", surrogates=[mark], speaker="Teh Rani" if place == "speaker" else "[INF-01]")
    source = candidate(
        source_id="rani_01" if place == "source_id" else "s-0001",
        informants=(who,),
        consents=(replace(YES, informant=who),),
        segments=((segment_id, one, "rani" if place == "lang" else "id"),),
    )
    assert held(outcome(source)) == (Reason.RESIDUAL, 4)
    assert "ani" not in repr(outcome(source).hits).replace(segment_id, "")


def test_a_rejected_speaker_label_is_no_hit():
    """A label that a reviewer found to be a role passes."""
    assert held(outcome(candidate(speaker="Bunga"))) == (Reason.RESIDUAL, 4)
    assert isinstance(outcome(candidate(speaker="Bunga", allowed_labels=frozenset({"seg1"}))), Cleared)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("nik 3273 0145 0198 0001", EntityType.ID_NUMBER),
        ("nik 3273014501980001", EntityType.ID_NUMBER),
        ("wa 0812 2222 3333", EntityType.PHONE),
        ("wa +60 12-345 6789", EntityType.PHONE),
        ("wa 081.234.567.890", EntityType.PHONE),
        ("wa ０８１２２２２２３３３３", EntityType.PHONE),
        ("rek 7771234567", EntityType.PHONE),
        ("surel a.b@contoh.co.id", EntityType.EMAIL),
        ("lihat https://contoh.test/x", EntityType.URL),
        ("lihat t.me/kanal", EntityType.URL),
        ("lihat contoh.com ya", EntityType.URL),
        ("ig @si_kembang ya", EntityType.ONLINE_ID),
    ],
)
def test_check_5_sees_patterns_without_any_register(text, kind):
    """Numbers, addresses on the net and handles are held although nobody has named them, unless a reviewer rejected them."""
    result = outcome(candidate(text), forms=())
    assert held(result) == (Reason.RESIDUAL, 5)
    assert kind in dict(result.counts)
    assert isinstance(outcome(candidate(text, allowed=[Span(0, len(text))]), forms=()), Cleared)


def test_the_order_of_candidates_does_not_matter():
    """Two orders of the same candidates give the same release."""
    sources = [candidate(source_id=f"s-{i}", segments=((f"seg{i}", segment("ya"), "id"),)) for i in range(5)]
    sources.append(candidate(source_id="s-9", segments=(), open_mentions=2))
    assert gate(sources, ANALYSIS, FORMS) == gate(reversed(sources), ANALYSIS, reversed(FORMS))
    assert gate(sources, ANALYSIS, FORMS).reasons == {Reason.UNDECIDED: 1}


def test_an_id_used_twice_is_refused():
    """Two sources can't share an id, and two segments can't."""
    with pytest.raises(ValueError, match="share an id"):
        gate([candidate(), candidate()], ANALYSIS, FORMS)
    with pytest.raises(ValueError, match="share an id"):
        gate([candidate(), candidate(source_id="s-2")], ANALYSIS, FORMS)


def test_no_candidates_clear_nothing():
    """The gate doesn't invent a release."""
    assert gate([], ANALYSIS, FORMS).cleared == ()


def test_a_candidate_that_contradicts_itself_does_not_exist():
    """Consents beside the wrong informant, too few consents and a surrogate beyond its text are refused."""
    with pytest.raises(ValueError, match="another informant"):
        candidate(consents=(replace(YES, informant="INF-02"),))
    with pytest.raises(ValueError, match="place among"):
        candidate(consents=())
    with pytest.raises(ValueError, match="beyond"):
        candidate("ya", surrogates=[Surrogate(Span(0, 8), EntityType.PERSON, "INF-01", "entity")])


def test_no_repr_shows_text_or_a_form():
    """Values of the gate show ids and counts."""
    assert "Rani" not in repr(candidate("Kata Rani")) + repr(outcome(candidate("Kata Rani"))) + repr(Residual(FORMS))


def test_residual_counts_forms_in_a_page():
    """The scan that export and report are handed counts forms, surrogates left out."""
    scan = residual(((Form("INF"), EntityType.PERSON), (Form("Rani"), EntityType.PERSON)))
    assert (scan("[INF-01] dan Rani, rani"), scan("[INF-01]")) == (2, 0)


def test_every_accent_form_of_a_name_is_one_form():
    """Composed and decomposed writing of a form are the same to the scan, in the register and in the text."""
    for form in ("Élodie", unicodedata.normalize("NFD", "Élodie"), "Elodie"):
        scan = residual(((Form(form), EntityType.PERSON),))
        assert [scan(t) for t in ("élodie", unicodedata.normalize("NFD", "ÉLODIE"), "elodie")] == [1, 1, 1]


def test_the_scan_is_linear_in_text_and_not_in_forms():
    """5,000 segments against 500 forms take well under two seconds."""
    forms = [(Form(f"Nama{i} Contoh{i}"), EntityType.PERSON) for i in range(400)]
    forms += [(Form(f"0812{i:08d}"), EntityType.PHONE) for i in range(100)]
    text = "Jadi waktu itu saya teh chat dulu, terus dia nanya harga 350 ribu, kata [TEMAN-2] mah jangan. " * 2
    sources = [candidate(source_id=f"s-{i}", segments=((f"g{i}", segment(text), "mixed"),)) for i in range(5000)]
    start = time.process_time()
    assert len(gate(sources, ANALYSIS, forms).cleared) == 5000
    assert time.process_time() - start < 2


@given(
    before=st.text(max_size=30),
    after=st.text(max_size=30),
    form=st.sampled_from(["Rani", "Maharani Kusumah", "Élodie", "dewi♡", "si_kembang"]),
    change=st.sampled_from([str, str.upper, str.lower, lambda f: unicodedata.normalize("NFD", f), lambda f: "\u200b".join(f)]),
)
def test_a_form_is_found_in_any_surroundings(before, after, form, change):
    """Whatever stands around a form, it is found, and the span holds it and nothing else that shows."""
    written = change(form)
    text = f"{before} {written} {after}"
    spans = [span for span, _ in Residual([(Form(form), EntityType.PERSON)]).forms_in(text)]
    at = len(before) + 1
    assert any(
        at <= span.start and span.end <= at + len(written) + 1 and span.end >= at + len(written.rstrip("\u0301"))
        for span in spans
    )


@given(st.text(max_size=60))
def test_spans_of_hits_lie_in_the_text(text):
    """Both scans work on any text, and every span that they give lies in it."""
    scan = Residual(FORMS)
    for span, _ in scan.forms_in(text) + scan.patterns_in(text):
        assert span.end <= len(text)
