"""How do we answer?  The whole search, and ranking, total, facets and timeline alone: all that peers are asked for."""

from dataclasses import dataclass

from indexer.engine.columns import Columns
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import Glossary
from indexer.query import Query
from indexer.search import search
from indexer.searcher import Searcher, searcher_of
from indexer.store import Store


@dataclass(frozen=True, slots=True)
class Ours:
    """The archive as one web process has it open. Each way of asking opens it for itself, so that none finds what
    another has already worked out about its terms."""

    name: str
    store: Store
    columns: Columns
    glossary: Glossary

    def searcher(self) -> Searcher:
        return searcher_of(self.store, self.columns, self.glossary)

    def ask(self, query: Query) -> int:
        raise NotImplementedError


class Whole(Ours):
    """Understanding, ranking, total, facets, timeline, ten hits with their passages marked."""

    def ask(self, query: Query) -> int:
        return search(query, self.store, self.columns, self.glossary).total


class Ranking(Ours):
    """Understanding, ranking, total, facets, timeline, the numbers of the hits; no text is read."""

    def ask(self, query: Query) -> int:
        found = self.searcher().find(query)
        found.page(query).tolist()
        assert found.facets and found.timeline
        return found.total


class Understanding(Ours):
    """What the two above do first: the line is read, and cut into units."""

    def ask(self, query: Query) -> int:
        return len(self.searcher().understand(query).units)


def opened(store: Store) -> Columns:
    return WhooshEngine(store.index).columns()
