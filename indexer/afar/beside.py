"""What do pages beside the results ask of a cluster?  Who cites a document, what is near to an article, what came last,
what may follow what was typed."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from indexer import zones
from indexer.afar import narrowing
from indexer.afar.asking import MOST_LETTERS, Asking, escaped
from indexer.afar.clauses import Clause, clause_of_form, one_of
from indexer.afar.far import FarView
from indexer.afar.few import columns_of
from indexer.afar.finding import NEWEST, Wish, counted, every_of
from indexer.afar.pages import entries
from indexer.article import Kept
from indexer.engine.shape import KEPT, LONGEST_TERM, document_of
from indexer.language import fold
from indexer.language import words as language
from indexer.query import Query
from indexer.question import Question
from indexer.ranking import Evidence, Part, idf, score
from indexer.ranking import counted as weighed
from indexer.related import CANDIDATES, MOST_COMMON, TELLING, terms
from indexer.spread import Facets
from indexer.units import Form
from indexer.view import View

BY_NUMBER = [{"id": "desc"}]
# Articles that share the rarest words, of which the nearest are chosen.
NEAR = 100


def shown(view: FarView, *clauses: Clause) -> Clause:
    return {"bool": {"filter": [*view.shown_only, *clauses]}}


def found(view: FarView, hits: Clause, sort: Sequence[object], start: int, end: int) -> list[int]:
    """The numbers of some articles in an order, from one place to before another."""
    body = Wish(hits, [], list(sort), False).of(hits, 0, ("id",))
    return [int(each["_id"]) for each in entries(view.far, body, start, end)]


def arrived(view: FarView, start: int, size: int) -> list[int]:
    """The articles that came last: their numbers rise."""
    return found(view, shown(view), BY_NUMBER, start, start + size)


def citing(view: FarView, bare: str, most: int = 10_000) -> list[int]:
    """The articles that cite a document, the newest first."""
    return found(view, shown(view, one_of("numbers", [bare[:LONGEST_TERM]])), NEWEST, 0, most)


def values(query: Query, question: Question, asking: Asking, name: str) -> list[tuple[str, int]]:
    """A facet's values among the hits, whatever number of them there is."""
    view = asking.view
    wish = Wish(every_of(query, question, asking, narrowing.days(query)), [], NEWEST, False)
    told, _ = counted(query, question, wish, asking, narrowing.counts(view, narrowing.ALL_VALUES))
    facets: Facets = narrowing.facets(view, told["aggregations"])
    return facets[name]


def nearest(kept: Kept, asking: Asking) -> list[int]:
    """The numbers of the articles that are nearest to one, the nearest first: those that share its rarest words."""
    view = asking.view
    own = columns_of([zones.document(kept)])
    often = Counter(terms(0, own))
    known = dict(zip(often, asking.shown([beside(term) for term in often]), strict=True))
    size = view.size
    weights = {term: times * rarity(known[term], size) for term, times in often.items()}
    telling = sorted((term for term in weights if weights[term] > 0), key=lambda term: (-weights[term], term))[:TELLING]
    if not telling:
        return []
    likes: list[Clause] = [{"constant_score": {"filter": beside(term), "boost": weights[term]}} for term in telling]
    others: Clause = {"bool": {"must_not": [one_of("id", [kept.id])], "should": likes, "minimum_should_match": 1}}
    body = {"query": {"bool": {"filter": view.shown_only, "must": [others]}}, "size": NEAR, "_source": list(KEPT)}
    hits = view.far.ask([body])[0]["hits"]["hits"]
    columns = columns_of(document_of(each["_source"]) for each in hits)
    few = View(columns, columns.live, view.weights, whole=view.whole)
    parts = [part_of(term, few, known[term]) for term in telling]
    scores = score(parts, few.shown, few.weights, few.size)
    order = np.lexsort((columns.ids, -np.round(scores, 9)))[:CANDIDATES]
    return [int(number) for number in columns.ids[order[scores[order] > 0]]]


def beside(term: str) -> Clause:
    return one_of("all_beside", [term[:LONGEST_TERM]])


def rarity(held: int, size: int) -> float:
    """How telling a word is; 0 for one that stands here alone, or nearly everywhere."""
    return 0.0 if held < 2 or held > max(10, MOST_COMMON * size) else idf(held, size)


def part_of(term: str, few: View, held: int) -> Part:
    entries_of, often = few.columns.entries([term])
    return Part(term, "words", (Evidence("exact", weighed(entries_of, often, few.factor)),), held)


def beginning(asking: Asking, field: str, prefix: str, most: int = 1_000) -> Mapping[str, int]:
    """The values of a field that begin so, each with the number of its shown articles."""
    begun = escaped(prefix[:MOST_LETTERS])  # of a longer one the first of those that begin alike
    found = asking.listed(field, f"{begun}.*" if prefix else "", most, asking.view.shown_only)
    return {value: often for value, often in found.items() if value.startswith(prefix)}


def titled(view: FarView, line: str, most: int) -> list[int]:
    """The newest articles whose titles hold what was typed, its last word begun."""
    typed = [token.term for token in language.syllables(line)]
    if not typed:
        return []
    field = "title_key" if fold.is_marked(line) else "title_bare"
    spans: list[Clause] = [{"span_term": {field: fold.as_typed(line, term)}} for term in typed[:-1]]
    spans.append({"span_multi": {"match": {"prefix": {field: {"value": fold.as_typed(line, typed[-1])}}}}})
    begun = spans[0] if len(spans) == 1 else {"span_near": {"clauses": spans, "slop": 0, "in_order": True}}
    return found(view, shown(view, begun), NEWEST, 0, most)


def often(asking: Asking, names: Mapping[str, Form]) -> dict[str, int]:
    """How many shown articles hold each of some names."""
    clauses = [clause_of_form(form, (), asking) for form in names.values()]
    return dict(zip(names, asking.shown(clauses), strict=True))
