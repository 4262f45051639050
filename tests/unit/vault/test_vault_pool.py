"""The pool, wrapped keys and the list of holders."""

import hashlib
import shutil
from pathlib import Path

import pytest

from samaran.errors import IntegrityError, KeyUnusable, UsageError
from samaran.vault import pool as module
from samaran.vault.holders import add_holder, read_holders, remove_holder
from samaran.vault.keys import PrivateKey, new_private_key
from samaran.vault.pool import (
    extend_pool,
    new_pool,
    pool_digest,
    read_pool,
    rewrap,
    unwrap,
    unwrap_whole,
    wrapped_sids,
)
from samaran.vault.seal import open_bytes, seal
from samaran.vault.wrapped import sid_of

ORIGIN = "samaran.test/vault"


def test_either_holder_opens(vault: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """PI and board each unwrap every pair alone, and the unwrapped key opens what was sealed to the pair."""
    for pair in read_pool(vault):
        target = vault / "originals" / f"{pair.sid}.age"
        seal(pair.sid.encode(), target, [pair.recipient])
        for holder in (pi, board):
            assert open_bytes(target, [unwrap(vault, pair.sid, holder)]) == pair.sid.encode()
            with pytest.raises(KeyUnusable):
                open_bytes(target, [holder])


def test_subject_ids(vault: Path, pi: PrivateKey) -> None:
    """A subject id is the HMAC of the log's origin under the secret in the wrapped key, and all are different."""
    pairs = read_pool(vault)
    for pair in pairs:
        whole = unwrap_whole(vault, pair.sid, pi)
        assert pair.sid == sid_of(whole.secret, ORIGIN) != sid_of(whole.secret, ORIGIN + "2")
        assert whole.key.recipient == pair.recipient
        assert whole.secret.hex() not in repr(whole)
    assert len({pair.sid for pair in pairs}) == 3 == len(wrapped_sids(vault))


def test_pool_file(vault: Path) -> None:
    """pool.txt holds a subject id and a recipient a line, nothing else; sha256sum's own format guards it."""
    data = (vault / "pool.txt").read_bytes()
    assert data.decode() == "".join(f"{pair.sid} {pair.recipient}\n" for pair in read_pool(vault))
    assert (vault / "pool.sha256").read_text() == f"{hashlib.sha256(data).hexdigest()}  pool.txt\n"
    assert pool_digest(vault) == hashlib.sha256(data).hexdigest()


def test_it_tells_how_far_it_is(tmp_path: Path, pi: PrivateKey) -> None:
    """A large pool of post-quantum keys takes minutes: whoever waits hears of each pair."""
    heard: list[tuple[int, int]] = []
    new_pool(tmp_path, 2, [pi.recipient], ORIGIN, lambda n, of: heard.append((n, of)))
    extend_pool(tmp_path, 1, [pi.recipient], ORIGIN, lambda n, of: heard.append((n, of)))
    assert heard == [(0, 2), (1, 2), (2, 2), (0, 1), (1, 1)]


def test_not_made_twice(vault: Path, pi: PrivateKey) -> None:
    """A second pool in the same place is refused, and the first stays."""
    before = (vault / "pool.txt").read_bytes()
    with pytest.raises(UsageError, match="already"):
        new_pool(vault, 1, [pi.recipient], ORIGIN)
    assert (vault / "pool.txt").read_bytes() == before


def test_extended(vault: Path, pi: PrivateKey) -> None:
    """Extending appends; old lines and old wrapped keys are the same bytes as before."""
    keys = {path: path.read_bytes() for path in (vault / "keys").iterdir()}
    before = read_pool(vault)
    after = extend_pool(vault, 2, [pi.recipient], ORIGIN)
    assert after[:3] == before
    assert len(after) == 5 == len(read_pool(vault))
    assert {path: path.read_bytes() for path in keys} == keys
    assert unwrap(vault, after[4].sid, pi).recipient == after[4].recipient


@pytest.mark.parametrize("step", [1, 2, 3])
def test_killed_while_extending(vault: Path, pi: PrivateKey, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Whatever write an extension dies before, the pool can be read: the old one or the new one."""
    real, calls = module.disk.appearing, []

    def dying(target: Path, **how: bool):  # type: ignore[no-untyped-def]
        if target.name.startswith("pool."):
            calls.append(target)
            if len(calls) == step:
                raise KeyboardInterrupt
        return real(target, **how)

    monkeypatch.setattr(module.disk, "appearing", dying)
    with pytest.raises(KeyboardInterrupt):
        extend_pool(vault, 2, [pi.recipient], ORIGIN)
    assert len(read_pool(vault)) == (5 if step == 3 else 3)


def test_bad_sizes_and_holders(tmp_path: Path, pi: PrivateKey) -> None:
    """A pool without pairs, without holders, or of an absurd size is not made."""
    for size, holders in ((0, [pi.recipient]), (-1, [pi.recipient]), (10_001, [pi.recipient]), (1, [])):
        with pytest.raises(UsageError):
            new_pool(tmp_path, size, holders, ORIGIN)
    assert not list(tmp_path.iterdir())


def _edit(vault: Path, old: str, new: str) -> None:
    path = vault / "pool.txt"
    path.write_text(path.read_text().replace(old, new, 1))


def test_hand_edited(vault: Path) -> None:
    """Edits and partial copies are refused with the line, or as a file that isn't the PI's."""
    text = (vault / "pool.txt").read_text()
    lines = text.splitlines(keepends=True)
    first, second = (line.split() for line in lines[:2])
    cases = {
        "line 1 is not": text.replace(first[1], first[1][:-1] + "q"),
        "line 2 is not": text.replace(second[0], second[0].upper()),
        "line 4 is not": text + "\n",
        "twice": text + lines[0],
        "cut short": text[:-1],
        "it was edited": lines[1] + lines[0] + lines[2],
        "edited, or copied in part": "".join(lines[:2]),
        "cut short.": "",
        "line 1 is not a": text.replace(first[0], "Siti"),
    }
    for words, content in cases.items():
        (vault / "pool.txt").write_text(content)
        with pytest.raises(IntegrityError, match=words) as caught:
            read_pool(vault)
        assert "Siti" not in str(caught.value)
    swapped = text.replace(first[1], "-").replace(second[1], first[1]).replace("-", second[1])
    (vault / "pool.txt").write_text(swapped)
    with pytest.raises(IntegrityError, match="it was edited"):
        read_pool(vault)


def test_missing_pool_and_guard(vault: Path, tmp_path: Path) -> None:
    """No pool is something to do; a pool without its guard was copied in part."""
    with pytest.raises(UsageError, match="no key pool"):
        read_pool(tmp_path)
    (vault / "pool.sha256").unlink()
    with pytest.raises(IntegrityError, match=r"pool\.sha256"):
        read_pool(vault)


def test_wrapped_keys_swapped(vault: Path, pi: PrivateKey) -> None:
    """A wrapped key under another's name is noticed."""
    a, b = (vault / "keys" / f"{pair.sid}.age" for pair in read_pool(vault)[:2])
    shutil.copy(a, b)
    with pytest.raises(IntegrityError, match="swapped"):
        unwrap(vault, b.stem, pi)


def test_pool_of_another_study(vault: Path, pi: PrivateKey) -> None:
    """A wrapped key that isn't the one of the pool's line is refused, even where all files are whole."""
    first, second, _ = (vault / "pool.txt").read_text().splitlines()
    data = f"{first[:33]}{second[33:]}\n{second[:33]}{first[33:]}\n".encode()
    (vault / "pool.txt").write_bytes(data)
    (vault / "pool.sha256").write_text(f"{hashlib.sha256(data).hexdigest()}  pool.txt\n")
    with pytest.raises(IntegrityError, match="another study"):
        unwrap(vault, first[:32], pi)
    (vault / "pool.txt").unlink()
    assert unwrap(vault, first[:32], pi)


def test_erased(vault: Path, pi: PrivateKey) -> None:
    """Once a wrapped key is erased, nothing opens the informant's originals, and the message says why that may be."""
    pair = read_pool(vault)[0]
    (vault / "keys" / f"{pair.sid}.age").unlink()
    with pytest.raises(KeyUnusable, match="no wrapped key"):
        unwrap(vault, pair.sid, pi)
    assert pair.sid not in wrapped_sids(vault)
    for sid in ("../pool", "x", pair.sid.upper()):
        with pytest.raises(KeyUnusable):
            unwrap(vault, sid, pi)


def test_wrong_holder(vault: Path) -> None:
    """A key that isn't a holder's is named by its id."""
    stranger = new_private_key()
    with pytest.raises(KeyUnusable, match=stranger.id):
        unwrap(vault, read_pool(vault)[0].sid, stranger)


def test_rewrap(vault: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """After rewrapping the new holders open and the former one doesn't; originals and subject ids are as they were."""
    pair, new = read_pool(vault)[0], new_private_key()
    target = vault / "originals" / "X.age"
    seal(b"x", target, [pair.recipient])
    before, secret = target.read_bytes(), unwrap_whole(vault, pair.sid, pi).secret
    assert rewrap(vault, board, [board.recipient, new.recipient]) == 3
    with pytest.raises(KeyUnusable):
        unwrap(vault, pair.sid, pi)
    assert unwrap_whole(vault, pair.sid, new).secret == secret
    assert open_bytes(target, [unwrap(vault, pair.sid, new)]) == b"x"
    assert target.read_bytes() == before


def test_rewrap_all_or_nothing(vault: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """If one wrapped key doesn't open, none is rewritten."""
    keys = sorted((vault / "keys").iterdir())
    keys[-1].write_bytes(keys[-1].read_bytes()[:-1])
    before = [path.read_bytes() for path in keys]
    with pytest.raises(IntegrityError):
        rewrap(vault, pi, [pi.recipient])
    assert [path.read_bytes() for path in keys] == before


def test_holders(tmp_path: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """Holders come back in order, with role and key id; each key is listed once and can be taken off again."""
    assert read_holders(tmp_path) == ()
    first = add_holder(tmp_path, "pi", pi.recipient)
    second = add_holder(tmp_path, "board", board.recipient)
    assert read_holders(tmp_path) == (first, second)
    assert first.id == pi.id
    with pytest.raises(UsageError, match="already"):
        add_holder(tmp_path, "reviewer", pi.recipient)
    assert remove_holder(tmp_path, pi.id) == first
    assert read_holders(tmp_path) == (second,)
    with pytest.raises(UsageError):
        remove_holder(tmp_path, pi.id)


def test_holders_refused(tmp_path: Path, pi: PrivateKey) -> None:
    """An unknown role and a recipient that is none are refused."""
    for role, recipient in (("boss", pi.recipient), ("pi", "age1xyz"), ("pi", pi.secret)):
        with pytest.raises(UsageError) as caught:
            add_holder(tmp_path, role, recipient)
        assert pi.secret not in str(caught.value)
    assert read_holders(tmp_path) == ()


def test_holders_edited(tmp_path: Path, pi: PrivateKey, board: PrivateKey) -> None:
    """A list edited by hand is refused with the line."""
    add_holder(tmp_path, "pi", pi.recipient)
    add_holder(tmp_path, "board", board.recipient)
    path = tmp_path / "holders.csv"
    text = path.read_text()
    cases = {
        "head line": text.replace("role", "rol"),
        "line 2": text.replace(pi.id, board.id),
        "line 3": text.replace("board,", "bored,"),
        "line 4": text + text.splitlines()[1] + "\n",
        "line 4 is not": text + "pi\n",
    }
    for words, content in cases.items():
        path.write_text(content)
        with pytest.raises(UsageError, match=words):
            read_holders(tmp_path)


def test_at_most_twenty_holders(tmp_path: Path) -> None:
    """The list ends where age's recipients end."""
    for _ in range(20):
        add_holder(tmp_path, "reviewer", new_private_key().recipient)
    with pytest.raises(UsageError, match="20 holders"):
        add_holder(tmp_path, "reviewer", new_private_key().recipient)
