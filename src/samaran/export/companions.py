"""The tables beside the segments: cases, what was withheld, and the codebook."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from samaran.export.records import LANGUAGES, informant_of, shown
from samaran.export.tables import table
from samaran.model import EntityType, Release, SpeakerRole

TYPES = {
    EntityType.PERSON: "a person / orang",
    EntityType.ONLINE_ID: "an account or profile name / nama akun atau profil",
    EntityType.PHONE: "a telephone number / nomor telepon",
    EntityType.EMAIL: "an e-mail address / alamat surel",
    EntityType.URL: "a link / tautan",
    EntityType.ID_NUMBER: "an identity number / nomor identitas",
    EntityType.ACCOUNT_NUMBER: "a bank or wallet account / nomor rekening atau dompet digital",
    EntityType.PLATE: "a vehicle plate / pelat nomor kendaraan",
    EntityType.ADDRESS: "an address / alamat",
    EntityType.LOCATION: "a place / tempat",
    EntityType.VENUE: "a building or business / bangunan atau usaha",
    EntityType.ORGANIZATION: "an organization / lembaga",
    EntityType.DATE: "a date / tanggal",
    EntityType.AGE: "an age / usia",
}

SEED = (
    ("Mind", "RQ1", "starting and managing conversations with clients"),
    ("Mind.app signs and slang", "RQ1", ""),
    ("Mind.reading the client", "RQ1", ""),
    ("Mind.role-taking", "RQ1", ""),
    ("Mind.risk appraisal", "RQ1", ""),
    ("Mind.process.opening", "RQ1", ""),
    ("Mind.process.screening", "RQ1", ""),
    ("Mind.process.negotiating", "RQ1", ""),
    ("Mind.process.moving off app", "RQ1", ""),
    ("Mind.process.ending", "RQ1", ""),
    ("Self", "RQ2", "online identity through profile and interaction"),
    ("Self.I and me", "RQ2", ""),
    ("Self.picture-name-status", "RQ2", ""),
    ("Self.front and back", "RQ2", ""),
    ("Self.boundary between accounts", "RQ2", ""),
    ("Self.stigma", "RQ2", ""),
    ("Self.process.profile choice", "RQ2", ""),
    ("Self.process.authenticity", "RQ2", ""),
    ("Self.process.deception", "RQ2", ""),
    ("Self.process.change", "RQ2", ""),
    ("Society", "RQ3", "community and networks in the app"),
    ("Society.generalised other", "RQ3", ""),
    ("Society.peers", "RQ3", ""),
    ("Society.norms and price talk", "RQ3", ""),
    ("Society.mutual warning", "RQ3", ""),
    ("Society.police and platform", "RQ3", ""),
    ("Society.family", "RQ3", ""),
    ("Society.process.joining", "RQ3", ""),
    ("Society.process.help", "RQ3", ""),
    ("Society.process.rivalry", "RQ3", ""),
    ("Society.process.exit", "RQ3", ""),
    ("Method.agreement", "", "sources, methods or waves say the same"),
    ("Method.contradiction", "", "sources, methods or waves say different things"),
    ("Method.silence", "", "one source, method or wave does not speak of it"),
)
"""Where coding may begin; codes found in the material are expected to join or replace these."""


def cases(release: Release) -> bytes:
    """One row per informant in the release: pseudonym and counts, nothing that was asked about the person."""
    head = ("informant_id", "sources", "segments", "own_segments", "waves", "methods", "languages", "surrogates")
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source in release.cleared:
        for code in source.informants:
            rows[code]["sources"] += 1
            seen[code, "waves"].add(f"{source.wave:d}")
            seen[code, "methods"].add(source.method)
        for _, segment, lang in source.segments:
            if case := informant_of(source, segment):
                rows[case]["segments"] += 1
                rows[case]["own_segments"] += segment.role is SpeakerRole.INFORMANT
                rows[case]["surrogates"] += len(segment.surrogates)
                seen[case, "languages"] |= {lang} & set(LANGUAGES)
    return table(
        head,
        ([code, *(" ".join(sorted(seen[code, h])) if h in _SETS else rows[code][h] for h in head[1:])] for code in sorted(rows)),
    )


_SETS = ("waves", "methods", "languages")


def withheld(release: Release, scan: Callable[[str], int]) -> bytes:
    """Sources that did not leave, by reason. An id that the scan finds a form in is counted but not shown."""
    head = ("reason", "sources", "segments", "source_ids")
    rows = []
    for reason in release.reasons:
        sources = [w for w in release.withheld if w.reason is reason]
        ids = " ".join(sorted(w.source_id for w in sources if not scan(w.source_id)))
        rows.append((reason, len(sources), sum(w.segments for w in sources), ids))
    return table(head, rows)


def codebook(release: Release) -> bytes:
    """Tags and descriptions: the words that stand in surrogates, with how often each is used, and the seed codebook."""
    head = ("tag", "description", "kind", "rq", "seed", "uses")
    uses: dict[str, Counter[EntityType]] = defaultdict(Counter)
    for source in release.cleared:
        for _, segment, _ in source.segments:
            for surrogate in segment.surrogates:
                uses[stem(shown(segment, surrogate))][surrogate.type] += 1
    rows: list[tuple[Any, ...]] = []
    for word, kinds in sorted(uses.items()):
        description = "; ".join(TYPES[kind] for kind in EntityType if kinds[kind])
        rows.append((f"Surrogate.{word}", description, "surrogate", "", "false", kinds.total()))
    rows += [
        (tag, description, "process" if ".process." in tag else "method" if tag.startswith("Method") else "theme", rq, "true", "")
        for tag, rq, description in SEED
    ]
    return table(head, rows)


def stem(pseudonym: str) -> str:
    """The word of a pseudonym without its number: `TEMAN` of `TEMAN-2`, `USIA` of `USIA 20-24`."""
    return pseudonym.split(" ")[0].rstrip("0123456789").rstrip("-")
