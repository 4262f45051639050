"""Starting flows from the command line. Prefect itself is imported in flows/ alone, and only when it is needed."""

import os
from pathlib import Path

from samaran import study as config
from samaran.cli.show import Tell, say
from samaran.pipeline.deidentify import Run


def run_flow(study: Path, tell: Tell) -> Run:
    """Run the de-identification flow here, on the server of PREFECT_API_URL, else on one that lives as long as the run."""
    config.load(study)
    home = _home(study)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")  # what failed is shown by the command itself
    from samaran.flows.server import server

    with server(home) as starting:
        from samaran.flows.here import run_here

        done: Run = run_here(str(study.resolve()), starting.ready(), tell)
    return done


def serve(study: Path, cron: str, limit: int) -> None:
    """Serve the deployments of one study until stopped, or until `limit` scheduled runs are over."""
    known = config.load(study)
    cron = cron or known.cron
    home = _home(study)
    from samaran.flows.server import server

    with server(home, schedules=True) as starting:
        from samaran.flows.serving import serve_study, zone

        say(f"serving {study}: nightly by `{cron}` ({zone()}), audit by `{known.audit_cron}`, release on demand. Ctrl-C ends it.")
        serve_study(str(study.resolve()), starting, cron, limit, known.audit_cron)


def _home(study: Path) -> Path:
    """Give Prefect a private home in the study's folder, unless PREFECT_HOME names another."""
    named = os.environ.get("PREFECT_HOME")
    home = Path(named) if named else study.resolve() / ".prefect"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home)
    return home
