"""How does a reader come to an account, and back into one?  Signing up, confirming an address, a forgotten password."""

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from indexer import accounts, signed
from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.store import invitations, letters, mailboxes, searches
from indexer.store.knocks import knock, knock_or_raise
from indexer.store.mailboxes import Mailbox
from web.person import let_in
from web.post import can_send
from web.security_log import network, note
from web.shelf import shelf
from web.sign_in import LONGEST_NAME, with_device
from web.visitor import language, translate

ways = Blueprint("ways", __name__)

# A day's share of one network (an office may stand behind one address) and of one mailbox (nobody's is to be flooded).
SIGN_UPS, RESETS, LETTERS = 20, 20, 3


def register(app: Flask) -> None:
    app.register_blueprint(ways)
    # A mail program ends letters without a page of ours or a session; what the link carries is signed.
    app.extensions["csrf"].exempt(f"{__name__}.unsubscribed")


def here() -> str:
    return network(request.remote_addr or "")


@ways.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    return page({"invitation": request.args.get("invitation", "")})


def page(typed: dict[str, str], problem: str = "") -> str:
    settings = shelf().settings
    if settings.sign_up == "off":
        abort(404)
    invited = settings.sign_up == "open" or is_invited(typed["invitation"])
    return render_template("desk/sign_up.html", typed=typed, problem=problem, invited=invited, mails=can_send(settings))


def is_invited(token: str) -> bool:
    here = shelf()
    try:
        (nonce,) = signed.read(here.store.home, "invite", token)
    except KhotinError:
        return False
    with here.store.read() as connection:
        return invitations.is_open(connection, nonce)


@ways.post("/sign-up")
def join() -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in ("name", "email", "invitation")}
    if shelf().settings.sign_up == "off":
        abort(404)
    try:
        account = made(typed, request.form.get("password", ""))
    except KhotinError as problem:
        return page(typed, problem.sentence(language())), 400
    let_in(account)
    return with_device(redirect(url_for("desk.overview", welcome=1)), account.name)


def made(typed: dict[str, str], password: str) -> Account:
    """The new account. Raises KhotinError; an invitation is used up only when all is right."""
    store, settings = shelf().store, shelf().settings
    name = typed["name"]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise KhotinError("Choose a name of up to %(most)s characters.", most=LONGEST_NAME)
    email = mailboxes.checked(typed["email"]) if typed["email"] and can_send(settings) else ""
    with store.write() as connection:
        knock_or_raise(connection, "sign up", here(), SIGN_UPS)
    values = accounts.secret(password)  # takes its time, so not inside the write
    with store.write() as connection:
        if settings.sign_up == "invitation":
            (nonce,) = signed.read(store.home, "invite", typed["invitation"])
            if not invitations.use(connection, nonce):
                raise KhotinError("This invitation was used before. Ask for another one.")
        number = accounts.add_with(connection, name, values, "researcher")
        if email:
            write_to(connection, number, email)
        account = accounts.get(connection, number)
    assert account is not None
    return account


def write_to(connection: Connection, account_id: int, address: str) -> None:
    """An address for an account, and the letter that asks its owner; nobody's mailbox is flooded with these."""
    knock_or_raise(connection, "confirm", address, LETTERS)
    knock_or_raise(connection, "confirm for", str(account_id), LETTERS)
    mailboxes.put(connection, account_id, address, language())
    letters.drop_all(connection, account_id, "confirm")
    letters.write(connection, "confirm", account_id)


# An address is confirmed


@ways.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Asks once more: programs that look at links in letters must not confirm anything."""
    box = box_of("confirm", token)
    with shelf().store.read() as connection:
        account = accounts.get(connection, box.account_id)
    return render_template("desk/confirm.html", box=box, account=account, token=token)


@ways.post("/confirm/<token>")
def confirmed(token: str) -> ResponseReturnValue:
    box = box_of("confirm", token)
    with shelf().store.write() as connection:
        mailboxes.confirm(connection, box.nonce)
    return told(translate("Confirmed"), translate("E-mails about new articles will come to %(to)s.", to=box.address))


def box_of(purpose: signed.Purpose, token: str) -> Mailbox:
    (nonce,) = signed.read(shelf().store.home, purpose, token)
    with shelf().store.read() as connection:
        box = mailboxes.by_nonce(connection, nonce)
    if box is None:
        raise KhotinError("This link belongs to an address that is not used here any more.")
    return box


def told(title: str, sentence: str) -> str:
    return render_template("desk/told.html", title=title, sentence=sentence)


# No more letters


@ways.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> ResponseReturnValue:
    return render_template("desk/unsubscribe.html", token=token, box=box_of("unsubscribe", token))


@ways.post("/unsubscribe/<token>")
def unsubscribed(token: str) -> ResponseReturnValue:
    """From our page, or from a mail program (RFC 8058): no session, no redirect."""
    box = box_of("unsubscribe", token)
    with shelf().store.write() as connection:
        searches.silence(connection, box.account_id)
        letters.drop_all(connection, box.account_id, "digest")
    sentence = translate(
        "No more e-mails about new articles will come to %(to)s. The saved searches stay.", to=box.address
    )
    return told(translate("Unsubscribed"), sentence)


# A forgotten password


@ways.get("/forgotten")
def forgotten() -> ResponseReturnValue:
    return render_template("desk/forgotten.html", mails=can_send(shelf().settings))


@ways.post("/forgotten")
def ask_for_reset() -> ResponseReturnValue:
    """The same answer whether there is such an account or not."""
    address = request.form.get("email", "").strip()[: mailboxes.LONGEST_ADDRESS]
    here_now = shelf()
    if not can_send(here_now.settings):
        abort(404)
    with here_now.store.write() as connection:
        knock_or_raise(connection, "reset", here(), RESETS)
        if knock(connection, "reset of", address, LETTERS):
            for box in mailboxes.confirmed(connection, address):
                letters.drop_all(connection, box.account_id, "reset")
                letters.write(connection, "reset", box.account_id)
    sentence = translate("If an account has this confirmed address, an e-mail with a link is on its way.")
    return told(translate("Look into your mailbox"), sentence)


@ways.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    return render_template("desk/reset.html", token=token, account=account_of(token), problem="")


@ways.post("/reset/<token>")
def choose_password(token: str) -> ResponseReturnValue:
    account = account_of(token)
    try:
        values = accounts.secret(request.form.get("password", ""))
    except KhotinError as problem:
        page = render_template("desk/reset.html", token=token, account=account, problem=problem.sentence(language()))
        return page, 400
    with shelf().store.write() as connection:
        accounts.change_secret(connection, account, values)
        note(connection, "password", account.name)
    sentence = translate("Everyone who was signed in as “%(name)s” was signed out.", name=account.name)
    return told(translate("The password was changed"), sentence)


def account_of(token: str) -> Account:
    """Whose password the link may change. Raises KhotinError after it was changed once."""
    number, fingerprint = signed.read(shelf().store.home, "reset", token)
    with shelf().store.read() as connection:
        account = accounts.get(connection, int(number))
    if account is None or account.disabled_at or accounts.fingerprint(account) != fingerprint:
        raise KhotinError("This link was used before. Ask for a new one.")
    return account
