"""A small study and a way to call `samaran` in this process."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from samaran.cli.main import main
from samaran.demo.recorded import material

CONSENT_HEAD = (
    "informant,form_version,date,mode,participate,record_audio,quote_verbatim,quote_paraphrase,archive,reuse,"
    "recontact,member_check\n"
)
ROSTER_HEAD = "entity,informant_id,real_name,aliases,phone,online_ids,role\n"


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Samaran = Callable[..., Said]


@pytest.fixture
def samaran(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Samaran:
    """Call the command line: `samaran("status", study)`."""
    monkeypatch.delenv("SAMARAN_KEY", raising=False)
    monkeypatch.delenv("SAMARAN_PASSPHRASE", raising=False)

    def call(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["samaran", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return call


@dataclass(frozen=True)
class Small:
    """A study with keys, a pool, two people on the roster and a consent of each."""

    folder: Path
    keys: Path

    def put(self, name: str, content: str | bytes) -> Path:
        """Lay a file into the inbox."""
        path = self.folder / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def small(tmp_path: Path, samaran: Samaran) -> Small:
    """A small study without the language model: fast, and the same everywhere."""
    study = Small(tmp_path / "study", tmp_path / "keys")
    study.keys.mkdir()
    assert samaran("init", study.folder, "--name", "small").code == 0
    config = study.folder / "study.toml"
    config.write_text(config.read_text().replace('model = "shipped"', 'model = "none"'))
    for role in ("pi", "board", "reviewer"):
        done = samaran("keys", "new", study.folder, "--for", role, "--out", study.keys / f"{role}.key", "--no-passphrase")
        assert done.code == 0, done.err
    assert samaran("keys", "pool", study.folder, "--size", "6").code == 0
    shutil.copy(material() / "dpia.toml", study.folder / "dpia.toml")
    (study.folder / "roster.csv").write_text(
        ROSTER_HEAD + "rani,INF-01,Maharani Kusumah,Rani;Bunga,0812-2094-7715,Bunga_23,informan\n"
        "yuyun,INF-02,Yuyun Yuningsih,Yuy,,,informan\nasep,INF-02,Asep Sunandar,Asep,,,pacar INF-02\n"
    )
    (study.folder / "consent.csv").write_text(
        CONSENT_HEAD
        + "INF-01,1,2026-01-02,written,yes,yes,yes,yes,yes,no,no,no\nINF-02,1,2026-01-03,written,yes,no,no,no,no,no,no,no\n"
    )
    return study


INTERVIEW = """P: Perkenalkan, Teteh dipanggil siapa?
I: Rani. Nomor saya 0812-2094-7715, akun Bunga_23. Bunga di pot sudah layu.
P: Kenal Yuyun?
I: Kenal, si Yuyun teman saya. Tarif 400rb.
"""
