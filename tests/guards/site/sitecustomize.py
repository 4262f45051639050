"""Python imports this at its start where the folder is on PYTHONPATH: what reaches for the network is written down.

Only the standard library is used, and little of it: the file is loaded into every Python child of a command under test.
"""

import os
import sys

_EVENTS = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname")


def outward(event, arguments):
    """What an audit event reaches for outside this machine, None for everything else."""
    if event not in _EVENTS:
        return None
    target = arguments[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else arguments[1]
    if isinstance(target, tuple):
        target = target[0] if target else None
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
        return None  # a path or nothing: a Unix socket, or one that is connected already
    if isinstance(target, bytes):
        target = target.decode("ascii", "replace")
    if target is None or target == "localhost" or target == "::1" or str(target).startswith(("127.", "::ffff:127.")):
        return None
    return f"{event} {target}"


def _note(event, arguments):
    where = outward(event, arguments)
    if where is not None:
        handle = os.open(os.environ["OUTWARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{where} by {' '.join(sys.argv[:3])}\n".encode())
        os.close(handle)


if os.environ.get("OUTWARD_LOG"):
    sys.addaudithook(_note)
