"""Where is the print view of an article, and what does it tell?  A last resort, for pages that show no text (pure)."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from crawler.addresses import host_of, is_print, path_of, print_of
from crawler.extract import Extraction, extract, section_of, tags_of
from crawler.furniture import furniture
from crawler.page import Page
from crawler.profiles import ARROW, Profile
from crawler.published import published
from crawler.texts import letters
from crawler.titles import title_of
from crawler.tree import attribute
from indexer.canonical import canonical
from indexer.decode import sniff
from indexer.errors import KhotinError
from indexer.store.warc import Captured, unpacked

PRINTED = "print view"
LABEL = 3  # words: "In bài viết" is what a button says, no text
QUOTED = re.compile(r"""['"]([^'"]+)['"]""")


def print_view(page: Page, profile: Profile, extraction: Extraction, hosts: Collection[str]) -> str:
    """The print view of a page that should hold an article and shows no text; empty when there is no need or none."""
    if not says_nothing(extraction):
        return ""
    names = (extraction.address, *extraction.aliases)
    linked = [each for each in dict.fromkeys(linked_prints(page)) if host_of(each) in hosts]
    own = [each for each in linked if print_of(each) in names] or (linked if len(linked) == 1 else [])
    return next(iter(own or by_rule(profile, names)), "")


def says_nothing(extraction: Extraction) -> bool:
    """No word of a text, and nothing that explains it: no file, no caption, no lead but the one of the page's head."""
    article = extraction.article
    if article is None:
        return extraction.reasons.get("kind") == "no article found"
    lead = article.lead and extraction.reasons.get("lead") != "meta description"
    text = len(article.body.split()) > LABEL
    return not (text or lead or article.captions or article.attachments)


def linked_prints(page: Page) -> Iterator[str]:
    """Where the page's print buttons lead, be they links or scripts."""
    for tag in page.tree.iter("a", "button", "input", "span"):
        href, script = attribute(tag, "href"), attribute(tag, "onclick")
        for told in [href, *QUOTED.findall(script), *(QUOTED.findall(href) if ":" in href else ())]:
            address = canonical(told, page.base) if told and not told.startswith("#") else ""
            if address and is_print(address):
                yield address


def by_rule(profile: Profile, names: Collection[str]) -> list[str]:
    """What the print view is called by the profile's own rules, such as `/node/(\\d+)$ -> /node/\\1/print`."""
    rules = [rule.partition(ARROW)[::2] for rule in profile.print_url]
    met = ((name, re.search(pattern, path_of(name)), target) for pattern, target in rules for name in names)
    return [canonical(found.expand(target), name) for name, found, target in met if found]


def through_print(
    page: Page,
    profile: Profile,
    empty: Extraction,
    view: Captured,
    most: int,
    listed: datetime | None,
    boilerplate: Collection[str],
) -> Extraction:
    """The article of a page without text, as its print view tells it; address, date and section stay the page's own."""
    told = told_by(view, most, profile, listed, boilerplate)
    skipped = furniture(page, profile)
    title, heading, _ = title_of(page, profile, skipped)
    if told is None or told.article is None or not same_article(title, told.article.title):
        return empty
    when = published(page, profile, skipped, heading, None, listed, view.at)
    article = replace(
        told.article,
        address=empty.address,
        title=title or told.article.title,
        section=section_of(page, profile, title),
        tags=tags_of(page, profile),
    )
    if when.at:
        article = replace(article, published=when.at, date_source=when.source, updated=when.updated)
    reasons = {**told.reasons, "body": PRINTED}
    return Extraction("article", article, empty.address, empty.aliases, reasons, told.confidence, told.images)


def told_by(
    view: Captured, most: int, profile: Profile, listed: datetime | None, boilerplate: Collection[str]
) -> Extraction | None:
    try:
        body = unpacked(view, most)
    except KhotinError:
        return None
    if sniff(body, view.named.get("content-type", "")) != "html":
        return None
    page = Page(view.address, view.status, view.named, body)
    return extract(page, profile, listed=listed, now=view.at, boilerplate=boilerplate)


def same_article(title: str, printed: str) -> bool:
    """A page's only print link might lead to another article, so the names must agree where there are two."""
    one, other = letters(title), letters(printed)
    return not one or not other or one in other or other in one
