"""Who may import whom, in STYLE's words: imports point down, stages and stores are strangers, each library has a home."""

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors"}),
    frozenset({"model"}),
    frozenset({"codec"}),
    frozenset({"study", "statements", "assessment", "language", "data", "config", "disk", "tables"}),
    frozenset(
        {
            # stages
            "ingest",
            "align",
            "segment",
            "detect",
            "pseudonymize",
            "review",
            "release",
            "export",
            "evaluate",
            "report",
            # stores
            "vault",
            "audit",
            "state",
            "register",
            "consent",
            "withdrawals",
        }
    ),
    frozenset({"demo"}),
    frozenset({"pipeline"}),
    frozenset({"cli", "web", "flows"}),
)
"""Parts of the package, lowest first. A part imports parts of lower layers and itself, never a neighbour."""

EXCEPTIONS = frozenset({("cli/prefect.py", "flows")})
"""A door that opens another one: `samaran run` and `samaran schedule` start flows."""

HOMES: dict[str, frozenset[str]] = {
    "PIL": frozenset({"ingest"}),
    "cryptography": frozenset({"audit", "vault"}),
    "docx": frozenset({"ingest", "demo"}),
    "faster_whisper": frozenset({"ingest"}),
    "fpdf": frozenset({"vault"}),
    "huggingface_hub": frozenset({"detect"}),
    "jinja2": frozenset({"report", "web"}),
    "keyring": frozenset({"vault"}),
    "lokal": frozenset({"detect", "pseudonymize"}),
    "lxml": frozenset({"ingest"}),
    "markupsafe": frozenset({"report", "web"}),
    "numpy": frozenset({"detect"}),
    "onnxruntime": frozenset({"detect"}),
    "openpyxl": frozenset({"ingest", "demo"}),
    "pandas": frozenset({"export", "evaluate"}),
    "phonenumbers": frozenset({"detect"}),
    "prefect": frozenset({"flows"}),
    "presidio_analyzer": frozenset({"detect"}),
    "pyarrow": frozenset({"export", "evaluate"}),
    "pypdf": frozenset({"ingest"}),
    "pyrage": frozenset({"vault"}),
    "rapidfuzz": frozenset({"align", "detect"}),
    "regex": frozenset({"detect"}),
    "rfc8785": frozenset({"codec"}),
    "rich": frozenset({"cli"}),
    "segno": frozenset({"vault"}),
    "tinytag": frozenset({"ingest"}),
    "tokenizers": frozenset({"detect"}),
    "transformers": frozenset({"detect"}),
    "typer": frozenset({"cli"}),
    "uvicorn": frozenset({"flows", "web"}),
    "weasyprint": frozenset({"report"}),
}
"""Third-party libraries and where they live. Their types stop there."""

NO_PLACE = frozenset({"util", "utils", "helper", "helpers", "common", "misc"})
"""Names that say nothing: what would be in such a module lives with its caller, or has a name of its domain."""

SLOW = frozenset(
    {
        "faster_whisper",
        "prefect",
        "presidio_analyzer",
        "pandas",
        "pyarrow",
        "onnxruntime",
        "tokenizers",
        "docx",
        "openpyxl",
        "jinja2",
    }
)
"""Libraries that no command may load before it needs them."""
