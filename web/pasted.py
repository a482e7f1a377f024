"""Which article does an address mean that somebody pasted?  The source's, our page's, a copy's, a file's; a number."""

import re
from collections.abc import Callable, Collection
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection

from indexer.article import Kept
from indexer.canonical import canonical, spellings
from indexer.errors import KhotinError
from indexer.store import articles
from web.api import LARGEST

NUMBER = re.compile(r"[0-9]{1,18}")
OURS = re.compile(r"/(?:articles|keep)/([0-9]{1,18})(?:/|$)")
MEMENTO = re.compile(r"/(?:timegate|timemap/(?:link|json))/(.+)")

NO_ARTICLE = (
    "There is no article “%(which)s”. Copy its address from the browser, here or at the source, or write its number."
)


def need_article(connection: Connection, pasted: str, hosts: Collection[str], mine: Callable[[Kept], bool]) -> Kept:
    """The article that is meant; of a merged one that which it went into.  Raises KhotinError."""
    found = by_number(connection, pasted) if NUMBER.fullmatch(pasted) else by_address(connection, pasted, hosts, mine)
    if found and found.merged_into:
        found = articles.get(connection, found.merged_into) or found
    if found is None:
        raise KhotinError(NO_ARTICLE, which=pasted)
    return found


def by_number(connection: Connection, number: str) -> Kept | None:
    return articles.get(connection, int(number)) if int(number) <= LARGEST else None


def by_address(
    connection: Connection, address: str, hosts: Collection[str], mine: Callable[[Kept], bool]
) -> Kept | None:
    """The article at an address; ``hosts`` are the names of this site, whose pages are about the articles. Of those
    that link to a file only one's own are told."""
    inner = of_ours(address, hosts)
    if NUMBER.fullmatch(inner):
        return by_number(connection, inner)
    for each in dict.fromkeys(spelling for told in (inner, unquote(inner)) for spelling in spelled(told)):
        found = articles.find(connection, each)
        if found:
            return found
    return by_file(connection, inner, mine)


def of_ours(address: str, hosts: Collection[str]) -> str:
    """The number or the address that one of our own pages is about; of any other the address itself."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if parts.netloc.lower() not in {"", *hosts} or not parts.path.startswith("/"):
        return address
    copied, page = MEMENTO.search(parts.path), OURS.search(parts.path)
    if copied:
        return copied[1] + (f"?{parts.query}" if parts.query else "")
    return page[1] if page else address


def spelled(address: str) -> list[str]:
    """Also without what browsers leave away, and in our own spelling."""
    whole = address if "://" in address else f"http://{address}"
    return [address, *spellings(whole), *spellings(canonical(whole))]


def by_file(connection: Connection, address: str, mine: Callable[[Kept], bool]) -> Kept | None:
    """The one article that links to a file.  Raises KhotinError when there are several."""
    linking = sorted({number for each in spelled(address) for number in articles.linking(connection, each)})
    found = [kept for number in linking if (kept := articles.get(connection, number)) and mine(kept)]
    if len(found) > 1:
        raise KhotinError(
            "Several articles link to this file: %(numbers)s. Write the number of one of them.",
            numbers=", ".join(str(each.id) for each in found),
        )
    return found[0] if found else None
