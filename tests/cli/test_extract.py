"""An informant asks what is held on her: two people, a request, her own words with everybody else masked, nothing in the log."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from samaran.audit.reading import entries
from samaran.errors import SamaranError
from samaran.pipeline import desk as desks
from samaran.pipeline.desk import Desk
from samaran.vault.keys import new_private_key, save_private_key
from tests.cli.conftest import INTERVIEW, Said, Samaran, Small

MORE = "P: Terus?\nI: Si Asep Sunandar mah pacar si Yuyun. INF-02 itu saya kenal dari Dago.\n"
FILES = ["extract.en.html", "extract.id.html", "extract.json"]


def reviewed(small: Small, samaran: Samaran) -> None:
    """Every open mention is accepted by a reviewer."""
    sheet, key = small.keys / "sheet.csv", ("--key", small.keys / "reviewer.key")
    samaran("decide", small.folder, "--sheet", sheet, *key)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "decision": "accept"} for row in rows)
    assert samaran("decide", small.folder, "--from", sheet, *key).code == 0


@pytest.fixture
def asked(small: Small, samaran: Samaran) -> Small:
    """One interview, taken in and reviewed, and a request in the log."""
    turns = (INTERVIEW + MORE).replace("P: ", "Pewawancara: ").replace("I: ", "Informan: ")
    small.put("INF-01_wawancara_1.txt", turns)
    assert samaran("run", small.folder, "--direct").code == 0
    reviewed(small, samaran)
    assert samaran("incident", "open", small.folder, "--kind", "access-request").code == 0
    return small


@pytest.fixture
def call(small: Small, samaran: Samaran, tmp_path: Path):
    """`call("INF-01")`: the extract of somebody into `out`, with the keys of two holders."""

    def now(code: str = "INF-01", *more: object, keys: tuple[str, ...] = ("pi", "board"), out: str = "out") -> Said:
        named = [word for role in keys for word in ("--key", small.keys / f"{role}.key")]
        return samaran("extract", small.folder, code, *named, "--out", tmp_path / out, *more)

    return now


def test_her_words_are_hers_and_everybody_else_is_masked(asked: Small, call, tmp_path: Path) -> None:
    """Her name stands, other people, numbers, places and codes do not; no code, id or pseudonym of the study is in it."""
    done = call()
    assert done.code == 0, done.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == FILES
    content = json.loads((tmp_path / "out" / "extract.json").read_bytes())
    said = [line["text"] for source in content["sources"] for line in source["said"]]
    assert said[1] == "Rani. Nomor saya [TELEPON-1], akun [AKUN-1]. Bunga di pot sudah layu."
    assert said[5] == "Si [ORANG-2] mah pacar si [ORANG-1]. [KODE] itu saya kenal dari [TEMPAT-1]."
    assert [line["who"] for line in content["sources"][0]["said"]] == ["interviewer", "you"] * 3
    with Desk.open(asked.folder) as desk:
        source = desk.state.sources()[0]
        known = {source.source_id, *desk.register.subjects.values(), "INF-01", "INF-02"}
        known |= {s.segment_id for s in desk.state.segments(source.source_id, "analysis")}
    for path in (tmp_path / "out").iterdir():
        text = path.read_text()
        assert not [word for word in (*known, "Yuyun", "Asep", "Sunandar", "0812", "Bunga_23", "Dago") if word in text], path.name


def test_it_tells_what_is_held(asked: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """Consent, sources, releases, openings, retention and the contact stand in it, and in both languages."""
    config = asked.folder / "study.toml"
    config.write_text(
        config.read_text().replace('contact = ""', 'contact = "meja etik, 022-1"') + '\n[retention]\noriginals = "2031-12-31"\n'
    )
    samaran("release", asked.folder, "--key", asked.keys / "reviewer.key")
    source = next((asked.folder / "vault" / "work").glob("*.age")).stem
    both = ("--key", asked.keys / "pi.key", "--key", asked.keys / "board.key")
    samaran("open", asked.folder, source, *both, "--purpose", "access", "--out", tmp_path / "original")
    assert call().code == 0
    content = json.loads((tmp_path / "out" / "extract.json").read_bytes())
    assert content["consents"][0]["form_version"] == "1"
    assert content["sources"][0]["state"] == "given"
    assert [(r["profile"], r["segments"], r["recalled"]) for r in content["released"]] == [("analysis", 6, False)]
    assert [o["why"] for o in content["openings"]] == ["access"]
    assert {"kind": "originals", "until": "2031-12-31"} in content["retention"]
    assert content["purpose"]
    for language, words in {
        "id": ("Salinan data Anda", "31 Desember 2031"),
        "en": ("Extract of your data", "31 December 2031"),
    }.items():
        page = (tmp_path / "out" / f"extract.{language}.html").read_text()
        assert all(word in page for word in (*words, "meja etik, 022-1")), language
        assert "<script" not in page


def test_it_is_for_its_owner_alone(asked: Small, call, tmp_path: Path) -> None:
    """The folder is 0700, each file 0600; what is there already is left alone, and a study folder takes none."""
    assert call().code == 0
    out = tmp_path / "out"
    assert [out.stat().st_mode & 0o777, *{path.stat().st_mode & 0o777 for path in out.iterdir()}] == [0o700, 0o600]
    before = (out / "extract.json").read_bytes()
    assert call().code == 2
    assert (out / "extract.json").read_bytes() == before
    assert call(out="study/x").code == 2
    assert not (asked.folder / "x").exists()


def test_two_holders_and_a_request(small: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """One key, twice the same, a stranger's, no request, an unknown person, several requests: each is refused with its code."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW)
    samaran("run", small.folder, "--direct")
    reviewed(small, samaran)
    assert (call().code, "request" in call().err) == (2, True)
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert call(keys=("pi",)).code == 1
    assert call(keys=("pi", "pi")).code == 1
    other = tmp_path / "other"
    samaran("init", other)
    samaran("keys", "new", other, "--for", "pi", "--out", small.keys / "stranger.key", "--no-passphrase")
    assert call(keys=("pi", "stranger")).code == 1
    assert call("INF-09").code == 2
    assert call("INF-01", "--request", 7).code == 2
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert "1, 2" in call().err
    assert not (tmp_path / "out").exists()
    assert call("inf-01", "--request", 2).code == 0


def test_the_log_has_both_ends_and_no_content(asked: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """Intent with both keys and the request, result with a count; nothing of the extract in the log or in what was said."""
    done = call()
    found = [e for e in entries(asked.folder / "audit") if e.act == "informant.extract"]
    assert [(e.phase, e.n, e.code) for e in found] == [("intent", 1, None), ("result", 6, "ok")]
    assert found[0].second not in (None, found[0].actor)
    texts = [line["text"] for s in json.loads((tmp_path / "out" / "extract.json").read_bytes())["sources"] for line in s["said"]]
    log = b"".join(path.read_bytes() for path in (asked.folder / "audit").rglob("*") if path.is_file())
    assert not [text for text in (*texts, "Rani", "Bunga") if text.encode() in log or text in done.out + done.err]
    samaran("audit", "report", asked.folder, "--format", "json", "--out", tmp_path / "r.json")
    report = json.loads((tmp_path / "r.json").read_text())
    row = next(c for c in report["controls"] if c["id"] == "C04")
    assert (row["status"], "extracts made: 1" in row["evidence"]["en"]) == ("pass", True)
    assert any(first <= found[1].seq <= last for first, last in row["entries"])
    assert [(o["why"], o["code"]) for o in report["facts"]["openings"]["rows"]] == [("extract", "ok")]


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [(OSError(28, "full"), "can't be written there", "failed"), (KeyboardInterrupt(), "stopped", "interrupted")],
)
def test_a_failed_one_leaves_nothing(
    asked: Small, call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str, code: str
) -> None:
    """When it can't be written to the end, or is stopped, the folder is gone, the log says so, and a sentence what to do."""
    from samaran.pipeline import extracting

    def fails(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(extracting, "to_data", fails)
    done = call()
    assert (done.code, said in done.err) == (1, True)
    assert not (tmp_path / "out").exists()
    assert [e.code for e in entries(asked.folder / "audit") if e.act == "informant.extract"] == [None, code]


def test_a_folder_of_somebody_else_is_never_wiped(tmp_path: Path) -> None:
    """A folder that appears after it was looked for is left as it is."""
    from samaran.pipeline import extracting
    from samaran.report.extract import Extract

    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.docx").write_text("years")
    with pytest.raises(SamaranError, match="can't be written there"):
        extracting._write(Extract("s", "2026-03-14", 1, "", "", "", "", ""), tmp_path / "precious")
    assert (tmp_path / "precious" / "thesis.docx").read_text() == "years"


def test_what_waits_for_a_reviewer_is_listed_without_text(small: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """A source with open mentions gives no text: an interviewer may have named somebody in it. Exit code 3, and the reason."""
    small.put("INF-01_wawancara_1.txt", INTERVIEW + "P: Ibu Zubaedah Kartasasmita juga bilang begitu?\n")
    samaran("run", small.folder, "--direct")
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert call().code == 3
    content = json.loads((tmp_path / "out" / "extract.json").read_bytes())
    assert (content["sources"][0]["state"], "said" in content["sources"][0]) == ("undecided", False)


def test_in_a_shared_source_she_gets_what_she_said(small: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """Turns of another informant are counted, not given; in the other's own sources nothing is hers."""
    (small.folder / "manifest.csv").write_text("file,informant,method,wave,role\nfgd.txt,INF-01;INF-02,fgd,1,\n")
    small.put("fgd.txt", "Rani: Saya mulai tahun lalu.\nYuyun: Saya diajak kakak saya.\n" * 3)
    small.put("INF-02_wawancara_1.txt", "P: Kenal Rani?\nI: Kenal, Rani itu baik.\n")
    samaran("run", small.folder, "--direct")
    reviewed(small, samaran)
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert call().code == 0
    (source,) = json.loads((tmp_path / "out" / "extract.json").read_bytes())["sources"]
    assert [line["text"] for line in source["said"]] == ["Saya mulai tahun lalu."] * 3
    assert (source["shared"], source["left_out"]) == (True, 3)
    assert "diajak" not in (tmp_path / "out" / "extract.id.html").read_text()


@pytest.mark.parametrize("kind", ["originals", "keys"])
def test_after_the_end_of_retention_there_is_no_text(asked: Small, samaran: Samaran, call, tmp_path: Path, kind: str) -> None:
    """Originals or keys that were destroyed on their day open no more: the source is listed as destroyed, with the day."""
    config = asked.folder / "study.toml"
    config.write_text(config.read_text() + f'\n[retention]\n{kind} = "2020-12-31"\n')
    assert samaran("retain", asked.folder, "--key", asked.keys / "pi.key", "--key", asked.keys / "board.key").code == 0
    done = call()
    assert done.code == 0, done.err
    content = json.loads((tmp_path / "out" / "extract.json").read_bytes())
    assert [(s["state"], s.get("said")) for s in content["sources"]] == [("destroyed", None)]
    assert next(k for k in content["retention"] if k["kind"] == kind)["destroyed"]


def test_that_somebody_else_withdrew_is_not_told(small: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """A source shared with somebody who withdrew gives no text, and the extract doesn't say why."""
    (small.folder / "manifest.csv").write_text("file,informant,method,wave,role\nfgd.txt,INF-01;INF-02,fgd,1,\n")
    small.put("fgd.txt", "Rani: Saya mulai tahun lalu.\nYuyun: Saya diajak kakak saya.\n" * 3)
    samaran("run", small.folder, "--direct")
    reviewed(small, samaran)
    samaran("withdraw", small.folder, "INF-02")
    samaran("incident", "open", small.folder, "--kind", "access-request")
    assert call().code == 0
    (source,) = json.loads((tmp_path / "out" / "extract.json").read_bytes())["sources"]
    assert (source["state"], source.get("said")) == ("others", None)


def test_no_extract_by_a_clock_that_is_behind(asked: Small, call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the clock behind the log nobody can say whether the answer is in time: refused, and nothing is logged."""
    monkeypatch.setattr(desks, "utc_now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    done = call()
    assert (done.code, "clock" in done.err) == (2, True)
    assert not [e for e in entries(asked.folder / "audit") if e.act == "informant.extract"]


def test_whoever_withdrew_gets_that_nothing_is_left(asked: Small, samaran: Samaran, call, tmp_path: Path) -> None:
    """Frozen: sources are listed without text. Carried out: nothing is left, and what was destroyed is said."""
    samaran("withdraw", asked.folder, "INF-01")
    assert call().code == 0
    content = json.loads((tmp_path / "out" / "extract.json").read_bytes())
    assert [(s["state"], s.get("said")) for s in content["sources"]] == [("withdrawn", None)]
    both = ("--key", asked.keys / "pi.key", "--key", asked.keys / "board.key")
    assert samaran("withdraw", asked.folder, "INF-01", *both).code == 0
    done = call(out="after")
    assert (done.code, "Nothing of theirs is left" in done.out) == (0, True), done.err
    content = json.loads((tmp_path / "after" / "extract.json").read_bytes())
    assert "sources" not in content
    assert content["withdrawals"][0]["keys"] == 1
    assert "Tidak ada lagi bahan tentang Anda" in (tmp_path / "after" / "extract.id.html").read_text()


def test_a_second_holder_whom_the_pi_wrote_into_the_list_is_nobody(asked: Small, samaran: Samaran, tmp_path: Path) -> None:
    """Two people are not made with an editor: neither an extract nor a withdrawal is done with such a key."""
    made, key = tmp_path / "made.key", new_private_key()
    save_private_key(key, made, None)
    with (asked.folder / "vault" / "holders.csv").open("a") as file:
        file.write(f"board,{key.id},{key.recipient}\n")
    both = ("--key", asked.keys / "pi.key", "--key", made)
    for words in (("extract", asked.folder, "INF-01", "--out", tmp_path / "out"), ("withdraw", asked.folder, "INF-01")):
        said = samaran(*words, *both)
        assert said.code == 4
        assert "no command has listed" in said.err
    assert not (tmp_path / "out").exists()
    with Desk.open(asked.folder) as desk:
        assert len(desk.state.sources()) == 1
