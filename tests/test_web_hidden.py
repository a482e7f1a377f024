"""Does anything tell what it should not?  Figures in titles, articles taken away, other departments' things."""

import pytest
from flask import Flask

from indexer import access, accounts, audit, clock
from indexer.article import Article, Attachment
from indexer.settings import Settings
from indexer.store import articles, collections, departments, letters, screening, sources
from tests import walk
from tests.conftest import Archive
from tests.mailing import mail_server
from web import posting
from web.app import create_app
from web.letters import entry

SITE = "http://soxd.replica.test"
BODY = "Sở Xây dựng công bố giá vật liệu xây dựng. " * 12
NAMED = "Ông Nông Văn Thử, số điện thoại 0912345678, mất giấy tờ"
LIST = "Ông Nông Văn Thử, CCCD 024080012345, số điện thoại 0912345678.\n" + BODY


def site(archive: Archive, **settings: object) -> Flask:
    app = create_app(Settings(home=archive.store.home, **settings), archive.store, archive.engine)  # type: ignore[arg-type]
    app.config["WTF_CSRF_ENABLED"] = False
    return app


PUBLIC = (
    "/", "/search?q=giấy tờ", "/browse", "/browse/new", "/feed.atom", "/feed.atom?q=giấy tờ",
    "/concordance?q=vật liệu", "/concordance.csv?q=vật liệu", "/concordance.jsonl?q=vật liệu",
    "/api/v1/concordance?q=vật liệu", "/api/v1/search?q=giấy tờ", "/api/v1/articles/1",
    "/api/v1/suggest?q=ông nông", "/api/v1/suggest?q=ông nông&format=opensearch", "/articles/2",
    "/export?q=giấy tờ&format=csv", "/export?q=giấy tờ&format=ris",
)  # fmt: skip


def test_figures_of_private_people_in_a_title_stand_on_the_articles_own_page_alone(archive: Archive) -> None:
    later = BODY.replace("công bố", "niêm yết")
    archive.put(Article(f"{SITE}/1", NAMED, body=BODY), Article(f"{SITE}/2", "Mất giấy tờ", body=later))
    app = site(archive)
    reader, person = app.test_client(), walk.signed_in(app, archive.store, "researcher")
    with archive.store.write() as connection:
        box = collections.add(connection, accounts.need(connection, "researcher").id, "Giấy tờ")
        collections.put(connection, box, 1, "", [])
        kept = articles.get(connection, 1)
    assert [path for path in PUBLIC if "0912345678" in reader.get(path).text] == []
    own = (f"/desk/collections/{box}", "/desk/keep/1", "/search?q=giấy tờ")
    assert [path for path in own if "0912345678" in person.get(path).text] == []
    assert kept and "0912345678" not in entry(Settings(home=archive.store.home), "vi", kept)
    assert "0912345678" in reader.get("/articles/1").text


@pytest.fixture
def vanished(archive: Archive) -> int:
    """A page with personal data that its source shows no more."""
    return archive.put(Article(f"{SITE}/1", "Danh sách", body=LIST))[0]


def allow(archive: Archive, number: int, app: Flask) -> int:
    """The editor lets the text be public; what a reader gets of the article then."""
    editor = walk.signed_in(app, archive.store, "editor")
    with archive.store.read() as connection:
        found = screening.of_article(connection, number)[0]
    assert editor.post(f"/admin/cases/personal/{found.id}/allow", data={"reason": "số cơ quan"}).status_code == 303
    return app.test_client().get(f"/articles/{number}").status_code


def test_what_was_taken_from_the_public_for_its_personal_data_comes_back_with_them(
    archive: Archive, vanished: int
) -> None:
    with archive.store.write() as connection:
        articles.gone(connection, vanished, clock.now())
    app = site(archive)
    assert app.test_client().get(f"/articles/{vanished}").status_code == 404
    assert allow(archive, vanished, app) == 200


@pytest.mark.parametrize("first", ["by hand", "by the screen"])
def test_what_was_taken_from_the_public_for_another_reason_stays_away(
    archive: Archive, vanished: int, first: str
) -> None:
    with archive.store.write() as connection:
        if first == "by the screen":
            articles.gone(connection, vanished, clock.now())
        access.restrict(connection, vanished, "lan", "bản quyền của Báo X")
        articles.gone(connection, vanished, clock.now())
    assert allow(archive, vanished, site(archive)) == 404
    with archive.store.read() as connection:
        assert "release" not in [each.action for each in audit.found(connection)]


def test_filters_kept_for_those_who_signed_in_are_kept_everywhere(archive: Archive) -> None:
    _, gone = archive.put(Article(f"{SITE}/1", "giá cát", body=BODY), Article(f"{SITE}/2", "giá đá", body=BODY + "x"))
    with archive.store.write() as connection:
        articles.gone(connection, gone, clock.now())
    archive.put()
    app = site(archive, states_for_researchers=True)
    reader, person = app.test_client(), walk.signed_in(app, archive.store, "researcher")
    for path in ("/api/v1/search?q=giá", "/export?q=giá&format=csv", "/feed.atom?q=giá"):
        assert reader.get(f"{path}&state=off-site").status_code == 400, path
        assert person.get(f"{path}&state=off-site").status_code == 200, path
    for path in ("/concordance.csv?q=vật liệu", "/trends.csv?q=giá"):
        assert reader.get(f"{path}&state=off-site").text != person.get(f"{path}&state=off-site").text, path
    told = [each.get("/api/v1/search?q=giá").get_json()["facets"] for each in (reader, person)]
    assert ["state" in each for each in told] == [False, True]


def test_the_numbers_of_another_departments_articles_are_not_told_by_a_file_of_theirs(archive: Archive) -> None:
    archive.divide()
    file = (Attachment("http://soyte.replica.test/f.pdf", "f.pdf"),)
    with archive.store.write() as connection:
        other = sources.add(connection, "soyte", "http://soyte.replica.test/")
        sources.change(connection, other.id, department_id=departments.need(connection, "soyte").id)
        for number in (1, 2):
            told = Article(f"http://soyte.replica.test/{number}", f"tin {number}", body=BODY, attachments=file)
            articles.save(connection, other.id, told, clock.now())
    app = site(archive)
    admin = walk.signed_in(app, archive.store, "admin")
    with archive.store.write() as connection:
        accounts.add(connection, "root", walk.PASSWORD, "admin")
        bound = accounts.need(connection, "admin")
        departments.bind(connection, bound.id, [departments.need(connection, "soxd").id])
    for which in ("http://soyte.replica.test/f.pdf", "http://soyte.replica.test/none.pdf"):
        answered = admin.post("/admin/restrict", data={"which": which, "reason": "x"})
        assert (answered.status_code, f"“{which}”" in answered.text) == (400, True)


def test_who_becomes_a_researcher_looks_after_no_department(archive: Archive) -> None:
    archive.divide()
    with archive.store.write() as connection:
        accounts.add(connection, "minh", walk.PASSWORD, "editor")
        minh = accounts.need(connection, "minh")
        departments.bind(connection, minh.id, [departments.need(connection, "soxd").id])
        accounts.change_role(connection, minh, "researcher")
        assert departments.bound_to(connection, minh.id) == frozenset()


def test_days_at_the_ends_of_the_calendar_are_refused_with_a_sentence(archive: Archive) -> None:
    number = archive.put(Article(f"{SITE}/1", "giá cát", body=BODY))[0]
    admin = walk.signed_in(site(archive), archive.store, "admin")
    for path in (
        "decisions?to=9999",
        "decisions?from=0001",
        "decisions.csv?to=9999",
        "words/report/file?month=0001-01",
    ):
        assert admin.get(f"/admin/{path}").status_code < 500, path
    sent = admin.post(f"/admin/cases/{number}/correct", data={"field": "date", "text": "0001-01-01", "reason": "x"})
    assert sent.status_code == 400
    assert admin.get("/search?q=giá").status_code == 200


def test_an_address_that_no_letter_can_bear_holds_up_no_other(archive: Archive) -> None:
    with mail_server() as sink:
        told = {"smtp_host": "127.0.0.1", "smtp_port": sink.port, "smtp_tls": "none", "mail_from": "kho@example.org"}
        settings = Settings(home=archive.store.home, site_address="https://kho.example.org", sign_up="open", **told)
        app = create_app(settings, archive.store, archive.engine)
        app.config["WTF_CSRF_ENABLED"] = False
        person = {"password": walk.PASSWORD, "email": "nguyen..an@example.org"}
        assert app.test_client().post("/sign-up", data={"name": "an", **person}).status_code == 400
        with archive.store.write() as connection:
            for to in ("lan..anh@example.vn", "lan@example.vn"):  # the first from before such were refused
                letters.write(connection, "invite", None, {"address": to, "language": "vi", "nonce": "x"})
        posting.post(archive.store, archive.engine, settings)
        assert [mail["To"] for mail in sink.mails] == ["lan@example.vn"]
    with archive.store.read() as connection:
        assert letters.due(connection) == []
