"""Transcripts as people and programs really write them: who speaks, what, and when, in each; and what is no turn."""

import re
import shutil
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pytest

from samaran.ingest import read
from samaran.ingest.known import MISSPELT
from samaran.model import SpeakerRole
from tests.unit.ingest.programs import converted

SAID = ("Sudah lama?", "Sudah dua tahun.", "Awalnya dari siapa?", "Dari teman, namanya Lilis.")
TIMES = ("00:00:02", "00:00:05", "00:00:09", "00:01:15")
MS = (2000, 5000, 9000, 75000)


def written(shape: str, labels: tuple[str, str] = ("P", "I"), end: str = "\n") -> str:
    """Two people who take turns, each turn in this shape: N speaks, T when it starts, U when it ends, X what is said."""
    ends = (*TIMES[1:], "00:01:20")
    turns = zip(labels * 2, SAID, TIMES, ends, strict=True)
    return "".join(filled(shape, dict(zip("NXTU", turn, strict=True))) + end for turn in turns)


def filled(shape: str, signs: dict[str, str]) -> str:
    """A shape with what its signs stand for."""
    return re.sub("[NXTU]", lambda sign: signs[sign[0]], shape)


NAMES = ("Gita Larasati", "Rani Kusumah")
UNTIMED = {
    "space before the colon": written("N : X"),
    "no-break space before the colon": written("N\u00a0: X"),
    "no space behind the colon": written("N:X"),
    "wide colon": written("N：X"),
    "dot": written("N. X"),
    "round brackets": written("(N) X"),
    "square brackets": written("[N] X"),
    "square brackets and colon, as WhisperX": written("[N]: X", ("SPEAKER_00", "SPEAKER_01")),
    "closing bracket": written("N) X"),
    "slash": written("N/ X"),
    "hyphen": written("N - X"),
    "equals": written("N = X"),
    "tab": written("N\tX"),
    "tab, colon, tab": written("N\t:\tX"),
    "number": written("N: X", ("Pewawancara 1", "Informan 2")),
    "code": written("N: X", ("P-01", "INF-03")),
    "counted speakers": written("N: X", ("Speaker #1", "Speaker #2")),
    "at, as ATLAS.ti": written("N: X", ("@Peneliti", "@INF-03")),
    "titles": written("N: X", ("Bu Hj. Siti Aminah, S.Pd.", "Dr. Gita")),
    "a trade in brackets": written("N: X", ("Teh Rani", "A Dadan (sopir)")),
    "bold": written("**N:** X", ("P", "Rani"), "\n\n"),
    "italic": written("*N*: X", ("P", "Rani"), "\n\n"),
    "underlined": written("_N_: X", ("P", "Rani"), "\n\n"),
    "arrows": written(">> N: X", ("Gita", "Rani")),
    "numbered": "".join(f"{n}. {line}\n" for n, line in enumerate(written("N: X").splitlines(), 1)),
    "Sundanese": written("N: X", ("Panalungtik", "Pamilon")),
    "English": written("N: X", ("Interviewer", "Respondent 2")),
    "on a line of its own": written("N\nX", ("Peneliti", "Informan"), "\n\n"),
    "names on a line of their own": written("N\nX", NAMES, "\n\n"),
    "carriage returns": written("N: X", end="\r\n\r\n"),
    "marks of direction": written("\u200eN: X"),
    "a byte order mark": "\ufeff" + written("N: X"),
}
TIMED = {
    "time first": written("T N: X"),
    "time in brackets first": written("[T] N: X"),
    "time in round brackets first": written("(T) N: X", ("Speaker 1", "Speaker 2")),
    "time behind the label": written("N (T): X"),
    "time in brackets behind the label": written("N [T]: X", ("Peneliti", "Rani")),
    "time behind the colon": written("N: [T] X"),
    "MAXQDA": written("#T-0# N: X", ("P", "B1"), "\n\n"),
    "f4transkript": written("[T.0] N: X [U.0]"),
    "Trint": written("N [T] X", ("Speaker 1", "Rani"), "\n\n"),
    "Trint, time above": written("[T]\nN: X", ("Speaker 1", "Rani"), "\n\n"),
    "Rev": written("N (T):\nX", ("Speaker 1", "Speaker 2"), "\n\n"),
    "Descript": written("[T] N: X", NAMES, "\n\n"),
    "Sonix": written("[T.00] - N\nX", NAMES, "\n\n"),
    "Happy Scribe": written("[T.000] - N\nX", NAMES, "\n\n"),
    "Otter": written("N  T  \nX", NAMES, "\n\n").replace("00:00:0", "0:0").replace("00:01:", "1:"),
    "name and time": written("N T\nX", ("Peneliti", "Rani"), "\n\n"),
    "Teams, range below": written("N\nT.0 --> U.0\nX", NAMES),
    "Teams, range above": written("T.0 --> U.0\nN\nX", NAMES),
    "range in brackets": written("[T.000 --> U.000] N: X"),
}


def told(text: str, name: str = "a.txt") -> list[tuple[str | None, str]]:
    """Label and body of each line."""
    found = read(text.encode(), name)
    return [(line.label.of(found.text) if line.label else None, line.body.of(found.text)) for line in found.lines]


@pytest.mark.parametrize("text", [*UNTIMED.values(), *TIMED.values()], ids=[*UNTIMED, *TIMED])
def test_who_says_what(text: str) -> None:
    """Each turn has its label, and a body that is what was said and nothing else."""
    found = told(text)
    assert [body for _, body in found] == list(SAID)
    labels = [label for label, _ in found]
    assert labels == labels[:2] * 2
    assert None not in labels
    assert len(set(labels)) == 2


@pytest.mark.parametrize("text", TIMED.values(), ids=TIMED)
def test_when(text: str) -> None:
    """Each turn starts when its mark says."""
    assert tuple(line.start_ms for line in read(text.encode(), "a.txt").lines) == MS


def test_when_a_turn_ends() -> None:
    """A mark at the end of a line, or a range, says when a turn ends."""
    for shape in ("N: X [T]", "N: X (T)", "N: X #T-0#"):
        found = read(written(shape).encode(), "a.txt")
        assert [line.end_ms for line in found.lines] == list(MS)
        assert [line.body.of(found.text) for line in found.lines] == list(SAID)
    found = read(written("[T.000 --> U.000]  X").encode(), "a.txt")
    assert [(line.start_ms, line.end_ms) for line in found.lines] == [(2000, 5000), (5000, 9000), (9000, 75000), (75000, 80000)]
    assert [line.body.of(found.text) for line in found.lines] == list(SAID)


def test_a_time_of_day_is_no_time_of_the_recording() -> None:
    """Zoom writes the time of day, in a file and in a chat; the sender is told from `From` and `to Everyone`."""
    for shape in ("[N] T\nX", "T\t From N : X", "T From N to Everyone:\n\tX", "T Dari N ke Semua Orang: X"):
        found = read(re.sub("00:(?=0[01]:)", "18:", written(shape, NAMES, "\n\n")).encode(), "a.txt")
        assert [line.label.of(found.text) if line.label else None for line in found.lines] == list(NAMES * 2)
        assert [line.body.of(found.text) for line in found.lines] == list(SAID)
        assert {line.start_ms for line in found.lines} == {None}


def test_two_on_one_line() -> None:
    """Who answers on the same line has a turn, also where that label never starts a line; colons in speech part nothing."""
    assert told("P: Sudah lama? I: Dua tahun.\nP: Awalnya? I: Dari teman. P: Oh.\nP: Terus?\n") == [
        ("P", "Sudah lama?"),
        ("I", "Dua tahun."),
        ("P", "Awalnya?"),
        ("I", "Dari teman."),
        ("P", "Oh."),
        ("P", "Terus?"),
    ]
    speech = "Jadi begini: buka dulu. Caranya: pilih. Dia bilang: jangan. Jam 10:30 pulang."
    assert told(f"P: Caranya?\nI: {speech}\nP: Terus?\nI: Begitu.\n")[1] == ("I", speech)


def test_a_slip_behind_a_label_and_a_slip_in_it() -> None:
    """`Informan; ..` and `P:Sudah` are turns; `Infroman` is one that nobody is guessed for, and the file says so."""
    text = "P: Lama?\nInforman: Ya.\nP:Terus?\nInforman; Begitu.\nP: Oh.\nInfroman: Iya.\n"
    assert [label for label, _ in told(text)] == ["P", "Informan", "P", "Informan", "P", "Infroman"]
    found = read(text.encode(), "a.txt")
    assert found.warnings == (MISSPELT,)
    assert found.lines[-1].role is SpeakerRole.UNKNOWN
    assert read(text.replace("Infroman", "Informan").encode(), "a.txt").warnings == ()


def test_people_with_like_names_are_no_slip() -> None:
    """Numbers tell people apart, and short names are alike by chance."""
    text = "Informan 1: a\nInforman 2: b\nInforman 1: c\nInforman 3: d\nRina: e\nRani: f\nRina: g\n"
    assert read(text.encode(), "a.txt").warnings == ()


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("Peserta 1 (Rani)", SpeakerRole.INFORMANT),
        ("Rani (informan)", SpeakerRole.INFORMANT),
        ("@Peneliti", SpeakerRole.INTERVIEWER),
        ("PEWAWANCARA 2", SpeakerRole.INTERVIEWER),
        ("Rani (sopir)", SpeakerRole.UNKNOWN),
    ],
)
def test_roles_in_odd_labels(label: str, role: SpeakerRole) -> None:
    """A word for a role counts wherever it stands in a label."""
    lines = read(f"{label}: a\nNining: b\n{label}: c\nNining: d\n".encode(), "a.txt").lines
    assert (lines[0].role, lines[1].role) == (role, SpeakerRole.UNKNOWN)


def test_counted_questions_have_the_roles_of_their_letters() -> None:
    """`T1 J1 T2 J2`: a question and its answer."""
    lines = read(b"T1: a\nJ1: b\nT2: c\nJ2: d\n", "a.txt").lines
    assert [line.role for line in lines] == [SpeakerRole.INTERVIEWER, SpeakerRole.INFORMANT] * 2


def test_a_title_block_stays_text() -> None:
    """Who took part, with a remark in brackets, stands above the interview and is no turn."""
    title = ["Informan: Rani (nama samaran)", "Pewawancara: Gita Larasati", "Tanggal: 12 Maret 2025", "Durasi: 45 menit"]
    found = told("\n".join(["TRANSKRIP 3", *title]) + "\n\n" + written("N: X"))
    assert found[:5] == [(None, "TRANSKRIP 3"), *((None, line) for line in title)]
    assert [label for label, _ in found[5:]] == ["P", "I"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(SAID),
        "".join(f"- {line}\n" for line in SAID),
        "Senin\nHujan dari pagi.\n\nSelasa\nSaya pulang.\n\nSenin\nHujan lagi.\n\nSelasa\nSaya di rumah.\n",
        "Terkirim ke Yanto\nJemput.\n\nTerkirim ke Lilis\nTunggu.\n\nTerkirim ke Yanto\nSudah.\n\nTerkirim ke Lilis\nOke.\n",
        "Sering ke sana?\n\nIya\n\nSendirian?\n\nTidak\n\nDiantar?\n\nIya\n\nOleh suami?\n\nTidak\n",
        "1. Pernah?\nA. Ya\nB. Tidak\n2. Sering?\nA. Ya\nB. Tidak\n3. Sendiri?\nA. Ya\nB. Tidak\n",
        'label = "ORANG"\nlevel = "entity"\nlabel = "KOTA"\nlevel = "region"\nlabel = "USIA"\nlevel = "band"\n',
        "19.20 Hujan mulai turun.\n20.10 Orang pertama datang.\n21.05 Saya pulang.\n",
    ],
    ids=["no labels", "dashes", "days", "messages", "short answers", "choices", "settings", "times of a note"],
)
def test_nobody_is_guessed(text: str) -> None:
    """Text without speakers has none, and keeps all of its words in bodies."""
    found = told(text)
    assert {label for label, _ in found} == {None}
    assert "".join("".join(body for _, body in found).split()) == "".join(text.split())


def test_a_lone_time_stays() -> None:
    """One time on a line of its own in a note is what the note tells."""
    assert (None, "19:20:00") in told("Catatan\n\n19:20:00\n\nHujan mulai turun.\n")


TABLE = [
    ("Waktu", "Pembicara", "Ucapan"),
    ("00:02", "Peneliti", "Sudah lama?"),
    ("00:05", "Rani", "Dua tahun."),
    ("", "", "(hening)"),
]


def test_a_table_with_a_column_of_speakers() -> None:
    """The speaker labels what was said, wherever the two columns stand, and is no line of its own; times stay cells."""
    found = told("\n".join(";".join(row) for row in TABLE), "a.csv")
    assert found[3:] == [
        (None, "00:02"),
        ("Peneliti", "Sudah lama?"),
        (None, "00:05"),
        ("Rani", "Dua tahun."),
        (None, "(hening)"),
    ]
    exported = "Timespan\tContent\tSpeaker\n0:00 - 0:12\tSudah lama?\tPeneliti\n0:12 - 0:20\tDua tahun.\tRani\n"
    assert ("Rani", "Dua tahun.") in told(exported, "nvivo.txt")


def workbook() -> bytes:
    """The table as a spreadsheet, its last cell in two lines."""
    book = openpyxl.Workbook()
    for row in [*TABLE[:-1], ("00:09", "Rani", "Baris satu.\nBaris dua.")]:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_spreadsheet_with_a_column_of_speakers(tmp_path: Path) -> None:
    """The same in xlsx, all lines of a cell included; and in ods, as LibreOffice writes it."""
    expected = [("Peneliti", "Sudah lama?"), ("Rani", "Dua tahun."), ("Rani", "Baris satu."), ("Rani", "Baris dua.")]
    found = read(workbook(), "a.xlsx")
    spoken = [(line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label]
    assert spoken == expected
    assert [line.ref for line in found.lines if line.label] == ["cell C2", "cell C3", "cell C4", "cell C4"]
    if shutil.which("soffice"):
        (tmp_path / "a.xlsx").write_bytes(workbook())
        found = read(converted(tmp_path / "a.xlsx", "ods", tmp_path), "a.ods")
        assert [(line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label] == expected


def test_a_document_with_a_column_of_speakers() -> None:
    """A table of number, speaker and speech in a docx; and labels that are bold alone, without a colon."""
    made = docx.Document()
    table = made.add_table(0, 3)
    for row in [
        ("No", "Penutur", "Tuturan"),
        ("1", "Peneliti", "Sudah lama?"),
        ("2", "Rani", "Dua tahun."),
        ("3", "Rani", "Iya."),
    ]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for name, said in zip(("Peneliti", "Rani") * 2, SAID, strict=True):
        made.add_paragraph().add_run(name).bold = True
        made.add_paragraph(said)
    out = BytesIO()
    made.save(out)
    found = read(out.getvalue(), "a.docx")
    spoken = [(line.label.of(found.text), line.body.of(found.text)) for line in found.lines if line.label]
    assert spoken[:3] == [("Peneliti", "Sudah lama?"), ("Rani", "Dua tahun."), ("Rani", "Iya.")]
    assert [body for _, body in spoken[3:]] == list(SAID)
    assert [line.body.of(found.text) for line in found.lines if not line.label] == ["No", "Penutur", "Tuturan", "1", "2", "3"]
