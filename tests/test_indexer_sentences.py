"""Where does a sentence end?"""

import pytest

from indexer.sentences import LONGEST, sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sở họp. Các phòng dự!", ["Sở họp.", "Các phòng dự!"]),
        ("Ngày 5.3.2024, TP. Hà Giang họp. ThS. Mẫu dự.", ["Ngày 5.3.2024, TP. Hà Giang họp.", "ThS. Mẫu dự."]),
        ("1. Về quy hoạch. a) Rà soát. 2.1. Báo cáo.", ["1. Về quy hoạch.", "a) Rà soát.", "2.1. Báo cáo."]),
        ("Ông N. V. Bình nói: “Được!” Sau đó ký.", ["Ông N. V. Bình nói: “Được!”", "Sau đó ký."]),
        ("Xi măng, cát v.v. và đá. Hết...", ["Xi măng, cát v.v. và đá.", "Hết..."]),
        ("Dòng một\n\n  Dòng hai  ", ["Dòng một", "Dòng hai"]),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_sees_them_end(text: str, found: list[str]) -> None:
    assert list(sentences(text)) == found


@pytest.mark.parametrize("text", ["x" * 10_000, "từ " * 4_000, "." * 9_000 + " A", "A. " * 3_000])
def test_no_sentence_is_endless_and_no_letter_is_lost(text: str) -> None:
    found = list(sentences(text))
    assert max(map(len, found)) <= LONGEST
    assert "".join("".join(found).split()) == "".join(text.split())
