"""Can an official look at a site, mend how it is read, and look after the source that it becomes?"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

import khotin
from crawler.replica import certificates
from crawler.replica.content import many
from crawler.replica.server import Replica, serve
from indexer import clock, jobs, schedules
from indexer.store import previews, sources
from indexer.store.previews import Looked
from indexer.worker import Desk as WorkersDesk
from indexer.worker import do
from tests.conftest import Archive
from tests.test_web_admin import Desk, SetClock, admin, decided, mistake, numbers, one, read, visitor, words
from tests.test_words import catalogue
from web.admin_sources_preview import BY_BUTTONS

__all__ = ["admin", "numbers", "visitor"]
ADDRESS = "https://soct.example.gov.vn/"


@pytest.fixture
def replica(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    with serve(shown=many(8), bad_habits=["date_below"]) as opened:
        monkeypatch.setenv("KHOTIN_RESOLVE", opened.resolve)
        monkeypatch.setenv("KHOTIN_DELAY_SECONDS", "0")
        yield opened


def work(archive: Archive) -> None:
    """Do the job that waits, as the worker would."""
    with archive.store.write() as connection:
        job = jobs.claim(connection, "short", "w")
        assert job and job.kind == "preview"
    do(WorkersDesk(archive.store, job, "w"), khotin.handlers())


def put_look(archive: Archive, **settings: object) -> str:
    """A look with two pages, as a worker leaves it; its path."""
    told = {
        "place": 1, "address": f"{ADDRESS}1", "kind": "article", "found_by": {"title": "h1"}, "missing": ["date"],
        "title": "Khởi công <b>cầu</b>", "lead": "", "body": "Cây cầu dài 480 mét.", "words": 5, "published": "",
        "date_source": "", "author": "", "unit": "", "section": "", "attachments": [], "files": 0, "pictures": 0,
    }  # fmt: skip
    report = {
        "profile": "generic", "reasons": [], "links": {"lists": 1, "articles": 3, "files": 0}, "pages": [told],
        "robots": "answered 404", "robots_status": 404, "robots_delay": 0.0, "certificate": "verified",
    }  # fmt: skip
    body = '<title>x</title><p class="d">30/01/2024</p><p onclick="x()">Cầu<script>alert(1)</script></p>'.encode()
    headers = {"content-type": "text/html; charset=utf-8", "set-cookie": "phien=bi-mat"}
    with archive.store.write() as connection:
        number = previews.add(connection, "admin", {"address": ADDRESS, "keep_images": True, **settings})
        kept = [Looked(each, f"{ADDRESS}{each or ''}", clock.now(), None, headers, body) for each in (0, 1)]
        previews.put_pages(connection, number, kept)
        previews.change(connection, number, report=report)
    return f"/admin/previews/{number}"


def row(page: BeautifulSoup, name: str) -> str:
    return next(words(each) for each in page.select(".so-read tbody tr") if words(each).startswith(name))


def test_a_look_shows_what_would_be_taken_and_a_pointed_date_before_it_is_saved(
    admin: Desk, archive: Archive, replica: Replica
) -> None:
    look = admin.send("/admin/sources/new", address=replica.url).location
    assert "Looking at the site" in words(one(admin.open(look), "[data-live]"))
    work(archive)
    page = admin.open(look)
    assert row(page, "Date of publishing").count("no date of publishing found") == 3
    assert len(page.select(".so-missing")) == 3
    with archive.store.read() as connection:
        assert [each.name for each in sources.every(connection)] == ["soxd"], "nothing is added by looking"

    parts = admin.open(f"{look}/pages/1?field=date")
    label = next(each for each in parts.select(".so-parts li") if words(each) == "Tin đưa:")
    part = one(label.find_next_sibling("li"), "a")  # type: ignore[arg-type]
    choice = admin.open(str(part["href"]))
    assert len(choice.select(".so-others dd")) == 3 and not choice.select(".so-missing")
    selector = str(one(choice, "#selector")["value"])
    assert selector == "span.luc"
    admin.send(f"{look}/try", page=look, field="date", selector=selector)
    work(archive)
    page = admin.open(look)
    assert "no date of publishing found" in row(page, "Date of publishing") and "before:" in row(page, "Date")
    assert len(page.select(".so-new")) == 3 and not page.select("#name")
    admin.send(f"{look}/keep", page=look)
    page = admin.open(look)
    assert not page.select(".so-missing")

    made = admin.send(f"{look}/add", page=look, name="Sở").location
    with archive.store.read() as connection:
        source = sources.need(connection, "Sở")
    assert made.endswith(f"/sources/{source.id}") and 'date = ["span.luc"' in source.overrides
    assert (source.address, source.keep_images) == (replica.url, True)
    assert "One field" in words(one(admin.open(made), "#reading"))
    assert [each.action for each in decided(archive)] == ["add source"]
    admin.send(f"{look}/add", 400, page=look, name="Sở 2")


def test_a_look_that_fails_says_what_to_do_and_keeps_what_was_typed(
    admin: Desk, archive: Archive, replica: Replica
) -> None:
    look = admin.send("/admin/sources/new", address="http://127.0.0.1:9/tin", delay_seconds="0,5").location
    work(archive)
    page = admin.open(look)
    assert "tick “The site is inside our own network” below" in words(one(page, ".mistakes"))
    assert one(page, "#address")["value"] == "http://127.0.0.1:9/tin" and one(page, "#delay_seconds")["value"] == "0.5"
    wrong = read(admin.send(f"{look}/again", 400, page=look, address="soct", delay_seconds="2"), 400)
    assert one(wrong, "#address")["value"] == "soct" and "whole web address" in mistake(wrong, "address")
    admin.send(f"{look}/again", page=look, address=replica.url, legacy_tls="1")
    with archive.store.read() as connection:
        again = previews.get(connection, int(look.rpartition("/")[2]))
    assert again and (again.settings["address"], again.settings["legacy_tls"]) == (replica.url, True)
    assert again.settings["keep_images"], "what the form does not ask for stays"
    assert admin.open("/admin/jobs") and "A look at a site" in words(one(admin.open("/admin/jobs"), "main"))


def test_an_address_that_was_asked_for_elsewhere_is_filled_in(admin: Desk) -> None:
    page = admin.open("/admin/sources/new?address=https://moi.example.vn/%22%3E")
    assert one(page, "#address")["value"] == 'https://moi.example.vn/">'


def test_a_source_needs_a_good_name_of_its_own(admin: Desk, archive: Archive) -> None:
    look = put_look(archive)
    wrong = {"--full": "begin with a letter", "soxd": "already a source named “soxd”", "": "Use letters"}
    for name, told in wrong.items():
        page = read(admin.send(f"{look}/add", 400, page=look, name=name), 400)
        assert told in mistake(page, "name") and one(page, "#name")["value"] == name
    assert decided(archive) == []


def test_what_is_told_to_the_command_line_is_told_for_buttons_in_both_languages() -> None:
    known = catalogue()
    for message, instead in BY_BUTTONS.items():
        assert all(known.get(message, ("",))) and all(known.get(instead, ("",)))


def test_a_page_that_is_pointed_at_is_harmless(admin: Desk, archive: Archive) -> None:
    look = put_look(archive)
    shown = admin.client.get(f"{look}/pages/1/look?field=date")
    told = shown.get_data(as_text=True)
    assert shown.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "alert(1)" not in told and "onclick" not in told
    links = BeautifulSoup(told, "lxml").select("a.khotin-part")
    assert [words(each) for each in links] == ["30/01/2024", "Cầu"]
    choice = admin.open(str(links[0]["href"]))
    assert words(one(choice, ".so-chosen")) == "30/01/2024" and one(choice, "#selector")["value"] == "p.d"
    for path in ("pages/7", "pages/1?field=price", "pages/0?field=title"):
        admin.open(f"{look}/{path}", 404)
    for part in ("0", "99999", "-3", "x"):
        admin.open(f"{look}/pages/1/choice?field=title&part={part}", 302)
    admin.open("/admin/previews/99", 404)


def test_hostile_words_of_a_page_are_text_wherever_it_is_pointed_at(admin: Desk, archive: Archive) -> None:
    look = put_look(archive)
    page = "<p class=d>&lt;script&gt;zz()&lt;/script&gt; \u202egnod {{ 7*191 }} " + "x" * 9000 + "</p>"
    with archive.store.write() as connection:
        kept = Looked(
            1, "javascript:zz()", clock.now(), None, {"content-type": "text/html; charset=utf-8"}, page.encode()
        )
        previews.put_pages(connection, int(look.rpartition("/")[2]), [kept])
    parts = admin.open(f"{look}/pages/1?field=title")
    (part,) = parts.select(".so-part")
    for shown in (parts, admin.open(str(part["href"])), admin.open(look)):
        assert not [each for each in shown.select("script") if each.get_text(strip=True)]
        assert "\u202e" not in shown.get_text() and "1337" not in shown.get_text()
        assert not shown.select('[href^="javascript"]')
    assert len(words(part)) < 200


def test_lines_that_cannot_be_used_are_refused_and_those_of_an_engineer_are_shown_first(
    admin: Desk, archive: Archive
) -> None:
    look = put_look(archive)
    admin.send(f"{look}/try", page=look, lines="title = [")
    work(archive)
    page = admin.open(look)
    assert "not TOML" in words(one(page, ".mistakes")) and words(one(page, "#lines")) == "title = ["
    assert page.select(".so-read"), "what was found before is still shown"
    token = one(page, "[name=csrf_token]")["value"]
    file = (io.BytesIO('\ufeffdate = ["p.d"]\nbody = ["p + p"]\n'.encode()), "profile.toml")
    admin.client.post(f"{look}/try", data={"csrf_token": token, "file": file}, content_type="multipart/form-data")
    work(archive)
    page = admin.open(look)
    assert "30 Jan 2024" in row(page, "Date") and "before: no date" in row(page, "Date")
    admin.send(f"{look}/drop", page=look)
    assert not admin.open(look).select(".so-new")


def test_the_support_package_holds_the_pages_and_no_secrets(admin: Desk, archive: Archive) -> None:
    look = put_look(archive, overrides='title = ["h1"]\n', ca_file="certificates/abc.pem")
    sent = admin.client.get(f"{look}/support").get_data()
    with zipfile.ZipFile(io.BytesIO(sent)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert files["pages/1.html"].startswith(b"<title>x</title>") and files["profile.toml"] == b'title = ["h1"]\n'
    assert b"Cookie" not in b"".join(files.values()) and b"phien" not in b"".join(files.values())
    assert b"lxml" in files["versions.json"] and b'"profile": "generic"' in files["report.json"]
    assert b"pem" not in files["settings.json"] and "mật khẩu".encode() in files["README.txt"]


def test_a_mend_of_a_source_can_be_taken_back_and_kept_pages_are_read_again(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}"
    look = admin.send(f"{path}/preview", page=path).location
    number = int(look.rpartition("/")[2])
    with archive.store.write() as connection:
        previews.change(connection, number, trial={"lines": 'title = ["h2"]\n', "report": {"pages": []}}, job_id=None)
    assert admin.send(f"{look}/keep", page=path).location == f"{path}#reading"
    admin.send(f"{path}/reread", page=path)
    with archive.store.read() as connection:
        assert sources.get(connection, archive.source.id).overrides == 'title = ["h2"]\n'
    admin.send(f"{path}/lines-before", page=path)
    with archive.store.read() as connection:
        assert sources.get(connection, archive.source.id).overrides == ""
        waiting = jobs.unfinished(connection)
    assert [each.kind for each in waiting if each.source_id] == ["reread"]
    log = decided(archive)
    assert [each.action for each in log] == ["change profile lines", "read pages again", "change profile lines"]
    assert (log[2].before, log[2].after) == ({"overrides": ""}, {"overrides": 'title = ["h2"]\n'})


def test_a_source_that_rests_is_left_alone_by_schedules_and_people_until_it_goes_on(
    admin: Desk, archive: Archive, set_clock: SetClock
) -> None:
    path, noon = f"/admin/sources/{archive.source.id}", clock.now()
    with archive.store.write() as connection:
        schedules.add(connection, archive.source.id, "0 * * * *")
    admin.send(f"{path}/crawl", page=path)
    admin.send(f"{path}/pause", page=path, do="rest")
    page = admin.open(path)
    assert "rests since" in words(page) and "Crawl now" not in words(page)
    assert "rests" in words(read(admin.send(f"{path}/crawl", 400, page=path), 400))
    set_clock(noon.replace(year=noon.year + 1))
    with archive.store.write() as connection:
        assert jobs.unfinished(connection) == [] and schedules.fire(connection) == []
    admin.sign_in("admin")
    admin.send(f"{path}/pause", page=path, do="go-on")
    with archive.store.write() as connection:
        assert len(schedules.fire(connection)) == 1, "what was missed is made up for once"
    assert [each.action for each in decided(archive)] == ["go on with source", "pause source", "crawl now"]


def test_a_site_moves_and_another_goes_into_it(admin: Desk, archive: Archive) -> None:
    path = f"/admin/sources/{archive.source.id}"
    assert "whole web address" in words(read(admin.send(f"{path}/move", 400, page=path, moved_to="weg"), 400))
    admin.send(f"{path}/move", page=path, moved_to="https://sxd.example.gov.vn/tin")
    with archive.store.write() as connection:
        moved = sources.get(connection, archive.source.id)
        old = sources.add(connection, "giao thông", "https://sgt.example.gov.vn/", hosts="giaothong.example")
    assert (moved.address, moved.hosts) == ("https://sxd.example.gov.vn/tin", "soxd.replica.test")
    asked = admin.send(f"/admin/sources/{old.id}/move", page=path, moved_to="https://www.sxd.example.gov.vn/")
    assert "belongs to “soxd”" in words(admin.open(asked.location))
    admin.send(f"/admin/sources/{old.id}/merge", page=path, into=str(archive.source.id))
    with archive.store.read() as connection:
        (left,) = sources.every(connection)
    assert left.hosts.split() == ["soxd.replica.test", "sgt.example.gov.vn", "giaothong.example"]
    assert [each.action for each in decided(archive)] == ["merge source", "move source"]


def test_settings_say_their_risk_and_certificates_are_kept_in_the_data_folder(admin: Desk, archive: Archive) -> None:
    path, home = f"/admin/sources/{archive.source.id}", archive.store.home
    page = admin.open(path)
    assert words(one(page, "#settings")).count("Risk:") == 3 and page.select("#keep_images[checked]")
    typed = {"address": ADDRESS, "hosts": "cu.example.gov.vn\nhttps://anh.example/x", "max_pages": "1.500"}
    pem = certificates.make(home, "soct.example.gov.vn").authority.read_text(encoding="utf-8")
    admin.send(path, page=path, **typed, legacy_tls="1", certificates=pem)
    with archive.store.read() as connection:
        found = sources.get(connection, archive.source.id)
    assert (found.hosts, found.max_pages, found.legacy_tls) == ("cu.example.gov.vn anh.example", 1500, True)
    assert not found.keep_images and not Path(found.ca_file).is_absolute()
    assert (home / found.ca_file).read_text(encoding="utf-8").strip() == pem.strip()
    assert "valid until" in words(one(admin.open(path), ".so-held"))
    for field, value, told in (
        ("max_pages", "0", "whole number"), ("hosts", "a b_c.d -/-", "no host name"),
        ("certificates", "-----BEGIN RSA PRIVATE KEY-----", "never a private key"),
        ("address", "https://ai:mat-khau@soct.example/", "whole web address"),
    ):  # fmt: skip
        wrong = read(admin.send(path, 400, page=path, **({"address": ADDRESS} | {field: value})), 400)
        assert told in words(one(wrong, f"#{field}-mistake"))
    (change,) = decided(archive)
    assert change.after and change.after["max_pages"] == 1500 and "BEGIN" not in str(change.after)
