"""How do the other systems show the same site?  One row per system: its addresses; its pages are templates (pure).

Names of elements and forms of addresses are those of the systems; texts, order and styling are ours.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from unicodedata import normalize
from urllib.parse import quote

from crawler.replica import letters
from crawler.replica.content import SECTIONS, ReplicaArticle, Site
from crawler.replica.pages import PER_PAGE, Answer, Asked, Moment, file, flow, html, picture, teaser
from indexer.clock import VIETNAM

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
FORMS = {
    "section": "[a-z-]+", "number": r"\d{1,4}", "slug": "[^/?&]+?", "node": r"\d{1,6}", "page": r"\d{1,4}",
    "start": r"\d{1,5}", "day": r"\d{4}-\d{1,2}-\d{1,2}", "file": r"[^/?]+\.pdf", "image": r"\d+-\d+",
}  # fmt: skip


def capitals(title: str) -> str:
    """So-Xay-Dung: NukeViet and SharePoint keep the capitals."""
    plain = normalize("NFD", title.replace("đ", "d").replace("Đ", "D"))
    return "-".join(re.findall("[A-Za-z0-9]+", plain.encode("ascii", "ignore").decode()))


def holes(title: str) -> str:
    """tin-t-c: letters that the system cannot map fall out."""
    return "-".join(re.findall("[a-z0-9]+", re.sub("[^a-z0-9 -]", " ", title.lower())))


def without_d(title: str) -> str:
    """-ak-lak: a system that drops đ and keeps the other letters bare."""
    return capitals(re.sub("[đĐ]", "", title)).lower()


@dataclass(frozen=True, slots=True)
class Portal:
    """Where a system keeps its pages. In the addresses {slug}, {node}, {section}, {page} … stand for their values;
    keys of a query are in order."""

    name: str  # of the folder of its templates
    article: str
    first: str  # the first page of a section
    later: str = ""  # its other pages; empty when no link leads there
    also: tuple[str, ...] = ()  # other addresses of an article
    printed: str = ""
    file: str = "/uploads/files/{file}"
    image: str = "/uploads/images/{image}.png"
    slug: Callable[[str], str] = capitals
    more: Callable[["Portal", Site, Asked], Answer | None] = lambda portal, site, asked: None
    sent: Callable[[Answer], Answer] = lambda answer: answer  # the page as its server sends it
    profile: str = ""  # by which it is read, where that has another name; home-grown systems have none

    @property
    def host(self) -> str:
        return f"{self.name}.replica.test"

    def address(self, site: Site, article: ReplicaArticle, form: str = "") -> str:
        slug = site.slug_of(article.node) if "{node}" not in self.article else self.slug(article.title)
        day = article.published.astimezone(VIETNAM)
        return (form or self.article).format(
            slug=slug, node=article.node, section=article.section, number=SECTIONS[article.section][1],
            day=f"{day.year}-{day.month}-{day.day}",
        )  # fmt: skip

    def listing(self, key: str, page: int = 1) -> str:
        form = self.later if page > 1 and self.later else self.first
        return form.format(section=key, number=SECTIONS[key][1], page=page, start=(page - 1) * PER_PAGE)


def answer(portal: Portal, site: Site, asked: Asked) -> Answer:
    """The page at an address, whatever the order of its query."""
    pairs = "&".join(f"{key}={value}" for key, value in sorted(asked.query.items()))
    target = asked.path + ("?" + pairs if pairs else "")
    found = (
        fixed(portal, site, asked, target)
        or portal.more(portal, site, asked)
        or by_address(portal, site, asked.moment, target)
        or missing(portal, site, asked.moment)
    )
    return portal.sent(found)


def fixed(portal: Portal, site: Site, asked: Asked, target: str) -> Answer | None:
    if target == "/robots.txt":
        return Answer(200, "text/plain", b"User-agent: *\nDisallow: /admin/\n")
    if target == "/":
        return listed(portal, site, "Trang chủ", site.newest()[:PER_PAGE], "", asked.moment)
    return None


def by_address(portal: Portal, site: Site, moment: Moment, target: str) -> Answer | None:
    for form in (portal.article, *portal.also, portal.printed):
        found = form and matched(form, target)
        article = article_at(portal, site, found) if found else None
        if article:
            template = "print" if form == portal.printed else "article"
            return whole(portal, site, article, moment, template)
    for form in (portal.first, portal.later):
        found = form and matched(form, target)
        if found:
            key, page = section_at(found)
            return section(portal, site, key, page, moment) if key else None
    found = matched(portal.file, target)
    if found:
        return file(site, found["file"])
    found = matched(portal.image, target)
    return picture(int(found["image"].rpartition("-")[2])) if found else None


def matched(form: str, target: str) -> re.Match[str] | None:
    pattern = re.sub(r"\\\{(\w+)\\\}", lambda name: f"(?P<{name[1]}>{FORMS[name[1]]})", re.escape(form))
    return re.fullmatch(pattern, target)


def article_at(portal: Portal, site: Site, found: re.Match[str]) -> ReplicaArticle | None:
    given = found.groupdict()
    number = int(given["node"]) if "node" in given else site.slugs.get(given["slug"], 0)
    return site.articles.get(number)


def section_at(found: re.Match[str]) -> tuple[str, int]:
    given = found.groupdict()
    page = int(given.get("page") or 1) if "start" not in given else int(given["start"]) // PER_PAGE + 1
    by_number = {str(number): key for key, (_, number, _) in SECTIONS.items()}
    key = given.get("section") or by_number.get(given.get("number") or "", "")
    return (key if key in SECTIONS else ""), page


def section(portal: Portal, site: Site, key: str, page: int, moment: Moment, template: str = "list") -> Answer:
    chosen = site.newest(key)
    pages = max(1, math.ceil(len(chosen) / PER_PAGE))
    shown = chosen[(page - 1) * PER_PAGE :][:PER_PAGE]
    if not shown and page > 1:
        return missing(portal, site, moment)
    return listed(portal, site, SECTIONS[key][0], shown, key, moment, page, pages, template)


def listed(
    portal: Portal,
    site: Site,
    title: str,
    shown: list[ReplicaArticle],
    key: str,
    moment: Moment,
    page: int = 1,
    pages: int = 1,
    template: str = "list",
) -> Answer:
    values = furniture(portal, site, moment) | {
        "title": title, "shown": shown, "key": key, "page": page, "pages": pages, "state": state(key, page),
        "number": SECTIONS[key][1] if key else 0, "charset": letters.PLAIN,
    }  # fmt: skip
    return html(f"{portal.name}/{template}.html", 200, "", None, **values)


def whole(portal: Portal, site: Site, article: ReplicaArticle, moment: Moment, template: str) -> Answer:
    related = [each for each in site.newest(article.section) if each.node != article.node][:6]
    values = furniture(portal, site, moment) | {
        "title": article.title, "article": article, "flow": flow(article), "key": article.section,
        "section": SECTIONS[article.section][0], "related": related, "canonical": portal.address(site, article),
        "charset": letters.charset(article), "in_font": partial(letters.in_font, article),
    }  # fmt: skip
    return html(f"{portal.name}/{template}.html", 200, str(article), article.last_change, **values)


def missing(portal: Portal, site: Site, moment: Moment) -> Answer:
    values = furniture(portal, site, moment) | {"title": "Không tìm thấy trang", "shown": [], "key": "", "page": 1}
    values |= {"pages": 1, "state": "", "number": 0, "charset": letters.PLAIN}
    return html(f"{portal.name}/list.html", 404, "", None, **values)


def furniture(portal: Portal, site: Site, moment: Moment) -> dict[str, Any]:
    """What stands around the content of every page, and the functions that templates call."""
    return {
        "sections": SECTIONS,
        "fresh": site.newest()[:5],
        "clock": f"{moment.now.astimezone(VIETNAM):%H:%M:%S, %d/%m/%Y}",
        "counter": moment.counter,
        "address": lambda article: portal.address(site, article),
        "twin": lambda article: portal.address(site, article, portal.also[0]),
        "printed": lambda article: portal.address(site, article, portal.printed),
        "listing": portal.listing,
        "relative": lambda address: address.lstrip("/"),
        "sought": lambda words: SOUGHT + base64.urlsafe_b64encode(words.encode()).decode(),
        "image": lambda article, number: portal.image.format(image=f"{article.node}-{number}"),
        "file": lambda name: portal.file.format(file=quote(name)),
        "teaser": teaser,
        "day": lambda when: f"{when.day}/{when.month}/{when.year}",
        "moment": lambda when: f"{when:%d/%m/%Y %H:%M}",
        "weekday": lambda when: f"{WEEKDAYS[when.weekday()]} - {when:%d/%m/%Y %H:%M}",
    }


# Pages that no link leads to


def state(key: str, page: int) -> str:
    """What an ASP.NET page remembers in a hidden field; long, as there."""
    return base64.b64encode(f"{key}|{page}|{'x' * 2000}".encode()).decode()


def posted_back(portal: Portal, site: Site, asked: Asked) -> Answer | None:
    """A pager of buttons: the form comes back with the state of the page before."""
    if not asked.form.get("__EVENTTARGET", "").endswith("lnkNext"):
        return None
    key, page, _ = base64.b64decode(asked.form["__VIEWSTATE"]).decode().split("|")
    return section(portal, site, key, int(page) + 1, asked.moment)


def fragment(portal: Portal, site: Site, asked: Asked) -> Answer | None:
    """An endpoint that answers with the entries alone, to the fields of its own script."""
    if asked.path != "/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle" or not asked.form:
        return None
    keys = {str(number): key for key, (_, number, _) in SECTIONS.items()}
    key, page = keys.get(asked.form.get("article_category_id", ""), ""), asked.form.get("page", "")
    if not key or asked.form.get("site_id") != "4" or not page.isdigit():
        return Answer(200, "text/html; charset=utf-8", b"")
    found = section(portal, site, key, int(page), asked.moment, "fragment")
    return found if found.status == 200 else Answer(200, "text/html; charset=utf-8", b"")


def as_json(portal: Portal, site: Site, asked: Asked) -> Answer | None:
    """A list that a script asks for."""
    if asked.query.get("p_p_resource_id") != "loadPage":
        return None
    key, page = asked.path.strip("/"), int(asked.query.get("pageNum", "1"))
    size = int(asked.query.get("recordPerPage", PER_PAGE))
    chosen = site.newest(key)
    items = [
        {"id": each.node, "title": each.title, "summary": teaser(each), "urlDetail": portal.address(site, each),
         "createdDate": f"{each.published:%d/%m/%Y %H:%M}" if each.shows_date else ""}
        for each in chosen[(page - 1) * size :][:size]
    ]  # fmt: skip
    told = {"items": items, "totalPageNum": math.ceil(len(chosen) / size)}
    return Answer(200, "application/json", json.dumps(told, ensure_ascii=False).encode())


SOUGHT = "/vi-vn/tim/ket-qua/"


def found_by_words(portal: Portal, site: Site, asked: Asked) -> Answer | None:
    """A search whose words stand in the path, in base64."""
    if not asked.path.startswith(SOUGHT):
        return None
    words = base64.urlsafe_b64decode(asked.path.removeprefix(SOUGHT)).decode().lower()
    chosen = [each for each in site.newest() if words in " ".join((each.title, *each.tags)).lower()]
    return listed(portal, site, f"Kết quả tìm kiếm: {words}", chosen[:PER_PAGE], "", asked.moment)


PORTALS = (
    Portal(
        "nukeviet", "/vi/news/{section}/{slug}-{node}.html", "/vi/news/{section}/", "/vi/news/{section}/page-{page}/",
        printed="/vi/news/print/{section}/{slug}-{node}.html",
    ),
    Portal("vnpt", "/{section}/{slug}-{node}", "/{section}", more=fragment),
    Portal(
        "sharepoint-td", "/portal/Pages/{day}/{slug}x{node}.aspx", "/portal/Pages/{section}.aspx",
        "/portal/Pages/{section}.aspx?PageIndex={page}", printed="/portal/pages/print.aspx?p={node}",
    ),
    Portal(
        "sharepoint-moc", "/vn/tin-tuc/{number}/{node}/{slug}.aspx", "/vn/chuyen-muc/{number}/{section}.aspx",
        "/vn/chuyen-muc/{number}/{section}.aspx?page={page}", also=("/vn/Pages/chitiettin.aspx?IDNews={node}",),
    ),
    Portal(
        "liferay", "/-/{slug}", "/{section}",
        "/{section}?_101_INSTANCE_AbCd12_cur={page}&p_p_id=101_INSTANCE_AbCd12&p_p_lifecycle=0",
        also=("/{section}/-/asset_publisher/AbCd12/content/{slug}",), file="/documents/20182/0/{file}",
    ),
    Portal(
        "liferay-json", "/-/details/20182/{slug}-{node}", "/{section}", slug=without_d, more=as_json, profile="liferay",
    ),
    Portal(
        "dnn", "/{section}/tabid/{number}/post/{node}/{slug}.aspx", "/{section}/tabid/{number}/Default.aspx",
        more=posted_back,
    ),
    Portal(
        "joomla", "/index.php/{section}/{node}-{slug}", "/index.php/{section}", "/index.php/{section}?start={start}",
        slug=holes,
    ),
    Portal("wordpress", "/{slug}/", "/category/{section}/", "/category/{section}/page/{page}/", also=("/?p={node}",)),
    Portal(
        "hue", "/?cn={number}&gd=1&tc={node}", "/?cn={number}&gd=1", "/?cn={number}&gd=1&page={page}",
        profile="generic",
    ),
    Portal(
        "hanoi", "/vi-vn/chuyen-muc/{slug}/785153-{node}", "/vi-vn/trang/{section}/{number}",
        "/vi-vn/trang/{section}/{number}?trang={page}", more=found_by_words, profile="generic",
    ),
    Portal(
        "3cms", "/3cms/{slug}.htm?art={node}", "/3cms/{section}.htm", "/3cms/{section}.htm?page={page}",
        printed="/3cms/Ban-in-507.htm?art={node}", profile="generic",
    ),
    Portal("gialai", "/{section}/{slug}.{node}.html", "/{section}", "/{section}?trang={page}", profile="generic"),
    Portal("vhv", "/{section}/{slug}-{node}", "/{section}", "/{section}?pageNo={page}", profile="generic"),
    Portal(
        "legacy", "/tin{node}.htm", "/{section}.htm", "/{section}_{page}.htm", sent=letters.as_labelled,
        profile="generic",
    ),
)  # fmt: skip
FLAVOURS: Mapping[str, Callable[[Site, Asked], Answer]] = {portal.host: partial(answer, portal) for portal in PORTALS}
