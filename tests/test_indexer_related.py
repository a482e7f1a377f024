"""Which articles are near to one?"""

from indexer import access
from indexer.article import Article, Kept
from indexer.clock import now
from indexer.glossary import load
from indexer.related import MOST, related
from indexer.searcher import searcher_of
from indexer.store import articles
from tests.conftest import Archive

SITE = "http://soxd.replica.test"
SAND = "Cát nghiền từ đá vôi thay thế cát tự nhiên trong bê tông và vữa xây dựng."


def put(archive: Archive) -> list[int]:
    others = [
        Article(f"{SITE}/o{n}", title=f"Họp giao ban tuần {n}", body=f"Văn phòng thông báo lịch họp giao ban số {n}.")
        for n in range(12)
    ]
    return archive.put(
        Article(f"{SITE}/1", title="Cát nghiền thay cát tự nhiên", body=SAND),
        Article(f"{SITE}/2", title="Tiêu chuẩn cát nghiền cho bê tông", body="Quy định chất lượng cát nghiền, đá vôi."),
        Article(f"{SITE}/3", title="Cát nghiền thay cát tự nhiên", body=f"{SAND} Đăng lại."),
        Article(f"{SITE}/4", title="Đăng lại", body=SAND),
        *others,
    )


def near(archive: Archive, number: int) -> list[int]:
    with archive.store.read() as connection:
        kept = articles.get(connection, number)
    assert isinstance(kept, Kept)
    nearest = searcher_of(archive.store, archive.engine.columns(), load()).nearest(kept)
    return [each.id for each in related(kept, nearest, archive.store)]


def test_the_nearest_shares_rare_words_and_a_repost_is_none(archive: Archive) -> None:
    first, second, *_ = put(archive)
    assert near(archive, first) == [second]
    assert near(archive, second)[0] in (first, first + 2, first + 3)
    assert len(near(archive, first + 4)) <= MOST


def test_what_may_not_be_seen_is_never_near(archive: Archive) -> None:
    first, second, *_ = put(archive)
    with archive.store.write() as connection:
        access.restrict(connection, second, "lan", "a complaint")
    assert second not in near(archive, first)


def test_an_article_that_the_index_does_not_hold_has_none(archive: Archive) -> None:
    first, *_ = put(archive)
    with archive.store.write() as connection:
        fresh = articles.save(connection, archive.source.id, Article(f"{SITE}/new", title="Cát nghiền"), now()).id
    assert near(archive, fresh) == [] and near(archive, first)
