"""Does only one hold a lease at a time?"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from crawler.hold import Taken, holding
from indexer import clock, leases
from indexer.store import Store

NAME = "host:soxd.replica.test"


def take(store: Store, holder: str) -> bool:
    with store.write() as connection:
        return leases.take(connection, NAME, holder, 60)


def test_a_lease_that_is_held_is_not_given_to_another(store: Store) -> None:
    assert take(store, "a")
    assert not take(store, "b")
    assert take(store, "a")
    with store.write() as connection:
        leases.release(connection, NAME, "b")
        assert leases.holder_of(connection, NAME) == "a"
        leases.release(connection, NAME, "a")
        assert leases.holder_of(connection, NAME) is None
    assert take(store, "b")


def test_a_lease_ends_unless_it_is_renewed(store: Store, set_clock: Callable[[datetime], None]) -> None:
    began = clock.now()
    assert take(store, "a")
    set_clock(began + timedelta(seconds=50))
    with store.write() as connection:
        assert leases.renew(connection, NAME, "a", 60)
    set_clock(began + timedelta(seconds=100))
    assert not take(store, "b")
    set_clock(began + timedelta(seconds=111))
    assert take(store, "b")
    with store.write() as connection:
        assert not leases.renew(connection, NAME, "a", 60)


def test_of_many_who_ask_at_once_one_is_given_the_lease(store: Store) -> None:
    given: list[str] = []

    def ask(holder: str) -> None:
        if take(store, holder):
            given.append(holder)

    threads = [threading.Thread(target=ask, args=(str(number),)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(given) == 1


def test_a_lease_does_not_stick_when_the_clock_is_put_back(store: Store, set_clock: Callable[[datetime], None]) -> None:
    began = clock.now()
    assert take(store, "a")
    set_clock(began - timedelta(days=1))
    assert take(store, "b")


def test_a_living_process_beside_us_keeps_its_host_when_the_clock_is_put_forward(
    store: Store, set_clock: Callable[[datetime], None]
) -> None:
    began, stop = clock.now(), threading.Event()
    with holding(store, "soxd.replica.test", None, None, stop):
        set_clock(began + timedelta(days=31))
        with pytest.raises(Taken), holding(store, "soxd.replica.test", None, None, stop):
            pass
    with holding(store, "soxd.replica.test", None, None, stop):
        pass
