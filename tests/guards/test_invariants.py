"""What must always hold, for the invariants that no other test states whole. README.md in this folder lists all eight."""

import re
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

from samaran import detect
from samaran.audit.vocabulary import Phase
from samaran.errors import KeyUnusable, SamaranError
from samaran.model import EntityType, Reason
from samaran.pipeline import deidentify, opening, releasing
from samaran.pipeline.desk import Desk
from samaran.vault import disk
from samaran.vault.keys import PrivateKey, load_private_key, new_private_key, private_key
from samaran.vault.seal import open_bytes
from tests.studies import PASSPHRASE, TAKEN_IN, copy_of, release_bytes, rows

IDENTITY = re.compile(rb"AGE-SECRET-KEY-1[A-Z0-9]+")


@pytest.fixture
def ran(prepared: Path, tmp_path: Path) -> Path:
    """A study after its first run."""
    study = copy_of(prepared, tmp_path)
    with Desk.open(study) as desk:
        deidentify.deidentify(desk)
    return study


@pytest.mark.parametrize("error", [ValueError("no"), SamaranError("No.", "Nothing."), MemoryError(), RecursionError()], ids=repr)
def test_3_a_detector_that_fails_lets_nothing_out(
    error: Exception, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the detector raises: sources that needed it wait whole in the inbox, have no segment, and nothing is released."""

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(detect.Detector, "find", fails)
    study = copy_of(prepared, tmp_path)
    with Desk.open(study) as desk:
        run = deidentify.deidentify(desk)
        done = [releasing.hand_over(desk, profile) for profile in desk.study.profiles.values()]
    assert [o.what for o in run.outcomes.values()].count("failed") == TAKEN_IN
    assert sum(path.is_file() for path in (study / "inbox").rglob("*")) == TAKEN_IN + 1
    assert ({d.folder for d in done}, release_bytes(study), rows(study)["sanitized"]) == ({None}, {}, [])


def test_3_a_second_pass_that_fails_lets_nothing_out(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the names of the study can't be looked for, the run ends and nothing was sanitized."""

    def fails(*_: object, **__: object) -> None:
        raise ValueError

    monkeypatch.setattr(detect, "second_pass", fails)
    study = copy_of(prepared, tmp_path)
    with Desk.open(study) as desk, pytest.raises(ValueError):  # noqa: PT011  nothing of the message is promised
        deidentify.deidentify(desk)
    assert rows(study)["sanitized"] == []


def test_3_nothing_undecided_leaves(ran: Path) -> None:
    """With the policy that a new study has, a release before any review is withheld, each source with its reason."""
    config = ran / "study.toml"
    config.write_text(config.read_text().replace("decided_from = 0.0", "decided_from = 1.01"))
    with sqlite3.connect(ran / "state.db") as db:
        db.execute("UPDATE mention SET settled = 0")
    with Desk.open(ran) as desk:
        done = releasing.hand_over(desk, releasing.profile_of(desk, "analysis"))
    assert done.folder is None
    assert {held.reason for held in done.release.withheld} == {Reason.UNDECIDED}


def test_4_the_intent_is_durable_before_the_act(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the moment a sealed original or a release takes its place, another process can read the intent in the log; and in the
    end every intent has its result."""
    study = copy_of(prepared, tmp_path)
    seen: dict[str, list[str]] = defaultdict(list)

    def waiting() -> list[str]:
        with sqlite3.connect(f"file:{study / 'audit' / 'log.db'}?mode=ro", uri=True) as db:
            leaves = [bytes(leaf).decode() for (leaf,) in db.execute("SELECT leaf FROM leaf ORDER BY seq")]
        acts = [re.findall(r'"act":"([a-z.]+)".*"phase":"([a-z]+)"', leaf)[0] for leaf in leaves]
        return [act for act, phase in acts if phase == Phase.INTENT and (act, Phase.RESULT) not in acts]

    settle, rename = disk.settle, Path.rename
    monkeypatch.setattr(disk, "settle", lambda file: (seen["seal"].extend(waiting()), settle(file))[1])
    monkeypatch.setattr(Path, "rename", lambda path, to: (seen["release"].extend(waiting()), rename(path, to))[1])
    with Desk.open(study) as desk:
        deidentify.deidentify(desk)
        releasing.hand_over(desk, releasing.profile_of(desk, "analysis"))
        entries = tuple(desk.log.entries())
    assert "source.seal" in seen["seal"]
    assert seen["release"] == ["release.make"]
    intents = [entry.seq for entry in entries if entry.phase == Phase.INTENT]
    results = [entry.of for entry in entries if entry.of is not None]
    assert sorted(results) == sorted(intents)


def test_5_one_entity_one_pseudonym(ran: Path) -> None:
    """Over all documents: whoever a mention means has one pseudonym, a pseudonym means one entity, and all names of a person on
    the roster lead to her."""
    with Desk.open(ran) as desk:
        register = desk.register.register
        mentions = [row.mention for row in desk.state.mentions()]
        surrogates = [
            surrogate
            for source in desk.state.sources()
            for row in desk.state.segments(source.source_id, "analysis")
            for surrogate in row.segment.surrogates
        ]
    owners = {entity.pseudonym: entity.id for entity in register.entities}
    assert len(owners) == len(register.entities) == len({entity.id for entity in register.entities})
    assert {mention.entity for mention in mentions} <= set(owners.values())
    people = {s.pseudonym for s in surrogates if s.type is EntityType.PERSON and s.level == "entity"}
    assert people <= owners.keys()
    holders: dict[str, set[str]] = defaultdict(set)
    for entity in register.entities:
        for form in entity.forms:
            if entity.settled and entity.type is EntityType.PERSON and not form.part and entity.source is None:
                holders[form.text].add(entity.pseudonym)
    assert holders["Maharani Kusumah"] == holders["Rani"] == {"INF-01"}
    shared = {text for text, pseudonyms in holders.items() if len(pseudonyms) > 1}
    meant = {s.pseudonym for s in surrogates}
    assert "INF-01" in meant
    assert not shared & {"Maharani Kusumah", "Rani", "Yuyun"}


def keys_within(study: Path) -> list[PrivateKey]:
    """Every private key that lies in a study folder in the clear."""
    found = []
    for path in sorted(p for p in study.rglob("*") if p.is_file()):
        found += [private_key(match.group().decode()) for match in IDENTITY.finditer(path.read_bytes().upper())]
    return found


def test_8_the_collecting_machine_opens_nothing_that_it_sealed(ran: Path, tmp_path: Path) -> None:
    """No private key in the study folder opens an original, a work file, a quarantined file or an informant's wrapped key; that
    of a reviewer, which lies elsewhere, does."""
    found = keys_within(ran)
    sealed = [path for place in ("vault", "quarantine") for path in (ran / place).rglob("*.age")]
    assert len(found) >= 1, "the working key is there, so the search is not blind"
    assert len(sealed) > 2 * TAKEN_IN
    for path in sealed:
        with pytest.raises(KeyUnusable):
            open_bytes(path, found)
    holder = load_private_key(tmp_path / "keys" / "reviewer.key", None)
    assert all(open_bytes(path, [holder]) for path in (ran / "vault" / "keys").glob("*.age"))


def test_8_opening_takes_two_people(ran: Path, tmp_path: Path) -> None:
    """One holder's key, given once or twice, or beside a stranger's, opens no original and leaves nothing; two holders' do."""
    reviewer = load_private_key(tmp_path / "keys" / "reviewer.key", None)
    pi = load_private_key(tmp_path / "keys" / "pi.key", PASSPHRASE)
    out = tmp_path / "opened"
    with Desk.open(ran) as desk:
        source = next(row.source_id for row in desk.state.sources() if row.stage == "done")
        for keys in ([reviewer], [reviewer, reviewer], [reviewer, new_private_key()], []):
            with pytest.raises(SamaranError):
                opening.open_original(desk, source, keys, "access", out)
            assert not out.exists()
        opening.open_original(desk, source, [reviewer, pi], "access", out)
    assert out.stat().st_mode & 0o077 == 0
