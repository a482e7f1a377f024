"""Which files does an article hand out?  Linked, or shown in a viewer."""

from collections.abc import Collection

from lxml.html import HtmlElement

from crawler.addresses import MEDIA_TYPES, canonical, ending, file_name, file_of
from crawler.blocks import tidied
from crawler.furniture import first
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import attribute, select, under, words_of
from indexer.article import Attachment

LINKING = {"a": "href", "iframe": "src", "embed": "src"}


def attachments_of(
    page: Page, profile: Profile, skipped: Collection[HtmlElement], part: HtmlElement | None
) -> tuple[Attachment, ...]:
    """The files of the article, each once, in the order of the page."""
    found: dict[str, Attachment] = {}
    for tag in linking(page, profile, skipped, part):
        address = file_of(canonical(attribute(tag, LINKING.get(tag.tag, "href")), page.base))
        if address and tag not in skipped:
            found.setdefault(address, attachment(address, tag))
    return tuple(found.values())


def linking(
    page: Page, profile: Profile, skipped: Collection[HtmlElement], part: HtmlElement | None
) -> list[HtmlElement]:
    """What may hold a file: everything in and beside the article's text, and what the profile points at."""
    whole = first(page.tree, profile.whole, skipped)
    beside = part.getparent() if part is not None else None
    scope = whole[0] if whole else page.tree if beside is None else beside
    pointed = select(page.tree, ", ".join(profile.attachment)) if profile.attachment else []
    return [*under(scope, LINKING), *pointed]


def attachment(address: str, tag: HtmlElement) -> Attachment:
    name = tidied(words_of(tag, " ")) if tag.tag == "a" else ""
    return Attachment(address, name or file_name(address), MEDIA_TYPES[ending(address)])
