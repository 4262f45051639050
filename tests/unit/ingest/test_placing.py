"""Whose a source is."""

from pathlib import Path, PurePosixPath

import pytest

from samaran.errors import UsageError
from samaran.ingest import Placement, place, read_manifest
from samaran.model import Method
from samaran.study import Naming


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("INF-01_wawancara_1.docx", Placement(("INF-01",), Method.INTERVIEW, 1)),
        ("inf-01_Wawancara_w2.txt", Placement(("INF-01",), Method.INTERVIEW, 2)),
        ("TRI-02_interview.txt", Placement(("TRI-02",), Method.INTERVIEW, 1)),
        ("KI-01_chat_wave3.txt", Placement(("KI-01",), Method.CHAT, 3)),
        ("FGD-01_fgd_g2.md", Placement(("FGD-01",), Method.FIELD_STUDY, 2)),
        ("WE02_chat_gelombang 1.txt", Placement(("WE-02",), Method.CHAT, 1)),
        ("INF-01+INF-02_fgd.docx", Placement(("INF-01", "INF-02"), Method.FIELD_STUDY, 1)),
        ("observasi/gang malam 17 maret.md", Placement((), Method.OBSERVATION, 1)),
        ("Literatur/mead.v2/bab 1.md", Placement((), Method.LITERATURE, 1)),
        ("Rani_wawancara_1.docx", None),
        ("INF-01_ngobrol_1.docx", None),
        ("INF-01.docx", None),
        ("INF-01_wawancara_dua.docx", None),
    ],
)
def test_patterns(path: str, expected: Placement | None) -> None:
    """The default patterns read codes, methods and waves in any case, and guess nothing."""
    assert place(PurePosixPath(path), Naming(), {}) == expected


def test_a_pattern_of_one_s_own() -> None:
    """The study's pattern and words are used."""
    naming = Naming(("{wave}/{rest} ({informant}) {method}",), {"ngobrol": Method.INTERVIEW})
    assert place(PurePosixPath("g2/sore (INF-07) ngobrol.txt"), naming, {}) == Placement(("INF-07",), Method.INTERVIEW, 2)


@pytest.mark.parametrize("pattern", ["{who}_{method}", "{method}_{method}"])
def test_a_wrong_pattern_is_a_usage_error(pattern: str) -> None:
    """Unknown and doubled fields are the config's fault."""
    with pytest.raises(UsageError):
        place(PurePosixPath("a"), Naming((pattern,)), {})


def test_manifest(tmp_path: Path) -> None:
    """A row in the manifest goes before the pattern; a BOM and semicolons are fine."""
    path = tmp_path / "manifest.csv"
    path.write_bytes(
        '\ufefffile;informant;method;wave;role\r\nTéh.txt;"INF-01;inf2";fgd;2;peer\r\n\r\nb/c.md;;literature;;\r\n'.encode()
    )
    rows = read_manifest(path)
    assert place(PurePosixPath("Te\u0301h.txt"), Naming(), rows) == Placement(("INF-01", "INF-2"), Method.FIELD_STUDY, 2, "peer")
    assert rows["b/c.md"] == Placement((), Method.LITERATURE, 1)


def test_no_manifest_is_no_rows(tmp_path: Path) -> None:
    """The manifest is optional."""
    assert read_manifest(tmp_path / "manifest.csv") == {}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("file,informant,method,wave,rolle\n", 1),
        ("file,informant\n", 1),
        ("file,method,method\n", 1),
        ("file,informant,method,wave\nRani.txt,INF-01,wawancara,1\nRani.txt,INF-01,wawancara,2\n", 3),
        ("file,informant,method,wave\nRani.txt,INF-01,tanya,1\n", 2),
        ("file,informant,method,wave\nRani.txt,Rani,wawancara,1\n", 2),
        ("file,informant,method,wave\nRani.txt,INF-01,wawancara,dua\n", 2),
        ("file,informant,method,wave\n,INF-01,wawancara,1\n", 2),
        ("file,informant,method,wave\nRani.txt,INF-01,wawancara,1,x,y\n", 2),
    ],
)
def test_a_wrong_manifest_names_the_line(tmp_path: Path, content: str, line: int) -> None:
    """The error says where, and never which file or person."""
    path = tmp_path / "manifest.csv"
    path.write_text(content)
    with pytest.raises(UsageError) as caught:
        read_manifest(path)
    assert f"line {line}" in str(caught.value)
    assert "Rani" not in f"{caught.value}{caught.value.hint}"
