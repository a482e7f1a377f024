"""How is a question answered?  Query -> Results, told in one function."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.alike import groups
from indexer.article import Kept
from indexer.engine.columns import Columns
from indexer.engine.places import Documents
from indexer.found import Found
from indexer.glossary import Glossary
from indexer.interpretation import Interpretation, interpretation
from indexer.passages import Passages, found_on, passages
from indexer.query import Query
from indexer.ranking import Part, Share
from indexer.searcher import searcher_of
from indexer.spread import by_department, counts
from indexer.store import Store, articles
from indexer.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class Hit:
    """One article of the answer; ``counted`` is false for a near match."""

    kept: Kept
    score: float
    counted: bool
    passages: Passages
    behind: int = 0  # with `collapse`: how many more hits are of its group
    series: bool = False  # whether the group is a series; else copies of one text
    departments: int = 0  # of how many departments the hits of a group of copies are, where the archive knows any


@dataclass(frozen=True, slots=True)
class Results:
    """An answer: totals, facets and timeline count exactly the hits; near matches stand apart."""

    query: Query
    interpretation: Interpretation
    total: int
    near_total: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]
    timeline: list[tuple[str, int, int]]  # month or "", hits, all articles of the archive
    undated: int  # hits without a date that a date filter left out
    generation: str
    groups: int = 0  # with `collapse`: how many entries the hits make
    did_you_mean: str = ""  # the question with its accents, or mended
    explanations: tuple[dict[str, float], ...] = ()  # with `explain`: for each hit what each part of the question adds

    @property
    def pages(self) -> int:
        return max(1, -(-(self.entries + self.near_total) // self.query.per_page))

    @property
    def entries(self) -> int:
        """How many counted entries the pages list: groups where hits are gathered, else the hits themselves."""
        return self.groups or self.total


def search(query: Query, store: Store, columns: Columns, glossary: Glossary) -> Results:
    """Answer a query from one generation of the index and the present state of the store.

    Raises KhotinError when a wildcard stands for too many words.
    """
    searcher = searcher_of(store, columns, glossary)
    found = searcher.find(query)
    page = found.page(query)
    return Results(
        query=query,
        interpretation=interpretation(query, found),
        total=found.total,
        near_total=found.near,
        hits=hits_of(page, found, store),
        explanations=explained(page, found.parts, found.added) if query.explain else (),
        facets=found.facets,
        timeline=found.timeline,
        undated=found.undated,
        generation=columns.generation,
        groups=found.gathered.size if found.gathered else 0,
        did_you_mean=did_you_mean(found.question, found.archive, searcher.lesson, found.total),
    )


def explained(page: Documents, parts: Sequence[Part], added: Sequence[Share]) -> tuple[dict[str, float], ...]:
    """For each document of a page what each part of the question adds to its score."""
    told: list[dict[str, float]] = []
    for document in page:
        told.append({})
        for part, share in zip(parts, added, strict=True):
            name, at = f"{part.kind}: {part.text}", share.documents == document
            told[-1][name] = round(told[-1].get(name, 0) + float(share.scores[at].sum()), 4)
    return tuple(told)


def hits_of(page: Documents, found: Found, store: Store) -> tuple[Hit, ...]:
    documents = page.tolist()
    numbers = found.matches.columns.ids[page].tolist()
    with store.read() as connection:
        kept = articles.several(connection, numbers)
    standing = found_on(documents, found.question.units, found.matches)
    return tuple(
        Hit(
            kept[number],
            round(float(found.scores[document]), 4),
            bool(found.counted[document]),
            passages(kept[number], standing[document]),
            *group_of(document, found),
        )
        for number, document in zip(numbers, documents, strict=True)
        if number in kept
    )


def group_of(document: int, found: Found) -> tuple[int, bool, int]:
    """How many more hits a document stands for, whether they are a series, and of how many departments copies are."""
    if found.gathered is None or not found.gathered.behind[document]:
        return 0, False, 0
    known = groups(found.matches.columns)
    label = known.of[document]
    is_series = bool(known.is_series[label])
    its = np.flatnonzero(found.counted & (known.of == label))
    return int(found.gathered.behind[document]), is_series, 0 if is_series else departments_among(its, found)


def departments_among(documents: Documents, found: Found) -> int:
    view = found.matches.view
    return len(by_department(counts(view.columns, "source", documents), view.departments))
