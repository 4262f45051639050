"""One Prefect server for all flow tests of a session: the very one that `samaran run` starts."""

from collections.abc import Iterator

import pytest

from samaran.flows.server import Address, server


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A server of our own, up for the session."""
    with server(tmp_path_factory.mktemp("prefect")) as starting:
        yield starting.ready()
