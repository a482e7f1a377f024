"""Can the words of an archive be cared for in the browser, and does a change show what it does before it is kept?"""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from click.testing import CliRunner
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook  # type: ignore[import-untyped]

import khotin
from indexer import access, audit, clock, jobs
from indexer.article import Article
from indexer.asked import Heard
from indexer.settings import Settings
from indexer.store import questions, requests
from tests import walk
from tests.conftest import Archive
from web.app import create_app
from web.shelf import Shelf

SITE = "http://soxd.replica.test"
HOUSING = Article(f"{SITE}/1", title="Khởi công nhà ở xã hội", body="Dự án nhà ở xã hội có 480 căn hộ.")
BRIDGE = Article(f"{SITE}/2", title="Bến bãi", body="Hạng mục cầu tạm, rồi bến thủy của cầu.")
WORDS = "/admin/words"


@pytest.fixture
def app(archive: Archive) -> Flask:
    archive.put(HOUSING, BRIDGE)
    settings = Settings(home=archive.store.home, api_requests_per_minute=0)
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


@pytest.fixture
def editor(app: Flask, archive: Archive) -> FlaskClient:
    return walk.signed_in(app, archive.store, "editor")


def page(client: FlaskClient, path: str, status: int = 200, **form: object) -> BeautifulSoup:
    answered = client.post(path, data=form) if form else client.get(path)
    assert answered.status_code == status, answered.get_data(as_text=True)
    return BeautifulSoup(answered.get_data(as_text=True), "lxml")


def said(tree: Tag) -> str:
    return " ".join(tree.get_text(" ").split())


def total(client: FlaskClient, question: str) -> int:
    return int(client.get("/api/v1/search", query_string={"q": question}).get_json()["total"])


def write_questions(app: Flask) -> None:
    app.extensions["asking"].write()


def decided(archive: Archive) -> list[access.Decision]:
    with archive.store.read() as connection:
        return audit.found(connection, limit=20)


def test_a_missed_question_is_met_in_the_inbox_mended_and_answers_without_a_new_index(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    reader, generation = app.test_client(), archive.engine.columns().generation
    tag = reader.get("/search?q=nhà+ấm").headers["ETag"]
    assert total(reader, "NHA AM") == 0
    write_questions(app)
    entry = page(editor, f"{WORDS}/missed?lang=en").select(".words-missed > li")
    assert len(entry) == 1
    assert "nhà ấm" in said(entry[0])
    assert "asked in vain 2 times · 1 visitor" in said(entry[0])
    form = page(editor, str(entry[0].select("a.button")[0]["href"]))
    typed = {name: str(form.select_one(f"[name={name}]")["value"]) for name in ("missed", "question")}  # type: ignore[index]
    assert said(form.select_one("#vi")) == "nhà ấm"  # type: ignore[arg-type]
    tried = page(editor, f"{WORDS}/new?lang=en", vi="nhà ở xã hội\nnhà ấm", do="preview", **typed)
    row = said(tried.select(".words-effects tbody tr")[0])
    assert row.startswith("nhà ấm 0 Searching for: nhà ấm 1 (+1)")
    assert "= nhà ở xã hội (same meaning)" in row
    assert total(reader, "nhà ấm") == 0, "nothing is kept yet"
    page(editor, f"{WORDS}/new", 303, vi="nhà ở xã hội\nnhà ấm", do="save", **typed)
    assert "now finds 1 articles" in said(page(editor, f"{WORDS}/missed?state=mended&lang=en"))
    answered = reader.get("/search?q=nhà+ấm", headers={"If-None-Match": tag})
    assert (answered.status_code, total(reader, "nhà ấm")) == (200, 1)
    assert reader.get("/search?q=nhà+ấm", headers={"If-None-Match": answered.headers["ETag"]}).status_code == 304
    assert archive.engine.columns().generation == generation
    assert (decided(archive)[0].action, decided(archive)[0].after["vi"]) == ("add word", "nhà ở xã hội|nhà ấm")  # type: ignore[index]
    with archive.store.read() as connection:
        assert jobs.is_open(connection, "words", ["waiting"]), "all missed questions are asked again"


def test_what_staff_try_and_what_only_filters_shut_out_is_no_missed_question(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    reader = app.test_client()
    total(editor, "không ai hỏi")
    for path in ("/search?year=1999", "/search?q=nhà&year=1999", "/search?q=nhà&page=2", "/search?q=zyx&year=y"):
        reader.get(path)
    write_questions(app)
    with archive.store.read() as connection:
        assert questions.days(connection, clock.local_day(clock.now()), clock.local_day(clock.now()))[0][1:] == (2, 1)
    listed = said(page(editor, f"{WORDS}/missed"))
    assert "zyx" in listed
    assert "(1)" in listed
    assert "không ai hỏi" not in listed


def test_a_restricted_article_does_not_mend_a_question(app: Flask, archive: Archive, editor: FlaskClient) -> None:
    with archive.store.write() as connection:
        access.restrict(connection, 1, "admin", "theo yêu cầu")
    total(app.test_client(), "nhà ở xã hội")
    write_questions(app)
    page(editor, f"{WORDS}/missed", 303, folded="nha o xa hoi", do="test")
    assert "nhà ở xã hội" in said(page(editor, f"{WORDS}/missed"))
    bench = said(page(editor, f"{WORDS}/workbench?q=nhà ở xã hội&lang=en"))
    assert "0 articles hold it" in bench
    assert "Khởi công" not in bench


def test_a_question_is_left_aside_and_taken_up_again_and_no_log_tells_it(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    total(app.test_client(), "điện thoại ông Ất")
    write_questions(app)
    form = {"folded": "dien thoai ong at", "state": "open"}
    page(editor, f"{WORDS}/missed", 303, do="ignore", **form)
    assert "ông Ất" not in said(page(editor, f"{WORDS}/missed"))
    assert "ông Ất" in said(page(editor, f"{WORDS}/missed?state=ignored"))
    page(editor, f"{WORDS}/missed", 303, do="open", **form)
    assert "ông Ất" in said(page(editor, f"{WORDS}/missed"))
    assert [each.action for each in decided(archive)] == ["open missed question", "ignore missed question"]
    assert not any("at" in f"{each.reason} {each.subject}".split() for each in decided(archive))


def test_the_glossary_is_sought_changed_and_a_shipped_entry_switched_off_and_on(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    reader = app.test_client()
    row = page(editor, f"{WORDS}?q=NOXH&which=shipped").select(".words-rows tbody tr")[0]
    change, off = (str(each["href"]) for each in row.select(".words-acts a"))
    assert total(reader, "NOXH") == 1
    assert "NOXH 1" in said(page(editor, f"{off}?lang=en"))
    page(editor, off, 303, sent="1")
    assert total(reader, "NOXH") == 0
    undo = str(page(editor, f"{WORDS}?which=off").select(".words-rows form")[0]["action"])
    page(editor, undo, 303, sent="1")
    assert total(reader, "NOXH") == 1
    over = page(editor, change).select_one("[name=over]")
    assert over
    page(editor, f"{WORDS}/new", 303, vi="nhà ở xã hội|nhà ấm", do="save", over=str(over["value"]))
    assert (total(reader, "NOXH"), total(reader, "nhà ấm")) == (0, 1)
    own = page(editor, f"{WORDS}?which=own").select(".words-rows tbody tr")
    assert len(own) == 1
    edit = str(own[0].select(".words-acts a")[0]["href"])
    page(editor, edit, 303, vi="nhà ở xã hội|nhà mát", do="save")
    assert (total(reader, "nhà ấm"), total(reader, "nhà mát")) == (0, 1)
    assert decided(archive)[0].before["vi"] == "nhà ở xã hội|nhà ấm"  # type: ignore[index]
    assert "Give at least two names" in said(page(editor, f"{edit}?lang=en", 400, vi="một", do="save"))


def test_a_compound_is_tried_made_and_taken_apart(app: Flask, editor: FlaskClient) -> None:
    reader, phrase = app.test_client(), "bến thủy cầu tạm"
    assert total(reader, phrase) == 1
    shown = page(editor, f"{WORDS}/workbench?q={phrase}&compound=bến thủy của&lang=en")
    assert " ".join(said(each) for each in shown.select(".words-units b")) == phrase
    assert "1 article holds it" in said(shown)
    assert "Bến bãi" in said(shown)
    assert "2 to eight" not in said(shown)
    assert "two to eight" in said(page(editor, f"{WORDS}/workbench?compound=bến&lang=en", 400))
    page(editor, f"{WORDS}/workbench", 303, compound="bến thủy của cầu", q=phrase)
    units = reader.get("/api/v1/search?q=mở bến thủy của cầu").get_json()["interpretation"]["units"]
    assert units[-1]["text"] == "bến thủy của cầu"
    undo = str(page(editor, f"{WORDS}/workbench").select(".rows-list form")[0]["action"])
    page(editor, undo, 303, sent="1")
    units = reader.get("/api/v1/search?q=mở bến thủy của cầu").get_json()["interpretation"]["units"]
    assert units[-1]["text"] != "bến thủy của cầu"


def test_a_table_is_shown_before_it_is_kept_and_comes_out_as_it_went_in(app: Flask, editor: FlaskClient) -> None:
    table = "vi\ten\tshort\nnhà ở xã hội|nhà ấm\twarm home\tNA\nmột\t\t\n"
    file = (io.BytesIO(table.encode("utf-8-sig")), "words.tsv")
    shown = page(editor, f"{WORDS}/import?lang=en", table=file, do="show")
    assert "Line 3: Give at least two names" in said(shown)
    assert total(app.test_client(), "nhà ấm") == 0
    rows = shown.select_one("[name=rows]")
    assert rows
    page(editor, f"{WORDS}/import", 303, rows=rows.get_text().lstrip("\n"), do="save")
    assert total(app.test_client(), "nhà ấm") == 1
    sent = editor.get(f"{WORDS}/words.tsv").get_data(as_text=True)
    assert sent.splitlines()[1] == "nhà ở xã hội|nhà ấm\twarm home\tNA\tterm"
    for content, told in (
        (b"\xff\xfe\x00", "UTF-8"),
        (b"x" * 500_001, "too large"),
        (b"", "Choose a table"),
        (b"a\n", "No line"),
    ):
        upload = (io.BytesIO(content), "words.tsv")
        assert told in said(page(editor, f"{WORDS}/import?lang=en", 400, table=upload))


def test_statistics_name_only_what_several_people_asked_and_are_no_formulas(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    now = clock.now()
    often = [Heard(text, now, text != "=1+1", 10, place) for text in ("=1+1", "nhà ấm") for place in "ABC"]
    with archive.store.write() as connection:
        questions.note(connection, [*often, Heard("điện thoại ông Ất", now, True, 10, "A")])
    shown = said(page(editor, f"{WORDS}/statistics?days=7&lang=en"))
    assert "Questions 7 Without a hit 4 (57%) Half were answered within 10 ms" in shown
    assert "nhà ấm 3 3" in shown
    assert "ông Ất" not in shown
    assert "1 question of this time was asked by fewer than 3 visitors" in shown
    text = editor.get(f"{WORDS}/statistics.csv?days=7").get_data(as_text=True)
    told = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[1:]
    assert [row[:4] for row in told] == [["'=1+1", "3", "0", "3"], ["nhà ấm", "3", "3", "3"]]


def test_the_monthly_report_is_an_official_document_and_a_workbook(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    now = clock.now()
    with archive.store.write() as connection:
        questions.note(
            connection,
            [Heard("=nhà ấm\x0b", now, True, 10, place) for place in "ABC"] + [Heard("bí mật", now, True, 9, "A")],
        )
        number = requests.add(connection, 1, "wrong", "Sai ngày", "")
        requests.decide(connection, number, "lan", "granted", "Đã sửa")
    month = f"{clock.local_day(now):%Y-%m}"
    sent = editor.get(f"{WORDS}/report/file?month={month}&format=docx&lang=vi")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="bao-cao-{month}.docx"'
    document = Document(io.BytesIO(sent.get_data()))
    head = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert head[0] == "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN\nSỞ XÂY DỰNG"
    assert head[1] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    assert head[3].startswith("Lạng Sơn, ngày")
    assert (round(document.sections[0].left_margin.mm), round(document.sections[0].page_width.mm)) == (30, 210)
    assert document.styles["Normal"].font.name == "Times New Roman"
    text = "\n".join(each.text for each in document.paragraphs)
    assert f"tháng {month[5:]}/{month[:4]}" in text
    assert "đã thu thập mới 2 tin, bài" in text
    assert "Tiếp nhận 1 yêu cầu; đã xử lý 1 yêu cầu, trong đó đúng hạn 1 yêu cầu" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"soxd", "=nhà ấm", "3"} <= set(cells)
    assert "bí mật" not in "".join(cells)
    book = load_workbook(io.BytesIO(editor.get(f"{WORDS}/report/file?month={month}&format=xlsx&lang=en").get_data()))
    assert book.sheetnames == ["Collecting news", "Searching", "Requests of readers", "Storage"]
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in values)
    assert {"'=nhà ấm", "soxd", 3} <= {cell.value for cell in values}
    assert "has begun" in said(page(editor, f"{WORDS}/report/file?month=2999-01&lang=en", 400))


def test_an_address_for_a_missed_question_is_fetched_from_a_known_site_alone(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    admin = walk.signed_in(app, archive.store, "admin")
    address = f"{SITE}/tin/nha-am"
    page(editor, f"{WORDS}/missed/page", 403, address=address)
    assert "whole address" in said(page(admin, f"{WORDS}/missed/page?lang=en", 400, address="nhà ấm"))
    unknown = page(admin, f"{WORDS}/missed/page?lang=en", 400, address="http://khac.example.org/a")
    assert unknown.select("a[href*='sources/new?address=http']")
    page(admin, f"{WORDS}/missed/page", 303, address=address)
    with archive.store.read() as connection:
        assert jobs.unfinished(connection)[0].kind == "round"


def test_words_are_for_admins_and_editors_and_every_change_needs_a_token(
    app: Flask, archive: Archive, editor: FlaskClient
) -> None:
    researcher = walk.signed_in(app, archive.store, "researcher")
    assert researcher.get(WORDS).status_code == 403
    assert app.test_client().get(WORDS).status_code == 302
    app.config["WTF_CSRF_ENABLED"] = True
    assert editor.post(f"{WORDS}/new", data={"vi": "a|b", "do": "save"}).status_code == 400


def test_nothing_is_counted_where_the_operator_wants_it_so(archive: Archive) -> None:
    archive.put(HOUSING)
    app = create_app(Settings(home=archive.store.home, question_days=0), archive.store, archive.engine)
    assert app.test_client().get("/search?q=nhà+ấm").status_code == 200
    assert "asking" not in app.extensions
    assert "counted by day" not in app.test_client().get("/about?lang=en").get_data(as_text=True)
    with archive.store.read() as connection:
        assert questions.oldest_day(connection) is None


def test_a_process_that_ends_in_order_writes_down_what_it_holds(app: Flask, archive: Archive) -> None:
    from web.asking import written_at_last

    app.test_client().get("/search?q=nhà+ấm")
    with archive.store.read() as connection:
        assert questions.oldest_day(connection) is None, "no search waits for the disk"
    written_at_last(lambda: app.extensions["asking"])  # type: ignore[arg-type]
    with archive.store.read() as connection:
        assert questions.oldest_day(connection) == clock.local_day(datetime.now(UTC))


def test_the_report_is_a_command_too(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHOTIN_LANG", "vi")
    month, file = f"{clock.local_day(clock.now()):%Y-%m}", tmp_path / "bao-cao.docx"
    command = ["--home", str(archive.store.home), "report"]
    done = CliRunner().invoke(khotin.main, [*command, month, "-o", str(file)])
    assert done.exit_code == 0, done.output
    assert "BÁO CÁO" in [each.text for each in Document(str(file)).paragraphs]
    for wrong in ([month, "-o", "a.pdf"], ["2026-13", "-o", str(file)]):
        assert CliRunner().invoke(khotin.main, [*command, *wrong]).exit_code == 1
