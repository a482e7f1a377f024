"""Who is asking, and in which language?  Address, then cookie, then browser; Vietnamese when none says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from flask import Response, current_app, g, request

from indexer.access import Role
from indexer.clock import VIETNAM
from indexer.query import Mistake, Query, from_parameters
from indexer.settings import Settings
from indexer.speech import LANGUAGES, say
from web import narrow

COOKIE = "lang"
# A reader who chose a language once keeps it for a year.
COOKIE_SECONDS = 365 * 24 * 3600
DAYS = {"vi": "dd/MM/yyyy", "en": "d MMM y"}
MONTHS = {"vi": "MM/yyyy", "en": "MMM y"}


def language() -> str:
    """The language of the interface for this request."""
    if "language" not in g:
        g.language = chosen_language()
    return str(g.language)


def chosen_language() -> str:
    for named in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if named in LANGUAGES:
            return named
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0]) or LANGUAGES[0]


def keep_language(response: Response, settings: Settings) -> None:
    """Remember a language that the address names."""
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE, language(), COOKIE_SECONDS, secure=settings.https_only, httponly=True, samesite="Lax",
            path=request.script_root or "/",
        )  # fmt: skip


def in_language(other: str) -> str:
    """The same address in another language, relative to the page that is shown."""
    kept = {name: values for name, values in request.args.to_dict(flat=False).items() if name != "lang"}
    return "?" + urlencode({**kept, "lang": other}, doseq=True)


def role() -> Role:
    """What the person who asks may see; without a sign-in a reader. A program with a token reads as a researcher."""
    if g.get("bearer"):
        return "researcher"
    if not hasattr(current_app, "login_manager"):
        return "reader"
    from flask_login import current_user

    return getattr(current_user, "role", "reader") if current_user.is_authenticated else "reader"


def may_ask_state() -> bool:
    """Whether who asks may narrow by availability and change: the operator may keep that for people who signed in."""
    settings: Settings = current_app.extensions["khotin"].settings
    return not settings.states_for_researchers or role() != "reader"


def asked_in(given: Mapping[str, Sequence[str]]) -> tuple[Query, list[Mistake]]:
    """What the parameters of an address ask for, as far as this person may ask it; and what is wrong with them."""
    asked, mistakes = from_parameters(given)
    if may_ask_state():
        return asked, mistakes
    asked, refused = narrow.without_state(asked)
    return asked, mistakes + refused


def translate(message: str, **values: object) -> str:
    """A message in the language of this request."""
    return say(message, language(), **values)


def site_name(settings: Settings) -> str:
    """Whose news this is."""
    return settings.site_name_vi if language() == "vi" else settings.site_name_en


def day(moment: date, spoken: str = "") -> str:
    """30/01/2024 in Vietnamese, 30 Jan 2024 in English."""
    spoken = spoken or language()
    return format_date(moment, DAYS[spoken], locale=spoken)


def moment(at: datetime) -> str:
    """30/01/2024 15:20 in Vietnamese, 30 Jan 2024 15:20 in English; the hour is Vietnam's."""
    return format_datetime(at, f"{DAYS[language()]} HH:mm", tzinfo=VIETNAM, locale=language())


def month(written: str) -> str:
    """2024-03 as people write it."""
    return format_date(date.fromisoformat(f"{written}-01"), MONTHS[language()], locale=language())


def number(count: int) -> str:
    """1.250 in Vietnamese, 1,250 in English."""
    return format_decimal(count, locale=language())
