"""What would we take from these pages, field by field, and what is missing?  Asked of kept pages, without network."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.discover import discover
from crawler.extract import extract
from crawler.page import Page
from crawler.profiles import Profile
from crawler.reading import profile_of
from crawler.trip import hosts_of
from indexer.article import Article
from indexer.clock import now
from indexer.store.previews import Looked
from indexer.store.sources import Source

WORDS = 60  # of the text that are shown
FILES = 10
# What a source may be told of itself before it is one.
TOLD = (
    "name", "address", "profile", "overrides", "delay_seconds", "allow_private", "hosts", "ca_file", "keep_images",
    "legacy_tls",
)  # fmt: skip


def source_of(settings: Mapping[str, Any]) -> Source:
    """A source as typed, before it is one."""
    plain: dict[str, Any] = {"name": "", "address": "", "profile": "", "overrides": "", "delay_seconds": None}
    chosen = plain | {"allow_private": False} | {key: settings[key] for key in TOLD if key in settings}
    return Source(id=0, made_at=now(), removed_at=None, **chosen)


def look_at(kept: Looked) -> Page:
    return Page(kept.address, 200, kept.headers, kept.body)


def told_of(source: Source, pages: Sequence[Looked]) -> dict[str, Any]:
    """What a look at a site gives: its profile, where its start page leads, and each article field by field."""
    start = look_at(pages[0])
    profile, reasons = profile_of(source, start)
    found = discover(start, profile, hosts_of(source))
    return {
        "profile": profile.name,
        "reasons": reasons,
        "links": {"lists": len(found.lists), "articles": len(found.articles), "files": len(found.files)},
        "pages": [{"place": each.place} | told(look_at(each), profile, each.listed_at) for each in pages[1:]],
    }


def told(page: Page, profile: Profile, listed: datetime | None = None) -> dict[str, Any]:
    """One page: what kind it is, and the fields of its article."""
    found = extract(page, profile, listed=listed)
    plain = {"address": page.address, "kind": found.kind, "found_by": dict(found.reasons)}
    if found.article is None:
        return plain | {"missing": ["article"]}
    more: dict[str, Any] = {"pictures": len(found.images), "missing": missing(found.article)}
    if found.article.date_source == "profile" and found.reasons["date"] in profile.own:
        more["date_source"] = "pointed"
    return plain | fields(found.article) | more


def fields(article: Article) -> dict[str, Any]:
    words = article.body.split()
    return {
        "title": article.title,
        "lead": article.lead,
        "body": " ".join(words[:WORDS]),
        "words": len(words),
        "published": article.published.isoformat() if article.published else "",
        "date_source": article.date_source,
        "author": article.author,
        "unit": article.unit,
        "section": article.section,
        "attachments": [each.name for each in article.attachments[:FILES]],
        "files": len(article.attachments),
    }


def missing(article: Article) -> list[str]:
    """What an article should have and this one has not."""
    has = {"title": article.title, "date": article.published, "body": article.body or article.attachments}
    return [name for name, value in has.items() if not value]
