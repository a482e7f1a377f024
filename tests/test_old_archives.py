"""Do archives of every earlier version open?  Each folder of tests/data was written by the version it is named for."""

import shutil
from pathlib import Path

import pytest

from indexer import access, accounts, build, schedules
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import articles, captures, open_store, sources

ARCHIVES = sorted((Path(__file__).parent / "data").glob("archive-*"))


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda folder: folder.name)
def test_an_archive_of_an_earlier_version_opens_and_is_whole(archive: Path, tmp_path: Path) -> None:
    shutil.copytree(archive, tmp_path / "data")
    store = open_store(tmp_path / "data")
    engine = WhooshEngine(store.index)
    build.update(store, engine)
    found = search(Query(q="giá vật liệu xây dựng tháng 9/2024"), store, engine.columns(), load())
    assert found.hits[0].kept.versions == 2
    with store.read() as connection:
        source = sources.need(connection, "soxd")
        assert articles.count(connection) == 4
        assert access.hidden(connection) == {2}
        assert schedules.every(connection, source.id)[0].cron == "0 2 * * *"
        assert accounts.right_password(accounts.find(connection, "lan"), "a long password")
    assert all(captures.read(store, each).payload for each in captures.every(store, source.id) if each.status == 200)
    store.close()
