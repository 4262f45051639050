"""The stems of pseudonyms and the config that ships say the same."""

import tomllib
from pathlib import Path

from samaran.pseudonymize.labels import LABELS


def test_stems_are_the_labels_of_the_config():
    """One list in two places would drift: they are equal."""
    table = tomllib.loads((Path(__file__).parents[3] / "config/entities.toml").read_text("utf-8"))
    assert {str(kind): label for kind, label in LABELS.items()} == {kind: content["label"] for kind, content in table.items()}
