"""Which questions found nothing, and what can be done about each?  An inbox: add a word, add a page, or let it be."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access
from indexer.store import addresses, sources
from indexer.store import missed as inbox_of
from indexer.store.addresses import New
from indexer.store.missed import Missed, State
from web.admin import ask_for_round
from web.marks import web_address
from web.person import me
from web.shelf import shelf
from web.visitor import role, translate
from web.words import tell_mended, words

SHOWN = 100
STATES: tuple[State, ...] = ("open", "mended", "ignored")
LONGEST_ADDRESS = 2_000


@words.get("/missed")
def missed() -> ResponseReturnValue:
    wanted = state_named(request.args.get("state"))
    with shelf().store.read() as connection:
        found, counts = inbox_of.inbox(connection, wanted, SHOWN), inbox_of.count(connection)
    may_add_pages = role() == "admin"
    return render_template(
        "admin/words_missed.html", found=found, counts=counts, state=wanted, states=STATES, may_add_pages=may_add_pages
    )


def state_named(name: str | None) -> State:
    return next((each for each in STATES if each == name), STATES[0])


@words.post("/missed")
def settle() -> ResponseReturnValue:
    """Let a question be, take it up again, or ask it once more."""
    form, do = request.form.get("folded", ""), request.form.get("do", "")
    state = state_named(request.form.get("state"))
    if need_missed(form) and do == "test":
        tell_mended(form)
    elif need_missed(form) and do in ("ignore", "open"):
        with shelf().store.write() as connection:
            inbox_of.ignore(connection, form, do == "ignore")
            # what was asked is told to no log: it may hold personal data, and logs outlive it
            access.decide(connection, me(), f"{do} missed question", "question")
        flash(translate("The question is left aside." if do == "ignore" else "The question is in the inbox again."))
    return redirect(url_for("words.missed", state=state), 303)


def need_missed(form: str) -> Missed | None:
    with shelf().store.read() as connection:
        return inbox_of.get(connection, form)


@words.route("/missed/page", methods=["GET", "POST"])
def add_page() -> ResponseReturnValue:
    """Have a page fetched that answers a missed question."""
    asked = request.values.get("question", "")[:LONGEST_ADDRESS]
    typed = request.form.get("address", "").strip()[:LONGEST_ADDRESS]
    if role() != "admin":
        return page_form(asked, typed, translate("Only an admin has pages fetched. Give the address to one.")), 403
    if request.method == "GET":
        return page_form(asked, typed)
    if not web_address(typed):
        return page_form(asked, typed, translate("Write a whole address, beginning with https:// or http://.")), 400
    with shelf().store.write() as connection:
        source = sources.of_host(connection, typed)
        if source is None:
            return page_form(asked, typed, "", unknown=True), 400
        addresses.add(connection, source.id, [New(typed, "article")], "")
        job, _ = ask_for_round(connection, source, retry=False)
        access.decide(connection, me(), "add page", f"source {source.name}", typed)
    flash(translate("The page is fetched with a crawl of “%(name)s”, which was asked for now.", name=source.name))
    return redirect(url_for("admin.job", number=job), 303)


def page_form(asked: str, typed: str, mistake: str = "", unknown: bool = False) -> str:
    return render_template("admin/words_page.html", asked=asked, typed=typed, mistake=mistake, unknown=unknown)
