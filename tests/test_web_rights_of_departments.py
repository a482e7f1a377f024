"""Does who looks after one department open, see and change its things, and nothing of another's?

The matrix of routes, roles and departments is made from the route table itself: each cell is really asked for, with the
numbers of the own department's things and of another's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.routing import Rule

from indexer import access, accounts, alarms, clock, correcting, jobs, schedules, telling
from indexer.access import Role
from indexer.article import Article
from indexer.settings import Settings
from indexer.store import (
    articles,
    blackouts,
    departments,
    mailboxes,
    previews,
    requests,
    screening,
    sources,
    tables,
    tokens,
)
from tests import walk
from tests.conftest import Archive
from tests.test_web_sources import put_look
from tests.walk import Planted
from web import rights
from web.rights import ARCHIVE, LISTS, Thing
from web.shelf import Shelf

SHORTS = ("soxd", "soyte")
# A word that stands in all that belongs to a department, and nowhere else.
WORDS = {"soxd": "zyxtuong", "soyte": "zyxvacxin"}
WHO: tuple[tuple[Role, str], ...] = (
    ("reader", ""), ("researcher", ""), ("editor", ""), ("admin", ""),
    *((role, short) for role in ("editor", "admin") for short in SHORTS),
)  # fmt: skip
# Where an admin of the archive reads of both departments, and one of a department of his own alone.
TOLD = {
    "admin.overview", "admin.source_list", "admin.schedule_list", "admin.history", "admin.decisions",
    "admin.decisions_file", "cases.inbox", "cases.personal_data", "restricting.page",
}  # fmt: skip


@dataclass
class Province:
    """Two departments with a thing of each kind, and a site that notes which views were reached."""

    app: Flask
    archive: Archive
    things: dict[str, dict[str, int]] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)

    def client(self, role: Role, short: str) -> FlaskClient:
        if role == "reader":
            return self.app.test_client()
        client = walk.signed_in(self.app, self.archive.store, role)
        with self.archive.store.write() as connection:
            departments.bind(connection, accounts.need(connection, role).id,
                             [departments.need(connection, short).id] if short else [])  # fmt: skip
        return client

    def note(self, endpoint: str) -> None:
        view = self.app.view_functions[endpoint]

        def noted(**arguments: object) -> ResponseReturnValue:
            self.reached.append(endpoint)
            return view(**arguments)

        self.app.view_functions[endpoint] = noted


@pytest.fixture
def province(archive: Archive) -> Province:
    settings = Settings(home=archive.store.home, api_requests_per_minute=0)
    app = walk.site(archive.store, Shelf(settings, archive.store, archive.engine))
    made = Province(app, archive)
    with archive.store.write() as connection:
        accounts.add(connection, "guest", walk.PASSWORD, "researcher")
        accounts.add(connection, "chief", walk.PASSWORD, "admin")
    for short in SHORTS:
        made.things[short] = plant(archive, short, WORDS[short])
    archive.put(Article(title="Tin chung", address="http://soxd.replica.test/chung", body="Không của ai."))
    for rule in list(app.url_map.iter_rules()):
        made.note(rule.endpoint)
    return made


def plant(archive: Archive, short: str, word: str) -> dict[str, int]:
    """A department with one thing of each kind; their numbers."""
    now = clock.now()
    with archive.store.write() as connection:
        whose = departments.add(connection, short, f"Sở {short}")
        source = sources.add(connection, word, f"https://{word}.test/", department_id=whose.id)
        public, hidden = (
            articles.save(connection, source.id, Article(title=f"{word} {each}", address=f"https://{word}.test/{each}",
                                                         body=f"Nội dung {word}"), now).id
            for each in ("mở", "kín")
        )  # fmt: skip
        access.restrict(connection, hidden, "somebody", f"vì {word}")
        made = {"source": source.id, "article": hidden, "public": public}
        made["request"] = requests.add(connection, public, "wrong", f"Sai ở {word}", f"{word}@test.vn")
        screening.put_down(connection, public, "", f"sign {word}", {"phone": 1}, "listed")
        made["finding"] = screening.of_article(connection, public)[0].id
        kept = articles.get(connection, public)
        assert kept
        correcting.correct(connection, kept, "author", f"Bà {word}", "sửa tên", "somebody")
        made["correction"] = correction_of(connection, public)
        made["schedule"] = schedules.add(connection, source.id, "0 2 * * *", "Asia/Ho_Chi_Minh")
        made["blackout"] = blackouts.add(connection, source.id, "1", 60, 120) or blackout_of(connection, source.id)
        job = jobs.ask(connection, "round", "somebody", source_id=source.id)
        assert job
        jobs.change(connection, job, state="failed", problem=f"Hỏng {word}", finished_at=now)
        made["job"] = job
        settings = {"address": f"https://{word}.test/", "profile": ""}
        made["preview"] = previews.add(connection, "somebody", settings, source.id)
        alarms.ring(connection, f"quiet source {source.id}", f"Source {word} is quiet.")
        access.decide(connection, "somebody", "change source", f"source {word}", f"vì {word}")
    archive.put()
    return made


def correction_of(connection: object, article: int) -> int:
    from indexer.store import corrections

    return corrections.history(connection, article)[0].id  # type: ignore[arg-type]


def blackout_of(connection: object, source: int) -> int:
    return next(each.id for each in blackouts.every(connection) if each.source_id == source)  # type: ignore[arg-type]


def routes(app: Flask) -> Iterator[Rule]:
    """What not everybody opens, what only looks before what changes something."""
    found = [rule for rule in app.url_map.iter_rules() if rights.roles_of(rule.endpoint) <= rights.STAFF]
    yield from sorted(found, key=lambda rule: ("POST" in (rule.methods or ()), rule.endpoint))


def addresses(province: Province, rule: Rule) -> Iterator[tuple[str, str]]:
    """(department, address): of the things of each department where the route is about one; else once."""
    thing = rights.rule_of(rule.endpoint)
    planted = Planted(1, "https://x.test/", "1/QĐ-UBND", ("x",))
    filled = {name: planted.argument(rule.endpoint, name)[0] for name in rule.arguments}
    for short in SHORTS if isinstance(thing, Thing) else ("",):
        more = {thing.argument: province.things[short][thing.kind]} if isinstance(thing, Thing) else {}
        with province.app.test_request_context():
            built = rule.build(filled | more)
        assert built, rule
        yield short, built[1]


def may(role: Role, bound: str, rule: Rule, of: str) -> bool:
    """What the table says."""
    if role not in rights.roles_of(rule.endpoint):
        return False
    about = rights.rule_of(rule.endpoint)
    return not bound or about == LISTS or (isinstance(about, Thing) and of == bound)


def foreign(bound: str, text: str) -> list[str]:
    return [word for short, word in WORDS.items() if bound and short != bound and word in unescape(text)]


def test_every_route_of_the_administration_says_whose_things_it_is_about(province: Province) -> None:
    """A new route needs one more line in `web.rights.DEPARTMENTS`: until then it is closed to who is bound."""
    assert not [rule for rule in routes(province.app) if rights.rule_of(rule.endpoint) is None]
    for endpoint, about in rights.DEPARTMENTS.items():
        found = [rule for rule in province.app.url_map.iter_rules() if rule.endpoint == endpoint]
        assert found or about == ARCHIVE, f"{endpoint} is no route"
        assert all(not isinstance(about, Thing) or about.argument in rule.arguments for rule in found), endpoint
        # a route that takes a thing by its number must not be one that only lists
        assert about != LISTS or all("number" not in rule.arguments for rule in found), endpoint


@pytest.mark.parametrize(("role", "bound"), WHO, ids=lambda part: str(part) or "all")
def test_who_is_bound_opens_the_things_of_his_departments_and_no_others(
    province: Province, role: Role, bound: str
) -> None:
    client, wrong, told = province.client(role, bound), [], {}
    for rule in routes(province.app):
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for of, address in addresses(province, rule):
                province.reached.clear()
                with client.open(address, method=method, query_string={"lang": "en"}) as answered:
                    text = answered.get_data().decode("utf-8", "replace")  # a look is packed for engineers
                passed = rule.endpoint in province.reached and rule.endpoint not in rights.BY_TOKEN
                if passed != may(role, bound, rule, of):
                    wrong.append(f"{method} {address} ({rule.endpoint}): {'opened' if passed else 'closed'}")
                if not passed and bound:
                    assert answered.status_code in (302, 401, 403, 404), (address, answered.status_code)
                    wrong += [f"{method} {address} tells {word}" for word in WORDS.values() if word in unescape(text)]
                wrong += [f"{method} {address} tells {word}" for word in foreign(bound, text)]
                told[rule.endpoint] = told.get(rule.endpoint, "") + unescape(text)
                if method == "POST" and role != "reader" and client.get("/desk").status_code != 200:
                    client = province.client(role, bound)
    assert not wrong, "\n".join(wrong)
    if role == "admin":
        mine = [word for short, word in WORDS.items() if bound in ("", short)]
        assert not {each for each in TOLD if not all(word in told[each] for word in mine)}


@pytest.mark.parametrize("role", ("editor", "admin"))
def test_a_thing_of_another_department_is_answered_as_one_that_there_is_not(province: Province, role: Role) -> None:
    client = province.client(role, "soxd")
    for rule in routes(province.app):
        thing = rights.rule_of(rule.endpoint)
        if not isinstance(thing, Thing) or rule.endpoint in rights.BY_TOKEN:
            continue
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        other = next(address for of, address in addresses(province, rule) if of == "soyte")
        number = str(province.things["soyte"][thing.kind])
        told = []
        for address in (other, other.replace(f"/{number}", "/987654321", 1)):
            with client.open(address, method=method, query_string={"lang": "en"}) as answered:
                told.append((answered.status_code, answered.get_data(as_text=True).replace(address, "")))
        assert told[0] == told[1], other


def test_what_is_typed_into_a_form_reaches_no_other_department(province: Province) -> None:
    client, (mine, other) = province.client("admin", "soxd"), (province.things[short] for short in SHORTS)
    word = WORDS["soyte"]
    for address, typed in (
        ("/admin/restrict", {"which": str(other["public"]), "reason": "thử"}),
        ("/admin/restrict", {"which": f"https://{word}.test/mở", "reason": "thử"}),
        ("/admin/destroy", {"which": str(other["public"]), "decision": "1", "decided_on": "2020-01-01",
                            "signed_by": "x", "reason": "x", "number": str(other["public"])}),
        ("/admin/blackouts/new", {"source": str(other["source"]), "days": "1", "begins": "01:00", "ends": "02:00"}),
        ("/admin/blackouts/new", {"source": "", "days": "1", "begins": "01:00", "ends": "02:00"}),
        (f"/admin/sources/{mine['source']}/merge", {"into": str(other["source"])}),
    ):  # fmt: skip
        with client.post(address, data=typed, query_string={"lang": "en"}) as answered:
            assert answered.status_code in (400, 404), address
            assert f"{word} " not in unescape(answered.get_data(as_text=True)), address
    for address in (f"/admin/cases?which={other['public']}", f"/admin/cases?which={word}",
                    f"/admin/destroy?which={other['public']}", f"/admin/restrict?which={other['public']}",
                    f"/admin/sources/{mine['source']}/merge?into={other['source']}"):  # fmt: skip
        assert f"{word} " not in unescape(client.get(address).get_data(as_text=True)), address
    with province.archive.store.read() as connection:
        assert [each.source_id for each in blackouts.every(connection)] == [mine["source"], other["source"]]
        kept = articles.get(connection, other["public"])
        assert kept and kept.restricted_at is None
        assert sources.need(connection, WORDS["soxd"])


def test_a_restricted_article_is_read_by_those_who_look_after_it_alone(province: Province) -> None:
    for bound, seen in (("soxd", (True, False)), ("soyte", (False, True)), ("", (True, True))):
        client = province.client("editor", bound)
        for short, may_see in zip(SHORTS, seen, strict=True):
            number = province.things[short]["article"]
            for address in (f"/articles/{number}", f"/api/v1/articles/{number}", f"/articles/{number}/versions",
                            f"/articles/{number}/cite.vi"):  # fmt: skip
                assert client.get(address).status_code == (200 if may_see else 404), (bound, address)


def test_a_token_takes_down_what_its_owner_looks_after_alone(province: Province) -> None:
    province.client("editor", "soxd")
    with province.archive.store.write() as connection:
        owner = accounts.need(connection, "editor")
        shown = tokens.add(connection, owner, "báo cáo", ("restrict",), 1)
    head = {"Authorization": f"Bearer {shown}"}
    client = province.app.test_client()
    for short, status in (("soyte", 404), ("soxd", 200)):
        address = f"/api/v1/articles/{province.things[short]['public']}/restrict"
        assert client.post(address, json={"reason": "thử"}, headers=head).status_code == status


def test_a_text_that_other_departments_hold_too_is_not_decided_about_by_one(province: Province) -> None:
    mine, other = (province.things[short] for short in SHORTS)
    with province.archive.store.write() as connection:
        for number in (mine["public"], other["public"]):
            screening.put_down(connection, number, "", "one text", {"phone": 1}, "listed")
        shared = next(e.id for e in screening.of_article(connection, mine["public"]) if e.signature == "one text")
    client = province.client("admin", "soxd")
    address = f"/admin/cases/personal/{shared}/allow"
    assert client.post(address, data={"reason": "x"}).status_code == 400
    assert province.client("admin", "").post(address, data={"reason": "x"}).status_code == 303


def test_who_loses_a_department_loses_it_at_once(province: Province) -> None:
    client, number = province.client("admin", "soyte"), province.things["soyte"]["source"]
    assert client.get(f"/admin/sources/{number}").status_code == 200
    with province.archive.store.write() as connection:
        xd = departments.need(connection, "soxd").id
        departments.bind(connection, accounts.need(connection, "admin").id, [xd])
    assert client.get(f"/admin/sources/{number}").status_code == 404
    with province.archive.store.write() as connection:  # and the source follows its department
        sources.change(connection, number, department_id=xd)
    assert client.get(f"/admin/sources/{number}").status_code == 200


def test_a_site_is_moved_into_no_source_of_another_department(province: Province) -> None:
    client, mine = province.client("admin", "soxd"), province.things["soxd"]["source"]
    sent = {"moved_to": f"https://{WORDS['soyte']}.test/"}
    answered = client.post(f"/admin/sources/{mine}/move", data=sent, query_string={"lang": "en"})
    assert answered.status_code == 400 and "another department" in answered.get_data(as_text=True)
    with province.archive.store.read() as connection:
        assert sources.get(connection, mine).address == f"https://{WORDS['soxd']}.test/"


def test_a_removed_source_of_another_department_is_not_taken_over_by_its_name(province: Province) -> None:
    other = province.things["soyte"]["source"]
    with province.archive.store.write() as connection:
        sources.remove(connection, other)
    look = put_look(province.archive)
    client = province.client("admin", "soxd")
    answered = client.post(f"{look}/add", data={"name": WORDS["soyte"], "department": "soxd"})
    assert answered.status_code == 400
    with province.archive.store.read() as connection:
        assert sources.get(connection, other).removed_at
    assert client.post(f"{look}/add", data={"name": "mới", "department": "soyte"}).status_code == 400
    assert client.post(f"{look}/add", data={"name": "mới", "department": "soxd"}).status_code == 302
    with province.archive.store.read() as connection:
        whose = departments.need(connection, "soxd").id
        assert sources.need(connection, "mới").department_id == whose


def test_a_look_at_what_is_no_source_yet_is_its_maker_s(province: Province) -> None:
    with province.archive.store.write() as connection:
        theirs, mine = (previews.add(connection, who, {"address": "https://new.test/", "profile": ""})
                        for who in ("somebody", "admin"))  # fmt: skip
    client = province.client("admin", "soxd")
    assert [client.get(f"/admin/previews/{number}").status_code for number in (theirs, mine)] == [404, 200]


def test_letters_tell_of_troubles_to_those_who_look_after_the_source(province: Province) -> None:
    store = province.archive.store
    with store.write() as connection:
        for name, short in (("xd", "soxd"), ("yte", "soyte"), ("chief", "")):
            if short:
                accounts.add(connection, name, walk.PASSWORD, "admin")
                accounts.bind(connection, accounts.need(connection, name), [short])
            number = accounts.need(connection, name).id
            mailboxes.put(connection, number, f"{name}@example.org", "vi")
            box = mailboxes.get(connection, number)
            assert box
            mailboxes.confirm(connection, box.nonce)
        alarms.ring(connection, "disk", "The disk is full.")
    telling.write(store)
    with store.read() as connection:
        names = {each.id: each.name for each in accounts.every(connection)}
        told = {names[row.account_id]: row.content for row in connection.execute(select(tables.letters))}
        causes = {name: {each.cause for each in alarms.several(connection, content["begun"])}
                  for name, content in told.items()}  # fmt: skip
        assert not telling.is_due(connection)
    quiet = {short: f"quiet source {province.things[short]['source']}" for short in SHORTS}
    assert causes == {"xd": {quiet["soxd"]}, "yte": {quiet["soyte"]}, "chief": {"disk", *quiet.values()}}
