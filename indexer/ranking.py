"""Which of the found articles come first?  BM25F over zones and kinds of evidence, one pure function over arrays.

A question is weighed by its parts: its syllables, its neighbouring pairs, the words that pyvi joins. What speaks for
a part, in any zone and of any kind, is weighted, added up and saturated once (Robertson, Zaragoza: The Probabilistic
Relevance Framework: BM25 and Beyond, 2009, section 3.5), so the alternatives of a word never count twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engine.places import DOCUMENT_SHIFT, EMPTY, ZONES, Documents, Ints, Mask, Places, joined, zone_of

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


# From one entry for so many documents on it is quicker to add up in an array of all documents than to sort.
DENSE = 16
# What `khotin evaluate --plain` measures against: BM25 over syllables as written, all zones alike.
PLAIN = Weights(
    {**PARTS, "neighbours": 0, "words": 0, "frames": 1},
    dict.fromkeys(ZONES, 1.0),
    dict.fromkeys(EVIDENCE, 0.0) | {"exact": 1.0},
    idf_power=1.0,
)


class Held(NamedTuple):
    """Documents, each once, in order; and how often each holds something, every place counting by its zone's weight
    and length."""

    documents: Documents
    frequency: Scores

    @property
    def nbytes(self) -> int:
        return self.documents.nbytes + self.frequency.nbytes


NOTHING = Held(EMPTY, np.empty(0))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which documents hold something that speaks for a part of the question, the kind of evidence it is, and how sure
    it is."""

    kind: str
    held: Held
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a question is weighed by (``kind``: a key of PARTS), and everything that speaks for it.
    ``found``: in how many of all documents, where the arrays hold only some of them."""

    text: str
    kind: str
    evidence: tuple[Evidence, ...]
    found: int | None = None


class Share(NamedTuple):
    """What one part of the question adds to the score of each of some documents."""

    documents: Documents
    scores: Scores


def score(parts: Sequence[Part], shown: Mask, weights: Weights | None = None, everything: int | None = None) -> Scores:
    """A score for each document; 0 where nothing speaks for it. Only documents that are ``shown`` make statistics."""
    return total(shares(parts, shown, weights, everything), len(shown))


def total(added: Iterable[Share], size: int) -> Scores:
    """What all parts add, for each of ``size`` documents."""
    added = list(added)
    documents = joined([share.documents for share in added], np.int64)
    scores = joined([share.scores for share in added], np.float64)
    return np.bincount(documents, scores, minlength=size).astype(np.float64)


def shares(
    parts: Sequence[Part], shown: Mask, weights: Weights | None = None, everything: int | None = None
) -> list[Share]:
    """What each part adds to the score of each document that it speaks for; ``everything``: how many documents there
    are, where the arrays hold only some of them."""
    weights = weights or Weights()
    everything = int(shown.sum()) if everything is None else everything
    return [share_of(part, shown, everything, weights) for part in parts]


def share_of(part: Part, shown: Mask, everything: int, weights: Weights) -> Share:
    documents, frequency = together(part, len(shown), weights)
    found = int(np.count_nonzero(shown[documents] & (frequency > 0))) if part.found is None else part.found
    rarity = idf(found, everything) ** weights.idf_power
    factor = weights.parts[part.kind] * rarity * (weights.k1 + 1)
    return Share(documents, factor * frequency / (frequency + weights.k1))


def together(part: Part, size: int, weights: Weights) -> Held:
    """All evidence for a part, added up document by document."""
    weighed = [(each.trust * weights.evidence[each.kind], each.held) for each in part.evidence]
    weighed = [(weight, held) for weight, held in weighed if weight and len(held.documents)]
    if not weighed:
        return NOTHING
    documents, frequency = weighed[0][1]
    if all(held.documents is documents for _, held in weighed):
        return Held(documents, frequency * sum(weight for weight, _ in weighed))
    return summed(
        np.concatenate([held.documents for _, held in weighed]),
        np.concatenate([weight * held.frequency for weight, held in weighed]),
        size,
    )


def summed(documents: Documents, frequency: Scores, size: int) -> Held:
    """Add up what is said of the same document, of ``size`` documents, in any order."""
    if len(documents) * DENSE > size:
        dense = np.bincount(documents, frequency, minlength=size).astype(np.float64)
        held = np.zeros(size, dtype=np.bool_)  # what stands in a zone that is switched off weighs nothing and is held
        held[documents] = True
        documents = np.flatnonzero(held)
        return Held(documents, dense[documents])
    if not len(documents):
        return NOTHING
    order = np.argsort(documents, kind="stable")
    documents, frequency = documents[order], frequency[order]
    starts = np.flatnonzero(np.diff(documents, prepend=-1))
    return Held(documents[starts], np.add.reduceat(frequency, starts))


def counted(entries: Ints, often: Ints, factor: Scores) -> Held:
    """Which documents hold what stands at ``entries`` (document x zones + zone, in any order) ``often`` times, and how
    often, by ``factor`` (documents x zones)."""
    return summed((entries // factor.shape[1]).astype(np.int64), factor.ravel().take(entries) * often, len(factor))


def tempered(places: Places, factor: Scores) -> Held:
    """Which documents sorted places stand in, and how often, by ``factor`` (documents x zones)."""
    documents = places >> DOCUMENT_SHIFT
    if not len(documents):
        return NOTHING
    starts = np.concatenate(([0], np.flatnonzero(documents[1:] != documents[:-1]) + 1))
    weighed = factor.ravel().take(documents * factor.shape[1] + zone_of(places))
    return Held(documents[starts], np.add.reduceat(weighed, starts))


def usual_lengths(lengths: Ints, live: Mask) -> Scores:
    """The mean length of each zone, of the live, filled ones."""
    of_live = lengths * live[:, None]
    filled = np.maximum((of_live > 0).sum(axis=0), 1)
    usual: Scores = np.maximum(of_live.sum(axis=0) / filled, 1)
    return usual


def zone_factors(lengths: Ints, live: Mask, weights: Weights, usual: Scores | None = None) -> Scores:
    """What one place counts in each zone of each document: the zone's weight, tempered by how much longer than
    usual the zone is."""
    usual = usual_lengths(lengths, live) if usual is None else usual
    wanted = np.array([weights.zones[zone] for zone in ZONES])
    factors: Scores = wanted / (1 - weights.b + weights.b * lengths / usual)
    return factors


def idf(found: int, all_of_them: int) -> float:
    """How telling something is that ``found`` of all live documents hold."""
    return float(np.log(1 + (all_of_them - found + 0.5) / (found + 0.5)))
