"""What answers when the index is in a cluster?  It counts and narrows; the best few hundred are weighed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from indexer import zones
from indexer.afar import beside, finding
from indexer.afar.asking import Asking
from indexer.afar.far import FarView
from indexer.afar.few import columns_of
from indexer.article import Kept
from indexer.counting import Counted
from indexer.found import ByNumber, Found
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.match import Matches
from indexer.passages import Standing, found_on
from indexer.query import Query
from indexer.question import Question
from indexer.ranking import Weights
from indexer.store import Store
from indexer.store.lessons import Lesson
from indexer.units import Form, Unit
from indexer.view import View

# Of so many names a cluster is asked while somebody types.
MOST_NAMES = 100


@dataclass(frozen=True)
class ClusterSearcher:
    """See indexer/searcher.py."""

    store: Store
    view: FarView
    glossary: Glossary
    lesson: Lesson

    @cached_property
    def asking(self) -> Asking:
        return Asking(self.view)

    def understand(self, query: Query) -> Question:
        return read_question(query, self.asking, self.glossary)

    def find(self, query: Query, by_number: ByNumber | None = None) -> Found:
        return finding.find(query, self.understand(query), self.asking, by_number)

    def count(self, query: Query) -> Counted:
        question = self.understand(query)
        told, left_out = finding.count(query, question, self.asking)
        return Counted(query, question, Matches(self.view), np.zeros(0, dtype=np.bool_), left_out, told)

    def numbers(self, query: Query) -> list[int]:
        return finding.numbers(query, self.understand(query), self.asking)

    def taken(self, query: Query, as_asked: bool) -> tuple[Counted, list[int]]:
        counted = self.count(query)
        return counted, finding.numbers(query, counted.question, self.asking, as_asked)

    def values(self, query: Query, facet: str) -> list[tuple[str, int]]:
        return beside.values(query, self.understand(query), self.asking, facet)

    def arrived(self, start: int, size: int) -> list[int]:
        return beside.arrived(self.view, start, size)

    def citing(self, bare: str) -> list[int]:
        return beside.citing(self.view, bare)

    def nearest(self, kept: Kept) -> list[int]:
        return beside.nearest(kept, self.asking)

    def copies(self, number: int) -> list[int]:
        """None: groups are not told apart in a cluster (see docs/cluster-reading.md)."""
        return []

    def standing(self, units: Sequence[Unit], kept: Kept) -> Standing:
        """Read again from the article's text, cut as it is for the index."""
        columns = columns_of([zones.document(kept)])
        return found_on([0], units, Matches(View(columns, columns.live)))[0]

    def documents(self, beginning: str) -> Mapping[str, int]:
        return beside.beginning(self.asking, "documents", beginning)

    def places(self) -> Mapping[str, int]:
        return beside.beginning(self.asking, "places", "")

    def often(self, names: Mapping[str, Form]) -> dict[str, int]:
        return beside.often(self.asking, dict(islice(names.items(), MOST_NAMES)))

    def titled(self, line: str, most: int) -> list[int]:
        return beside.titled(self.view, line, most)

    def weighed(self, weights: Weights) -> "ClusterSearcher":
        view = self.view
        return replace(self, view=FarView(view.far, view.hidden, view.store, view.departments, weights))
