"""samaran assess, and the run that waits for the assessment."""

from samaran.assessment import FILE
from tests.cli.conftest import INTERVIEW, Samaran, Small


def test_a_study_made_before_waits_and_is_told_what_to_do(small: Small, samaran: Samaran) -> None:
    """Without an assessment a run takes nothing in and ends with 3; `assess` writes the template, which is not complete yet."""
    (small.folder / FILE).unlink()
    raw = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    said = samaran("run", small.folder, "--direct")
    assert (said.code, raw.exists()) == (3, True)
    assert "no impact assessment" in said.err
    assert "samaran assess" in said.err
    assert samaran("assess", small.folder).code == 3
    assert "processing" in samaran("assess", small.folder).err
    assert samaran("run", small.folder, "--direct").code == 2


def test_an_approved_assessment_lets_the_run_begin(small: Small, samaran: Samaran) -> None:
    """Complete and unapproved it waits; approved the run takes the file in, and its entry bears the digest of the text."""
    path = small.folder / FILE
    text = path.read_text()
    path.write_text(text.replace("approved_on", "# approved_on").replace("approved_by", "# approved_by"))
    raw = small.put("INF-01_wawancara_1.txt", INTERVIEW)
    said = samaran("assess", small.folder)
    assert (said.code, "waits for approval" in said.out) == (3, True)
    assert samaran("run", small.folder, "--direct").code == 3
    path.write_text(text)
    assert samaran("assess", small.folder).code == 0
    assert samaran("run", small.folder, "--direct").code == 0
    assert not raw.exists()
    assert '"obj"' in samaran("audit", "show", small.folder, "--act", "run.start", "--json").out
