"""For all tests: no connection but loopback from this process, and a Prefect home that is nobody's."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from tests.guards.hook.sitecustomize import outward

_HOME = tempfile.TemporaryDirectory(prefix="prefect-", ignore_cleanup_errors=True)
os.environ["PREFECT_HOME"] = _HOME.name
os.environ.pop("PREFECT_API_URL", None)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    where = outward(event, arguments)
    if where is not None:
        raise ConnectionRefusedError(f"a test tried to reach {where}: tests run without a network")


sys.addaudithook(_refuse)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared study and its keys, once a session; tests work on copies of it. See `tests.studies`."""
    from tests.studies import prepare

    return prepare(tmp_path_factory.mktemp("prepared"))
