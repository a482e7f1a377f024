"""What are articles narrowed by that no column holds?"""

import pytest

from indexer.article import Article, Attachment
from indexer.clock import now
from indexer.query import ATTACHMENTS, from_parameters
from indexer.store import articles, sources
from indexer.store.outside import ENDINGS, kind_of
from indexer.store.tables import addresses
from tests.conftest import Archive

SITE = "http://soxd.replica.test"


def notice(number: int, *files: str) -> Article:
    attached = tuple(Attachment(f"{SITE}/{name}", name) for name in files)
    return Article(f"{SITE}/{number}", title=f"Thông báo thứ {number}", attachments=attached)


def titles(archive: Archive, **facets: tuple[str, ...]) -> set[str]:
    return {hit.kept.article.title[-1] for hit in archive.ask("thông báo", facets=facets).hits}


@pytest.fixture
def notices(archive: Archive) -> list[int]:
    return archive.put(notice(1, "a.pdf", "b.DOCX"), notice(2, "c.pdf"), notice(3), notice(4, "tai-ve?id=5"))


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"{SITE}/a.PDF", "pdf"),
        (f"{SITE}/tai?file=b%2Edocx", "word"),
        (f"{SITE}/Bảng%20giá.xlsx?v=2", "excel"),
        (f"{SITE}/ảnh.jpeg", "image"),
        (f"{SITE}/download/15", "other"),
        ("http://[", "other"),
        ("", "other"),
    ],
)
def test_a_file_has_a_kind_by_its_address(address: str, kind: str) -> None:
    assert kind_of(address) == kind


def test_every_kind_of_file_can_be_asked_for() -> None:
    assert {*ENDINGS, "other", "with", "without"} == set(ATTACHMENTS)


def test_attachments_narrow_by_presence_and_kind(archive: Archive, notices: list[int]) -> None:
    assert titles(archive, attachment=("with",)) == {"1", "2", "4"}
    assert titles(archive, attachment=("without",)) == {"3"}
    assert titles(archive, attachment=("word", "other")) == {"1", "4"}
    assert titles(archive, attachment=("slides",)) == set(), "a kind that no file is of"
    assert titles(archive, attachment=("pdf", "-word")) == {"2"}
    counts = dict(archive.ask("thông báo").facets["attachment"])
    assert counts == {"with": 3, "without": 1, "pdf": 2, "word": 1, "other": 1}


def test_gone_moved_and_unwatched_are_told_apart(archive: Archive, notices: list[int]) -> None:
    with archive.store.write() as connection:
        articles.gone(connection, notices[0], now())
        old = {
            "source_id": archive.source.id,
            "address": f"{SITE}/old",
            "kind": "article",
            "state": "kept",
            "status": 301,
        }
        connection.execute(addresses.insert().values(old | {"article_id": notices[1], "first_seen": now()}))
        other = sources.add(connection, "cu", "http://cu.replica.test/")
        articles.save(connection, other.id, notice(5), now())
        sources.remove(connection, other.id)
    archive.put()
    assert titles(archive, state=("off-site",)) == {"1"}
    assert titles(archive, state=("moved",)) == {"2"}
    assert titles(archive, state=("source-gone",)) == {"5"}
    assert titles(archive, state=("on-site",)) == {"2", "3", "4"}
    assert titles(archive, state=("on-site", "-moved", "unchanged")) == {"3", "4"}
    counts = dict(archive.ask("thông báo").facets["state"])
    assert counts == {"on-site": 3, "off-site": 1, "source-gone": 1, "moved": 1, "unchanged": 5}


def test_an_unknown_kind_is_a_mistake_that_names_the_known_ones() -> None:
    query, mistakes = from_parameters({"attachment": ["exe", "-pdf"], "like": ["0"], "collapse": ["yes"]})
    assert query.facets == {"attachment": ("-pdf",)}
    assert [each.name for each in mistakes] == ["collapse", "like", "attachment"]
