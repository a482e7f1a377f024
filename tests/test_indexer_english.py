"""Do English words meet their other forms, and only those?"""

import pytest

from indexer.language.english import bases, stem


@pytest.mark.parametrize(
    ("inflected", "base"),
    [
        ("cities", "city"), ("houses", "house"), ("buses", "bus"), ("crises", "crisis"), ("studied", "study"),
        ("planned", "plan"), ("used", "use"), ("building", "build"), ("making", "make"), ("dying", "die"),
        ("happier", "happy"), ("largest", "large"), ("bigger", "big"), ("went", "go"), ("children", "child"),
        ("wrote", "write"),
    ],
)  # fmt: skip
def test_an_inflection_leads_to_its_base(inflected: str, base: str) -> None:
    assert base in bases(inflected)


@pytest.mark.parametrize("word", ["bed", "gas", "red", "is", "sand", "road"])
def test_a_short_word_is_not_cut_to_a_letter(word: str) -> None:
    assert all(len(base) > 1 for base in bases(word))


@pytest.mark.parametrize(
    ("one", "other"), [("houses", "house"), ("children", "child"), ("went", "go"), ("permits", "permit")]
)
def test_inflections_share_their_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)
