"""Are fetched pages whole in a store of objects, whoever dies, and do they leave it when an article is destroyed?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.replica.content import articles as written
from crawler.replica.server import Fault, Replica, serve
from indexer import backup, build, destroy, fixity, restore
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError, NotNowError
from indexer.store import Store, articles, captures, health, open_store
from indexer.store.bucket import Bucket, Kept
from indexer.store.warc import Captured, proved
from tests import raw
from tests.conftest import add_site, one_round
from tests.servers import s3
from tests.test_indexer_destroy import Held, own_runs

pytestmark = pytest.mark.cluster

ROOT = Path(__file__).parent.parent
SHOWN = written()[:8]
DECIDED = destroy.Decided("12/QĐ-SXD", date(2026, 1, 5), "Giám đốc", "Luật số 91/2025/QH15, Điều 14")


@pytest.fixture(scope="module")
def there() -> Iterator[s3.S3]:
    with s3.running() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, there: s3.S3) -> Path:
    return with_bucket(tmp_path / "data", there, tmp_path.name)


def with_bucket(folder: Path, there: s3.S3, prefix: str) -> Path:
    """A data folder whose pages lie in the bucket."""
    folder.mkdir()
    told = f'warc = "s3://{s3.BUCKET}/{prefix}"\ns3_endpoint = "{there.endpoint}"\n'
    (folder / "khotin.toml").write_text(told)
    return folder


def begun(home: Path, replica: Replica, **options: Any) -> None:
    open_store(home, create=True).close()
    add_site(home, replica, **options)


def rows(store: Store) -> list[captures.Capture]:
    with store.read() as connection:
        return health.captures_after(connection, 0)


def is_whole(store: Store) -> bool:
    """Every record is where its row says, and says what it said."""
    return {proved(store.warc / each.warc_file, each) for each in rows(store)} <= {""}


def objects(there: s3.S3, home: Path) -> dict[str, bytes]:
    system, store = there.system(), open_store(home)
    store.close()
    assert isinstance(store.warc, Bucket)
    return {name: system.cat_file(name) for name in system.find(store.warc.root)}


def test_a_round_leaves_one_object_with_every_record_and_can_be_read_again(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
    with closing(open_store(home)) as store:
        assert len(rows(store)) > len(SHOWN) and is_whole(store)
        assert [name.rpartition("/")[2] for name in objects(there, home)] == ["round-000001.warc.gz"]
        assert not list((home / "warc").iterdir())
        with store.read() as connection:
            before = articles.last_changes(connection)
    replayed = khotin(home, "crawl", "--replay")
    assert replayed.returncode == 0, replayed.stderr
    with closing(open_store(home)) as store, store.read() as connection:
        assert articles.last_changes(connection) == before


def khotin(home: Path, *words: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False)


def test_what_a_killed_crawl_had_fetched_is_there_and_the_next_one_goes_on(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN, faults={"/index.php/": Fault("slow", 0.2)}) as replica:
        begun(home, replica)
        killed = crawling(home, replica)
        while len(replica.log) < 8:
            assert killed.poll() is None
            time.sleep(0.05)
        os.killpg(killed.pid, signal.SIGKILL)  # the round is a process of its own beside the command
        killed.wait()
        with closing(open_store(home)) as store:
            assert len(rows(store)) > 0 and is_whole(store)  # read in parts: nothing was joined yet
            assert len(objects(there, home)) > len(rows(store))
        replica.faults.clear()
        asked = len(replica.log)
        assert crawling(home, replica).wait() == 0
        assert len(replica.log) > asked
    with closing(open_store(home)) as store:
        assert is_whole(store) and len(objects(there, home)) == 1
        with store.read() as connection:
            assert articles.count(connection) == len(SHOWN)


def crawling(home: Path, replica: Replica) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"KHOTIN_RESOLVE": replica.resolve}
    return subprocess.Popen(
        [sys.executable, "-m", "khotin", "--home", str(home), "crawl", "site"], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def answer(number: int) -> Captured:
    at = next(each.published for each in SHOWN if each.published)
    return Captured(f"http://soxd.replica.test/{number}", at, "HTTP/1.1 200 OK", (), b"trang %d" % number)


def test_a_record_that_was_written_and_not_noted_is_taken_up(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
    with closing(open_store(home)) as store:
        known = rows(store)
        path = captures.path_of(store, 1)
        assert isinstance(path, Kept)
        place = captures.warc.append(path, answer(1))
        assert captures.adopt(store, known[0].source_id, 1) == 1
        assert rows(store)[-1].warc_offset == place.offset and is_whole(store)
        assert captures.adopt(store, known[0].source_id, 1) == 0


def test_nothing_is_overwritten_when_two_write_to_one_file(home: Path, there: s3.S3) -> None:
    path = Bucket(f"s3://{s3.BUCKET}/{home.parent.name}", there.endpoint) / "round-000009.warc.gz"
    captures.warc.append(path, answer(1))
    path.add(path.size(), b"of another process")
    before = path.open().read()
    with pytest.raises(KhotinError, match="Another process"):
        captures.warc.append(path, answer(2))
    assert path.open().read() == before


def test_a_store_that_is_gone_is_told_and_damages_nothing(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
    (home / "khotin.toml").write_text(f'warc = "s3://{s3.BUCKET}/x"\ns3_endpoint = "http://127.0.0.1:9"\n')
    with closing(open_store(home)) as store:
        with pytest.raises(NotNowError, match="cannot be used now"):
            captures.read(store, rows(store)[0])
        with pytest.raises(NotNowError):
            fixity.run(store, WhooshEngine(store.index), rest=lambda seconds: None)
        with store.read() as connection:
            told = fixity.under_way(connection)
        assert told and told.damaged == []


def test_a_damaged_and_a_missing_record_are_found(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
    with closing(open_store(home)) as store:
        engine = WhooshEngine(store.index)
        build.update(store, engine)
        assert fixity.run(store, engine, rest=lambda seconds: None).damaged == []
        ((name, held),) = objects(there, home).items()
        there.system().pipe_file(name, held[: rows(store)[-1].warc_offset + 20])
        assert [each["problem"] for each in fixity.run(store, engine, rest=lambda seconds: None).damaged] != []
        there.system().rm_file(name)
        told = fixity.run(store, engine, rest=lambda seconds: None).damaged
        assert len(told) == len(rows(store))


def test_a_destroyed_article_is_in_no_object_and_the_rest_is_whole(home: Path, there: s3.S3) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
        address = replica.address(SHOWN[0].node)
    with closing(open_store(home)) as store:
        engine = WhooshEngine(store.index)
        build.update(store, engine)
        with store.write() as connection:
            kept = articles.find(connection, address)
            assert kept
            number = destroy.wish(connection, kept.id, "admin", DECIDED)
        wanted = own_runs(Held(home, store, engine, kept.id, 0), kept.id)
        assert found_in(objects(there, home), wanted)
        destroy.carry_out(store, engine, number, lambda point: None)
        assert not found_in(objects(there, home), wanted)
        assert [name.rpartition("/")[2] for name in objects(there, home)] == ["round-000001.v2.warc.gz"]
        assert rows(store) and is_whole(store)


def found_in(held: dict[str, bytes], wanted: set[tuple[str, ...]]) -> bool:
    texts = (read_as for each in held.values() for data in raw.unpacked(each, 0) for read_as in raw.readings(data))
    return any(raw.runs(text) & wanted for text in texts)


def test_a_backup_holds_the_objects_and_brings_them_back_to_another_bucket(
    home: Path, there: s3.S3, tmp_path: Path
) -> None:
    with serve(shown=SHOWN) as replica:
        begun(home, replica)
        one_round(home, replica)
    with closing(open_store(home)) as store:
        backup.make(store, tmp_path / "b.tar")
        known = rows(store)
    other = with_bucket(tmp_path / "other", there, f"{tmp_path.name}-other")
    restore.restore(tmp_path / "b.tar", other)
    with closing(open_store(other)) as store:
        assert rows(store) == known and is_whole(store)
    assert list(objects(there, other).values()) == list(objects(there, home).values())


def test_a_folder_that_all_hosts_share_is_used_in_place_of_the_data_folder(tmp_path: Path) -> None:
    shared, home = tmp_path / "shared", tmp_path / "data"
    home.mkdir()
    (home / "khotin.toml").write_text(f'warc = "{shared}"\n')
    with pytest.raises(KhotinError, match="Mount it"):
        open_store(home, create=True)
    shared.mkdir()
    with serve(shown=SHOWN[:2]) as replica:
        begun(home, replica)
        one_round(home, replica)
    with closing(open_store(home)) as store:
        assert is_whole(store) and [each.name for each in shared.iterdir()] == ["round-000001.warc.gz"]
