"""How does a page tell programs what it shows?  Highwire, Dublin Core, schema.org; COinS for hits (pure)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from web.citing.record import Citation, is_person


def metas(cited: Citation) -> list[tuple[str, str]]:
    """Names and contents of the page's meta elements."""
    return [(name, content) for name, content in (*highwire(cited), *dublin_core(cited)) if content]


def highwire(cited: Citation) -> Iterator[tuple[str, str]]:
    """What Zotero and Google Scholar read."""
    yield "citation_title", cited.title
    for name in cited.creators:
        yield "citation_author", name
    if cited.published:
        yield "citation_publication_date", f"{cited.published:%Y/%m/%d}"
    yield "citation_publisher", cited.publisher
    yield "citation_language", cited.language
    yield "citation_public_url", cited.address
    yield "citation_abstract", cited.abstract


def dublin_core(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "DC.title", cited.title
    for name in cited.creators:
        yield "DC.creator", name
    if cited.published:
        yield "DC.date", cited.published.isoformat()
    yield "DC.publisher", cited.publisher
    yield "DC.language", cited.language
    yield "DC.identifier", cited.address
    yield "DC.source", cited.source_address
    yield "DC.type", "Text"
    yield "DC.format", "text/html"
    yield "DC.description", cited.abstract


def news_article(cited: Citation) -> dict[str, Any]:
    """The page as schema.org has it; without a date where the source gives none."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": cited.title,
        "inLanguage": cited.language,
        "url": cited.address,
        **({"isBasedOn": cited.source_address} if cited.source_address else {}),
        **({"datePublished": cited.published.isoformat()} if cited.published else {}),
        **({"author": [author(name) for name in cited.creators]} if cited.creators else {}),
        "publisher": {"@type": "Organization", "name": cited.publisher},
        "archivedAt": cited.address,
        **({"abstract": cited.abstract} if cited.abstract else {}),
    }


def author(name: str) -> dict[str, str]:
    return {"@type": "Person" if is_person(name) else "Organization", "name": name}


def coins(cited: Citation) -> str:
    """The context object of one hit, for the title of an empty element of class Z3988."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rfr_id", "info:sid/khotin"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "webpage"),
        ("rft.title", cited.title),
        # as an office, also people: readers of COinS would take the last word of any other name for the surname
        *(("rft.aucorp", name) for name in cited.creators),
        ("rft.date", cited.published.isoformat() if cited.published else ""),
        ("rft.source", cited.publisher),
        ("rft.language", cited.language),
        ("rft.identifier", cited.address),
    ]
    return urlencode([(name, value) for name, value in pairs if value], quote_via=quote)
