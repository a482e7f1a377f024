"""Do many departments share one archive: found by theirs, counted, moved without a rebuild, and unseen when alone?"""

import csv
import io
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from indexer import accounts, build, clock
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import articles, departments, sources
from tests import walk
from tests.conftest import Archive
from web.shelf import Shelf

RELEASE = "Ủy ban nhân dân tỉnh ban hành quyết định điều chỉnh quy hoạch chung đô thị đến năm 2045. " * 12


def made(title: str, host: str, body: str = "Cát nghiền từ đá vôi.") -> Article:
    return Article(title=title, address=f"https://{host}/{title}", body=body)


class Province(Archive):
    """Three departments; the Department of Construction has two sources, and one source is nobody's."""

    def settle(self) -> None:
        with self.store.write() as connection:
            for short, vi, en in (("soxd", "Sở Xây dựng", "Department of Construction"), ("soyte", "Sở Y tế", ""),
                                  ("sotc", "Sở Tài chính", "Department of Finance")):  # fmt: skip
                departments.add(connection, short, vi, en)
            self.numbers = {each.short: each.id for each in departments.every(connection)}
            for name, short in (("soxd", "soxd"), ("quyhoach", "soxd"), ("yte", "soyte"), ("tc", "sotc"), ("bao", "")):
                found = sources.find(connection, name) or sources.add(connection, name, f"https://{name}.test/")
                sources.change(connection, found.id, department_id=self.numbers.get(short))
                articles.save(connection, found.id, made(f"Tin {name}", f"{name}.test"), clock.now())
        build.update(self.store, self.engine)

    def move(self, source: str, department: str) -> None:
        with self.store.write() as connection:
            found = sources.need(connection, source)
            sources.change(connection, found.id, department_id=self.numbers.get(department))

    def of(self, *chosen: str) -> set[str]:
        return {hit.kept.source for hit in self.ask("cát", facets={"department": chosen} if chosen else {}).hits}

    def site(self) -> FlaskClient:
        settings = Settings(home=self.store.home, api_requests_per_minute=0)
        return walk.site(self.store, Shelf(settings, self.store, self.engine)).test_client()


@pytest.fixture
def province(archive: Archive) -> Iterator[Province]:
    found = Province.__new__(Province)
    found.store, found.engine, found.source = archive.store, archive.engine, archive.source
    found.settle()
    yield found


def test_departments_are_joined_by_or_and_left_out_by_a_hyphen(province: Province) -> None:
    assert province.of("soxd") == {"soxd", "quyhoach"}
    assert province.of("soxd", "soyte") == {"soxd", "quyhoach", "yte"}
    assert province.of("-soxd") == {"yte", "tc", "bao"}
    assert province.of("nowhere") == set()
    both = province.ask("cát", facets={"department": ("soxd", "sotc"), "source": ("tc", "yte")})
    assert [hit.kept.source for hit in both.hits] == ["tc"]


def test_facets_count_the_hits_of_each_department_and_none_for_nobodys(province: Province) -> None:
    assert province.ask("cát").facets["department"] == [("soxd", 2), ("sotc", 1), ("soyte", 1)]
    assert province.ask("cát", facets={"department": ("soxd",)}).facets["department"] == [("soxd", 2)]


def test_a_source_goes_to_another_department_without_a_rebuild(province: Province) -> None:
    generation = province.engine.columns().generation
    province.move("quyhoach", "sotc")
    assert province.of("soxd") == {"soxd"} and province.of("sotc") == {"tc", "quyhoach"}
    assert province.ask("cát").facets["department"] == [("sotc", 2), ("soxd", 1), ("soyte", 1)]
    assert province.engine.columns().generation == generation


def test_programs_are_told_whose_an_article_is(province: Province) -> None:
    client = province.site()
    told = client.get("/api/v1/search?q=cát&department=soyte").get_json()
    assert [hit["department"] for hit in told["hits"]] == ["soyte"]
    assert told["query"]["department"] == ["soyte"]
    number = told["hits"][0]["id"]
    assert client.get(f"/api/v1/articles/{number}").get_json()["department"] == "soyte"
    other = client.get("/api/v1/search?q=cát&source=bao").get_json()["hits"][0]
    assert other["department"] is None


def test_every_export_that_names_the_source_names_the_department(province: Province) -> None:
    client = province.site()
    told = {name: client.get(f"/export?q=cát&department=sotc&format={name}&lang=vi").get_data(as_text=True)
            for name in ("csv", "jsonl", "txt", "bibtex", "ris", "csl", "vi", "en")}  # fmt: skip
    assert [row["department"] for row in csv.DictReader(io.StringIO(told["csv"]))] == ["sotc"]
    assert json.loads(told["jsonl"])["department"] == "sotc"
    for name in ("txt", "ris", "csl", "vi"):
        assert "Sở Tài chính" in told[name], name
    assert "Tài chính" in told["bibtex"]


def test_a_feed_follows_one_department(province: Province) -> None:
    told = province.site().get("/feed.atom?department=soyte").get_data(as_text=True)
    assert "Tin yte" in told and "Tin tc" not in told


def test_a_page_that_a_browser_holds_is_sent_again_when_a_source_moved(province: Province) -> None:
    client = province.site()
    tag = client.get("/search?department=soxd").headers["ETag"]
    assert client.get("/search?department=soxd", headers={"If-None-Match": tag}).status_code == 304
    province.move("quyhoach", "soyte")
    assert client.get("/search?department=soxd", headers={"If-None-Match": tag}).status_code == 200


def test_names_that_are_none_or_taken_are_refused(province: Province) -> None:
    with province.store.write() as connection:
        for short, name in (("soxd", "Sở"), ("Sở", "Sở"), ("a/b", "Sở"), ("", "Sở"), ("new", "  ")):
            with pytest.raises(KhotinError):
                departments.add(connection, short, name)


def test_the_last_admin_of_the_archive_is_not_bound(province: Province) -> None:
    with province.store.write() as connection:
        for name in ("chief", "lan"):
            accounts.add(connection, name, walk.PASSWORD, "admin")
        accounts.bind(connection, accounts.need(connection, "lan"), ["soxd"])
        chief = accounts.need(connection, "chief")
        for leave in (
            lambda: accounts.bind(connection, chief, ["soxd"]),
            lambda: accounts.disable(connection, "chief"),
        ):
            with pytest.raises(KhotinError, match="only admin"):
                leave()
        accounts.disable(connection, "lan")
