"""Which files does an article hand out?  Linked, or shown in a viewer."""

import re
from collections.abc import Collection

from crawler.addresses import MEDIA_TYPES, ending, file_name, file_of
from crawler.blocks import tidied
from crawler.furniture import first
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import Element, attribute, under, words_of
from indexer.article import Attachment
from indexer.canonical import canonical

# A quick look, as pages have hundreds of links and few lead to files.
NAMES_A_FILE = re.compile(r"\.(?:" + "|".join(MEDIA_TYPES) + r")\b", re.I)
LINKING = {"a": "href", "iframe": "src", "embed": "src"}


def attachments_of(
    page: Page, profile: Profile, skipped: Collection[Element], part: Element | None, heading: Element | None
) -> tuple[Attachment, ...]:
    """The files of the article, each once, in the order of the page."""
    found: dict[str, Attachment] = {}
    for tag in linking(page, profile, skipped, part, heading):
        told = attribute(tag, LINKING.get(tag.tag, "href"))
        address = file_of(canonical(told, page.base)) if NAMES_A_FILE.search(told) and tag not in skipped else None
        if address:
            found.setdefault(address, attachment(address, tag))
    return tuple(found.values())


def linking(
    page: Page, profile: Profile, skipped: Collection[Element], part: Element | None, heading: Element | None
) -> list[Element]:
    """What may hold a file: everything in and beside the article's text, and what the profile points at."""
    whole = first(page, profile.whole, skipped)
    scope = whole[0] if whole else around_both(page, part, heading)
    pointed = [each for selector in profile.attachment for each in page.select(selector)]
    return [*under(scope, LINKING), *pointed]


def around_both(page: Page, part: Element | None, heading: Element | None) -> Element:
    """The nearest box around the text and its heading: files are listed above, below or beside the text."""
    if part is None:
        return page.tree
    boxes = [part] if heading is None else [part, *part.iterancestors()]
    box = next((each for each in boxes if heading is not None and heading in each.iter()), part.getparent())
    return page.tree if box is None else box


def attachment(address: str, tag: Element) -> Attachment:
    name = tidied(words_of(tag, " ")) if tag.tag == "a" else ""
    return Attachment(address, name or file_name(address), MEDIA_TYPES[ending(address)])
