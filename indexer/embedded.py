"""What answers when the whole index is on this machine?  Arithmetic on columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from indexer import alike, cited, related
from indexer.alike import Gathered, gather
from indexer.article import Kept
from indexer.choose import by_company
from indexer.counting import Counted
from indexer.engine.columns import Columns
from indexer.engine.places import Documents, Mask, documents_of
from indexer.engine.segments import NO_DATE
from indexer.evidence import parts_of
from indexer.filters import date_filter, filters
from indexer.found import MOST_NEAR, ByNumber, Found, best_first, binds, loose_units
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.language import fold, words
from indexer.language.words import NUMBER, PLACE
from indexer.match import Matches, adjacent, in_zones, union
from indexer.passages import Standing, found_on
from indexer.query import Query
from indexer.question import Question
from indexer.ranking import Scores, Weights, shares, total
from indexer.spread import all_values
from indexer.store import Store
from indexer.store.lessons import Lesson
from indexer.units import Form, Slot, Unit
from indexer.view import View

# So many hits are put in order at least, whatever the page: enough for whoever measures the order.
LEAST_ORDERED = 100


@dataclass(frozen=True)
class EmbeddedSearcher:
    """See indexer/searcher.py. ``plain``: by the slow way, which the quick one is tested against (see Matches)."""

    store: Store
    view: View
    glossary: Glossary
    lesson: Lesson
    plain: bool = False

    @property
    def columns(self) -> Columns:
        return self.view.columns

    def read(self, query: Query) -> tuple[Question, Matches]:
        """A question with what it looks up: kept as long as the question, for it may be large."""
        matches = Matches(self.view, self.plain)
        return read_question(query, matches, self.glossary), matches

    def understand(self, query: Query) -> Question:
        return read_question(query, self.lookup, self.glossary)

    def find(self, query: Query, by_number: ByNumber | None = None) -> Found:
        """Understand the question, match it, weigh what matches."""
        columns, (question, matches) = self.columns, self.read(query)
        counted, allowed, undated = matched(query, question, matches)
        units = by_company(question.units, matches)
        parts = parts_of(question, matches, units)
        added = shares(parts, self.view.shown, self.view.weights)
        scores = total(added, columns.size)
        near = near_matches(query, question, matches, counted, allowed & ~counted, scores)
        wanted = max(query.page * query.per_page, LEAST_ORDERED)
        gathered = in_groups(query, question, counted, scores, columns)
        shown_hits = gathered.shown if gathered else counted
        order = np.concatenate((sorted_hits(query, question, shown_hits, scores, columns, wanted), near))
        return Found(question, units, matches, counted, order, len(near), scores, parts, added, undated, gathered)

    def count(self, query: Query) -> Counted:
        question, matches = self.read(query)
        hits, _, undated = matched(query, question, matches)
        return Counted(query, question, matches, hits, undated)

    def numbers(self, query: Query) -> list[int]:
        return self.taken(query, as_asked=False)[1]

    def taken(self, query: Query, as_asked: bool) -> tuple[Counted, list[int]]:
        if not as_asked:
            counted = self.count(query)
            return counted, np.sort(self.columns.ids[counted.hits]).tolist()
        found = self.find(query.changed(page=1, per_page=max(1, self.columns.size), collapse=False))
        counted = Counted(query, found.question, found.matches, found.counted, found.undated)
        return counted, self.columns.ids[found.order[: len(found.order) - found.near]].tolist()

    def values(self, query: Query, facet: str) -> list[tuple[str, int]]:
        return all_values(self.view, self.count(query).hits, facet)

    def arrived(self, start: int, size: int) -> list[int]:
        found: list[int] = np.sort(self.columns.ids[self.view.shown])[::-1][start : start + size].tolist()
        return found

    def citing(self, bare: str) -> list[int]:
        citing, newest = cited.mask(self.columns, bare) & self.view.shown, self.columns.newest
        found: list[int] = self.columns.ids[newest[citing[newest]]].tolist()
        return found

    def nearest(self, kept: Kept) -> list[int]:
        document = self.columns.document_of(kept.id)
        near = [] if document is None else related.nearest(document, self.view)
        return [int(self.columns.ids[each]) for each in near]

    def copies(self, number: int) -> list[int]:
        return alike.copies(self.view, number)

    @cached_property
    def lookup(self) -> Matches:
        """What is looked up in one article after the other, mostly for one question."""
        return Matches(self.view)

    def standing(self, units: Sequence[Unit], kept: Kept) -> Standing:
        document = self.columns.document_of(kept.id)
        return Standing([], {}) if document is None else found_on([document], units, self.lookup)[document]

    def documents(self, beginning: str) -> Mapping[str, int]:
        return unsigned(self.columns.holding(NUMBER + beginning, self.view.shown))

    def places(self) -> Mapping[str, int]:
        return unsigned(self.columns.holding(PLACE, self.view.shown))

    def often(self, names: Mapping[str, Form]) -> dict[str, int]:
        matches, shown = Matches(self.view), self.view.shown
        return {name: int(shown[matches.held(form).documents].sum()) for name, form in names.items()}

    def titled(self, line: str, most: int) -> list[int]:
        columns, matches = self.columns, Matches(self.view)
        typed = [token.term for token in words.syllables(line)]
        if not typed:
            return []
        marked = fold.is_marked(line)
        whole = [matches.slot(Slot(term, "key" if marked else "bare")) for term in typed[:-1]]
        begun = columns.beginning(fold.as_typed(line, typed[-1]), marked)
        places = in_zones(adjacent([*whole, union([columns.places(term) for term in begun])]), ("title",))
        documents = documents_of(places)
        documents = documents[self.view.shown[documents]]
        newest = documents[np.lexsort((columns.ids[documents], -columns.days[documents].astype(np.int64)))]
        found: list[int] = columns.ids[newest[:most]].tolist()
        return found

    def weighed(self, weights: Weights) -> "EmbeddedSearcher":
        view = self.view
        return replace(self, view=View(view.columns, view.shown, weights, view.store, view.departments))


def unsigned(held: Mapping[str, int]) -> dict[str, int]:
    """Terms beside the text without the sign that tells their kind."""
    return {term[1:]: often for term, often in held.items()}


def matched(query: Query, question: Question, matches: Matches) -> tuple[Mask, Mask, int]:
    """The documents that count; all shown ones that pass the filters; and how many hits without a date a filter on days
    left out."""
    view = matches.view
    asked, allowed = answering(question, matches), filters(query, view) & view.shown
    dated = allowed & date_filter(query, view.columns)
    undated = int((asked & allowed & (view.columns.days == NO_DATE)).sum()) if query.first or query.last else 0
    return asked & dated, dated, undated


def answering(question: Question, matches: Matches) -> Mask:
    """Which of the shown documents hold what was asked, whatever filters are on."""
    shown = matches.view.shown
    if question.text and not question.tree.parts:  # only signs, or nothing that could be understood
        return np.zeros_like(shown)
    return matches.mask(question.tree) & shown


def near_matches(
    query: Query,
    question: Question,
    matches: Matches,
    found: Mask,
    allowed: Mask,
    scores: Scores,
) -> Documents:
    """The best other articles that hold at least one unit, when the question is plain and found little or asks much."""
    loose = loose_units(query, question, int(found.sum()))
    if not loose:
        return np.empty(0, dtype=np.int64)
    holds_one = np.logical_or.reduce([matches.mask(unit) for unit in loose])
    bound = [mask for node in question.tree.parts if binds(node) for mask in [matches.mask(node)] if mask.any()]
    obeys = np.logical_and.reduce([holds_one, allowed, *bound])
    return best_first(np.flatnonzero(obeys), scores, matches.columns, MOST_NEAR)


def sorted_hits(
    query: Query, question: Question, found: Mask, scores: Scores, columns: Columns, wanted: int
) -> Documents:
    """The first ``wanted`` hits in the order that is asked for."""
    if query.sort == "relevance" and question.units:
        return best_first(np.flatnonzero(found), scores, columns, wanted)
    order = columns.oldest if query.sort == "oldest" else columns.newest
    return order[found[order]][:wanted]


def in_groups(query: Query, question: Question, counted: Mask, scores: Scores, columns: Columns) -> Gathered | None:
    """The hits gathered in their groups, where that is asked for and the best come first."""
    if not (query.collapse and query.sort == "relevance" and question.units):
        return None
    return gather(counted, columns, lambda documents: best_first(documents, scores, columns, len(documents)))
