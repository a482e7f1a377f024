"""What do search engines and browsers want to know?  robots.txt, sitemaps, OpenSearch, and what is not for them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import escape

from flask import Blueprint, Flask, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from indexer import access
from indexer.store import standing
from web.freshness import revalidated
from web.shelf import shelf

robots = Blueprint("robots", __name__)

# So many addresses may one sitemap hold (sitemaps.org). A part holds the articles of so many numbers: each part then
# keeps its articles, however many come after them.
MOST_ADDRESSES = 50_000
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What other search engines may show. All else is told to stay out of them: results and downloads have no end, copies
# as archived and versions are not the present page, and a new page is not public by accident.
FOR_EVERYBODY = {
    *("pages.home", "pages.article", "pages.document", "pages.help_page", "pages.about", "manual.api"),
    *("looking.browse", "looking.browse_by", "looking.arrivals"),
}
SITE_PAGES = ("pages.home", "pages.help_page", "manual.api", "pages.about")
# Results are without end; articles and the pages about the site may be read by anyone.
CLOSED = (
    *("/search", "/facets/", "/trends", "/concordance", "/lists", "/export", "/feed.atom", "/timegate/", "/timemap/"),
    *("/api/", "/admin", "/desk", "/sign-in", "/sign-up"),
)


def register(app: Flask) -> None:
    app.register_blueprint(robots)

    @app.after_request
    def keep_out(response: Response) -> Response:
        if request.endpoint not in FOR_EVERYBODY or response.status_code >= 400:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response


@robots.get("/robots.txt")
def rules() -> ResponseReturnValue:
    closed = "".join(f"Disallow: {request.script_root}{path}\n" for path in CLOSED)
    where = url_for("robots.sitemaps", _external=True)
    return Response(f"User-agent: *\n{closed}\nSitemap: {where}\n", mimetype="text/plain")


@robots.get("/sitemap.xml")
@revalidated
def sitemaps() -> ResponseReturnValue:
    """Where the sitemaps are."""
    with shelf().store.read() as connection:
        parts = max(1, -(-standing.highest(connection) // MOST_ADDRESSES))
    told = (entry("sitemap", url_for("robots.sitemap", part=part, _external=True)) for part in range(1, parts + 1))
    return xml("sitemapindex", [entry("sitemap", url_for("robots.site_pages", _external=True)), *told])


@robots.get("/sitemap-pages.xml")
@revalidated
def site_pages() -> ResponseReturnValue:
    """The pages about the site itself."""
    return xml("urlset", (entry("url", url_for(name, _external=True)) for name in SITE_PAGES))


@robots.get("/sitemap-<int(min=1, max=1000000):part>.xml")
@revalidated
def sitemap(part: int) -> ResponseReturnValue:
    """The articles of one part of the numbers: public ones that their source still shows."""
    with shelf().store.read() as connection:
        last = part * MOST_ADDRESSES
        found = standing.between(connection, last - MOST_ADDRESSES + 1, last)
        hidden = access.hidden(connection)
        beyond = last - MOST_ADDRESSES >= standing.highest(connection)
    if beyond and part > 1:
        abort(404)
    return xml("urlset", map_entries(each for each in found if each.id not in hidden))


def map_entries(found: Iterable[standing.Standing]) -> Iterator[str]:
    """An address each; only its number differs, so it is made once."""
    start = url_for("pages.article", number=1, _external=True).removesuffix("1")
    return (entry("url", f"{start}{each.id}", each.since) for each in found)


def entry(kind: str, address: str, since: datetime | None = None) -> str:
    dated = f"<lastmod>{since.isoformat(timespec='seconds')}</lastmod>" if since else ""
    return f"<{kind}><loc>{escape(address)}</loc>{dated}</{kind}>"


def xml(root: str, entries: Iterable[str]) -> Response:
    lines = "\n".join(entries)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n{lines}\n</{root}>\n'
    return Response(text, mimetype="application/xml")


@robots.get("/opensearch.xml")
@revalidated
def opensearch() -> ResponseReturnValue:
    """Lets a browser search here from its own address bar."""
    return Response(render_template("opensearch.xml"), mimetype="application/opensearchdescription+xml")
