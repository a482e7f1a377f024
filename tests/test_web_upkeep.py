"""Does the page of upkeep show what was found, and ask the worker for what an admin wants?"""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer import audit, fixity, jobs, upkeep
from indexer.settings import Settings
from tests import walk
from tests.conftest import Archive
from tests.kept_pages import filled, records, scratch
from web.shelf import Shelf


@pytest.fixture
def admin(archive: Archive, tmp_path: Path) -> FlaskClient:
    filled(archive)
    settings = Settings(home=archive.store.home, backup_folder=str(tmp_path / "copies"))
    return walk.signed_in(
        walk.site(archive.store, Shelf(settings, archive.store, archive.engine)), archive.store, "admin"
    )


def page(admin: FlaskClient, spoken: str = "en") -> str:
    answered = admin.get(f"/admin/upkeep?lang={spoken}")
    assert answered.status_code == 200
    return answered.get_data(as_text=True)


def test_an_archive_that_nobody_looked_over_says_when_that_will_be(admin: FlaskClient) -> None:
    assert "The worker does it every night" in page(admin)
    assert "Tiến trình nền tự kiểm tra hằng đêm" in page(admin, "vi")


def test_findings_damage_and_backups_are_shown_in_both_languages(
    admin: FlaskClient, archive: Archive, tmp_path: Path
) -> None:
    hurt = records(archive.store)[1]
    scratch(archive.store, hurt)
    fixity.run(archive.store, archive.engine, rest=lambda seconds: None)
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "khotin-20260105-0200.tar").write_bytes(b"x" * 1_500_000)
    with archive.store.write() as connection:
        number = jobs.ask(connection, "doctor", "test", lane=upkeep.LANE)
        assert number
    report = upkeep.look_over(archive.store)
    with archive.store.write() as connection:
        jobs.finish(connection, number, "done", report)
    for spoken, told in (("en", "the record is cut or its bytes were changed"), ("vi", "bản ghi bị cắt")):
        shown = page(admin, spoken)
        assert told in shown and hurt.address in shown and hurt.warc_file in shown
        assert "khotin-20260105-0200.tar" in shown
    assert "Something is broken" in page(admin)


@pytest.mark.parametrize("kind", ["doctor", "fixity", "backup"])
def test_what_is_asked_for_twice_is_one_job_and_one_decision(admin: FlaskClient, archive: Archive, kind: str) -> None:
    for _ in range(2):
        assert admin.post("/admin/upkeep/ask", data={"kind": kind}).status_code == 302
    with archive.store.read() as connection:
        (job,) = jobs.unfinished(connection)
        assert (job.kind, job.lane, job.asked_by) == (kind, upkeep.LANE, "admin")
        assert [each.subject for each in audit.found(connection, limit=9)] == ["upkeep"]
    assert f"/admin/jobs/{job.id}" in page(admin)


def test_nothing_else_can_be_asked_for(admin: FlaskClient, archive: Archive) -> None:
    assert admin.post("/admin/upkeep/ask", data={"kind": "round"}).status_code == 400
    with archive.store.read() as connection:
        assert jobs.unfinished(connection) == []


@pytest.mark.parametrize("role", ["editor", "researcher"])
def test_it_is_for_admins_alone(archive: Archive, role: str) -> None:
    app = walk.site(archive.store, Shelf(Settings(home=archive.store.home), archive.store, archive.engine))
    client = walk.signed_in(app, archive.store, role)
    assert client.get("/admin/upkeep").status_code == 403
    assert client.post("/admin/upkeep/ask", data={"kind": "doctor"}).status_code == 403
    assert app.test_client().get("/admin/upkeep").status_code == 302
