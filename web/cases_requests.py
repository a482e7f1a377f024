"""What do readers ask for, by when, and what was decided?  The inbox, each request with its reply to print or send."""

from datetime import datetime
from email.utils import parseaddr

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, clock
from indexer.article import Kept
from indexer.clock import local_day, midnight
from indexer.errors import KhotinError
from indexer.store import articles, letters, mailboxes, requests
from indexer.store.requests import DECIDED, Request
from web.api import LARGEST
from web.cases import cases
from web.keeper import reach
from web.letters import OUTCOMES
from web.person import me
from web.post import can_send
from web.shelf import shelf
from web.visitor import language, translate

SHOWN = 100
LONGEST_REASON = 4_000
REQUEST = f"/requests/<int(max={LARGEST}):number>"


@cases.get("/requests")
def inbox() -> ResponseReturnValue:
    now = clock.now()
    with shelf().store.read() as connection:
        waiting = with_articles(connection, requests.listed(connection, True, SHOWN, reach()))
        decided = with_articles(connection, requests.listed(connection, False, SHOWN, reach()))
        year = requests.handled(connection, beginning(now), now, reach())
    return render_template("admin/requests.html", waiting=waiting, decided=decided, year=year, now=now)


def beginning(now: datetime) -> datetime:
    """When the present year began, here."""
    return midnight(local_day(now).replace(month=1, day=1))


def with_articles(connection: Connection, found: list[Request]) -> list[tuple[Request, Kept | None]]:
    kept = articles.several(connection, [each.article_id for each in found])
    return [(each, kept.get(each.article_id)) for each in found]


@cases.get(REQUEST)
def request_page(number: int) -> ResponseReturnValue:
    return shown(number, {}, "")


def shown(number: int, typed: dict[str, str], problem: str) -> str:
    with shelf().store.read() as connection:
        asked = requests.get(connection, number) or abort(404)
        kept = articles.get(connection, asked.article_id)
    typed = {"state": "", "reason": ""} | typed
    mails = bool(mail_of(asked.contact)) and can_send(shelf().settings)
    return render_template(
        "admin/request.html", asked=asked, kept=kept, typed=typed, problem=problem, mails=mails, now=clock.now()
    )


def mail_of(contact: str) -> str:
    """The e-mail address in what a reader left, if it is one."""
    try:
        return mailboxes.checked(parseaddr(contact)[1])
    except KhotinError:
        return ""


@cases.post(f"{REQUEST}/examine")
def examine(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        asked = requests.get(connection, number) or abort(404)
        if asked.state == "new":
            requests.examine(connection, number)
            subject, then, now = f"article {asked.article_id}", {"state": "new"}, {"state": "examined"}
            access.decide(connection, me(), "examine request", subject, before=then, after=now)
    return redirect(url_for("cases.request_page", number=number), 303)


@cases.post(f"{REQUEST}/decide")
def decide(number: int) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("state", "reason")}
    try:
        with shelf().store.write() as connection:
            asked = requests.get(connection, number) or abort(404)
            decided(connection, asked, typed["state"], typed["reason"][:LONGEST_REASON])
            if request.form.get("mail") and mail_of(asked.contact) and asked.answered_at is None:
                letters.write(connection, "reply", None, {"request": number, "to": mail_of(asked.contact)})
    except KhotinError as problem:
        return shown(number, typed, problem.sentence(language())), 400
    flash(translate("The decision is written down."))
    return redirect(url_for("cases.request_page", number=number), 303)


def decided(connection: Connection, asked: Request, state: str, why: str) -> None:
    """Write a decision down, once.  Raises KhotinError that says what is missing."""
    if state not in DECIDED:
        raise KhotinError("Choose what was decided.")
    if not why:
        raise KhotinError("Write the reason: the reply to the reader gives it, and it is kept in the log.")
    if asked.answered_at and (asked.state, asked.answer) != (state, why):
        raise KhotinError(
            "“%(who)s” has decided about this already. What was decided stands below.", who=asked.answered_by
        )
    if asked.answered_at is None:
        requests.decide(connection, asked.id, me(), state, why)
        subject, then, now = f"article {asked.article_id}", {"state": asked.state}, {"state": state}
        access.decide(connection, me(), "decide request", subject, why, before=then, after=now)


@cases.get(f"{REQUEST}/reply")
def reply(number: int) -> ResponseReturnValue:
    """The decision as an official letter, to print and sign."""
    with shelf().store.read() as connection:
        asked = requests.get(connection, number) or abort(404)
        kept = articles.get(connection, asked.article_id)
    if asked.answered_at is None:
        abort(404)
    today = local_day(clock.now())
    return render_template("admin/reply.html", asked=asked, kept=kept, today=today, outcome=OUTCOMES[asked.state])
