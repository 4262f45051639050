"""Which targets are one: the smallest union-find that never puts two entities of the register together."""

from samaran.pseudonymize.reading import Meant, Target


class Groups:
    """Groups of targets. A group holds at most one target that is not new, and that one stands for it."""

    def __init__(self) -> None:
        self._parent: dict[Target, Target] = {}
        self._grown: set[Target] = set()

    def root(self, target: Target) -> Target:
        """The target that stands for a group; an entity of the register where there is one."""
        top = target
        while (parent := self._parent.get(top, top)) != top:
            top = parent
        while target != top:
            self._parent[target], target = top, self._parent[target]
        return top

    def alone(self, target: Target) -> bool:
        """Whether nothing was joined to the target."""
        return target not in self._parent and target not in self._grown

    def join(self, one: Target, other: Target) -> bool:
        """Make two groups one. False, and nothing done, where they are one or hold two entities."""
        a, b = self.root(one), self.root(other)
        if a == b or (a.meant is not Meant.NEW and b.meant is not Meant.NEW):
            return False
        if a.meant is not Meant.NEW:
            a, b = b, a
        self._parent[a] = b
        self._grown.add(b)
        return True
