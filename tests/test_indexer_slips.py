"""Which spellings are one slip of the hand away?"""

from itertools import product

import pytest

from indexer.language.slips import slips


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("cát", "cát", True), ("cát", "cáts", True), ("cát", "cá", True), ("cát", "cút", True), ("cát", "ctá", True),
        ("cát", "cúp", False), ("cát", "cát sỏi", False), ("", "c", True), ("ab", "ba", True), ("abc", "cab", False),
    ],
)  # fmt: skip
def test_one_slip_of_the_hand_is_close(one: str, other: str, close: bool) -> None:
    assert (other in set(slips(one, "cátsúp"))) is close
    assert (one in set(slips(other, "cátsúpb"))) is close


def test_they_are_exactly_the_words_that_differ_in_one_place() -> None:
    words = ["".join(letters) for size in range(5) for letters in product("abc", repeat=size)]
    for word in ("", "a", "ab", "aab", "abc"):
        assert set(slips(word, "abc")) == {each for each in words if is_one_slip(word, each)}, word


def is_one_slip(a: str, b: str) -> bool:
    """Found in another way: by what is left when equal beginnings and ends are taken away."""
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return max(len(a), len(b)) <= 1 or (len(a) == len(b) == 2 and a == b[::-1])
