"""Documents made from sentences of our own with slots: English reports and judgments, contacts and numbers, words like names.

`lists/sentences.txt` holds the sentences; a slot is a key of `SLOTS`, and a digit after it (`{P1}`) means the same person
throughout one document. `lists/forms.txt` holds the forms of what is not a name, `lists/parts.txt` months, provinces and plates.
"""

import random
import re
from pathlib import Path

from samaran.model import EntityType as T

from .gold import Chunk, Document
from .lists import Names

SLOT = re.compile(r"\{(\w+?)(\d?)\}")
PART = re.compile(r"\{([^}]+)\}")
SLOTS = {
    "C": ("country", T.LOCATION),
    "D": ("date", T.DATE),
    "A": ("age", T.AGE),
    "O": ("organization", T.ORGANIZATION),
    "CT": ("court", T.ORGANIZATION),
    "V": ("venue", T.VENUE),
    "CASE": ("case", T.ID_NUMBER),
    "ID": ("identity", T.ID_NUMBER),
    "PH": ("phone", T.PHONE),
    "ACC": ("account", T.ACCOUNT_NUMBER),
    "PL": ("plate", T.PLATE),
    "E": ("mailbox", T.EMAIL),
    "U": ("site", T.URL),
    "AD": ("address", T.ADDRESS),
}


def grouped(file: str) -> dict[str, list[str]]:
    """Groups of lines: `= name language`, then one form or sentence a line."""
    groups: dict[str, list[str]] = {}
    group = ""
    for line in (Path(__file__).parent / "lists" / file).read_text("utf-8").splitlines():
        if line.startswith("= "):
            group = line[2:].strip()
        elif line.strip() and not line.startswith("#"):
            groups.setdefault(group, []).append(line)
    return groups


FORMS = grouped("forms.txt")
PARTS = {group: lines[0].split() for group, lines in grouped("parts.txt").items()}


class Cast:
    """Fills slots; remembers the people of one document."""

    def __init__(self, names: Names, rng: random.Random, *, western: bool) -> None:
        self.names, self.rng, self.western = names, rng, western
        self.people = {str(n): (names.given(rng, western), names.family(rng, western)) for n in range(10)}
        self.home = names.place(rng, western)

    def fill(self, template: str) -> tuple[Chunk, ...]:
        """The sentence as chunks."""
        chunks: list[Chunk] = []
        at = 0
        for match in SLOT.finditer(template):
            chunks.append((template[at : match.start()], None))
            chunks.append(self.slot(match[1], match[2]))
            at = match.end()
        chunks.append((template[at:], None))
        return tuple(chunk for chunk in chunks if chunk[0])

    def slot(self, name: str, number: str) -> Chunk:
        """The text of one slot and its type."""
        rng, names = self.rng, self.names
        if name in SLOTS:
            kind, type_ = SLOTS[name]
            return self.form(kind), type_
        given, family = self.people[number] if number else (names.given(rng, self.western), names.family(rng, self.western))
        match name:
            case "P":
                middle = f" {names.given(rng, self.western)}" if rng.random() < 0.12 else ""
                return f"{given}{middle} {family}", T.PERSON
            case "G":
                return given, T.PERSON
            case "S":
                return family, T.PERSON
            case "I":
                dot = rng.choice([".", ".", ""])
                return f"{given[0]}{dot}{rng.choice(['', ' '])}{family[0]}{dot}", T.PERSON
            case "IS":
                return f"{given[0]}. {family}", T.PERSON
            case "L":
                return (self.home if rng.random() < 0.3 else names.place(rng, self.western)), T.LOCATION
            case "Y":
                return str(rng.randint(1948, 2024)), T.DATE
            case "M":
                return f"{self.part('month')} {rng.randint(1970, 2024)}", T.DATE
            case "N":
                return str(rng.randint(15, 79)), T.AGE
            case "H":
                return names.account(rng), T.ONLINE_ID
            case _:
                raise KeyError(name)

    def form(self, kind: str) -> str:
        """One form of the kind, with its parts drawn."""
        forms = FORMS.get(f"{kind} {'en' if self.western else 'id'}") or FORMS.get(f"{kind} id") or FORMS[f"{kind} en"]
        text = PART.sub(lambda match: self.part(match[1]), self.rng.choice(forms))
        return text.lower() if kind == "plate" and self.rng.random() < 0.2 else text

    def part(self, name: str) -> str:
        """What stands for one pair of braces in a form."""
        rng, names = self.rng, self.names
        if name[0] == "#":
            return "".join(rng.choices("0123456789", k=int(name[1:])))
        if name[0] == "?":
            return rng.choice(name[1:])
        if name[0].isdigit():
            low, high = name.split("-")
            return str(rng.randint(int(low), int(high)))
        months = PARTS["months en" if self.western else "months id"]
        simple = re.compile(r"\W")
        match name:
            case "given":
                return names.given(rng, self.western)
            case "family":
                return names.family(rng, self.western)
            case "place":
                return names.place(rng, self.western)
            case "street":
                return names.street(rng)
            case "month":
                return rng.choice(months)
            case "mon":
                return rng.choice(months)[:3]
            case "region":
                return rng.choice(PARTS["plates"])
            case "province":
                return rng.choice(PARTS["provinces"])
            case "nik":
                return self.form("nik")
            case "sep":
                return rng.choice(["", ".", "_"])
            case "user":
                return simple.sub("", names.given(rng, self.western).lower())
            case "user2":
                return simple.sub("", names.family(rng, self.western).lower())
            case "handle":
                return re.sub(r"[^\w.]", "", names.account(rng).lower()) or "akun"
            case _:
                raise KeyError(name)


def documents(names: Names, rng: random.Random, count: int) -> list[Document]:
    """`count` documents of 6 to 14 lines, each from one group of sentences."""
    groups = grouped("sentences.txt")
    weights = [len(lines) for lines in groups.values()]
    out = []
    for _ in range(count):
        group = rng.choices(list(groups), weights)[0]
        language = group.split()[-1]
        cast = Cast(names, rng, western=language == "en")
        chosen = rng.sample(groups[group], min(len(groups[group]), rng.randint(6, 14)))
        lines: list[tuple[Chunk, ...]] = []
        for template in chosen:
            line = cast.fill(template)
            if language == "en" and lines and rng.random() < 0.5 and len(lines[-1]) < 16:
                lines[-1] = (*lines[-1], (" ", None), *line)
            else:
                lines.append(line)
        out.append(Document(f"synth-{group.split()[0]}", tuple(lines), language=language))
    return out
