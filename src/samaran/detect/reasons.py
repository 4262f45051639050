"""Why a mention was found, in words for a reviewer."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@lru_cache(maxsize=1)
def reasons() -> Mapping[str, str]:
    """What each rule has seen, by the rule's name."""
    text = (files("samaran.data") / "rules.txt").read_text(encoding="utf-8")
    pairs = (line.partition(": ") for line in text.splitlines() if line and not line.startswith("#"))
    return MappingProxyType({name: seen for name, _, seen in pairs})
