"""Every rule says why: the list of reasons and the rules of the code are the same."""

import ast
from pathlib import Path

from samaran import detect
from samaran.detect.institutions import ORGANIZATIONS, VENUES
from samaran.detect.patterns import families
from samaran.detect.patterns.family import Family
from samaran.detect.reasons import reasons

HOW = ("exact", "case", "clitic", "prefix", "stretched", "slip", "clipped")
"""How a form of the register is met: the rule is `form-` and this."""


def patterns() -> set[str]:
    """Names of all pattern rules."""
    return {rule.name for f in (*families(), VENUES, ORGANIZATIONS) if isinstance(f, Family) for rule in f.rules}


def constants() -> set[str]:
    """All strings in the code of detection, those inside of longer ones aside."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(detect.__file__).parent.glob("*.py")]
    return {
        node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_pattern_has_its_reason() -> None:
    """A reviewer is never shown a rule without a reason."""
    assert patterns() <= set(reasons())


def test_every_other_rule_has_its_reason() -> None:
    """What looks like the name of a rule in the code is one of the list."""
    families_of_names = tuple({f"{name.split('-')[0]}-" for name in set(reasons()) - patterns() if "-" in name})
    named = {
        word for word in constants() if word.startswith(families_of_names) and word.replace("-", "").isalpha() and word[-1] != "-"
    }
    assert named <= set(reasons())


def test_no_reason_is_left_over() -> None:
    """Each reason belongs to a rule that is in the code."""
    assert set(reasons()) <= patterns() | constants() | {f"form-{how}" for how in HOW}
    assert set(HOW) <= constants()


def test_reasons_are_short_phrases() -> None:
    """A reason fits into a cell of a table."""
    assert all(5 <= len(reason) <= 100 and not reason.endswith(".") for reason in reasons().values())
