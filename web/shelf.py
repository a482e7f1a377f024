"""What do pages read from?  The store and the current generation of the index, opened again only when it changed."""

import logging
import threading
import time

from flask import current_app

from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.whoosh_index import CURRENT, WhooshEngine
from indexer.glossary import Glossary
from indexer.settings import Settings
from indexer.store import Store
from indexer.wordbook import Wordbook, wordbook

log = logging.getLogger("khotin.web")
# Between two looks at whether the words changed: seldom enough to cost searches nothing, and live for everybody in less
# than two seconds.
WORDS_SECONDS = 0.5


class Shelf:
    """Everything a page may reach for; shared by the threads of one process."""

    def __init__(self, settings: Settings, store: Store, engine: WhooshEngine) -> None:
        self.settings, self.store, self.engine = settings, store, engine
        self.lock = threading.Lock()
        self.opened: tuple[object, Columns] | None = None
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
        seen = self.stamp()
        with self.lock:
            if self.opened is None or self.opened[0] != seen:
                try:
                    self.opened = (seen, self.engine.columns())
                except IndexMissingError:
                    if self.opened is None:
                        raise
                    log.exception("The new index cannot be read; the one before goes on answering.")
            return self.opened[1]

    def stamp(self) -> object:
        """What tells one published `current.json` from the next: it is always replaced, never written over."""
        try:
            found = (self.engine.path / CURRENT).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size


def shelf() -> Shelf:
    """The shelf of the site that answers this request."""
    found: Shelf = current_app.extensions["khotin"]
    return found
