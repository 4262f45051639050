"""The shipped model: what it finds, what it promises of any text, and what a damaged folder does."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samaran.detect import model, tagger
from samaran.detect.tagger import SEP, Damaged, Tagger
from samaran.detect.temper import tempered
from samaran.errors import SamaranError
from samaran.model import DOUBTFUL, EntityType, Mention, Span
from samaran.model import Detector as Layer


@pytest.fixture(scope="module")
def shipped() -> Tagger:
    return Tagger(model.SHIPPED)


def surfaces(shipped: Tagger, texts: Sequence[str]) -> set[tuple[str, EntityType]]:
    return {
        (text[start:end], kind)
        for text, found in zip(texts, shipped.predict(texts), strict=True)
        for start, end, kind, score in found
        if score >= DOUBTFUL
    }


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("I: Teh Nurhasanah, tos sabaraha lami di Lembang?", "Nurhasanah", EntityType.PERSON),
        ("I: Teh Nurhasanah, tos sabaraha lami di Lembang?", "Lembang", EntityType.LOCATION),
        ("spk2 nama saya wiwin umur dua puluh tiga asli garut", "wiwin", EntityType.PERSON),
        ("spk2 nama saya wiwin umur dua puluh tiga asli garut", "dua puluh tiga", EntityType.AGE),
        ("nomor wa saya 0812-3344-5566 ya kak", "0812-3344-5566", EntityType.PHONE),
        ("Mr Kowalski was arrested in Gdańsk on 4 May 1999.", "Kowalski", EntityType.PERSON),
        ("Mr Kowalski was arrested in Gdańsk on 4 May 1999.", "4 May 1999", EntityType.DATE),
    ],
)
def test_finds(shipped: Tagger, text: str, surface: str, kind: EntityType) -> None:
    """Plain cases in three languages are found with their type and exact ends."""
    assert (surface, kind) in surfaces(shipped, [text])


@pytest.mark.parametrize(
    "text",
    [
        "bunga di taman itu indah sekali, bulan depan mekar semua",
        "bayar 300 ribu lewat DANA atau OVO jam 10 malam",
        "P: terus gimana? I: ya gitu deh, dijalani aja",
    ],
)
def test_leaves_words(shipped: Tagger, text: str) -> None:
    """Words that are also names, amounts, times and platforms stay, what is known against them considered."""
    mentions = [
        Mention(Span(start, end), kind, score, Layer.MODEL, "model") for start, end, kind, score in shipped.predict([text])[0]
    ]
    assert not [m.span.of(text) for m in tempered(mentions, text) if m.score >= DOUBTFUL]


def test_nothing_is_cut_off(shipped: Tagger) -> None:
    """A name at the end of a line of 20,000 words is found, and so is one in its middle."""
    filler = "ya gitu deh terus saya pulang naik angkot hujan juga " * 1000
    text = f"{filler}kata Teh Nurhasanah {filler}kata Teh Nurhasanah"
    found = [text[start:end] for start, end, kind, score in shipped.predict([text])[0] if kind is EntityType.PERSON]
    assert found.count("Nurhasanah") == 2


@given(st.lists(st.one_of(st.just(SEP), st.integers(3, 9)), max_size=300), st.integers(8, 60))
def test_cores_cover(stream: list[int], size: int) -> None:
    """Cores follow one another without gap or overlap from the first piece to the last, none longer than asked."""
    spans = list(tagger.cores(stream, size))
    assert [at for start, end in spans for at in range(start, end)] == list(range(len(stream)))
    assert all(end - start <= size for start, end in spans)


def test_cores_end_at_lines() -> None:
    """A core ends after a line's end if one lies in its second half."""
    assert list(tagger.cores([5] * 7 + [SEP] + [5] * 4, 10)) == [(0, 8), (8, 12)]


@given(st.lists(st.integers(1, 200), max_size=60))
def test_batches_keep_all(lengths: list[int]) -> None:
    """Every window is in exactly one batch, and no batch of several windows is over the budget."""
    windows = [(0, 0, length, length) for length in sorted(lengths)]
    made = list(tagger.batches(windows, 512))
    assert [window for batch in made for window in batch] == windows
    assert all(len(batch) == 1 or len(batch) * batch[-1][3] <= 512 for batch in made)


def test_align_gives_each_word_a_piece() -> None:
    """Words inside one piece share it; a word of several pieces has all of them."""
    first, last = tagger.align([(0, 4), (4, 5), (6, 9)], [(0, 2), (2, 5), (6, 7), (7, 9)])
    assert (first.tolist(), last.tolist()) == ([0, 1, 2], [2, 2, 4])


def test_merged_trims_and_splits() -> None:
    """Runs end at another type and at a new beginning, keep inner joiners, and lose punctuation at the ends."""
    text = "(Subang Pagaden), 0812-33"
    words = [(m.start(), m.end()) for m in tagger.WORD.finditer(text)]
    best = np.array([0, 0, 0, 0, 0, 1, 1, 1])
    begins = np.array([True, False, True, False, False, True, False, False])
    chosen = np.array([True, True, True, True, True, True, False, True])
    spans = [text[s:e] for s, e, *_ in tagger.merged(text, words, best, begins, np.full(8, 0.9), chosen)]
    assert spans == ["Subang", "Pagaden", "0812-33"]


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "🌸🌸🌸", "مرحبا بالعالم", "a\u200bb\u0301", "...", "﷽" * 40, "\t;;;", "x" * 5000]
)
def test_any_text(shipped: Tagger, text: str) -> None:
    """Whatever the text, spans lie inside it, in order, without overlaps, with scores from 0 to 1."""
    found = shipped.predict([text])[0]
    at = 0
    for start, end, _, score in found:
        assert at <= start < end <= len(text)
        assert 0 <= score <= 1
        at = end


def test_no_texts(shipped: Tagger) -> None:
    """No texts, no results; empty texts, empty results."""
    assert shipped.predict([]) == []
    assert shipped.predict(["", ""]) == [[], []]


@pytest.mark.parametrize("name", tagger.FILES)
@pytest.mark.parametrize("harm", ["remove", "shorten", "alter"])
def test_damage_is_told(tmp_path: Path, name: str, harm: str) -> None:
    """A file that is missing, shorter or altered is an error of our family, with a hint and no path."""
    folder = shutil.copytree(model.SHIPPED, tmp_path / "model")
    data = (folder / name).read_bytes()
    if harm == "remove":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data[: len(data) // 2] if harm == "shorten" else data[:-40] + b"\x00" + data[-39:])
    with pytest.raises(Damaged) as caught:
        model.load(folder)
    assert isinstance(caught.value, SamaranError)
    assert caught.value.hint
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("types", [str(kind) for kind in EntityType][::-1]),
        ("types", ["PERSON", "LOCATION", "ORGANIZATION"]),
        ("types", ["NAME"] * 14),
        ("types", None),
        ("penalty", "1.5"),
        ("penalty", 9.0),
        ("doubt_penalty", -1),
        ("core", 0),
        ("left", 500),
        ("right", 1.5),
        ("sha256", {}),
    ],
)
def test_edited_settings_are_told(tmp_path: Path, key: str, value: object) -> None:
    """Settings of another model, or numbers that no model works with, are refused when it is loaded."""
    folder = shutil.copytree(model.SHIPPED, tmp_path / "model")
    settings = json.loads((folder / "labels.json").read_text("utf-8"))
    (folder / "labels.json").write_text(json.dumps(settings | {key: value}))
    with pytest.raises(Damaged):
        tagger.verified(folder)


def test_settings_that_are_no_object(tmp_path: Path) -> None:
    """A list where an object should stand is damage, too."""
    folder = shutil.copytree(model.SHIPPED, tmp_path / "model")
    (folder / "labels.json").write_text("[]")
    with pytest.raises(Damaged):
        tagger.verified(folder)


def test_a_model_with_other_labels_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights for another number of labels are refused, whatever their digests say."""
    settings = json.loads((model.SHIPPED / "labels.json").read_text("utf-8"))
    monkeypatch.setattr(tagger, "verified", lambda folder: settings | {"types": [*EntityType, "AGE"]})
    with pytest.raises(Damaged):
        Tagger(model.SHIPPED)


def test_presidio_sees_the_same() -> None:
    """`analyze` gives the spans of each line in offsets of the whole text, only of the types asked for."""
    recognizer = model.load()
    lines = ["I: Teh Nurhasanah asli mana?", "P: asli Lembang, umur 23 tahun"]
    text = "\n".join(lines)
    results = recognizer.analyze(text, ["PERSON", "LOCATION"], None)
    assert {(r.entity_type, text[r.start : r.end]) for r in results} == {("PERSON", "Nurhasanah"), ("LOCATION", "Lembang")}


def test_prepared_texts_are_not_read_again() -> None:
    """What `prepare` has read, `analyze` answers without running the model."""
    recognizer = model.load()
    recognizer.prepare(["kata Teh Nurhasanah", "iya"])

    def never(_: Sequence[str]) -> list[list[tagger.Found]]:
        raise AssertionError

    recognizer.lines.tagger.predict = never
    assert [r.entity_type for r in recognizer.analyze("kata Teh Nurhasanah", [], None)] == ["PERSON"]
    assert recognizer.analyze("iya", [], None) == []


def test_settings_are_complete() -> None:
    """The settings name all fourteen types, and doubts come up later than sure spans."""
    settings = json.loads((model.SHIPPED / "labels.json").read_text("utf-8"))
    assert settings["types"] == [str(kind) for kind in EntityType]
    assert settings["doubt_penalty"] > settings["penalty"] >= 0


def test_digest_is_of_the_files(tmp_path: Path) -> None:
    """The digest is the same for the same files and another when one byte differs."""
    folder = shutil.copytree(model.SHIPPED, tmp_path / "model")
    assert model.digest(folder) == model.digest()
    (folder / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes() + b" ")
    assert model.digest(folder) != model.digest()
