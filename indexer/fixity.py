"""Are all records still what was written?  Read again once a month, in slices that nobody feels; damage rings."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from indexer import alarms, clock
from indexer.engine import Engine
from indexer.store import Store, fixities, health
from indexer.store.captures import Capture
from indexer.store.fixities import Fixity
from indexer.store.warc import proved

EVERY = timedelta(days=30)
# A slice is read within a tenth of a second, then the machine rests as long: searches and writers come first.
SLICE_SECONDS = REST_SECONDS = 0.1
CAUSE = "fixity"


def last_ended(connection: Connection) -> Fixity | None:
    """The last reading that came to its end."""
    return fixities.newest(connection, ended=True)


def under_way(connection: Connection) -> Fixity | None:
    return fixities.newest(connection, ended=False)


def is_due(connection: Connection) -> bool:
    """Whether one was begun and not ended, or the last is a month old."""
    last = last_ended(connection)
    return under_way(connection) is not None or last is None or clock.now() - last.began_at >= EVERY


def run(
    store: Store,
    engine: Engine,
    must_end: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda done: None,
    rest: Callable[[float], None] = time.sleep,
) -> Fixity:
    """Read on where the last reading stopped, to the end or until it must end; what was found is kept."""
    with store.write() as connection:
        here = fixities.begin(connection)
    for part in slices(store, here.last_capture):
        found = [each for capture in part if (each := damage(store, capture))]
        here = replace(
            here, last_capture=part[-1].id, records=here.records + len(part), damaged=[*here.damaged, *found]
        )
        with store.write() as connection:
            save(connection, here)
        tell(here.records)
        if must_end():
            return here
        rest(REST_SECONDS)
    return ended(store, here, engine.check())


def ended(store: Store, here: Fixity, index_problems: list[str]) -> Fixity:
    """Note that all was read; ring for what was found, else calm."""
    told = [{"file": "index", "offset": 0, "address": "", "problem": each} for each in index_problems]
    here = replace(here, ended_at=clock.now(), damaged=[*here.damaged, *told])
    with store.write() as connection:
        save(connection, here)
        if here.damaged:
            message = (
                "%(count)s records are damaged, the first in %(file)s at byte %(offset)s (%(address)s). "
                "Bring that file back from a backup."
            )
            alarms.ring(connection, CAUSE, message, count=len(here.damaged), **here.damaged[0])
        else:
            alarms.calm(connection, CAUSE)
    return here


def save(connection: Connection, here: Fixity) -> None:
    fixities.note(
        connection, here.id, ended_at=here.ended_at, last_capture=here.last_capture, records=here.records,
        damaged=list(here.damaged),
    )  # fmt: skip


def slices(store: Store, after: int) -> Iterator[list[Capture]]:
    """All captures after a number, as many at a time as are read within a slice's time."""
    while True:
        with store.read() as connection:
            found = health.captures_after(connection, after)
        if not found:
            return
        after = found[-1].id
        yield from timely(found)


def timely(found: list[Capture]) -> Iterator[list[Capture]]:
    """Ever larger parts while they are read quickly, smaller ones when not."""
    begin, size = 0, 1
    while begin < len(found):
        began = time.monotonic()
        yield found[begin : begin + size]
        took = time.monotonic() - began - REST_SECONDS  # the rest lies between
        begin += size
        size = min(size * 2, 100) if took < SLICE_SECONDS / 2 else max(1, size // 2) if took > SLICE_SECONDS else size


def damage(store: Store, capture: Capture) -> dict[str, Any] | None:
    """What is wrong with a record; what was written anew meanwhile is read where it stands now."""
    problem = proved(store.warc / capture.warc_file, capture)
    if problem:
        with store.read() as connection:
            again = next(iter(health.captures_after(connection, capture.id - 1)), None)
        if again is None or again.id != capture.id:
            return None  # destroyed meanwhile
        problem = proved(store.warc / again.warc_file, again)
    if not problem:
        return None
    return {"file": capture.warc_file, "offset": capture.warc_offset, "address": capture.address, "problem": problem}
