"""Is what is decided about single articles kept, shown and found as it was decided?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from indexer import access, alarms, audit, build, clock, deciding
from indexer.article import Article, Attachment, Kept
from indexer.settings import Settings
from indexer.store import articles, corrections, requests, screening
from tests.conftest import Archive
from tests.walk import signed_in, site
from web.shelf import Shelf

SITE = "http://soxd.replica.test"
FILE = f"{SITE}/danh-sach.pdf"
ROW = "Ông Nông Văn Thử, sinh ngày 12/03/1980, CCCD số 020080001234, được thuê nhà ở xã hội."
CLEAN = "Sở Xây dựng công bố giá vật liệu xây dựng tháng 9/2024. Điện thoại Văn phòng Sở: (0205) 3812 345."
AT = datetime(2024, 3, 5, 2, 0, tzinfo=UTC)
PAGE = Article(
    f"{SITE}/1", title="Danh sách thuê nhà", body="Kèm danh sách.", attachments=(Attachment(FILE, "DS.pdf"),)
)


def kept(archive: Archive, number: int = 1) -> Kept:
    with archive.store.read() as connection:
        found = articles.get(connection, number)
    assert found
    return found


def arrives(archive: Archive, text: str, digest: str = "1") -> None:
    with archive.store.write() as connection:
        file = Attachment(FILE, "", "application/pdf", digest, text)
        articles.file_arrived(connection, archive.source.id, file, AT)


def found_in(archive: Archive, number: int = 1) -> list[screening.Found]:
    with archive.store.read() as connection:
        return screening.of_article(connection, number)


def app_of(archive: Archive, role: str = "admin") -> FlaskClient:
    patient = Settings(home=archive.store.home, session_hours=1000, session_idle_minutes=60_000)
    here = Shelf(patient, archive.store, archive.engine)
    return signed_in(site(archive.store, here), archive.store, role)


def test_a_file_with_personal_data_is_withheld_until_an_admin_allows_it_once_for_all(archive: Archive) -> None:
    archive.put(PAGE)
    arrives(archive, ROW)
    build.update(archive.store, archive.engine)
    assert not archive.ask("Nông Văn Thử").total and archive.ask("danh sách thuê nhà").total
    assert [(each.text, each.problem) for each in kept(archive).article.attachments] == [("", screening.WITHHELD)]
    with archive.store.read() as connection:
        assert not any(ROW in each.text for one in articles.history(connection, 1) for each in one.attachments)
        assert [each.cause for each in alarms.ringing(connection)] == [screening.ALARM]
    found = found_in(archive)[0]
    assert (found.state, found.kinds) == ("withheld", {"id": 1, "birth": 1})
    arrives(archive, ROW)  # the same bytes again
    assert kept(archive).versions == 1 and len(found_in(archive)) == 1
    with archive.store.write() as connection:
        deciding.allow(connection, found, "lan", "danh sách đã công bố")
        assert not alarms.ringing(connection)
    build.update(archive.store, archive.engine)
    assert archive.ask("Nông Văn Thử").total == 1
    arrives(archive, ROW, digest="2")  # other bytes, the same text: decided
    assert kept(archive).article.attachments[0].text == ROW
    arrives(archive, ROW + " Bà Hứa Thị Mẫu, CCCD 020180004321.", digest="3")
    assert not kept(archive).article.attachments[0].text
    assert {each.state for each in found_in(archive)} == {"public", "withheld"}


def test_what_was_allowed_can_be_withheld_again_in_every_version(archive: Archive) -> None:
    archive.put(PAGE)
    arrives(archive, ROW)
    with archive.store.write() as connection:
        deciding.allow(connection, screening.of_article(connection, 1)[0], "lan", "nhầm")
        deciding.keep(connection, screening.of_article(connection, 1)[0], "lan", "có số giấy tờ")
        history = articles.history(connection, 1)
    assert not kept(archive).article.attachments[0].text and not history[-1].attachments[0].text
    assert found_in(archive)[0].state == "kept" and found_in(archive)[0].text == ROW


def test_a_page_with_personal_data_is_listed_while_it_stands_and_restricted_when_it_vanishes(archive: Archive) -> None:
    archive.put(Article(f"{SITE}/1", title="Kết quả", body=ROW), Article(f"{SITE}/2", title="Giá cát", body=CLEAN))
    assert found_in(archive)[0].state == "listed" and not found_in(archive, 2)
    assert archive.ask("Nông Văn Thử").total == 1
    with archive.store.write() as connection:
        for number in (1, 2):
            articles.gone(connection, number, AT)
    assert kept(archive).restricted_at and not kept(archive, 2).restricted_at
    with archive.store.read() as connection:
        assert audit.found(connection, limit=1)[0].who == screening.SCREEN
    assert not archive.ask("Nông Văn Thử").total and archive.ask("giá cát").total == 1
    with archive.store.write() as connection:
        access.release(connection, 1, "lan", "đã công bố rộng rãi")
        articles.seen(connection, 1, AT)
        articles.gone(connection, 1, AT)
    assert not kept(archive).restricted_at and found_in(archive)[0].state == "public"


def test_an_archive_of_before_is_looked_through(archive: Archive) -> None:
    archive.put(PAGE)
    arrives(archive, CLEAN)
    with archive.store.write() as connection:  # as an earlier version kept it
        raw = (Attachment(FILE, "DS.pdf", "application/pdf", "1", ROW),)
        articles.change_files(connection, 1, lambda file: raw[0])
    assert deciding.look_through(archive.store) == 1
    assert not kept(archive).article.attachments[0].text and found_in(archive)[0].text == ROW


def test_numbers_are_hidden_in_passages_and_exports_and_stand_on_the_page(archive: Archive) -> None:
    archive.put(Article(f"{SITE}/1", title="Kết quả bốc thăm", body=f"{ROW}\n{CLEAN}"))
    client = app_of(archive, "researcher")
    for address in (
        "/search?q=CCCD+số", "/api/v1/search?q=bốc thăm thuê nhà", "/api/v1/articles/1", "/concordance?q=CCCD",
        "/export?q=bốc+thăm&format=csv", "/export?q=bốc+thăm&format=jsonl", "/export?q=bốc+thăm&format=txt",
        "/api/v1/articles/1/versions", "/feed.atom?q=CCCD",
    ):  # fmt: skip
        told = client.get(address).get_data(as_text=True)
        assert "020080001234" not in told and "0200••••••34" in told, address
    assert "020080001234" in client.get("/articles/1").get_data(as_text=True)
    assert client.get("/api/v1/articles/1").get_json()["masked"] is True


def test_a_correction_stands_beside_what_the_source_says_and_survives_a_crawl(archive: Archive) -> None:
    first = Article(
        f"{SITE}/1", title="Thông báo số 12 về bãi đá", body="Bãi đá ở xã Mẫu.", section="Tin tức", published=AT
    )
    archive.put(first)
    client = app_of(archive)
    for field, text in (("title", "Thông báo số 21 về mỏ cát"), ("date", "2019-06-01"), ("section", "Khoáng sản")):
        fields = {"field": field, "text": text, "reason": "Nguồn ghi nhầm."}
        assert client.post("/admin/cases/1/correct", data=fields).status_code == 303
    archive.put(
        Article(
            f"{SITE}/1", title="Thông báo số 12 về bãi đá", body="Bãi đá ở xã Mẫu Sơn.", section="Tin tức", published=AT
        )
    )
    assert kept(archive).versions == 2 and kept(archive).article.title == first.title
    for question in ("thông báo số 12 về bãi đá", "mỏ cát", "tiêu-đề:cát"):
        assert archive.ask(question).total == 1, question
    assert archive.ask("mẫu", first=datetime(2019, 6, 1).date(), last=datetime(2019, 6, 1).date()).total == 1
    assert dict(archive.ask("mẫu").facets["section"]) == {"Khoáng sản": 1}
    page = client.get("/articles/1?q=mỏ+cát&lang=vi").get_data(as_text=True)
    assert "Thông báo số 12 về bãi đá</h1>" in page and "<mark" in page.split("<h1")[0] and "Nguồn ghi nhầm." in page
    told = client.get("/api/v1/articles/1").get_json()
    assert told["title"] == first.title and told["date"] == "2019-06-01"
    assert {each["field"]: each["text"] for each in told["corrections"]}["section"] == "Khoáng sản"
    for name in ("csv", "jsonl", "txt"):
        assert "mỏ cát" in client.get(f"/export?q=mỏ+cát&format={name}").get_data(as_text=True)
    with archive.store.read() as connection:
        number = corrections.history(connection, 1)[-1].id
        assert audit.found(connection, limit=1)[0].after == {"section": "Khoáng sản"}
    client.post(f"/admin/cases/corrections/{number}/withdraw", data={"reason": "nhầm"})
    build.update(archive.store, archive.engine)
    assert not archive.ask("mỏ cát").total and len(kept(archive).corrections) == 2


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("date", "5/6/2019", "x"),
        ("date", "2019-02-30", "x"),
        ("title", " ", "x"),
        ("title", "Tin", " "),
        ("id", "9", "x"),
        ("title", "Tin cũ", "x"),
    ],
)
def test_a_correction_that_cannot_be_set_says_what_to_mend(
    archive: Archive, field: str, text: str, reason: str
) -> None:
    archive.put(Article(f"{SITE}/1", title="Tin cũ"))
    client = app_of(archive, "editor")
    answered = client.post("/admin/cases/1/correct", data={"field": field, "text": text, "reason": reason})
    assert answered.status_code == 400 and 'role="alert"' in answered.get_data(as_text=True)
    assert not kept(archive).corrections


def test_the_desk_finds_an_article_by_number_address_and_words(archive: Archive) -> None:
    archive.put(Article(f"{SITE}/bai-1", title="Bãi đá Mẫu Sơn", body=f"{ROW} Theo Quyết định 9471/QĐ-UBND."))
    client = app_of(archive, "editor")
    for which in ("1", f"{SITE}/bai-1/", f"{SITE.replace('http', 'https')}/bai-1#x", "http://localhost/articles/1"):
        assert client.get("/admin/cases", query_string={"which": which}).headers.get("Location") == "/admin/cases/1", (
            which
        )
    for which in ("bãi đá mẫu sơn", "9471/QĐ-UBND"):
        assert "/admin/cases/1" in client.get("/admin/cases", query_string={"which": which}).get_data(as_text=True)
    assert client.get("/admin/cases?which=không+có+đâu").status_code == 404
    assert client.get("/admin/cases/99").status_code == 404
    with archive.store.write() as connection:
        access.restrict(connection, 1, "lan", "thử")
        requests.add(connection, 1, "wrong", "Sai ngày.", "")
    page = client.get("/admin/cases/1?lang=en").get_data(as_text=True)
    for told in ("restricted on", "the import", "listed for review", "wrong information", "thử"):
        assert told in page, told
    assert app_of(archive, "researcher").get("/admin/cases").status_code == 403


def test_findings_are_shown_masked_and_decided_with_a_reason(archive: Archive) -> None:
    archive.put(PAGE)
    arrives(archive, ROW)
    client = app_of(archive, "editor")
    number = found_in(archive)[0].id
    assert "020080001234" not in client.get("/admin/cases/personal").get_data(as_text=True)
    assert "020080001234" in client.get(f"/admin/cases/personal?show={number}").get_data(as_text=True)
    path = f"/admin/cases/personal/{number}"
    assert client.post(f"{path}/allow", data={"reason": " "}).status_code == 400
    assert client.post(f"{path}/restrict", data={"reason": "Có số giấy tờ."}).status_code == 303
    assert kept(archive).restricted_at and found_in(archive)[0].state == "kept"
    assert client.post("/admin/cases/personal/99/allow", data={"reason": "x"}).status_code == 404


def test_a_late_request_rings_until_it_is_decided_and_counts_as_late(
    archive: Archive, set_clock: Callable[[datetime], None]
) -> None:
    archive.put(PAGE)
    begin = datetime(2026, 1, 5, tzinfo=UTC)
    set_clock(begin)
    client = app_of(archive, "editor")
    for kind in ("personal-data", "wrong"):
        fields = {"kind": kind, "text": "Xin gỡ số điện thoại của tôi.", "contact": "lan@example.vn"}
        assert client.post("/articles/1/report", data=fields).status_code == 303
        set_clock(begin + timedelta(minutes=5))
    set_clock(begin + timedelta(hours=80))
    with archive.store.write() as connection:
        assert requests.has_silent_late(connection)
        requests.ring_for_late(connection)
        assert not requests.has_silent_late(connection)
        assert [each.cause for each in alarms.ringing(connection)] == ["request 1"]
    inbox = client.get("/admin/cases/requests?lang=en").get_data(as_text=True)
    assert inbox.index("overdue since") < inbox.index("Request 2")
    assert client.post("/admin/cases/requests/2/examine").status_code == 303
    for number, state in ((1, "granted"), (2, "refused")):
        client.post(f"/admin/cases/requests/{number}/decide", data={"state": state, "reason": "Đã xem."})
    with archive.store.read() as connection:
        assert not alarms.ringing(connection)
        assert requests.handled(connection, begin, clock.now()) == (2, 2, 1, 1, 0)
    letter = client.get("/admin/cases/requests/1/reply").get_data(as_text=True)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in letter and "Đã xem." in letter and "lan@example.vn" in letter
