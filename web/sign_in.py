"""Who is signed in?  The sign-in page, the session behind it, and what each role may open."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from flask import Blueprint, Flask, current_app, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug import Response
from werkzeug.utils import redirect

from indexer import access, accounts
from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.signed import secret_key
from web.shelf import shelf
from web.visitor import language, role

doors = Blueprint("doors", __name__)

SIGNED_IN_FOR = timedelta(hours=12)  # a long working day
DEVICE, DEVICE_SECONDS = "device", 365 * 24 * 3600
LONGEST_NAME = 100  # typed names are kept for a while when they fail
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, as Flask-Login wants to see him."""

    account: Account
    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Changes with the account's salt, so that a new password ends every session."""
        return f"{self.account.id}.{self.account.session_salt.hex()}"

    @property
    def name(self) -> str:
        return self.account.name

    @property
    def role(self) -> accounts.Role:
        return self.account.role


class OwnPath(SecureCookieSessionInterface):
    """Under a prefix the session is for what lies under it: other programs of the same host are not shown it."""

    def get_cookie_path(self, app: Flask) -> str:
        return request.script_root or "/"


def prepare(app: Flask, settings: Settings) -> None:
    """Sessions, CSRF tokens and the sign-in page."""
    app.session_interface = OwnPath()
    app.config.update(
        SECRET_KEY=secret_key(settings.home),
        SESSION_COOKIE_NAME="khotin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the session: admins leave pages open
    )
    manager = LoginManager(app)
    manager.user_loader(load_person)
    CSRFProtect(app)
    app.register_blueprint(doors)
    app.register_error_handler(CSRFError, form_too_old)


def load_person(told: str) -> Person | None:
    number, _, salt = told.partition(".")
    with shelf().store.read() as connection:
        account = accounts.get(connection, int(number))
    if account is None or account.disabled_at or not secrets.compare_digest(account.session_salt.hex(), salt):
        return None
    return Person(account)


def only(*roles: access.Role) -> Callable[[], ResponseReturnValue | None]:
    """A guard: lets these roles on, asks others to sign in, and tells who is signed in that it is not for him."""

    def guard() -> ResponseReturnValue | None:
        if role() in roles:
            return None
        if role() == "reader":
            wanted = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("doors.sign_in", next=wanted))
        if role() == "editor" and request.endpoint == "admin.overview":
            return redirect(url_for("restricting.page"))
        return refused(403, KhotinError("Your account may not do this. Ask an admin of this site."))

    return guard


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
    except KhotinError as problem:
        page = render_template("admin/sign_in.html", typed=name, next=target, problem=problem.sentence(language()))
        return page, 429 if "seconds" in problem.values else 403
    session.clear()
    session.permanent = True
    login_user(Person(account))
    return with_device(redirect(local(target) or first_page(account)), account.name)


@doors.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    return redirect(url_for("pages.home"))


def checked(name: str, password: str) -> Account:
    """The account of that name and password.  Raises KhotinError; a failed try makes the next one wait."""
    store, bucket = shelf().store, f"{name} {place(name)}"
    with store.write() as connection:
        wait = accounts.seconds_to_wait(connection, bucket)
        if wait:
            raise KhotinError("Too many tries. Wait %(seconds)s seconds and try again.", seconds=wait)
        accounts.note_failure(connection, bucket)  # before the check: many tries at once are no way round
    with store.read() as connection:
        account = accounts.find(connection, name)
    if not accounts.right_password(account, password) or account is None:
        raise KhotinError("Name and password do not fit together. Check both; capital letters count in the password.")
    with store.write() as connection:
        accounts.forget_failures(connection, bucket)
    return account


def place(name: str) -> str:
    """Where failed tries are counted: a browser that has signed in under this name before, else the network.

    So nobody else's guessing makes an admin wait at his own desk.
    """
    try:
        owner, device = signer().loads(request.cookies.get(DEVICE, ""))
    except (BadSignature, ValueError):
        owner, device = "", ""
    if owner == name.lower() and owner:
        return str(device)
    return network(request.remote_addr or "")


def network(address: str) -> str:
    """An address as one sender holds it: with IPv6 that is a /64."""
    try:
        bits = 64 if ip_address(address).version == 6 else 32
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return address


def with_device(response: Response, name: str) -> Response:
    told = signer().dumps([name.lower(), secrets.token_hex(8)])
    https_only = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(
        DEVICE, told, DEVICE_SECONDS, secure=https_only, httponly=True, samesite="Lax", path=url_for("doors.sign_in")
    )
    return response


def signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")


def local(target: str) -> str:
    """The address to go on to, when it is one of ours; never another site's."""
    return target if LOCAL.fullmatch(target) else ""


def first_page(account: Account) -> str:
    return url_for("desk.overview") if account.role == "researcher" else url_for("admin.overview")
