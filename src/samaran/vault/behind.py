"""One thread beside the encryption: hashing and writing let go of the interpreter, pyrage doesn't."""

import queue
import threading

from samaran.vault.streams import Writer

_BLOCK = 1 << 19


class Behind:
    """Gathers the small pieces that age gives out and hands large ones on, in a thread where there are several of them.

    Call `finish` at the end; what went wrong in the thread is raised there, or by an earlier `write`.
    """

    def __init__(self, target: Writer) -> None:
        self.error: Exception | None = None
        self._target = target
        self._pieces: list[bytes] = []
        self._held = 0
        self._waiting: queue.Queue[list[bytes]] = queue.Queue(maxsize=2)
        self._thread: threading.Thread | None = None

    def write(self, data: bytes, /) -> int:
        if self.error is not None:
            raise self.error
        self._pieces.append(data)
        self._held += len(data)
        if self._held >= _BLOCK:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._waiting.put(self._pieces)
            self._pieces, self._held = [], 0
        return len(data)

    def flush(self) -> None:
        """Nothing to do before the end: see `finish`."""

    def _work(self) -> None:
        while pieces := self._waiting.get():
            if self.error is None:  # after one, pieces are only taken away, so that nobody waits for room
                self._give(pieces)

    def _give(self, pieces: list[bytes]) -> None:
        try:
            self._target.write(b"".join(pieces))
        except Exception as error:
            self.error = error

    def close(self) -> None:
        """End the thread, if there is one."""
        if self._thread is not None:
            self._waiting.put([])
            self._thread.join()
            self._thread = None

    def finish(self) -> None:
        """Wait until everything is handed on."""
        self.close()
        if self._pieces and self.error is None:
            self._give(self._pieces)
            self._pieces = []
        if self.error is not None:
            raise self.error
