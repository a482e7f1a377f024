"""What would other words change about a question?  Its answer as it is, beside that with them; nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.counting import Counted
from indexer.engine.columns import Columns
from indexer.glossary import Glossary
from indexer.query import Query
from indexer.searcher import searcher_of
from indexer.store import Store


@dataclass(frozen=True, slots=True)
class Effect:
    """One question, counted with the words as they are and as they would be."""

    question: str
    before: Counted
    after: Counted

    @property
    def more(self) -> int:
        return self.after.total - self.before.total


def effects(questions: Iterable[str], store: Store, columns: Columns, now: Glossary, then: Glossary) -> list[Effect]:
    """For each question what every reader would be told. Raises KhotinError when one cannot be asked."""
    before, after = searcher_of(store, columns, now), searcher_of(store, columns, then)
    return [
        Effect(question, before.count(Query(q=question)), after.count(Query(q=question)))
        for question in dict.fromkeys(filter(None, questions))
    ]
