"""Do the tries know each term by its number and each syllable by its spellings?"""

import errno
import resource
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.engine.gathered import Gathered, terms_of
from indexer.engine.segments import Segment, load_segment
from indexer.language import fold, words

TEXT = "Hoà Bình, hoa binh: thủy điện Hòa Bình; quý III, quí III/2024; 12/QĐ-UBND; kỹ sư, kĩ sư; Đắk Lắk, dak lak"
FACETS = dict.fromkeys(("section", "source", "unit", "language", "kind", "availability", "change"), "") | {"day": None}


@pytest.fixture
def segment(tmp_path: Path) -> Segment:
    gathered = Gathered()
    gathered.add(1, terms_of({"title": words.tokens(TEXT)}), FACETS)
    gathered.save(tmp_path)
    return load_segment(tmp_path)


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """The nearest thing to a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_whichever_file_finds_no_room_it_is_said_why(tmp_path: Path) -> None:
    gathered = Gathered()
    gathered.add(1, terms_of({"title": words.tokens(TEXT)}), FACETS)
    gathered.save(tmp_path / "whole")
    sizes = sorted({each.stat().st_size for each in (tmp_path / "whole").iterdir()})
    for size in sizes:
        with no_file_longer_than(size - 1), pytest.raises(OSError) as refused:
            gathered.save(tmp_path / str(size))
        assert refused.value.errno == errno.EFBIG, f"{size} bytes"


def test_each_term_stands_at_its_number_and_they_are_in_order(segment: Segment) -> None:
    terms = list(segment.terms)
    assert terms == sorted(terms) and len(terms) == len(segment.terms) > 20
    assert [segment.terms[number] for number in range(len(terms))] == terms
    assert [segment.terms.number(term) for term in terms] == list(range(len(terms)))
    assert (segment.terms.number("chưa có"), "chưa có" in segment.terms) == (None, False)


def test_terms_with_one_beginning_stand_side_by_side(segment: Segment) -> None:
    for prefix in ("h", "_", "#", "đ", "không"):
        within = segment.range_of(prefix)
        assert sorted(segment.terms.beginning(prefix)) == segment.terms[within.start : within.stop]
        assert all(term.startswith(prefix) for term in segment.terms.beginning(prefix))


def test_syllables_are_found_by_what_they_fold_to_and_by_its_beginning(segment: Segment) -> None:
    for how, spellings in ((fold.key, segment.keys), (fold.bare_key, segment.bare)):
        wanted = defaultdict(list)
        for term in segment.terms:
            if term[0].isalnum():
                wanted[how(term)].append(term)
        assert {folded: sorted(spellings.of(folded)) for folded in wanted} == wanted
        assert sorted(spellings.beginning("qu")) == sorted(t for f, ts in wanted.items() if f[:2] == "qu" for t in ts)
        assert spellings.of("qu") == []
        assert spellings.letters() == set("".join(wanted))
