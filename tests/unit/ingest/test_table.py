"""Tables in text and in workbooks."""

from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment

from samaran.ingest import Unreadable, read, read_text
from samaran.ingest.xlsx import HIDDEN_SHEETS
from samaran.model import EntityType, Line, Part, Reason

CSV = (
    "No;Kode;Nama lengkap;NIK;HP / WA\r\n"
    '1;INF-01;Maharani Kusumah;3203115402990003;"0856-7214-0938; lama: 0812"\r\n'
    '2;INF-02;"Yuyun ""Yuy"" Yuningsih";;085722138049\r\n'
    ";;;;\r\n"
    "Total honor: 1.050.000"
)


def cell(text: str, line: Line) -> tuple[str, str, str]:
    """Place, heading and text."""
    return line.ref, line.column.of(text) if line.column else "", line.body.of(text)


def test_cells_have_place_and_heading() -> None:
    """Each cell that holds something is a line; quotes and delimiters are markup; numbers stay as written."""
    found = read(CSV.encode(), "tabel.csv")
    assert found.format == "csv"
    assert [cell(CSV, line) for line in found.lines] == [
        ("cell A1", "", "No"),
        ("cell B1", "", "Kode"),
        ("cell C1", "", "Nama lengkap"),
        ("cell D1", "", "NIK"),
        ("cell E1", "", "HP / WA"),
        ("cell A2", "No", "1"),
        ("cell B2", "Kode", "INF-01"),
        ("cell C2", "Nama lengkap", "Maharani Kusumah"),
        ("cell D2", "NIK", "3203115402990003"),
        ("cell E2", "HP / WA", "0856-7214-0938; lama: 0812"),
        ("cell A3", "No", "2"),
        ("cell B3", "Kode", "INF-02"),
        ("cell C3", "Nama lengkap", 'Yuyun ""Yuy"" Yuningsih'),
        ("cell E3", "HP / WA", "085722138049"),
        ("cell A5", "No", "Total honor: 1.050.000"),
    ]
    assert {line.part for line in found.lines} == {Part.CELL}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_content(mark: str) -> None:
    """A table is a table whatever the file is called."""
    text = "\n".join(
        mark.join(row) for row in (["kode", "nama", "usia", "asal"], ["A1", "Rani", "24", "Dago"], ["A2", "Nde", "29", "Lembang"])
    )
    found = read(text.encode(), "tabel.txt")
    assert found.format == "csv"
    assert cell(text, found.lines[-1]) == ("cell D3", "asal", "Lembang")


def test_a_table_without_heading() -> None:
    """Where the first row is a row like the others, no column has a heading."""
    text = "1;Rani;0812\n2;Nde;0813\n3;Lin;0814"
    assert all(line.column is None for line in read_text(text).lines)


def test_a_title_above_the_table() -> None:
    """The heading row is the first one of the table's width."""
    text = "REKAP TRANSPORT\n\nkode;nama;telepon;jumlah\nA1;Rani;0812;75000\nA2;Nde;0813;75000\nA3;Lin;0814;40000\n"
    assert cell(text, read_text(text, "x.csv").lines[-1]) == ("cell D6", "jumlah", "40000")


def test_prose_with_commas_is_no_table() -> None:
    """Sentences with as many commas are sentences."""
    text = "Saya, dia, dan mereka, pergi.\nKami, kalian, dan kita, pulang.\nDi sana, di sini, di situ, sama.\n"
    assert read_text(text).format == "text"


def test_an_unclosed_quote_loses_nothing() -> None:
    """The rest of the file is in the cell."""
    text = 'a;b;c\n1;"dua;tiga\n4;5;6\n'
    assert read_text(text, "x.csv").lines[-1].body.of(text) == "dua;tiga\n4;5;6"


SHEET = [
    "DAFTAR INFORMAN",
    "kode;nama;usia;asal",
    "INF-01;Maharani Kusumah;24;Dago",
    "INF-02;Yuyun Yuningsih;;Lembang",
    "",
    "AKUN",
    "kode;aplikasi;nama akun",
    "INF-01;MiChat;melati.bdg",
    "INF-02;Telegram;yuy_ning",
    "",
    "KONTAK",
    "nama;hubungan;telepon;alamat;jumlah",
    "Entin;ibu;0812-2094-7715;Jl. Cisitu Lama 41;1",
    "Asep;kakak;0856-7214-0938;Gg. Kujang 2;2",
    "Total: 3",
]


@pytest.mark.parametrize("mark", [";", "\t", ",", "|", " | "])
@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_several_tables_in_one_file(mark: str, name: str) -> None:
    """Each table has its heading; titles and blank lines between have none."""
    text = "\n".join(SHEET).replace(";", mark)
    found = read(text.encode(), name)
    assert found.format == "csv"
    shown = [cell(text, line) for line in found.lines]
    for wanted in (
        ("cell C3", "usia", "24"),
        ("cell A6", "", "AKUN"),
        ("cell C7", "", "nama akun"),
        ("cell C8", "nama akun", "melati.bdg"),
        ("cell A11", "", "KONTAK"),
        ("cell B14", "hubungan", "kakak"),
        ("cell C14", "telepon", "0856-7214-0938"),
    ):
        assert wanted in shown
    assert [span for line in found.lines if (span := line.body)] == sorted(line.body for line in found.lines)


def test_a_table_of_markdown() -> None:
    """Bars at both ends make empty cells, and the rule below the heading holds nobody."""
    text = "Hasil:\n\n| Kode | Nama | Usia |\n| --- | --- | --- |\n| A1 | Rani | 24 |\n| A2 | Nde | 29 |\n"
    shown = [cell(text, line) for line in read_text(text).lines]
    assert ("cell C5", "Nama", "Rani") in shown


def test_several_tables_in_a_sheet_of_one_width() -> None:
    """Programs fill up all rows to the width of the widest: headings are still found, empty columns at the right don't count."""
    rows = [row + ";" * (4 - row.count(";")) for row in SHEET if row != "AKUN"]
    text = "\n".join(rows)
    shown = [cell(text, line) for line in read_text(text).lines]
    assert ("cell C3", "usia", "24") in shown
    assert ("cell C7", "nama akun", "melati.bdg") in shown
    assert ("cell C12", "telepon", "0812-2094-7715") in shown


def test_a_row_with_one_cell_parts_no_table() -> None:
    """Rows below a remark keep their headings, also where the first of them is all words."""
    text = "nama;asal;peran\nRani;Dago;LC\nNde;Garut;ibu\n;;pindah\nLin;Subang;kakak\nIis;Cianjur;ibu\n"
    assert [line.column.of(text) for line in read_text(text).lines[-3:] if line.column] == ["nama", "asal", "peran"]


@pytest.mark.parametrize(
    "text",
    [
        "Rani datang; lalu makan; lalu tidur.\nNde pulang; lalu mandi; lalu pergi.\n\n"
        "Besoknya hujan; saya diam.\nLusa cerah; saya pergi.\n\n"
        "Dia marah; saya diam; Nde juga; semua.\nLalu sepi; saya pergi; Nde ikut; habis.\n",
        "iya,teh,gitu deh\nterus,saya,pulang\nmakan dulu\n\nga,mau,lagi sih\ncape,teh,parah\nudah,ya,bye,dadah\n",
        "P: ada tiga; dua di sini; satu di sana\nI: oh; gitu\nP: iya; memang; begitu\nI: ya\n",
        "a;b;c\nsaya bilang begini ke dia\nterus dia marah\n1;2;3\nya sudah\n",
    ],
)
def test_prose_with_marks_is_no_row_of_tables(text: str) -> None:
    """Sentences parted by semicolons or bare commas stay prose, whatever their number is in two lines."""
    assert read_text(text).format == "text"


def workbook() -> bytes:
    """A book with what hides identifiers: zeros, hidden sheets, comments, links, formulas, authors."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kode", "Nama", "NIK", "HP", "Tgl lahir"])
    sheet.append(["INF-01", "Maharani", 3203115402990003, 85672140938, "14/02/1999"])
    sheet.append(["INF-02", "Yuyun", "0012", 812.5, None])
    sheet["D2"].number_format = "000000000000"
    sheet["B2"].comment = Comment("anak Ceu Entin", "Nadya")
    sheet["B3"].hyperlink = "mailto:yuyun@posta.example.com"
    sheet["E3"] = '=CONCATENATE("rumah ","Entis")'
    hidden = book.create_sheet("Kontak Rani")
    hidden["B7"] = "0812-2094-7715"
    hidden.sheet_state = "hidden"
    book.properties.creator = "Nadya Fauziah"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook() -> None:
    """All sheets, comments, formulas and links; digits are never rounded, zeros of the format shown."""
    found = read(workbook(), "responden.xlsx")
    shown = [(line.part, *cell(found.text, line)) for line in found.lines]
    assert (Part.CELL, "cell C2", "NIK", "3203115402990003") in shown
    assert (Part.CELL, "cell D2", "HP", "085672140938") in shown
    assert (Part.CELL, "cell C3", "NIK", "0012") in shown
    assert (Part.CELL, "cell D3", "HP", "812.5") in shown
    assert (Part.COMMENT, "cell B2 comment", "", "anak Ceu Entin") in shown
    assert (Part.HEADER, "sheet 2", "", "Kontak Rani") in shown
    assert (Part.CELL, "sheet 2 cell B7", "", "0812-2094-7715") in shown
    assert any("Entis" in text for part, _, _, text in shown)
    assert found.warnings == (HIDDEN_SHEETS,)
    properties = {(p.name, p.value, p.type) for p in found.properties}
    assert {
        ("creator", "Nadya Fauziah", EntityType.PERSON),
        ("author", "Nadya", EntityType.PERSON),
        ("link", "yuyun@posta.example.com", EntityType.EMAIL),
    } <= properties


def test_a_workbook_called_something_else() -> None:
    """The content decides, the name is a warning."""
    found = read(workbook(), "catatan.txt")
    assert found.format == "xlsx"
    assert "unexpected-extension" in found.warnings


@pytest.mark.parametrize("cut", [200, 1000, 3000])
def test_a_damaged_workbook(cut: int) -> None:
    """Half a file is MALFORMED."""
    with pytest.raises(Unreadable) as caught:
        read(workbook()[:cut], "x.xlsx")
    assert caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("first", ["Timestamp", "Cap waktu", "Stempel Waktu"])
def test_answers_to_an_online_form(first: str) -> None:
    """A table of answers is told by the time in its first column; each answer has its question."""
    text = f"{first},Siapa nama Anda?,Berapa usia Anda?\n24/11/2026 9.15.22,Rani,24\n25/11/2026 9.15.22,Lin,31\n"
    found = read(text.encode(), "x.csv")
    assert found.format == "google-forms"
    assert found.lines[4].column is not None
    assert (found.lines[4].column.of(text), found.lines[4].body.of(text)) == ("Siapa nama Anda?", "Rani")
