"""Cleared segments as records: one plain value per segment, in the fields of docs/formats/segment.schema.json."""

from collections.abc import Iterator
from typing import Any

from samaran.model import CONSENT_FLAGS, Cleared, Method, Release, SanitizedSegment, Surrogate

SCHEMA_VERSION = "1.0"

FIELDS = (
    "schema_version",
    "segment_id",
    "source_id",
    "informant_id",
    "line_no",
    "seg_no",
    "speaker",
    "speaker_role",
    "origin",
    "method",
    "wave",
    "time_band",
    "lang",
    "text",
    "surrogates",
    "consent",
    "quote",
    "flags",
    "review",
    "prov",
    "theory",
    "rq",
)
"""Every record has every field, in this order; what is not known is null or empty."""

NESTED = ("surrogates", "consent", "flags", "review", "prov", "theory", "rq")
"""Fields that hold more than one value: JSON in a CSV cell."""

LANGUAGES = ("id", "su", "en", "mixed")

ORIGINS = {Method.LITERATURE: "document", Method.OBSERVATION: "researcher"}


def records(release: Release, config_digest: str) -> Iterator[dict[str, Any]]:
    """One record per segment, sources in the release's order, segments in that of their source."""
    for source in release.cleared:
        for segment_id, segment, lang in source.segments:
            yield dict(zip(FIELDS, _values(source, segment_id, segment, lang, config_digest), strict=True))


def _values(source: Cleared, segment_id: str, segment: SanitizedSegment, lang: str, digest: str) -> tuple[Any, ...]:
    return (
        SCHEMA_VERSION,
        segment_id,
        source.source_id,
        informant_of(source, segment),
        segment.line_no,
        segment.seg_no,
        segment.speaker,
        str(segment.role),
        ORIGINS.get(source.method),
        str(source.method),
        source.wave,
        None,
        lang if lang in LANGUAGES else None,
        segment.text,
        [
            {"start": s.span.start, "end": s.span.end, "type": str(s.type), "pseudonym": shown(segment, s), "level": s.level}
            for s in segment.surrogates
        ],
        None if source.consent is None else {flag: flag in source.consent for flag in CONSENT_FLAGS},
        _quote(source),
        [],
        {"state": "decided", "reviewers": [], "time": None},
        {"run_id": None, "config_digest": digest or None, "source_digest": None},
        [],
        [],
    )


def shown(segment: SanitizedSegment, surrogate: Surrogate) -> str:
    """What stands in the brackets: the pseudonym where the profile keeps it, else only the band or the label. The pseudonym
    itself would tie together what the profile has taken apart."""
    return surrogate.span.of(segment.text).removeprefix("[").removesuffix("]")


def informant_of(source: Cleared, segment: SanitizedSegment) -> str | None:
    """Whose case a segment belongs to: the source's one informant, or of several the one whose pseudonym is the speaker label."""
    if source.method in (Method.OBSERVATION, Method.LITERATURE):
        return None
    if len(source.informants) == 1:
        return source.informants[0]
    return next((code for code in source.informants if segment.speaker.strip("[]") == code), None)


def _quote(source: Cleared) -> str | None:
    if source.consent is None:
        return None
    if "quote_verbatim" in source.consent:
        return "verbatim"
    return "paraphrase" if "quote_paraphrase" in source.consent else "none"
