"""How is the site put together?  One factory: pages, API, administration, languages, errors, headers."""

from datetime import datetime
from typing import Any

from flask import Flask, Response, abort, render_template, request, url_for
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, InternalServerError

from indexer import article
from indexer.clock import local_day
from indexer.corrected import laid_over
from indexer.engine import Engine
from indexer.errors import KhotinError, NotNowError
from indexer.personal import masked
from indexer.query import Query, address, to_parameters
from indexer.settings import Settings
from indexer.speech import LANGUAGES, catalogue
from indexer.store import Store
from web import (  # noqa: F401 - their routes are of `pages`
    admin,
    asking,
    bearer,
    desk,
    keeper,
    memento,
    metrics,
    narrow,
    offices,
    open_to_pages,
    pace,
    reading,
    replay,
    reports,
    request_log,
    rights,
    robots,
    takedown,
    tools,
    upkeep,
    versions,
    visitor,
    watching,
    words,
)
from web.answers import problem
from web.api import api, is_api, told
from web.destroyed import Destroyed
from web.looking import looking
from web.manual import manual
from web.marks import marked, web_address
from web.pages import ask, pages
from web.shelf import Shelf
from web.take import coins, exported, take

# No form of ours holds more; anything larger is no form of ours.
LARGEST_REQUEST = 1_000_000
# A year, which a browser remembers; sent only where the operator says that the site is reached over HTTPS alone.
ONLY_HTTPS = "max-age=31536000"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that know no frame-ancestors
    "Referrer-Policy": "same-origin",  # what a reader asked is nobody else's business
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(settings: Settings, store: Store, engine: Engine) -> Flask:
    """The search site over one archive."""
    app = Flask(__name__)
    app.json = Json(app)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST)
    app.extensions["khotin"] = Shelf(settings, store, engine)
    metrics.prepare(app)
    request_log.prepare(app, settings)
    refuse_nameless(app)
    app.register_blueprint(pages)
    app.register_blueprint(looking)
    app.register_blueprint(offices.offices)
    app.register_blueprint(api)
    app.register_blueprint(take)
    app.register_blueprint(manual)
    robots.register(app)
    bearer.prepare(app)
    pace.prepare(app, settings, store)
    open_to_pages.prepare(app)
    admin.register(app)
    app.register_blueprint(upkeep.upkeep)
    words.register(app)
    asking.prepare(app.extensions, store, settings.question_days)
    app.register_blueprint(watching.watching)
    tools.register(app)
    desk.register(app)
    takedown.register(app)
    rights.prepare(app)
    prepare_templates(app, settings)
    tell_errors(app)
    add_headers(app, settings)
    return app


class Json(DefaultJSONProvider):
    """What is nested without an end is refused like all that is no JSON."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def refuse_nameless(app: Flask) -> None:
    """A field without a name is of no form of ours, and what reads forms behind this expects none."""

    @app.before_request
    def check() -> None:
        if request.mimetype == "multipart/form-data" and (None in request.form or None in request.files):
            abort(400)


def prepare_templates(app: Flask, settings: Settings) -> None:
    """What every template may use: translations, dates, addresses of searches."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(
        day=visitor.day, moment=visitor.moment, month=visitor.month, number=visitor.number,
        marked=marked, masked=masked, web_address=web_address, instant=datetime.fromisoformat,
    )  # fmt: skip
    app.jinja_env.globals.update(
        ask=ask, read=read, parameters=to_parameters, local_day=local_day, shown_date=article.shown_date,
        corrected=laid_over, unfiltered=narrow.unfiltered, put_back=narrow.put_back,
        window=narrow.window, within=narrow.within, values_of=values_of,
        query_string=address, coins=coins, exported=exported, offices=offices, keeper=keeper,
    )  # fmt: skip

    @app.context_processor
    def every_page() -> dict[str, Any]:
        spoken = visitor.language()
        return {
            "language": spoken,
            "other_languages": [(each, visitor.in_language(each)) for each in LANGUAGES if each != spoken],
            "settings": settings,
            "site_name": visitor.site_name(settings),
            "role": visitor.role(),
            "office": offices.at_head(),
        }


def gettext(message: str) -> str:
    return catalogue(visitor.language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    return catalogue(visitor.language()).ngettext(one, many, count)


def values_of(name: str, query: Query) -> str:
    """The address of all values of a facet among the hits of a query."""
    return url_for("looking.values", name=name) + f"?{address(query.changed())}"


def read(number: int, query: Query) -> str:
    """The address of an article, with the question that it is to show marks for."""
    asked = address(Query(q=query.q, exact=query.exact, without=query.without)) if query.q else ""
    return url_for("pages.article", number=number) + (f"?{asked}" if asked else "")


def tell_errors(app: Flask) -> None:
    """Every error is a page in the reader's language, or a problem+json for programs."""

    @app.errorhandler(KhotinError)
    def mendable(error: KhotinError) -> ResponseReturnValue:
        status = 503 if isinstance(error, NotNowError) else 400
        return failure(status, "Service Unavailable" if status == 503 else "Bad Request", error.sentence("en"), error)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        if error.code is None or error.code < 400:
            return error
        return failure(error.code, error.name, error.description or error.name)

    @app.errorhandler(Destroyed)
    def stub(gone: Destroyed) -> ResponseReturnValue:
        decided = gone.decided
        if is_api():
            detail = f"This article was removed for good by decision {decided.decision} of {decided.decided_on}."
            return told(problem(410, "Gone", detail), 410)
        return render_template("destroyed.html", kept=gone.kept, decided=decided), 410

    @app.errorhandler(Exception)
    def broken(error: Exception) -> ResponseReturnValue:
        app.logger.exception("a request failed", exc_info=error)
        return failure(500, InternalServerError().name, "Something went wrong here; it was written to the log.")


def failure(status: int, title: str, detail: str, error: KhotinError | None = None) -> ResponseReturnValue:
    if is_api():
        return told(problem(status, title, detail), status)
    kind = {404: "missing", 503: "not-ready"}.get(status, "broken" if status >= 500 else "refused")
    sentence = error.sentence(visitor.language()) if error else ""
    return render_template("message.html", status=status, kind=kind, sentence=sentence), status


def add_headers(app: Flask, settings: Settings) -> None:
    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https_only:
            response.headers["Strict-Transport-Security"] = ONLY_HTTPS
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        visitor.keep_language(response, settings)
        return response
