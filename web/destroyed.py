"""What is told in the place of an article that was destroyed?  That it was there, and by whose decision it went."""

from sqlalchemy import Connection
from werkzeug.exceptions import Gone

from indexer.article import Kept
from indexer.store import destructions
from indexer.store.destructions import Destruction


class Destroyed(Gone):
    """410: it was here, it is gone for good, and this is why."""

    def __init__(self, kept: Kept, decided: Destruction) -> None:
        super().__init__()
        self.kept, self.decided = kept, decided


def check(connection: Connection, kept: Kept | None) -> None:
    """Every page about an article asks here first.  Raises Destroyed."""
    decided = destructions.of_article(connection, kept.id) if kept and kept.destroyed_at else None
    if kept and decided:
        raise Destroyed(kept, decided)
