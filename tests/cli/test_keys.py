"""Keys through the command line: sheet, rewrap, drill, a board of several; and the vault looked at."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from samaran.pipeline.desk import Desk
from samaran.vault.keys import load_private_key
from tests.cli.conftest import INTERVIEW, Samaran, Small

needs_age = pytest.mark.skipif(shutil.which("age") is None, reason="Debian's age is not installed")


def taken_in(small: Small, samaran: Samaran) -> Path:
    """One interview, sealed; its original."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0
    (original,) = (small.folder / "vault" / "originals").iterdir()
    return original


def opened(small: Small, samaran: Samaran, tmp_path: Path, *keys: Path) -> bool:
    """Whether these keys bring the original back."""
    source = json.loads(samaran("status", small.folder, "--json").out)["rows"][0]["source_id"]
    out = tmp_path / "out.txt"
    words = [word for key in keys for word in ("--key", key)]
    done = samaran("open", small.folder, source, "--out", out, "--purpose", "recovery", *words)
    back = out.exists() and out.read_text() == INTERVIEW
    out.unlink(missing_ok=True)
    return done.code == 0 and back


def test_a_sheet_brings_a_key_back(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """The text sheet, typed in lower case and with other spaces, gives the same key; the PDF holds the same secret and a picture;
    both are readable by their owner only."""
    from pypdf import PdfReader

    key, stem = small.keys / "pi.key", tmp_path / "sheet"
    assert samaran("keys", "sheet", small.folder, "--key", key, "--out", stem).code == 0
    text, pdf = tmp_path / "sheet.txt", tmp_path / "sheet.pdf"
    assert {path.stat().st_mode & 0o777 for path in (text, pdf)} == {0o600}
    typed = tmp_path / "typed.txt"
    typed.write_text(text.read_text().lower().replace(" ", "  "))
    assert samaran("keys", "recover", "--out", tmp_path / "again.key", "--from", typed, "--no-passphrase").code == 0
    again = load_private_key(tmp_path / "again.key", None)
    assert again.secret == load_private_key(key, None).secret
    page = PdfReader(pdf).pages[0]
    assert again.secret in "".join(page.extract_text().split())
    assert len(page.images) == 1


def test_a_typing_error_is_noticed(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """One wrong letter makes no key file."""
    secret = load_private_key(small.keys / "pi.key", None).secret
    typed = tmp_path / "typed.txt"
    typed.write_text(secret[:-5] + ("Q" if secret[-5] != "Q" else "P") + secret[-4:])
    assert samaran("keys", "recover", "--out", tmp_path / "again.key", "--from", typed, "--no-passphrase").code == 1
    assert not (tmp_path / "again.key").exists()


def test_a_sheet_stays_out_of_the_study(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Neither sheet nor key may lie in the study folder, and a stranger's key gets no sheet."""
    inside = samaran("keys", "sheet", small.folder, "--key", small.keys / "pi.key", "--out", small.folder / "sheet")
    assert inside.code == 2
    made = samaran(
        "keys",
        "new",
        small.folder,
        "--for",
        "board",
        "--out",
        tmp_path / "b.key",
        "--no-passphrase",
        "--sheet",
        small.folder / "s",
    )
    assert made.code == 2
    assert not (tmp_path / "b.key").exists()


def test_joining_and_leaving(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Who joins opens what was sealed before, after a rewrap; who leaves opens nothing; the original keeps its bytes."""
    original = taken_in(small, samaran)
    before = original.read_bytes()
    new, pi, board, old = tmp_path / "new.key", *(small.keys / f"{role}.key" for role in ("pi", "board", "reviewer"))
    assert samaran("keys", "new", small.folder, "--for", "reviewer", "--out", new, "--no-passphrase").code == 0
    assert samaran("keys", "drill", small.folder, "--key", new).code == 4
    leaver = load_private_key(old, None).id
    done = samaran("keys", "rewrap", small.folder, "--key", pi, "--without", leaver)
    assert done.code == 0, done.err
    assert opened(small, samaran, tmp_path, new, pi)
    assert opened(small, samaran, tmp_path, board, pi)
    assert samaran("decide", small.folder, "--sheet", tmp_path / "s.csv", "--key", old).code == 1
    assert leaver not in samaran("keys", "list", small.folder).out
    assert original.read_bytes() == before
    assert samaran("keys", "rewrap", small.folder, "--key", pi, "--without", "0" * 16).code == 2
    assert samaran("keys", "rewrap", small.folder, "--key", old).code == 1


def test_a_drill_proves_recovery(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A drill opens one original per informant with each key, writes no plaintext, is remembered, and ends the reminder."""
    taken_in(small, samaran)
    assert "drill due" in samaran("status", small.folder).out
    before = {path for path in small.folder.rglob("*") if path.is_file()}
    keys = [small.keys / f"{role}.key" for role in ("pi", "board")]
    done = samaran("keys", "drill", small.folder, "--key", keys[0], "--key", keys[1], "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert [(one["opened"], one.get("failed", [])) for one in found] == [(1, []), (1, [])]
    if shutil.which("age"):
        assert all(one["age"] for one in found)
    new = {path for path in small.folder.rglob("*") if path.is_file()} - before
    assert not [path for path in new if b"Perkenalkan" in path.read_bytes()]
    assert "drill due" not in samaran("status", small.folder).out
    with Desk.open(small.folder) as desk:
        acts = [(e.act, e.code, e.n) for e in desk.log.entries() if e.act == "drill.run" and e.phase == "result"]
    assert acts == [("drill.run", "ok", 1)] * 2


@pytest.mark.parametrize("where", ["original", "key"])
def test_a_failed_drill_is_an_error(small: Small, samaran: Samaran, where: str) -> None:
    """A flipped bit in an original or in a wrapped key fails the drill, and the reminder stays."""
    original = taken_in(small, samaran)
    with Desk.open(small.folder) as desk:
        (sid,) = desk.register.subjects.values()
    path = original if where == "original" else small.folder / "vault" / "keys" / f"{sid}.age"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    done = samaran("keys", "drill", small.folder, "--key", small.keys / "pi.key")
    assert done.code == 4
    assert "1 failed" in done.out
    assert "drill due" in samaran("status", small.folder).out


def board_of_three(small: Small, samaran: Samaran) -> list[Path]:
    """Two of three board members from now on."""
    members = [small.keys / "board.key"]
    for n in (2, 3):
        members.append(small.keys / f"board{n}.key")
        assert samaran("keys", "new", small.folder, "--for", "board", "--out", members[-1], "--no-passphrase").code == 0
    config = small.folder / "study.toml"
    config.write_text(config.read_text() + "\n[vault]\nboard_quorum = 2\n")
    done = samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key")
    assert done.code == 0, done.err
    return members


def test_two_of_three_board_members(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Any two members open together, one of them alone opens nothing; a withdrawal destroys their files, too."""
    taken_in(small, samaran)
    members = board_of_three(small, samaran)
    for pair in ((0, 1), (0, 2), (1, 2)):
        assert opened(small, samaran, tmp_path, *(members[n] for n in pair))
    alone = samaran("keys", "drill", small.folder, "--key", members[0])
    assert alone.code == 4
    both = samaran("keys", "drill", small.folder, "--key", members[1], "--key", members[2], "--together")
    assert both.code == 0, both.out
    with Desk.open(small.folder) as desk:
        sid = desk.register.subjects["INF-01"]
    nested = list((small.folder / "vault" / "keys" / "board").glob(f"{sid}.*.age"))
    assert len(nested) == 3
    gone = samaran("withdraw", small.folder, "INF-01", "--key", members[0], "--key", small.keys / "pi.key")
    assert gone.code == 0, gone.err
    assert not [path for path in nested if path.exists()]


@needs_age
def test_debians_age_undoes_a_nested_file(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """The file of two members opens with the age program, the last one's key first, and leads to the original."""
    original = taken_in(small, samaran)
    members = board_of_three(small, samaran)
    with Desk.open(small.folder) as desk:
        sid = desk.register.subjects["INF-01"]
    by_id = {load_private_key(path, None).id[:8]: path for path in members}
    nested = sorted((small.folder / "vault" / "keys" / "board").glob(f"{sid}.*.age"))[0]
    first, second = nested.name.split(".")[1].split("-")
    data = subprocess.run(["age", "-d", "-i", by_id[second], nested], capture_output=True, check=True).stdout
    data = subprocess.run(["age", "-d", "-i", by_id[first]], input=data, capture_output=True, check=True).stdout
    plain = subprocess.run(["age", "-d", "-i", "-", original], input=data, capture_output=True, check=True).stdout
    assert subprocess.run(["tar", "-xO"], input=plain, capture_output=True, check=True).stdout.decode() == INTERVIEW


def test_a_board_that_cannot_be(small: Small, samaran: Samaran) -> None:
    """Three of one member is refused before anything is wrapped."""
    config = small.folder / "study.toml"
    config.write_text(config.read_text() + "\n[vault]\nboard_quorum = 3\n")
    before = {path: path.read_bytes() for path in (small.folder / "vault" / "keys").iterdir()}
    assert samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key").code == 2
    assert {path: path.read_bytes() for path in (small.folder / "vault" / "keys").iterdir()} == before


def test_the_vault_is_looked_at(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A whole vault has no fault, with keys or without; the inventory names what lies there and no person."""
    original = taken_in(small, samaran)
    assert samaran("vault", "check", small.folder).code == 0
    whole = json.loads(samaran("vault", "check", small.folder, "--key", small.keys / "board.key", "--json").out)
    assert (whole["sources"], whole["looked_at"], whole["opened"]) == (1, 1, 1)
    (item,) = json.loads(samaran("vault", "inventory", small.folder, "--json").out)
    assert (item["size"], item["wrapped"], len(item["holders"])) == (original.stat().st_size, True, 3)
    assert "INF-01" not in json.dumps(item)


@pytest.mark.parametrize("harm", ["flip", "cut", "swap", "gone", "stranger", "open", "piece"])
def test_each_fault_is_named(small: Small, samaran: Samaran, harm: str) -> None:
    """Damage, a swap, a missing or strange file, loose permissions, a left-over piece: each is a fault."""
    original = taken_in(small, samaran)
    data = original.read_bytes()
    if harm == "flip":
        original.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    elif harm == "cut":
        original.write_bytes(data[:-7])
    elif harm == "swap":
        (work,) = (small.folder / "vault" / "work").iterdir()
        original.write_bytes(work.read_bytes())
    elif harm == "gone":
        original.unlink()
    elif harm == "stranger":
        (original.parent / "other.age").write_bytes(data)
        (original.parent / "other.age").chmod(0o600)
    elif harm == "open":
        original.chmod(0o644)
    else:
        (original.parent / ".00.part").write_bytes(data)
    done = samaran("vault", "check", small.folder, "--json")
    assert done.code == 4
    assert len(json.loads(done.out)["faults"]) == 1


def test_the_working_key_under_a_passphrase(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked, nothing opens the study but the passphrase; a wrong one is named; unlocked, it is as before."""
    taken_in(small, samaran)
    monkeypatch.setenv("SAMARAN_WORKING_PASSPHRASE", "cilok pedas")
    assert samaran("keys", "working", small.folder, "--lock").code == 0
    assert b"AGE-SECRET" not in (small.folder / "register" / "working.key").read_bytes()
    assert samaran("status", small.folder).code == 0
    monkeypatch.setenv("SAMARAN_WORKING_PASSPHRASE", "cilok manis")
    wrong = samaran("status", small.folder)
    assert wrong.code == 1
    assert "passphrase doesn't open" in wrong.err
    monkeypatch.delenv("SAMARAN_WORKING_PASSPHRASE")
    assert samaran("status", small.folder).code == 1
    monkeypatch.setenv("SAMARAN_WORKING_PASSPHRASE", "cilok pedas")
    assert samaran("keys", "working", small.folder, "--unlock").code == 0
    monkeypatch.delenv("SAMARAN_WORKING_PASSPHRASE")
    assert samaran("status", small.folder).code == 0


def test_the_keyring_keeps_the_passphrase(small: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked with --keyring, commands open the study without asking; unlocked, the keyring has nothing left; where there is none
    the key stays as it was."""
    kept: dict[bytes, str] = {}
    path = small.folder / "register" / "working.key"
    before = path.read_bytes()
    monkeypatch.setenv("SAMARAN_WORKING_PASSPHRASE", "cilok pedas")
    monkeypatch.setattr("samaran.vault.remembered._keyring", lambda: None)
    assert samaran("keys", "working", small.folder, "--lock", "--keyring").code == 2
    assert path.read_bytes() == before
    monkeypatch.setattr("samaran.pipeline.ceremony.remember", kept.__setitem__)
    monkeypatch.setattr("samaran.pipeline.ceremony.forget", lambda data: kept.pop(data, None))
    monkeypatch.setattr("samaran.vault.working.recall", kept.get)
    assert samaran("keys", "working", small.folder, "--lock", "--keyring").code == 0
    assert kept == {path.read_bytes(): "cilok pedas"}
    monkeypatch.delenv("SAMARAN_WORKING_PASSPHRASE")
    assert samaran("status", small.folder).code == 0
    assert samaran("keys", "working", small.folder, "--unlock", "--keyring").code == 2
    assert samaran("keys", "working", small.folder, "--unlock").code == 0
    assert kept == {}
    assert path.read_bytes() == before


def test_a_lost_working_key_comes_back(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Any holder brings the working key back from the copy sealed to them; a stranger doesn't; the same ids follow from it."""
    taken_in(small, samaran)
    before = samaran("status", small.folder, "--json").out
    path = small.folder / "register" / "working.key"
    path.unlink()
    assert samaran("status", small.folder).code == 1
    assert samaran("init", tmp_path / "other").code == 0
    samaran("keys", "new", tmp_path / "other", "--for", "pi", "--out", tmp_path / "stranger.key", "--no-passphrase")
    assert samaran("keys", "working", small.folder, "--recover", "--key", tmp_path / "stranger.key").code == 1
    done = samaran("keys", "working", small.folder, "--recover", "--key", small.keys / "board.key")
    assert done.code == 0, done.err
    assert path.stat().st_mode & 0o777 == 0o600
    assert samaran("status", small.folder, "--json").out == before
