"""How is an article destroyed by a written decision?  Step by step, so that no file holds its text after that.

Each step may be killed anywhere and done once more. The rows of the article go late: until then they tell which words
are to be looked for elsewhere. What is destroyed is listed in a file beside the archive, without a word of its text, so
that an archive from an older backup can be told to forget it again.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection

from indexer import access, alarms, build, clock, jobs, learn, leases
from indexer.engine import Engine
from indexer.errors import KhotinError
from indexer.lasting import replace_file
from indexer.store import Store, articles, captures, destructions, emptying, lessons, rewriting, sources, sweeping
from indexer.store.destructions import Destruction
from indexer.traces import Run, traces

LIST = "destroyed.jsonl"
# Other articles' texts are read so many articles at a time.
SLICE = 200
# So long is waited for readers to let go of the database's older pages.
PATIENCE_SECONDS = 60.0

Tell = Callable[[str], None]


class Decided(NamedTuple):
    """What a written decision says."""

    decision: str
    decided_on: date
    signed_by: str
    reason: str


# What a decision must say, and what is told when it does not.
NEEDED = {
    "decision": "Give the number of the decision.",
    "signed_by": "Say who signed the decision.",
    "reason": "Give the reason, with its legal basis.",
}


class Busy(KhotinError):
    """A crawl is under way; the destruction waits for its end."""


def wish(connection: Connection, article_id: int, who: str, decided: Decided) -> int:
    """Take an article from the public at once and have it destroyed; the destruction's number.  Raises KhotinError."""
    for name, sentence in NEEDED.items():
        if not getattr(decided, name).strip():
            raise KhotinError(sentence)
    if decided.decided_on > today():
        raise KhotinError("The day of the decision lies in the future.")
    if destructions.of_article(connection, article_id):
        raise KhotinError("Article %(number)s is destroyed by decision already.", number=article_id)
    members = destructions.family(connection, article_id)
    number = destructions.add(connection, article_id, STEPS[0].name, asked_by=who, **decided._asdict())
    for each in members:
        articles.mark(connection, each, "crawl", restricted_at=clock.now())
    destructions.bar(connection, number, marks(connection, members))
    told = f"{decided.decision}; {decided.decided_on:%d/%m/%Y}; {decided.signed_by}: {decided.reason}"
    access.decide(connection, who, "destroy", f"article {article_id}", told)
    jobs.ask(connection, "destroy", who, lane="short", arguments={"destruction": number})
    return number


def today() -> date:
    return clock.local_day(clock.now())


def begun(connection: Connection, article_id: int, who: str, decided: Decided) -> int:
    """The destruction of an article: one that was wished and has not ended, else a new one.  Raises KhotinError."""
    open_one = destructions.of_article(connection, article_id)
    return open_one.id if open_one and not open_one.finished_at else wish(connection, article_id, who, decided)


def marks(connection: Connection, members: list[int]) -> set[str]:
    """By what all that belongs to an article is known when it comes again."""
    found, own_files = destructions.pages(connection, members), destructions.files(connection, members)
    return found | own_files | destructions.digests(connection, members, own_files)


@dataclass
class Work:
    """One destruction under way; `reached` hears of each point that is reached."""

    store: Store
    engine: Engine
    number: int
    reached: Tell

    @cached_property
    def destruction(self) -> Destruction:
        with self.store.read() as connection:
            found = destructions.get(connection, self.number)
        assert found
        return found

    @cached_property
    def members(self) -> list[int]:
        with self.store.read() as connection:
            return destructions.family(connection, self.destruction.article_id)

    @cached_property
    def wanted(self) -> frozenset[Run]:
        """The runs of words that stand nowhere else in the archive."""
        with self.store.read() as connection:
            own = destructions.own_texts(connection, self.members)
        return traces(own, self.others())

    def others(self) -> Iterator[str]:
        last = 0
        while True:
            with self.store.read() as connection:
                found, last = destructions.some_others(connection, self.members, last, SLICE)
            if not last:
                return
            yield from found


def carry_out(store: Store, engine: Engine, number: int, tell: Tell = lambda point: None) -> None:
    """Do all steps that are left.  Raises Busy while a crawl is under way, KhotinError for what a person can mend."""
    with store.write() as connection:
        destructions.change(connection, number, tried_at=clock.now())
        hosts = {urlsplit(each.address).hostname for each in sources.every(connection) if each.address}
    with leases.held(store, ["destroy", *sorted(f"host:{each}" for each in hosts)]) as taken:
        if taken:
            raise Busy(
                "A crawl of %(host)s is running; the article is destroyed after it.", host=taken.partition(":")[2]
            )
        try:
            do_steps(Work(store, engine, number, tell))
        except (KhotinError, OSError) as problem:
            with store.write() as connection:
                message = "An article that is to be destroyed by decision is not yet: %(problem)s It is tried again."
                alarms.ring(connection, f"destroy {number}", message, problem=str(problem))
            raise


def do_steps(work: Work) -> None:
    names = [each.name for each in STEPS]
    for step in STEPS[names.index(work.destruction.step) :] if work.destruction.step else ():
        work.reached(step.name)
        step.do(work)
        following = names[names.index(step.name) + 1 :][:1]
        with work.store.write() as connection:
            destructions.change(connection, work.number, step="".join(following))
    with work.store.write() as connection:
        destructions.change(connection, work.number, finished_at=clock.now())
        alarms.calm(connection, f"destroy {work.number}")


def note(work: Work) -> None:
    """Write down what is to be destroyed, before anything of it is gone."""
    with work.store.read() as connection:
        own_files = destructions.files(connection, work.members)
        pages = destructions.pages(connection, work.members)
        digests = destructions.digests(connection, work.members, own_files)
        told = destructions.told(connection, work.members, pages | own_files, digests)
    add_lines(work.store.home / LIST, [line(each, work.destruction) for each in told])


def line(told: destructions.Told, destruction: Destruction) -> dict[str, Any]:
    """What the list says of an article."""
    return {
        "id": told.id,
        "external_id": told.external_id,
        "source": told.source,
        "addresses": told.addresses,
        "digests": told.digests,
        "published": told.published.isoformat() if told.published else None,
        "first_seen": told.first_seen.isoformat(),
        "decision": destruction.decision,
        "decided_on": destruction.decided_on.isoformat(),
        "signed_by": destruction.signed_by,
        "asked_at": destruction.asked_at.isoformat(),
    }


def add_lines(path: Path, told: list[dict[str, Any]]) -> None:
    """The list with more lines; it is replaced whole, so that nobody meets half a line."""
    known = listed(path)
    fresh = [each for each in told if all(each | {"asked_at": other["asked_at"]} != other for other in known)]
    if fresh:
        lines = [json.dumps(each, ensure_ascii=False) for each in known + fresh]
        replace_file(path, "\n".join(lines) + "\n")


def listed(path: Path) -> list[dict[str, Any]]:
    """What the list says.  Raises KhotinError when it cannot be read: then nobody knows what must not come back."""
    if not path.exists():
        return []
    try:
        return [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines() if each.strip()]
    except ValueError:
        raise KhotinError("%(file)s cannot be read. Bring it back from a backup.", file=path) from None


def records(work: Work) -> None:
    """Take the article's own captures out of the WARC files, and its words out of all others."""
    store = work.store
    rewriting.remove_left_over(store, work.number)
    with store.read() as connection:
        every_source = list(sources.every(connection))
    for source in every_source:
        captures.recover(store, source.id)
    with store.read() as connection:
        pages = destructions.pages(connection, work.members)
        own_files = destructions.files(connection, work.members) | lone_pictures(store, connection, pages)
        gone = destructions.own_captures(connection, work.members, pages, own_files)
        files = rewriting.files(connection)
    with store.write() as connection:
        destructions.bar(connection, work.number, own_files)
    for file in files:
        fates = rewriting.fates(store, file, gone, work.wanted)
        if rewriting.is_changed(fates):
            work.reached(f"{file}: read")
            _, places = rewriting.write_anew(store, file, fates)
            work.reached(f"{file}: written aside")
            with store.write() as connection:
                rewriting.swap(connection, work.number, file, fates, places)
            work.reached(f"{file}: swapped")
            rewriting.remove_left_over(store, work.number)


def lone_pictures(store: Store, connection: Connection, pages: set[str]) -> set[str]:
    """The pictures that were met on these pages and that no other page names."""
    left = {each: Path(urlsplit(each).path).name.encode() for each in destructions.pictures(connection, pages)}
    for file in rewriting.files(connection) if left else ():
        for capture in rewriting.held_in(connection, file):
            if not capture.revisit and capture.address not in pages and capture.media_type.startswith("text/"):
                body = rewriting.body_of(captures.read(store, capture))
                left = {address: name for address, name in left.items() if not name or name not in body}
    return set(left)


def words(work: Work) -> None:
    """Take the words out of logs, reports, notes, questions: every row of every other table."""
    with work.store.read() as connection:
        titles = destructions.titles(connection, work.members)
    sweeping.sweep(work.store, work.wanted, titles)


def rows(work: Work) -> None:
    """Leave a stub of the article; the index is to take it out."""
    with work.store.write() as connection:
        own = destructions.bars_of(connection, work.number)
        destructions.purge(connection, work.members, own)
        for each in work.members:
            articles.mark(connection, each, "crawl")


def index(work: Work) -> None:
    """Take the article out of the index, and write anew what of it ever held the article."""
    build.update(work.store, work.engine)
    work.reached("index updated")
    work.engine.forget(work.members)


def lesson(work: Work) -> None:
    """What the archive taught is learned anew from what it holds now; older lessons go."""
    with work.store.read() as connection:
        taught = lessons.newest(connection)
    if taught:
        columns = work.engine.columns()
        fresh = lessons.Lesson(frozenset(learn.compounds(columns)), learn.accents(columns))
        number = sweeping.teach_anew(work.store, fresh, int(columns.live.sum()))
        work.reached("learned")
        build.name_lesson(work.engine, number)


def pages(work: Work) -> None:
    """Write the database anew, so that none of its free pages and nothing of its log holds what was."""
    if work.store.is_served:
        emptying.write_anew(work.store, PATIENCE_SECONDS)
        work.reached("database written anew")
        return
    truncate(work.store)
    raw = work.store.engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM")
    except sqlite3.OperationalError as problem:
        raise KhotinError(
            "The database cannot be written anew now: %(problem)s. It is tried again.", problem=problem
        ) from problem
    finally:
        raw.close()
    work.reached("database written anew")
    truncate(work.store)


def truncate(store: Store) -> None:
    """Empty the database's log; readers that still look at older pages are waited for."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        raw = store.engine.raw_connection()
        try:
            busy = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.close()
        if not busy:
            return
        if time.monotonic() > end:
            raise KhotinError("Somebody has been reading the database for long; what was destroyed is cleared later.")
        time.sleep(0.1)


class Step(NamedTuple):
    name: str
    do: Callable[[Work], None]


STEPS = (
    Step("note", note),
    Step("records", records),
    Step("words", words),
    Step("rows", rows),
    Step("index", index),
    Step("lesson", lesson),
    Step("pages", pages),
)


def again(store: Store, engine: Engine, tell: Tell = lambda point: None) -> int:
    """Destroy once more what the list names and this archive, from a backup perhaps, still holds; how many articles."""
    done = 0
    for entry in listed(store.home / LIST):
        with store.write() as connection:
            number = wished_again(connection, entry)
        if number:
            carry_out(store, engine, number, tell)
            done += 1
    return done


def wished_again(connection: Connection, entry: Mapping[str, Any]) -> int | None:
    """The destruction that an entry of the list still asks for; else only see to it that nothing of it comes in."""
    source = sources.find(connection, str(entry["source"]), removed=True)
    found = destructions.matching(connection, source.id if source else 0, entry)
    open_one = found is not None and destructions.of_article(connection, found)
    if open_one:
        return None if open_one.finished_at else open_one.id
    decided = Decided(
        str(entry["decision"]), date.fromisoformat(entry["decided_on"]), str(entry["signed_by"]), "destroyed.jsonl"
    )
    known = {*entry["addresses"], *entry["digests"]}
    if found is None:
        if destructions.barring(connection, known) is None and known:
            number = destructions.add(connection, 0, "", asked_by="backup", **decided._asdict())
            destructions.change(connection, number, finished_at=clock.now())
            destructions.bar(connection, number, known)
        return None
    number = wish(connection, found, "backup", decided)
    destructions.bar(connection, number, known)
    return number
