"""Is every route open to those it is for, and to nobody else?  Each one is asked by everybody."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from indexer import accounts
from indexer.access import Role
from indexer.settings import Settings
from tests import walk
from tests.conftest import Archive
from tests.test_leaks import PLANTED
from tests.walk import Planted
from web import rights
from web.shelf import Shelf

ROLES: tuple[Role, ...] = ("reader", "researcher", "editor", "admin")
# What an editor may open of the administration: a change here is a decision, not a slip.
OF_EDITORS = ("/admin/restrict", "/admin/requests", "/admin/words", "/admin/cases")


@pytest.fixture
def planted(archive: Archive) -> Planted:
    with archive.store.write() as connection:  # the first account is the one that routes are tried on
        accounts.add(connection, "guest", walk.PASSWORD, "researcher")
    return Planted(archive.put(PLANTED)[0], PLANTED.address, "9471/QĐ-ZYXSO", ("bãi đá",))


@pytest.fixture
def app(archive: Archive) -> Flask:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0, sign_up="open")
    return walk.site(archive.store, Shelf(settings, archive.store, archive.engine))


def routes(app: Flask, planted: Planted) -> Iterator[tuple[Rule, str]]:
    """Every route with an address for it."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            filled = {name: "style.css" if name == "filename" else planted.argument(rule.endpoint, name)[0]
                      for name in rule.arguments}  # fmt: skip
            built = rule.build(filled)
            assert built, rule
            yield rule, built[1]


def asked(client: FlaskClient, method: str, address: str) -> TestResponse:
    with client.open(address, method=method, query_string={"lang": "en"}) as answered:
        answered.get_data()
    return answered


def let_through(answered: TestResponse) -> bool:
    """Whether the route itself answered."""
    if answered.status_code == 401:
        return False
    if answered.status_code == 302 and answered.request.path == "/admin":
        return False  # an editor is led to what he may open
    elsewhere = answered.status_code == 302 and not answered.request.path.startswith("/sign-in/")  # is half way in
    to_sign_in = elsewhere and answered.location.partition("?")[0] == "/sign-in"
    return not to_sign_in and not (answered.status_code == 403 and "may not do this" in answered.get_data(as_text=True))


def test_every_route_is_open_to_those_it_is_for_and_to_nobody_else(
    app: Flask, archive: Archive, planted: Planted
) -> None:
    wrong = []
    for role in ROLES:
        client = app.test_client() if role == "reader" else walk.signed_in(app, archive.store, role)
        for rule, address in routes(app, planted):
            may = role in rights.roles_of(rule.endpoint)
            for method in (rule.methods or set()) - ({"HEAD", "OPTIONS"} if may else set()):
                if method == "HEAD":  # has no words to be known by
                    passed = asked(client, "HEAD", address).status_code not in (302, 401, 403)
                else:
                    passed = let_through(asked(client, method, address))
                wrong += [f"{role} {method} {address}: {passed}"] if passed != may else []
                if method == "POST" and may and role != "reader" and client.get("/desk").status_code != 200:
                    client = walk.signed_in(app, archive.store, role)
    assert not wrong, "\n".join(wrong)


def test_every_route_has_a_rule(app: Flask) -> None:
    """A new blueprint needs one more line in `web.rights.RIGHTS`."""
    assert not [rule.endpoint for rule in app.url_map.iter_rules() if not rights.roles_of(rule.endpoint)
                and rule.endpoint not in rights.BY_TOKEN]  # fmt: skip


def test_nothing_of_the_administration_or_a_desk_is_for_readers(app: Flask) -> None:
    """What the table says is tried above; that it says the right thing is written down here."""
    for rule in app.url_map.iter_rules():
        roles = rights.roles_of(rule.endpoint)
        if rule.rule.startswith("/admin"):
            assert not roles & {"reader", "researcher"}, rule
            assert ("editor" in roles) == rule.rule.startswith(OF_EDITORS), rule
        elif rule.endpoint in rights.BY_TOKEN:
            assert not roles, rule
        elif rule.rule.startswith("/desk"):
            assert roles == rights.SIGNED_IN, rule
        else:
            assert roles == rights.EVERYBODY, rule


@pytest.mark.parametrize("role", ROLES)
def test_a_route_without_a_rule_is_refused_to_everybody(app: Flask, archive: Archive, role: Role) -> None:
    app.add_url_rule("/new", "forgotten.new", lambda: "never")
    client = app.test_client() if role == "reader" else walk.signed_in(app, archive.store, role)
    answered = asked(client, "GET", "/new")
    assert answered.status_code in (302, 403) and "never" not in answered.get_data(as_text=True)
