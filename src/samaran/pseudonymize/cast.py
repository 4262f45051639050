"""The people of a document, so kept that those whose names resemble a name are found without looking at all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from samaran.model import EntityType
from samaran.pseudonymize import names
from samaran.pseudonymize.groups import Groups
from samaran.pseudonymize.index import Index
from samaran.pseudonymize.reading import Meant, Reading, Target

Name = tuple[str, ...]
Key = tuple[str, str | int]


class Cast:
    """The people who are certainly in a document, and the new ones, in order of their first mention, with all their names."""

    def __init__(self, index: Index, reading: Reading) -> None:
        self.groups = Groups()
        self.names: dict[Target, set[Name]] = {}
        self.capitals: set[Target] = set()
        for item, target in zip(reading.items, reading.targets, strict=True):
            local = target.meant is Meant.HERE or (target.meant is Meant.KNOWN and index.entities[target.key].source is not None)
            if target.kind is EntityType.PERSON and item.sure and not local:
                known = set(index.persons.get(target.key, ())) if target.meant is Meant.KNOWN else set()
                self.names.setdefault(target, known).add(item.tokens)
                if item.surface.strip(" .").isupper():
                    self.capitals.add(target)
        self._order = {target: n for n, target in enumerate(self.names)}
        self._called = {
            t: {f[0] for f in forms if len(f) == 1} - index.parts.get(t.key, frozenset()) for t, forms in self.names.items()
        }
        self._first = {t: {f[0] for f in forms if f} for t, forms in self.names.items()}
        self._near: dict[Key, set[Target]] = defaultdict(set)
        for target, forms in self.names.items():
            for form in forms:
                self._file(target, form)

    def _file(self, target: Target, form: Name) -> None:
        if not form:
            return
        whole = "".join(form)
        keys: set[Key] = {("token", token) for token in form if len(token) > 1}
        keys |= {
            ("head", form[0][:2]),
            ("tail", form[0][-2:]),
            (whole[:1], len(whole)),
            ("initials", "".join(t[0] for t in form)),
        }
        for key in keys:
            self._near[key].add(target)

    def roots(self, target: Target, keys: Iterable[Key], fits: Callable[[Target], bool]) -> list[Target]:
        """Who stands for the groups, but the target's own, of people near one of the keys for whom `fits` holds, in order."""
        near = set().union(*(self._near.get(key, ()) for key in keys))
        own = self.groups.root(target)
        found = (self.groups.root(t) for t in sorted(near, key=self._order.__getitem__) if t != target and fits(t))
        return [root for root in dict.fromkeys(found) if root != own]

    def longer(self, target: Target) -> list[Target]:
        """The people of whose name this name is a shorter form. One of the two is new."""
        mine = max(self.names[target], key=lambda form: (len(form), form))
        return self.roots(
            target,
            [("token", token) for token in mine],
            lambda t: Meant.NEW in (t.meant, target.meant) and any(names.shorter(mine, form) for form in self.names[t]),
        )

    def with_initials(self, target: Target, letters: str) -> list[Target]:
        """The people whose initials these letters are."""
        return self.roots(target, [("initials", letters)], lambda t: any(names.initials(letters, form) for form in self.names[t]))

    def clipped(self, target: Target, short: str, *, called: bool) -> list[Target]:
        """The people of whose name the short form is clipped: a name by which they are called, or else the first of several."""
        of = self._called if called else self._first
        keys = [("head", short[:2]), ("tail", short[-2:])]
        return self.roots(target, keys, lambda t: any(names.clipped(short, name) for name in of[t]))

    def shortened(self, target: Target, short: str) -> list[Target]:
        """The people mentioned earlier whose name begins so."""
        before = self._order[target]
        keys = [("head", short[:2])]
        return self.roots(
            target, keys, lambda t: self._order[t] < before and any(names.shortened(short, n) for n in self._first[t])
        )

    def misspelled(self, target: Target, short: str) -> list[Target]:
        """The people whose name differs by a slip of the pen."""
        keys = [(short[:1], len(short) + n) for n in (-1, 0, 1)]
        return self.roots(target, keys, lambda t: any(names.slip(short, "".join(form)) for form in self.names[t]))
