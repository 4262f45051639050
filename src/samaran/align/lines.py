"""Which lines of an earlier version stand in a new one, and which words of the others. Raw text, in memory."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from samaran.align.matching import Pair, matches
from samaran.model import Line, Span, Transcript

_WORD = re.compile(r"\w+|[^\w\s]")
_Key = tuple[str, str]
_TELLING = 3
"""A line of so many words that stands once on either side is the same line, wherever it moved."""


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A word or a sign of a line's body. `line` is the position of the line."""

    line: int
    span: Span
    text: str

    def __repr__(self) -> str:
        return f"Word({self.line}, {self.span})"


@dataclass(frozen=True, slots=True, repr=False)
class Paired:
    """Lines whose text is the same to the letter, by position in both versions; and the same words in all other lines."""

    lines: tuple[Pair, ...]
    words: tuple[tuple[Word, Word], ...]

    def __repr__(self) -> str:
        return f"Paired({len(self.lines)} lines, {len(self.words)} words)"


def paired(old: Transcript, new: Transcript) -> Paired:
    """Compare two versions of a source, lines first and then the words between them."""
    old_keys, new_keys = [_key(old, line) for line in old.lines], [_key(new, line) for line in new.lines]
    rows = _by_text(old_keys, new_keys, matches(old_keys, new_keys))
    moved = _moved(old_keys, new_keys, rows)
    taken_old, taken_new = {i for i, _ in moved}, {j for _, j in moved}
    lines: list[Pair] = []
    words: list[tuple[Word, Word]] = []
    for i, j in [*rows, *moved]:
        if old.lines[i].body.of(old.text) == new.lines[j].body.of(new.text):
            lines.append((i, j))
        else:  # white space differs
            words += _same_words(words_of(old, [i]), words_of(new, [j]))
    for begin, i, start, j in _gaps(rows, len(old_keys), len(new_keys)):
        left = words_of(old, (n for n in range(begin, i) if n not in taken_old))
        right = words_of(new, (n for n in range(start, j) if n not in taken_new))
        words += _same_words(left, right)
    return Paired(tuple(lines), tuple(words))


def words_of(transcript: Transcript, lines: Iterable[int]) -> list[Word]:
    """The words of these lines' bodies, in order."""
    return [
        Word(n, Span(*found.span()), found[0])
        for n in lines
        for found in _WORD.finditer(transcript.text, transcript.lines[n].body.start, transcript.lines[n].body.end)
    ]


def signs(text: str) -> list[str]:
    """The words and signs of a text, without the white space between them."""
    return _WORD.findall(text)


def plain(text: str) -> str:
    """A text without its white space's variety."""
    return " ".join(text.split())


def _key(transcript: Transcript, line: Line) -> _Key:
    return plain(line.label.of(transcript.text)) if line.label else "", plain(line.body.of(transcript.text))


def _by_text(old: Sequence[_Key], new: Sequence[_Key], rows: Sequence[Pair]) -> list[Pair]:
    """The pairs, and between them lines with the same text under another label."""
    found = list(rows)
    for begin, i, start, j in _gaps(rows, len(old), len(new)):
        pairs = matches([text for _, text in old[begin:i]], [text for _, text in new[start:j]])
        found += [(begin + a, start + b) for a, b in pairs]
    return sorted(found)


def _moved(old: Sequence[_Key], new: Sequence[_Key], rows: Sequence[Pair]) -> list[Pair]:
    done_old, done_new = {i for i, _ in rows}, {j for _, j in rows}
    left = [n for n in range(len(old)) if n not in done_old]
    right = [n for n in range(len(new)) if n not in done_new]
    often_left, often_right = Counter(old[n][1] for n in left), Counter(new[n][1] for n in right)
    place = {new[n][1]: n for n in right if often_right[new[n][1]] == 1}
    return [
        (n, place[text]) for n in left if often_left[text := old[n][1]] == 1 and text in place and len(text.split()) >= _TELLING
    ]


def _gaps(rows: Sequence[Pair], old: int, new: int) -> Iterator[tuple[int, int, int, int]]:
    begin = start = 0
    for i, j in [*rows, (old, new)]:
        if begin < i and start < j:
            yield begin, i, start, j
        begin, start = i + 1, j + 1


def _same_words(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[Word, Word]]:
    return [(old[i], new[j]) for i, j in matches([word.text for word in old], [word.text for word in new])]
