"""Measure the board's report. `python benchmarks/report.py [--sources N] [--entries N]` prints a table.

The study is made for the purpose: sources of 60 segments and 100 mentions each, decided and released, and a log of that size.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from samaran import export, release
from samaran.audit.act import Draft
from samaran.audit.vocabulary import Phase
from samaran.model import (
    Candidate,
    Consent,
    Decision,
    Detector,
    Entity,
    EntityType,
    Form,
    Mention,
    Method,
    Register,
    SanitizedSegment,
    Span,
    SpeakerRole,
    Surrogate,
    Verdict,
)
from samaran.pipeline.desk import Desk, create
from samaran.pipeline.reporting import facts, write_report
from samaran.register import RegisterFile
from samaran.report import build, controls
from samaran.state import MentionRow, ReleaseRow, SanitizedPart, SegmentRow, SourceRow, Stage

SEGMENTS, MENTIONS = 60, 100
LINE = (
    "Teh [INF-{0:02d}], tos sabaraha lami di [TEMPAT-{1}]? Tos lami pisan, diajak ku [TEMAN-{1}] ti dinya, terus kerja di salon."
)
REVIEWER = "9f2c4e1ab03d7761"


def timed(action: Callable[[], object]) -> float:
    """Seconds that one run takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def segments(source: str, n: int) -> Iterator[SegmentRow]:
    """Sanitized segments of a source."""
    for at in range(SEGMENTS):
        text = LINE.format(n % 30 + 1, at + 1)
        marks = [Span(i, text.index("]", i) + 1) for i, c in enumerate(text) if c == "["]
        kinds = (EntityType.PERSON, EntityType.LOCATION, EntityType.PERSON)
        surrogates = tuple(Surrogate(m, k, m.of(text)[1:-1], "entity") for m, k in zip(marks, kinds, strict=True))
        segment = SanitizedSegment(at + 1, 1, "P", SpeakerRole.INFORMANT, text, surrogates)
        yield SegmentRow(f"{source}{at:03d}", source, "id", segment)


def fill(desk: Desk, sources: int, entries: int) -> None:
    """Sources, mentions, decisions, a release, and a log of so many entries."""
    entities = tuple(
        Entity(f"e{n}", EntityType.PERSON, f"ORANG-{n}", (Form(f"Nama{n} Samaran{n}"), Form(f"Nama{n}")), settled=True)
        for n in range(1000)
    )
    subjects = {f"INF-{n:02d}": f"{n:032x}" for n in range(1, 31)}
    desk.save_register(RegisterFile(Register(entities, (("ORANG", 1000),)), subjects))
    consents = ["informant,form_version,date,mode,participate"]
    candidates, decisions = [], []
    for n in range(sources):
        code, source = f"INF-{n % 30 + 1:02d}", f"s{n:019d}"
        consents.append(f"{code},1,2026-01-02,written,yes")
        sealed = desk.original(source)
        sealed.write_bytes(f"age-encryption.org/v1\n{n}".encode() * 2000)
        row = SourceRow(source, "t", code, (code,), Method.INTERVIEW, 1, Stage.DONE, characters=9000, detector=desk.detected_by)
        rows = tuple(segments(source, n))
        spans = [Span(40 * at, 40 * at + 9) for at in range(MENTIONS)]
        mentions = [
            MentionRow(f"{source}m{at}", source, Mention(span, EntityType.PERSON, 0.9, Detector.MODEL, "model", f"e{at}"), True)
            for at, span in enumerate(spans)
        ]
        desk.state.put_sanitized(source, [SanitizedPart(row, mentions, {"analysis": rows})])
        decisions += [Decision(source, span, Verdict.ACCEPT, REVIEWER, EntityType.PERSON) for span in spans]
        given = (Consent(code, "1", "2026-01-02", "written", frozenset({"participate"})),)
        lines = tuple((s.segment_id, s.segment, s.lang) for s in rows)
        candidates.append(Candidate(source, (code,), Method.INTERVIEW, 1, lines, 0, second_pass_due=False, consents=given))
    (desk.study.folder / "consent.csv").write_text("\n".join(consents) + "\n")
    desk.state.add_decisions(decisions)
    gated = release.gate(candidates, desk.study.profiles["analysis"], ())
    written = export.write(
        gated, desk.study.folder / "releases", language="id", study="bench", config=desk.study.digest, scan=release.residual(())
    )
    with desk.log.act("release.make", **desk.versions) as act:
        act.ok(obj=written.digest, size=written.size, n=sources * SEGMENTS)
    desk.state.put_release(ReleaseRow(written.folder.name, "analysis", written.digest, sources, sources * SEGMENTS, {}))
    while (left := entries - desk.log.size()) > 1:
        pair = (
            Draft("review.decide", Phase.INTENT, REVIEWER, {}),
            Draft("review.decide", Phase.RESULT, REVIEWER, {}, of=-1, code="accept"),
        )
        desk.log.append([draft for _ in range(min(left // 2, 1000)) for draft in pair])
    desk.sign()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=100)
    parser.add_argument("--entries", type=int, default=50_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as place:
        study = Path(place) / "bench"
        create(study, "bench")
        with Desk.open(study) as desk:
            fill(desk, given.sources, given.entries)
        with Desk.open(study) as desk:
            print(f"  {given.sources} sources, {given.sources * SEGMENTS:,} segments released, {desk.log.size():,} entries")
            cpu = time.process_time()
            taken = timed(lambda: write_report(desk, study / "report.html", "both"))
            print(f"  report in both languages: {taken:.2f} s ({time.process_time() - cpu:.2f} s of CPU)")
            known = facts(desk)
            print(f"    facts {timed(lambda: facts(desk)):.2f} s, controls {timed(lambda: controls(known)):.3f} s", end="")
            print(f", page {timed(lambda: build(known)):.2f} s")


if __name__ == "__main__":
    sys.exit(main())
