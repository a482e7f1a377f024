"""How does a reader keep articles together?  Collections with notes and tags, filled from results and articles."""

from dataclasses import dataclass
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from indexer import access
from indexer.article import Kept
from indexer.corrected import day_of
from indexer.errors import KhotinError
from indexer.store import articles, collections
from indexer.store.collections import Collection, Item, tags_of
from web.api import LARGEST
from web.desk import desk, me
from web.shelf import shelf
from web.sign_in import local
from web.take import sent_numbers
from web.visitor import language, role, translate

ORDERS = ("added", "newest", "oldest")
TYPED = ("collection", "new", "note", "tags", "next")


@dataclass(frozen=True, slots=True)
class Line:
    """An article in a collection; ``kept`` is missing when it may not be shown any more."""

    item: Item
    kept: Kept | None


def kept_in(number: int) -> list[Collection]:
    """The collections of who is signed in that hold an article."""
    if role() == "reader":
        return []
    with shelf().store.read() as connection:
        return collections.holding(connection, me().id, number)


def lines_of(connection: Connection, items: list[Item]) -> list[Line]:
    """The items with what may be shown of them to everybody: a merged article is shown as the one it became."""
    held = articles.several(connection, [each.article_id for each in items])
    moved = {old: kept.merged_into for old, kept in held.items() if kept.merged_into}
    joined = articles.several(connection, list(moved.values())) if moved else {}
    held |= {old: joined[new] for old, new in moved.items() if new in joined}
    shown = {number: kept for number, kept in held.items() if access.may_see(kept)}
    return [Line(each, shown.get(each.article_id)) for each in items]


def ordered(lines: list[Line], order: str) -> list[Line]:
    """By the date of the article, what has none last; otherwise as they were put in."""
    if order not in ("newest", "oldest"):
        return lines
    dated = [(day_of(each.kept) if each.kept else None, each) for each in lines]
    known = sorted((pair for pair in dated if pair[0]), key=lambda pair: pair[0] or date.min, reverse=order == "newest")
    return [each for _, each in known] + [each for at, each in dated if not at]


@desk.get(f"/collections/<int(max={LARGEST}):number>")
def collection(number: int) -> ResponseReturnValue:
    held = need_collection(number)
    return collection_page(held, {"name": held.name, "note": held.note}, "")


def collection_page(held: Collection, typed: dict[str, str], problem: str) -> str:
    order, tag = request.args.get("order", "added"), request.args.get("tag", "")
    with shelf().store.read() as connection:
        items = collections.items(connection, held.id)
        lines = lines_of(connection, [each for each in items if not tag or tag in each.tags])
    tags = sorted({tag for each in items for tag in each.tags}, key=str.casefold)
    return render_template(
        "desk/collection.html", collection=held, lines=ordered(lines, order), tags=tags, tag=tag,
        order=order if order in ORDERS else "added", typed=typed, problem=problem,
        back=local(request.args.get("back", "")),
    )  # fmt: skip


@desk.get(f"/collections/<int(max={LARGEST}):number>/export")
def collection_export(number: int) -> ResponseReturnValue:
    """The articles of a collection as a file: those that may be shown."""
    held = need_collection(number)
    with shelf().store.read() as connection:
        lines = lines_of(connection, collections.items(connection, held.id))
    kept = {line.kept.id for line in lines if line.kept}
    return sent_numbers(kept, request.args.get("format", ""), request.args.get("bom") == "1")


@desk.post("/collections")
def collection_add() -> ResponseReturnValue:
    try:
        with shelf().store.write() as connection:
            number = collections.add(connection, me().id, request.form.get("name", ""))
    except KhotinError as problem:
        flash(problem.sentence(language()))
        return redirect(url_for("desk.overview"))
    return redirect(url_for("desk.collection", number=number))


@desk.post(f"/collections/<int(max={LARGEST}):number>")
def collection_change(number: int) -> ResponseReturnValue:
    held = need_collection(number)
    typed = {name: request.form.get(name, "") for name in ("name", "note")}
    try:
        with shelf().store.write() as connection:
            collections.change(connection, held.id, typed["name"], typed["note"])
    except KhotinError as problem:
        return collection_page(held, typed, problem.sentence(language())), 400
    flash(translate("The collection was changed."))
    return redirect(url_for("desk.collection", number=number))


@desk.get(f"/collections/<int(max={LARGEST}):number>/remove")
def collection_removing(number: int) -> ResponseReturnValue:
    return render_template("desk/collection_remove.html", collection=need_collection(number))


@desk.post(f"/collections/<int(max={LARGEST}):number>/remove")
def collection_remove(number: int) -> ResponseReturnValue:
    held = need_collection(number)
    with shelf().store.write() as connection:
        collections.remove(connection, held.id)
    flash(translate("The collection “%(name)s” was deleted.", name=held.name))
    return redirect(url_for("desk.overview"))


@desk.post(f"/collections/<int(max={LARGEST}):number>/articles/<int(max={LARGEST}):article>/remove")
def take_out(number: int, article: int) -> ResponseReturnValue:
    held = need_collection(number)
    with shelf().store.write() as connection:
        collections.take_out(connection, held.id, article)
    flash(translate("The article was taken out of the collection."))
    return redirect(url_for("desk.collection", number=number))


@desk.get(f"/keep/<int(max={LARGEST}):number>")
def keep(number: int) -> ResponseReturnValue:
    """Where an article is to be kept, and what is to be noted; filled in when it is kept there already."""
    kept = need_article(number)
    typed = {name: request.args.get(name, "") for name in TYPED}
    with shelf().store.read() as connection:
        held = collections.get(connection, me().id, as_number(typed["collection"]))
        items = collections.items(connection, held.id) if held else []
    item = next((each for each in items if each.article_id == number), None)
    if item:
        typed |= {"note": item.note, "tags": ", ".join(item.tags)}
    return keep_form(kept, typed, "")


def keep_form(kept: Kept, typed: dict[str, str], problem: str) -> str:
    with shelf().store.read() as connection:
        mine = collections.every(connection, me().id)
    return render_template("desk/keep.html", kept=kept, typed=typed, collections=mine, problem=problem)


@desk.post(f"/keep/<int(max={LARGEST}):number>")
def put(number: int) -> ResponseReturnValue:
    kept = need_article(number)
    typed = {name: request.form.get(name, "").strip() for name in TYPED}
    try:
        with shelf().store.write() as connection:
            held = chosen(connection, typed)
            collections.put(connection, held, number, typed["note"], tags_of(typed["tags"]))
    except KhotinError as problem:
        return keep_form(kept, typed, problem.sentence(language())), 400
    flash(translate("The article is kept in this collection."))
    return redirect(url_for("desk.collection", number=held, back=local(typed["next"]) or None))


def chosen(connection: Connection, typed: dict[str, str]) -> int:
    """The collection that was chosen, or a new one. Raises KhotinError."""
    if typed["new"]:
        return collections.add(connection, me().id, typed["new"])
    held = collections.get(connection, me().id, as_number(typed["collection"]))
    if held is None:
        raise KhotinError("Choose a collection, or write a name for a new one.")
    return held.id


def as_number(written: str) -> int:
    """The number that is written; 0, which nothing has, for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < len(str(LARGEST)) else 0


def need_collection(number: int) -> Collection:
    with shelf().store.read() as connection:
        held = collections.get(connection, me().id, number)
    return held or abort(404)


def need_article(number: int) -> Kept:
    with shelf().store.read() as connection:
        kept = articles.get(connection, number)
    if kept is None or not access.may_see(kept):
        abort(404)
    return kept
