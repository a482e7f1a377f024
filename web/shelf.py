"""What do pages read from?  The store and the current generation of the index, opened again only when it changed."""

import logging
import threading
import time

from flask import current_app

from indexer.engine import Engine
from indexer.engine.columns import Columns, IndexMissingError
from indexer.glossary import Glossary
from indexer.searcher import Searcher, searcher_of
from indexer.settings import Settings
from indexer.store import Store
from indexer.wordbook import Wordbook, wordbook

log = logging.getLogger("khotin.web")
AGAIN_SECONDS, PATIENCE_SECONDS = 2.0, 1.0
# Between two looks at whether the words changed: seldom enough to cost searches nothing, and live for everybody in less
# than two seconds.
WORDS_SECONDS = 0.5


class Shelf:
    """Everything a page may reach for; shared by the threads of one process."""

    def __init__(self, settings: Settings, store: Store, engine: Engine) -> None:
        self.settings, self.store, self.engine = settings, store, engine
        self.lock = threading.Lock()
        self.opened: tuple[object, Columns] | None = None
        self.refused: tuple[object, float, IndexMissingError] | None = None
        self.read_words: tuple[float, Wordbook] | None = None

    @property
    def glossary(self) -> Glossary:
        """What questions are read with."""
        return self.wordbook().glossary

    def wordbook(self) -> Wordbook:
        """The words as they were a moment ago."""
        known, now = self.read_words, time.monotonic()
        if known is None or now - known[0] >= WORDS_SECONDS:
            self.read_words = known = (now, wordbook(self.store))
        return known[1]

    def words_changed(self) -> None:
        """Whoever changed the words sees it with his next page."""
        self.read_words = None

    def columns(self) -> Columns:
        """The current generation. Raises IndexMissingError when there is none."""
        seen, opened = self.engine.stamp(), self.opened
        if opened and opened[0] == seen:
            return opened[1]
        # a large one is read to its end first: others do not wait for that as long as they have the one before
        if self.lock.acquire(timeout=-1 if opened is None else PATIENCE_SECONDS):
            try:
                return self.look(seen)
            finally:
                self.lock.release()
        assert opened
        return opened[1]

    def searcher(self) -> Searcher:
        """Whom questions are put to now. Raises IndexMissingError when there is no index."""
        return searcher_of(self.store, self.columns(), self.glossary)

    def look(self, seen: object) -> Columns:
        """What is published now, or the generation before when it cannot be read; not tried at every request."""
        if self.refused and self.refused[0] == seen and time.monotonic() < self.refused[1]:
            problem = self.refused[2]
        else:
            try:
                if self.opened is None or self.opened[0] != seen:
                    self.opened = (seen, self.engine.reading())
                return self.opened[1]
            except IndexMissingError as found:
                log.error("The index cannot be read: %s", found)
                problem = found
                self.refused = (seen, time.monotonic() + AGAIN_SECONDS, problem)
        if self.opened is None:
            raise problem
        return self.opened[1]


def shelf() -> Shelf:
    """The shelf of the site that answers this request."""
    found: Shelf = current_app.extensions["khotin"]
    return found
