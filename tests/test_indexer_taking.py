"""Which articles does a question take away?"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indexer import access, build, taking
from indexer.article import Article
from indexer.glossary import load
from indexer.query import Query
from indexer.store import articles
from indexer.taking import Gathering, batches
from tests.conftest import Archive

HOUSING = Article("http://soxd.replica.test/0", title="Nhà ở xã hội", body="Khởi công nhà ở xã hội.")


def put(archive: Archive, count: int) -> list[int]:
    days = (datetime(2024, 1, 1 + number % 28, tzinfo=UTC) for number in range(count))
    return archive.put(
        *(replace(HOUSING, address=f"http://soxd.replica.test/{n}", published=day) for n, day in enumerate(days))
    )


def gather(archive: Archive, q: str, as_asked: bool = False, **more: object) -> Gathering:
    query = Query(q=q, **more)  # type: ignore[arg-type]
    return taking.gather(query, archive.store, archive.engine.columns(), load(), as_asked)


def taken(archive: Archive, gathered: Gathering) -> list[int]:
    return [kept.id for batch in batches(gathered, archive.store) for kept in batch.articles]


def test_all_hits_are_taken_whatever_a_page_holds_in_the_order_of_their_numbers(archive: Archive) -> None:
    numbers = put(archive, 112)
    gathered = gather(archive, "nhà ở xã hội", page=3, per_page=10)
    assert gathered.total == archive.ask("nhà ở xã hội").total == 112
    assert taken(archive, gathered) == sorted(numbers)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_or_in_the_order_that_is_asked_for(archive: Archive, sort: str) -> None:
    put(archive, 20)
    shown = [hit.kept.id for hit in archive.ask("nhà ở", sort=sort, per_page=100).hits]
    assert taken(archive, gather(archive, "nhà ở", as_asked=True, sort=sort)) == shown


def test_without_a_question_the_order_is_told_as_it_is(archive: Archive) -> None:
    put(archive, 2)
    assert gather(archive, "", as_asked=True).order == "newest"
    assert gather(archive, "nhà ở", as_asked=True).order == "relevance"


def test_near_matches_are_never_taken(archive: Archive) -> None:
    archive.put(HOUSING, Article("http://soxd.replica.test/near", title="Nhà ở", body="Nhà ở riêng lẻ."))
    results = archive.ask("nhà ở khởi công")
    assert (results.total, results.near_total) == (1, 1)
    assert gather(archive, "nhà ở khởi công").total == 1


def test_what_is_written_meanwhile_changes_neither_the_count_nor_the_articles(archive: Archive) -> None:
    numbers = put(archive, 30)
    gathered = gather(archive, "nhà ở")
    reading = batches(gathered, archive.store)
    first = next(reading)
    archive.put(replace(HOUSING, address="http://soxd.replica.test/new"))
    build.rebuild(archive.store, archive.engine)
    rest = [kept.id for batch in reading for kept in batch.articles]
    assert [kept.id for kept in first.articles] + rest == numbers
    assert gather(archive, "nhà ở").total == 31


def test_an_article_restricted_meanwhile_is_left_out_from_that_moment(archive: Archive) -> None:
    numbers = put(archive, 30)
    reading = batches(gather(archive, "nhà ở"), archive.store)
    next(reading)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[0], "lan", "too late: it was given")
        access.restrict(connection, numbers[20], "lan", "personal data")
        articles.mark(connection, numbers[21], "crawl", merged_into=numbers[1])
    batch = next(reading)
    assert batch.withheld == [numbers[20], numbers[21]]
    assert not {numbers[20], numbers[21]} & {kept.id for kept in batch.articles}


def test_a_restricted_article_is_not_even_counted(archive: Archive) -> None:
    numbers = put(archive, 3)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[1], "lan", "personal data")
    assert taken(archive, gather(archive, "nhà ở")) == [numbers[0], numbers[2]]
