"""Is what a cluster is asked within what it takes, and are its answers remembered within bounds?  Without a cluster."""

import re
from collections.abc import Sequence

import pytest

from indexer.afar.asking import MOST_SIGNS, slipped, wildcard
from indexer.afar.far import MOST_KEPT, Far
from indexer.engine import State
from indexer.engine.opensearch.connect import cluster_of
from indexer.language.slips import LONGEST
from indexer.settings import Settings

LONG = ("congnghiephoahiendaihoanongthon", "congtycophandautuxaydungthuongmai", "a" * LONGEST, "ệ" * LONGEST)


@pytest.mark.parametrize("word", LONG)
def test_a_pattern_for_a_long_word_is_one_that_the_cluster_takes_and_stands_for_it(word: str) -> None:
    for pattern in (slipped(word), wildcard(word), wildcard(word + "*")):
        assert len(pattern) <= MOST_SIGNS
        assert re.fullmatch(pattern, word)
    assert re.fullmatch(slipped(word), word[:-1]) and re.fullmatch(slipped(word), "x" + word[1:])


def test_a_short_word_without_accents_stands_for_itself_with_any() -> None:
    assert re.fullmatch(slipped("nuoc"), "nướ") and not re.fullmatch(wildcard("nuoc"), "nuob")
    assert re.fullmatch(wildcard("nuoc"), "nước") and not re.fullmatch(wildcard("nước"), "nuoc")


def test_answers_are_remembered_up_to_a_bound() -> None:
    settings = Settings(engine="opensearch", opensearch_hosts=("http://127.0.0.1:9",))
    far = Far(cluster_of(settings), "khotin-0001", State("archive", {}), "khotin-0001-1-1")
    asked: list[int] = []

    def terms(numbers: Sequence[int]) -> list[list[str]]:
        asked.extend(numbers)
        return [[str(each)] * 20 for each in numbers]

    for number in range(MOST_KEPT // 10):
        assert far.remembered([f"word {number}"], [number], terms) == [[str(number)] * 20]
        assert sum(len(each) for each in far.kept.values()) < MOST_KEPT
    assert far.remembered([f"word {number}", "other"], [number, 3], terms) == [[str(number)] * 20, ["3"] * 20]
    assert asked.count(number) == 1
    assert far.remembered([f"word {number}"], [number], lambda _: 1 / 0) == [[str(number)] * 20]  # not asked again
