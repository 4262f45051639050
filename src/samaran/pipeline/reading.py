"""Raw files of the inbox as drafts: read, searched for mentions part by part, and read again whenever a long one is needed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain, pairwise

from samaran import ingest
from samaran.ingest.speech import Listener, transcript
from samaran.model import Mention, Transcript
from samaran.pipeline.desk import COLLECTOR, Desk
from samaran.pipeline.intake import Arrival, digest
from samaran.pipeline.work import Draft
from samaran.state import SourceRow

Tell = Callable[[str, int, int], None]
"""Is told which step has done how much of how much."""

_MEGABYTE = 1_000_000


class Changed(Exception):
    """The raw file is not the one that was sealed. Its source's id is the text."""


class Reread:
    """The drafts of a long source, made anew from the raw file each time: only one of them is in memory."""

    def __init__(self, desk: Desk, arrival: Arrival, row: SourceRow, tell: Tell) -> None:
        self._desk, self._arrival, self._row, self._tell = desk, arrival, row, tell

    def __iter__(self) -> Iterator[Draft]:
        """Raises `Changed` where the file is not what it was; before the last draft at the latest."""
        for draft in read(self._desk, self._arrival, self._row, self._tell):
            mentions = self._desk.state.draft(self._row.source_id, draft.part, tag(self._desk, draft.transcript))
            if mentions is None:
                raise Changed(self._row.source_id)
            yield replace(draft, mentions=mentions)


def detected(
    desk: Desk, drafts: Iterable[Draft], row: SourceRow, find: Callable[[Transcript], tuple[Mention, ...]]
) -> tuple[Draft, ...]:
    """The drafts of a source with what was found in them; nothing for one of several drafts, which memory may not hold. Each
    part's mentions are kept in the state as soon as they are found; what a killed run found in the same text with the same
    detector is not looked for again. Raises what going through the drafts raises.
    """
    found: list[Draft] = []
    count = 0
    with ExitStack() as stack:
        act = None
        for draft in drafts:
            mark = tag(desk, draft.transcript)
            mentions = desk.state.draft(row.source_id, draft.part, mark)
            if mentions is None:
                if act is None:
                    sid = desk.register.subjects[row.subject]
                    act = stack.enter_context(desk.log.act("source.detect", actor=COLLECTOR, sid=sid, **desk.versions))
                    row = replace(row, detector=desk.detected_by)
                    desk.state.put_source(row)
                mentions = find(draft.transcript)
                desk.state.put_draft(row.source_id, draft.part, mark, mentions)
            count += len(mentions)
            if draft.alone:
                found.append(replace(draft, row=row, mentions=mentions))
        if act is not None:
            act.ok(n=count)
    return tuple(found)


def read(desk: Desk, arrival: Arrival, row: SourceRow, tell: Tell) -> Iterator[Draft]:
    """The drafts of a raw file, without mentions. Raises `Changed` before the last one where the file is not the one that was
    sealed, and `Unreadable` as readers do."""
    study, total, done = desk.study, hashlib.sha256(), 0

    def seen(data: bytes) -> None:
        nonlocal done
        total.update(data)
        done += len(data)

    path = study.inbox / arrival.path
    parts = ingest.read_parts(path, encoding=study.naming.encoding, speakers=study.speakers, seen=seen)
    at = 0
    try:
        for n, (transcript, following) in enumerate(pairwise(chain(parts, (None,)))):
            if following is None and total.hexdigest() != arrival.content:
                break
            assert transcript is not None
            yield Draft(row, transcript, (), str(arrival.path), part=n, at=at, more=following is not None)
            at += len(transcript.text)
            if n or following is not None:
                tell("long", done // _MEGABYTE, arrival.size // _MEGABYTE)
        else:
            return
    except OSError:
        pass  # it is gone, or can't be read any more
    raise Changed(row.source_id)


def heard(desk: Desk, arrival: Arrival, row: SourceRow, listen: Listener) -> Iterator[Draft]:
    """The draft of a recording. Raises `Changed` where the file is not the one that was sealed, and `NotTranscribed`."""
    path = desk.study.inbox / arrival.path
    try:
        said = transcript(listen, path, desk.study.speakers)
        same = digest(path) == arrival.content
    except OSError:
        same = False
    if not same:
        raise Changed(row.source_id)
    yield Draft(row, said, (), str(arrival.path))


def tag(desk: Desk, transcript: Transcript) -> str:
    """A keyed digest of a text and of what looks for mentions in it."""
    return desk.name("draft", desk.detected_by, transcript.text)
