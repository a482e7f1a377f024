"""Which other tables hold words of a destroyed article?  Every text of every row is looked at, whatever table it is."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, cast, delete, exists, func, or_, select, update

from indexer.store import lessons as taught
from indexer.store import previews
from indexer.store.database import Store
from indexer.store.dialects import texts_in
from indexer.store.lessons import Lesson
from indexer.store.tables import (
    job_lines,
    lessons,
    metadata,
    question_sessions,
    questions,
)
from indexer.traces import Run, told_without

# These hold the texts of articles, which are no traces or go with their rows, or no words at all.
LEFT = {"articles", "versions", "aliases", "captures", "file_links", "barred", "lessons"}
# What was asked stands there twice, also in a form that no run is met in: whole rows go.
QUESTIONS = (question_sessions.c.question_id, questions.c.id)
# Addresses stay, also where they are made of the words of a title: by them nothing comes in again.
NO_TEXT = {"address", "found_on", "password_hash", "store_id", "nonce"}
# Five words have at least four signs between them.
SHORTEST = 9
BATCH = 50


def sweep(store: Store, wanted: Collection[Run], titles: Collection[str]) -> int:
    """Take runs of words out of every row, and the lines of logs that name one of these titles; how many rows."""
    changed = 0
    with store.write() as connection:
        previews.forget(connection)
    for table in metadata.sorted_tables:
        columns = texts_of(table)
        if table.name not in LEFT and columns:
            found = list(rows_with(store, table, columns, wanted))
            for at in range(0, len(found), BATCH):
                write(store, table, found[at : at + BATCH])
            changed += len(found)
    forget_lines(store, titles)
    return changed


def texts_of(table: Table) -> list[Column[Any]]:
    """The columns that may hold words."""
    return [
        each
        for each in table.columns
        if isinstance(each.type, String | JSON) and not each.primary_key and each.name not in NO_TEXT
    ]


def rows_with(
    store: Store, table: Table, columns: list[Column[Any]], wanted: Collection[Run]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The keys of the rows that hold some of the runs, and their values without them."""
    keys = list(table.primary_key.columns)
    long_enough = or_(*(func.length(cast(each, Text)) >= SHORTEST for each in columns))
    with store.read() as connection:
        for row in connection.execute(select(*keys, *columns).where(long_enough)):
            told = row._mapping
            values = {each.name: told_without(told[each], wanted) for each in columns if told[each] is not None}
            fresh = {each.name: values[each.name] for each in columns if values.get(each.name) != told[each]}
            if fresh:
                yield {each.name: told[each] for each in keys}, fresh


def write(store: Store, table: Table, found: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    with store.write() as connection:
        for keys, values in found:
            same = [table.c[name] == value for name, value in keys.items()]
            if table is questions:
                for column in QUESTIONS:
                    connection.execute(delete(column.table).where(column == keys["id"]))
            else:
                connection.execute(update(table).where(*same).values(values))


def forget_lines(store: Store, titles: Collection[str]) -> None:
    """Lines of logs end with a title, or name it among their values, and it may be too short to be a run."""
    for title in titles:
        value = texts_in(job_lines.c["values"]).table_valued("value")
        among_values = exists(select(value.c.value).where(value.c.value == title))
        end = func.length(job_lines.c.line) - len(title) - 1
        named = (func.substr(job_lines.c.line, end) == f": {title}") | among_values
        with store.write() as connection:
            connection.execute(delete(job_lines).where(named))


def teach_anew(store: Store, lesson: Lesson, articles: int) -> int:
    """Keep a lesson in the place of all before it, which may tell words that stand nowhere any more; its number."""
    with store.write() as connection:
        number = taught.save(connection, lesson, articles)
        connection.execute(delete(lessons).where(lessons.c.number < number))
    return number
