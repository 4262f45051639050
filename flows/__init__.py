"""The pipeline under Prefect. Importing this package shuts off what in Prefect would talk to the outside or keep text.

That holds when this package is imported before Prefect, as the command line does; a worker that Prefect starts by itself needs
the same settings in its environment (prefect.yaml has them).
"""

import os

SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_LOG_PRINTS": "false",
}
"""Without these Prefect sends telemetry and writes results to the disk."""

os.environ.update(SETTINGS)
for _name in ("NO_PROXY", "no_proxy"):  # else a proxy of the environment would get what is meant for loopback
    os.environ[_name] = ",".join(dict.fromkeys([*filter(None, os.environ.get(_name, "").split(",")), "127.0.0.1", "localhost"]))
os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
