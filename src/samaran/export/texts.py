"""What a person reads before the data: README.md and LIMITS.md, in Indonesian and English."""

from importlib.resources import files

from samaran.model import Release


def readme(release: Release, language: str, study: str, version: str) -> bytes:
    """What each file holds and how to read it. The study's language comes first."""
    return _both(
        "README",
        language,
        study=study,
        profile=release.profile,
        version=version,
        segments=sum(len(source.segments) for source in release.cleared),
        sources=len(release.cleared),
        informants=len({code for source in release.cleared for code in source.informants}),
        withheld=len(release.withheld),
    )


def limits(release: Release, language: str) -> bytes:
    """What the release is, what it is not, and who may get it."""
    return _both("LIMITS", language, profile=release.profile)


def _both(name: str, language: str, **values: object) -> bytes:
    languages = ("en", "id") if language == "en" else ("id", "en")
    texts = [
        (files("samaran.export") / f"{name}.{code}.md").read_text("utf-8").format(**_written(values, code)) for code in languages
    ]
    return "\n---\n\n".join(texts).encode()


def _written(values: dict[str, object], language: str) -> dict[str, object]:
    mark = "." if language == "id" else ","
    return {name: f"{value:,}".replace(",", mark) if isinstance(value, int) else value for name, value in values.items()}
