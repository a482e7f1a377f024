"""How well and how fast are articles taken from pages?  `python -m tests.bench.pages [FOLDER]`

Quality needs a folder laid out as the article extraction benchmark of Scrapinghub is: `ground-truth.json` with the
text of each page by its name, and `html/NAME.html.gz`. Measured as its authors do: the share of runs of four words
that two texts have in common, averaged over pages. Without a folder only the speed on the demo site's pages is told.
All figures of one run come from one process, so their ratios may be compared; their seconds may not.
"""

import gzip
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import trafilatura
from bs4 import BeautifulSoup

from crawler.extract import extract
from crawler.page import Page
from crawler.profiles import Profile, named
from crawler.replica.content import Site, articles
from crawler.replica.pages import Asked, Moment
from crawler.replica.portal import PORTALS, answer

RUN = 4  # words
WORD = re.compile(r"\w+")
REPEATS = 3
MENU = 240  # entries, which make a page of some 40 kB
GENERIC = named("generic")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HTML = {"content-type": "text/html; charset=utf-8"}
Take = Callable[[Page], str]


def main() -> None:
    if len(sys.argv) > 1:
        quality(Path(sys.argv[1]))
    site = Site({each.node: each for each in articles()})
    small = {portal.name: pages_of(site, portal.name) for portal in PORTALS}
    large = {name: [with_menu(page) for page in pages] for name, pages in small.items()}
    known = {portal.name: named(portal.profile or portal.name) for portal in PORTALS}
    own = {name: profile for name, profile in known.items() if profile != GENERIC}  # home-grown systems have none
    print("Speed on the demo site's pages, where bs4(lxml) and get_text is 1.00")
    for size, shown in (("as they are", small), ("with the menus of a real site", large)):
        kilobytes = statistics.mean(len(page.body) for pages in shown.values() for page in pages) / 1000
        for name, profiles in (("by their profiles", own), ("without profiles", dict.fromkeys(shown, GENERIC))):
            faster = [ratio(shown[portal], profile) for portal, profile in profiles.items()]
            told = f"mean {statistics.mean(faster):.2f}, slowest {min(faster):.2f}"
            print(f"  {size} ({kilobytes:.0f} kB), {name}: {told}")


def quality(folder: Path) -> None:
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {name: page_in(folder, name, told["url"]) for name, told in truth.items()}
    plain = seconds(pages.values(), with_soup)
    print(f"{'on ' + str(len(pages)) + ' pages':32} {'F1':>6} {'prec.':>6} {'recall':>6} {'speed':>6}")
    ways: Mapping[str, Take] = {
        "Khotin without a profile": lambda page: taken(page, GENERIC),
        "trafilatura": lambda page: by_trafilatura(page, precisely=False),
        "trafilatura, favour precision": lambda page: by_trafilatura(page, precisely=True),
        "bs4(lxml) and get_text": with_soup,
    }
    for name, take in ways.items():
        told = [(truth[each]["articleBody"], take(page)) for each, page in pages.items()]
        speed = plain / seconds(pages.values(), take)
        print(f"{name:32} " + " ".join(f"{figure:6.3f}" for figure in (*agreement(told), speed)))


def page_in(folder: Path, name: str, address: str) -> Page:
    return Page(address, 200, HTML, gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()))


def pages_of(site: Site, portal_name: str) -> list[Page]:
    portal = next(each for each in PORTALS if each.name == portal_name)
    found = []
    for each in site.articles.values():
        parts = urlsplit(portal.address(site, each))
        shown = answer(portal, site, Asked(parts.path, dict(parse_qsl(parts.query)), {}, Moment(NOW, 1)))
        found.append(Page(f"http://{portal.host}{parts.geturl()}", 200, {"content-type": shown.media_type}, shown.body))
    return found


def with_menu(page: Page) -> Page:
    """A page as large as those of departments, most of which is menus."""
    items = (
        f'<li class="menu-item"><a class="menu-link" href="/muc-{number}" title="Mục {number}">'
        f"<span>Chuyên mục số {number} của Sở</span></a></li>"
        for number in range(MENU)
    )
    menu = f'<div class="menu-bottom"><ul>{"".join(items)}</ul></div>'.encode()
    body = re.sub(rb"(?i)</body>", lambda end: menu + end[0], page.body, count=1)
    return Page(page.address, page.status, page.headers, body)


def ratio(pages: Sequence[Page], profile: Profile) -> float:
    return seconds(pages, with_soup) / seconds(pages, lambda page: taken(page, profile))


def seconds(pages: Collection[Page], take: Take) -> float:
    """The quickest of some passes; each pass starts from the bytes."""
    passes = []
    for _ in range(REPEATS):
        fresh = [Page(each.address, each.status, each.headers, each.body) for each in pages]
        began = time.process_time()
        for page in fresh:
            take(page)
        passes.append(time.process_time() - began)
    return min(passes)


def taken(page: Page, profile: Profile) -> str:
    found = extract(page, profile, now=NOW).article
    return f"{found.lead}\n{found.body}" if found else ""


def with_soup(page: Page) -> str:
    return BeautifulSoup(page.body, "lxml").get_text()


def by_trafilatura(page: Page, *, precisely: bool) -> str:
    return trafilatura.extract(page.body, favor_precision=precisely, include_comments=False) or ""


def agreement(pairs: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """F1, precision and recall of texts against those that were meant, as (meant, taken)."""
    runs = [(runs_of(meant), runs_of(got)) for meant, got in pairs]
    precision = statistics.mean((meant & got).total() / got.total() for meant, got in runs if got)
    recall = statistics.mean((meant & got).total() / meant.total() for meant, got in runs if meant)
    return 2 * precision * recall / (precision + recall), precision, recall


def runs_of(text: str) -> Counter[tuple[str, ...]]:
    words = WORD.findall(text)
    return Counter(tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)) if words)


if __name__ == "__main__":
    main()
