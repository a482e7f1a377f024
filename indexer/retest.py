"""Do questions that found nothing find something by now?  Asked again after a change of the words, and every day."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from indexer import clock, jobs
from indexer.engine.columns import Columns
from indexer.errors import KhotinError
from indexer.glossary import Glossary
from indexer.query import Query
from indexer.searcher import searcher_of
from indexer.store import Store, missed, questions

KIND = "words"
# Each takes some milliseconds; whoever has more open questions mends the commonest first.
MOST_TESTED, AT_ONCE = 500, 50


def ask(connection: Connection, who: str) -> None:
    """Ask for a test of all, unless one waits already; one that is running may have read the words before."""
    jobs.ask_once(connection, KIND, who, unless=("waiting",))


def is_due(connection: Connection) -> bool:
    """Whether there is something to test or to forget, and today nothing was done about it."""
    last = jobs.last_asked(connection, KIND)
    asked_today = last is not None and last >= clock.midnight(clock.local_day(clock.now()))
    return not asked_today and questions.oldest_day(connection) is not None


def found_now(text: str, store: Store, columns: Columns, glossary: Glossary) -> int:
    """How many articles every reader finds with this question; none when it can no longer be asked."""
    try:
        return searcher_of(store, columns, glossary).count(Query(q=text)).total
    except KhotinError:
        return 0


def retest(store: Store, columns: Columns, glossary: Glossary) -> dict[str, Any]:
    """Ask them again, and write down what they find."""
    with store.read() as connection:
        waiting = [
            each.question
            for each in missed.inbox(connection, "open", MOST_TESTED) + missed.inbox(connection, "mended", MOST_TESTED)
        ]
    found = [(each.folded, found_now(each.text, store, columns, glossary)) for each in waiting]
    for at in range(0, len(found), AT_ONCE):
        with store.write() as connection:
            missed.tested(connection, found[at : at + AT_ONCE])
    return {"tested": len(found), "mended": sum(1 for _, total in found if total)}


def retest_one(store: Store, form: str, columns: Columns, glossary: Glossary) -> int:
    """The same for one question that is being mended."""
    with store.read() as connection:
        found = missed.get(connection, form)
    if found is None:
        return 0
    total = found_now(found.question.text, store, columns, glossary)
    with store.write() as connection:
        missed.tested(connection, [(form, total)])
    return total


def forget_old(store: Store, days_kept: int) -> int:
    """Delete what was asked longer ago, a day at a time; how many days it was. 0 days keep nothing."""
    limit, forgotten = clock.local_day(clock.now()) - timedelta(days=days_kept), 0
    while True:
        with store.write() as connection:
            questions.salt_of_today(connection)  # who asked yesterday is forgotten, also when nobody asks today
            day = questions.oldest_day(connection)
            if day is None or (day >= limit and days_kept):
                return forgotten
            questions.forget_day(connection, day)
        forgotten += 1
