"""Is the glossary sound, and is it looked up right?"""

import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from indexer.glossary import FOLDER, LEXICON, TERMS, load, names, read_terms, rows
from indexer.language import fold

DOMAINS = sorted(TERMS.glob("*.tsv"))
PLACES = FOLDER / "places.tsv"
WIDTHS = {LEXICON: 2, PLACES: 8} | dict.fromkeys(DOMAINS, 3)


def name_of(file: Path) -> str:
    return file.name


# The data


@pytest.mark.parametrize("file", WIDTHS, ids=name_of)
def test_a_file_is_composed_sorted_and_every_line_whole(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()[1:]
    assert unicodedata.is_normalized("NFC", text)
    assert lines == sorted(lines)
    assert text.endswith("\n")
    assert {len(row) for row in rows(file)} == {WIDTHS[file]}


@pytest.mark.parametrize("file", [LEXICON, *DOMAINS], ids=name_of)
def test_both_languages_are_there_and_no_name_is_blank_or_twice_in_its_cell(file: Path) -> None:
    for row in rows(file):
        assert row[0] and row[1], row
        for cell in filter(None, row):
            given = cell.split("|")
            assert all(name and name == " ".join(name.split()) for name in given), row
            assert len({fold.lower(name) for name in given}) == len(given), row


def test_a_vietnamese_name_belongs_to_one_concept_of_the_domains() -> None:
    owners = Counter(fold.key(name) for file in DOMAINS for entry in read_terms(file) for name in entry.vi)
    assert not [name for name, count in owners.items() if count > 1]


def test_the_lexicon_has_each_english_word_once_in_small_letters() -> None:
    words = [row[0] for row in rows(LEXICON)]
    assert len(set(words)) == len(words)
    assert [word for word in words if word != fold.lower(word)] == []


def test_places_have_unique_numbers_and_parents_and_successors_that_are_places() -> None:
    places = rows(PLACES)
    known = {row[0] for row in places}
    assert len(known) == len(places)
    for row in places:
        assert {row[3], *names(row[6])} - {""} <= known, row


# Looking up


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


def test_with_accents_one_abbreviation_is_not_taken_for_another() -> None:
    glossary = load()
    folded = glossary.longest(["hd"], 0, bare=True)
    accented = glossary.longest(["hđ"], 0, bare=False)
    assert folded and (not accented or set(accented.entries) < set(folded.entries))


@pytest.mark.parametrize("typed", ["practising certificates", "practicing certificate", "Practising Certificates"])
def test_english_terms_are_found_in_singular_and_plural(typed: str) -> None:
    found = load().longest_english(typed.lower().split(), 0)
    assert found and found.entries[0].vi[0] == "chứng chỉ hành nghề"


@pytest.mark.parametrize(
    ("typed", "head"),
    [
        ("department of construction", "Sở Xây dựng"),
        ("construction department", "Sở Xây dựng"),
        ("provincial people's committee", "Ủy ban nhân dân tỉnh"),
        ("ppc", "Ủy ban nhân dân tỉnh"),
    ],
)
def test_the_variants_of_an_official_english_name_match_too(typed: str, head: str) -> None:
    words = typed.replace("'", " ").split()
    found = load().longest_english(words, 0) or load().longest(words, 0, bare=True)
    assert found and found.length == len(words)
    assert head in found.entries[0].vi


@pytest.mark.parametrize(("typed", "rendering"), [("wrote", "viết"), ("cities", "thành phố"), ("building", "tòa nhà")])
def test_an_inflected_english_word_is_found_by_its_base(typed: str, rendering: str) -> None:
    found = load().longest_english([typed], 0)
    assert found and rendering in {name for entry in found.entries for name in entry.vi}


def test_places_are_found_alone_and_behind_their_kind() -> None:
    glossary = load()
    assert glossary.longest_place(fold.key("xã Mẫu Sơn").split(), 0, bare=False) == 3
    assert glossary.longest_place(fold.bare_key("phuong luong van tri").split(), 0, bare=True) == 4
    assert glossary.longest_place(["nhà", "ở"], 0, bare=False) == 0
