"""How do we answer?  The whole search, and ranking, total, facets and timeline alone: all that peers are asked for."""

from dataclasses import dataclass

from indexer import search
from indexer.engine.columns import Columns
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.match import Matches
from indexer.query import Query
from indexer.store import Store


@dataclass(frozen=True, slots=True)
class Ours:
    """The archive as one web process has it open. Each way of asking opens it for itself, so that none finds what
    another has already worked out about its terms."""

    name: str
    store: Store
    columns: Columns
    glossary: Glossary

    def ask(self, query: Query) -> int:
        raise NotImplementedError


class Whole(Ours):
    """Understanding, ranking, total, facets, timeline, ten hits with their passages marked."""

    def ask(self, query: Query) -> int:
        return search.search(query, self.store, self.columns, self.glossary).total


class Ranking(Ours):
    """Understanding, ranking, total, facets, timeline, the numbers of the hits; no text is read."""

    def ask(self, query: Query) -> int:
        view = search.visible(self.store, self.columns)
        found = search.find(query, view, search.taught(self.glossary, search.lesson_of(self.store, self.columns)))
        found.order[(query.page - 1) * query.per_page :][: query.per_page].tolist()
        search.facets(view, found.counted)
        search.timeline(view, found.counted)
        return int(found.counted.sum())


class Understanding(Ours):
    """What the two above do first: the line is read, and cut into units."""

    def ask(self, query: Query) -> int:
        view = search.visible(self.store, self.columns)
        glossary = search.taught(self.glossary, search.lesson_of(self.store, self.columns))
        return len(read_question(query, Matches(view), glossary).units)


def opened(store: Store) -> Columns:
    return WhooshEngine(store.index).columns()
