"""How does an admin look after the accounts?  Who may come in as what, and everything that lets them in or keeps them
out."""

from typing import Any

from flask import Blueprint, Flask, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, accounts, keeping, second_factor, signed
from indexer.accounts import ROLES, Account
from indexer.errors import KhotinError
from indexer.store import departments, letters, mailboxes, sessions, tokens
from web.api import LARGEST
from web.inviting import invite
from web.letters import invited, site
from web.person import limits, me
from web.post import can_send
from web.security_log import note
from web.shelf import shelf
from web.sign_in import LONGEST_NAME, checked
from web.visitor import language, translate

people = Blueprint("people", __name__, url_prefix="/admin/people")
ONE = f"/<int(max={LARGEST}):number>"


def register(app: Flask) -> None:
    from web import people_log  # noqa: F401 - it adds its pages to `people`

    app.register_blueprint(people)


def decided(connection: Connection, action: str, kind: str, account: Account, before: Any = None, after: Any = None,
            reason: str = "") -> None:  # fmt: skip
    """A change of an account, into both logs."""
    access.decide(connection, me(), action, f"account {account.name}", reason, before, after)
    note(connection, kind, account.name, me())


# All of them


@people.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    return listed()


def listed(typed: dict[str, str] | None = None, problems: dict[str, str] | None = None, **shown: str) -> str:
    """``shown``: a link that is shown once, and whose it is."""
    with shelf().store.read() as connection:
        rows = [(each, second_factor.is_on(connection, each.id)) for each in accounts.every(connection)]
    more = {"typed": typed or {}, "problems": problems or {}, "roles": ROLES, "mails": can_send(shelf().settings)}
    return render_template("admin/people.html", rows=rows, **more, **{"link": "", "whose": ""} | shown)


@people.post("/add")
def add() -> ResponseReturnValue:
    """A new account without a password: the link to choose one is shown once, to be handed over."""
    typed = {name: request.form.get(name, "").strip() for name in ("name", "role")}
    try:
        if not typed["name"] or len(typed["name"]) > LONGEST_NAME or not typed["name"].isprintable():
            raise KhotinError("Choose a name of up to %(most)s characters.", most=LONGEST_NAME)
        if typed["role"] not in ROLES:
            raise KhotinError("“%(role)s” is no role. Choose admin, editor or researcher.", role=typed["role"])
        values = accounts.secret(accounts.unguessable())
        with shelf().store.write() as connection:
            number = accounts.add_with(connection, typed["name"], values, typed["role"])
            account = need(connection, number)
            decided(connection, "add account", "made", account, None, {"role": account.role})
    except KhotinError as problem:
        return listed(typed, {"add": problem.sentence(language())}), 400
    return listed(link=password_link(account), whose=account.name)


def password_link(account: Account) -> str:
    """Where a new password is chosen, once and within two hours."""
    here = shelf()
    token = signed.sign(here.store.home, "reset", str(account.id), accounts.fingerprint(account))
    return site(here.settings, f"/reset/{token}", request.url_root)


@people.post("/invite")
def invitation() -> ResponseReturnValue:
    """The link is shown once: only its secret is kept, and only to know whether it was used."""
    here, typed = shelf(), request.form.get("email", "").strip()
    try:
        nonce = invite(here.store, here.settings, me(), typed, request.form.get("language", language()))
    except KhotinError as problem:
        return listed({"email": typed}, {"invite": problem.sentence(language())}), 400
    token = signed.sign(here.store.home, "invite", nonce)
    return listed(link=site(here.settings, invited(token), request.url_root))


# One of them


@people.get(ONE)
def person(number: int) -> ResponseReturnValue:
    return one(number)


def one(number: int, problem: str = "", link: str = "") -> str:
    with shelf().store.read() as connection:
        account = need(connection, number)
        box = mailboxes.get(connection, number)
        held = {
            "factor": second_factor.is_on(connection, number),
            "sessions": sessions.every(connection, account, limits()),
            "tokens": tokens.every(connection, number),
            "bound": departments.bound_to(connection, number),
        }
    mails = bool(box and box.confirmed_at and can_send(shelf().settings))
    return render_template(
        "admin/person.html", account=account, mails=mails, roles=ROLES, problem=problem, link=link, **held
    )


def need(connection: Connection, number: int) -> Account:
    return accounts.get(connection, number) or abort(404)


def done(number: int, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("people.person", number=number))


def wrong(number: int, problem: KhotinError) -> ResponseReturnValue:
    return one(number, problem.sentence(language())), 400


@people.post(f"{ONE}/role")
def role(number: int) -> ResponseReturnValue:
    wanted = request.form.get("role", "")
    try:
        with shelf().store.write() as connection:
            account = need(connection, number)
            accounts.change_role(connection, account, wanted)
            if wanted != account.role:
                decided(connection, "change role", "role", account, {"role": account.role}, {"role": wanted})
    except KhotinError as problem:
        return wrong(number, problem)
    return done(number, translate("The role was changed; it counts at once."))


@people.post(f"{ONE}/disable")
def disable(number: int) -> ResponseReturnValue:
    try:
        with shelf().store.write() as connection:
            account = need(connection, number)
            accounts.disable(connection, account.name)
            sessions.end_all(connection, number)
            decided(connection, "disable account", "disabled", account, {"disabled": False}, {"disabled": True})
    except KhotinError as problem:
        return wrong(number, problem)
    return done(number, translate("The account is disabled, and signed out everywhere."))


@people.post(f"{ONE}/enable")
def enable(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        account = need(connection, number)
        accounts.enable(connection, account.name)
        decided(connection, "enable account", "enabled", account, {"disabled": True}, {"disabled": False})
    return done(number, translate("The account works again, with the password that it had."))


@people.post(f"{ONE}/reset")
def reset(number: int) -> ResponseReturnValue:
    """A link to choose a new password: by e-mail, or shown once to be handed over."""
    by_mail = request.form.get("by") == "mail"
    with shelf().store.write() as connection:
        account = need(connection, number)
        if account.disabled_at:
            raise KhotinError("The account is disabled. Enable it first.")
        if by_mail:
            letters.drop_all(connection, number, "reset")
            letters.write(connection, "reset", number)
        decided(connection, "make password link", "link", account, reason="e-mail" if by_mail else "")
    if by_mail:
        return done(number, translate("The e-mail is on its way."))
    return one(number, link=password_link(account))


@people.post(f"{ONE}/factor/remove")
def factor_remove(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        account = need(connection, number)
        if second_factor.remove(connection, number):
            factor = "second_factor"
            decided(connection, "take second factor off", "second factor off", account, {factor: True}, {factor: False})
    return done(number, translate("The second factor was taken off; the password alone opens now."))


@people.post(f"{ONE}/sessions/end")
def sessions_end(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        account = need(connection, number)
        mine = number == current_user.account.id
        sessions.end_all(connection, number, but=current_user.session.id if mine else None)
        decided(connection, "end sessions", "session ended", account)
    return done(number, translate("The sessions were ended."))


@people.post(f"{ONE}/sessions/<int(max={LARGEST}):session>/end")
def session_end(number: int, session: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        account = need(connection, number)
        if sessions.end(connection, number, session):
            decided(connection, "end sessions", "session ended", account)
    return done(number, translate("The session was ended."))


@people.post(f"{ONE}/tokens/<int(max={LARGEST}):token>/revoke")
def token_revoke(number: int, token: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        account = need(connection, number)
        if tokens.revoke(connection, number, token):
            decided(connection, "revoke token", "token revoked", account)
    return done(number, translate("The token opens nothing any more."))


@people.post(f"{ONE}/delete")
def delete(number: int) -> ResponseReturnValue:
    """The account with all that it kept; asks for the admin's own password, as it cannot be undone."""
    try:
        checked(me(), request.form.get("password", ""))
        with shelf().store.write() as connection:
            account = need(connection, number)
            keeping.erase(connection, account)
            decided(connection, "delete account", "deleted", account, {"role": account.role}, None)
    except KhotinError as problem:
        return wrong(number, problem)
    flash(translate("The account and all that it kept were deleted."))
    return redirect(url_for("people.page"))
