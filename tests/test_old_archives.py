"""Do archives of every earlier version open?  Each folder of tests/data was written by the version it is named for."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from indexer import access, accounts, backup, build, doctor, fixity, restore, schedules
from indexer.engine.whoosh_index import WhooshEngine
from indexer.glossary import load
from indexer.query import Query
from indexer.search import search
from indexer.store import articles, captures, database, health, open_store, sources

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
    assert fixity.run(store, engine, rest=lambda seconds: None).damaged == []
    store.close()
    told = doctor.examine(tmp_path / "data", full=True)
    assert doctor.is_well(told), [doctor.sentence(each) for _, each in told if each.verdict == "broken"]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda folder: folder.name)
def test_each_migration_by_itself_leaves_an_archive_that_the_next_one_opens(archive: Path, tmp_path: Path) -> None:
    """As an archive that met every version between: migration after migration, the rows whole each time."""
    shutil.copytree(archive, tmp_path / "data")
    path = tmp_path / "data" / database.FILE_NAME
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    steps = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    for step in steps:
        engine = database.connect(path)
        with engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, step.revision)
            with connection.begin():
                assert (health.complaints(connection, full=True), health.orphans(connection)) == ([], [])
        engine.dispose()
    assert steps[-1].revision == database.newest_revision()
    open_store(tmp_path / "data").close()


def test_a_backup_of_an_old_archive_is_restored_in_the_newest_shape(tmp_path: Path) -> None:
    shutil.copytree(ARCHIVES[0], tmp_path / "data")
    store = open_store(tmp_path / "data")
    backup.make(store, tmp_path / "khotin.tar")
    store.close()
    done = restore.restore(tmp_path / "khotin.tar", tmp_path / "elsewhere")
    assert done.articles == 4 and done.records > 0
