"""How is a question answered?  Query -> Results, told in one function."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer import access
from indexer.afar import finding
from indexer.afar.far import Far, FarView, far_view
from indexer.alike import Gathered, gather, groups
from indexer.article import Kept
from indexer.choose import by_company
from indexer.engine.columns import Columns
from indexer.engine.places import Documents, Mask
from indexer.engine.segments import NO_DATE
from indexer.evidence import parts_of
from indexer.filters import date_filter, filters
from indexer.found import MOST_NEAR, Found, best_first, binds, loose_units
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.held import Archive
from indexer.match import Matches
from indexer.passages import Passages, found_on, passages
from indexer.query import LONGEST_QUESTION, Query
from indexer.question import Problem, Question
from indexer.ranking import Part, Share, shares, total
from indexer.spread import by_department, counts
from indexer.store import Store, articles, departments, lessons
from indexer.store.lessons import Lesson
from indexer.suggest import did_you_mean
from indexer.units import Unit
from indexer.view import View, view_of

# So many hits are put in order at least, whatever the page: enough for whoever measures the order.
LEAST_ORDERED = 100
# A chip names so many of a word's translations; all of them are searched.
MEANINGS = 3


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
class Chip:
    """One thing that the question was widened by, and the name under which it is taken out again."""

    id: str
    typed: str
    meaning: str
    why: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was understood: the units, what they were widened by, how accents were read, what broke."""

    question: Question
    chips: tuple[Chip, ...]
    removed: tuple[str, ...]
    accents: str
    problems: tuple[Problem, ...]

    @property
    def ignores_accents(self) -> bool:
        """Whether syllables were searched without regard to their accents."""
        forms = (form for unit in self.question.units for form in unit.forms)
        return any(slot.how == "bare" for form in forms for slot in form.slots)


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


class Understood(Protocol):
    """What a question was understood as, in one generation."""

    @property
    def question(self) -> Question: ...
    @property
    def units(self) -> Sequence[Unit]: ...
    @property
    def archive(self) -> Archive: ...


def search(query: Query, store: Store, columns: Columns, glossary: Glossary) -> Results:
    """Answer a query from one generation of the index and the present state of the store.

    Raises KhotinError when a wildcard stands for too many words.
    """
    view = visible(store, columns)
    lesson = lesson_of(store, columns)
    found = find(query, view, taught(glossary, lesson))
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
        did_you_mean=did_you_mean(found.question, found.archive, lesson, found.total),
    )


def lesson_of(store: Store, columns: Columns) -> Lesson:
    """What the archive taught, as this generation names it."""
    return known_lesson(store, columns.lesson)


@lru_cache(maxsize=4)  # one archive has one at a time; an old and a new generation may live side by side
def known_lesson(store: Store, number: int) -> Lesson:
    with store.read() as connection:
        return lessons.read(connection, number)


@lru_cache(maxsize=4)
def taught(glossary: Glossary, lesson: Lesson) -> Glossary:
    """The glossary with the words that the archive has."""
    return glossary.with_compounds(lesson.compounds)


def visible(store: Store, columns: Columns) -> View:
    """The documents that every reader may see."""
    with store.read() as connection:
        hidden, whose = access.hidden(connection), departments.of_sources(connection)
    if isinstance(columns, Far):
        return far_view(columns, hidden, store, whose)
    return view_of(columns, hidden, store, whose)


def find(query: Query, view: View, glossary: Glossary, plain: bool = False) -> Found:
    """Understand the question, match it, weigh what matches."""
    if isinstance(view, FarView):
        return finding.find(query, view, glossary)
    columns, shown = view.columns, view.shown
    matches = Matches(view, plain)
    question = read_question(query, matches, glossary)
    counted, allowed, undated = matched(query, question, matches)
    units = by_company(question.units, matches)
    parts = parts_of(question, matches, units)
    added = shares(parts, shown, view.weights)
    scores = total(added, columns.size)
    near = near_matches(query, question, matches, counted, allowed & ~counted, scores)
    wanted = max(query.page * query.per_page, LEAST_ORDERED)
    gathered = in_groups(query, question, counted, scores, columns)
    shown_hits = gathered.shown if gathered else counted
    order = np.concatenate((sorted_hits(query, question, shown_hits, scores, columns, wanted), near))
    return Found(question, units, matches, counted, order, len(near), scores, parts, added, undated, gathered)


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


def explained(page: Documents, parts: Sequence[Part], added: Sequence[Share]) -> tuple[dict[str, float], ...]:
    """For each document of a page what each part of the question adds to its score."""
    told: list[dict[str, float]] = []
    for document in page:
        told.append({})
        for part, share in zip(parts, added, strict=True):
            name, at = f"{part.kind}: {part.text}", share.documents == document
            told[-1][name] = round(told[-1].get(name, 0) + float(share.scores[at].sum()), 4)
    return tuple(told)


def near_matches(
    query: Query,
    question: Question,
    matches: Matches,
    found: Mask,
    allowed: Mask,
    scores: npt.NDArray[np.float64],
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
    query: Query, question: Question, found: Mask, scores: npt.NDArray[np.float64], columns: Columns, wanted: int
) -> Documents:
    """The first ``wanted`` hits in the order that is asked for."""
    if query.sort == "relevance" and question.units:
        return best_first(np.flatnonzero(found), scores, columns, wanted)
    order = columns.oldest if query.sort == "oldest" else columns.newest
    return order[found[order]][:wanted]


def in_groups(
    query: Query, question: Question, counted: Mask, scores: npt.NDArray[np.float64], columns: Columns
) -> Gathered | None:
    """The hits gathered in their groups, where that is asked for and the best come first."""
    if not (query.collapse and query.sort == "relevance" and question.units):
        return None
    return gather(counted, columns, lambda documents: best_first(documents, scores, columns, len(documents)))


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


def interpretation(query: Query, found: Understood) -> Interpretation:
    problems = list(found.question.problems)
    if len(query.q) > LONGEST_QUESTION:
        problems.append(
            Problem("The question is too long; only its first 1,000 characters were searched.", LONGEST_QUESTION)
        )
    accents = found.question.reading.accents
    return Interpretation(found.question, tuple(chips(found)), query.without, accents, tuple(problems))


def chips(found: Understood) -> Iterator[Chip]:
    """What widened the question, each once, with the meanings that this archive holds: most likely ones first."""
    told: set[str] = set()
    for unit in found.units:
        for name in dict.fromkeys(form.chip for form in unit.forms):
            forms = [form for form in unit.forms if form.chip == name and found.archive.stands(form, unit.zones)]
            if name and name not in told and forms:
                told.add(name)
                likely = sorted(forms, key=lambda form: -form.trust)
                meanings = list(dict.fromkeys(form.text for form in likely if form.text))
                yield Chip(name, unit.text, ", ".join(meanings[:MEANINGS]), forms[0].why)
