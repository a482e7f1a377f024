"""What can any engine do?  The contract, here asked of the Whoosh engine."""

import json
from pathlib import Path

import numpy as np
import pytest

from indexer.engine import FORMAT, Document, Engine, State
from indexer.engine.columns import IndexMissingError
from indexer.engine.gathered import Gathered, terms_of
from indexer.engine.places import documents_of
from indexer.engine.postings import leaves, places_of
from indexer.engine.whoosh_index import CURRENT, WhooshEngine
from indexer.language import words
from indexer.match import Matches
from indexer.units import Form, Slot
from indexer.view import view_of

FACETS = {
    "day": 738000, "section": "Tin tức", "source": "soxd", "unit": "", "language": "vi", "kind": "article",
    "availability": "on-site", "change": "unchanged",
}  # fmt: skip


def document(number: int, text: str, **facets: object) -> Document:
    return Document(number, terms_of({"title": words.tokens(text)}), {**FACETS, **facets})  # type: ignore[arg-type]


def state(number: int) -> State:
    return State("archive", {"crawl": number})


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return WhooshEngine(tmp_path / "index")


def found(engine: Engine, *syllables: str) -> list[int]:
    """The numbers of the live documents that hold the syllables side by side."""
    columns = engine.columns()
    form = Form(tuple(Slot(each, "written") for each in syllables))
    documents = documents_of(Matches(view_of(columns)).form(form))
    return sorted(columns.ids[documents[columns.live[documents]]].tolist())


def test_before_the_first_write_there_is_no_state_and_reading_says_what_to_do(engine: Engine) -> None:
    assert engine.state() is None
    with pytest.raises(IndexMissingError, match="khotin index rebuild"):
        engine.columns()


def test_what_was_written_is_found_with_its_state(engine: Engine) -> None:
    engine.rebuild([document(1, "nhà ở xã hội"), document(2, "nhà xã")], state(5))
    assert engine.state() == state(5)
    assert found(engine, "nhà", "ở") == [1]
    assert found(engine, "nhà") == [1, 2]
    assert engine.check() == []


def test_writing_replaces_and_removes(engine: Engine) -> None:
    engine.rebuild([document(1, "cát"), document(2, "đá"), document(3, "sỏi")], state(1))
    engine.write([document(2, "cát đá")], [3], state(2))
    assert found(engine, "cát") == [1, 2]
    assert found(engine, "sỏi") == []
    assert int(engine.columns().live.sum()) == 2
    assert engine.state() == state(2)


def test_a_reader_keeps_the_generation_that_it_opened(engine: Engine) -> None:
    engine.rebuild([document(1, "cát")], state(1))
    opened = engine.columns()
    engine.rebuild([document(2, "đá")], state(2))
    assert opened.ids[opened.live].tolist() == [1]
    assert len(documents_of(opened.places("cát"))) == 1
    assert found(engine, "đá") == [2]


def test_columns_hold_exactly_what_whoosh_holds(engine: WhooshEngine) -> None:
    engine.rebuild([document(n, f"cát số {n} tại xã {n % 7} và cát {n % 3}") for n in range(1, 200)], state(1))
    for n in range(1, 200, 9):
        engine.write([document(n, f"đá số {n}")], [n + 1], state(n + 1))
    columns = engine.columns()
    kept = documents_by_term(engine)
    for term in {term for segment in columns.segments for term in segment.terms}:
        documents = documents_of(columns.places(term))
        assert columns.ids[documents[columns.live[documents]]].tolist() == kept.get(term, []), term


def documents_by_term(engine: WhooshEngine) -> dict[str, list[int]]:
    """Each term's live documents as Whoosh's own reader tells them, in the order of its segments."""
    found: dict[str, list[int]] = {}
    for reader in leaves(engine.published().index()):
        for field, text in reader.all_terms():
            if field == "title":
                places = places_of(reader, field, text)
                numbers = [int(reader.stored_fields(int(d))["number"]) for d in documents_of(places)]
                found.setdefault(text.decode(), []).extend(numbers)
    return found


def test_a_damaged_column_is_reported_in_a_sentence(engine: WhooshEngine) -> None:
    engine.rebuild([document(1, "cát")], state(1))
    next(engine.path.rglob("values.json")).unlink()
    assert engine.check() != []
    with pytest.raises(IndexMissingError, match="check --repair"):
        engine.columns()


@pytest.mark.parametrize("name", ["terms.trie", "often.npy", "values.json"])
def test_a_damaged_column_is_not_searched(engine: WhooshEngine, name: str) -> None:
    engine.rebuild([document(1, "cát")], state(1))
    column = next(engine.path.rglob(name))
    column.write_bytes(bytes(each ^ 0xFF for each in column.read_bytes()))
    with pytest.raises(IndexMissingError, match="is damaged"):
        engine.columns()


def test_an_index_of_another_version_that_cannot_be_read_is_named_so(engine: WhooshEngine) -> None:
    engine.rebuild([document(1, "cát")], state(1))
    told = json.loads((engine.path / CURRENT).read_text())
    del told["sum"]  # that version knew none
    (engine.path / CURRENT).write_text(json.dumps(told | {"format": FORMAT - 1}))
    assert found(engine, "cát") == [1]
    next(engine.path.rglob("values.json")).unlink()
    with pytest.raises(IndexMissingError, match="another version"):
        WhooshEngine(engine.path).columns()


def test_a_current_file_that_was_cut_short_counts_as_no_index(engine: WhooshEngine) -> None:
    engine.rebuild([document(1, "cát")], state(1))
    (engine.path / CURRENT).write_text("{")
    assert engine.state() is None


def test_an_empty_archive_can_be_searched(engine: Engine) -> None:
    engine.rebuild([], state(0))
    assert found(engine, "cát") == []


def test_columns_of_no_documents_can_be_written(tmp_path: Path) -> None:
    Gathered().save(tmp_path / "segment")
    assert np.load(tmp_path / "segment" / "lengths.npy").shape == (0, 6)
