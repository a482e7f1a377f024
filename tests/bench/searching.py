"""How long does a search take, ours and the peers'?  Who is asked, and what the table says of it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from indexer import build, learn
from indexer.engine.columns import Columns
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import Glossary, load
from indexer.searcher import lesson_of, taught
from indexer.store import Store, open_store
from indexer.view import View
from tests.bench import asked, ours, peer_fts5, peer_tantivy, peer_whoosh, peers
from tests.bench.contest import Contest, Measured
from tests.bench.table import Clock, Row, milliseconds, tell, times_faster, times_its_time

MANY = 2000
# Asked beforehand and not counted, so that no first touch of a file is.
WARMING, WARMING_SEED = 100, 7
WRITERS: Mapping[str, Callable[[Path], peers.Writer]] = {
    "tantivy": peer_tantivy.Writer,
    "fts5": peer_fts5.Writer,
    "whoosh": peer_whoosh.Writer,
}
# Slow peers are asked a part of the questions, the same ones each time; our figures beside theirs are over these.
SAMPLES = {"plain Whoosh": 100, "FTS5 OR over all evidence": 200}
WHOLE, RANKING, UNDERSTANDING = "whole search", "ranking and facets", "understanding alone"
TANTIVY = "tantivy"
NAMES_OF_CLOCKS: Mapping[Clock, str] = {
    time.perf_counter: "time that passes",
    time.process_time: "time of the processor",
}
SIZES = ("small", "large")
LOWER_IS_BETTER = (TANTIVY, "tantivy, query made anew", "tantivy with snippets")
SAME_QUESTION = (TANTIVY, "plain Whoosh")  # the others find more, or less
COMPARED = (  # ours, the peer, what is wanted
    (WHOLE, "plain Whoosh", "50 x faster, at p50 and p95"),
    (RANKING, "FTS5 OR", "5 x faster at p50"),
    (RANKING, "FTS5 AND", ""),
    (RANKING, "FTS5 OR over all evidence", ""),
    (RANKING, TANTIVY, "at most 1.5 x its time, at p50 and p95"),
    (RANKING, "tantivy, query made anew", ""),
    (WHOLE, "tantivy with snippets", ""),
)


def measure(
    home: Path, folder: Path, many: int, seed: int, names: Sequence[str], clock: Clock = time.perf_counter
) -> list[Row]:
    """The rows of the table for one archive; the peers named are kept in ``folder``."""
    store = open_store(home)
    try:
        up_to_date(store)
        folder.mkdir(parents=True, exist_ok=True)
        peers.filled(store, folder, {name: WRITERS[name] for name in names})
        glossary = load()
        columns = ours.opened(store)
        questions = asked.questions(store, columns, glossary, many, seed)
        asked.write(questions, folder / "questions.jsonl")
        tell(f"{len(questions)} questions, seed {seed}: {folder / 'questions.jsonl'}")
        contest = Contest(
            own_ways(store, glossary), peer_ways(folder, names), *reading(store, columns, glossary), clock
        )
        contest.ask(asked.questions(store, columns, glossary, WARMING, WARMING_SEED), dict.fromkeys(SAMPLES, 5))
        tell("warm; now the questions")
        measured = contest.ask(questions, SAMPLES)
        asked_for = f"{len(questions)} questions, seed {seed}"
        head = Row("articles", str(int(columns.live.sum())), "", asked_for, NAMES_OF_CLOCKS[clock])
        return [head, *rows(measured)]
    finally:
        store.close()


def growth(small: Path, large: Path, many: int, seed: int, clock: Clock = time.perf_counter) -> list[Row]:
    """The same questions, drawn from the small archive, to both in turn."""
    stores = [open_store(home) for home in (small, large)]
    try:
        for store in stores:
            up_to_date(store)
        glossary = load()
        opened = [ours.opened(store) for store in stores]
        own = [
            ours.Whole(name, *each, glossary)
            for name, each in zip(SIZES, zip(stores, opened, strict=True), strict=True)
        ]
        nobody = reading(stores[0], opened[0], glossary)
        Contest(own, [], *nobody, clock).ask(asked.questions(stores[0], opened[0], glossary, WARMING, WARMING_SEED), {})
        questions = asked.questions(stores[0], opened[0], glossary, many, seed)
        measured = Contest(own, [], *nobody, clock).ask(questions, {})
    finally:
        for store in stores:
            store.close()
    sizes = " : ".join(str(int(columns.live.sum())) for columns in opened)
    before, after = (measured.of(name) for name in SIZES)
    name = f"{WHOLE}, {len(questions)} questions, {sizes} articles"
    told = times_its_time(after, before)
    return [Row(name, milliseconds(after), milliseconds(before), told, "less than 8 x, at p50")]


def up_to_date(store: Store) -> None:
    """The index as this version writes it; one of an older format is made anew."""
    engine = WhooshEngine(store.index)
    if build.needs_rebuild(store, engine) or build.is_behind(store, engine):
        tell("the index is not that of this version, or behind; making it")
        build.update(store, engine)
    learn.learn_when_due(store, engine)


def peer_ways(folder: Path, names: Sequence[str]) -> list[peers.Peer]:
    made: dict[str, Callable[[Path], list[peers.Peer]]] = {
        "tantivy": lambda at: [peer_tantivy.Tantivy(at), peer_tantivy.Asking(at), peer_tantivy.Showing(at)],
        "fts5": lambda at: [peer_fts5.Fts5(at, "OR"), peer_fts5.Fts5(at, "AND"), peer_fts5.Evidence(at)],
        "whoosh": lambda at: [peer_whoosh.Whoosh(at)],
    }
    return [way for name in names for way in made[name](folder / name)]


def own_ways(store: Store, glossary: Glossary) -> list[ours.Ours]:
    ways = ((WHOLE, ours.Whole), (RANKING, ours.Ranking), (UNDERSTANDING, ours.Understanding))
    return [way(name, store, ours.opened(store), glossary) for name, way in ways]


def reading(store: Store, columns: Columns, glossary: Glossary) -> tuple[View, Glossary]:
    """What questions are read with for the peers; apart from what our own searches keep."""
    return View(columns, columns.live), taught(glossary, lesson_of(store, columns))


def rows(measured: Measured) -> Iterator[Row]:
    for own in (WHOLE, RANKING, UNDERSTANDING):
        yield Row(f"{own}, p50 / p95 / p99", milliseconds(measured.of(own)))
    for kind in asked.SHARES:
        many = sum(each.kind == kind for each in measured.questions)
        yield Row(f"{WHOLE}: {kind} ({many})", milliseconds(measured.of(WHOLE, kind)))
    for own, peer, wanted in COMPARED:
        if peer in measured.seconds:
            yield compared(measured, own, peer, wanted)
    if TANTIVY in measured.seconds:
        for kind in dict.fromkeys(each.kind for each in measured.questions):
            yield compared(measured, RANKING, TANTIVY, "", kind)


def compared(measured: Measured, own: str, peer: str, wanted: str, kind: str = "") -> Row:
    our_times, their_times = measured.both(own, peer, kind)
    told = kind or "all"
    if peer in SAME_QUESTION and not kind:
        told += f", {measured.agreement(own, peer):.0%} with the same total"
    name = f"{own} : {peer}: {told} ({len(their_times)})"
    if not their_times:
        return Row(name, "")
    how = times_its_time if peer in LOWER_IS_BETTER else times_faster
    return Row(name, milliseconds(our_times), milliseconds(their_times), how(our_times, their_times), wanted)
