"""How does the index catch up with the store?  Update, rebuild aside and swap, check."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from multiprocessing import get_context

from sqlalchemy.exc import SQLAlchemyError

from indexer.article import Kept
from indexer.engine import FORMAT, Aside, Document, Engine, Index, State
from indexer.errors import KhotinError
from indexer.language import words
from indexer.speech import say
from indexer.store import Store, articles, lessons
from indexer.zones import document

log = logging.getLogger("khotin.index")
LANES = ("crawl", "bulk")
# Articles read from the store at a time; small enough that a slice of long ones is a few megabytes.
SLICE = 200
# One commit of an update, a second's work: so long does a newly crawled article wait for those before it.
COMMIT = 100
# Up to here one process cuts the words: starting others costs more than they save.
ALONE = 500
# The machine is there for searches too, so the cutting of words takes two processes at the most.
PROCESSES = 2

Tell = Callable[[int], None]
Cut = Callable[[Iterable[Kept]], Iterable[Document]]


class Stopped(Exception):
    """Raised by who is told how far it is, to end it there: what is committed stays, the rest is for the next one."""


def update(store: Store, engine: Engine, tell: Tell = lambda done: None) -> int:
    """Apply what changed since the index was last written; returns how many articles. Rebuilds when it must."""
    if needs_rebuild(store, engine):
        return rebuild(store, engine, tell)
    try:
        with engine.writing():
            done = caught_up(store, engine, tell)
        if lacks_lesson(store, engine):
            with store.read() as connection:
                name_lesson(engine, lessons.newest(connection))
        return done
    except (KhotinError, SQLAlchemyError, Stopped):  # a full disk, another writer, or an end: the files are whole
        raise
    except Exception:  # whatever is stumbled over in damaged files
        log.exception("The index cannot be written on; it is made anew.")
        return rebuild(store, engine, tell)


def rebuild(store: Store, engine: Engine, tell: Tell = lambda done: None) -> int:
    """Write a new index from the whole store, catch up with what came meanwhile, swap; searches and updates go on."""
    with engine.aside() as aside:
        with store.read() as connection:
            noted = articles.last_changes(connection)
            lesson = lessons.newest(connection)
        with cutting(sum(noted.values())) as cut:
            done = aside.fill(told(cut(everything(store)), tell), State(store.id, noted, lesson=lesson))
        return done + put_in_place(store, engine, aside, lambda more: tell(done + more))


def told(documents: Iterable[Document], tell: Tell) -> Iterator[Document]:
    for number, each in enumerate(documents, start=1):
        yield each
        tell(number)


def tidy(store: Store, engine: Engine) -> None:
    """Copy the index into one piece without what was deleted, and swap; no word is cut again."""
    with engine.aside() as aside:
        with engine.writing():
            state, held = engine.state(), engine.published().held()
        assert state is not None
        aside.take_over(held, state)
        put_in_place(store, engine, aside)


def put_in_place(store: Store, engine: Engine, aside: Aside, tell: Tell = lambda done: None) -> int:
    """Catch up, then once more while nobody else writes, and swap."""
    done = caught_up(store, aside, tell)
    with engine.writing():
        done += caught_up(store, aside, lambda more: tell(done + more))
        state = aside.state()
        assert state is not None
        newest = engine.state()
        lesson = max(state.lesson, newest.lesson) if newest and newest.store_id == store.id else state.lesson
        engine.swap(aside, replace(state, lesson=lesson))
    return done


def caught_up(store: Store, index: Index, tell: Tell = lambda done: None) -> int:
    done = 0
    with cutting(behind(store, index)) as cut:
        while changed := next_changes(store, index):
            state, kept = changed
            index.write(cut([each for each in kept if is_indexed(each)]), left_out(kept), state)
            done += len(kept)
            tell(done)
    return done


def mend(store: Store, engine: Engine) -> bool:
    """Make anew what is missing or damaged: columns, else the whole index; was there anything to mend?"""
    if needs_rebuild(store, engine) or not engine.check():
        return False
    try:
        with engine.writing():
            engine.mend()
        left = engine.check()
    except KhotinError:
        raise
    except Exception as problem:  # whatever is stumbled over in damaged files
        left = [f"{type(problem).__name__}: {problem}"]
    if left:
        log.error("The index is made anew: %s", " ".join(left))
        rebuild(store, engine)
    return True


def name_lesson(engine: Engine, lesson: int) -> None:
    """From now on questions are read with this lesson."""
    with engine.writing():
        state = engine.state()
        if state and state.lesson != lesson:
            engine.write((), (), replace(state, lesson=lesson))


def is_behind(store: Store, engine: Engine) -> bool:
    """Whether the store has changes that the index does not know (cheap: asked every second)."""
    return needs_rebuild(store, engine) or behind(store, engine) > 0 or lacks_lesson(store, engine)


def lacks_lesson(store: Store, engine: Engine) -> bool:
    """Whether a lesson was kept that the index does not name: who had learned it was killed before."""
    state = engine.state()
    with store.read() as connection:
        return state is not None and state.lesson < lessons.newest(connection)


def behind(store: Store, index: Index) -> int:
    """How many changes, at the most, an index has still to take up."""
    state = index.state()
    with store.read() as connection:
        last = articles.last_changes(connection)
    return sum(max(0, last.get(lane, 0) - (state.lanes.get(lane, 0) if state else 0)) for lane in LANES)


def needs_rebuild(store: Store, engine: Engine) -> bool:
    """No index, another archive's, another format's, or one that is ahead of the store (a restored backup)."""
    state = engine.state()
    if state is None or state.store_id != store.id or state.format != FORMAT:
        return True
    with store.read() as connection:
        last = articles.last_changes(connection)
    return any(state.lanes.get(lane, 0) > last.get(lane, 0) for lane in LANES)


def next_changes(store: Store, index: Index) -> tuple[State, list[Kept]] | None:
    """The next commit: what changed in the crawl lane first, so that news never waits for an import."""
    state = index.state()
    assert state is not None
    with store.read() as connection:
        for lane in LANES:
            kept = articles.changes_after(connection, lane, state.lanes.get(lane, 0), COMMIT)
            if kept:
                return replace(state, lanes={**state.lanes, lane: kept[-1].change}), kept
    return None


def is_indexed(kept: Kept) -> bool:
    """Neither merged into another nor destroyed."""
    return kept.merged_into is None and kept.destroyed_at is None


def left_out(kept: list[Kept]) -> list[int]:
    return [each.id for each in kept if not is_indexed(each)]


def everything(store: Store) -> Iterator[Kept]:
    """Every article that the index is to hold, in the order of their numbers."""
    last = 0
    while True:
        with store.read() as connection:
            kept = articles.after(connection, last, SLICE)
        if not kept:
            return
        yield from (each for each in kept if is_indexed(each))
        last = kept[-1].id


def warm_up() -> None:
    """Load what cutting words needs, so that the first new article does not wait for it."""
    words.tokens("Xây dựng")


@contextmanager
def cutting(several: int) -> Iterator[Cut]:
    """What cuts articles into words: two processes, when there are many of them."""
    if several < ALONE:
        yield lambda kept: map(document, kept)
        return
    with ProcessPoolExecutor(PROCESSES, get_context("forkserver")) as pool:
        yield partial(cut_by, pool)


def cut_by(pool: ProcessPoolExecutor, kept: Iterable[Kept]) -> Iterator[Document]:
    articles_left = iter(kept)
    waiting: Iterator[Document] = iter(())
    # two slices are on their way at a time: `map` alone would draw the whole archive into memory
    while coming := list(islice(articles_left, SLICE)):
        following = pool.map(document, coming, chunksize=10)
        yield from waiting
        waiting = following
    yield from waiting


def check(store: Store, engine: Engine) -> list[str]:
    """What is wrong with the index, a sentence each; nothing when it fits the store."""
    problems = engine.check()
    state = engine.state()
    if state and state.store_id != store.id:
        problems.append(say("The index belongs to another archive."))
    if not problems and state:
        problems += differences(store, engine, state.lanes)
    return problems


def differences(store: Store, engine: Engine, lanes: Mapping[str, int]) -> list[str]:
    """Articles that the index should hold and does not, or the other way round, as of its own change numbers."""
    indexed = engine.numbers()
    with store.read() as connection:
        held = articles.numbers_up_to(connection, dict(lanes))
        all_held = articles.numbers_up_to(connection, articles.last_changes(connection))
    problems = []
    if held - indexed:
        problems.append(say("%(count)s articles are missing from the index.", count=len(held - indexed)))
    if indexed - all_held:
        problems.append(
            say("%(count)s articles are in the index but not in the archive.", count=len(indexed - all_held))
        )
    return problems
