"""Is the glossary sound, and is it looked up right?"""

import unicodedata
from collections import Counter

import pytest

from indexer.glossary import FOLDER, PLACES, load
from indexer.language import fold

FILES = sorted(FOLDER.glob("*.tsv"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_clean_sorted_and_complete(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert unicodedata.is_normalized("NFC", text)
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    if file.name == PLACES:  # type: ignore[attr-defined]
        assert all(len(row) == 5 and row[0] and row[1] for row in rows)
        return
    assert text.splitlines()[1:] == sorted(text.splitlines()[1:])
    assert all(len(row) == 3 and row[0] and row[1] for row in rows), "both sides are there"
    assert all(name == name.strip() and name for row in rows for cell in row if cell for name in cell.split("|"))


def test_no_concept_stands_twice() -> None:
    heads = Counter(fold.key(entry.vi[0]) for entry in load().entries)
    assert not [head for head, count in heads.items() if count > 1]


def test_the_first_glossary_is_large_enough() -> None:
    entries = load().entries
    assert len(entries) >= 150
    assert sum(len(entry.short) for entry in entries) >= 40


def test_the_longest_term_wins() -> None:
    found = load().longest(fold.key("cát nghiền từ đá vôi").split(), 0, bare=False)
    assert found and (found.length, found.as_) == (5, "term")


@pytest.mark.parametrize(
    ("typed", "bare", "kind", "head"),
    [
        ("giấy phép xây dựng", False, "term", "giấy phép xây dựng"),
        ("xin phep xay nha", True, "term", "giấy phép xây dựng"),
        ("noxh", True, "abbreviation", "nhà ở xã hội"),
        ("vlxd", False, "abbreviation", "vật liệu xây dựng"),
    ],
)
def test_terms_and_abbreviations_are_found_with_and_without_accents(
    typed: str, bare: bool, kind: str, head: str
) -> None:
    how = fold.bare_key if bare else fold.key
    found = load().longest(how(typed).split(), 0, bare)
    assert found and found.as_ == kind
    assert found.entries[0].vi[0] == head


@pytest.mark.parametrize("typed", ["practising certificates", "practicing certificate", "Practising Certificates"])
def test_english_terms_are_found_in_singular_and_plural(typed: str) -> None:
    found = load().longest_english(typed.lower().split(), 0)
    assert found and found.entries[0].vi[0] == "chứng chỉ hành nghề"


def test_places_are_found_alone_and_behind_their_kind() -> None:
    glossary = load()
    assert glossary.longest_place(fold.key("xã Mẫu Sơn").split(), 0, bare=False) == 3
    assert glossary.longest_place(fold.bare_key("phuong luong van tri").split(), 0, bare=True) == 4
    assert glossary.longest_place(["nhà", "ở"], 0, bare=False) == 0
