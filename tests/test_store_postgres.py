"""Does the store keep its promises on PostgreSQL: one state for readers, writers in turn, nothing lost?"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from indexer import build, clock, destroy, doctor
from indexer.article import Article
from indexer.destroy import Decided
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError, NotNowError
from indexer.settings import Settings
from indexer.store import Store, articles, open_store, sources
from indexer.store import postgres as kept_there
from indexer.store.tables import decisions, metadata
from tests.servers import postgres
from web.app import create_app

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parent.parent


@pytest.fixture
def store(served: postgres.Postgres, tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(tmp_path / "data", create=True)) as opened:
        yield opened


def write_down(store: Store, subject: str) -> None:
    row = {"at": clock.now(), "who": "a", "action": "b", "subject": subject, "reason": ""}
    with store.write() as connection:
        connection.execute(insert(decisions).values(row))


def written(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.execute(select(decisions.c.subject)).scalars())


def test_a_reader_sees_one_state_from_its_first_statement_on(store: Store) -> None:
    write_down(store, "1")
    count = select(func.count()).select_from(decisions)
    with store.read() as connection:
        assert connection.scalar(count) == 1
        write_down(store, "2")
        assert connection.scalar(count) == 1
    assert written(store) == ["1", "2"]


COUNT_ON = """
import random, sys, time
from pathlib import Path
from sqlalchemy import func, insert, select
from indexer import clock
from indexer.store import articles, open_store
from indexer.store.tables import decisions
store = open_store(Path(sys.argv[1]))
for _ in range(40):
    with store.write() as connection:
        before = connection.scalar(select(func.count()).select_from(decisions))
        time.sleep(random.random() / 100)
        number = articles.next_change(connection, "crawl")
        row = {"at": clock.now(), "who": str(before), "action": "b", "subject": str(number), "reason": ""}
        connection.execute(insert(decisions).values(row))
"""


def test_numbers_of_several_processes_appear_in_the_order_in_which_they_rise(store: Store) -> None:
    """The index follows these numbers: one that came in below its last would never be taken up."""
    command = [sys.executable, "-c", COUNT_ON, str(store.home)]
    writers = [subprocess.Popen(command, cwd=ROOT) for _ in range(3)]
    while any(each.poll() is None for each in writers):
        numbers = sorted(map(int, written(store)))
        assert numbers == list(range(1, len(numbers) + 1))
    assert [each.returncode for each in writers] == [0, 0, 0]
    with store.read() as connection:
        rows = connection.execute(select(decisions.c.who, decisions.c.subject)).all()
    assert len(rows) == 120
    assert all(int(before) + 1 == int(number) for before, number in rows), "a writer sees all that was written before"


def test_a_writer_that_is_killed_stands_in_nobodys_way(store: Store) -> None:
    holding = (
        "import sys, time; from pathlib import Path; from indexer.store import articles, open_store\n"
        "store = open_store(Path(sys.argv[1]))\n"
        "with store.write() as c: articles.next_change(c, 'crawl'); print('has it', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", holding, str(store.home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with store.write() as connection:
        assert articles.next_change(connection, "crawl") == 1


def test_a_writer_that_waits_sees_what_the_one_before_it_wrote(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with store.write() as connection:
            articles.next_change(connection, "crawl")
            begun.set()
            go_on.wait()

    other = threading.Thread(target=first)
    other.start()
    begun.wait()
    threading.Timer(0.5, go_on.set).start()
    with store.write() as connection:
        assert articles.next_change(connection, "crawl") == 2
    other.join()


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(NotNowError), store.read() as connection:
        articles.next_change(connection, "crawl")


def test_a_server_that_is_gone_is_told_and_met_again_as_if_nothing_had_been(tmp_path: Path) -> None:
    with postgres.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_STORE", server.address)
        with closing(open_store(tmp_path / "data", create=True)) as store:
            write_down(store, "before")
            engine = WhooshEngine(store.index)
            build.update(store, engine)
            app = create_app(Settings(home=store.home), store, engine)
            with pytest.raises(NotNowError, match="cannot be reached"), store.write() as connection:
                articles.next_change(connection, "crawl")
                server.stop(signal.SIGQUIT)  # as good as a crash
                articles.next_change(connection, "crawl")
            answered = app.test_client().get("/api/v1/search?q=a")
            assert answered.status_code == 503
            assert "postgres@" not in answered.get_data(as_text=True).replace("postgres@127.0.0.1", "")
            with pytest.raises(NotNowError, match="cannot be reached"):
                open_store(tmp_path / "data")
            server.start()
            assert written(store) == ["before"]
            with store.write() as connection:
                assert articles.next_change(connection, "crawl") == 1, "nothing of what was cut off is there"
            assert app.test_client().get("/api/v1/search?q=a").status_code == 200


def test_its_shape_is_the_one_that_the_code_knows(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        narrow = "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND "
        assert connection.scalar(text(f"{narrow} data_type = 'integer'")) == 0


def test_what_sqlite_takes_is_taken(store: Store) -> None:
    """Numbers of 64 bits, texts with the character 0, and the order of characters."""
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/")
        given = Article("http://soxd.replica.test/1", title="A", section="x\x00y", body="Ă")
        number = articles.save(connection, source.id, given, clock.now()).id
    with store.read() as connection:
        kept = articles.get(connection, number)
        assert kept and kept.article.section == "x\ufffdy"
        assert articles.get(connection, 2**62) is None
        order = connection.execute(text("SELECT * FROM unnest(ARRAY['b', 'B', 'ă', 'a', 'Z']) ORDER BY 1")).scalars()
        assert list(order) == ["B", "Z", "a", "b", "ă"]


def test_a_database_that_sorts_by_the_rules_of_a_language_is_refused(served: postgres.Postgres, tmp_path: Path) -> None:
    served.ask("CREATE DATABASE other TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_STORE", served.address.replace("/khotin", "/other"))
        with pytest.raises(KhotinError, match="CREATE DATABASE other TEMPLATE template0"):
            open_store(tmp_path / "data", create=True)
    served.ask("DROP DATABASE other")


@pytest.mark.parametrize("database", ["nowhere", "khotin"])
def test_what_cannot_be_opened_is_told_without_the_password(
    served: postgres.Postgres, tmp_path: Path, database: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        address = served.address.replace("postgres@", "postgres:verysecret@").replace("/khotin", f"/{database}")
        patch.setenv("KHOTIN_STORE", f"{address}?schema=empty")
        with pytest.raises(KhotinError) as told:
            open_store(tmp_path / "data")
    assert database in str(told.value) and "verysecret" not in str(told.value)


def test_the_tables_of_another_program_are_left_alone(served: postgres.Postgres, tmp_path: Path) -> None:
    served.ask("CREATE SCHEMA k_theirs; CREATE TABLE k_theirs.mine (id int)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_STORE", f"{served.address}?schema=k_theirs")
        with pytest.raises(KhotinError, match="another program"):
            open_store(tmp_path / "data", create=True)


def test_several_processes_may_open_a_new_archive_at_once(served: postgres.Postgres, tmp_path: Path) -> None:
    opening = (
        "import sys; from pathlib import Path; from indexer.store import open_store; "
        "print(open_store(Path(sys.argv[1]), create=True).id)"
    )
    command = [sys.executable, "-c", opening, str(tmp_path / "data")]
    several = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert len({each.communicate()[0] for each in several}) == 1
    assert [each.returncode for each in several] == [0] * 4


def test_the_doctor_finds_it_well(store: Store) -> None:
    build.update(store, WhooshEngine(store.index))
    told = {name: finding.verdict for name, finding in doctor.examine(store.home)}
    assert told["Database"] == told["References"] == told["Opening the database"] == "fine"


SECRET = "Zyxnguyễn Zyxvăn Bảy ở Zyxđồi"


def test_nothing_of_a_destroyed_article_is_left_in_the_servers_files(tmp_path: Path) -> None:
    """Its own, not its journal: that goes with the server's checkpoints, and its copies are its operator's."""
    with postgres.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_STORE", server.address)
        with closing(open_store(tmp_path / "data", create=True)) as store:
            engine = WhooshEngine(store.index)
            number = article_to_destroy(store, engine)
            server.ask("ANALYZE; CHECKPOINT")
            assert holding(server, SECRET)
            with store.write() as connection:
                decided = Decided("12/QĐ-SXD", date(2026, 1, 5), "Giám đốc", "Luật số 91/2025/QH15, Điều 14")
                wished = destroy.wish(connection, number, "lan", decided)
            destroy.carry_out(store, engine, wished)
            server.ask("CHECKPOINT")
            assert holding(server, SECRET) == []


def article_to_destroy(store: Store, engine: WhooshEngine) -> int:
    with store.write() as connection:
        source = sources.add(connection, "soxd", "http://soxd.replica.test/")
        for each in range(20):
            other = Article(f"http://soxd.replica.test/{each}", title=f"Tin số {each}", body="Cát nghiền. " * each)
            articles.save(connection, source.id, other, clock.now())
        given = Article("http://soxd.replica.test/x", title=f"Ông {SECRET} bị nêu tên", body=f"Ông {SECRET} là ai.")
        number = articles.save(connection, source.id, given, clock.now()).id
    build.update(store, engine)
    return number


def holding(server: postgres.Postgres, words: str) -> list[str]:
    """The files of the server's tables that hold these words."""
    files = (path for path in (server.folder / "data" / "base").rglob("*") if path.is_file())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def test_a_reader_of_older_rows_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destroy, "PATIENCE_SECONDS", 0.5)
    engine = WhooshEngine(store.index)
    number = article_to_destroy(store, engine)
    with store.write() as connection:
        wished = destroy.wish(connection, number, "lan", Decided("1", date(2026, 1, 5), "a", "b"))
    with store.read() as connection:
        articles.count(connection)
        with pytest.raises(KhotinError, match="has been reading"):
            destroy.carry_out(store, engine, wished)
    destroy.carry_out(store, engine, wished)


def test_a_frozen_writer_is_cut_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_there, "TURN", kept_there.TURN.replace("'60s'", "'200ms'"))
    with pytest.raises(NotNowError), store.write() as connection:
        articles.next_change(connection, "crawl")
        time.sleep(1)
        articles.next_change(connection, "crawl")
    with store.write() as connection:
        assert articles.next_change(connection, "crawl") == 1


def test_the_command_line_says_it_in_one_sentence(tmp_path: Path) -> None:
    environment = os.environ | {
        "KHOTIN_STORE": "postgresql://khotin:verysecret@127.0.0.1:9/khotin",
        "KHOTIN_LANG": "en",
    }
    command = [sys.executable, "-m", "khotin", "--home", str(tmp_path), "search", "a"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "verysecret" not in done.stderr
    assert "cannot be reached" in done.stderr and len(done.stderr.splitlines()) == 1
