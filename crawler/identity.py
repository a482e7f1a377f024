"""Which address does a page call its own?  Its canonical link, unless that points elsewhere."""

from crawler.addresses import host_of
from crawler.page import Page
from crawler.profiles import Profile
from crawler.tree import attribute
from indexer.canonical import canonical


def identity(page: Page, profile: Profile) -> tuple[str, tuple[str, ...]]:
    """The page's own address and its other names: the one asked for, the short link, the shared one."""
    asked = canonical(page.address, query_keep=profile.query_keep)
    shared = page.meta("og:url")
    claims = [link_of(page, "canonical"), link_of(page, "shortlink")]
    claims += [canonical(shared, page.base)] if shared else []
    names = [claim for claim in claims if belongs(claim, asked)]
    own = claims[0] if claims[0] in names else asked
    return own, tuple(dict.fromkeys(name for name in (asked, *names) if name != own))


def link_of(page: Page, relation: str) -> str:
    links = page.select(f"link[rel={relation}][href]")
    return canonical(attribute(links[0], "href"), page.base) if links else ""


def belongs(claim: str, asked: str) -> bool:
    """A claim on another host is void, and so is the home page's address printed on every page."""
    if not claim or claim == asked:
        return bool(claim)
    same_host = host_of(claim).removeprefix("www.") == host_of(asked).removeprefix("www.")
    return same_host and claim.rstrip("/").count("/") > 2
