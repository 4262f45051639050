"""Code in the pages runs, and prints what the page says."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/detection.md"


def test_the_recognizer_works_in_presidio() -> None:
    """The example puts the model into an engine of Presidio's own; its output is the one shown."""
    page = PAGE.read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\s+```text\n(.*?)```", page, re.S)
    assert example
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(example[1], PAGE.name, "exec"), {})
    assert sorted(said.getvalue().splitlines()) == sorted(example[2].splitlines())
