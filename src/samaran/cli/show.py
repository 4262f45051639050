"""How things are shown: errors, tables, progress, JSON. Progress only on a terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from samaran import codec
from samaran.errors import SamaranError

_WIDE = None if sys.stdout.isatty() else 200  # a file or a pipe has no width to keep to
out = Console(highlight=False, soft_wrap=True, width=_WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Tell = Callable[[str, int, int], None]


def complain(error: SamaranError) -> None:
    """The sentence and the hint, on standard error."""
    err.print(f"[bold red]samaran:[/] {escape(str(error))}\n  {escape(error.hint)}")


def say(text: str) -> None:
    """A line of plain text; brackets in it are no markup."""
    out.print(escape(text))


def as_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(codec.compact(codec.plain(value)) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table; numbers to the right."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for n, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[n], int | float) for row in rows)
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(escape(str(cell)) for cell in row))
    out.print(shown)


@contextmanager
def progress(steps: dict[str, str]) -> Iterator[Tell]:
    """A bar per step on a terminal, nothing elsewhere. `steps` maps the pipeline's words to what is shown."""
    if not err.is_terminal:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(steps.get(step, step), total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield tell
