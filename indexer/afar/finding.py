"""What does a question find in a cluster?  The cluster counts and narrows; the best few hundred are weighed by us.

Its own order, by the words of the question and those of the title, decides only which articles are among them; within
them, and for every answer that is no longer than that, the order is the one of the embedded engine. What lies behind
stays in the cluster's order, so that no article is on two pages, and none on none.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from indexer.afar import narrowing
from indexer.afar.asking import Asking
from indexer.afar.clauses import NOTHING, Clause, but, clause_of, clause_of_form, either, is_mixed
from indexer.afar.far import FarView
from indexer.afar.few import Wanted, columns_of
from indexer.afar.pages import Entry, entries, point_in_time, walked
from indexer.choose import by_company
from indexer.engine.shape import KEPT, document_of
from indexer.evidence import Sought, sought
from indexer.evidence import found as evidence_of
from indexer.found import MOST_NEAR, ByNumber, Found, Told, best_first, binds, loose_units
from indexer.match import Matches
from indexer.query import Query
from indexer.question import Question
from indexer.ranking import Part, Weights, shares, total
from indexer.units import Form
from indexer.view import View

# So many of the cluster's best are put in our order: three pages of a hundred, which takes some tenths of a second.
WEIGHED = 300
# So many terms of a pattern are told apart while the cluster weighs; their weights are alike anyway.
MOST_WEIGHED = 50
# What a word in the title counts beyond what it counts in the text; the best of three on answers of 1,000 articles.
IN_TITLE = 1.0
RISING: list[Any] = [{"id": "asc"}]
NEWEST: list[Any] = [{"day": {"order": "desc", "missing": "_last"}}, *RISING]
SORTS: dict[str, list[Any]] = {
    "relevance": ["_score", *NEWEST],
    "newest": NEWEST,
    "oldest": [{"day": {"order": "asc", "missing": "_last"}}, *RISING],
}


class Wish(NamedTuple):
    """What the cluster is asked: which articles, what speaks for each, and their order."""

    hits: Clause
    weighing: list[Clause]
    sort: list[Any]
    ranked: bool

    def of(self, hits: Clause, size: int, source: Any = KEPT) -> dict[str, Any]:
        query = {"bool": {"filter": [hits], "should": self.weighing}}
        return {
            "query": query,
            "sort": self.sort,
            "size": size,
            "_source": list(source) if source else False,
            "track_total_hits": True,
        }


class Read(NamedTuple):
    """The entries that came of it: those that are weighed, those that are not, near ones; and how many stand before."""

    top: list[Entry]
    further: list[Entry]
    near: list[Entry]
    before: int


def find(query: Query, question: Question, asking: Asking, by_number: ByNumber | None = None) -> Found:
    """Let the cluster match and count, weigh what is to be shown."""
    view = asking.view
    units = by_company(question.units, asking)
    parts = sought(question, units)
    wish = wish_of(query, question, parts, asking)
    told, undated = counted(query, question, wish, asking, narrowing.counts(view))
    size, hits = told["hits"]["total"]["value"], told["aggregations"]
    near = near_of(query, question, size, wish, asking)
    if by_number:
        read = Read([], read_by_number(by_number, wish, view), [], 0)
    else:
        read = read_for(query, wish, size, told["hits"]["hits"], near, view)
    months = narrowing.timeline(view, hits["months"])
    answer = Told(asking, size, narrowing.facets(view, hits), months, read.before)
    return weighed(question, units, parts, read, answer, len(near), undated, asking)


def count(query: Query, question: Question, asking: Asking) -> tuple[Told, int]:
    """How many articles answer a question, of which months; and how many without a date a filter on days left out."""
    wish = unweighed(query, question, RISING, asking)
    told, undated = counted(query, question, wish, asking, {"months": narrowing.months()})
    months = narrowing.timeline(asking.view, told["aggregations"]["months"])
    return Told(asking, told["hits"]["total"]["value"], {}, months), undated


def numbers(query: Query, question: Question, asking: Asking, as_asked: bool = False) -> list[int]:
    """The numbers of all that a question counts, by number or in the order that it asks for; over one point in time,
    however many there are and whatever is written meanwhile."""
    if as_asked:
        wish = wish_of(query, question, sought(question, by_company(question.units, asking)), asking)
    else:
        wish = unweighed(query, question, RISING, asking)
    with point_in_time(asking.far) as pit:
        return [int(each["_id"]) for each in walked(asking.far, wish.of(wish.hits, 0, None), pit)]


def wish_of(query: Query, question: Question, parts: Sequence[Sought], asking: Asking) -> Wish:
    if query.sort == "relevance" and question.units:
        hits = every_of(query, question, asking, narrowing.days(query))
        return Wish(hits, liked(parts, asking), SORTS["relevance"], True)
    return unweighed(query, question, SORTS["oldest" if query.sort == "oldest" else "newest"], asking)


def unweighed(query: Query, question: Question, sort: list[Any], asking: Asking) -> Wish:
    """All that a question counts, and nothing that speaks for one of them more than for another."""
    return Wish(every_of(query, question, asking, narrowing.days(query)), [], sort, False)


def every_of(query: Query, question: Question, asking: Asking, more: Sequence[Clause]) -> Clause:
    """The shown articles that hold what was asked and pass the filters, and ``more``."""
    return {"bool": {"filter": [answering(question, asking), *allowed(query, asking), *more]}}


def answering(question: Question, asking: Asking) -> Clause:
    if question.text and not question.tree.parts:  # only signs, or nothing that could be understood
        return NOTHING
    return clause_of(question.tree, asking)


def allowed(query: Query, asking: Asking) -> list[Clause]:
    return [*narrowing.narrowed(query, asking.view), *asking.view.shown_only]


def counted(query: Query, question: Question, wish: Wish, asking: Asking, counts: dict[str, Any]) -> tuple[Any, int]:
    """The first entries with what is counted of the hits; and how many without a date a filter on days left out."""
    first = {**wish.of(wish.hits, WEIGHED if wish.ranked else 0), "aggs": counts}
    if not (query.first or query.last):
        return asking.far.ask([first])[0], 0
    undated = every_of(query, question, asking, [narrowing.UNDATED])
    told, left_out = asking.far.ask([first, wish.of(undated, 0)])
    return told, left_out["hits"]["total"]["value"]


def liked(parts: Sequence[Sought], asking: Asking) -> list[Clause]:
    """What speaks for an article, as far as the cluster can weigh it."""
    weights = asking.view.weights
    return [clause for part in parts for clause in liked_part(part, weights, asking)]


def liked_part(part: Sought, weights: Weights, asking: Asking) -> Iterator[Clause]:
    for kind, form, zones, trust in part.evidence:
        boost = weights.parts[part.kind] * weights.evidence[kind] * trust
        for where, factor in ((zones, 1.0), (("title",), IN_TITLE)):
            clause = clause_of_form(form, where, asking)
            if boost and clause != NOTHING and not (where == zones and factor > 1):
                yield {"bool": {"should": list(each_of(clause)), "boost": round(boost * factor, 4)}}


def each_of(clause: Clause) -> Iterator[Clause]:
    """Several terms one by one: together all articles would weigh alike."""
    for field, terms in clause.get("terms", {}).items():
        yield from ({"term": {field: term}} for term in terms[:MOST_WEIGHED])
    if "terms" not in clause:
        yield clause


def near_of(query: Query, question: Question, hits: int, wish: Wish, asking: Asking) -> list[Entry]:
    """The best other articles that hold at least one unit, when the question is plain and found little or asks much."""
    loose = loose_units(query, question, hits)
    if not loose:
        return []
    bound = [clause_of(node, asking) for node in question.tree.parts if binds(node)]
    bound = [clause for clause, often in zip(bound, asking.counts(bound), strict=True) if often]
    obeys = [either(clause_of(unit, asking) for unit in loose), *allowed(query, asking), *narrowing.days(query), *bound]
    others: Clause = {"bool": {"filter": obeys, **but(wish.hits)["bool"]}}
    found: list[Entry] = asking.far.ask([wish.of(others, WEIGHED)])[0]["hits"]["hits"]
    return found


def read_for(query: Query, wish: Wish, size: int, top: list[Entry], near: list[Entry], view: FarView) -> Read:
    """The entries that the page of a query needs, and those before them that our order may put there."""
    start, end = (query.page - 1) * query.per_page, query.page * query.per_page
    further = wish.of(wish.hits, 0)
    if wish.ranked and (start < len(top) or size <= len(top)):
        behind = entries(view.far, further, len(top), min(end, size))
        return Read(top, behind, near if end > size or size <= len(top) else [], 0)
    return Read([], entries(view.far, further, start, min(end, size)), near, start)


def read_by_number(wanted: ByNumber, wish: Wish, view: FarView) -> list[Entry]:
    hits: Clause = {"bool": {"filter": [wish.hits, {"range": {"id": {"gt": wanted.after}}}]}}
    body = {**wish.of(hits, wanted.size), "sort": [{"id": "desc" if wanted.last else "asc"}]}
    found: list[Entry] = view.far.ask([body])[0]["hits"]["hits"]
    return found


def weighed(
    question: Question,
    units: Sequence[Any],
    parts: Sequence[Sought],
    read: Read,
    answer: Told,
    near: int,
    undated: int,
    asking: Asking,
) -> Found:
    """Put what was read in our order, by what the whole archive makes its words weigh."""
    documents = [document_of(each["_source"]) for each in (*read.top, *read.further, *read.near)]
    view = asking.view
    forms = [form for unit in units for form in (*unit.forms, *unit.related)]
    forms += [speaks.form for part in parts for speaks in part.evidence]
    columns = columns_of(documents, view.far.generation, wanted(forms, asking))
    few = View(columns, columns.live, view.weights, view.store, view.departments, view.whole)
    matches = Matches(few)
    stand = standing(parts, matches, asking)
    added = shares(stand, few.shown, few.weights, few.size)
    scores = total(added, columns.size)
    hits = len(read.top) + len(read.further)
    mask = np.arange(columns.size) < hits
    first = best_first(np.arange(len(read.top)), scores, columns, len(read.top))
    last = best_first(np.arange(hits, columns.size), scores, columns, MOST_NEAR)
    passed = max(0, answer.before - answer.total)  # so many near ones stand on the pages before
    order = np.concatenate((first, np.arange(len(read.top), hits), last[passed:]))
    return Found(
        question, units, matches, mask, order, min(near, MOST_NEAR), scores, stand, added, undated, told=answer
    )


def wanted(forms: Iterable[Form], asking: Asking) -> Wanted:
    return Wanted((slot for form in forms for slot in form.slots), asking.terms)


def standing(parts: Sequence[Sought], matches: Matches, asking: Asking) -> list[Part]:
    """The parts of a question that stand in the articles, each with the number of all that it speaks for."""
    weights = asking.view.weights
    clauses = [
        either(
            clause_of_form(form, zones, asking)
            for kind, form, zones, trust in part.evidence
            if trust * weights.evidence[kind]
        )
        for part in parts
    ]
    found = asking.shown(clauses)
    for number, part in enumerate(parts):
        if found[number] and any(is_mixed(form) for _, form, _, _ in part.evidence):
            found[number] = often_beside(part.evidence[0].form, clauses[number], asking)
    held = [
        Part(part.text, part.kind, evidence_of(part, matches), often) for part, often in zip(parts, found, strict=True)
    ]
    return [part for part in held if any(len(each.held.documents) for each in part.evidence)]


def often_beside(form: Form, both: Clause, asking: Asking) -> int:
    """In how many articles a number or month stands beside a word: the cluster knows only those that hold both; some
    of them are read."""

    def read(_: Sequence[Form]) -> list[int]:
        shown: Clause = {"bool": {"filter": [both, *asking.view.shown_only]}}
        told = asking.far.ask([Wish(shown, [], NEWEST, False).of(shown, WEIGHED)])[0]["hits"]
        columns = columns_of((document_of(each["_source"]) for each in told["hits"]), "", wanted([form], asking))
        held = len(Matches(View(columns, columns.live)).held(form).documents)
        return [round(held * told["total"]["value"] / max(1, columns.size))]

    return asking.far.remembered([f"beside {form!r} {asking.view.whose}"], [form], read)[0]
