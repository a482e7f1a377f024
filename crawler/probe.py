"""What would we take from this page?  One address, asked for once, nothing kept."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from crawler import fetch, robots
from crawler.addresses import host_of
from crawler.connect import Manners
from crawler.discover import discover
from crawler.extract import extract
from crawler.fetch import Answer, Ask
from crawler.page import Page
from crawler.profiles import detect
from crawler.robots import Rules
from crawler.settle import MOST_HOPS
from crawler.trip import twins
from indexer.canonical import canonical
from indexer.decode import sniff
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store.addresses import REDIRECTS
from indexer.store.warc import Captured, unpacked

SAMPLE = 400  # characters of the text


def probe(address: str, settings: Settings, allow_private: bool = False) -> dict[str, Any]:
    """Profile, reasons, selectors that hit, date source, sample.  Raises KhotinError.  Once in a process."""
    start = canonical(address)
    if not start:
        raise KhotinError("“%(address)s” is no web address. Write it whole, as in https://…", address=address)
    polite = fetch.manners(settings, allow_private=allow_private)
    captured, rules = page_at(start, polite)
    if captured.status != 200:
        raise KhotinError("The site answered %(status)s.", status=captured.status)
    body = unpacked(captured, settings.max_page_bytes)
    media_type = captured.named.get("content-type", "")
    if sniff(body, media_type) != "html":
        raise KhotinError("It is no web page but “%(type)s”.", type=media_type)
    certificate = "verified" if captured.address.startswith("https:") else "none, the site speaks plain http"
    told = shown(Page(captured.address, captured.status, captured.named, body), twins(host_of(start)))
    return told | {"certificate": certificate} | rules


def rules_told(answer: Answer) -> dict[str, Any]:
    """What robots.txt said, in a few words and as figures."""
    if answer.captured is None:
        return {"robots": "did not come", "robots_status": 0, "robots_delay": 0}
    status, rules = answer.captured.status, robots.rules_in(answer.captured)
    asks = f", asks for {rules.delay:g} s between requests" if rules.delay else ""
    return {"robots": f"answered {status}{asks}", "robots_status": status, "robots_delay": rules.delay}


def page_at(start: str, polite: Manners) -> tuple[Captured, dict[str, Any]]:
    """The page, after what robots.txt says and where redirects lead; and what robots.txt said."""
    taken: list[Answer] = []

    def asks() -> Iterator[Ask]:
        yield Ask(canonical("/robots.txt", start))
        rules = robots.rules_in(taken[-1].captured)
        yield from arriving(Ask(start), rules, twins(host_of(start)), lambda: taken[-1])

    fetch.run(asks(), lambda ask, answer: taken.append(answer), polite)
    last = taken[-1]
    if last.captured is None:
        raise last.problem or KhotinError("Nothing came back.")
    return last.captured, rules_told(taken[0])


def arriving(ask: Ask, rules: Rules, hosts: Collection[str], answered: Callable[[], Answer]) -> Iterator[Ask]:
    """Ask for a page, then for what it leads to within some hosts; the last answer is the page's own, or none. Raises
    KhotinError when we may not ask, or come to no end."""
    for _ in range(MOST_HOPS):
        if not rules.allows(ask.address):
            raise KhotinError("The site's robots.txt asks us not to fetch %(address)s.", address=ask.address)
        yield ask
        captured = answered().captured
        if captured is None or captured.status not in REDIRECTS:
            return
        ask = replace(ask, address=canonical(captured.named.get("location", ""), ask.address))
        if host_of(ask.address) not in hosts:
            raise KhotinError("It leads to another site: %(target)s", target=ask.address)
    raise KhotinError("It leads from one address to another without end.")


def shown(page: Page, hosts: frozenset[str]) -> dict[str, Any]:
    detected = detect(page.soup, page.headers)
    extraction = extract(page, detected.profile)
    found = discover(page, detected.profile, hosts)
    told: dict[str, Any] = {
        "address": extraction.address,
        "profile": detected.profile.name,
        "reasons": list(detected.reasons),
        "kind": extraction.kind,
        "confidence": extraction.confidence,
        "found_by": dict(extraction.reasons),
        "links": {"lists": len(found.lists), "articles": len(found.articles), "files": len(found.files)},
    }
    article = extraction.article
    if article:
        told |= {
            "title": article.title,
            "lead": article.lead,
            "published": article.published.isoformat() if article.published else "",
            "date_source": article.date_source,
            "author": article.author,
            "section": article.section,
            "language": article.language,
            "captions": list(article.captions),
            "attachments": [each.address for each in article.attachments],
            "sample": article.body[:SAMPLE],
        }
    return told
