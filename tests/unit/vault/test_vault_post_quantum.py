"""Post-quantum keys: made, kept, printed, never beside classic ones; the plugin's own talk; Debian's age with the plugin."""

import base64
import io
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from samaran.errors import IntegrityError, KeyUnusable, SamaranError, UsageError
from samaran.vault import age, bech32, hybrid, program
from samaran.vault.holders import add_holder, read_holders
from samaran.vault.keys import (
    PrivateKey,
    key_file,
    load_private_key,
    new_private_key,
    parse_key_file,
    private_key,
    save_private_key,
)
from samaran.vault.nested import unwrap_any, wrap_nested
from samaran.vault.plugin import Stanza, unwrap_all, wrap_all
from samaran.vault.pool import extend_pool, new_pool, read_pool, rewrap, unwrap, unwrap_whole
from samaran.vault.seal import open_bytes, seal
from samaran.vault.sheet import Sheet, read_sheet, text
from tests.unit.vault.conftest import ORIGIN, PASSPHRASE, opened_at_a_terminal

AGE = shutil.which("age") or ""
needs_age = pytest.mark.skipif(not AGE, reason="Debian's age is not installed (apt install age): plugin NOT tested with it")
PLUGIN = re.compile(rb"^-> (\S+)", re.M)


@pytest.fixture(scope="module")
def pq_pi() -> PrivateKey:
    return new_private_key(post_quantum=True)


@pytest.fixture(scope="module")
def pq_board() -> PrivateKey:
    return new_private_key(post_quantum=True)


@pytest.fixture
def pq_vault(tmp_path: Path, pq_pi: PrivateKey, pq_board: PrivateKey) -> Path:
    folder = tmp_path / "vault"
    new_pool(folder, 2, [pq_pi.recipient, pq_board.recipient], ORIGIN)
    (folder / "originals").mkdir()
    return folder


def stanzas(path: Path) -> list[bytes]:
    """The kinds of lines in a file's header that name its readers; pyrage adds one of its own now and then, to be ignored."""
    return [kind for kind in PLUGIN.findall(path.read_bytes().split(b"\n---")[0]) if not kind.endswith(b"-grease")]


@pytest.mark.parametrize(
    "valid",
    [
        "A12UEL5L",
        "a12uel5l",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
    ],
)
def test_texts_of_the_standard_are_read(valid: str) -> None:
    """Texts that BIP-173 gives as valid are read, and written again as they were."""
    prefix, data = bech32.decode(valid)
    assert bech32.encode(prefix, data) == valid.lower()


@pytest.mark.parametrize(
    "invalid",
    ["", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8", "1qzzfhee", "A12uEL5L", "a1b"],
)
def test_texts_that_are_none(invalid: str) -> None:
    """Texts that BIP-173 gives as invalid are refused, without being quoted."""
    with pytest.raises(ValueError, match="Bech32") as caught:
        bech32.decode(invalid)
    assert not invalid or invalid not in str(caught.value)


def test_any_bytes_come_back() -> None:
    """Bytes of any length survive, and one wrong letter is noticed."""
    chance = random.Random(4)
    for length in (*range(40), 1216):
        data = chance.randbytes(length)
        written = bech32.encode("age1pq", data)
        assert bech32.decode(written) == ("age1pq", data)
        at = chance.randrange(7, len(written))
        wrong = written[:at] + ("q" if written[at] != "q" else "p") + written[at + 1 :]
        with pytest.raises(ValueError, match="checksum"):
            bech32.decode(wrong)


def test_padding_that_no_writer_makes() -> None:
    """A text whose last letter carries bits that belong to no byte is refused, though its checksum is right."""
    values = [31, 31]  # ten bits for one byte: two are left over
    check = bech32._polymod([*bech32._spread("a"), *values, *[0] * 6]) ^ 1
    letters = "".join(bech32._CHARSET[v] for v in [*values, *((check >> 5 * (5 - n)) & 31 for n in range(6))])
    with pytest.raises(ValueError, match="padding"):
        bech32.decode("a1" + letters)


def test_both_forms_are_one_key(pq_pi: PrivateKey) -> None:
    """The form of age 1.3 and the form for the plugin lead to the same key, in any case, and neither shows in its repr."""
    native, plugin = pq_pi.forms
    assert native.startswith("AGE-SECRET-KEY-PQ-1")
    assert plugin.startswith("AGE-PLUGIN-PQ-1")
    assert private_key(native) == private_key(plugin.lower()) == pq_pi
    assert private_key(plugin).secret == native
    assert native not in repr(pq_pi)
    assert pq_pi.recipient.startswith("age1pq1")


def test_key_file_keeps_both_forms(tmp_path: Path, pq_pi: PrivateKey, pq_board: PrivateKey) -> None:
    """A key file has one line that programs read and both forms; a file as age-keygen of 1.3 writes it loads as well; forms that
    don't belong together are noticed."""
    save_private_key(pq_pi, tmp_path / "k", None)
    written = (tmp_path / "k").read_text()
    assert all(form in written for form in pq_pi.forms)
    assert [line for line in written.splitlines() if not line.startswith("#")] == [pq_pi.forms[1]]
    assert load_private_key(tmp_path / "k", None) == pq_pi
    assert parse_key_file(f"# created: today\n# public key: {pq_pi.recipient}\n{pq_pi.secret}\n".encode())[0] == pq_pi
    with pytest.raises(IntegrityError):
        parse_key_file(written.replace(pq_pi.secret, pq_board.secret).encode())


@pytest.mark.parametrize("end", ["q", "", "qq"])
def test_a_damaged_key_is_noticed(pq_pi: PrivateKey, end: str) -> None:
    """A mistyped secret or recipient is refused in our words, without the text."""
    for form in pq_pi.forms:
        with pytest.raises(KeyUnusable) as caught:
            private_key(form[:-1] + ("P" if form[-1] == "Q" and end == "q" else end.upper()))
        assert form[20:] not in str(caught.value)
    wrong = pq_pi.recipient[:-1] + ("p" if pq_pi.recipient[-1] == "q" and end == "q" else end)
    with pytest.raises(UsageError):
        age.check_recipients([wrong])


def test_sealed_files_have_post_quantum_readers_only(
    tmp_path: Path, pq_pi: PrivateKey, pq_board: PrivateKey, plain: bytes
) -> None:
    """Every line that names a reader is post-quantum, the read-back key's too; each recipient opens, a stranger doesn't."""
    path = tmp_path / "X.age"
    seal(plain, path, [pq_pi.recipient, pq_board.recipient])
    assert stanzas(path) == [b"mlkem768x25519"] * 3
    assert open_bytes(path, [pq_pi]) == open_bytes(path, [pq_board]) == plain
    with pytest.raises(age.NoMatch):
        open_bytes(path, [new_private_key(post_quantum=True)])
    with pytest.raises(age.NoMatch):
        open_bytes(path, [new_private_key()])


def test_kinds_are_never_mixed(tmp_path: Path, pi: PrivateKey, pq_pi: PrivateKey) -> None:
    """No file is sealed to both kinds, and the library refuses it, too, should we forget."""
    with pytest.raises(UsageError, match="never put on one file"):
        seal(b"x", tmp_path / "X.age", [pq_pi.recipient, pi.recipient])
    assert not list(tmp_path.iterdir())
    import pyrage

    program.put_on_path()
    both = [
        pyrage.plugin.RecipientPluginV1("pq", [pyrage.plugin.Recipient.from_str(pq_pi.recipient)], [], program.Silent()),
        pyrage.x25519.Recipient.from_str(pi.recipient),
    ]
    with pytest.raises(pyrage.EncryptError, match="postquantum"):
        pyrage.encrypt_io(io.BytesIO(b"x"), io.BytesIO(), both)


@pytest.mark.parametrize("harm", ["cut", "append", "flip", "stanza"])
def test_damage_is_noticed(tmp_path: Path, pq_pi: PrivateKey, plain: bytes, harm: str) -> None:
    """A file cut short, appended to, with a flipped bit or a malformed line is refused and nothing of it comes out."""
    path = tmp_path / "X.age"
    seal(plain, path, [pq_pi.recipient])
    data = path.read_bytes()
    changed = {
        "cut": data[:-1],
        "append": data + b"\0",
        "flip": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        "stanza": data.replace(b"mlkem768x25519 ", b"mlkem768x25519 AA "),
    }[harm]
    path.write_bytes(changed)
    with pytest.raises(IntegrityError):
        open_bytes(path, [pq_pi])


def test_a_missing_plugin_is_said(tmp_path: Path, pq_pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program nothing is sealed or opened, and the message names it."""
    seal(b"x", tmp_path / "X.age", [pq_pi.recipient])
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(SamaranError, match="age-plugin-pq is missing"):
        seal(b"x", tmp_path / "Y.age", [pq_pi.recipient])
    with pytest.raises(SamaranError, match="age-plugin-pq is missing"):
        open_bytes(tmp_path / "X.age", [pq_pi])
    assert [path.name for path in tmp_path.iterdir()] == ["X.age"]


def test_the_plugin_is_found_off_the_path(tmp_path: Path, pq_pi: PrivateKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """samaran called by its full path, without its folder on PATH, finds the program beside it."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    seal(b"x", tmp_path / "X.age", [pq_pi.recipient])
    assert open_bytes(tmp_path / "X.age", [pq_pi]) == b"x"


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="this system has no /proc: ended programs NOT looked at")
def test_no_ended_programs_are_left(tmp_path: Path, pq_pi: PrivateKey) -> None:
    """After many files at most the last program is still ending; programs of others are left to those who wait for them."""
    other = subprocess.Popen(["true"])
    for n in range(4):
        seal(b"x", tmp_path / f"{n}.age", [pq_pi.recipient])
        open_bytes(tmp_path / f"{n}.age", [pq_pi])
    time.sleep(0.2)
    open_bytes(tmp_path / "0.age", [pq_pi])
    pids = [pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]
    names = [Path("/proc", pid, "comm").read_text().strip() for pid in pids]
    assert names.count("age-plugin-pq") <= 2
    assert str(other.pid) in pids
    assert other.wait() == 0


def test_a_pool_is_of_its_holders_kind(pq_vault: Path, pq_pi: PrivateKey, pq_board: PrivateKey, pi: PrivateKey) -> None:
    """Pairs and wrapped keys are post-quantum, and stay so when the pool grows or is rewrapped; classic holders are refused."""
    extend_pool(pq_vault, 1, [pq_pi.recipient, pq_board.recipient], ORIGIN)
    pairs = read_pool(pq_vault)
    assert [age.is_post_quantum(pair.recipient) for pair in pairs] == [True] * 3
    assert rewrap(pq_vault, pq_board, [pq_board.recipient]) == 3
    for pair in pairs:
        assert stanzas(pq_vault / "keys" / f"{pair.sid}.age") == [b"mlkem768x25519"] * 2
        assert unwrap(pq_vault, pair.sid, pq_board).recipient == pair.recipient
        with pytest.raises(KeyUnusable):
            unwrap(pq_vault, pair.sid, pq_pi)
    before = {path: path.read_bytes() for path in pq_vault.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match="another kind"):
        extend_pool(pq_vault, 1, [pi.recipient], ORIGIN)
    with pytest.raises(UsageError, match="another kind"):
        rewrap(pq_vault, pq_board, [pi.recipient])
    assert {path: path.read_bytes() for path in pq_vault.rglob("*") if path.is_file()} == before


def test_nested_files_are_post_quantum(pq_vault: Path, pq_pi: PrivateKey) -> None:
    """Two of two board members open together, through two layers that name post-quantum readers only."""
    members = [new_private_key(post_quantum=True) for _ in range(2)]
    sid = read_pool(pq_vault)[0].sid
    wrap_nested(pq_vault / "keys", unwrap_whole(pq_vault, sid, pq_pi), [key.recipient for key in members], 2)
    (path,) = (pq_vault / "keys" / "board").iterdir()
    assert stanzas(path) == [b"mlkem768x25519"] * 2
    by_id = {key.id[:8]: key for key in members}
    inner = open_bytes(path, [by_id[path.name.split(".")[1].split("-")[-1]]])
    assert PLUGIN.findall(inner.split(b"\n---")[0])[0] == b"mlkem768x25519"
    assert unwrap_any(pq_vault, sid, members) == unwrap(pq_vault, sid, pq_pi)


def test_holders_are_of_one_kind(tmp_path: Path, pi: PrivateKey, pq_pi: PrivateKey, pq_board: PrivateKey) -> None:
    """A classic key can't join post-quantum ones, neither by command nor by an edit of the list."""
    add_holder(tmp_path, "pi", pq_pi.recipient)
    with pytest.raises(UsageError, match="have post-quantum keys, this one is classic"):
        add_holder(tmp_path, "board", pi.recipient)
    add_holder(tmp_path, "board", pq_board.recipient)
    assert [holder.post_quantum for holder in read_holders(tmp_path)] == [True, True]
    with (tmp_path / "holders.csv").open("a") as file:
        file.write(f"reviewer,{pi.id},{pi.recipient}\n")
    with pytest.raises(UsageError, match=r"line 4.*another kind"):
        read_holders(tmp_path)


def test_a_sheet_has_both_forms(pq_pi: PrivateKey, pq_board: PrivateKey) -> None:
    """A sheet prints both; the whole sheet, or either form typed alone, brings the key back; two keys at once don't."""
    sheet = text(pq_pi, Sheet("bandung", "pi", date(2026, 1, 5)))
    bare = "".join(sheet.split())
    assert all(form in bare for form in pq_pi.forms)
    assert read_sheet(sheet) == read_sheet(pq_pi.forms[0]) == read_sheet(pq_pi.forms[1].lower()) == pq_pi
    with pytest.raises(KeyUnusable, match="several keys"):
        read_sheet(f"{pq_pi.secret}\n{pq_board.secret}\n")


def said(*words: str, data: bytes = b"") -> Stanza:
    return Stanza(words, data)


def answers(made: Sequence[Stanza]) -> list[tuple[str, ...]]:
    return [stanza.words[:3] for stanza in made]


def test_the_plugin_wraps_for_all_or_for_none(pq_pi: PrivateKey, pq_board: PrivateKey) -> None:
    """Recipients and identities get a stanza each, per file key, under the label that keeps kinds apart; one recipient that is
    none, and only errors are said."""
    keys = [said("wrap-file-key", data=bytes([n] * 16)) for n in (1, 2)]
    readers = [said("add-recipient", pq_pi.recipient), said("grease", "x"), said("add-identity", pq_board.forms[1])]
    made = list(wrap_all([*readers, *keys, said("extension-labels")]))
    assert made[0].words == ("labels", "postquantum")
    assert sorted(answers(made[1:])) == [("recipient-stanza", str(n), "mlkem768x25519") for n in (0, 0, 1, 1)]
    opened = unwrap_all([said("add-identity", pq_board.forms[1]), *(said(*s.words, data=s.data) for s in made[1:])])
    assert sorted((s.words, s.data) for s in opened) == [(("file-key", "0"), b"\1" * 16), (("file-key", "1"), b"\2" * 16)]
    assert not any(s.words[0] == "labels" for s in wrap_all([*readers, *keys]))
    wrong = [said("add-recipient", bech32.encode("age1pq", bytes([255]) * 1216)), said("add-identity", "AGE-PLUGIN-PQ-1QQ")]
    assert answers(list(wrap_all([*readers, *wrong, *keys]))) == [("error", "recipient", "1"), ("error", "identity", "1")]


def test_the_plugin_refuses_what_is_malformed(pq_pi: PrivateKey) -> None:
    """A malformed stanza makes its file unreadable and no other; strange ones are ignored; a wrong identity stops everything."""
    (good,) = wrap_all([said("add-recipient", pq_pi.recipient), said("wrap-file-key", data=b"k" * 16)])
    share = good.words[3]
    ours = said("add-identity", pq_pi.forms[1])
    strange = said("recipient-stanza", "0", "X25519", "abc")
    short = base64.b64encode(bytes(1119)).decode().rstrip("=")
    for words in (("0", "mlkem768x25519"), ("0", "mlkem768x25519", share, "x"), ("0", "mlkem768x25519", short)):
        bad = said("recipient-stanza", *words, data=good.data)
        found = list(unwrap_all([ours, strange, bad, said("recipient-stanza", "1", *good.words[2:], data=good.data)]))
        assert [s.words for s in found] == [("error", "stanza", "0", "1"), ("file-key", "1")]
    assert list(unwrap_all([ours, strange])) == []
    assert answers(list(unwrap_all([ours, said("add-identity", "AGE-PLUGIN-PQ-1QQ"), good]))) == [("error", "identity", "1")]


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ([], b""),
        (["--age-plugin=other-v1"], b""),
        (["--age-plugin=identity-v1"], b""),
        (["--age-plugin=recipient-v1"], b"hello\n"),
    ],
)
def test_the_plugin_started_wrongly(words: list[str], data: bytes) -> None:
    """Started by a person, in an unknown way or with nonsense, the program says one thing and ends with an error."""
    program = Path(sys.executable).parent / "age-plugin-pq"
    done = subprocess.run([program, *words], input=data, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"age-plugin-pq")
    assert b"Traceback" not in done.stderr


def by_age(*words: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program.put_on_path()
    return subprocess.run([AGE, *map(str, words)], input=data, capture_output=True, check=False)


@needs_age
@pytest.mark.parametrize("who", ["pi", "board"])
def test_two_commands_open_an_original(
    pq_vault: Path, tmp_path: Path, plain: bytes, pq_pi: PrivateKey, pq_board: PrivateKey, who: str
) -> None:
    """With the plugin on PATH, the two commands of the manual open a post-quantum original."""
    pair = read_pool(pq_vault)[1]
    seal(plain, pq_vault / "originals" / "X.age", [pair.recipient])
    save_private_key({"pi": pq_pi, "board": pq_board}[who], tmp_path / "key.txt", None)
    program.put_on_path()
    command = f"age -d -i key.txt vault/keys/{pair.sid}.age | age -d -i - vault/originals/X.age"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False)
    assert done.stdout == plain, done.stderr


@needs_age
def test_age_seals_we_open(tmp_path: Path, pq_pi: PrivateKey, pq_board: PrivateKey, plain: bytes) -> None:
    """A file sealed by age, through the plugin, to two post-quantum recipients opens with each key."""
    done = by_age("-r", pq_pi.recipient, "-r", pq_board.recipient, data=plain)
    (tmp_path / "X.age").write_bytes(done.stdout)
    assert open_bytes(tmp_path / "X.age", [pq_pi]) == open_bytes(tmp_path / "X.age", [pq_board]) == plain


@needs_age
def test_age_asks_for_the_passphrase_of_a_post_quantum_key(tmp_path: Path, pq_pi: PrivateKey) -> None:
    """A post-quantum key file under a passphrase opens with age, which asks for it on its terminal."""
    save_private_key(pq_pi, tmp_path / "locked", PASSPHRASE)
    seal(b"lewat kata sandi", tmp_path / "X.age", [pq_pi.recipient])
    program.put_on_path()
    assert opened_at_a_terminal(AGE, tmp_path / "locked", tmp_path / "X.age", tmp_path / "out") == b"lewat kata sandi"


def test_an_old_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cryptography library can't make such keys, that is what is said."""
    from cryptography.exceptions import UnsupportedAlgorithm

    def unsupported(_: str) -> str:
        raise UnsupportedAlgorithm("no")

    monkeypatch.setattr(hybrid, "recipient_of", unsupported)
    with pytest.raises(SamaranError, match=r"OpenSSL older than 3\.5"):
        new_private_key(post_quantum=True)


def test_key_file_text_is_stable(pq_pi: PrivateKey) -> None:
    """A key file written again is the same bytes: a rewrap changes no key."""
    assert key_file(parse_key_file(key_file(pq_pi))[0]) == key_file(pq_pi)
