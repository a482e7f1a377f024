"""Which of the found articles come first?  BM25F over zones and kinds of evidence, one pure function over arrays.

A question is weighed by its parts: its syllables, its neighbouring pairs, the words that pyvi joins. What speaks for
a part, in any zone and of any kind, is weighted, added up and saturated once (Robertson, Zaragoza: The Probabilistic
Relevance Framework: BM25 and Beyond, 2009, section 3.5), so the alternatives of a word never count twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from indexer.engine.columns import DOCUMENT_SHIFT, ZONES, Ints, Mask, Places
from indexer.match import zone_of

Scores = npt.NDArray[np.float64]

PARTS: Mapping[str, float] = {  # trials on six collections found 1 : 0.5 : 0.5 good everywhere
    "syllables": 1.0,
    "neighbours": 0.5,  # two syllables of the question stand side by side
    "words": 0.5,  # pyvi joined them as one word
    "frames": 0.3,  # function words and question frames say little of what is sought
}
ZONE_WEIGHTS: Mapping[str, float] = {
    "title": 4.0,  # written to say what the article is about
    "lead": 2.0,
    "body": 1.0,
    "captions": 0.8,
    "attachments": 0.4,  # long tables say little about what their page is about
    "byline": 0.5,
}
EVIDENCE: Mapping[str, float] = {
    "typed": 0.8,  # as the question's accents ask
    "exact": 0.25,  # beyond that, letter by letter as typed
    "abbreviation": 0.8,
    "synonym": 0.6,
    "translation": 0.7,  # less than the word itself: who asks in a language is mostly served in it first
    "former": 0.5,  # a place under its older or newer name
    "related": 0.4,  # near in meaning: helps paraphrases; from 0.2 to 0.5 four collections are alike
    "english": 0.8,
    "vietnamese": 0.8,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that tunes the ranking; a part, zone or kind of evidence with weight 0 is switched off."""

    parts: Mapping[str, float] = field(default_factory=lambda: PARTS)
    zones: Mapping[str, float] = field(default_factory=lambda: ZONE_WEIGHTS)
    evidence: Mapping[str, float] = field(default_factory=lambda: EVIDENCE)
    k1: float = 1.2  # the usual values; trials on six collections found none better
    b: float = 0.75
    idf_power: float = 1.3  # rare words a little above their due: helps whole-sentence questions

    def without(self, names: Iterable[str]) -> "Weights":
        """With the parts, zones and kinds of evidence of these names switched off. Raises KeyError for others."""
        tables = {"parts": self.parts, "zones": self.zones, "evidence": self.evidence}
        for name in names:
            table = next((key for key, table in tables.items() if name in table), None)
            if table is None:
                raise KeyError(name)
            tables[table] = {**tables[table], name: 0.0}
        return replace(self, **tables)  # type: ignore[arg-type]

    @property
    def names(self) -> list[str]:
        return [*self.parts, *self.zones, *self.evidence]


# What `khotin evaluate --plain` measures against: BM25 over syllables as written, all zones alike.
PLAIN = Weights(
    {**PARTS, "neighbours": 0, "words": 0, "frames": 1},
    dict.fromkeys(ZONES, 1.0),
    dict.fromkeys(EVIDENCE, 0.0) | {"exact": 1.0},
    idf_power=1.0,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sorted places that speak for a part of the question, the kind of evidence they are, and how sure it is."""

    kind: str
    places: Places
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question is weighed by (``kind``: a key of PARTS), and everything that speaks for it."""

    text: str
    kind: str
    evidence: tuple[Evidence, ...]


def score(parts: Sequence[Part], lengths: Ints, live: Mask, weights: Weights | None = None) -> Scores:
    """A score for each document (``lengths``: documents x zones, in syllables); 0 where nothing speaks for it."""
    total: Scores = np.zeros(len(live))
    for each in shares(parts, lengths, live, weights):
        total += each
    return total


def shares(parts: Sequence[Part], lengths: Ints, live: Mask, weights: Weights | None = None) -> list[Scores]:
    """What each part adds to the score of each document."""
    weights = weights or Weights()
    factor = zone_factors(lengths, live, weights)
    return [part_score(part, factor, live, weights) for part in parts]


def part_score(part: Part, factor: Scores, live: Mask, weights: Weights) -> Scores:
    frequency = np.zeros(len(live))
    for each in part.evidence:
        frequency += each.trust * weights.evidence[each.kind] * counted(each.places, factor)
    found = int(((frequency > 0) & live).sum())
    rarity = idf(found, int(live.sum())) ** weights.idf_power
    weighed: Scores = weights.parts[part.kind] * rarity * frequency * (weights.k1 + 1) / (frequency + weights.k1)
    return weighed


def counted(places: Places, factor: Scores) -> Scores:
    """How often a document holds something, each place counting by its zone's weight and length."""
    documents = places >> DOCUMENT_SHIFT
    sums: Scores = np.bincount(documents, factor[documents, zone_of(places)], minlength=len(factor)).astype(np.float64)
    return sums


def zone_factors(lengths: Ints, live: Mask, weights: Weights) -> Scores:
    """What one place counts in each zone of each document: the zone's weight, tempered by how much longer than
    usual the zone is; usual = the mean of the live, filled ones."""
    of_live = lengths * live[:, None]
    filled = np.maximum((of_live > 0).sum(axis=0), 1)
    usual = np.maximum(of_live.sum(axis=0) / filled, 1)
    wanted = np.array([weights.zones[zone] for zone in ZONES])
    factors: Scores = wanted / (1 - weights.b + weights.b * lengths / usual)
    return factors


def idf(found: int, all_of_them: int) -> float:
    """How telling something is that ``found`` of all live documents hold."""
    return float(np.log(1 + (all_of_them - found + 0.5) / (found + 0.5)))
