"""How is it known what is asked?  Each process gathers its questions for a moment and writes them down together, so
that no search waits for the disk; a process that is killed loses these few seconds."""

import atexit
import logging
import threading
import weakref
from collections.abc import Callable
from time import perf_counter

from flask import current_app, request
from sqlalchemy.exc import SQLAlchemyError

from indexer import asked, clock
from indexer.asked import Heard
from indexer.errors import KhotinError
from indexer.query import Query
from indexer.store import Store, questions
from web.security_log import network
from web.visitor import role

log = logging.getLogger("khotin.web")
SECONDS = 2.0  # what is lost when a process is killed
AT_ONCE = 50  # so many are written in less than 100 ms
MOST_HELD = 5_000  # while the disk is full or the database busy; more are not counted


class Ledger:
    """The questions of one process that are not written down yet; shared by its threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.held: list[Heard] = []
        self.lock = threading.Lock()
        self.writing = threading.Lock()
        self.timer: threading.Timer | None = None
        atexit.register(written_at_last, weakref.ref(self))

    def note(self, heard: Heard) -> None:
        with self.lock:
            if len(self.held) < MOST_HELD:
                self.held.append(heard)
            if self.timer is None:
                self.timer = threading.Timer(SECONDS, self.write)
                self.timer.daemon = True
                self.timer.start()

    def write(self) -> None:
        """Write down what is held; what cannot be written now is held for the next time."""
        with self.writing:
            with self.lock:
                held, self.held, self.timer = self.held, [], None
            while held:
                try:
                    with self.store.write() as connection:
                        questions.note(connection, held[:AT_ONCE])
                except (KhotinError, SQLAlchemyError) as problem:
                    log.warning("Questions could not be counted: %s", problem)
                    with self.lock:
                        self.held = held + self.held
                    return
                del held[:AT_ONCE]


def written_at_last(ledger: "weakref.ref[Ledger]") -> None:
    """A process that ends in order writes down what it holds."""
    left = ledger()
    if left and left.held and left.store.home.exists():
        left.write()


def note(query: Query, total: int, began: float) -> None:
    """Count a question that was answered now; people of the department who try their words are not counted."""
    ledger: Ledger | None = current_app.extensions.get("asking")
    if ledger is None or not asked.is_question(query) or role() in ("admin", "editor"):
        return
    place = f"{network(request.remote_addr or '')} {request.user_agent.string}"
    took = (perf_counter() - began) * 1000
    ledger.note(Heard(query.q, clock.now(), asked.is_missed(query, total), took, place))


def prepare(extensions: dict[str, object], store: Store, days_kept: int) -> Callable[[], None]:
    """Begin to count, where the operator wants it; what it gives back writes everything down."""
    if not days_kept:
        return lambda: None
    ledger = Ledger(store)
    extensions["asking"] = ledger
    return ledger.write
