"""How is every address of the site asked?  The route table, with what stands for the arguments of each route.

A route whose argument is not known here fails the tests that walk: say in `Planted.argument` what to put there. A route
that wants more behind the question mark has a line in QUERIES.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import unquote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from indexer import accounts
from indexer.store import Store
from web.app import create_app
from web.shelf import Shelf
from web.words import shipped_by_key

PASSWORD = "mật khẩu đủ dài"
# Files of the site itself; whatever they are asked with, they hold no article.
NOT_WALKED = {"static"}

# Routes of the administration that are about one account.
PERSONAL = (
    "person",
    "role",
    "disable",
    "enable",
    "reset",
    "factor_remove",
    "sessions_end",
    "session_end",
    "token_revoke",
)
PERSONAL += ("delete",)


@dataclass(frozen=True, slots=True)
class Planted:
    """An article that every route is asked for: where it is, and questions that would find it."""

    number: int
    address: str
    document: str
    questions: tuple[str, ...]

    def argument(self, endpoint: str, name: str) -> list[object]:
        """What may stand for an argument of a route."""
        known: dict[str, list[object]] = {
            "pages.document number": [self.document],
            **{
                f"desk.{name} number": [1]
                for name in ("collection", "collection_export", "collection_removing", "search")
            },
            "words.shipped_entry key": [next(iter(shipped_by_key()))],
            "cases.request_page number": [1],
            "cases.reply number": [2],
            "number": [self.number],
            "address": [self.address],
            "part": [1],
            **{name: [1] for name in ("version", "first", "second", "left", "right", "old", "new", "before", "after")},
            "wanted": [self.address],
            "article": [self.number],
            **{name: [1] for name in ("picture", "file")},
            "year": [2019],
            "month": [3],
            "name": ["section"],
            "kind": ["section", "year", "number"],
            "form": ["link", "json"],
            "admin.decisions_file form": ["csv", "jsonl"],
            "style": ["bibtex", "ris", "csl", "vi", "en"],
            "token": ["nothing"],
            **{f"people.{name} number": [1] for name in PERSONAL},
            **{f"{each}.token_revoke number": [1] for each in ("desk", "people")},
            "people.token_revoke token": [1],
            "session": [1],
            "preview": [1],
            "place": [1],
            "verb": ["allow"],
            "short": ["soxd"],
        }
        found = known.get(f"{endpoint} {name}", known.get(name))
        assert found is not None, f"tests/walk.py does not know what to put for <{name}> of {endpoint}"
        return found

    def queries(self, endpoint: str, has_arguments: bool) -> Iterator[dict[str, object]]:
        """What stands behind the question mark: a route takes of it what it knows."""
        for question in self.questions[:1] if has_arguments else self.questions:
            for more in QUERIES.get(endpoint, ({},)):
                yield {"q": question, "from": "2000", **more}


# What some routes want besides, by endpoint; each of several in turn.
QUERIES: dict[str, tuple[dict[str, object], ...]] = {
    "words.monthly_file": ({"month": "2026-01"}, {"month": "2026-01", "format": "xlsx"}),
    "words.new": ({"vi": "bãi đá", "missed": "bai da"},),
    "words.workbench": ({}, {"compound": "bãi đá xây dựng"}),
    "take.export": tuple({"format": each} for each in ("csv", "jsonl", "csl", "zip")),
    "desk.collection_export": ({"format": "jsonl"},),
    "pages.comparison": ({"from": 1, "to": 2},),
    "destroying.page": ({}, {"which": 1}),
    "admin.look_choice": ({"field": "title", "part": 4},),
    "admin.look_looks": ({"field": "none"},),  # runs no script, so axe cannot look at it; see test_web_sources
    "admin.source_merging": ({"into": 2},),
}


def site(store: Store, shelf_of: Shelf) -> Flask:
    """The site over an archive, its forms sent without tokens, and as often as one likes."""
    app = create_app(shelf_of.settings, store, shelf_of.engine)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def signed_in(app: Flask, store: Store, role: str) -> FlaskClient:
    """A browser of somebody with this role."""
    with store.write() as connection:
        if accounts.find(connection, role) is None:
            accounts.add(connection, role, PASSWORD, role)
    client = app.test_client()
    answered = client.post("/sign-in", data={"name": role, "password": PASSWORD})
    assert answered.status_code == 302
    return client


def rules(app: Flask) -> list[Rule]:
    """Every route that can be opened."""
    found = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return sorted((rule for rule in found if rule.endpoint not in NOT_WALKED), key=lambda rule: rule.rule)


def addresses(app: Flask, planted: Planted) -> Iterator[tuple[str, str]]:
    """Every route as it is asked: its endpoint and a whole address."""
    with app.test_request_context():
        for rule in rules(app):
            names = sorted(rule.arguments)
            values = [planted.argument(rule.endpoint, name) for name in names]
            for chosen in product(*values):
                for query in planted.queries(rule.endpoint, bool(names)):
                    filled: dict[str, Any] = dict(zip(names, chosen, strict=True)) | query
                    built = rule.build(filled, append_unknown=True)
                    assert built, rule
                    yield rule.endpoint, built[1]


def told(answered: TestResponse) -> str:
    """All that an answer says, in its head and body, with nothing escaped and nothing packed."""
    head = "\n".join(value for _, value in answered.headers)
    return unescape(unquote(f"{head}\n{body(answered)}"))


def body(answered: TestResponse) -> str:
    """The text of an answer; of a ZIP the names and texts of its files."""
    sent = answered.get_data()
    if zipfile.is_zipfile(io.BytesIO(sent)):
        with zipfile.ZipFile(io.BytesIO(sent)) as packed:
            sent = b"\n".join([name.encode() + b"\n" + packed.read(name) for name in packed.namelist()])
    return sent.decode(errors="replace")
