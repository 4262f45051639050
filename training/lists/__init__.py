"""Our own names and places, and what is made of them. 30 % are held out, to measure recall on names never trained on."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

HELD = 0.3
HERE = Path(__file__).parent
WESTERN = {"english", "english and european", "continental", "african, asian, pacific", "western places"}
RARER = {"names that are words": 0.4, "clipped": 0.5, "african, asian, pacific": 0.7}
DECORATION = ["🌸", "✨", "🦋", "💋", "🖤", "🔥", "🌙", "🍓", "xx", "~", "♡", "👑", "🌹", "😈", "🥀"]


def words(file: str) -> list[str]:
    """All words of a file without groups."""
    lines = (HERE / file).read_text("utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


HANDLE_WORDS = words("handles.txt")


def read(file: str) -> dict[str, list[str]]:
    """Groups of names; `_` joins the words of one name."""
    groups: dict[str, list[str]] = {}
    group = ""
    for line in (HERE / file).read_text("utf-8").splitlines():
        if line.startswith("="):
            group = line[1:].strip()
        elif line and not line.startswith("#"):
            groups.setdefault(group, []).extend(word.replace("_", " ") for word in line.split())
    return groups


def held_out(groups: dict[str, list[str]], seed: int = 5) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The groups without, and with only, the names held out. A name held out in one group is held out in all."""
    rng = random.Random(seed)
    names = sorted({name for group in groups.values() for name in group})
    out = {name for name in names if rng.random() < HELD}
    return (
        {group: [n for n in members if n not in out] for group, members in groups.items()},
        {group: [n for n in members if n in out] for group, members in groups.items()},
    )


def parts(groups: dict[str, list[str]]) -> set[str]:
    """The single words of all names, in lower case."""
    return {word.lower() for group in groups.values() for name in group for word in name.split()}


class Names:
    """A source of names: those for training, or with `held=True` only those held out."""

    def __init__(self, *, held: bool = False) -> None:
        part = 1 if held else 0
        self.givens = held_out(read("given.txt"))[part]
        self.families = held_out(read("family.txt"))[part]
        self.places = held_out(read("places.txt"))[part]
        self.streets = held_out(read("streets.txt"))[part][""]
        self._names = parts(read("given.txt")) | parts(read("family.txt"))
        self._places = parts(read("places.txt"))
        self._streets = parts(read("streets.txt"))

    def _choose(self, groups: dict[str, list[str]], rng: random.Random, western: bool | None) -> str:
        pool: Sequence[str] = [g for g in groups if western is None or (g in WESTERN) == western]
        pool = [group for group in pool if groups[group]]
        return rng.choice(groups[rng.choices(pool, [RARER.get(group, 1.0) for group in pool])[0]])

    def given(self, rng: random.Random, western: bool | None = None) -> str:
        """A given name; now and then one that is also a word, or a clipped form."""
        return self._choose(self.givens, rng, western)

    def family(self, rng: random.Random, western: bool | None = None) -> str:
        """A last name."""
        if not western and rng.random() < 0.4:
            return self._choose(self.givens, rng, western)
        return self._choose(self.families, rng, western)

    def full(self, rng: random.Random, western: bool | None = None) -> str:
        """Given and last name, sometimes with a middle initial, sometimes three words."""
        first, last = self.given(rng, western), self.family(rng, western)
        roll = rng.random()
        if roll < 0.08:
            return f"{first} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {last}"
        if roll < 0.2:
            return f"{first} {self.given(rng, western)} {last}"
        return f"{first} {last}"

    def place(self, rng: random.Random, western: bool | None = None) -> str:
        """A place above street level."""
        return self._choose(self.places, rng, western)

    def street(self, rng: random.Random) -> str:
        """The name of a street, without the word for it."""
        return rng.choice(self.streets)

    def account(self, rng: random.Random) -> str:
        """A handle or a profile's display name."""
        name = self.given(rng, None).split()[0]
        word = rng.choice(HANDLE_WORDS)
        number = rng.choice(["", str(rng.randint(1, 99)), f"{rng.randint(0, 99):02d}", str(rng.randint(1990, 2024)), "_"])
        roll = rng.random()
        if roll < 0.45:
            mark = rng.choice([".", "_", "", "__"])
            handle = (name + mark + word if rng.random() < 0.6 else word + mark + name) + number
            handle = handle.lower() if rng.random() < 0.75 else handle
            return ("@" if rng.random() < 0.25 else "") + handle
        if roll < 0.6:
            return re.sub(r"^\w", lambda m: m[0].upper(), name) + word.capitalize() + number
        bits = [
            rng.choice([name, name.lower(), name + name[-1] * 2]),
            rng.choice([word, word.capitalize(), self.place(rng, False)]),
        ]
        if rng.random() < 0.4:
            rng.shuffle(bits)
        text = " ".join(bits if rng.random() < 0.75 else bits[:1])
        if rng.random() < 0.5:
            text = f"{text} {rng.choice(DECORATION)}" if rng.random() < 0.6 else f"{rng.choice(DECORATION)} {text}"
        return text

    def is_place(self, word: str) -> bool:
        """Whether the lower-case word is part of a listed place."""
        return word in self._places

    def is_street(self, word: str) -> bool:
        """Whether the lower-case word is part of a listed street."""
        return word in self._streets

    def is_name(self, word: str) -> bool:
        """Whether the lower-case word is part of a listed name."""
        return word in self._names
