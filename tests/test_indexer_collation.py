"""Are words in the order in which a Vietnamese dictionary has them?"""

import random

import pytest

from indexer.language.collation import key

# Each row as a dictionary has it.
ROWS = (
    "ma mà mả mã má mạ mác mai mang màng máng mạng mao may măng mâm men",
    "an ao ăn ân ba bà bao bắc bấc",
    "da dạ đa đà đá đi e ê êm",
    "o ó on ong ô ôm ơ ơn phở",
    "u ủ um ư ừ ưa va",
    "nga ngà ngả ngã ngá ngạ nghe nghỉ ngô",
    "2 20 2024 a b",
    "mung muong mương müller",
)


@pytest.mark.parametrize("row", ROWS)
def test_words_stand_as_in_a_dictionary(row: str) -> None:
    words = row.split()
    shuffled = random.Random(7).sample(words, len(words))
    assert sorted(shuffled, key=key) == words


@pytest.mark.parametrize(("one", "other"), [("hòa", "hoà"), ("Sở", "sở"), ("ĐƯỜNG", "đường"), ("thủy", "thuỷ")])
def test_capitals_and_the_place_of_the_tone_make_no_difference(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_letters_of_any_script_have_a_place() -> None:
    assert len({key(word) for word in ("", "я", "漢", "ı", "İ", "ß", "a" * 10_000)}) == 7
