"""Where is everything kept?  One SQLite database and a folder of WARC files; the index can be made again from them."""

from indexer.store.database import Store, has_archive, open_store

__all__ = ["Store", "has_archive", "open_store"]
