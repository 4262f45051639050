"""A study with post-quantum keys, from the first key to a withdrawal: every command that touches a key works on it."""

import json
import shutil
from pathlib import Path

import pytest

from samaran.demo.recorded import material
from samaran.vault.age import is_post_quantum
from samaran.vault.holders import read_holders
from samaran.vault.keys import load_private_key
from samaran.vault.pool import read_pool
from tests.cli.conftest import CONSENT_HEAD, INTERVIEW, Samaran, Small


@pytest.fixture
def fresh(tmp_path: Path, samaran: Samaran) -> Small:
    """A study without keys."""
    study = Small(tmp_path / "study", tmp_path / "keys")
    study.keys.mkdir()
    assert samaran("init", study.folder, "--name", "small").code == 0
    shutil.copy(material() / "dpia.toml", study.folder / "dpia.toml")
    config = study.folder / "study.toml"
    config.write_text(config.read_text().replace('model = "shipped"', 'model = "none"'))
    (study.folder / "consent.csv").write_text(CONSENT_HEAD + "INF-01,1,2026-01-05,written" + ",yes" * 8 + "\n")
    return study


def new(study: Small, samaran: Samaran, role: str, *options: str) -> int:
    words = ("keys", "new", study.folder, "--for", role, "--out", study.keys / f"{role}.key", "--no-passphrase", *options)
    return samaran(*words).code


def test_the_whole_way(fresh: Small, samaran: Samaran, tmp_path: Path) -> None:
    """The first key decides; then seal, check, drill (by age itself, too), open, rewrap, recover and withdraw do as ever."""
    pi, board, later = (fresh.keys / f"{role}.key" for role in ("pi", "board", "reviewer"))
    assert new(fresh, samaran, "pi", "--post-quantum", "--sheet", str(tmp_path / "sheet")) == 0
    assert new(fresh, samaran, "board") == 0
    made = samaran("keys", "pool", fresh.folder, "--size", "2", "--post-quantum")
    assert made.code == 0, made.err
    assert "2 post-quantum pairs" in made.out
    vault = fresh.folder / "vault"
    kinds = [is_post_quantum(one.recipient) for one in (*read_holders(vault), *read_pool(vault))]
    assert kinds == [True] * 4

    fresh.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", fresh.folder, "--direct").code == 0
    for path in (
        *(vault / "originals").iterdir(),
        *(vault / "work").iterdir(),
        *(vault / "keys").glob("*.age"),
        vault / "working.age",
    ):
        head = path.read_bytes().split(b"\n---")[0]
        assert b"-> mlkem768x25519" in head, path.name
        assert b"-> X25519" not in head, path.name
    listed = samaran("keys", "list", fresh.folder).out
    assert listed.count("post-quantum") == 3  # each holder, and the study
    assert "post-quantum (X25519 with ML-KEM-768)" in listed
    whole = json.loads(samaran("vault", "check", fresh.folder, "--key", board, "--json").out)
    assert (whole["sources"], whole["opened"], whole.get("faults", [])) == (1, 1, [])
    drilled = samaran("keys", "drill", fresh.folder, "--key", pi, "--key", board, "--json")
    assert drilled.code == 0, drilled.out
    assert {one["age"] for one in json.loads(drilled.out)} <= {True, None}

    assert new(fresh, samaran, "reviewer") == 0
    leaver = load_private_key(board, None).id
    assert samaran("keys", "rewrap", fresh.folder, "--key", pi, "--without", leaver).code == 0
    assert samaran("keys", "drill", fresh.folder, "--key", later).code == 0
    assert samaran("keys", "drill", fresh.folder, "--key", board).code != 0
    again = tmp_path / "again.key"
    assert samaran("keys", "recover", "--out", again, "--from", tmp_path / "sheet.txt", "--no-passphrase").code == 0
    source = json.loads(samaran("status", fresh.folder, "--json").out)["rows"][0]["source_id"]
    opened = samaran(
        *("open", fresh.folder, source, "--out", tmp_path / "out", "--purpose", "recovery", "--key", again, "--key", later)
    )
    assert opened.code == 0, opened.err
    assert (tmp_path / "out").read_text() == INTERVIEW
    gone = samaran("withdraw", fresh.folder, "INF-01", "--key", pi, "--key", later)
    assert gone.code == 0, gone.err
    assert len(list((vault / "keys").glob("*.age"))) == 1
    assert not list((vault / "originals").iterdir())


def test_kinds_stay_apart(fresh: Small, samaran: Samaran, tmp_path: Path) -> None:
    """In a classic study nothing post-quantum is made, no key file is left over, and the message says which kind is which."""
    assert new(fresh, samaran, "pi") == 0
    refused = samaran(
        *("keys", "new", fresh.folder, "--for", "board", "--out", tmp_path / "b.key", "--no-passphrase", "--post-quantum")
    )
    assert refused.code == 2
    assert "have classic keys, this one is post-quantum" in refused.err
    assert not (tmp_path / "b.key").exists()
    pool = samaran("keys", "pool", fresh.folder, "--size", "2", "--post-quantum")
    assert pool.code == 2
    assert not (fresh.folder / "vault" / "pool.txt").exists()
    assert samaran("keys", "pool", fresh.folder, "--size", "2").code == 0
