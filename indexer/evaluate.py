"""How good are the answers?  Judged questions in, nDCG@10, MRR@10 and recall@100 out, with their uncertainty."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.engine.columns import Columns
from indexer.errors import KhotinError
from indexer.found import best_first
from indexer.glossary import Glossary
from indexer.language import words
from indexer.language.clean import clean
from indexer.query import Query
from indexer.ranking import PLAIN, Evidence, Part, Weights, score, tempered, zone_factors
from indexer.searcher import searcher_of, visible
from indexer.store import Store, articles

CUT, RECALL_CUT = 10, 100
# Resamplings of a bootstrap; the seed makes the same report twice.
RESAMPLINGS, SEED = 2000, 20240130

Relevance = Mapping[str, int]  # an article's import id or address -> how relevant; 0 and missing = not
Ranker = Callable[[str], Sequence[str]]  # a question's text -> the articles' ids or addresses, the best first


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and the articles that answer it."""

    id: str
    text: str
    relevant: Relevance


@dataclass(frozen=True, slots=True)
class Measured:
    """The three figures of one question."""

    id: str
    ndcg: float
    mrr: float
    recall: float


def read_judged(queries: Path, qrels: Path) -> list[Judged]:
    """The questions of ``queries`` (a JSON object with `id` and `text` a line) that ``qrels`` judges.

    ``qrels`` holds question id, the article's import id or address, and relevance, tab-separated, without a header.
    Raises KhotinError with the line's number for what cannot be read, and when nothing is judged.
    """
    relevant: dict[str, dict[str, int]] = {}
    for number, line in lines(qrels):
        try:
            question, article, grade = line.split("\t")
            relevant.setdefault(question, {})[article] = int(grade)
        except ValueError:
            raise bad_line(qrels, number, "question id, article id and relevance, tab-separated") from None
    judged = []
    for number, line in lines(queries):
        try:
            row = json.loads(line)
            judged.append(Judged(str(row["id"]), str(row["text"]), relevant.get(str(row["id"]), {})))
        except (ValueError, KeyError, TypeError):
            raise bad_line(queries, number, 'a JSON object such as {"id": "q1", "text": "…"}') from None
    judged = [each for each in judged if any(each.relevant.values())]
    if not judged:
        raise KhotinError("None of the questions in %(file)s is judged in the other file.", file=queries)
    return judged


def lines(file: Path) -> Iterable[tuple[int, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise KhotinError("%(file)s cannot be read: %(problem)s", file=file, problem=problem.strerror) from problem
    except UnicodeDecodeError as problem:
        raise KhotinError("%(file)s cannot be read: %(problem)s", file=file, problem=problem) from problem
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def bad_line(file: Path, number: int, wanted: str) -> KhotinError:
    return KhotinError(
        "Line %(number)s of %(file)s cannot be read. Write %(wanted)s.", file=file, number=number, wanted=wanted
    )


def ranker(store: Store, columns: Columns, glossary: Glossary, weights: Weights | None = None) -> Ranker:
    """The order in which a reader gets the articles: counted hits, then near matches."""
    searcher = searcher_of(store, columns, glossary)
    searcher = searcher.weighed(weights) if weights else searcher
    name = names(store)

    def ranked(text: str) -> list[str]:
        found = searcher.find(Query(q=text))
        return [name.get(number, "") for number in found.matches.columns.ids[found.order[:RECALL_CUT]].tolist()]

    return ranked


def plain_ranker(store: Store, columns: Columns) -> Ranker:
    """What ours is measured against: BM25 over the syllables as written, all zones one text."""
    shown = visible(store, columns).shown
    name = names(store)
    lengths = np.repeat(columns.lengths.sum(axis=1, keepdims=True), columns.lengths.shape[1], axis=1)
    factor = zone_factors(lengths, shown, PLAIN)

    def ranked(text: str) -> list[str]:
        asked = [token.term for token in words.syllables(clean(text))]
        held = {term: tempered(columns.places(term), factor) for term in asked}
        parts = [Part(term, "syllables", (Evidence("exact", held[term]),)) for term in asked]
        scores = score(parts, shown, PLAIN)
        order = best_first(np.flatnonzero((scores > 0) & shown), scores, columns, RECALL_CUT)
        return [name.get(number, "") for number in columns.ids[order[:RECALL_CUT]].tolist()]

    return ranked


def names(store: Store) -> Mapping[int, str]:
    """By what the judgements know each article: its import id, else its address."""
    with store.read() as connection:
        return articles.names(connection)


def measure(judged: Iterable[Judged], ranker: Ranker) -> list[Measured]:
    """Ask every question; the ranker is given the text only."""
    return [measured(each, ranker(each.text)) for each in judged]


def measured(judged: Judged, ranked: Sequence[str]) -> Measured:
    grades = [judged.relevant.get(article, 0) for article in ranked[:RECALL_CUT]]
    first = next((rank for rank, grade in enumerate(grades[:CUT], start=1) if grade), 0)
    all_relevant = sum(grade > 0 for grade in judged.relevant.values())
    return Measured(
        judged.id,
        ndcg=gain(grades[:CUT]) / gain(sorted(judged.relevant.values(), reverse=True)[:CUT]),
        mrr=1 / first if first else 0.0,
        recall=sum(grade > 0 for grade in grades) / all_relevant,
    )


def gain(grades: Sequence[int]) -> float:
    """Discounted cumulative gain (Järvelin, Kekäläinen 2002)."""
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def summary(measured: Sequence[Measured]) -> dict[str, float]:
    """What `khotin evaluate` prints."""
    return {
        "questions": len(measured),
        "ndcg@10": mean([each.ndcg for each in measured]),
        "mrr@10": mean([each.mrr for each in measured]),
        "recall@100": mean([each.recall for each in measured]),
    }


def mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)


def interval(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Between which bounds the mean difference lies with 95 % confidence: paired bootstrap over the questions
    (Sakai 2006)."""
    differences = np.array(ours) - np.array(theirs)
    drawn = np.random.default_rng(SEED).integers(0, len(differences), (RESAMPLINGS, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
