"""How does the index catch up with the store?"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from indexer import build, clock
from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.store import articles
from tests.conftest import Archive

ROOT = Path(__file__).parent.parent


def put_only(archive: Archive, count: int, lane: str = "bulk", start: int = 0) -> None:
    """Keep articles without indexing them."""
    with archive.store.write() as connection:
        for number in range(start, start + count):
            article = Article("", title=f"Cát số {number}", body="Bãi cát ven sông. " * 40, external_id=str(number))
            articles.save(connection, archive.source.id, article, clock.now(), lane=lane)  # type: ignore[arg-type]


def test_an_update_takes_up_only_what_changed(archive: Archive) -> None:
    put_only(archive, 3)
    assert build.update(archive.store, archive.engine) == 3
    assert build.update(archive.store, archive.engine) == 0
    put_only(archive, 1, "crawl", start=3)
    assert build.is_behind(archive.store, archive.engine)
    assert build.update(archive.store, archive.engine) == 1
    assert archive.ask("cát").total == 4


def test_whoever_ends_an_update_finds_it_ended_and_nothing_made_anew(
    archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    put_only(archive, 1)
    build.update(archive.store, archive.engine)
    put_only(archive, 2 * build.COMMIT, start=1)

    def stop(done: int) -> None:
        raise build.Stopped

    with pytest.raises(build.Stopped):
        build.update(archive.store, archive.engine, stop)
    assert not caplog.records
    assert len(archive.engine.numbers()) == 1 + build.COMMIT  # what was written before the end is kept


def test_another_archives_index_is_rebuilt(archive: Archive, tmp_path: Path) -> None:
    put_only(archive, 2)
    build.update(archive.store, archive.engine)
    with archive.store.write() as connection:
        connection.exec_driver_sql("UPDATE archive SET store_id = 'another'")
    store = type(archive.store)(archive.store.home, archive.store.engine, "another")
    assert build.needs_rebuild(store, archive.engine)
    assert build.update(store, archive.engine) == 2
    assert not build.needs_rebuild(store, archive.engine)


def test_an_index_ahead_of_a_restored_archive_is_rebuilt(archive: Archive) -> None:
    put_only(archive, 2)
    build.update(archive.store, archive.engine)
    with archive.store.write() as connection:
        connection.exec_driver_sql("UPDATE lanes SET last = 1")
    assert build.needs_rebuild(archive.store, archive.engine)


def test_a_rebuild_gives_the_same_answers_to_the_score(archive: Archive) -> None:
    put_only(archive, 30)
    for start in (0, 10, 20):
        with archive.store.write() as connection:
            changed = Article("", title=f"Đá cát {start}", body="Mỏ đá vôi. " * 30, external_id=str(start))
            articles.save(connection, archive.source.id, changed, clock.now(), lane="bulk")
        build.update(archive.store, archive.engine)
    before = [(hit.kept.id, hit.score) for hit in archive.ask("đá cát", per_page=50).hits]
    build.rebuild(archive.store, archive.engine)
    assert [(hit.kept.id, hit.score) for hit in archive.ask("đá cát", per_page=50).hits] == before


def test_check_names_what_is_missing_and_repair_mends_it(archive: Archive) -> None:
    put_only(archive, 3)
    build.update(archive.store, archive.engine)
    assert build.check(archive.store, archive.engine) == []
    with archive.engine.writing():
        archive.engine.write([], [2], archive.engine.state())  # type: ignore[arg-type]
    assert build.check(archive.store, archive.engine) == ["1 articles are missing from the index."]
    build.rebuild(archive.store, archive.engine)
    assert build.check(archive.store, archive.engine) == []


def test_searches_go_on_while_an_index_is_written(archive: Archive) -> None:
    put_only(archive, 150)
    build.update(archive.store, archive.engine)
    put_only(archive, 150, start=150)
    writer = threading.Thread(target=build.update, args=(archive.store, archive.engine))
    writer.start()
    totals = set()
    while writer.is_alive():
        totals.add(archive.ask("cát").total)
    assert totals <= {150, 250, 300}
    assert archive.ask("cát").total == 300


def test_a_killed_writer_leaves_a_whole_index_and_frees_its_lock(archive: Archive) -> None:
    put_only(archive, 200)
    build.update(archive.store, archive.engine)
    put_only(archive, 800, start=200)
    code = f"from pathlib import Path; from indexer import build; from indexer.store import open_store; \
from indexer.engine.whoosh_index import WhooshEngine; s = open_store(Path({str(archive.store.home)!r})); \
print('ready', flush=True); build.update(s, WhooshEngine(s.index))"
    for pause in (0.3, 0.8, 1.5):
        writer = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
        )
        assert writer.stdout and writer.stdout.readline()
        time.sleep(pause)
        os.killpg(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        assert archive.ask("cát").total in range(200, 1001, 100)
        assert WhooshEngine(archive.store.index).check() == []
    build.update(archive.store, archive.engine)
    assert archive.ask("cát").total == 1000
    assert build.check(archive.store, archive.engine) == []


def test_an_article_is_found_while_a_new_index_is_made_aside(archive: Archive) -> None:
    put_only(archive, 150)
    build.update(archive.store, archive.engine)
    found: list[int] = []

    def tell(done: int) -> None:
        if done == 100:  # in the middle of the rebuild
            put_only(archive, 1, "crawl", start=500)
            build.update(archive.store, WhooshEngine(archive.store.index))
            found.append(archive.ask("cát").total)

    build.rebuild(archive.store, archive.engine, tell)
    assert found == [151]
    assert archive.ask("cát").total == 151
    assert build.check(archive.store, archive.engine) == []


def test_many_small_updates_are_tidied_into_one_piece_with_the_same_answers(archive: Archive) -> None:
    put_only(archive, 40)
    build.update(archive.store, archive.engine)
    for number in range(0, 36):
        put_only(archive, 1, "crawl", start=number + 100)
        build.update(archive.store, archive.engine)
    pieces = len(archive.engine.columns().segments)
    assert 1 < pieces < 20  # small ones were merged on the way
    before = [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits]
    build.tidy(archive.store, archive.engine)
    assert len(archive.engine.columns().segments) == 1
    assert [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits] == before
    assert build.check(archive.store, archive.engine) == []
    put_only(archive, 1, "crawl", start=900)
    assert build.update(archive.store, archive.engine) == 1
    assert archive.ask("cát").total == 77


def test_damaged_columns_are_noticed_by_their_checksums_and_made_anew_from_whoosh(archive: Archive) -> None:
    put_only(archive, 20)
    build.update(archive.store, archive.engine)
    assert not build.mend(archive.store, archive.engine)
    before = [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits]
    for name in ("often.npy", "terms.trie"):
        damaged = next(archive.store.index.rglob(name))
        kept = damaged.read_bytes()
        damaged.write_bytes(kept[:-9] + bytes(9))
        assert archive.engine.check() == ["The columns of 1 segments are missing or damaged."]
        assert build.mend(archive.store, archive.engine)
        assert damaged.read_bytes() == kept
    assert WhooshEngine(archive.store.index).check() == []
    assert [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits] == before


def test_an_archive_larger_than_one_segment_is_written_in_several(archive: Archive) -> None:
    put_only(archive, 30)
    build.update(archive.store, archive.engine)
    whole = [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits]
    engine = WhooshEngine(archive.store.index, segment_places=2_000)
    build.rebuild(archive.store, engine)
    assert len(engine.columns().segments) == 3
    assert [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits] == whole
    build.tidy(archive.store, engine)
    assert len(engine.columns().segments) == 3
    assert [(hit.kept.id, hit.score) for hit in archive.ask("cát", per_page=100).hits] == whole
