"""Which files does an article hand out?  Linked, or shown in a viewer."""

from collections.abc import Collection

from bs4 import Tag

from crawler.addresses import MEDIA_TYPES, canonical, ending, file_name, file_of
from crawler.blocks import tidied
from crawler.furniture import first, inside
from crawler.page import Page, attribute
from crawler.profiles import Profile
from indexer.article import Attachment

LINKING = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}


def attachments_of(page: Page, profile: Profile, skipped: Collection[int], part: Tag | None) -> tuple[Attachment, ...]:
    """The files of the article, each once, in the order of the page."""
    found: dict[str, Attachment] = {}
    for tag in linking(page, profile, skipped, part):
        address = file_of(canonical(attribute(tag, LINKING.get(tag.name, "href")), page.base))
        if address and not inside(tag, skipped):
            found.setdefault(address, attachment(address, tag))
    return tuple(found.values())


def linking(page: Page, profile: Profile, skipped: Collection[int], part: Tag | None) -> list[Tag]:
    """What may hold a file: everything in and beside the article's text, and what the profile points at."""
    whole = first(page.tree, profile.whole, skipped)
    beside = part.parent if part and part.parent else page.tree
    scope = whole[0] if whole else beside
    pointed = page.tree.select(", ".join(profile.attachment)) if profile.attachment else []
    return [*scope.find_all(list(LINKING)), *pointed]


def attachment(address: str, tag: Tag) -> Attachment:
    name = tidied(tag.get_text(" ")) if tag.name == "a" else ""
    return Attachment(address, name or file_name(address), MEDIA_TYPES[ending(address)])
