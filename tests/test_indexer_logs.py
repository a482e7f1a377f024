"""Is an event one line, in the reader's language, and without what is nobody's business?"""

import io
import json
import logging

import pytest
from flask import Flask

from indexer import logs
from indexer.settings import Settings
from tests import walk
from tests.conftest import Archive
from tests.kept_pages import filled
from web.shelf import Shelf


def told(formatter: logging.Formatter, message: str, *given: object) -> str:
    log = logging.Logger("khotin.test")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    log.addHandler(handler)
    log.info(message, *given, extra={"fields": {"status": 200}})
    return stream.getvalue()


def test_a_line_for_people_is_a_sentence_in_their_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(logs.Sentences(), "Job %s began: %s", 3, "post").endswith("info khotin.test: Job 3 began: post\n")
    monkeypatch.setenv("KHOTIN_LANG", "vi")
    assert told(logs.Sentences(), "Job %s began: %s", 3, "post").endswith("Bắt đầu việc 3: post\n")


def test_a_line_for_programs_is_one_object_whatever_happened() -> None:
    line = told(logs.Lines(), "Job %s began: %s", 3, "đây là\nhai dòng")
    assert line.count("\n") == 1
    known = json.loads(line)
    assert (known["level"], known["logger"], known["status"]) == ("info", "khotin.test", 200)
    assert known["message"] == "Job 3 began: đây là hai dòng"


def test_nobody_forges_a_line_by_what_he_writes() -> None:
    forged = "x\n2026-01-05 08:00:00Z info khotin.worker: The worker ended."
    assert told(logs.Sentences(), "Job %s began: %s", 3, forged).count("\n") == 1


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "khotin.request")
    return caplog


def of_requests(lines: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Sites of other tests may still have something to say."""
    return [each for each in lines.records if each.name == "khotin.request"]


def site(archive: Archive, form: str) -> Flask:
    filled(archive)
    settings = Settings(home=archive.store.home, log_requests=form)
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def test_a_request_is_logged_by_its_route_alone(archive: Archive, lines: pytest.LogCaptureFixture) -> None:
    client = site(archive, "short").test_client()
    client.get("/search?q=bí mật", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    client.get("/articles/1")
    assert "GET /search 200" in lines.text and "GET /articles/<number> " in lines.text
    assert not [
        each for each in ("mật", "192.0.2.7", "/articles/1 ") if each in lines.text + str(vars(of_requests(lines)[0]))
    ]


def test_a_request_is_logged_whole_only_where_set_and_without_what_is_secret(
    archive: Archive, lines: pytest.LogCaptureFixture
) -> None:
    client = site(archive, "whole").test_client()
    client.get("/search?q=cat&token=s3cret", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    client.get("/reset/s3cret")
    assert "q=cat" in lines.text and "/reset/…" in lines.text and "s3cret" not in lines.text
    assert "192.0.2.7" in str(vars(of_requests(lines)[0]))


def test_requests_are_not_logged_where_that_is_switched_off(archive: Archive, lines: pytest.LogCaptureFixture) -> None:
    site(archive, "off").test_client().get("/search?q=cat")
    assert of_requests(lines) == []
