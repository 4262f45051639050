"""Tables separated by commas, semicolons, tabs or bars: each cell is a line, with the heading of its column.

The heading row is told by its shape and gives lines too. Rows of another width (a title, a total) are read as they are.
A file may hold several tables, each with its heading, parted by blank lines, titles or another width, as an exported sheet has.
Cells stay the text they are: no identifier becomes a number.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, islice

from samaran.ingest import making, roles
from samaran.ingest.spans import visible
from samaran.model import Line, Part, Span, SpeakerRole, Transcript

_CELL = {
    mark: re.compile(rf'[ \ufeff]*+"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"?(?P<tail>[^{mark}\r\n]*+)|(?P<plain>[^{mark}\r\n]*+)')
    for mark in ";,\t|"
}
_TIMES = frozenset({"timestamp", "cap waktu", "stempel waktu", "tanda waktu", "waktu pengisian"})
_NUMBER = re.compile(r"\d{3}")
_WHO = frozenset({"pembicara", "penutur", "speaker", "speakers", "panyatur", "narasumber/peneliti", "nama pembicara"})
_SAID_WORDS = (
    "ucapan teks text content transkrip transcript isi tuturan ujaran utterance pernyataan percakapan jawaban/pertanyaan"
)
_SAID = frozenset(_SAID_WORDS.split())
_NUMBERISH = re.compile(r"[\d\s.,+\-/:()]{4,}")


def rows(text: str, mark: str) -> Iterator[list[list[Span]]]:
    """The records of the text: for each cell the visible stretches in it, without its quotes. A cell that goes on after its
    closing quote has two."""
    at, row = 0, list[list[Span]]()
    pattern = _CELL[mark]
    while True:
        while not row and (end := text.find("\n", at)) >= 0 and '"' not in (line := text[at:end]):
            if "\r" in line.removesuffix("\r"):
                break
            yield _plain(text, at, line.removesuffix("\r"), mark)
            at = end + 1
        found = pattern.match(text, at)
        assert found is not None  # the last branch matches anything, nothing included
        start, end = found.span("plain")
        if start >= 0:
            spans = [span] if start < end and (span := visible(text, start, end)) else []
        else:
            spans = [span for name in ("quoted", "tail") if found[name] and (span := visible(text, *found.span(name)))]
        row.append(spans)
        at = found.end()
        if at < len(text) and text[at] == mark:
            at += 1
            continue
        yield row
        row = []
        if at >= len(text):
            return
        at += 2 if text.startswith("\r\n", at) else 1


def _plain(text: str, at: int, line: str, mark: str) -> list[list[Span]]:
    """The cells of a record without quotes, which most are."""
    row: list[list[Span]] = []
    for cell in line.split(mark):
        end = at + len(cell)
        if cell and "!" <= cell[0] <= "~" and "!" <= cell[-1] <= "~":
            row.append([making.span(at, end)])
        else:
            row.append([span] if (span := visible(text, at, end)) else [])
        at = end + 1
    return row


def delimiter(text: str, hinted: bool) -> str:
    """The mark that separates the cells of a table, or nothing where the text is none. `hinted`: the file is called .csv."""
    best, mark = 0.0, ""
    for candidate in ";\t|,":
        widths = [len(row) for row in islice(rows(text[:100_000], candidate), 80) if any(row)]
        counts = Counter(width for width in widths if width >= (2 if hinted else 3))
        if not counts:
            continue
        width, count = counts.most_common(1)[0]
        share = count / len(widths)
        enough = count >= 2 and share >= 0.5 if hinted else _regular(widths, width, share, candidate)
        if candidate == "\t" and not hinted and text.count("\t:\t", 0, 100_000) * 3 >= len(widths):
            enough = False  # labels in a column of their own, and their colons
        if candidate == "," and not hinted and text[:100_000].count(", ") * 10 > text[:100_000].count(",") * 7:
            enough = False  # sentences
        if enough and share > best:
            best, mark = share, candidate
    mark = mark or next((candidate for candidate in ";\t|," if _several(text[:100_000], candidate)), "")
    if hinted and not mark:
        head = text[:2000].splitlines()[:1]
        mark = max(",;\t|", key="".join(head).count)
    return mark


def _regular(widths: Sequence[int], width: int, share: float, mark: str) -> bool:
    """Whether text of unknown kind is a table: most lines have the same number of cells, or there is a wide table between
    lines of prose. Commas stand in prose, too, and need more evidence."""
    longest = max(sum(1 for _ in run) for same, run in groupby(widths, key=width.__eq__) if same)
    if width >= 6 and longest >= 5:
        return True
    return longest >= 3 and (share >= 0.8 and width >= 4 if mark == "," else share >= 0.5)


def _several(text: str, mark: str) -> bool:
    """Whether the text is several tables of their own widths with titles between: at least two, each with a heading, and half of
    all lines. A blank behind the marks says sentences; where commas are the marks, all other lines must be titles."""
    table = [shown(row, text) for row in islice(rows(text, mark), 400)]
    widths = [len(row) for row in table if any(row)]
    inside = [end - start for start, end in _blocks(table) if heading(table[start:end]) == 0]
    if len(inside) < 2 or sum(inside) * 2 < len(widths) or (mark in ";," and text.count(f"{mark} ") * 10 > text.count(mark) * 7):
        return False
    return mark != "," or sum(inside) + widths.count(1) == len(widths)


def _blocks(table: Sequence[Sequence[object]]) -> Iterator[tuple[int, int]]:
    """Where runs of two or more rows of one width begin and end, three columns or wider, each with two cells filled or more."""
    start = 0
    for width, run in groupby(table, key=lambda row: len(row) if sum(map(bool, row)) > 1 else 0):
        end = start + sum(1 for _ in run)
        if width >= 3 and end - start >= 2:
            yield start, end
        start = end


def _trimmed(table: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Without columns at the right that are empty in all rows: an exported sheet has as many cells everywhere."""
    width = max(c + 1 for row in table for c, cell in enumerate(row) if cell)
    return [row[:width] for row in table]


def heading(table: Sequence[Sequence[str]]) -> int | None:
    """The index of the heading row: the first of the usual width whose cells are all filled and different, with letters,
    and none of which looks like a number, while the rows below fill the same columns."""
    widths = Counter(len(row) for row in table if sum(bool(cell) for cell in row) > 1)
    if not widths:
        return None
    usual = max(widths, key=lambda width: (widths[width], width))
    for i, row in enumerate(table[:20]):
        if len(row) != usual or usual < 2:
            continue
        filled = [cell for cell in row if cell]
        titled = len(filled) * 4 >= usual * 3 and len(set(filled)) == len(filled) and all(len(cell) <= 120 for cell in filled)
        lettered = all(any(c.isalpha() for c in cell) and not _NUMBERISH.fullmatch(cell) for cell in filled)
        below = [below for below in table[i + 1 : i + 40] if len(below) == usual]
        if titled and lettered and below and (_differs(row, below)):
            return i
        return None
    return None


def _differs(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the rows below look unlike the heading: digits where it has none, or its words never come again."""
    digits = any(any(any(c.isdigit() for c in cell) for cell in other) for other in below)
    again = any(cell and cell == other[i] for other in below for i, cell in enumerate(row))
    return not again and (digits or len(below) >= 2)


def heading_row(rows: dict[int, dict[int, str]]) -> int | None:
    """The number of the heading row, told from the first sixty rows that hold anything."""
    if not rows:
        return None
    numbers = list(rows)[:60]
    low, high = min(min(row) for row in rows.values()), max(max(row) for row in rows.values())
    high = min(high, low + 200)
    at = heading([[rows[r].get(c, "") for c in range(low, high + 1)] for r in numbers])
    return None if at is None else numbers[at]


def spoken(shown: Sequence[Sequence[str]]) -> bool:
    """Whether the table is a transcript: speakers in the first of two columns, and the same ones again and again."""
    labels = [row[0].rstrip(": ") for row in shown if len(row) == 2 and row[0] and row[1]]
    counts = Counter(roles.key(label) for label in labels)
    if len(labels) < 2 or len(labels) * 2 < len(shown) or max(len(label) for label in labels) > 40:
        return False
    named = sum(n for label, n in counts.items() if n >= 2 or roles.role_of(label))
    return named * 3 >= len(labels) * 2 and len(counts) <= max(2, len(labels) * 2 // 3)


def talk(titles: Mapping[int, str]) -> tuple[int, int] | None:
    """The columns of who speaks and of what is said, where the headings name both: `Pembicara`, `Ucapan`."""
    words = {column: roles.key(title).rstrip(":") for column, title in titles.items()}
    who = next((column for column, word in words.items() if word in _WHO), None)
    said = next((column for column, word in words.items() if word in _SAID), None)
    return None if who is None or said is None else (who, said)


def turn(titles: Mapping[int, str], row: Mapping[int, str]) -> tuple[int, int] | tuple[None, None]:
    """The same two columns for a row that has both cells."""
    columns = talk(titles)
    return columns if columns and all(row.get(column, "").strip() for column in columns) else (None, None)


@lru_cache(maxsize=1024)
def column_name(index: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def read(text: str, mark: str) -> Transcript:
    """The cells, row by row."""
    table = list(rows(text, mark))
    heads = _headings(table, text)
    lines, titles = list[Line](), dict[int, Span]()
    columns: tuple[int, int] | None = None
    for r, row in enumerate(table):
        above, titles = ({}, heads[r]) if r in heads else (titles, titles)
        if r in heads:
            columns = talk({c: title.of(text) for c, title in titles.items()})
        spoken = columns and r not in heads and max(columns) < len(row) and all(row[column] for column in columns)
        who, said = columns if columns and spoken else (None, None)
        label = row[who][0] if who is not None else None
        for c, cell in enumerate(row):
            if c != who:
                for span in cell:
                    named = label if c == said else None
                    known = (named, None, SpeakerRole.UNKNOWN, None, None, above.get(c))
                    lines.append(making.line(len(lines) + 1, span, f"cell {column_name(c)}{r + 1}", Part.CELL, *known))
    first = next((shown(table[r], text) for r in sorted(heads) if heads[r]), [])
    return Transcript("google-forms" if is_form(first) else "csv", text, tuple(lines))


def shown(row: Sequence[Sequence[Span]], text: str) -> list[str]:
    """What stands in the cells of a row."""
    return [" ".join(span.of(text) for span in cell) for cell in row]


def _headings(table: Sequence[Sequence[Sequence[Span]]], text: str) -> dict[int, dict[int, Span]]:
    """The rows from which other titles hold, with these: heading rows, and what stands above a further table, which has none.

    A table below another one of its width has a heading of its own where that is the same again, or where it has no digits and
    each of its rows has; so has one that follows a row or two of its width."""
    at = heading([shown(row, text) for row in table[:60]])
    found = {} if at is None else {at: _titles(table[at])}
    names, width = list[str](), 0
    for start, end in _blocks(table):
        block = _trimmed([shown(row, text) for row in table[start : min(end, start + 60)]])
        again = start == at or len(table[start]) != width or block[0] == names
        for r, rest in enumerate(block[i:] for i in range(min(3, len(block) - 1))):
            if heading(rest) == 0 and _short(rest[0]) and ((again and not r) or _digits(rest)):
                gap = start
                while gap and sum(map(bool, table[gap - 1])) <= 1:
                    gap -= 1
                found |= {gap: {}, start + r: _titles(table[start + r])}
                names = list(rest[0])
                break
        width = len(table[start])
    return found


def _short(row: Sequence[str]) -> bool:
    """Whether the cells could be titles of columns: no sentences and no numbers."""
    return all(len(cell) <= 40 and not _NUMBER.search(cell) for cell in row)


def _digits(block: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has no digit and each row below has one."""
    first, *below = [any(any(map(str.isdigit, cell)) for cell in row) for row in block]
    return not first and all(below)


def _titles(row: Sequence[Sequence[Span]]) -> dict[int, Span]:
    return {c: cell[0] for c, cell in enumerate(row) if cell}


def is_form(titles: Sequence[str]) -> bool:
    """Whether a heading is that of answers to an online form: the time first, then questions."""
    return len(titles) >= 3 and titles[0].casefold() in _TIMES
