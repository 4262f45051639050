"""Heavier models by config: the folder decides, a missing extra or folder is said, and no failure is swallowed."""

import json
import os
from pathlib import Path
from typing import Any

import presidio_analyzer.predefined_recognizers as predefined
import pytest
from presidio_analyzer import RecognizerResult

from samaran.detect import Detector, backends, digest
from samaran.detect.engine import Engine
from samaran.detect.tagger import Damaged
from samaran.detect.worded import Unusable, whole_words
from samaran.errors import UsageError
from samaran.ingest import read_text
from samaran.model import EntityType

CLASSIFIER = {
    "architectures": ["BertForTokenClassification"],
    "id2label": {"0": "O", "1": "B-PER", "2": "I-PER", "3": "B-GPE", "4": "I-MISC"},
}


HEAD = ("classifier.weight", "classifier.bias")


class Head:
    """A loaded model as samaran looks at it: the names of its weights."""

    base_model_prefix = "bert"

    def named_parameters(self) -> list[tuple[str, None]]:
        return [(name, None) for name in ("bert.embeddings.weight", *HEAD)]


class Pipeline:
    """A pipeline that finds Rani, with its model."""

    model = Head()

    def __call__(self, text: str) -> list[tuple[str, int, int, float]]:
        if "crash" in text:
            raise RuntimeError(f"no answer for {text}")
        at = text.find("Rani")
        return [("PERSON", at + 1, at + 3, 0.9), ("MISC", 0, 2, 0.9)] if at >= 0 else []


class Fake:
    """Presidio's recognizer as samaran meets it: the arguments it is made with, and what it answers."""

    made: dict[str, Any]

    def __init__(self, **settings: Any) -> None:
        type(self).made = settings
        mapping = settings.get("label_mapping") or settings["entity_mapping"]
        self.supported_entities = sorted(set(mapping.values()))
        self.ner_pipeline: Any = Pipeline()

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:
        try:
            return [RecognizerResult(*found) for found in self.ner_pipeline(text)]
        except RuntimeError:
            return []  # as Presidio does: it logs and goes on


def weights(path: Path, *names: str) -> None:
    """A safetensors file: the length of its header, and the header."""
    header = json.dumps({name: {} for name in names}).encode()
    (path / "model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)


def folder(path: Path, **files: object) -> Path:
    """A model folder with these JSON files and weights that are names alone."""
    path.mkdir()
    weights(path, *HEAD)
    (path / "tokenizer.json").touch()
    for name, content in files.items():
        (path / f"{name}.json").write_text(json.dumps(content))
    return path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both extras, faked at the seam."""
    monkeypatch.setattr(backends, "_installed", lambda extra: None)
    monkeypatch.setattr(predefined, "GLiNERRecognizer", Fake)
    monkeypatch.setattr(predefined, "HuggingFaceNerRecognizer", Fake)


def test_a_token_classifier_goes_to_transformers(tmp_path: Path, installed: None) -> None:
    """Its labels that stand for one of the fourteen types are mapped, the others left out; the folder is all that is named."""
    place = folder(tmp_path / "m", config=CLASSIFIER)
    recognizer = backends.load(place)
    assert Fake.made["label_mapping"] == {"PER": "PERSON", "GPE": "LOCATION"}
    assert Fake.made["model_name"] == str(place)
    assert recognizer.supported_entities == ["LOCATION", "PERSON"]


def test_a_gliner_folder_goes_to_gliner(tmp_path: Path, installed: None) -> None:
    """It is asked for all fourteen types in words, from local files only, even where transformers could read the folder too."""
    recognizer = backends.load(folder(tmp_path / "m", gliner_config={}, config=CLASSIFIER))
    assert set(recognizer.supported_entities) == set(EntityType)
    assert Fake.made["local_files_only"] is True


def test_it_works_among_the_other_recognizers(tmp_path: Path, installed: None) -> None:
    """The engine takes its mentions: whole words, the rule that says who found them, nothing of other labels."""
    engine = Engine(backends.load(folder(tmp_path / "m", config=CLASSIFIER)))
    found = [(m.span.start, m.span.end, m.type, m.rule) for m in engine.mentions("ada Rani di sana") if m.rule == "transformers"]
    assert found == [(4, 8, EntityType.PERSON, "transformers")]


def test_a_failure_is_not_swallowed(tmp_path: Path, installed: None) -> None:
    """Presidio logs a model's failure and answers with nothing: here it stops, without the text."""
    recognizer = backends.load(folder(tmp_path / "m", config=CLASSIFIER))
    with pytest.raises(Unusable) as caught:
        recognizer.analyze("crash Rani", ["PERSON"])
    assert "Rani" not in f"{caught.value} {caught.value.hint}"
    assert caught.value.__cause__ is None
    assert len(recognizer.analyze("Rani", ["PERSON"])) == 1


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({}, UsageError),
        ({"config": {**CLASSIFIER, "id2label": {"0": "O", "1": "B-GENE"}}}, UsageError),
        ({"config": {**CLASSIFIER, "architectures": ["BertModel"]}}, UsageError),
        ({"config": []}, Unusable),
        ({"labels": {}}, Damaged),
    ],
)
def test_folders_without_a_model_that_is_known(
    tmp_path: Path, installed: None, files: dict[str, object], error: type[Exception]
) -> None:
    """No model, none of our labels, a damaged config, a damaged model of our own: each an error of its own."""
    with pytest.raises(error):
        backends.load(folder(tmp_path / "m", **files))


@pytest.mark.parametrize("names", [(), ("bert.embeddings.weight",), ("classifier.weight",), ("foo",)])
def test_weights_of_another_model_are_told(tmp_path: Path, installed: None, names: tuple[str, ...]) -> None:
    """Where the weights that choose labels are missing, the library would go on with random ones: here it is an error."""
    place = folder(tmp_path / "m", config=CLASSIFIER)
    weights(place, *names)
    with pytest.raises(Unusable, match="another model"):
        backends.load(place)


def test_cut_weights_are_told(tmp_path: Path, installed: None) -> None:
    """A header that breaks off does not load."""
    place = folder(tmp_path / "m", config=CLASSIFIER)
    (place / "model.safetensors").write_bytes(b"\x40\0\0\0\0\0\0\0{")
    with pytest.raises(Unusable):
        backends.load(place)


def test_no_folder_no_weights(tmp_path: Path, installed: None) -> None:
    """A missing folder, weights that could run code and a missing tokenizer are refused."""
    with pytest.raises(UsageError, match="not there"):
        backends.load(tmp_path / "nowhere")
    place = folder(tmp_path / "m", config=CLASSIFIER)
    (place / "model.safetensors").rename(place / "pytorch_model.bin")
    with pytest.raises(UsageError, match="safetensors"):
        backends.load(place)
    other = folder(tmp_path / "other", config=CLASSIFIER)
    (other / "tokenizer.json").unlink()
    with pytest.raises(UsageError, match=r"tokenizer\.json"):
        backends.load(other)


@pytest.mark.parametrize(("name", "extra"), [("config", "transformers"), ("gliner_config", "gliner")])
def test_a_missing_extra_says_what_to_install(tmp_path: Path, name: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the error names the extra."""
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    with pytest.raises(Unusable) as caught:
        backends.load(folder(tmp_path / "m", **{name: CLASSIFIER}))
    assert f"samaran[{extra}]" in caught.value.hint


def test_the_libraries_are_kept_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is loaded the hub is shut off."""
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with pytest.raises(UsageError):
        backends.load(tmp_path / "nowhere")
    assert os.environ["HF_HUB_OFFLINE"] == os.environ["TRANSFORMERS_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([("PERSON", 1, 2, 0.5)], ["Asep"]),
        ([("PERSON", 0, 2, 0.5), ("PERSON", 2, 4, 0.9)], ["Asep"]),
        ([("PERSON", 0, 6, 0.5)], ["Asep N"]),
        ([("PERSON", 4, 5, 0.5)], []),
        ([("PERSON", 0, 4, 0.5), ("LOCATION", 7, 12, 0.4)], ["Asep", "Garut"]),
    ],
)
def test_spans_become_whole_words(spans: list[tuple[str, int, int, float]], words: list[str]) -> None:
    """Pieces of a word are the word, two pieces of one word are one, a blank alone is nothing."""
    text = "Asep N Garut"
    assert [text[start:end] for _, start, end, _ in whole_words(text, spans)] == words


def test_the_digest_tells_models_apart(tmp_path: Path) -> None:
    """What found the mentions is another thing with another folder, or with other files in it; a missing folder is said."""
    place = folder(tmp_path / "m", config=CLASSIFIER)
    first = digest(str(place))
    assert first != digest()
    assert digest("none") == digest()
    (place / "config.json").write_text("{}")
    digest.cache_clear()
    assert digest(str(place)) != first
    with pytest.raises(UsageError):
        digest(str(tmp_path / "nowhere"))


def test_the_detector_takes_a_folder(tmp_path: Path, installed: None) -> None:
    """`model` may be a folder: what its model finds is among the mentions."""
    found = Detector(str(folder(tmp_path / "m", config=CLASSIFIER))).find(read_text("memang Rani yang bilang begitu"), ())
    assert "transformers" in {mention.rule for mention in found}
