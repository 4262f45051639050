"""Heavier models from a folder that the user names, through Presidio's own recognizers. Never a download.

What the folder holds decides: `labels.json` a model made by `training/`, `gliner_config.json` one for GLiNER, `config.json` of a
token classifier one for transformers. Weights are safetensors, since other formats can run code when opened; GLiNER opens
`pytorch_model.bin`, which most of its models come with, as weights only.
"""

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samaran.detect.worded import Unusable, recognizer_class
from samaran.errors import SamaranError, UsageError
from samaran.model import EntityType as T

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

THRESHOLD = 0.3
"""What a model is less sure of is left out; below `DOUBTFUL` it is a doubt."""

ASKED: Mapping[str, T] = {
    "person": T.PERSON,
    "nickname": T.PERSON,
    "username": T.ONLINE_ID,
    "phone number": T.PHONE,
    "email": T.EMAIL,
    "url": T.URL,
    "identity number": T.ID_NUMBER,
    "bank account number": T.ACCOUNT_NUMBER,
    "license plate": T.PLATE,
    "address": T.ADDRESS,
    "location": T.LOCATION,
    "building or business": T.VENUE,
    "organization": T.ORGANIZATION,
    "date": T.DATE,
    "age": T.AGE,
}
"""What GLiNER is asked for, in words."""

_KNOWN = {
    T.PERSON: "PER PERS PERSON PPL NAME FIRSTNAME LASTNAME PATIENT DOCTOR STAFF GIVENNAME SURNAME PS",
    T.ONLINE_ID: "ONLINE_ID USERNAME USER HANDLE NICKNAME",
    T.PHONE: "PHONE PHONE_NUMBER TELEPHONENUM PHONENUMBER FAX",
    T.EMAIL: "EMAIL EMAIL_ADDRESS",
    T.URL: "URL WEB",
    T.ID_NUMBER: "ID_NUMBER ID SSN MEDICALRECORD PASSPORT SOCIALNUM IDCARDNUM DRIVERLICENSENUM TAXNUM",
    T.ACCOUNT_NUMBER: "ACCOUNT_NUMBER ACCOUNT ACCOUNTNUM IBAN CREDITCARDNUMBER CREDITCARD",
    T.PLATE: "PLATE LICENSE_PLATE VEHICLE",
    T.ADDRESS: "ADDRESS STREET STREETADDRESS BUILDINGNUM",
    T.LOCATION: "LOCATION LOC GPE PLACE PLC CITY COUNTRY STATE PROVINCE LC",
    T.VENUE: "VENUE FAC FACILITY HOSPITAL BUILDING",
    T.ORGANIZATION: "ORGANIZATION ORGANISATION ORG COMPANY NOR VENDOR OG",
    T.DATE: "DATE DATETIME DATE_TIME DAT DATEOFBIRTH DT",
    T.AGE: "AGE",
}
LABELS: Mapping[str, T] = {name: kind for kind, listed in _KNOWN.items() for name in listed.split()}
"""Labels of token classifiers, without their B- and I-, in capitals. What a model calls otherwise is not looked for."""

_FIND = (
    "Name a folder with a model made by training/, one for GLiNER, or a token classifier for transformers; see docs/config.md."
)


def offline() -> None:
    """Keep the libraries from the network, also where they were imported before."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        os.environ[name] = "1"
    try:
        from huggingface_hub import constants  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return
    constants.HF_HUB_OFFLINE = True


def load(folder: Path, language: str = "id") -> "EntityRecognizer":
    """A recognizer over the model in the folder. Raises `UsageError` when the folder is missing or holds none that is known,
    `Unusable` when its extra is not installed or the model does not load, `tagger.Damaged` for damaged files of our own kind."""
    offline()
    if not folder.is_dir():
        raise UsageError("The folder with the model is not there.", _FIND)
    if (folder / "labels.json").is_file():
        from samaran.detect import model

        return model.load(folder, language=language)
    gliner, settings = folder / "gliner_config.json", folder / "config.json"
    if not gliner.is_file() and not settings.is_file():
        raise UsageError("The folder holds no model that samaran knows.", _FIND)
    if not list(folder.glob("*.safetensors")) and not (gliner.is_file() and (folder / "pytorch_model.bin").is_file()):
        raise UsageError(
            "The folder's model has no safetensors weights.", "Convert it: other formats can run code when they are opened."
        )
    if gliner.is_file():
        return _worded("gliner", lambda: _gliner(folder), language)
    return _worded("transformers", lambda: _transformers(folder, _mapping(settings)), language)


def _mapping(settings: Path) -> dict[str, str]:
    """Labels of the model that stand for one of the fourteen types. Raises `UsageError` when none does, when it is no token
    classifier, or when its tokenizer isn't there: the library would go on with an empty one."""
    try:
        config = json.loads(settings.read_text("utf-8"))
        kinds, given = config.get("architectures") or [], config.get("id2label", {}).values()
        names = {re.sub(r"^[BIESUL][-_](?=.)", "", str(label)) for label in given}
    except (OSError, ValueError, AttributeError):
        raise Unusable("The model's config.json can't be read.", "Get the whole folder again.") from None
    if not any(str(kind).endswith("ForTokenClassification") for kind in kinds):
        raise UsageError("The folder's model is no token classifier.", _FIND)
    if not (settings.parent / "tokenizer.json").is_file():
        raise UsageError("The folder has no tokenizer.json.", "Save the model's fast tokenizer beside its weights.")
    known = {name: str(LABELS[name.upper()]) for name in sorted(names) if name.upper() in LABELS}
    if not known:
        raise UsageError(
            "The model has no label that samaran knows.", "It must be a token classifier for names; see docs/config.md."
        )
    return known


def _gliner(folder: Path) -> Any:
    _installed("gliner")
    from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

    asked = {label: str(kind) for label, kind in ASKED.items()}
    return GLiNERRecognizer(
        model_name=str(folder),
        entity_mapping=asked,
        threshold=THRESHOLD,
        map_location="cpu",
        supported_language="id",
        local_files_only=True,
    )


def _transformers(folder: Path, mapping: dict[str, str]) -> Any:
    _installed("transformers")
    from presidio_analyzer.predefined_recognizers import HuggingFaceNerRecognizer

    recognizer: Any = HuggingFaceNerRecognizer(
        model_name=str(folder),
        label_mapping=mapping,
        threshold=THRESHOLD,
        aggregation_strategy="first",
        chunk_size=250,
        device="cpu",
        supported_language="id",
    )
    _own_weights(folder, recognizer.ner_pipeline.model)
    return recognizer


def _own_weights(folder: Path, model: Any) -> None:
    """Raises `Unusable` where the files lack the weights that choose labels: the library warns, and goes on with random ones."""
    there: set[str] = set()
    for path in folder.glob("*.safetensors"):
        with path.open("rb") as file:
            there |= json.loads(file.read(int.from_bytes(file.read(8), "little"))).keys()
    body = f"{model.base_model_prefix}."
    if any(name not in there for name, _ in model.named_parameters() if not name.startswith(body)):
        raise Unusable("The weights in the folder are those of another model.", "Get the whole folder again.")


def _installed(extra: str) -> None:
    """Raises `Unusable` unless the extra's library can be imported."""
    from importlib.util import find_spec

    if find_spec(extra) is None or find_spec("torch") is None:
        raise Unusable(f"This model needs {extra}, which is not installed.", f"pip install 'samaran[{extra}]'")
    from transformers.utils import logging  # type: ignore[import-not-found, unused-ignore]

    logging.disable_progress_bar()
    logging.set_verbosity_error()


def _worded(rule: str, make: Callable[[], Any], language: str) -> "EntityRecognizer":
    try:
        return recognizer_class()(make(), rule, language)  # type: ignore[no-any-return]
    except SamaranError:
        raise
    except Exception:  # whatever the libraries raise; their messages may quote paths
        raise Unusable(
            "The model in the folder does not load.",
            f"The folder needs the weights, their config and the tokenizer; `pip install 'samaran[{rule}]'` brings the library.",
        ) from None
