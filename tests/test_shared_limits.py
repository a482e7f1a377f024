"""Do the processes of all hosts count programs' requests together, and is nobody refused when the counter is gone?"""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from indexer import alarms
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store
from tests.conftest import Archive
from tests.servers import redis
from web.app import create_app
from web.tally import AGAIN_SECONDS, Tally

MOST = 6
ASKED = "/api/v1/search?q=nha"


@pytest.fixture(scope="module")
def counter() -> Iterator[redis.Redis]:
    with redis.running() as server:
        yield server


def site(archive: Archive, limits: str) -> FlaskClient:
    settings = replace(Settings(home=archive.store.home), limits=limits, api_requests_per_minute=MOST)
    return create_app(settings, archive.store, archive.engine).test_client()


def troubles(store: Store) -> list[str]:
    with store.read() as connection:
        return [each.cause for each in alarms.ringing(connection)]


@pytest.fixture
def filled(archive: Archive) -> Archive:
    archive.put(Article("http://soxd.replica.test/1", title="Nhà ở xã hội", body="Khởi công nhà ở xã hội."))
    return archive


@pytest.fixture
def at_a_beginning() -> None:
    """A minute that lasts until the test is over: the counts begin anew with each."""
    left = 60 - time.time() % 60
    if left < 25:
        time.sleep(left)


@pytest.mark.cluster
def test_two_sites_count_one_program_together(filled: Archive, counter: redis.Redis, at_a_beginning: None) -> None:
    one, other = site(filled, counter.address), site(filled, counter.address)
    answers = [(one, other)[turn % 2].get(ASKED) for turn in range(MOST + 1)]
    assert [each.status_code for each in answers] == [200] * MOST + [429]
    assert [each.headers["RateLimit-Remaining"] for each in answers] == ["5", "4", "3", "2", "1", "0", "0"]


@pytest.mark.cluster
def test_without_a_redis_each_site_counts_for_itself(filled: Archive, at_a_beginning: None) -> None:
    one, other = site(filled, ""), site(filled, "")
    assert {each.get(ASKED).status_code for _ in range(MOST) for each in (one, other)} == {200}
    assert one.get(ASKED).status_code == 429


@pytest.mark.cluster
def test_readers_are_answered_while_redis_is_gone_and_one_alarm_rings_until_it_is_back(
    filled: Archive, counter: redis.Redis, at_a_beginning: None, caplog: pytest.LogCaptureFixture
) -> None:
    one = site(filled, counter.address.replace("/0", "/1"))
    assert one.get(ASKED).status_code == 200
    with caplog.at_level(logging.WARNING, "web.tally"):
        counter.stop()
        began = time.monotonic()
        assert [one.get(ASKED).status_code for _ in range(MOST + 1)] == [200] * MOST + [429]  # counted here meanwhile
        assert time.monotonic() - began < 15  # nobody waits for it again and again
        assert len(caplog.records) == 1 and troubles(filled.store) == ["limits"]
        counter.start()
        time.sleep(AGAIN_SECONDS + 0.1)
        assert one.get(ASKED).headers["RateLimit-Remaining"] == str(MOST - 1)  # Redis kept nothing
        assert len(caplog.records) == 2 and troubles(filled.store) == []


@pytest.mark.cluster
def test_what_is_no_address_of_a_redis_is_told_at_the_start(archive: Archive) -> None:
    with pytest.raises(KhotinError, match="no address of a Redis"):
        Tally("reddis//nowhere", archive.store)
