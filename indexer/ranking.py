"""Which of the found articles come first?  BM25F over zones and kinds of evidence, one pure function.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5: the frequencies
of one unit in different zones are weighted and added before they are saturated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.engine.columns import DOCUMENT_SHIFT, ZONES, Ints, Places
from indexer.match import zone_of

Scores = npt.NDArray[np.float64]

# The usual values; trials on six collections found none better.
K1, B = 1.2, 0.75
ZONE_WEIGHTS: Mapping[str, float] = {
    "title": 4.0,  # written to say what the article is about
    "lead": 2.0,
    "body": 1.0,
    "captions": 0.8,
    "attachments": 0.4,  # long tables say little about what their page is about
    "byline": 0.5,
}
# How much a place counts by why it counts; several may hold for one place and then add up.
EVIDENCE_WEIGHTS: Mapping[str, float] = {
    "typed": 0.8,  # as the question's accents ask
    "exact": 0.2,  # beyond that, letter by letter as typed
    "abbreviation": 0.8,
    "synonym": 0.6,
    "translation": 0.5,  # who asks in English is served in English first
    "english": 0.8,
    "vietnamese": 0.8,
    "words": 0.5,  # pyvi joined it as one word
    "neighbours": 0.5,  # two units of the question stand side by side
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sorted places that speak for unit number ``unit``, and the kind of evidence they are."""

    unit: int
    kind: str
    places: Places


def score(evidence: Sequence[Evidence], lengths: Ints, live: npt.NDArray[np.bool_]) -> Scores:
    """A score for each document (``lengths``: documents x zones, in syllables); 0 where nothing speaks for it."""
    return sum(shares(evidence, lengths, live).values(), np.zeros(len(live)))


def shares(evidence: Sequence[Evidence], lengths: Ints, live: npt.NDArray[np.bool_]) -> dict[int, Scores]:
    """What each unit adds to the score of each document."""
    units = sorted({each.unit for each in evidence})
    return {unit: unit_score([each for each in evidence if each.unit == unit], lengths, live) for unit in units}


def unit_score(evidence: Iterable[Evidence], lengths: Ints, live: npt.NDArray[np.bool_]) -> Scores:
    frequency = np.zeros(len(live))
    weights = np.array([ZONE_WEIGHTS[zone] for zone in ZONES])
    norms = zone_norms(lengths, live)
    for each in evidence:
        documents, zones = each.places >> DOCUMENT_SHIFT, zone_of(each.places)
        np.add.at(frequency, documents, EVIDENCE_WEIGHTS[each.kind] * weights[zones] / norms[documents, zones])
    found = int(((frequency > 0) & live).sum())
    return idf(found, int(live.sum())) * frequency * (K1 + 1) / (frequency + K1)


def zone_norms(lengths: Ints, live: npt.NDArray[np.bool_]) -> Scores:
    """How much longer than usual each zone of each document is, tempered by B; usual = mean of live, filled zones."""
    counted = lengths * live[:, None]
    filled = np.maximum((counted > 0).sum(axis=0), 1)
    usual = np.maximum(counted.sum(axis=0) / filled, 1)
    norms: Scores = 1 - B + B * lengths / usual
    return norms


def idf(found: int, all_of_them: int) -> float:
    """How telling a unit is that ``found`` of all live documents hold."""
    return float(np.log(1 + (all_of_them - found + 0.5) / (found + 0.5)))
