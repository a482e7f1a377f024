"""How does a person look after her own way in?  The second factor, the devices she is signed in on, tokens."""

from typing import Any

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from indexer import access, second_factor
from indexer.errors import KhotinError
from indexer.store import sessions, tokens
from web.api import LARGEST
from web.desk import desk, me
from web.person import limits, must_set_up
from web.security_log import note
from web.shelf import shelf
from web.sign_in import checked, checked_code
from web.visitor import language, site_name, translate

# Where one may go while the site waits for the second factor to be set up.
SETTING_UP = {"doors.sign_out", "desk.security", "desk.factor_begin", "desk.factor_confirm"}


@desk.get("/security")
def security() -> ResponseReturnValue:
    return page()


def page(problems: dict[str, str] | None = None, **shown: Any) -> str:
    """``problems``: for each form what is to be mended in it; ``shown``: what is shown once."""
    with shelf().store.read() as connection:
        held = {
            "factor": second_factor.is_on(connection, me().id),
            "left": second_factor.codes_left(connection, me().id),
            "sessions": sessions.every(connection, me(), limits()),
            "tokens": tokens.every(connection, me().id),
        }
    scopes = [name for name, roles in tokens.SCOPES.items() if me().role in roles]
    once: dict[str, Any] = {"secret": "", "codes": [], "token": "", "picture": ""}
    more = {
        "problems": problems or {},
        "scopes": scopes,
        "lives": tokens.LIVES,
        "must": not held["factor"] and must_set_up(current_user),
    }
    return render_template("desk/security.html", here=current_user.session, **held, **once | shown, **more)


def wrong(form: str, problem: KhotinError, **shown: Any) -> ResponseReturnValue:
    return page({form: problem.sentence(language())}, **shown), 400


# The second factor


@desk.post("/security/factor")
def factor_begin() -> ResponseReturnValue:
    store = shelf().store
    try:
        account = checked(me().name, request.form.get("password", ""))
        with store.write() as connection:
            told = second_factor.begin(connection, store.home, account)
    except KhotinError as problem:
        return wrong("factor", problem)
    return page(secret=told, picture=picture(told))


def picture(told: str) -> Markup:
    """What a telephone reads, drawn by attributes alone; white behind it in the dark as well."""
    address = second_factor.address(told, me().name, site_name(shelf().settings))
    return Markup(segno.make(address).svg_inline(omitsize=True, border=4, dark="#000", light="#fff", svgclass="qr"))


@desk.post("/security/factor/confirm")
def factor_confirm() -> ResponseReturnValue:
    """Every other session ends: they have proved less."""
    store, told = shelf().store, ""
    shown, hashes = second_factor.new_codes()
    try:
        with store.read() as connection:
            told = second_factor.pending(connection, store.home, me().id)
        with store.write() as connection:
            if not second_factor.confirm(connection, store.home, me().id, request.form.get("code", "")):
                raise KhotinError("The code does not fit. Type the six digits that your telephone shows now.")
            second_factor.keep_codes(connection, me().id, hashes)
            sessions.end_all(connection, me().id, but=current_user.session.id)
            note(connection, "second factor on", me().name)
    except KhotinError as problem:
        return wrong("code", problem, **({"secret": told, "picture": picture(told)} if told else {}))
    return page(codes=shown)


@desk.post("/security/factor/remove")
def factor_remove() -> ResponseReturnValue:
    try:
        account = checked(me().name, request.form.get("password", ""))
        checked_code(account, request.form.get("code", "").strip())
    except KhotinError as problem:
        return wrong("remove", problem)
    with shelf().store.write() as connection:
        second_factor.remove(connection, account.id)
        note(connection, "second factor off", account.name, account.name)
    flash(translate("The second factor was taken off; the password alone opens now."))
    return redirect(url_for("desk.security"))


@desk.post("/security/codes")
def recovery_codes() -> ResponseReturnValue:
    try:
        account = checked(me().name, request.form.get("password", ""))
    except KhotinError as problem:
        return wrong("codes", problem)
    shown, hashes = second_factor.new_codes()
    with shelf().store.write() as connection:
        if not second_factor.is_on(connection, account.id):
            raise KhotinError("Set up the second factor first.")
        second_factor.keep_codes(connection, account.id, hashes)
        note(connection, "recovery codes", account.name)
    return page(codes=shown)


# Sessions


@desk.post(f"/security/sessions/<int(max={LARGEST}):number>/end")
def session_end(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        if sessions.end(connection, me().id, number):
            note(connection, "session ended", me().name, me().name)
    flash(translate("The session was ended."))
    return redirect(url_for("desk.security"))


@desk.post("/security/sessions/end")
def sessions_end() -> ResponseReturnValue:
    with shelf().store.write() as connection:
        sessions.end_all(connection, me().id, but=current_user.session.id)
        note(connection, "session ended", me().name, me().name)
    flash(translate("All other sessions were ended."))
    return redirect(url_for("desk.security"))


# Tokens


@desk.post("/security/tokens")
def token_add() -> ResponseReturnValue:
    """The token is shown once: only its digest is kept."""
    name, scopes = request.form.get("name", "").strip(), request.form.getlist("scope")
    try:
        account = checked(me().name, request.form.get("password", ""))
        with shelf().store.write() as connection:
            told = tokens.add(connection, account, name, scopes, request.form.get("days", 0, type=int))
            note(connection, "token", account.name, f"{name} ({' '.join(scopes)})")
            if account.role != "researcher":
                access.decide(connection, account.name, "make token", "account", name, None, {"scopes": scopes})
    except KhotinError as problem:
        return wrong("token", problem)
    return page(token=told)


@desk.post(f"/security/tokens/<int(max={LARGEST}):number>/revoke")
def token_revoke(number: int) -> ResponseReturnValue:
    with shelf().store.write() as connection:
        if tokens.revoke(connection, me().id, number):
            note(connection, "token revoked", me().name, me().name)
    flash(translate("The token opens nothing any more."))
    return redirect(url_for("desk.security"))
