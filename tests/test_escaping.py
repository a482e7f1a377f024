"""Is what an article says always text?  One comes in whose fields hold markup, scripts, bidirectional controls and an
endless word; every route is asked for it."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from lxml import etree
from werkzeug.test import TestResponse

from indexer import build, correcting
from indexer.article import Attachment
from indexer.imports import import_file
from indexer.settings import Settings
from indexer.store import articles, requests
from tests import walk
from tests.conftest import Archive
from tests.walk import Planted
from web.shelf import Shelf

MARKUP = (
    "<zzbad zzmark=1>Đậm</zzbad></title></script></textarea>--><script>zzrun()</script>"
    "<img src=x onerror=zzrun()>\" onzz=\"1' onzz='1 {{ 7*191 }} ${7*191} &lt;zzbad&gt; ]]>"
)
CONTROLS = "\u202egnod\u202c \u2066a\u2069 \u200f\u061c\u200e"
FORMULA = '=HYPERLINK("http://evil.example","zz")'
LONG = "Dài" + "đ" * 10_000
HOSTILE = f"{FORMULA} {MARKUP} {CONTROLS} {LONG} bãi đá"
BIDI = {chr(each) for each in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
# What a table program takes for a formula when a cell begins with it.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def planted(archive: Archive, tmp_path: Path) -> Planted:
    line = {
        "id": MARKUP,
        "url": "javascript:zzrun()",
        "body": f"{HOSTILE} 7/QĐ-UBND",
        "published": "2019-03-05",
        **dict.fromkeys(("title", "lead", "section", "author", "unit"), HOSTILE),
    }
    file = tmp_path / "hostile.jsonl"
    file.write_text(json.dumps(line), encoding="utf-8")
    report = import_file(archive.store, file, source="soxd")
    assert report.new == 1, report.bad
    archive.divide(f"Sở {HOSTILE[:100]}".replace("\n", " "))
    build.update(archive.store, archive.engine)
    with archive.store.read() as connection:
        kept = articles.after(connection, 0, 1)[0]
    clean = kept.article.title  # what an extractor hands on was cleaned in the same way
    with archive.store.write() as connection:  # an import has no captions, files and tags
        files = (
            Attachment("javascript:zzrun()", clean, "text/html", "d", clean, ""),
            Attachment(f"http://a.test/{MARKUP}", clean),
        )
        values = {"captions": [clean], "attachments": [vars_of(each) for each in files], "tags": [clean]}
        articles.mark(connection, kept.id, "crawl", **values)
        for name in ("title", "body", "section"):
            correcting.correct(connection, kept, name, f"Đúng: {HOSTILE}", HOSTILE[:900], "admin")
        for state in requests.DECIDED[:2]:
            number = requests.add(connection, kept.id, "other", clean, clean[:200])
            requests.decide(connection, number, "admin", state, clean)
    build.update(archive.store, archive.engine)
    return Planted(kept.id, kept.article.address, "7/QĐ-UBND", ("bãi đá", HOSTILE[:900], ""))


def vars_of(file: Attachment) -> dict[str, str]:
    return {name: getattr(file, name) for name in ("address", "name", "media_type", "digest", "text", "problem")}


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0)
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def test_what_an_article_says_is_text_on_every_route(app: Flask, archive: Archive, planted: Planted) -> None:
    shown = set()
    reader, admin = app.test_client(), walk.signed_in(app, archive.store, "admin")
    for client in (reader, admin):
        for endpoint, address in walk.addresses(app, planted):
            if client is admin and not address.startswith(("/admin", f"/articles/{planted.number}")):
                continue  # as the reader sees it
            answered = client.get(address)
            assert answered.status_code < 500, address
            wrong = list(what_is_wrong(answered))
            assert not wrong, (address, wrong)
            if "zzrun" in walk.told(answered):
                shown.add(endpoint)
    assert {"pages.article", "pages.results", "pages.home", "api.find", "api.article", "api.suggest"} <= shown


def what_is_wrong(answered: TestResponse) -> Iterator[str]:
    """Each way in which the article, or a question made of it, became more than text."""
    kind, text = answered.mimetype, walk.body(answered)
    assert answered.headers["X-Content-Type-Options"] == "nosniff"
    if BIDI & set(text.replace(json.dumps(HOSTILE[:900], ensure_ascii=False), "")):  # the question as data
        yield "bidirectional controls"
    if kind == "text/html":
        yield from broken_out(text)
    elif kind.endswith("ndjson"):
        [json.loads(line) for line in text.splitlines()]
    elif kind.endswith("json"):
        json.loads(text)
    elif kind.endswith(("xml", "svg")):
        yield from (f"element {each.tag}" for each in etree.fromstring(text.encode()).iter() if "zz" in str(each.tag))
    elif kind == "text/csv":
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        yield from (f"formula {cell[:40]}" for row in rows for cell in row if cell.startswith(FORMULAS))


def is_data(element: Tag) -> bool:
    """A script that only names its file, or holds data (JSON-LD) out of which nothing breaks."""
    text = element.get_text(strip=True)
    if element.get("type") == "application/ld+json":
        return "<" not in text and bool(json.loads(text))
    return not text


def broken_out(text: str) -> Iterator[str]:
    """Elements, attributes and addresses that an article made."""
    tree = BeautifulSoup(text, "lxml")
    for element in tree.find_all(True):
        if "zz" in element.name or (element.name in ("script", "style") and not is_data(element)):
            yield f"<{element.name}>"
        for name, value in element.attrs.items():
            if "zz" in name or name.startswith("on") or name == "style":
                yield f"{name}= of <{element.name}>"
            if name in ("href", "src", "action", "srcset") and "script:" in str(value)[:20].lower():
                yield f"{name}={value}"
    if "1337" in tree.get_text():  # 7 x 191: something was worked out
        yield "a template in the text was run"
