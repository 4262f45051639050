"""What holds of the audit log for all inputs: no text gets in, entries have one form, trees their proofs, acts any order."""

import json
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from samaran import codec
from samaran.audit.act import Draft
from samaran.audit.entry import EARLIER, Entry, Scanner, fault, scan
from samaran.audit.log import Log
from samaran.audit.note import Note, new_log_key
from samaran.audit.proof import ProofFile, consistency, consistent, included, inclusion
from samaran.audit.tree import Frontier, frontier, leaf_hash, node_hash, split
from samaran.audit.verify import verify
from samaran.audit.vocabulary import FIELDS, NUMBERS, Act, Code, Phase
from samaran.model import Reason

ORIGIN = "samaran.test/properties"
TEXT_FIELDS = sorted(set(FIELDS) - NUMBERS)

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
numbers = st.integers(0, 2**53 - 1)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any valid entry."""
    act, result = draw(st.sampled_from(list(Act))), draw(st.booleans())
    seq = draw(st.integers(1, 2**53 - 1))
    given: dict[str, Any] = {"seq": seq, "act": str(act), "phase": str(Phase.RESULT if result else Phase.INTENT)}
    given["t"] = draw(st.datetimes(datetime(1000, 1, 1))).strftime("%Y-%m-%dT%H:00:00Z")
    given["actor"] = draw(st.one_of(st.just("collector"), st.binary(min_size=8, max_size=8).map(bytes.hex)))
    for name, values in {"sid": st.binary(min_size=16, max_size=16).map(bytes.hex), "n": numbers}.items():
        if draw(st.booleans()):
            given[name] = draw(values)
    if draw(st.booleans()) or (result and act in (Act.SOURCE_SEAL, Act.RELEASE_MAKE, Act.RELEASE_EXPORT)):
        given |= {"obj": draw(digests), "size": draw(numbers)}
    if act == Act.RUN_START:
        given["cfg"] = draw(digests)
    if result:
        codes = [
            code
            for code in (*Code, *Reason)
            if code != Code.OK or act not in ("source.refuse", "source.quarantine", "release.withhold")
        ]
        given |= {"of": draw(st.integers(0, seq - 1)), "code": str(draw(st.sampled_from(codes)))}
    return Entry(**given)


@given(entries())
def test_one_form(entry: Entry) -> None:
    """Every entry has one form: canonical JSON, accepted by the grammar, read back as the same entry."""
    data = entry.to_bytes()
    values = scan(data)
    assert values is not None
    assert fault(values) is None
    assert Entry.from_bytes(data) == entry
    assert codec.canonical(json.loads(data)) == data


@given(st.one_of(st.integers(0, 2**54), st.integers(2**53 - 20, 2**53 + 20), st.integers(0, 10**6)))
def test_numbers(number: int) -> None:
    """The grammar knows exactly the numbers below 2^53, each in one form."""
    pattern = re.compile(FIELDS["n"])
    assert bool(pattern.fullmatch(str(number))) == (number < 2**53)
    assert not pattern.fullmatch(f"0{number}")


@given(entries(), st.data())
def test_no_other_form(entry: Entry, data: st.DataObject) -> None:
    """A changed byte, a byte more and a byte less give another entry or none, never the same one in another form."""
    good = entry.to_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    for bad in (good[:at] + byte + good[at + 1 :], good[:at] + byte + good[at:], good[:at] + good[at + 1 :]):
        if bad != good:
            try:
                other = Entry.from_bytes(bad)
            except ValueError:
                continue
            assert other != entry
            assert other.to_bytes() == bad


@given(st.lists(entries(), min_size=1, max_size=6), st.data())
def test_together_as_one_by_one(some: list[Entry], data: st.DataObject) -> None:
    """Entries that are read together are judged as each alone is, good or with bytes of one changed, added or taken away."""
    leaves = [entry.to_bytes() for entry in some]
    at = data.draw(st.integers(0, len(leaves) - 1))
    place, byte = data.draw(st.integers(0, len(leaves[at]))), data.draw(st.sampled_from([b"", b"0", b"a", b'"', b"\n", b"\xe9"]))
    drop = data.draw(st.integers(0, 2))
    leaves[at] = leaves[at][:place] + byte + leaves[at][place + drop :]
    read = [scan(leaf) for leaf in leaves]
    good = all(values is not None and fault(values) in (None, EARLIER) for values in read)
    columns = Scanner().scan(leaves)
    assert good or columns is None
    if all(values is not None and fault(values) is None for values in read):
        assert columns is not None
        assert [int(seq) for seq in columns.seq] == [Entry.from_bytes(leaf).seq for leaf in leaves]


@given(st.text(min_size=1), st.sampled_from(TEXT_FIELDS), st.sampled_from(list(Act)), st.sampled_from(list(Phase)))
def test_no_text(canary: str, name: str, act: Act, phase: Phase) -> None:
    """No text but the vocabulary's gets into any field of any act, and the error doesn't repeat it."""
    given: dict[str, Any] = {"seq": 1, "t": "2026-03-01T14:00:00Z", "act": str(act), "phase": str(phase), "actor": "collector"}
    given |= {"of": 0, "code": "failed"} if phase == Phase.RESULT else {}
    try:
        entry = Entry(**{**given, name: canary})
    except ValueError as error:
        assert len(canary) < 6 or canary not in str(error)  # noqa: PT017
    else:
        assert scan(entry.to_bytes()) is not None
        assert canary.isascii()


@pytest.fixture(scope="module")
def shared_log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return Log.create(tmp_path_factory.mktemp("canary") / "audit", ORIGIN, new_log_key(ORIGIN))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(Act)), st.sampled_from(["sid", "obj", "size", "n", "cfg", "model", "pkg", "second", "why"]))
def test_canaries_through_every_act(shared_log: Log, act: Act, name: str) -> None:
    """A name put where a fact belongs, and in exceptions of every kind, is found nowhere in the log's folder."""
    canary = "Teh Mia Kurniasih 081298765432"
    with pytest.raises(ValueError, match="audit entry"):
        shared_log.record(act, "failed", **{name: canary})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="audit entry"):
        shared_log.record(act, canary, **({"cfg": "0c" * 32} if act == Act.RUN_START else {}))
    for error in (OSError(5, canary, canary), ValueError(canary)):
        given: Any = {"cfg": "0c" * 32} if act == Act.RUN_START else {}
        with pytest.raises(type(error)), shared_log.act(act, **given):
            raise error
    for path in shared_log.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert b"Mia" not in data
        assert b"0812" not in data


def _stored(size: int) -> tuple[list[bytes], Any]:
    rows: dict[int, list[bytes]] = {0: []}
    tree = Frontier()
    for n in range(size):
        rows[0].append(leaf_hash(n.to_bytes(4, "big")))
        for node in tree.add(rows[0][-1]):
            rows.setdefault(node.level, []).append(node.hash)
    return rows[0], lambda level, lo, hi: rows[level][lo:hi]


LEAVES, STORED = _stored(1500)


def _root(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    return node_hash(_root(hashes[: split(len(hashes))]), _root(hashes[split(len(hashes)) :]))


@settings(max_examples=60)
@given(st.integers(1, 1500), st.data())
def test_proofs_of_every_tree(size: int, data: st.DataObject) -> None:
    """In any tree every leaf has a proof, growth from every smaller size too, and they serve for nothing else."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = _root(LEAVES[:size])
    assert frontier(size, STORED).root() == root
    path = inclusion(STORED, index, size)
    assert included(LEAVES[index], index, size, path, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else None
    if other is not None:
        assert not included(LEAVES[index], other, size, path, root)
        assert not included(LEAVES[other], index, size, path, root)
    steps, old_root = consistency(STORED, old, size), _root(LEAVES[:old])
    assert consistent(old, size, steps, old_root, root)
    if old < size:
        assert not consistent(old, size, steps, root, root)
        changed = data.draw(st.integers(0, len(steps) - 1))
        assert not consistent(old, size, (*steps[:changed], leaf_hash(b"x"), *steps[changed + 1 :]), old_root, root)


class AnyOrder(RuleBasedStateMachine):
    """Acts, failures, crashes, checkpoints and restarts in any order: the log always verifies, and always says what happened."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp()) / "audit"
        self.key = new_log_key(ORIGIN)
        self.log = Log.create(self.folder, ORIGIN, self.key, clock=lambda: datetime(2026, 3, 1, 14, tzinfo=UTC))
        self.said: list[tuple[str, str]] = [("log.start", "ok")]
        self.open: list[int] = []
        self.kept = (self.folder / "log" / "checkpoint").read_bytes()
        self.signed = 2

    @rule(act=st.sampled_from(["source.seal", "source.detect", "source.open"]), n=st.integers(0, 9))
    def succeed(self, act: str, n: int) -> None:
        with self.log.act(act) as running:
            running.ok(n=n, obj="0b" * 32, size=n)
        self.said.append((act, "ok"))

    @rule(act=st.sampled_from(["source.seal", "release.make"]))
    def fail(self, act: str) -> None:
        with pytest.raises(ZeroDivisionError), self.log.act(act):
            raise ZeroDivisionError
        self.said.append((act, "failed"))

    @rule(reason=st.sampled_from(list(Reason)))
    def refuse(self, reason: Reason) -> None:
        self.log.record("source.refuse", reason)
        self.said.append(("source.refuse", str(reason)))

    @rule()
    def begin_and_die(self) -> None:
        self.open += self.log.append([Draft("source.open", Phase.INTENT, "collector", {})])
        self.restart()

    @rule()
    def restart(self) -> None:
        self.log.close()
        self.log = Log(self.folder)

    @precondition(lambda self: self.open)
    @rule()
    def recover(self) -> None:
        assert self.log.recover() == len(self.open)
        self.said += [("source.open", "abandoned")] * len(self.open)
        self.open = []

    @rule()
    def checkpoint(self) -> None:
        self.signed = Note.parse(self.log.checkpoint(self.key)).size
        assert self.signed == self.log.size()

    @rule(data=st.data())
    def prove(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(0, self.signed - 1))
        proof = ProofFile.parse(self.log.prove(seq))
        note = Note.parse(proof.note)
        entry = next(self.log.entries(seq, seq + 1))
        assert included(leaf_hash(entry.to_bytes()), seq, note.size, proof.path, note.root)

    @invariant()
    def verifies(self) -> None:
        report = verify(self.folder, self.key.verifier.text, self.kept)
        assert report.ok, [check for check in report.checks if not check.ok]
        assert (report.size, report.signed) == (2 * len(self.said) + len(self.open), self.signed)
        assert [(entry.act, entry.code) for entry in self.log.entries() if entry.code] == self.said

    def teardown(self) -> None:
        self.log.close()


AnyOrder.TestCase.settings = settings(max_examples=8, stateful_step_count=15, deadline=None)
test_any_order = AnyOrder.TestCase
