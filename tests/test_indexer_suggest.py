"""What might the reader have meant, and what is he about to type?"""

import pytest
from flask.testing import FlaskClient

from indexer import access
from indexer.article import Article
from indexer.glossary import load
from indexer.language.slips import LONGEST
from indexer.learn import learn
from indexer.searcher import searcher_of
from indexer.settings import Settings
from indexer.suggest import complete
from tests.conftest import Archive
from web.app import create_app

HOUSING = "Khởi công dự án nhà ở xã hội tại phường Lương Văn Tri"


@pytest.fixture
def taught(archive: Archive) -> Archive:
    archive.put(
        Article("http://soxd.replica.test/1", title=HOUSING, body="Dự án nhà ở xã hội có 480 căn hộ."),
        Article("http://soxd.replica.test/2", title="Quy hoạch chung", body="Theo Quyết định 788/QĐ-UBND."),
        Article("http://soxd.replica.test/3", title="Bà Phan Thị Hạnh nhận giấy khen", body="Bà Phan Thị Hạnh."),
        Article("http://soxd.replica.test/4", body="Quy hoạch nhà ở xã hội. Quyết định 7880/QĐ-UBND, 788/QĐ-UBND."),
        Article("http://soxd.replica.test/5", title="Social housing", body="Social housing grows.", language="en"),
    )
    learn(archive.store, archive.engine, archive.engine.columns())
    return archive


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nha o xa hoi", "nhà ở xã hội"),
        ("Nha o xa hoi", "Nhà ở xã hội"),
        ("NHA O XA HOI", "NHÀ Ở XÃ HỘI"),
        ("nhà o xa hội", "nhà ở xã hội"),
        ("quy hoach (nha o)", "quy hoạch (nhà ở)"),
        ("nhà ở xã hội", ""),
        ("social housing", ""),
        ("788", ""),
        ("", ""),
    ],
)
def test_accents_are_restored_from_the_archives_own_pairs(taught: Archive, typed: str, meant: str) -> None:
    assert taught.ask(typed).did_you_mean == meant


@pytest.mark.parametrize(("typed", "meant"), [("quy hoạhc", "quy hoạch"), ("socal housing", "social housing")])
def test_a_slip_of_the_hand_is_mended_when_nothing_was_found(taught: Archive, typed: str, meant: str) -> None:
    taught.put(Article("http://soxd.replica.test/6", title="More social housing", language="en"))
    assert taught.ask(typed).did_you_mean == meant


def test_a_word_that_is_longer_than_any_is_no_slip_of_the_hand(archive: Archive) -> None:
    word, longer = "ab" * (LONGEST // 2), "ab" * (LONGEST // 2) + "cd"
    for number in range(2):
        archive.put(Article(f"http://soxd.replica.test/{number}", title=f"Tin {number}", body=f"{word} {longer}"))
    assert archive.ask(f"x{word[1:]}").did_you_mean == word
    assert archive.ask(f"x{longer[1:]}").did_you_mean == ""


def test_who_asks_exactly_is_not_corrected(taught: Archive) -> None:
    assert taught.ask("nha o xa hoi", exact=True).did_you_mean == ""


def completions(archive: Archive, typed: str) -> list[tuple[str, str]]:
    searcher = searcher_of(archive.store, archive.engine.columns(), load())
    return [(each.kind, each.text) for each in complete(typed, searcher)]


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("nha o xa", "term", "nhà ở xã hội"),
        ("nhà ở xã", "term", "nhà ở xã hội"),
        ("social hou", "term", "social housing"),
        ("788", "number", "788/QĐ-UBND"),
        ("phuong luong", "place", "phường Lương Văn Tri"),
        ("luong van", "place", "phường Lương Văn Tri"),
        ("khoi cong du", "title", HOUSING),
        ("Khởi công dự", "title", HOUSING),
    ],
)
def test_completion_comes_from_numbers_places_terms_and_titles(
    taught: Archive, typed: str, kind: str, text: str
) -> None:
    assert (kind, text) in completions(taught, typed)


@pytest.mark.parametrize("typed", ["", "n", "  ", "zzzz", "((", '"', "%", "\x00"])
def test_there_is_nothing_to_complete_where_nothing_was_begun(taught: Archive, typed: str) -> None:
    assert completions(taught, typed) == []


def test_a_person_s_name_alone_is_never_offered(taught: Archive) -> None:
    assert "Phan Thị Hạnh" not in [text for _, text in completions(taught, "phan thi")]


def test_accents_that_were_typed_count(taught: Archive) -> None:
    assert completions(taught, "nhá ở") == []


def test_what_is_restricted_is_not_offered(taught: Archive) -> None:
    with taught.store.write() as connection:
        access.restrict(connection, 1, "admin", "Có dữ liệu cá nhân")
    assert HOUSING not in [text for _, text in completions(taught, "khoi cong")]
    assert completions(taught, "phuong luong") == []


@pytest.fixture
def api(taught: Archive) -> FlaskClient:
    return create_app(Settings(home=taught.store.home), taught.store, taught.engine).test_client()


def test_programs_and_browsers_are_told_completions(api: FlaskClient) -> None:
    told = api.get("/api/v1/suggest", query_string={"q": "nha o xa"}).get_json()
    assert {"text": "nhà ở xã hội", "kind": "term"} in told["suggestions"]
    answer = api.get("/api/v1/suggest", query_string={"q": "nha o xa", "format": "opensearch"})
    typed, texts = answer.get_json(force=True)
    assert typed == "nha o xa" and "nhà ở xã hội" in texts
    assert api.get("/api/v1/suggest").get_json()["suggestions"] == []
    assert api.get("/api/v1/suggest", query_string={"q": "x" * 5000}).status_code == 200


def test_a_word_of_one_article_alone_mends_nothing(taught: Archive) -> None:
    """However often that says it, it is as likely misspelt itself."""
    taught.put(Article("http://soxd.replica.test/6", title="Zyxquang", body="Zyxquang. Zyxquang."))
    assert taught.ask("zyxquan").did_you_mean == ""


def test_the_page_offers_what_was_meant(api: FlaskClient) -> None:
    page = api.get("/search", query_string={"q": "nha o xa hoi", "lang": "vi"}).get_data(as_text=True)
    assert "nhà ở xã hội</a>" in page


def test_a_hidden_article_s_words_are_neither_restored_nor_mended(taught: Archive) -> None:
    numbers = taught.put(
        Article("http://soxd.replica.test/6", title="Ông Quẽnh", body="Ông Quẽnh và zyxquang."),
        Article("http://soxd.replica.test/7", title="Ông Quẽnh", body="Lại ông Quẽnh, lại zyxquang."),
    )
    learn(taught.store, taught.engine, taught.engine.columns())
    assert (taught.ask("ong quenh").did_you_mean, taught.ask("zyxquan").did_you_mean) == ("ông quẽnh", "zyxquang")
    with taught.store.write() as connection:
        for each in numbers:
            access.restrict(connection, each, "admin", "theo yêu cầu")
    assert (taught.ask("ong quenh").did_you_mean, taught.ask("zyxquan").did_you_mean) == ("", "")
