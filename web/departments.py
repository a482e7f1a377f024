"""How does an admin keep the list of departments?  Names and logo of each, whose sources, and who looks after them."""

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, accounts, pictures
from indexer.errors import KhotinError
from indexer.store import departments as shelf_of
from indexer.store import sources
from indexer.store.departments import Department
from web.admin import admin
from web.admin_sources import ONE, need_source
from web.admin_sources_preview import chosen
from web.people import ONE as ACCOUNT
from web.people import decided, done, people, wrong
from web.people import need as need_account
from web.person import me
from web.shelf import shelf
from web.visitor import language, translate

departments = Blueprint("departments", __name__, url_prefix="/admin/departments")

FIELDS = ("short", "name_vi", "name_en")


def told_of(found: Department) -> dict[str, str]:
    """What the log of decisions keeps of a department."""
    return {"name_vi": found.name_vi, "name_en": found.name_en}


@departments.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    return listed({}, "")


def listed(typed: Mapping[str, str], problem: str) -> str:
    with shelf().store.read() as connection:
        rows = shelf_of.every(connection)
        keepers = shelf_of.keepers_of(connection)
        counts = Counter(each.department_id for each in sources.every(connection))
    return render_template(
        "admin/departments.html", rows=rows, keepers=keepers, counts=counts, typed=typed, problem=problem
    )


@departments.post("/add")
def add() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        picture = sent_picture()
        with shelf().store.write() as connection:
            made = shelf_of.add(connection, typed["short"], typed["name_vi"], typed["name_en"])
            if picture:
                shelf_of.set_logo(connection, made, picture)
            access.decide(connection, me(), "add department", f"department {made.short}", after=told_of(made))
    except KhotinError as mistake:
        return listed(typed, mistake.sentence(language())), 400
    flash(translate("Department “%(name)s” was added.", name=made.name(language())))
    return redirect(url_for("departments.department", short=made.short), 303)


def sent_picture() -> bytes | None:
    """The logo that was sent along, if any.  Raises KhotinError for what is none."""
    sent = request.files.get("logo")
    return pictures.harmless(sent.read(pictures.LARGEST_BYTES + 1)) if sent and sent.filename else None


@departments.get("/<short>")
def department(short: str) -> ResponseReturnValue:
    return one(short, {}, "")


def one(short: str, typed: Mapping[str, str], problem: str) -> str:
    with shelf().store.read() as connection:
        found = need(connection, short)
        its = [each for each in sources.every(connection) if each.department_id == found.id]
        keepers = shelf_of.keepers_of(connection).get(found.id, [])
        looking = [each for each in accounts.every(connection) if each.name in keepers]
    return render_template(
        "admin/department.html", found=found, sources=its, keepers=looking, typed=told_of(found) | dict(typed),
        problem=problem,
    )  # fmt: skip


def need(connection: Connection, short: str) -> Department:
    return shelf_of.find(connection, short) or abort(404)


@departments.post("/<short>")
def change(short: str) -> ResponseReturnValue:
    """Other names, another logo or none."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS[1:]}
    try:
        picture = sent_picture()
        with shelf().store.write() as connection:
            found = need(connection, short)
            shelf_of.rename(connection, found, typed["name_vi"], typed["name_en"])
            if picture or request.form.get("no_logo") == "1":
                shelf_of.set_logo(connection, found, picture)
            now = need(connection, short)
            if now != found:
                before, after = told_of(found), told_of(now)
                access.decide(connection, me(), "rename department", f"department {short}", "", before, after)
    except KhotinError as mistake:
        return one(short, typed, mistake.sentence(language())), 400
    flash(translate("The department was saved."))
    return redirect(url_for("departments.department", short=short), 303)


# Whose a source is


@admin.post(f"{ONE}/department")
def source_department(number: int) -> ResponseReturnValue:
    """Give a source to another department; who is bound chooses among his own."""
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        wanted = chosen(connection, request.form.get("department", ""))
        if wanted != found.department_id:
            sources.change(connection, number, department_id=wanted)
            names = {each.id: each.short for each in shelf_of.every(connection)}
            told = [{"department": names.get(each or 0)} for each in (found.department_id, wanted)]
            subject = f"source {found.name}"
            access.decide(connection, me(), "choose department", subject, before=told[0], after=told[1])
    flash(translate("The department of the source was saved; searches know it at once."))
    return redirect(url_for("admin.source", number=number, _anchor="department"), 303)


# Who looks after which


@people.post(f"{ACCOUNT}/departments")
def bind(number: int) -> ResponseReturnValue:
    """Which departments an admin or editor looks after; none: the whole archive."""
    try:
        with shelf().store.write() as connection:
            account = need_account(connection, number)
            before, after = accounts.bind(connection, account, request.form.getlist("department"))
            decided(connection, "bind account", "bound", account, {"departments": before}, {"departments": after})
    except KhotinError as problem:
        return wrong(number, problem)
    return done(number, translate("Saved; it counts at once."))
