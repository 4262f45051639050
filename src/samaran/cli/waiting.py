"""Waiting for a person, a clock or a signal, whichever comes first."""

import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType

_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""The clock that nobody can set; on Linux the one that goes on while the machine sleeps."""


@contextmanager
def stopping() -> Iterator[None]:
    """While the block runs, a closed terminal and a polite kill end it as Ctrl-C does: what has to be wiped is wiped."""
    before = {number: signal.signal(number, _stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait(until: datetime) -> None:
    """Until Enter is pressed, or that moment. Without a terminal only the clock counts. Setting it back prolongs nothing, nor
    does a laptop that sleeps."""
    end = time.clock_gettime(_STEADY) + (until - datetime.now(UTC)).total_seconds()
    while (left := min(end - time.clock_gettime(_STEADY), (until - datetime.now(UTC)).total_seconds())) > 0:
        if not sys.stdin.isatty():
            time.sleep(min(left, 1.0))
        elif select.select([sys.stdin], [], [], min(left, 1.0))[0]:
            sys.stdin.readline()
            return


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
