"""How does Drupal show the site?  A path becomes a status, a media type and a body (pure)."""

import math
import re
from collections.abc import Callable
from email.utils import format_datetime
from html import escape
from typing import Any

from crawler.replica.content import SECTIONS, ReplicaArticle, Site
from crawler.replica.pages import PER_PAGE, TEMPLATES, Answer, Asked, Moment, file, flow, html, picture, png, teaser
from indexer.clock import VIETNAM

HOST = "soxd.replica.test"
ROOT = f"http://{HOST}"
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search\nDisallow: /user\nSitemap: http://soxd.replica.test/sitemap.xml\n"


def answer(site: Site, asked: Asked) -> Answer:
    """The page at a path; `/x`, `/index.php/x` and `/vi/x` are one."""
    plain = re.sub(r"^/(?:index\.php(?=/|$))?(?:/?vi(?=/|$))?", "/", asked.path).replace("//", "/")
    for pattern, show in ROUTES:
        found = pattern.fullmatch(plain)
        if found:
            return show(site, found, asked.query, asked.moment)
    return missing(site, asked.moment)


def home(site: Site, _: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return listed(site, "Trang chủ", site.newest(), 0, moment, path="/")


def section(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    key = found["key"]
    if key not in SECTIONS or (key == "english") != bool(found["english"]):
        return page(site, found, query, moment)
    name, _, blocks = SECTIONS[key]
    return listed(site, name, site.newest(key), number_of(query), moment, list_path(key), blocks)


def term(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    key = next((key for key, (_, number, _) in SECTIONS.items() if number == int(found["number"])), None)
    if key is None:
        return missing(site, moment)
    return listed(site, SECTIONS[key][0], site.newest(key), number_of(query), moment, list_path(key))


def sought(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    """The site's own search, where tags lead to: robots.txt keeps crawlers out of it."""
    words = query.get("keys", "").lower()
    chosen = [each for each in site.newest() if words in " ".join((each.title, *each.tags)).lower()]
    return listed(site, "Tìm kiếm", chosen[:PER_PAGE], 0, moment, found[0])


def number_of(query: dict[str, str]) -> int:
    """The list page that is asked for; anything but a number means the first, as with Drupal."""
    return int(query["page"]) if re.fullmatch("[0-9]{1,6}", query.get("page", "")) else 0


def page(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return whole(site, site.slugs.get(found["key"], 0), moment)


def node(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return whole(site, int(found["node"]), moment)


def printed(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    article = site.articles.get(int(found["node"]))
    if article is None:
        return missing(site, moment)
    return html("drupal/print.html", 200, str(article), article.last_change, article=article, language=article.language)


def whole(site: Site, number: int, moment: Moment) -> Answer:
    article = site.articles.get(number)
    if article is None:
        return missing(site, moment)
    slug = site.slug_of(article.node)
    related = [each for each in site.newest(article.section) if each.node != article.node][:10]
    values = furniture(site, moment) | {
        "title": article.title,
        "path": f"node/{article.node}",
        "language": "en" if article.section == "english" else "vi",
        "body_class": "path-node page-node-type-article",
        "crumbs": [("Trang chủ", "/"), (SECTIONS[article.section][0], list_path(article.section))],
        "article": article,
        "slug": slug,
        "canonical": f"{ROOT}{address(site, article)}",
        "shortlink": f"{ROOT}/node/{article.node}",
        "flow": flow(article),
        "related": related,
    }
    return html("drupal/article.html", 200, str(article), article.last_change, **values)


def listed(
    site: Site, title: str, chosen: list[ReplicaArticle], number: int, moment: Moment, path: str, blocks: bool = False
) -> Answer:
    pages = max(1, math.ceil(len(chosen) / PER_PAGE))
    if number >= pages:
        return missing(site, moment)
    shown = chosen[number * PER_PAGE :][:PER_PAGE]
    values = furniture(site, moment) | {
        "title": title,
        "path": path.strip("/"),
        "language": "en" if "/en/" in path else "vi",
        "body_class": "path-taxonomy",
        "crumbs": [] if path == "/" else [("Trang chủ", "/")],
        "shown": shown,
        "number": number,
        "pages": pages,
        "blocks": blocks,
    }
    return html("drupal/list.html", 200, f"{title}{number}{pages}{shown}", None, **values)


def missing(site: Site, moment: Moment) -> Answer:
    values = furniture(site, moment) | {"title": "Không tìm thấy trang", "path": "", "language": "vi", "crumbs": []}
    values["notice"] = "Không tìm thấy trang được yêu cầu."
    return html("drupal/list.html", 404, "", None, **values, shown=[], pages=1, number=0, blocks=False, body_class="")


def furniture(site: Site, moment: Moment) -> dict[str, Any]:
    """What stands around the content of every page, and the functions that templates call."""
    return {
        "sections": SECTIONS,
        "list_path": list_path,
        "fresh": site.newest()[:5],
        "clock": f"{moment.now.astimezone(VIETNAM):%H:%M:%S, %d/%m/%Y}",
        "today": f"{moment.now.astimezone(VIETNAM):%Y-%m-%d}",
        "counter": moment.counter,
        "address": lambda article, twin=False: address(site, article, twin),
        "teaser": teaser,
        "day": lambda when: f"{when:%d/%m/%Y}",
        "moment": lambda when: f"{when:%d/%m/%Y %H:%M}",
    }


def address(site: Site, article: ReplicaArticle, twin: bool = False) -> str:
    """An article's path, or its twin without `index.php/`."""
    start = "/en" if article.section == "english" else "" if twin else "/index.php"
    return f"{start}/{site.slug_of(article.node)}"


def list_path(key: str) -> str:
    return "/en/english" if key == "english" else f"/index.php/{key}"


def attachment(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return file(site, found["file"]) or missing(site, moment)


def image(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return picture(int(found["number"]))


def hot(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    """The mark beside fresh titles."""
    return Answer(200, "image/png", png(2, width=12, height=12), "hot")


def robots(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return Answer(200, "text/plain", ROBOTS.encode())


def style(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    return Answer(200, "text/css", (TEMPLATES / "site.css").read_bytes())


def feed(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{ROOT}{address(site, each)}</link>"
        f"<pubDate>{format_datetime(each.published)}</pubDate></item>"
        for each in site.newest()[:PER_PAGE]
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>soxd</title>{items}</channel></rss>'
    return Answer(200, "application/rss+xml", body.encode())


def sitemap(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    places = "".join(f"<url><loc>{ROOT}{address(site, each)}</loc></url>" for each in site.newest())
    body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    return Answer(200, "application/xml", body.encode())


def calendar(site: Site, found: re.Match[str], query: dict[str, str], moment: Moment) -> Answer:
    """A trap: every day links to the next, for ever."""
    day = escape(query.get("d", ""))
    body = f'<p>Lịch công tác {day}</p><a href="?d={day}1">Ngày sau</a>'
    return Answer(200, "text/html; charset=UTF-8", body.encode())


Route = Callable[[Site, re.Match[str], dict[str, str], Moment], Answer]
ROUTES: tuple[tuple[re.Pattern[str], Route], ...] = (
    (re.compile(r"/"), home),
    (re.compile(r"/robots\.txt"), robots),
    (re.compile(r"/themes/site\.css"), style),
    (re.compile(r"/themes/hot\.png"), hot),
    (re.compile(r"/rss\.xml"), feed),
    (re.compile(r"/sitemap\.xml"), sitemap),
    (re.compile(r"/lich-cong-tac"), calendar),
    (re.compile(r"/sites/default/files/inline-images/\d+-(?P<number>\d+)\.png"), image),
    (re.compile(r"/sites/default/files/(?P<file>[^/]+\.pdf)"), attachment),
    (re.compile(r"/taxonomy/term/(?P<number>\d{1,4})"), term),
    (re.compile(r"/search/node"), sought),
    (re.compile(r"/node/(?P<node>\d{1,6})"), node),
    (re.compile(r"/node/(?P<node>\d{1,6})/printable/print"), printed),
    (re.compile(r"/(?P<english>en/)?(?P<key>[a-z0-9-]+)"), section),
)
