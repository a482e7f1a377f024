"""What does a question find, whichever engine holds the archive, and which of it comes first?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.alike import Gathered
from indexer.engine.columns import Columns
from indexer.engine.places import Documents, Mask
from indexer.engine.segments import NO_DATE
from indexer.held import Archive
from indexer.language import segment
from indexer.match import Matches
from indexer.query import Query
from indexer.question import Node, Question, Without
from indexer.ranking import Part, Scores, Share
from indexer.spread import Facets, Timeline, facets, timeline
from indexer.units import Unit

# A question that finds fewer than this, or asks for this many units, also gets near matches.
FEW_HITS, MANY_UNITS = 10, 7
MOST_NEAR = 200


class Told(NamedTuple):
    """What another engine counted of a question: hits, facets, months; and what it knows of the rest."""

    archive: Archive
    total: int
    facets: Facets
    timeline: Timeline
    before: int = 0  # how many entries stand before the first one of the order


class ByNumber(NamedTuple):
    """Asks for hits in the order of their numbers: so many behind one, or so many of the last."""

    size: int
    after: int = 0
    last: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds in one generation: which documents count, and all that are shown, the best first."""

    question: Question
    units: Sequence[Unit]  # those of the question, their translations weighed
    matches: Matches
    counted: Mask
    order: Documents  # counted hits as far as the page asks, then near matches
    near: int  # how many of them are near matches
    scores: Scores
    parts: Sequence[Part]
    added: Sequence[Share]
    undated: int  # hits without a date that a date filter left out
    gathered: Gathered | None = None  # with `collapse`: the hits in their groups
    told: Told | None = None  # what another engine counted: then the arrays hold only those that may be shown

    def page(self, query: Query) -> Documents:
        start = (query.page - 1) * query.per_page - (self.told.before if self.told else 0)
        return self.order[start:][: query.per_page]

    @property
    def archive(self) -> Archive:
        return self.told.archive if self.told else self.matches

    @property
    def total(self) -> int:
        return self.told.total if self.told else int(self.counted.sum())

    @property
    def facets(self) -> Facets:
        return self.told.facets if self.told else facets(self.matches.view, self.counted)

    @property
    def timeline(self) -> Timeline:
        return self.told.timeline if self.told else timeline(self.matches.view, self.counted)


def loose_units(query: Query, question: Question, hits: int) -> list[Unit]:
    """The units of which a near match holds one; none when the question has no near matches: it is not plain, or found
    enough and asks little."""
    few = hits < FEW_HITS or len(question.units) >= MANY_UNITS
    required = any(unit.required for unit in question.units)
    if not (question.plain and few and query.sort == "relevance" and required):
        return []
    return [unit for unit in question.units if unit.required or unit.kind == "part"]


def binds(node: Node) -> bool:
    """Near matches obey exclusions and quoted phrases. A single word in quotes is emphasis, and a phrase that stands
    nowhere would leave the page empty: both are weighed like other words."""
    return isinstance(node, Without) or (isinstance(node, Unit) and node.kind == "phrase" and is_phrase(node.text))


def is_phrase(quoted: str) -> bool:
    return len(segment.spans(quoted)) > 1


def best_first(documents: Documents, scores: npt.NDArray[np.float64], columns: Columns, wanted: int) -> Documents:
    """The first ``wanted`` by score, ties by date (newest first, undated last), then by number."""
    score = np.round(scores[documents], 9)
    if len(documents) > wanted:
        kept = score >= np.partition(score, -wanted)[-wanted]
        documents, score = documents[kept], score[kept]
    days = np.where(columns.days[documents] == NO_DATE, -1, columns.days[documents]).astype(np.int64)
    order = np.lexsort((columns.ids[documents], -days, -score))
    return documents[order[:wanted]]
