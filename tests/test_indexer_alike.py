"""Are series and copies gathered, for the eye alone?"""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from indexer import access, alike
from indexer.article import Article
from indexer.clock import now
from indexer.searcher import visible
from indexer.store import articles, sources
from tests.conftest import Archive

SITE = "http://soxd.replica.test"
TEXT = " ".join(
    f"Điều {n} quy định việc quản lý chất lượng công trình số {n} tại tổ dân phố {n * 7}." for n in range(30)
)


def prices(month: int) -> Article:
    return Article(
        f"{SITE}/gia/{month}",
        title=f"Công bố giá vật liệu xây dựng tháng {month}/2024",
        body=f"Giá cát, đá, xi măng tháng {month}.",
        published=datetime(2024, month, 15, tzinfo=UTC),
    )


OTHER = Article(f"{SITE}/khac", title="Hội nghị về giá vật liệu xây dựng", body="Bàn việc công bố giá.")


@pytest.fixture
def monthly(archive: Archive) -> list[int]:
    return archive.put(*(prices(month) for month in range(1, 8)), OTHER)


def test_a_monthly_series_stands_under_its_best_issue(archive: Archive, monthly: list[int]) -> None:
    found = archive.ask("công bố giá vật liệu xây dựng tháng 5/2024", collapse=True)
    asked = archive.ask("giá vật liệu xây dựng", collapse=True)
    assert found.hits[0].kept.article.title == prices(5).title
    assert (asked.total, asked.groups, asked.entries) == (8, 2, 2)
    issue = next(hit for hit in asked.hits if hit.behind)
    assert (issue.behind, issue.series) == (6, True)


def test_gathering_is_for_the_eye_alone(archive: Archive, monthly: list[int]) -> None:
    plain, gathered = (archive.ask("giá vật liệu", collapse=each) for each in (None, True))
    assert (plain.total, plain.facets, plain.timeline) == (gathered.total, gathered.facets, gathered.timeline)
    assert plain.groups == 0 and plain.entries == 8


def test_pages_count_groups(archive: Archive, monthly: list[int]) -> None:
    first, second = (archive.ask("giá vật liệu", collapse=True, per_page=1, page=page) for page in (1, 2))
    assert first.pages == 2
    assert len({first.hits[0].kept.id, second.hits[0].kept.id}) == 2


def test_under_the_sorts_by_date_nothing_is_gathered(archive: Archive, monthly: list[int]) -> None:
    found = archive.ask("giá vật liệu", collapse=True, sort="newest")
    assert found.groups == 0 and len(found.hits) == 8


def test_only_hits_are_counted_behind_another(archive: Archive, monthly: list[int]) -> None:
    found = archive.ask(
        "giá vật liệu", collapse=True, first=datetime(2024, 3, 1).date(), last=datetime(2024, 4, 30).date()
    )
    assert [(hit.behind, hit.kept.article.title) for hit in found.hits] == [(1, found.hits[0].kept.article.title)]


def test_a_restricted_issue_is_not_counted_and_leads_nowhere(archive: Archive, monthly: list[int]) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, monthly[0], "admin", "theo yêu cầu")
    found = archive.ask("giá vật liệu", collapse=True)
    assert next(hit for hit in found.hits if hit.behind).behind == 5
    assert archive.ask("", like=monthly[0]).total == 0


def test_a_series_can_be_listed_by_any_of_its_issues(archive: Archive, monthly: list[int]) -> None:
    assert archive.ask("", like=monthly[2]).total == 7
    assert archive.ask("", like=monthly[7]).total == 1
    assert archive.ask("", like=10**9).total == 0
    assert archive.ask("tháng 5", like=monthly[2]).hits[0].kept.id == monthly[4]


def test_nearly_the_same_text_from_another_source_is_a_copy(archive: Archive) -> None:
    own = Article(f"{SITE}/a", title="Quản lý chất lượng công trình", body=TEXT)
    taken = Article(f"{SITE}/b", title="Lạng Sơn siết quản lý công trình", body=TEXT + " Nguồn: Báo Xây dựng.")
    fresh = Article(f"{SITE}/c", title="Quản lý công trình", body="Chất lượng công trình được nâng lên. " * 20)
    archive.put(own, fresh)
    with archive.store.write() as connection:
        other = sources.add(connection, "bao", "http://bao.replica.test/")
        articles.save(connection, other.id, taken, now())
    archive.put()
    found = archive.ask("quản lý công trình", collapse=True)
    assert (found.total, found.groups) == (3, 2)
    assert [(hit.behind, hit.series) for hit in found.hits if hit.behind] == [(1, False)]


def test_a_copy_stays_one_when_either_is_changed(archive: Archive) -> None:
    own = Article(f"{SITE}/a", title="Khởi công cầu mới", body=TEXT)
    first, second = archive.put(own, Article(f"{SITE}/b", title="Tỉnh bắt đầu xây cầu", body=TEXT))
    archive.put(replace(own, body=TEXT + " Đã sửa."))
    view = visible(archive.store, archive.engine.columns())
    assert [alike.copies(view, first), alike.copies(view, second)] == [[second, first]] * 2
    assert [(hit.behind, hit.series) for hit in archive.ask("cầu", collapse=True).hits] == [(1, False)]


def test_the_same_title_in_two_sources_is_no_series(archive: Archive) -> None:
    archive.put(prices(1))
    with archive.store.write() as connection:
        other = sources.add(connection, "khac", "http://khac.replica.test/")
        articles.save(connection, other.id, prices(2), now())
    archive.put()
    assert archive.ask("giá vật liệu", collapse=True).groups == 2


def test_a_new_piece_of_the_index_joins_the_groups_that_were_there(archive: Archive, monthly: list[int]) -> None:
    before = archive.ask("giá vật liệu", collapse=True)
    archive.put(prices(9))
    after = archive.ask("giá vật liệu", collapse=True)
    assert (before.groups, after.groups, after.total) == (2, 2, 9)


def test_an_empty_archive_has_no_groups(archive: Archive) -> None:
    archive.put()
    view = visible(archive.store, archive.engine.columns())
    assert not alike.beside(view, 1).any() and (alike.groups(view.columns).of == alike.ALONE).all()


def test_texts_too_short_to_compare_are_left_alone(archive: Archive) -> None:
    archive.put(
        *(Article(f"{SITE}/{n}", title=f"{word} mới", body="Xem tệp đính kèm.") for n, word in enumerate("abc"))
    )
    assert (alike.groups(archive.engine.columns()).of == alike.ALONE).all()
    assert np.array_equal(archive.engine.columns().live.sum(), 3)
