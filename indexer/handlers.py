"""How does the worker do the jobs that need the stack room alone?"""

from indexer import build, deciding, destroy, learn, upkeep
from indexer import settings as settings_of
from indexer.engine.open import engine_of
from indexer.worker import Desk, Outcome


def do_fixity(desk: Desk) -> Outcome:
    """Read all records again, or on from where the reading stopped."""

    def tell(done: int) -> None:
        desk.progress({"done": done})

    report = upkeep.read_all(desk.store, desk.must_end, tell)
    return Outcome("done" if report["ended"] else "cancelled", report)


def do_learn(desk: Desk) -> Outcome:
    """Learn from the archive what its words are."""
    engine = engine_of(desk.store)
    return Outcome("done", {"lesson": learn.learn(desk.store, engine, engine.columns())})


def do_tidy(desk: Desk) -> Outcome:
    """Make one piece of an index in many."""
    build.tidy(desk.store, engine_of(desk.store))
    return Outcome("done", {})


def do_destroy(desk: Desk) -> Outcome:
    """Destroy an article by a written decision; what stands in the way is tried again later."""
    number = int(desk.job.arguments["destruction"])
    try:
        destroy.carry_out(desk.store, engine_of(desk.store), number)
    except destroy.Busy as problem:
        return Outcome("done", {}, str(problem))
    return Outcome("done", {})


def do_words(desk: Desk) -> Outcome:
    """Ask the questions again that found nothing, and forget what was asked long ago."""
    from indexer import retest
    from indexer.engine.columns import IndexMissingError
    from indexer.wordbook import glossary_of

    store = desk.store
    retest.forget_old(store, settings_of.load(store.home).question_days)
    try:
        return Outcome("done", retest.retest(store, engine_of(store).columns(), glossary_of(store)))
    except IndexMissingError:  # an archive that has no article yet answers nothing
        return Outcome("done", {})


def do_screen(desk: Desk) -> Outcome:
    """Look for personal data in all that is held."""

    def told(done: int) -> bool:
        desk.progress({"done": done})
        return desk.must_end()

    done = deciding.look_through(desk.store, told)
    return Outcome("cancelled" if desk.must_end() else "done", {"looked_at": done})
