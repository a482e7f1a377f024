"""Which program is asking?  One that shows a token (RFC 6750) is known by it, may ask more often, and reads what a
researcher reads: a token of an admin opens nothing restricted."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, g, request

from indexer import accounts, clock
from indexer.accounts import Account
from indexer.errors import KhotinError
from indexer.store import tokens
from indexer.store.tokens import SCOPES, Token
from web.answers import problem
from web.api import told
from web.security_log import note
from web.shelf import shelf

# Where tokens count; elsewhere a browser's session does.
PLACES = ("/api/", "/export")
# When a token was used last is known by the day.
NOTED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that is good, and whose it is."""

    token: Token
    account: Account

    def may(self, scope: str) -> bool:
        """Whether the token was made for this, and its owner may still do it."""
        return scope in self.token.scopes and self.account.role in SCOPES[scope]


def prepare(app: Flask) -> None:
    app.before_request(recognise)


def recognise() -> None:
    """Note who shows a token, or that it is none of ours; the guard of rights refuses it when its turn comes."""
    g.bearer = None
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    g.shows_token = kind.lower() == "bearer" and request.path.startswith(PLACES)
    if g.shows_token:
        g.bearer = bearer_of(shown.strip())


def bearer_of(shown: str) -> Bearer | None:
    with shelf().store.read() as connection:
        token = tokens.of(connection, shown)
        account = accounts.get(connection, token.account_id) if token else None
    if token is None or account is None or account.disabled_at or not token.is_good:
        return None
    if token.used_at is None or clock.now() - token.used_at > NOTED_EVERY:
        with suppress(KhotinError), shelf().store.write() as connection:
            tokens.used(connection, token)
    return Bearer(token, account)


def turned_away(scope: str) -> Response | None:
    """What a program is told whose token is not good, or was not made for this."""
    if g.bearer is None:
        with shelf().store.write() as connection:
            note(connection, "token refused", "")
        detail = "This token is unknown, expired or revoked. Make another one, or ask without one."
        return with_challenge(told(problem(401, "Unauthorized", detail), 401), 'error="invalid_token"')
    if not g.bearer.may(scope):
        detail = f"This token was not made for “{scope}”."
        challenge = f'error="insufficient_scope", scope="{scope}"'
        return with_challenge(told(problem(403, "Forbidden", detail), 403), challenge)
    return None


def missing(scope: str) -> Response:
    detail = f"Show a token that was made for “{scope}”: Authorization: Bearer …"
    return with_challenge(told(problem(401, "Unauthorized", detail), 401), f'scope="{scope}"')


def with_challenge(answer: Response, more: str) -> Response:
    answer.headers["WWW-Authenticate"] = f'Bearer realm="khotin", {more}'
    return answer
