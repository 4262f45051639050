"""Keys, pools, holders and vaults that are not as they should be: one sentence with a hint, the right exit code, nothing lost."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from samaran.audit import disk as log_disk
from samaran.errors import SamaranError
from samaran.vault.keys import load_private_key, new_private_key, save_private_key
from tests.cli.conftest import CONSENT_HEAD, INTERVIEW, Said, Samaran, Small

RAW = (b"Rani. Nomor", b"0812-2094-7715")


@pytest.fixture
def sealed(small: Small, samaran: Samaran) -> Small:
    """An interview of each of two informants, sealed."""
    for code in ("INF-01", "INF-02"):
        small.put(f"{code}_wawancara_1.txt", f"{code}\n{INTERVIEW}")
    assert samaran("run", small.folder, "--direct").code == 0
    return small


def refused(said: Said, code: int, words: str) -> None:
    """One sentence that says it, one hint, this exit code."""
    assert said.code == code, said.err
    assert words in said.err
    assert len(said.err.splitlines()) == 2, said.err
    assert "defect" not in said.err


def kept(folder: Path, *names: str) -> dict[str, bytes]:
    """What lies in some folders of a study, by path."""
    files = [path for name in names for path in (folder / name).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def source_of(study: Small, samaran: Samaran, informant: str = "INF-01") -> str:
    """The id of an informant's one source."""
    line = next(line for line in samaran("status", study.folder).out.splitlines() if informant in line)
    return line.split()[0]


def wrong_key(path: Path, how: str) -> Path:
    """A file that is no usable key of a holder, made from one that is."""
    data, lines = path.read_bytes(), path.read_text().splitlines()
    changed = {
        "a public key": lines[0].rpartition(" ")[2].encode(),
        "cut": data[: len(data) // 2],
        "empty": b"",
        "UTF-16": data.decode().encode("utf-16"),
        "more in it": data + b"and this\n",
        "readable by others": data,
        "a stranger's": data,
    }
    if how in changed:
        path.write_bytes(changed[how])
    if how == "a stranger's":
        path.unlink()
        save_private_key(new_private_key(), path, None)
    path.chmod(0o644 if how == "readable by others" else 0o600)
    return {"a folder": path.parent, "missing": path.parent / "none.key"}.get(how, path)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("a public key", "holds a public key"),
        ("cut", "not a key file"),
        ("empty", "not a key file"),
        ("UTF-16", "not a key file"),
        ("more in it", "not a key file"),
        ("readable by others", "can be read by others"),
        ("a stranger's", "belongs to no holder"),
        ("a folder", "a folder or a device"),
        ("missing", "is missing"),
    ],
)
def test_a_file_that_is_no_key_of_a_holder(small: Small, samaran: Samaran, how: str, words: str) -> None:
    """Whatever is given as a key, wrapped keys stay as they were, and what is wrong with it is said."""
    before = kept(small.folder, "vault")
    key = wrong_key(small.keys / "pi.key", how)
    for command in (("keys", "rewrap"), ("keys", "drill"), ("vault", "check")):
        refused(samaran(*command, small.folder, "--key", key), 1, words)
    assert kept(small.folder, "vault") == before


@pytest.mark.parametrize("made_by", ["Windows", "an editor with a mark", "a careless copy"])
def test_a_key_file_that_went_through_an_editor(small: Small, samaran: Samaran, made_by: str) -> None:
    """Line ends, blanks and a byte order mark are no damage."""
    path = small.keys / "pi.key"
    data = path.read_bytes()
    blanks = b"\n\n  " + data.replace(b"\n", b"  \n  ")
    made = {"Windows": data.replace(b"\n", b"\r\n"), "an editor with a mark": b"\xef\xbb\xbf" + data, "a careless copy": blanks}
    path.write_bytes(made[made_by])
    assert samaran("keys", "rewrap", small.folder, "--key", path).code == 0


def test_a_private_key_where_a_public_one_is_wanted(small: Small, samaran: Samaran) -> None:
    """It is told what it is, shown nowhere, and kept nowhere."""
    secret = new_private_key().secret
    said = samaran("keys", "add", small.folder, "--for", "board", "--recipient", secret)
    refused(said, 2, "This is a private key")
    assert secret not in said.out + said.err
    assert not [path for path, data in kept(small.folder, "").items() if secret.encode() in data]


def test_places_that_are_not_there(small: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A folder or a file that doesn't exist is a mistake in the command; no half of a key is left in the way of the next try."""
    nowhere, out = tmp_path / "nowhere" / "x", tmp_path / "new.key"
    before = kept(small.folder, "vault")
    new = ("keys", "new", small.folder, "--for", "board", "--no-passphrase", "--out")
    refused(samaran(*new, nowhere), 2, "doesn't exist")
    refused(samaran(*new, out, "--sheet", nowhere), 2, "doesn't exist")
    (tmp_path / "taken.txt").write_text("mine")
    refused(samaran(*new, out, "--sheet", tmp_path / "taken"), 2, "already")
    refused(samaran("keys", "sheet", small.folder, "--key", small.keys / "pi.key", "--out", nowhere), 2, "doesn't exist")
    refused(samaran("keys", "recover", "--out", out, "--from", nowhere, "--no-passphrase"), 2, "can't be read")
    assert kept(small.folder, "vault") == before
    assert not [path for path in (out, tmp_path / "taken.pdf") if path.exists()]
    assert samaran(*new, out, "--sheet", tmp_path / "sheet").code == 0


def line_of(key: Path) -> str:
    """A line of holders.csv as a command would write it."""
    own = load_private_key(key, None)
    return f"pi,{own.id},{own.recipient}\n"


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ("garbage", 2, "line 5"),
        ("twice", 2, "line 5"),
        ("another's key in a line", 2, "line 2"),
        ("a stranger's line", 4, "no command has listed"),
        ("nobody but a stranger", 4, "no command has listed"),
        ("no head", 2, "head line"),
        ("empty", 2, "head line"),
        ("own line removed", 1, "belongs to no holder"),
    ],
)
def test_holders_edited_by_hand(small: Small, samaran: Samaran, tmp_path: Path, how: str, code: int, words: str) -> None:
    """Nothing is wrapped to a key that no command has listed, and nobody is locked out by the own key: wrapped keys stay."""
    path, stranger = small.folder / "vault" / "holders.csv", tmp_path / "stranger.key"
    save_private_key(new_private_key(), stranger, None)
    head, *lines = path.read_text().splitlines(keepends=True)
    recipient = load_private_key(stranger, None).recipient
    changed = {
        "garbage": [head, *lines, "saya;kunci\n"],
        "twice": [head, *lines, lines[0]],
        "another's key in a line": [head, lines[0].replace(lines[0].split(",")[2].strip(), recipient), *lines[1:]],
        "a stranger's line": [head, *lines, line_of(stranger)],
        "nobody but a stranger": [head, line_of(stranger)],
        "no head": lines,
        "empty": [],
        "own line removed": [head, *lines[1:]],
    }
    path.write_text("".join(changed[how]))
    before = kept(small.folder, "vault")
    refused(samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key"), code, words)
    if how != "own line removed":
        refused(samaran("keys", "pool", small.folder, "--size", "2"), code, words)
    assert kept(small.folder, "vault") == before


def test_holders_saved_by_a_spreadsheet(small: Small, samaran: Samaran) -> None:
    """A mark and line ends of Windows are no edit; whoever rewraps is told for whom."""
    path = small.folder / "vault" / "holders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    done = samaran("keys", "rewrap", small.folder, "--key", small.keys / "pi.key")
    assert done.code == 0, done.err
    assert all(
        f"{role} {load_private_key(small.keys / f'{role}.key', None).id}" in done.out for role in ("pi", "board", "reviewer")
    )


def test_two_people_are_not_made_with_an_editor(sealed: Small, samaran: Samaran, tmp_path: Path) -> None:
    """A second holder whom the PI wrote into the list opens nothing with the PI."""
    second, out = tmp_path / "second.key", tmp_path / "out.txt"
    save_private_key(new_private_key(), second, None)
    with (sealed.folder / "vault" / "holders.csv").open("a") as file:
        file.write(line_of(second).replace("pi,", "board,"))
    words = ("--key", sealed.keys / "pi.key", "--key", second, "--purpose", "recovery", "--out", out)
    refused(samaran("open", sealed.folder, source_of(sealed, samaran), *words), 4, "no command has listed")
    assert not out.exists()


def test_the_pool_runs_low_and_out(small: Small, samaran: Samaran) -> None:
    """A run that leaves a fifth of the pool says so; sources beyond it wait in the inbox, are listed, and come in later."""
    rows = "".join(f"INF-0{n},1,2026-01-02,written" + ",yes" * 8 + "\n" for n in range(1, 9))
    (small.folder / "consent.csv").write_text(CONSENT_HEAD + rows)
    for n in range(1, 5):
        small.put(f"INF-0{n}_wawancara_1.txt", f"P: halo {n}\n")
    assert samaran("run", small.folder, "--direct").err == ""
    small.put("INF-05_wawancara_1.txt", "P: halo 5\n")
    low = samaran("run", small.folder, "--direct")
    assert (low.code, "1 of 6 key pairs" in low.err) == (0, True)
    waiting = [small.put(f"INF-0{n}_wawancara_1.txt", f"P: halo {n}\n") for n in (6, 7, 8)]
    out = samaran("run", small.folder, "--direct")
    assert (out.code, "0 of 6 key pairs" in out.err, out.out.count("pool-exhausted")) == (3, True, 2)
    assert [path.exists() for path in waiting] == [False, True, True]
    assert samaran("status", small.folder).out.count("pool-exhausted") == 2
    assert samaran("keys", "pool", small.folder, "--size", "6").code == 0
    assert samaran("run", small.folder, "--direct").code == 0
    assert not any(path.exists() for path in waiting)


@pytest.mark.parametrize("harm", ["no guard", "cut", "edited", "gone"])
def test_a_pool_that_is_not_whole(small: Small, samaran: Samaran, harm: str) -> None:
    """Nothing is sealed to half a pool: the files wait, whole."""
    pool, raw = small.folder / "vault" / "pool.txt", small.put("INF-01_wawancara_1.txt", INTERVIEW)
    if harm in ("no guard", "gone"):
        (pool.with_suffix(".sha256") if harm == "no guard" else pool).unlink()
    else:
        pool.write_bytes(pool.read_bytes()[:-50] if harm == "cut" else pool.read_bytes().replace(b"age1", b"age1q", 1))
    done = samaran("run", small.folder, "--direct")
    refused(done, 1 if harm == "gone" else 4, "pool")
    assert raw.read_text() == INTERVIEW
    assert not list((small.folder / "vault" / "originals").iterdir())


def lose(study: Small, what: str) -> None:
    """Take something away from a study, as a copy that was cut short does."""
    vault, register = study.folder / "vault", study.folder / "register"
    first, second = sorted((vault / "originals").iterdir())
    match what:
        case "an original":
            first.unlink()
        case "half of an original":
            first.write_bytes(first.read_bytes()[:30_000])
        case "an original, another in its place":
            shutil.copy(second, first)
        case "the originals":
            shutil.rmtree(vault / "originals")
        case "work files":
            shutil.rmtree(vault / "work")
        case "the pool":
            (vault / "pool.txt").unlink()
        case "wrapped keys":
            shutil.rmtree(vault / "keys")
        case "the register":
            (register / "register.age").unlink()
        case "half of the register":
            (register / "register.age").write_bytes((register / "register.age").read_bytes()[:1000])
        case "the working key":
            (register / "working.key").unlink()
        case "the state":
            (study.folder / "state.db").unlink()
        case "half of the state":
            (study.folder / "state.db").write_bytes((study.folder / "state.db").read_bytes()[:40_000])
        case "all but the head of the state":
            (study.folder / "state.db").write_bytes((study.folder / "state.db").read_bytes()[:4_096])


@pytest.mark.parametrize(
    ("what", "command", "code", "words"),
    [
        ("an original", ("vault", "check"), 4, "is missing"),
        ("an original", ("status",), 0, "1 sealed originals are not here"),
        ("half of an original", ("vault", "check"), 4, "not the file that was sealed"),
        ("an original, another in its place", ("vault", "check"), 4, "not the file that was sealed"),
        ("the originals", ("vault", "check"), 4, "is missing"),
        ("work files", ("vault", "check"), 4, "nobody can review"),
        ("the pool", ("keys", "pool", "--size", "2"), 4, "pairs of it are in use"),
        ("wrapped keys", ("keys", "rewrap", "--key", "pi"), 2, "no wrapped keys here"),
        ("the register", ("status",), 4, "register.age is missing"),
        ("the register", ("run", "--direct"), 4, "register.age is missing"),
        ("half of the register", ("run", "--direct"), 4, "register.age is damaged"),
        ("the working key", ("run", "--direct"), 1, "working key is missing"),
        ("the state", ("run", "--direct"), 4, "state.db is missing"),
        ("half of the state", ("run", "--direct"), 4, "damaged or an incomplete copy"),
        ("all but the head of the state", ("status",), 4, "damaged or an incomplete copy"),
        ("the state", ("init",), 4, "state.db is missing"),
    ],
)
def test_a_copy_that_was_cut_short(
    sealed: Small, samaran: Samaran, what: str, command: tuple[str, ...], code: int, words: str
) -> None:
    """What is missing is named; nothing is made anew in its place, and what is there stays, the next interview, too."""
    raw = sealed.put("INF-03_wawancara_1.txt", INTERVIEW)
    lose(sealed, what)
    before = kept(sealed.folder, "vault", "register")
    verbs = command[:2] if command[0] in ("vault", "keys") else command[:1]
    options = [sealed.keys / "pi.key" if word == "pi" else word for word in command[len(verbs) :]]
    said = samaran(*verbs, sealed.folder, *options)
    assert said.code == code, said.out + said.err
    assert words in " ".join((said.out + said.err).split())
    assert "defect" not in said.err
    assert kept(sealed.folder, "vault", "register") == before
    assert raw.read_text() == INTERVIEW


@pytest.mark.parametrize("what", ["half of an original", "an original, another in its place"])
def test_a_swapped_original_is_no_wrong_key(sealed: Small, samaran: Samaran, tmp_path: Path, what: str) -> None:
    """With the right keys, a drill and an opening say that it is the file, and leave nothing of it."""
    lose(sealed, what)
    keys = [word for role in ("pi", "board") for word in ("--key", sealed.keys / f"{role}.key")]
    drill = samaran("keys", "drill", sealed.folder, *keys[:2])
    assert (drill.code, "1 failed" in drill.out, "not the file that was sealed" in drill.out) == (4, True, True)
    assert "NOT by age" not in drill.out
    said = []
    for code in ("INF-01", "INF-02"):
        words = (*keys, "--purpose", "recovery", "--out", tmp_path / code)
        said.append(samaran("open", sealed.folder, source_of(sealed, samaran, code), *words))
        assert (tmp_path / code).exists() == (said[-1].code == 0)
    (bad,) = (one for one in said if one.code)
    refused(bad, 4, "not the file that was sealed")


def test_folders_that_a_copy_left_away(small: Small, samaran: Samaran) -> None:
    """Empty folders don't survive every copy: a study that has nothing in them yet works without."""
    for name in ("vault/originals", "vault/work", "quarantine", "releases"):
        (small.folder / name).rmdir()
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    assert samaran("run", small.folder, "--direct").code == 0


def test_another_studys_working_key(sealed: Small, samaran: Samaran, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that names another key, or none, is named; the register stays."""
    before = kept(sealed.folder, "register")
    monkeypatch.setenv("SAMARAN_WORKING_KEY", str(sealed.keys / "pi.key"))
    refused(samaran("run", sealed.folder, "--direct"), 1, "doesn't open its register")
    monkeypatch.setenv("SAMARAN_WORKING_KEY", str(sealed.keys / "none.key"))
    refused(samaran("run", sealed.folder, "--direct"), 1, "SAMARAN_WORKING_KEY names a file")
    assert kept(sealed.folder, "register") == before


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """A small disk of so many KiB, really mounted; `filled(n)` gives it another size."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no right to mount: a really full disk NOT tested")

    def sized(kib: int) -> Path:
        subprocess.run(["mount", "-o", f"remount,size={kib}k", place], check=True)
        return place

    yield sized
    subprocess.run(["umount", place], check=True)


def test_a_really_full_disk(small: Small, samaran: Samaran, filled: Callable[[int], Path]) -> None:
    """However much room is left, a run either ends well or says that the disk is full, leaves no text behind, and ends well once
    there is room."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    small.put("INF-01_wawancara_2.txt", "".join(f"P: ya {n}\n" for n in range(9_000)))
    used = sum(path.stat().st_size + 4096 for path in small.folder.rglob("*")) // 1024
    ended = []
    for room in (8, 60, 110, 160, 220, 320):
        study = filled(8192) / "study"
        shutil.copytree(small.folder, study)
        filled(used + room)
        said = samaran("run", study, "--direct")
        ended.append(said.code)
        assert said.code == 0 or "full" in said.err or "Free some space" in said.err, said.err
        assert "defect" not in said.err
        texts = [path for path, data in kept(study, "").items() if any(word in data for word in RAW)]
        assert [path for path in texts if not path.startswith(("inbox/", "roster.csv"))] == []
        filled(8192)
        assert samaran("run", study, "--direct").code == 0
        assert samaran("audit", "verify", study).code == 0
        assert not list((study / "inbox").iterdir())
        shutil.rmtree(study)
    assert 1 in ended


def test_the_disk_fills_while_the_log_is_published(tmp_path: Path) -> None:
    """The files of the log that others read say so, too."""
    with pytest.raises(SamaranError, match="disk is full"), log_disk.appearing(tmp_path / "checkpoint"):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())
