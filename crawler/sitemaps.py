"""Which articles does a sitemap name?  A hint only: it may be stale, huge or about another host (pure)."""

from collections.abc import Collection
from urllib.parse import urlsplit

from lxml import etree

from crawler.addresses import host_of
from crawler.discover import reads_like_headline, refusal
from crawler.profiles import Profile, matches
from indexer.canonical import canonical

MOST_FILES = 3  # of one round: an index of sitemaps names the newest first
MOST_ADDRESSES = 50_000  # as many as the format allows in one file


def read_sitemap(body: bytes, profile: Profile, hosts: Collection[str]) -> tuple[list[str], list[str]]:
    """Addresses of articles, and further sitemaps of an index; nothing for a file that is none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    tree = etree.fromstring(body, parser=parser) if body.strip().startswith(b"<") else None
    if tree is None:
        return [], []
    told = [text_of(each) for each in tree.iter("{*}loc")][:MOST_ADDRESSES]
    found = [address for address in (canonical(each, query_keep=profile.query_keep) for each in told) if address]
    if etree.QName(tree).localname == "sitemapindex":
        return [], [each for each in found if host_of(each) in hosts][:MOST_FILES]
    return [each for each in found if is_article(each, profile, hosts)], []


def text_of(element: etree._Element) -> str:
    return (element.text or "").strip()


def is_article(address: str, profile: Profile, hosts: Collection[str]) -> bool:
    """Only what looks like an article by its address: lists are found by their links anyhow."""
    parts = urlsplit(address)
    path = parts.path + ("?" + parts.query if parts.query else "")
    if refusal(address, profile, hosts, 0) or matches(profile.list_url, path):
        return False
    return matches(profile.article_url, path) or reads_like_headline(path, path)
