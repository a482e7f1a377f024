"""How often may a program ask?  So many requests a minute from one network, more with a token; headers say how many.

Each process of the site counts for itself, in memory, where the setting “limits” names no Redis: a program that meets
several of them may get a little more.
"""

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute
from werkzeug.middleware.proxy_fix import ProxyFix

from indexer.settings import Settings
from indexer.store import Store
from web.answers import problem
from web.api import told
from web.security_log import network
from web.tally import Tally

# What programs ask for, and what takes long to make. The pages themselves are never counted: a reader is no program.
COUNTED = ("/api/", "/export")


def prepare(app: Flask, settings: Settings, store: Store) -> None:
    if settings.trusted_proxies:
        # Only the last proxies are ours: what comes before them in the header anybody can write. Each adds whom it was
        # asked by; how and under which path readers ask, the nearest one alone tells.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1, x_host=0, x_prefix=1
        )
    if settings.api_requests_per_minute:
        of_network, of_token = settings.api_requests_per_minute, settings.token_requests_per_minute
        count(app, Tally(settings.limits, store), RateLimitItemPerMinute(of_network), RateLimitItemPerMinute(of_token))


def count(app: Flask, tally: Tally, of_network: RateLimitItemPerMinute, of_token: RateLimitItemPerMinute) -> None:
    @app.before_request
    def meter() -> ResponseReturnValue | None:
        if not request.path.startswith(COUNTED) or request.method == "OPTIONS":
            return None
        most = of_token if g.bearer else of_network
        asker = f"token {g.bearer.token.id}" if g.bearer else network(request.remote_addr or "")
        allowed, remaining, seconds = tally.hit(most, asker)
        g.pace = (most.amount, remaining, seconds)
        if allowed:
            return None
        detail = f"More than {most.amount} requests in a minute. Ask again in {seconds} seconds."
        return told(problem(429, "Too Many Requests", detail), 429)

    @app.after_request
    def tell(response: Response) -> Response:
        if "pace" in g:
            for name, value in zip(("Limit", "Remaining", "Reset"), g.pace, strict=True):
                response.headers[f"RateLimit-{name}"] = str(value)
            if response.status_code == 429:
                response.headers["Retry-After"] = str(g.pace[2])
        return response
