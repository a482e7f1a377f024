"""Where do things stand, side by side or near each other?  Arithmetic on places, and the questions that ask for it."""

import random

import numpy as np
import pytest

from indexer.article import Article
from indexer.match import adjacent, in_stretches, near, union
from tests.conftest import Archive


def at(*places: int) -> np.ndarray:
    return np.array(places, dtype=np.int64)


def test_slots_stand_side_by_side_in_their_order() -> None:
    assert adjacent([at(1, 5, 9), at(2, 7, 10)]).tolist() == [1, 9]
    assert adjacent([at(1, 5), at(), at(2)]).tolist() == []


def test_near_is_in_any_order_and_a_word_asked_twice_stands_there_twice() -> None:
    assert near([at(10, 50), at(13)], 3).tolist() == [10]
    assert near([at(10), at(15)], 3).tolist() == []
    assert near([at(10, 12, 50), at(10, 12, 50)], 3).tolist() == [10]


def test_near_words_stand_in_one_stretch_whichever_of_them_is_rare() -> None:
    rng = random.Random(5)
    for _ in range(500):
        asked = rng.choices("abc", k=rng.randint(2, 4))
        text = {letter: sorted(rng.sample(range(40), rng.randint(0, 9))) for letter in "abc"}
        others = rng.randint(0, 6)
        reach = len(asked) - 1 + others
        stretches = [
            range(start, start + reach + 1)
            for start in range(40)
            if any(start in text[each] for each in asked)
            and all(sum(p in range(start, start + reach + 1) for p in text[a]) >= asked.count(a) for a in asked)
        ]
        slots = [at(*text[each]) for each in asked]
        assert near(slots, others).tolist() == [each.start for each in stretches]
        for letter, places in zip(asked, in_stretches(slots, others, near(slots, others)), strict=True):
            assert places.tolist() == [p for p in text[letter] if any(p in each for each in stretches)]


def test_a_union_has_each_place_once_in_order() -> None:
    assert union([at(3, 9), at(1, 3), at()]).tolist() == [1, 3, 9]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ('"cát mỏ"~3', ["Gần"]),
        ('"mỏ cát"~3', ["Gần"]),
        ('"cát mỏ"~9', ["Gần", "Xa"]),
        ('"cát mỏ"~', ["Gần"]),
        ('"cát cát"~5', ["Hai lần"]),
        ('"bốn mỏ cát"~5', []),
        ('"bốn mỏ cát"~6', ["Xa"]),
    ],
)
def test_near_asks_for_words_with_so_many_others_between(archive: Archive, question: str, found: list[str]) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Gần", body="Cát lấy từ mỏ."),
        Article("http://soxd.replica.test/2", title="Xa", body="Cát một hai ba bốn năm sáu bảy mỏ."),
        Article("http://soxd.replica.test/3", title="Hai lần", body="Cát và cát."),
    )
    assert sorted(archive.titles(question)) == sorted(found)


def test_the_marks_of_near_are_the_words_that_stand_near(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="Tin", body="Cát lấy từ mỏ. " + "Xa. " * 40 + "Cát."))
    hit = archive.ask('"cát mỏ"~3').hits[0]
    marked = [each.text[start:end] for each in hit.passages.texts for start, end in each.marks]
    assert marked == ["Cát", "mỏ"]


@pytest.mark.parametrize("elsewhere", ["Cát. ", "Mỏ. "])
def test_the_marks_of_near_are_the_same_whichever_word_is_the_rarer(archive: Archive, elsewhere: str) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Tin", body="Mỏ cát đen, cát trắng."),
        Article("http://soxd.replica.test/2", title="Tin", body=elsewhere * 9),
    )
    hit = archive.ask('"cát mỏ"~1').hits[0]
    marked = [each.text[start:end] for each in hit.passages.texts for start, end in each.marks]
    assert marked == ["Mỏ cát"]


def test_near_matches_obey_a_quoted_phrase_that_stands_somewhere_and_weigh_the_words_of_one_that_does_not(
    archive: Archive,
) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Cát nghiền"),
        Article("http://soxd.replica.test/2", title="Nghiền cát"),
        Article("http://soxd.replica.test/3", title="Giá mới"),
    )
    standing = archive.ask('"cát nghiền" giá')
    assert [hit.kept.article.title for hit in standing.hits] == ["Cát nghiền"]
    nowhere = archive.ask('"nghiền mịn" giá')
    assert [hit.kept.article.title for hit in nowhere.hits] == ["Giá mới"]
    assert nowhere.total == 0


def test_near_matches_never_hold_an_excluded_word(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Cát nghiền"),
        Article("http://soxd.replica.test/2", title="Cát và đá"),
    )
    assert [hit.kept.article.title for hit in archive.ask("cát mỏ -đá").hits] == ["Cát nghiền"]


def test_a_single_word_in_quotes_is_emphasis_and_binds_no_near_match(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Bê tông cốt thép"),
        Article("http://soxd.replica.test/2", title="Giá cốt thép"),
    )
    hits = archive.ask('"bê tông" giá cốt thép').hits
    assert {hit.kept.article.title for hit in hits if not hit.counted} == {"Bê tông cốt thép", "Giá cốt thép"}
