"""Which engine keeps the index of an archive?  The one place that the settings are asked."""

from indexer import settings as settings_of
from indexer.engine import Engine
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from indexer.store import Store


def engine_of(store: Store, settings: Settings | None = None) -> Engine:
    """The engine that the settings of the archive name; the embedded one unless they name another."""
    chosen = settings or settings_of.load(store.home)
    if chosen.engine == "opensearch":
        from indexer.engine.opensearch.engine import OpenSearchEngine

        return OpenSearchEngine(chosen, store)
    return WhooshEngine(store.index)
