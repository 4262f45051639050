"""Starting flows from the command line. Prefect itself is imported in flows/ alone, and only when it is needed."""

import os
from pathlib import Path

from samaran.cli.show import Tell
from samaran.errors import SamaranError
from samaran.pipeline.deidentify import Run


def run_flow(study: Path, tell: Tell) -> Run:
    """Run the de-identification flow here, on the server of PREFECT_API_URL, else on one that lives as long as the run."""
    folder = _prepare(study)
    from samaran.flows import deidentify, quiet

    deidentify.watchers[folder] = tell
    try:
        deidentify.deidentify(folder)
    except quiet.StepFailed:
        if folder not in deidentify.finished:
            raise SamaranError(
                "The flow stopped before it looked at the inbox.", "Run `samaran run STUDY --direct` to see what is in the way."
            ) from None
    finally:
        deidentify.watchers.pop(folder, None)
    return deidentify.finished.pop(folder)


def serve(study: Path, cron: str, limit: int) -> None:
    """Serve the deployments of one study until stopped, or until `limit` runs are over."""
    folder = _prepare(study)
    from samaran import study as config
    from samaran.flows.serving import serve_study

    serve_study(folder, cron or config.load(study).cron, limit)


def _prepare(study: Path) -> str:
    """Check the study before Prefect starts, and give Prefect a private home in its folder."""
    from samaran import study as config

    config.load(study)
    home = study.resolve() / ".prefect"
    home.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(home))
    return str(study.resolve())
