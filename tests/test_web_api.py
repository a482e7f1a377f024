"""How does a program ask?"""

from datetime import UTC, datetime

import numpy as np
import pytest
from flask.testing import FlaskClient

from indexer import access, build
from indexer.article import Article, Attachment
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from tests.conftest import Archive
from web.answers import answer, article_answer
from web.app import create_app

HOUSING = Article(
    "http://soxd.replica.test/1",
    title="Khởi công dự án nhà ở xã hội",
    lead="Sáng nay.",
    body="Dự án nhà ở xã hội có 480 căn hộ.",
    attachments=(Attachment("http://soxd.replica.test/a.pdf", "Kế hoạch.pdf", "application/pdf", "d", "Nội dung"),),
    section="Quản lý nhà ở",
    unit="Văn phòng Sở",
    published=datetime(2024, 10, 18, 1, 0, tzinfo=UTC),
    external_id="a1",
)
SAND = Article("http://soxd.replica.test/2", title="Cát nghiền từ đá vôi", body="Nguồn cát sông ngày càng cạn.")


@pytest.fixture
def api(archive: Archive) -> FlaskClient:
    archive.put(HOUSING, SAND)
    engine = WhooshEngine(archive.store.index)  # the site is a process of its own
    return create_app(Settings(home=archive.store.home), archive.store, engine).test_client()


def test_a_search_answers_what_the_contract_names(api: FlaskClient) -> None:
    told = api.get("/api/v1/search", query_string={"q": "nha o xa hoi"}).get_json()
    contract = {"query", "interpretation", "total", "near_total", "took_ms", "hits", "facets", "timeline"}
    assert contract <= set(told)
    assert told["total"] == 1 and told["took_ms"] >= 0
    assert told["query"] == {"q": "nha o xa hoi", "page": 1, "per_page": 10, "sort": "relevance"}
    assert told["interpretation"]["accents"] == "folded"
    hit = told["hits"][0]
    assert (hit["external_id"], hit["url"], hit["section"]) == ("a1", HOUSING.address, "Quản lý nhà ở")
    assert (hit["published"], hit["language"], hit["counted"]) == ("2024-10-18T01:00:00+00:00", "vi", True)
    assert {"value": "2024", "count": 1} in told["facets"]["year"]
    assert {"month": "2024-10", "hits": 1, "articles": 1} in told["timeline"]


def test_marks_are_offsets_into_the_passage_s_own_text(api: FlaskClient) -> None:
    told = api.get("/api/v1/search", query_string={"q": "nhà ở xã hội"}).get_json()
    passages = {each["zone"]: each for each in told["hits"][0]["passages"]}
    for zone in ("title", "body"):
        found = [passages[zone]["text"][start:end] for start, end in passages[zone]["marks"]]
        assert found == ["nhà ở xã hội"]


def test_an_empty_question_finds_everything(api: FlaskClient) -> None:
    assert api.get("/api/v1/search").get_json()["total"] == 2


def test_every_mistake_is_told_at_once(api: FlaskClient) -> None:
    answered = api.get("/api/v1/search?q=a&page=0&per_page=x&sort=best&from=hom-nay&state=lost&year=²&exact=maybe")
    assert answered.status_code == 400
    assert answered.mimetype == "application/problem+json"
    told = answered.get_json(force=True)
    assert (told["type"], told["status"]) == ("about:blank", 400)
    assert {each["parameter"] for each in told["errors"]} == {
        "page", "per_page", "sort", "from", "state", "year", "exact",
    }  # fmt: skip


def test_filters_of_one_facet_widen_and_those_of_two_narrow(api: FlaskClient) -> None:
    def total(parameters: str) -> int:
        return int(api.get(f"/api/v1/search?{parameters}").get_json()["total"])

    assert total("year=2024&year=2023") == 1
    assert total("section=-Quản lý nhà ở") == 1
    assert total("state=on-site&state=updated") == 0
    assert total("state=on-site&state=unchanged") == 2


def test_a_question_that_broke_is_answered_with_the_place(api: FlaskClient) -> None:
    told = api.get("/api/v1/search", query_string={"q": '"nhà ở'}).get_json()
    assert told["total"] == 1
    assert told["interpretation"]["problems"] == [{"message": "This quotation mark is not closed.", "at": 0}]


def test_an_article_is_told_whole(api: FlaskClient) -> None:
    number = api.get("/api/v1/search?q=480").get_json()["hits"][0]["id"]
    told = api.get(f"/api/v1/articles/{number}").get_json()
    assert (told["title"], told["body"], told["unit"]) == (HOUSING.title, HOUSING.body, "Văn phòng Sở")
    assert told["attachments"][0]["text"] == "Nội dung"
    assert told["versions"] == 1 and told["state"] == ["on-site", "unchanged"]


@pytest.mark.parametrize("path", ["/api/v1/articles/999", f"/api/v1/articles/{2**70}", "/api/v1/nothing"])
def test_what_is_not_there_is_a_problem_for_programs(api: FlaskClient, path: str) -> None:
    answered = api.get(path)
    assert answered.status_code == 404
    assert answered.mimetype == "application/problem+json"


def test_a_restricted_article_is_as_if_it_were_not_there(archive: Archive, api: FlaskClient) -> None:
    number = api.get("/api/v1/search?q=480").get_json()["hits"][0]["id"]
    missing = api.get("/api/v1/articles/999").get_data()
    with archive.store.write() as connection:
        access.restrict(connection, number, "admin", "theo yêu cầu")
    assert api.get(f"/api/v1/articles/{number}").get_data() == missing
    assert api.get("/api/v1/search?q=480").get_json()["total"] == 0


def test_a_wildcard_that_stands_for_too_much_is_a_problem(archive: Archive, api: FlaskClient) -> None:
    archive.put(Article("http://soxd.replica.test/3", title="Nhiều", body=" ".join(f"x{n}" for n in range(2001))))
    answered = api.get("/api/v1/search?q=x*")
    assert (answered.status_code, answered.mimetype) == (400, "application/problem+json")


def test_without_an_index_the_service_says_so(archive: Archive) -> None:
    client = create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()
    assert client.get("/api/v1/search?q=a").status_code == 503
    health = client.get("/healthz")
    assert health.status_code == 503 and health.get_json()["index"] == "missing"


def test_the_command_line_prints_the_same_values(archive: Archive, api: FlaskClient) -> None:
    told = api.get("/api/v1/search", query_string={"q": "cát"}).get_json()
    assert answer(archive.ask("cát"), told["took_ms"]) == told
    kept = archive.ask("cát").hits[0].kept
    assert article_answer(kept) == api.get(f"/api/v1/articles/{kept.id}").get_json()


def test_the_last_good_index_answers_while_the_new_one_cannot_be_read(api: FlaskClient, archive: Archive) -> None:
    assert api.get("/api/v1/search?q=cát").get_json()["total"] == 1
    archive.put(Article("http://soxd.replica.test/3", title="Mỏ cát mới"))
    newest = archive.engine.columns().segments[-1]
    damaged = next(
        each for each in archive.store.index.rglob("ids.npy") if np.load(each).tolist() == newest.ids.tolist()
    )
    damaged.unlink()
    answered = api.get("/api/v1/search?q=cát")
    assert (answered.status_code, answered.get_json()["total"]) == (200, 1)
    assert build.mend(archive.store, archive.engine)
    assert api.get("/api/v1/search?q=cát").get_json()["total"] == 2


def test_without_any_index_that_can_be_read_the_site_says_so(api: FlaskClient, archive: Archive) -> None:
    for each in archive.store.index.rglob("places.npy"):
        each.unlink()
    refused = api.get("/api/v1/search?q=cát")
    assert refused.status_code == 503
    assert "khotin index check --repair" in refused.get_json()["detail"]


def test_series_are_gathered_for_a_program_only_when_it_asks(archive: Archive) -> None:
    archive.put(*(Article(f"http://x/{n}", title=f"Công bố giá vật liệu tháng {n}/2024") for n in range(1, 6)))
    api = create_app(Settings(home=archive.store.home), archive.store, archive.engine).test_client()
    plain = api.get("/api/v1/search?q=gi%C3%A1+v%E1%BA%ADt+li%E1%BB%87u").get_json()
    gathered = api.get("/api/v1/search?q=gi%C3%A1+v%E1%BA%ADt+li%E1%BB%87u&collapse=1").get_json()
    assert (plain["total"], len(plain["hits"]), "groups" in plain) == (5, 5, False)
    assert (gathered["total"], gathered["groups"], len(gathered["hits"])) == (5, 1, 1)
    assert gathered["hits"][0]["group"] == {"kind": "series", "more": 4}
    assert gathered["facets"] == plain["facets"]
