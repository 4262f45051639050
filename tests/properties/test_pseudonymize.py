"""Whatever the text: surrogates change nothing outside mentions, and linking never gives one pseudonym to two people."""

from hypothesis import given
from hypothesis import strategies as st

from samaran.model import Detector, Entity, EntityType, Form, Line, Mention, RawSegment, Register, Span, SpeakerRole, Transcript
from samaran.pseudonymize import Document, assign, fold, link, sanitize
from samaran.pseudonymize.labels import LABELS
from samaran.study import Treatment

KEY = b"k" * 32
WILD = st.text(  # all that a reader lets through: a file with half a surrogate pair is refused as damaged
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("🌸👩‍👧\u0301\u200d\u202e[]é́-\r\n\0")), max_size=60
)
VOCABULARY = "Rani rani Ran Maharani Maharani-Kusumah Bunga Nde Dewi DEWI Yuyun Yuy Ujang si teh Kang jeung , . ( ) dipanggil"
WORDS = st.sampled_from(VOCABULARY.split())
PROSE = st.lists(WORDS, max_size=30).map(" ".join)


@st.composite
def marked(draw, texts=WILD):
    """A text and spans of it that don't overlap."""
    text = draw(texts)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=12)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    kinds = draw(st.lists(st.sampled_from(list(EntityType)), min_size=6, max_size=6))
    return text, [(Span(start, end), kind) for (start, end), kind in zip(pairs, kinds, strict=False)]


def named(spans):
    """Mentions with an entity each, and the register of these."""
    entities = {f"e{n}": Entity(f"e{n}", kind, f"{LABELS[kind]}-{n}", (Form("x"),)) for n, (_, kind) in enumerate(spans)}
    mentions = [Mention(span, kind, 1.0, Detector.MODEL, "x", f"e{n}") for n, (span, kind) in enumerate(spans)]
    return mentions, entities


@given(marked(), st.sampled_from(["entity", "category"]), st.data())
def test_text_outside_mentions_is_untouched(case, level, data):
    """Taking the surrogates out again gives the raw text without its mentions, for every segment of every text."""
    text, spans = case
    if not text:
        return
    mentions, entities = named(spans)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    line = Line(1, Span(0, len(text)), "line 1", role=SpeakerRole.INFORMANT)
    treatments = {kind: Treatment(label, {"p": level}) for kind, label in LABELS.items()}
    clean = sanitize(RawSegment(line, 1, Span(start, end), text[start:end]), mentions, entities, treatments, "p")
    raw = [text[i] for i in range(start, end) if not any(s.start <= i < s.end for s, _ in spans)]
    kept = [c for i, c in enumerate(clean.text) if not any(s.span.start <= i < s.span.end for s in clean.surrogates)]
    assert kept == raw
    assert len(clean.surrogates) == sum(s.start < end and start < s.end for s, _ in spans)
    assert all(s.span.of(clean.text) == f"[{s.pseudonym}]" for s in clean.surrogates)


@given(marked(), marked())
def test_every_mention_gets_an_entity_and_spans_stay(one, other):
    """Linking and assigning never fail and move nothing; each mention has one entity, each entity one pseudonym."""
    documents = [document(name, *case) for name, case in (("a", one), ("b", other))]
    register = link(Register(), documents, KEY, lambda _: False)
    known = {entity.id for entity in register.entities}
    for doc in documents:
        assigned = assign(register, doc, KEY)
        assert [m.span for m in assigned] == [m.span for m in doc.mentions]
        assert all(m.entity in known for m in assigned)
    assert link(register, documents, KEY, lambda _: False) == register


@given(st.lists(PROSE, min_size=1, max_size=4))
def test_the_same_form_is_the_same_entity_in_a_document(texts):
    """Names that are written the same in one document have one pseudonym, unless the text tells a namesake apart."""
    documents = [document(f"d{n}", text, words(text)) for n, text in enumerate(texts)]
    register = link(Register(), documents, KEY, lambda _: False)
    for doc in documents:
        meant = {}
        for mention in assign(register, doc, KEY):
            form = fold(mention.span.of(doc.transcript.text), EntityType.PERSON)
            meant.setdefault(form, set()).add(mention.entity)
        assert all(len(entities) == 1 for entities in meant.values())


@given(st.lists(PROSE, min_size=2, max_size=4), st.integers(1, 3))
def test_later_documents_renumber_nobody(texts, first):
    """Linking in two steps keeps every entity of the first step where and what it was, forms apart."""
    documents = [document(f"d{n}", text, words(text)) for n, text in enumerate(texts)]
    once = link(Register(), documents[:first], KEY, lambda _: False)
    twice = link(once, documents, KEY, lambda _: False)
    shape = [(e.id, e.type, e.pseudonym, e.role, e.source) for e in once.entities]
    assert [(e.id, e.type, e.pseudonym, e.role, e.source) for e in twice.entities[: len(shape)]] == shape


@given(st.text(min_size=1), st.sampled_from(list(EntityType)))
def test_no_fold_is_empty(surface, kind):
    """Whatever was marked has a form to be compared by."""
    assert fold(surface, kind)


@given(st.text(st.characters(max_codepoint=127), min_size=1), st.sampled_from(list(EntityType)))
def test_case_does_not_count(surface, kind):
    """Capitals and small letters fold to the same form."""
    assert fold(surface.upper(), kind) == fold(surface.lower(), kind)


def document(name, text, spans):
    """A document of one line."""
    lines = (Line(1, Span(0, len(text)), "line 1"),) if text else ()
    return Document(name, (), Transcript("txt", text, lines), tuple(Mention(s, k, 1.0, Detector.MODEL, "x") for s, k in spans))


def words(text):
    """Every capitalised word is a name."""
    found, at = [], 0
    for word in text.split(" "):
        if word[:1].isupper() and word != "Kang":
            found.append((Span(at, at + len(word)), EntityType.PERSON))
        at += len(word) + 1
    return found
