"""Which files does an article hand out?  Linked, or shown in a viewer."""

import re
from collections.abc import Collection

from crawler.addresses import MEDIA_TYPES, canonical, ending, file_name, file_of
from crawler.blocks import tidied
from crawler.furniture import first
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element, attribute, under, words_of
from indexer.article import Attachment

# A quick look, as pages have hundreds of links and few lead to files.
NAMES_A_FILE = re.compile(r"\.(?:" + "|".join(MEDIA_TYPES) + r")\b", re.I)
LINKING = {"a": "href", "iframe": "src", "embed": "src"}


def attachments_of(
    page: Page, profile: Profile, skipped: Collection[Element], part: Element | None
) -> tuple[Attachment, ...]:
    """The files of the article, each once, in the order of the page."""
    found: dict[str, Attachment] = {}
    for tag in linking(page, profile, skipped, part):
        told = attribute(tag, LINKING.get(tag.tag, "href"))
        address = file_of(canonical(told, page.base)) if NAMES_A_FILE.search(told) and tag not in skipped else None
        if address:
            found.setdefault(address, attachment(address, tag))
    return tuple(found.values())


def linking(page: Page, profile: Profile, skipped: Collection[Element], part: Element | None) -> list[Element]:
    """What may hold a file: everything in and beside the article's text, and what the profile points at."""
    whole = first(page, profile.whole, skipped)
    beside = part.getparent() if part is not None else None
    scope = whole[0] if whole else page.tree if beside is None else beside
    pointed = page.select(", ".join(profile.attachment)) if profile.attachment else []
    return [*under(scope, LINKING), *pointed]


def attachment(address: str, tag: Element) -> Attachment:
    name = tidied(words_of(tag, " ")) if tag.tag == "a" else ""
    return Attachment(address, name or file_name(address), MEDIA_TYPES[ending(address)])
