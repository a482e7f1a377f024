"""What can any engine do?  The contract, asked of the embedded engine and of three nodes of OpenSearch."""

import json
import threading
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from indexer.engine import FORMAT, Document, Engine, State
from indexer.engine.columns import IndexMissingError
from indexer.engine.gathered import Gathered, terms_of
from indexer.engine.open import engine_of
from indexer.engine.places import documents_of
from indexer.engine.postings import leaves, places_of
from indexer.engine.whoosh_index import CURRENT, WhooshEngine
from indexer.language import words
from indexer.match import Matches
from indexer.settings import Settings
from indexer.store import Store
from indexer.units import Form, Slot
from indexer.view import view_of
from tests.servers.opensearch import settings_for

FACETS = {
    "day": 738000, "section": "Tin tức", "source": "soxd", "unit": "", "language": "vi", "kind": "article",
    "availability": "on-site", "change": "unchanged",
}  # fmt: skip


def document(number: int, text: str, **facets: object) -> Document:
    return Document(number, terms_of({"title": words.tokens(text)}), {**FACETS, **facets})  # type: ignore[arg-type]


def rebuild(engine: Engine, documents: Iterable[Document], state: State) -> None:
    """Write a whole new index aside and put it in the old one's place."""
    with engine.aside() as aside:
        aside.fill(documents, state)
        with engine.writing():
            engine.swap(aside, state)


def state(number: int) -> State:
    return State("archive", {"crawl": number})


@pytest.fixture(params=["whoosh", pytest.param("opensearch", marks=pytest.mark.cluster)])
def engine(request: pytest.FixtureRequest, store: Store) -> Engine:
    """Each test of the contract is asked of both."""
    chosen = Settings(home=store.home)
    if request.param == "opensearch":
        chosen = settings_for(request.getfixturevalue("cluster"), store.home)
    return engine_of(store, chosen)


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshEngine:
    return WhooshEngine(tmp_path / "index")


def found(engine: Engine, *syllables: str) -> list[int]:
    """The numbers of the live documents that hold the syllables side by side."""
    columns = engine.columns()
    form = Form(tuple(Slot(each, "written") for each in syllables))
    documents = documents_of(Matches(view_of(columns)).form(form))
    return sorted(columns.ids[documents[columns.live[documents]]].tolist())


def test_a_section_without_an_end_keeps_no_article_out(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát"), document(2, "đá", section="Tin tức " * 10_000)], state(1))
    assert (engine.numbers(), engine.state()) == ({1, 2}, state(1))


def test_before_the_first_write_there_is_no_state_and_reading_says_what_to_do(engine: Engine) -> None:
    assert engine.state() is None
    with pytest.raises(IndexMissingError, match="khotin index rebuild"):
        engine.columns()


def test_what_was_written_is_found_with_its_state(engine: Engine) -> None:
    rebuild(engine, [document(1, "nhà ở xã hội"), document(2, "nhà xã")], state(5))
    assert engine.state() == state(5)
    assert found(engine, "nhà", "ở") == [1]
    assert found(engine, "nhà") == [1, 2]
    assert engine.check() == []


def test_writing_replaces_and_removes(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát"), document(2, "đá"), document(3, "sỏi")], state(1))
    engine.write([document(2, "cát đá")], [3], state(2))
    assert found(engine, "cát") == [1, 2]
    assert found(engine, "sỏi") == []
    assert int(engine.columns().live.sum()) == 2
    assert engine.state() == state(2)


def test_a_reader_keeps_the_generation_that_it_opened(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    opened = engine.columns()
    rebuild(engine, [document(2, "đá")], state(2))
    assert opened.ids[opened.live].tolist() == [1]
    assert len(documents_of(opened.places("cát"))) == 1
    assert found(engine, "đá") == [2]


def test_numbers_and_size_are_those_of_the_articles(engine: Engine) -> None:
    rebuild(engine, [document(number, "cát") for number in (3, 1, 7)], state(1))
    assert (engine.numbers(), engine.size()) == ({1, 3, 7}, 3)


def test_every_write_is_told_by_the_stamp_and_nothing_else_is(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    before = engine.stamp()
    assert engine.stamp() == before
    engine.write([document(2, "đá")], (), state(2))
    assert engine.stamp() != before


def test_writing_the_same_twice_is_writing_it_once(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát"), document(2, "đá")], state(1))
    for _ in range(2):
        engine.write([document(1, "sỏi")], [2], state(2))
    assert (found(engine, "sỏi"), found(engine, "cát"), engine.numbers()) == ([1], [], {1})


def test_what_was_taken_out_can_come_again(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    engine.write((), [1], state(2))
    engine.write([document(1, "đá")], (), state(3))
    assert found(engine, "đá") == [1]


def test_a_state_alone_can_be_written(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    engine.write((), (), State("archive", {"crawl": 1}, lesson=4))
    assert engine.state() == State("archive", {"crawl": 1}, lesson=4)
    assert (engine.columns().lesson, found(engine, "cát")) == (4, [1])


def test_nobody_sees_what_is_made_aside_before_it_takes_the_place(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    with engine.aside() as aside:
        assert aside.fill([document(2, "cát"), document(3, "cát")], state(2)) == 2
        assert (found(engine, "cát"), engine.state()) == ([1], state(1))
        with engine.writing():
            engine.write([document(4, "đá")], (), state(3))
        assert aside.write([document(4, "đá")], [2], state(3)) == 1
        with engine.writing():
            engine.swap(aside, state(3))
    assert (found(engine, "cát"), found(engine, "đá"), engine.state()) == ([3], [4], state(3))


def test_what_was_made_aside_in_vain_leaves_nothing(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    with pytest.raises(ZeroDivisionError), engine.aside() as aside:
        aside.fill([document(2, "cát")], state(2))
        raise ZeroDivisionError
    assert (found(engine, "cát"), engine.state(), engine.check()) == ([1], state(1), [])


def test_an_index_aside_takes_over_what_the_published_one_holds(engine: Engine) -> None:
    rebuild(engine, [document(1, "nhà ở xã hội"), document(2, "đá", day=None)], state(1))
    with engine.aside() as aside:
        aside.take_over(engine.published().held(), state(1))
        with engine.writing():
            engine.swap(aside, state(1))
    columns = engine.columns()
    assert found(engine, "nhà", "ở") == [1]
    assert sorted(columns.days.tolist())[-1] == FACETS["day"] and found(engine, "đá") == [2]


def test_one_writes_at_a_time(engine: Engine) -> None:
    rebuild(engine, [], state(0))
    turns: list[str] = []

    def write() -> None:
        with engine.writing():
            turns.append("second")

    with engine.writing():
        second = threading.Thread(target=write)
        second.start()
        second.join(0.5)
        turns.append("first")
    second.join()
    assert turns == ["first", "second"]


def test_what_is_forgotten_is_gone(engine: Engine) -> None:
    rebuild(engine, [document(1, "cát vàng"), document(2, "cát")], state(1))
    engine.forget([1])
    assert (found(engine, "cát"), engine.numbers(), engine.state()) == ([2], {2}, state(1))
    assert not any("vàng" in segment.terms for segment in engine.columns().segments)
    assert engine.check() == []


def test_where_there_is_no_index_nothing_can_be_forgotten(engine: Engine) -> None:
    with pytest.raises(IndexMissingError):
        engine.forget([1])


def test_columns_hold_exactly_what_whoosh_holds(whoosh: WhooshEngine) -> None:
    rebuild(whoosh, [document(n, f"cát số {n} tại xã {n % 7} và cát {n % 3}") for n in range(1, 200)], state(1))
    for n in range(1, 200, 9):
        whoosh.write([document(n, f"đá số {n}")], [n + 1], state(n + 1))
    columns = whoosh.columns()
    kept = documents_by_term(whoosh)
    for term in {term for segment in columns.segments for term in segment.terms}:
        documents = documents_of(columns.places(term))
        assert columns.ids[documents[columns.live[documents]]].tolist() == kept.get(term, []), term


def documents_by_term(whoosh: WhooshEngine) -> dict[str, list[int]]:
    """Each term's live documents as Whoosh's own reader tells them, in the order of its segments."""
    found: dict[str, list[int]] = {}
    for reader in leaves(whoosh.published().index()):
        for field, text in reader.all_terms():
            if field == "title":
                places = places_of(reader, field, text)
                numbers = [int(reader.stored_fields(int(d))["number"]) for d in documents_of(places)]
                found.setdefault(text.decode(), []).extend(numbers)
    return found


def test_a_damaged_column_is_reported_in_a_sentence(whoosh: WhooshEngine) -> None:
    rebuild(whoosh, [document(1, "cát")], state(1))
    next(whoosh.path.rglob("values.json")).unlink()
    assert whoosh.check() != []
    with pytest.raises(IndexMissingError, match="check --repair"):
        whoosh.columns()


@pytest.mark.parametrize("name", ["terms.trie", "often.npy", "values.json"])
def test_a_damaged_column_is_not_searched(whoosh: WhooshEngine, name: str) -> None:
    rebuild(whoosh, [document(1, "cát")], state(1))
    column = next(whoosh.path.rglob(name))
    column.write_bytes(bytes(each ^ 0xFF for each in column.read_bytes()))
    with pytest.raises(IndexMissingError, match="is damaged"):
        whoosh.columns()


def test_an_index_of_another_version_that_cannot_be_read_is_named_so(whoosh: WhooshEngine) -> None:
    rebuild(whoosh, [document(1, "cát")], state(1))
    told = json.loads((whoosh.path / CURRENT).read_text())
    del told["sum"]  # that version knew none
    (whoosh.path / CURRENT).write_text(json.dumps(told | {"format": FORMAT - 1}))
    assert found(whoosh, "cát") == [1]
    next(whoosh.path.rglob("values.json")).unlink()
    with pytest.raises(IndexMissingError, match="another version"):
        WhooshEngine(whoosh.path).columns()


def test_a_current_file_that_was_cut_short_counts_as_no_index(whoosh: WhooshEngine) -> None:
    rebuild(whoosh, [document(1, "cát")], state(1))
    (whoosh.path / CURRENT).write_text("{")
    assert whoosh.state() is None


def test_an_empty_archive_can_be_searched(engine: Engine) -> None:
    rebuild(engine, [], state(0))
    assert found(engine, "cát") == []


def test_columns_of_no_documents_can_be_written(tmp_path: Path) -> None:
    Gathered().save(tmp_path / "segment")
    assert np.load(tmp_path / "segment" / "lengths.npy").shape == (0, 6)
