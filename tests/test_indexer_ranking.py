"""Does the ranking weigh what it says it weighs?"""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from indexer.engine.places import DOCUMENT_SHIFT, ZONE_SHIFT, ZONES
from indexer.ranking import (
    EVIDENCE,
    PARTS,
    ZONE_WEIGHTS,
    Evidence,
    Part,
    Weights,
    idf,
    score,
    shares,
    tempered,
    zone_factors,
)

LIVE = np.ones(4, dtype=np.bool_)
LENGTHS = np.full((4, len(ZONES)), 10)


def places(*at: tuple[int, str]) -> np.ndarray:
    """The first syllable of a zone of a document, each."""
    return np.array([(document << DOCUMENT_SHIFT) | (ZONES.index(zone) << ZONE_SHIFT) for document, zone in at])


@dataclass
class Asked:
    """A part of a question whose places are still to be weighed."""

    at: tuple[tuple[int, str], ...]
    kind: str
    evidence: tuple[str, ...]
    trust: float


def part(*at: tuple[int, str], kind: str = "syllables", evidence: str = "typed", trust: float = 1.0) -> Asked:
    return Asked(at, kind, (evidence,), trust)


def parts(asked: list[Asked], lengths: np.ndarray, live: np.ndarray, weights: Weights) -> list[Part]:
    factor = zone_factors(lengths, live, weights)
    return [
        Part(
            "cát",
            each.kind,
            tuple(Evidence(kind, tempered(places(*each.at), factor), each.trust) for kind in each.evidence),
        )
        for each in asked
    ]


def scores_of(asked: list[Asked], lengths: np.ndarray, live: np.ndarray, weights: Weights | None = None) -> np.ndarray:
    weights = weights or Weights()
    return score(parts(asked, lengths, live, weights), live, weights)


def test_a_title_outweighs_a_body_and_silence_weighs_nothing() -> None:
    scores = scores_of([part((0, "body"), (1, "title"))], LENGTHS, LIVE)
    assert scores[1] > scores[0] > scores[2] == scores[3] == 0


def test_alternatives_of_one_word_are_saturated_together_and_never_count_twice() -> None:
    one = replace(part((0, "body")), evidence=("typed", "synonym"))
    apart = [part((0, "body")), part((0, "body"), evidence="synonym")]
    assert scores_of([one], LENGTHS, LIVE)[0] < scores_of(apart, LENGTHS, LIVE)[0]


def test_a_rare_word_outweighs_a_common_one() -> None:
    asked = [part((0, "body")), part(*((n, "body") for n in range(4)))]
    rare, common = shares(parts(asked, LENGTHS, LIVE, Weights()), LIVE)
    assert rare.scores[0] > common.scores[0]
    assert idf(1, 100) > idf(50, 100) > idf(100, 100) > 0


def test_a_long_body_counts_less_for_each_word_than_a_short_one() -> None:
    lengths = LENGTHS.copy()
    lengths[1] *= 5
    scores = scores_of([part((0, "body"), (1, "body"))], lengths, LIVE)
    assert scores[0] > scores[1]


def test_what_was_taken_away_takes_no_part_in_the_statistics() -> None:
    live = np.array([True, True, False, False])
    lengths = LENGTHS.copy()
    lengths[2:] = 999
    with_dead = scores_of([part((0, "body"), (2, "body"))], lengths, live)
    without = scores_of([part((0, "body"))], LENGTHS[:2], live[:2])
    assert with_dead[0] == pytest.approx(without[0])


def test_a_doubtful_translation_counts_less_than_a_sure_one() -> None:
    sure = scores_of([part((0, "body"), evidence="translation")], LENGTHS, LIVE)
    doubtful = scores_of([part((0, "body"), evidence="translation", trust=0.3)], LENGTHS, LIVE)
    assert 0 < doubtful[0] < sure[0]


@pytest.mark.parametrize("name", [*PARTS, *ZONE_WEIGHTS, *EVIDENCE])
def test_every_part_zone_and_kind_of_evidence_has_its_switch(name: str) -> None:
    kind = name if name in PARTS else "syllables"
    zone = name if name in ZONE_WEIGHTS else "body"
    evidence = name if name in EVIDENCE else "typed"
    asked = [part((0, zone), kind=kind, evidence=evidence)]
    assert scores_of(asked, LENGTHS, LIVE)[0] > 0
    assert scores_of(asked, LENGTHS, LIVE, Weights().without([name]))[0] == 0


def test_a_switch_that_does_not_exist_is_named() -> None:
    with pytest.raises(KeyError, match="trigrams"):
        Weights().without(["body", "trigrams"])
