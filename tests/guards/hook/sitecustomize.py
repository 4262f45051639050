"""Python imports this at its start where the folder is on PYTHONPATH: what reaches for the network, and what is written into the
folder for temporary files, is noted in the file that NOTED names.

Only the standard library is used, and little of it: this is loaded into every Python child of a command under test.
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


def temporary(event, arguments, folder):
    """The file below `folder` that an audit event opens for writing, None for everything else."""
    if event != "open" or not isinstance(arguments[0], str | bytes):
        return None
    path, flags = os.fsdecode(arguments[0]), arguments[2]
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return f"open {path}" if writes and path.startswith(folder + os.sep) else None


def _watch(notes, folder):
    def hook(event, arguments):
        what = outward(event, arguments) or (temporary(event, arguments, folder) if folder else None)
        if what is not None:
            handle = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(handle, f"{what} by {' '.join(sys.argv[:3])}\n".encode())
            os.close(handle)

    sys.addaudithook(hook)


if os.environ.get("NOTED"):
    _watch(os.environ["NOTED"], os.environ.get("TMPDIR", ""))
