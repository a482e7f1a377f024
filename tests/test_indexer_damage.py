"""Is a damaged index noticed and made anew, and never answered from?"""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from indexer import build, clock
from indexer.article import Article
from indexer.engine.columns import IndexMissingError
from indexer.engine.whoosh_index import CURRENT, WhooshEngine
from indexer.store import articles, lessons
from indexer.store.lessons import Lesson
from indexer.worker import touched
from tests.conftest import Archive

Answers = list[tuple[int, float]]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Two segments, one of them with a deleted document."""
    archive.put(*(Article("", title=f"Cát số {n}", body="Bãi cát ven sông.", external_id=str(n)) for n in range(5)))
    archive.put(Article("", title="Đá vôi", external_id="0"))
    return archive


def answers(archive: Archive, engine: WhooshEngine) -> Answers:
    archive.engine = engine
    return [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits]


def files(archive: Archive) -> list[Path]:
    return sorted(each for each in archive.store.index.rglob("*") if each.is_file() and each.stat().st_size)


def heal(archive: Archive) -> None:
    """What the worker does."""
    engine = WhooshEngine(archive.store.index)
    build.mend(archive.store, engine)
    if build.is_behind(archive.store, engine):
        build.update(archive.store, engine)


def damages(whole: bytes) -> Iterator[bytes]:
    """One byte turned over in the middle and near the end; the last half gone; all of it gone."""
    for at in (len(whole) // 2, len(whole) - 2):
        yield whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
    yield whole[: len(whole) // 2]
    yield b""


def test_whichever_file_is_damaged_no_answer_is_wrong_and_all_are_right_again(filled: Archive) -> None:
    right = answers(filled, WhooshEngine(filled.store.index))
    for number in count():
        if number >= len(files(filled)):
            break
        path = files(filled)[number]
        path.write_bytes(list(damages(path.read_bytes()))[number % 4])
        with suppress(IndexMissingError):
            assert answers(filled, WhooshEngine(filled.store.index)) == right, path
        heal(filled)
        engine = WhooshEngine(filled.store.index)
        assert build.check(filled.store, engine) == [], path
        assert answers(filled, engine) == right, path


def test_an_index_folder_that_is_gone_is_made_anew(filled: Archive) -> None:
    right = answers(filled, WhooshEngine(filled.store.index))
    for each in files(filled):
        each.unlink()
    heal(filled)
    assert answers(filled, WhooshEngine(filled.store.index)) == right


def test_a_reader_goes_on_while_columns_are_made_anew_and_takes_the_new_ones_next(filled: Archive) -> None:
    reader = WhooshEngine(filled.store.index)
    right = answers(filled, reader)
    column = next(filled.store.index.rglob("places.npy"))
    kept = column.read_bytes()
    with column.open("r+b") as file:  # the same file that the reader has in its memory
        file.seek(len(kept) - 8)
        file.write(bytes(8))
    held = reader.columns()
    heal(filled)
    assert held.places("cát").size
    assert answers(filled, reader) == right


def test_a_list_of_deleted_articles_that_was_changed_is_not_believed(filled: Archive) -> None:
    path = filled.store.index / CURRENT
    told = json.loads(path.read_text(encoding="utf-8"))
    told["deleted"] = {name: [0] for name in told["deleted"]}
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(IndexMissingError):
        WhooshEngine(filled.store.index).columns()


def test_an_index_ahead_of_a_restored_archive_is_seen_to_be_in_need(filled: Archive) -> None:
    with filled.store.write() as connection:
        connection.exec_driver_sql("UPDATE lanes SET last = 1")
    assert build.is_behind(filled.store, filled.engine)


def test_files_that_a_hand_touched_are_seen_without_reading_them(filled: Archive) -> None:
    before = filled.engine.looks()
    with filled.store.write() as connection:
        new = Article("", title="Sỏi", external_id="9")
        articles.save(connection, filled.source.id, new, clock.now())
    build.update(filled.store, filled.engine)
    assert not touched(before, filled.engine.looks()), "an update leaves the segments before it alone"
    column = next(path for path in filled.store.index.rglob("ids.npy") if path.parent.name in before)
    with column.open("r+b") as file:
        file.write(b"x")
    assert touched(before, filled.engine.looks())


def test_a_touched_list_of_segments_is_seen_without_reading_it(filled: Archive) -> None:
    before = filled.engine.looks()
    listed = next(filled.store.index.rglob("_MAIN_*.toc"))
    listed.write_bytes(listed.read_bytes()[:-1])
    assert touched(before, filled.engine.looks())


def test_a_lesson_that_was_kept_when_its_learner_was_killed_is_named_after_all(filled: Archive) -> None:
    with filled.store.write() as connection:
        number = lessons.save(connection, Lesson(frozenset({"bãi cát"}), {}), 6)
    assert build.is_behind(filled.store, filled.engine)
    build.update(filled.store, filled.engine)
    assert filled.engine.columns().lesson == number
    assert not build.is_behind(filled.store, filled.engine)


def test_an_index_all_of_whose_pieces_are_other_ones_is_read(filled: Archive) -> None:
    """It was made anew; what happened to it before it was seen first is not known."""
    before = filled.engine.looks()
    assert touched(before, {f"another {name}": look for name, look in before.items()})
