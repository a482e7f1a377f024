"""How is an article destroyed?  Looked up first, with what will happen; then by decision, its number typed."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import destroy
from indexer.article import Kept
from indexer.destroy import Decided
from indexer.errors import KhotinError
from indexer.store import articles, destructions
from indexer.store.belonging import is_within
from indexer.store.destructions import Destruction
from web import keeper
from web.restricting import need_mine
from web.shelf import shelf
from web.visitor import language, translate

destroying = Blueprint("destroying", __name__, url_prefix="/admin/destroy")

FIELDS = ("which", "decision", "decided_on", "signed_by", "reason", "number")
LONGEST = {"decision": 100, "signed_by": 200, "reason": 1000}


class Reach(NamedTuple):
    """What a destruction would take: the article, those that are one with it, its versions and its files."""

    kept: Kept
    others: list[Kept]
    versions: int
    files: list[str]


@destroying.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    typed = {name: request.args.get(name, "").strip() for name in FIELDS}
    return destroy_page(typed, {})


def destroy_page(typed: dict[str, str], mistakes: dict[str, str]) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        reach = None
        try:
            reach = reach_of(connection, typed["which"]) if typed["which"] else None
        except KhotinError as problem:
            mistakes = {"which": problem.sentence(language())}
        done = [each for each in destructions.every(connection) if is_ours(connection, each)]
    told = render_template("admin/destroy.html", typed=typed, mistakes=mistakes, reach=reach, done=done, limits=LONGEST)
    return told, 400 if mistakes else 200


def is_ours(connection: Connection, done: Destruction) -> bool:
    return is_within(connection, "article", done.article_id, keeper.reach())


def reach_of(connection: Connection, which: str) -> Reach:
    """Raises KhotinError when there is no such article, or none any more."""
    kept = need_mine(connection, which)
    if destructions.of_article(connection, kept.id):
        raise KhotinError("Article %(number)s is destroyed by decision already.", number=kept.id)
    members = destructions.family(connection, kept.id)
    held = articles.several(connection, members)
    others = [held[number] for number in members if number != kept.id]
    if not all(map(keeper.is_mine, others)):
        raise KhotinError("It is one with articles of other departments. Ask an admin of the whole archive to decide.")
    return Reach(kept, others, sum(e.versions for e in held.values()), sorted(destructions.files(connection, members)))


@destroying.post("", strict_slashes=False)
def carry_out() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip()[: LONGEST.get(name, 2000)] for name in FIELDS}
    try:
        with shelf().store.write() as connection:
            number = reach_of(connection, typed["which"]).kept.id
            mistakes = dict(wrong(typed, number))
            if not mistakes:
                decided = Decided(typed["decision"], day_of(typed), typed["signed_by"], typed["reason"])
                destroy.wish(connection, number, str(current_user.name), decided)
    except KhotinError as problem:
        mistakes = {"which": problem.sentence(language())}
    if mistakes:
        return destroy_page(typed, mistakes)
    flash(translate("Article %(number)s is no longer public and is being destroyed.", number=number))
    return redirect(url_for("destroying.page"))


def wrong(typed: dict[str, str], number: int) -> Iterator[tuple[str, str]]:
    """Every field that is wrong, with what is to be done."""
    for name, sentence in destroy.NEEDED.items():
        if not typed[name]:
            yield name, translate(sentence)
    try:
        if day_of(typed) > destroy.today():
            yield "decided_on", translate("The day of the decision lies in the future.")
    except ValueError:
        yield "decided_on", translate("Give the day of the decision.")
    if typed["number"] != str(number):
        yield "number", translate("Type the article's number, %(number)s, to confirm.", number=number)


def day_of(typed: dict[str, str]) -> date:
    return date.fromisoformat(typed["decided_on"])
