"""Is the database whole, of this version, and does every row point to something?"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy.exc import DatabaseError

from indexer.doctor.finding import Case, Finding, broken, fine, look, unable
from indexer.store import database, health

BRING_BACK = "Stop Khotin, keep a copy of the folder, and bring the archive back: khotin restore FILE"


def opens(case: Case) -> Iterator[Finding]:
    """Can the database be opened by this version?"""
    if case.store_problem:
        yield unable(case.store_problem)
    else:
        with case.opened.engine.connect() as connection:
            yield fine("The database has shape %(number)s, which is the newest.", number=database.revision(connection))


def integrity(case: Case) -> Iterator[Finding]:
    """Are its pages as SQLite wrote them?  Asked also when the archive could not be opened, which may be why."""
    if case.store and case.store.is_served:
        yield from on_server(case)
        return
    if not (case.home / database.FILE_NAME).exists():
        return
    engine = database.connect_alone(case.home / database.FILE_NAME)
    try:
        with engine.connect() as connection:
            found = health.complaints(connection, case.full)
    except DatabaseError as problem:
        found = [str(problem.orig)]
    finally:
        engine.dispose()
    if found:
        yield broken("The database is damaged: %(problem)s.", BRING_BACK, problem=found[0])
    else:
        yield fine("Every page of the database is whole.")


def on_server(case: Case) -> Iterator[Finding]:
    """Does the server keep what it has taken?  Its pages are its operator's."""
    with case.opened.read() as connection:
        found = health.careless(connection)
    if found:
        sentence = "A power cut of the database server may take what was kept: %(settings)s is off there."
        yield look(sentence, "Switch it on in postgresql.conf.", settings=", ".join(found))
    else:
        sentence = "The database is on a server that keeps what it has taken; pg_amcheck checks its pages."
        yield fine(sentence)


def references(case: Case) -> Iterator[Finding]:
    with case.opened.read() as connection:
        found = Counter(health.orphans(connection))
    for (table, parent), count in found.items():
        sentence = "%(count)s rows of %(table)s point to rows of %(parent)s that are not there."
        yield broken(sentence, BRING_BACK, count=count, table=table, parent=parent)
    if not found:
        yield fine("Every row points to rows that are there.")
