"""What does a reader decide about her own account?  Her address, language and password; taking all along; leaving."""

import json

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from indexer import access, accounts, clock, keeping
from indexer.errors import KhotinError
from indexer.speech import LANGUAGES
from indexer.store import letters, mailboxes
from web.desk import desk, me, takes_letters
from web.person import let_in
from web.security_log import note
from web.shelf import shelf
from web.sign_in import checked
from web.signing_up import write_to
from web.visitor import language, translate


@desk.get("/account")
def account() -> ResponseReturnValue:
    return account_page({})


def account_page(problems: dict[str, str]) -> str:
    """``problems``: for each form the sentence that says what to mend in it."""
    with shelf().store.read() as connection:
        box = mailboxes.get(connection, me().id)
    return render_template("desk/account.html", account=me(), box=box, problems=problems)


def wrong(form: str, problem: KhotinError) -> ResponseReturnValue:
    return account_page({form: problem.sentence(language())}), 400


@desk.post("/account/email")
def email() -> ResponseReturnValue:
    try:
        if not takes_letters():
            raise KhotinError("This site sends no e-mails yet.")
        checked(me().name, request.form.get("password", ""))
        with shelf().store.write() as connection:
            write_to(connection, me().id, request.form.get("email", ""))
    except KhotinError as problem:
        return wrong("email", problem)
    flash(translate("Look into your mailbox: the address has to be confirmed by the link in the e-mail."))
    return redirect(url_for("desk.account"))


@desk.post("/account/email/remove")
def email_remove() -> ResponseReturnValue:
    with shelf().store.write() as connection:
        mailboxes.remove(connection, me().id)
        letters.drop_all(connection, me().id)
    flash(translate("The address was deleted; no e-mails will come."))
    return redirect(url_for("desk.account"))


@desk.post("/account/language")
def speak() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        with shelf().store.write() as connection:
            mailboxes.speak(connection, me().id, chosen)
    flash(translate("Saved."))
    return redirect(url_for("desk.account"))


@desk.post("/account/notices")
def notices() -> ResponseReturnValue:
    """Whether an admin is written to of troubles."""
    wanted = request.form.get("notices") == "1"
    with shelf().store.write() as connection:
        box = mailboxes.get(connection, me().id)
        if box and box.notices != wanted:
            mailboxes.want_notices(connection, me().id, wanted)
            before, after = {"notices": box.notices}, {"notices": wanted}
            access.decide(
                connection, me().name, "change notices", f"account {me().name}", "", before=before, after=after
            )
    flash(translate("Saved."))
    return redirect(url_for("desk.account"))


@desk.post("/account/password")
def password() -> ResponseReturnValue:
    """Every other session ends; this one goes on."""
    try:
        account = checked(me().name, request.form.get("password", ""))
        values = accounts.secret(request.form.get("new", ""))
    except KhotinError as problem:
        return wrong("password", problem)
    with shelf().store.write() as connection:
        accounts.change_secret(connection, account, values)
        fresh = accounts.get(connection, account.id)
        note(connection, "password", account.name)
    assert fresh is not None
    let_in(fresh)
    flash(translate("The password was changed; everyone else who was signed in under this name was signed out."))
    return redirect(url_for("desk.account"))


@desk.post("/account/export")
def export() -> ResponseReturnValue:
    """All that is kept of and for this account, as JSON."""
    try:
        account = checked(me().name, request.form.get("password", ""))
    except KhotinError as problem:
        return wrong("export", problem)
    with shelf().store.read() as connection:
        told = {"made_at": clock.now().isoformat(), **keeping.everything(connection, account)}
    answer = Response(json.dumps(told, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="khotin-desk.json"'
    return answer


@desk.post("/account/delete")
def delete() -> ResponseReturnValue:
    try:
        account = checked(me().name, request.form.get("password", ""))
        with shelf().store.write() as connection:
            keeping.erase(connection, account)
            note(connection, "deleted", account.name)
    except KhotinError as problem:
        return wrong("delete", problem)
    logout_user()
    session.clear()
    sentence = translate("The account and all that it kept were deleted.")
    return render_template("desk/told.html", title=translate("Deleted"), sentence=sentence)
