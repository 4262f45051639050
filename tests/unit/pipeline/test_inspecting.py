"""Live checks for the report: permissions, third persons, columns."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from samaran.model import Detector, Entity, EntityType, Form, Mention, Span
from samaran.pipeline.inspecting import columns, loose, third_persons
from samaran.state import MentionRow


def person(name: str, pseudonym: str, informant: str | None = None) -> Entity:
    return Entity(name, EntityType.PERSON, pseudonym, (Form(name),), informant=informant)


def said(entity: str | None, at: int = 0, *, settled: bool = True, kind: EntityType = EntityType.PERSON) -> MentionRow:
    mention = Mention(Span(at, at + 3), kind, 0.9, Detector.MODEL, "model", entity)
    return MentionRow(f"m{at}", "s", mention, settled)


PEOPLE = (person("a", "INF-01", "INF-01"), person("b", "TEMAN-1", "INF-01"), person("c", "TEMAN-2"), person("d", "ANAK-1"))


def test_third_persons_are_those_who_are_met_and_no_informants() -> None:
    """Counted once each by role, informants left out, whoever is never mentioned too."""
    assert third_persons(PEOPLE, [said("a"), said("b"), said("b", 9), said("c", 20)], {}) == ({"TEMAN": 2}, 0)


def test_a_mention_without_an_entity_is_counted() -> None:
    """Settled mentions of people that lead to nobody are unlinked; open ones and other types are not looked at."""
    rows = [said("gone"), said(None, 5), said("gone", 9, settled=False), said("gone", 20, kind=EntityType.VENUE)]
    assert third_persons(PEOPLE, rows, {}) == ({}, 2)


def test_merged_and_pinned_mentions_lead_somewhere() -> None:
    """A mention of an entity that was merged is one of its target; one of somebody who withdrew has its pseudonym."""
    rows = [said("old"), said("gone", 9)]
    assert third_persons(PEOPLE, rows, {"old": "d"}, {("s", Span(9, 12))}) == ({"ANAK": 1}, 0)


def test_what_others_can_read_is_counted(tmp_path: Path) -> None:
    """Below a closed folder nothing is open; an open study is open where its folders and files are."""
    for name in ("vault/originals", "register"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "vault/originals/x.age").write_bytes(b"x")
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert loose(tmp_path) == 0
    for path in (tmp_path / "vault", tmp_path / "vault/originals", tmp_path / "vault/originals/x.age"):
        path.chmod(path.stat().st_mode | 0o044)
    assert loose(tmp_path) == 0  # nobody gets through the study's own folder
    tmp_path.chmod(0o755)
    assert loose(tmp_path) == 3
    (tmp_path / "vault").chmod(0o700)
    assert loose(tmp_path) == 0


@pytest.mark.parametrize(
    ("head", "extra"),
    [
        ("informant_id,real_name,role", 0),
        ("informant_id;real_name;role;birthday", 1),
        ("informant_id\treal_name\tmother\treligion", 2),
        ('"informant_id","real_name"', 0),
    ],
)
def test_columns_of_the_roster_beyond_the_allowed_are_counted(tmp_path: Path, head: str, extra: int) -> None:
    """Whatever stands between them; without a roster nobody looked."""
    desk = SimpleNamespace(study=SimpleNamespace(folder=tmp_path, detection=SimpleNamespace(roster="roster.csv")))
    assert columns(desk) is None  # type: ignore[arg-type]
    (tmp_path / "roster.csv").write_text(f"{head}\nx,y,z\n")
    assert columns(desk) == extra  # type: ignore[arg-type]
