"""How fast files are read: plain text, turns, chats, tables, subtitles, a docx; and a chat export of 500 MB in bounded memory.

    python benchmarks/ingest.py [--size MB] [--long MB]

Speed is bytes of the file over seconds of CPU, the best of three rounds, so that other work on the machine counts little. Peak
memory is that of a process of its own. Texts are made up from a few dozen words.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from samaran.ingest import read, read_parts

_TEXT = """
halo teh kumaha damang abdi di bandung nuju ngantosan tamu nu ti jakarta tea pan kamari oge datang jam sapuluh peuting teu
nanaon ah terus saya pulang naik ojek sampai kos sudah larut malam sekali
"""
WORDS = _TEXT.split()
SENDERS = ("Teh Yuyun", "Rani", "+62 895-6014-88217", "~ Lin 2")


def said(dice: random.Random, low: int, high: int) -> str:
    """Some words."""
    return " ".join(dice.choices(WORDS, k=dice.randint(low, high)))


def message(dice: random.Random, minute: int) -> str:
    """A message, one in twenty with a second line."""
    when = f"{minute // 1440 % 28 + 1:02}/{minute // 40320 % 12 + 1:02}/25 {minute // 60 % 24:02}.{minute % 60:02}"
    more = "\nbaris kedua" if dice.random() < 0.05 else ""
    return f"{when} - {dice.choice(SENDERS)}: {said(dice, 1, 18)}{more}\n"


def grown(size: int, piece: Callable[[random.Random, int], str]) -> bytes:
    """Pieces until there are so many bytes."""
    dice, out, length = random.Random(5), [], 0
    while length < size:
        out.append(piece(dice, len(out)))
        length += len(out[-1])
    return "".join(out).encode()


def timed_turn(dice: random.Random, n: int) -> str:
    """A turn with its time, one every seven seconds."""
    seconds = n * 7
    when = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"[{when}] {dice.choice(('P', 'Rani'))}: {said(dice, 3, 60)}.\n\n"


def copied_message(dice: random.Random, minute: int) -> str:
    """A message as copied from a screen."""
    return f"{dice.choice(('Rani', 'Afung Bdg'))}  {minute // 60 % 24:02}:{minute % 60:02}\n{said(dice, 1, 18)}\n"


def record(dice: random.Random, n: int) -> str:
    """A row of a table with four columns, one of them quoted."""
    return f'{n},10:{n % 60:02},Rani,"{said(dice, 3, 20)}, {said(dice, 1, 5)}"\n'


def cue(dice: random.Random, n: int) -> str:
    """A subtitle."""
    at = f"{n * 3 // 3600:02}:{n * 3 // 60 % 60:02}:{n * 3 % 60:02}"
    return f"{n + 1}\n{at},000 --> {at},900\n{said(dice, 3, 14)}\n\n"


def document(size: int) -> bytes:
    """A docx with bold labels, of about so many bytes."""
    from docx import Document

    dice, made = random.Random(5), Document()
    for _ in range(size // 135):
        paragraph = made.add_paragraph()
        paragraph.add_run(dice.choice(("P: ", "Rani: "))).bold = True
        letters = ("".join(dice.choices("abdegihjklmnprstuwy", k=dice.randint(2, 9))) for _ in range(dice.randint(5, 60)))
        paragraph.add_run(" ".join(letters))
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def speed(name: str, data: bytes, file: str) -> None:
    """One row of the table."""
    best, lines = float("inf"), 0
    for _ in range(3):
        begun = time.process_time()
        lines = len(read(data, file).lines)
        best = min(best, time.process_time() - begun)
    print(f"  {name:24} {len(data) / 1e6:8.1f} MB {lines:10,} lines {len(data) / 1e6 / best:8.1f} MB/s")


def long_chat(megabytes: int) -> None:
    """A long export, read in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chat.txt"
        block = grown(8_000_000, message)
        with path.open("wb") as file:
            for _ in range(max(1, megabytes // 8)):
                file.write(block)
        subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)


def read_long(path: Path) -> None:
    """Read all parts and let go of each; print speed and peak memory."""
    begun, lines = time.process_time(), 0
    for part in read_parts(path):
        lines += len(part.lines)
    seconds, size = time.process_time() - begun, path.stat().st_size / 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rate = f"{lines:10,} lines {size / seconds:8.1f} MB/s, at most {memory:.0f} MiB of memory"
    print(f"  {'chat, part by part':24} {size:8.1f} MB {rate}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=5.0, help="megabytes of each file")
    parser.add_argument("--long", type=int, default=500, help="megabytes of the long chat")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        read_long(given.read)
        return
    size = int(given.size * 1e6)
    speed("prose", grown(size, lambda dice, _: f"{said(dice, 30, 120)}.\n\n"), "x.txt")
    speed("turns", grown(size, lambda dice, _: f"{dice.choice(('P', 'Rani'))}: {said(dice, 3, 60)}.\n\n"), "x.txt")
    speed("turns with times", grown(size, timed_turn), "x.txt")
    speed("chat export", grown(size, message), "x.txt")
    speed("copied chat", grown(size, copied_message), "x.txt")
    speed("csv", grown(size, record), "x.csv")
    speed("srt", grown(size, cue), "x.srt")
    speed("docx", document(size // 2), "x.docx")
    long_chat(given.long)


if __name__ == "__main__":
    main()
