"""Who is signed in?  The sign-in page and the session behind it."""

import re
import secrets
from datetime import timedelta

from flask import Blueprint, Flask, current_app, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Response
from werkzeug.utils import redirect

from indexer import accounts, clock, second_factor
from indexer.accounts import Account
from indexer.errors import KhotinError, NotNowError
from indexer.settings import Settings
from indexer.signed import secret_key
from indexer.store import sessions
from web.person import let_in, load_person
from web.security_log import network, note
from web.shelf import shelf
from web.visitor import language

doors = Blueprint("doors", __name__)

DEVICE, DEVICE_SECONDS = "device", 365 * 24 * 3600
LONGEST_NAME = 100  # typed names are kept for a while when they fail
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


# Between the password and the code: long enough to look for the telephone.
HALF, HALF_SECONDS = "half", 300


class OwnPath(SecureCookieSessionInterface):
    """Under a prefix the session is for what lies under it: other programs of the same host are not shown it."""

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root or "/"


def prepare(app: Flask, settings: Settings) -> None:
    """Sessions, CSRF tokens and the sign-in page."""
    app.session_interface = OwnPath()
    app.config.update(
        SECRET_KEY=secret_key(settings.home),
        SESSION_COOKIE_NAME="__Host-khotin" if settings.https_only else "khotin",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the session: admins leave pages open
    )
    manager = LoginManager(app)
    manager.user_loader(load_person)
    CSRFProtect(app)
    app.register_blueprint(doors)
    app.register_error_handler(CSRFError, form_too_old)


def refused(status: int, problem: KhotinError) -> ResponseReturnValue:
    sentence = problem.sentence(language())
    return render_template("message.html", status=status, kind="refused", sentence=sentence), status


def form_too_old(error: CSRFError) -> ResponseReturnValue:
    sentence = "This form is too old or comes from elsewhere. Go back, load the page again and send it once more."
    return refused(400, KhotinError(sentence))


@doors.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    return render_template("admin/sign_in.html", typed="", next=request.args.get("next", ""), problem="")


@doors.post("/sign-in")
def enter() -> ResponseReturnValue:
    name = request.form.get("name", "").strip()[:LONGEST_NAME]
    target = request.form.get("next", "")
    try:
        account = checked(name, request.form.get("password", ""))
    except NotNowError:
        raise
    except KhotinError as problem:
        page = render_template("admin/sign_in.html", typed=name, next=target, problem=problem.sentence(language()))
        return page, 429 if "seconds" in problem.values else 403
    with shelf().store.read() as connection:
        proves_more = second_factor.is_on(connection, account.id)
    if proves_more:
        session.clear()
        session[HALF] = [account.id, accounts.fingerprint(account), int(clock.now().timestamp()), local(target)]
        return redirect(url_for("doors.code"))
    return inside(account, target)


def inside(account: Account, target: str) -> Response:
    let_in(account)
    return with_device(redirect(local(target) or first_page(account)), account.name)


@doors.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with shelf().store.write() as connection:
            sessions.end(connection, current_user.account.id, current_user.session.id)
    logout_user()
    session.clear()
    return redirect(url_for("pages.home"))


# The second factor


def half_in() -> tuple[Account, str]:
    """Who has shown his password a moment ago, and where he wants to go on to. Raises KhotinError."""
    number, fingerprint, at, target = session.get(HALF) or (0, "", 0, "")
    with shelf().store.read() as connection:
        account = accounts.get(connection, number)
    fresh = clock.now().timestamp() - at < HALF_SECONDS
    if not fresh or account is None or account.disabled_at or accounts.fingerprint(account) != fingerprint:
        raise KhotinError("That took too long. Sign in with your password once more.")
    return account, target


@doors.get("/sign-in/code")
def code() -> ResponseReturnValue:
    try:
        half_in()
    except KhotinError:
        return redirect(url_for("doors.sign_in"))
    return render_template("admin/sign_in_code.html", problem="")


@doors.post("/sign-in/code")
def enter_code() -> ResponseReturnValue:
    try:
        account, target = half_in()
    except KhotinError as problem:
        return refused(403, problem)
    try:
        checked_code(account, request.form.get("code", "").strip()[:LONGEST_NAME])
    except KhotinError as problem:
        page = render_template("admin/sign_in_code.html", problem=problem.sentence(language()))
        return page, 429 if "seconds" in problem.values else 403
    return inside(account, target)


def checked_code(account: Account, typed: str) -> None:
    """Raises KhotinError unless this is the code of now, or an unused recovery code; each is taken once."""
    store, bucket = shelf().store, code_bucket(account)
    knock_slowly(bucket)
    with store.read() as connection:
        recovery = second_factor.recovery_of(connection, account.id, typed)
    with store.write() as connection:
        right = second_factor.use_up(connection, recovery) if recovery else second_factor.right_code(
            connection, store.home, account.id, typed
        )  # fmt: skip
        if recovery and right:
            note(connection, "recovery code", account.name)
        elif not right:
            note(connection, "wrong code", account.name)
        if right:
            accounts.forget_failures(connection, bucket)
    if not right:
        raise KhotinError("The code does not fit. Each works once, for half a minute: wait for the next one.")


def code_bucket(account: Account) -> str:
    """Codes are few, and whoever guesses them has the password: all strangers' tries count together, not by network."""
    here = place(account.name)
    return f"{account.name} code {'' if here == network(request.remote_addr or '') else here}"


# The password


def checked(name: str, password: str) -> Account:
    """The account of that name and password.  Raises KhotinError; a failed try makes the next one wait."""
    store, bucket = shelf().store, f"{name} {place(name)}"
    knock_slowly(bucket)
    with store.read() as connection:
        account = accounts.find(connection, name)
    if not accounts.right_password(account, password) or account is None:
        with store.write() as connection:  # what is no account's name may be a password in the wrong field
            note(connection, "wrong password", account.name if account else "")
        raise KhotinError("Name and password do not fit together. Check both; capital letters count in the password.")
    with store.write() as connection:
        accounts.forget_failures(connection, bucket)
    return account


def knock_slowly(bucket: str) -> None:
    """Count a try. Raises KhotinError while the ones before it make it wait."""
    with shelf().store.write() as connection:
        wait = accounts.seconds_to_wait(connection, bucket)
        if wait:
            raise KhotinError("Too many tries. Wait %(seconds)s seconds and try again.", seconds=wait)
        accounts.note_failure(connection, bucket)  # before the check: many tries at once are no way round


def place(name: str) -> str:
    """Where failed tries are counted: a browser that has signed in under this name before, else the network.

    So nobody else's guessing makes an admin wait at his own desk.
    """
    try:
        owner, device = signer().loads(request.cookies.get(device_cookie(), ""))
    except (BadSignature, ValueError):
        owner, device = "", ""
    if owner == name.lower() and owner:
        return str(device)
    return network(request.remote_addr or "")


def with_device(response: Response, name: str) -> Response:
    told = signer().dumps([name.lower(), secrets.token_hex(8)])
    https_only = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        device_cookie(),
        told,
        DEVICE_SECONDS,
        secure=https_only,
        httponly=True,
        samesite="Lax",
        path=url_for("doors.sign_in"),
    )
    return response


def device_cookie() -> str:
    return f"__Secure-{DEVICE}" if current_app.config["SESSION_COOKIE_SECURE"] else DEVICE


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")


def local(target: str) -> str:
    """The address to go on to, when it is one of ours; never another site's."""
    return target if LOCAL.fullmatch(target) else ""


def first_page(account: Account) -> str:
    return url_for("desk.overview") if account.role == "researcher" else url_for("admin.overview")
