"""What is true of the index in a cluster beyond the contract of every engine?"""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

from indexer import accounts, build
from indexer.article import Article
from indexer.engine.columns import IndexMissingError
from indexer.engine.open import engine_of
from indexer.engine.opensearch.connect import BusyError, ConflictError, told_lines
from indexer.engine.opensearch.engine import OpenSearchEngine
from indexer.engine.shape import body_of
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError, NotNowError
from indexer.settings import Settings
from indexer.store import Store
from tests.conftest import Archive
from tests.servers.opensearch import Cluster, settings_for
from tests.servers.ports import free_port
from tests.test_indexer_engine import document, rebuild, state
from tests.test_web_admin import PASSWORD, Desk, words
from web.app import create_app

ROOT = Path(__file__).parent.parent


@pytest.fixture
def engine(cluster: Cluster, store: Store) -> OpenSearchEngine:
    return OpenSearchEngine(settings_for(cluster, store.home), store)


def terms_in_files(engine: OpenSearchEngine, word: str) -> list[Any]:
    """The terms that the files of the index still hold, also those that no document has any more."""
    listed = {"field": "syllables", "size": 1000, "min_doc_count": 0, "include": f"{word}.*"}
    asked = {"size": 0, "aggs": {"terms": {"terms": listed}}}
    told = engine.cluster.search(f"/{engine.alias}/_search", asked)
    return [each["key"] for each in told["aggregations"]["terms"]["buckets"]]


def test_the_embedded_engine_is_chosen_unless_the_settings_name_another(store: Store) -> None:
    assert isinstance(engine_of(store), WhooshEngine)
    (store.home / "khotin.toml").write_text('engine = "opensearch"\n', encoding="utf-8")
    assert isinstance(engine_of(store), OpenSearchEngine)


def test_without_its_library_a_sentence_says_what_to_install(store: Store) -> None:
    code = (
        "import sys; sys.modules['opensearchpy'] = None\n"
        "from indexer.engine.opensearch.connect import cluster_of; from indexer.settings import Settings\n"
        "from indexer.errors import KhotinError\n"
        "try: cluster_of(Settings(engine='opensearch')).ask('GET', '/')\n"
        "except KhotinError as problem: print(problem)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pip install khotin[cluster]" in told


@pytest.mark.cluster
def test_a_cluster_that_nobody_reaches_is_not_taken_for_an_empty_one(store: Store) -> None:
    port = free_port()
    nowhere = Settings(home=store.home, engine="opensearch", opensearch_hosts=(f"http://127.0.0.1:{port}",))
    engine = OpenSearchEngine(nowhere, store)
    for refused in (engine.state, engine.stamp, engine.columns, engine.check):
        with pytest.raises(NotNowError, match=str(port)) as raised:
            refused()
        assert not isinstance(raised.value, IndexMissingError)


@pytest.mark.cluster
def test_a_writer_who_is_late_overwrites_nothing(engine: OpenSearchEngine) -> None:
    rebuild(engine, [document(1, "cát"), document(2, "cát")], state(1))
    late, told = engine.published(), engine.published().told()
    engine.write([document(1, "đá")], [2], state(3))
    late.send([document(1, "sỏi"), document(2, "sỏi")], (), state(2))
    late.refresh()
    assert told
    with pytest.raises(ConflictError):
        late.tell(state(2), told)
    assert (engine.state(), engine.numbers()) == (state(3), {1})
    columns = engine.columns()
    assert len(columns.places("đá")) == 1 and not len(columns.places("sỏi"))


@pytest.mark.cluster
def test_an_index_that_was_deleted_does_not_come_back_by_being_written(engine: OpenSearchEngine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    written = engine.published()
    engine.cluster.ask("DELETE", f"/{written.name}")
    with pytest.raises(IndexMissingError):
        written.write([document(2, "đá")], (), state(2))
    assert (engine.state(), engine.names()) == (None, [])


@pytest.mark.cluster
def test_a_document_that_no_field_fits_is_told_and_nothing_is_published(engine: OpenSearchEngine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    with pytest.raises(ValueError, match="mapper_parsing_exception"):
        engine.write([document(1 << 64, "đá")], (), state(2))
    assert engine.state() == state(1)


@pytest.mark.cluster
def test_a_cluster_that_is_busy_is_waited_for(cluster: Cluster, engine: OpenSearchEngine) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    long = document(2, "đá " * 20_000)
    hurried = engine.published(engine.asked)

    def room(most: str | None) -> None:  # for requests on their way; the nodes' own talk needs some of it
        cluster.ask("PUT", "/_cluster/settings", {"transient": {"network.breaker.inflight_requests.limit": most}})

    room("64kb")
    again = Timer(2.0, room, (None,))
    again.start()
    try:
        with pytest.raises(BusyError):
            hurried.cluster.bulk(f"/{hurried.door}", list(told_lines("index", 2, 2, body_of(long))))
        engine.write([long], (), state(2))
    finally:
        again.join()
    assert (engine.state(), engine.numbers()) == (state(2), {1, 2})


@pytest.mark.cluster
def test_what_is_forgotten_leaves_the_files_of_every_copy(engine: OpenSearchEngine) -> None:
    rebuild(engine, [document(number, f"cát mậtmã{number}") for number in range(1, 41)], state(1))
    rebuild(engine, [document(number, f"cát mậtmã{number}") for number in range(1, 41)], state(2))
    assert len(engine.names()) == 2 and "mậtmã7" in terms_in_files(engine, "mậtmã")
    engine.write((), [7], state(3))
    assert "mậtmã7" in terms_in_files(engine, "mậtmã")  # taken out, and not forgotten yet
    engine.forget([7])
    assert len(engine.names()) == 1
    for _ in range(6):  # whichever copy is asked
        assert "mậtmã7" not in terms_in_files(engine, "mậtmã")
    assert (len(engine.numbers()), engine.state()) == (39, state(3))


@pytest.mark.cluster
def test_a_replaced_index_is_removed_when_its_readers_are_gone(
    engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(engine, [document(1, "cát")], state(1))
    rebuild(engine, [document(1, "cát")], state(2))
    engine.write([document(2, "đá")], (), state(3))
    assert len(engine.names()) == 2
    monkeypatch.setattr("indexer.engine.opensearch.engine.KEPT_SECONDS", 0.0)
    engine.write([document(3, "đá")], (), state(4))
    assert engine.names() == [engine.name_published()]


@pytest.mark.cluster
def test_two_archives_share_a_cluster(cluster: Cluster, store: Store) -> None:
    first = OpenSearchEngine(settings_for(cluster, store.home), store)
    second = OpenSearchEngine(settings_for(cluster, store.home, opensearch_prefix="khotin-test-2"), store)
    rebuild(first, [document(1, "cát")], state(1))
    rebuild(second, [document(2, "đá")], state(2))
    rebuild(first, [document(3, "cát")], state(3))
    assert (first.numbers(), second.numbers()) == ({3}, {2})


@pytest.mark.cluster
def test_the_commands_keep_the_index_where_the_settings_say(cluster: Cluster, tmp_path: Path) -> None:
    home, news = tmp_path / "data", tmp_path / "news.jsonl"
    lines = [{"id": str(n), "title": f"Nhà ở xã hội số {n}", "body": "Sở Xây dựng thông báo."} for n in range(30)]
    news.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    chosen = settings_for(cluster, home)
    environment = {
        **os.environ,
        "KHOTIN_ENGINE": "opensearch",
        "KHOTIN_OPENSEARCH_HOSTS": " ".join(chosen.opensearch_hosts),
        "KHOTIN_OPENSEARCH_PREFIX": chosen.opensearch_prefix,
        "KHOTIN_LANG": "en",
    }

    def run(*words: str) -> str:
        command = [sys.executable, "-m", "khotin", "--home", str(home), *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("import", str(news))
    assert json.loads(run("search", "nhà ở xã hội", "--json"))["total"] == 30
    run("index", "rebuild")
    run("index", "check")
    assert not (home / "index").exists()
    told = cluster.ask("GET", f"/{chosen.opensearch_prefix}/_count")
    assert told["count"] == 30


@pytest.mark.cluster
def test_an_article_can_be_read_while_no_shard_answers(
    engine: OpenSearchEngine, store: Store, archive: Archive
) -> None:
    (number,) = archive.put(Article("http://soxd.replica.test/1", title="Nhà ở", body="Theo Quyết định 788/QĐ-UBND."))
    build.update(store, engine)
    pages = create_app(engine.settings, store, engine).test_client()
    assert pages.get(f"/articles/{number}?q=nhà").status_code == 200
    engine.cluster.ask("POST", f"/{engine.name_published()}/_close")
    assert pages.get("/?q=nhà").status_code == 503
    assert "788/QĐ-UBND" in pages.get(f"/articles/{number}?q=nhà").get_data(as_text=True)


def test_bad_settings_are_told(store: Store) -> None:
    (store.home / "khotin.toml").write_text('engine = "lucene"\n', encoding="utf-8")
    with pytest.raises(KhotinError, match="lucene"):
        engine_of(store)


@pytest.mark.cluster
def test_without_the_cluster_a_question_is_answered_with_503_and_the_archive_is_open(
    store: Store, archive: Archive
) -> None:
    (number,) = archive.put(Article("http://soxd.replica.test/1", title="Nhà ở xã hội", body="Sở Xây dựng thông báo."))
    port = free_port()
    nowhere = Settings(home=store.home, engine="opensearch", opensearch_hosts=(f"http://127.0.0.1:{port}",))
    pages = create_app(nowhere, store, engine_of(store, nowhere)).test_client()
    assert pages.get("/?q=nhà").status_code == 503
    told = pages.get("/api/v1/search?q=nhà")
    assert (told.status_code, told.content_type) == (503, "application/problem+json")
    assert "OpenSearch" in told.json["detail"]  # type: ignore[index]
    assert pages.get(f"/api/v1/articles/{number}").json["title"] == "Nhà ở xã hội"  # type: ignore[index]
    with store.write() as connection:
        accounts.add(connection, "admin", PASSWORD, "admin")
    desk = Desk(pages)
    desk.sign_in("admin")
    assert "The search cluster cannot be reached" in words(desk.open("/admin"))
