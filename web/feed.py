"""How does a reader without an account follow a question?  By an Atom feed of its hits, what came in last first."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from indexer.clock import local_day
from indexer.errors import KhotinError
from indexer.news import latest, question_of
from indexer.query import Query
from indexer.search import Hit
from indexer.settings import Settings
from indexer.store import Store, arrivals
from web import offices
from web.atom import Entry, Feed, written
from web.freshness import revalidated
from web.plain import line
from web.shelf import shelf
from web.visitor import asked_in, language, site_name, translate

feed = Blueprint("feed", __name__)

# Enough for a reader that asks once a day, also on the day of a large import of one source.
ENTRIES = 50
LONGEST_SUMMARY = 1000


@feed.get("/feed.atom")
@revalidated
def atom() -> ResponseReturnValue:
    """The same parameters as the page of results; a mistake is refused, lest somebody follow another question."""
    asked, mistakes = asked_in(request.args.to_dict(flat=False))
    for each in mistakes:
        raise KhotinError(
            "“%(value)s” is no value for %(name)s in the address of a feed. Copy the address from the page of results.",
            value=each.value,
            name=each.name,
        )
    here = shelf()
    hits = latest(asked, here.store, here.columns(), here.glossary, ENTRIES)
    told = written(*as_feed(asked, hits, here.store, here.settings))
    return Response(told, mimetype="application/atom+xml")


def as_feed(asked: Query, hits: tuple[Hit, ...], store: Store, settings: Settings) -> tuple[Feed, list[Entry]]:
    with store.read() as connection:
        made = arrivals.archive_made(connection)
        changed = arrivals.last_versions(connection, [each.kept.id for each in hits])
    begin = tag(settings, store, made)
    entries = [entry(each, begin, changed.get(each.kept.id, each.kept.first_seen)) for each in hits]
    return about(asked, begin, max((each.updated for each in entries), default=made), settings), entries


def about(asked: Query, begin: str, updated: datetime, settings: Settings) -> Feed:
    question = question_of(asked)
    name = line(asked.q, 200) or translate("New articles")
    page = url_for("pages.results", _external=True)
    return Feed(
        id=f"{begin}/feed?{question}",
        address=url_for("feed.atom", _external=True) + (f"?{question}" if question else ""),
        page=page + (f"?{question}&sort=newest" if question else ""),
        title=f"{name} · {whose(asked) or translate('Khotin')}",
        subtitle=translate("What is new in the archive, in the order in which it came in"),
        author=line(settings.operator) or site_name(settings),
        language=language(),
        updated=updated,
    )


def whose(asked: Query) -> str:
    """The name of the department that is followed alone."""
    chosen = asked.facets.get("department", ())
    return offices.called().get(chosen[0], "") if len(chosen) == 1 else ""


def entry(hit: Hit, begin: str, changed: datetime) -> Entry:
    kept, article = hit.kept, hit.kept.article
    return Entry(
        id=f"{begin}/articles/{kept.id}",
        address=url_for("pages.article", number=kept.id, _external=True),
        title=line(hit.passages.title.text) or translate("(without a title)"),
        language=article.language,
        updated=max(changed, kept.first_seen),
        published=article.published,
        author=line(article.author or article.unit),
        section=line(article.section),
        summary=line(" … ".join(each.text for each in hit.passages.texts), LONGEST_SUMMARY),
    )


def tag(settings: Settings, store: Store, made: datetime) -> str:
    """The beginning of names that stay the same wherever the site moves to (RFC 4151)."""
    host = urlsplit(settings.site_address or request.host_url).hostname or "localhost"
    return f"tag:{host},{local_day(made).isoformat()}:{store.id}"
