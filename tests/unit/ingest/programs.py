"""Files made by the programs that people use, where these are installed."""

import shutil
import subprocess
from pathlib import Path

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skip, saying so, where a program is not installed."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def converted(source: Path, form: str, folder: Path) -> bytes:
    """The file in another format, by LibreOffice with a profile of its own."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, timeout=200, check=False)
    made = folder / f"{source.stem}.{form.partition(':')[0]}"
    if not made.exists():
        pytest.skip(f"LibreOffice here writes no {form}: {done.stderr[:80]!r}")
    return made.read_bytes()


def written(markdown: str, form: str) -> bytes:
    """Markdown in another format, by pandoc."""
    command = ["pandoc", "--standalone", "--from", "markdown", "--to", form, "--output", "-"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, timeout=60, check=True).stdout


MARKDOWN = """---
title: Transkrip 3
author: Nadya Fitriani
---

**P:** Di mana, Téh?

**Rani:** Di Dago.^[catatan kaki Teh Lia]

| Nama | Usia |
|------|------|
| Entin | 54 |

P: Terus?

Rani: Begitu, “ngekos”.
"""
