"""How is an article read with what was corrected by hand?  One function lays the corrections over it (pure)."""

from dataclasses import replace
from datetime import UTC, date
from typing import Any

from indexer.article import Article, Kept, shown_date
from indexer.clock import local_day, midnight

FIELDS = ("title", "lead", "body", "date", "author", "section", "unit")


def laid_over(kept: Kept) -> Article:
    """The article as corrected: by this it is dated, filtered and counted. Its own text is found and shown beside."""
    if not kept.corrections:
        return kept.article
    told: dict[str, Any] = {each.field: each.text for each in kept.corrections}
    day = told.pop("date", None)
    if day:
        told["published"] = midnight(date.fromisoformat(day)).astimezone(UTC)
    return replace(kept.article, **told)


def day_of(kept: Kept) -> date | None:
    """The date for sorting, filtering and charts, as corrected."""
    return shown_date(laid_over(kept))


def said(article: Article, field: str) -> str:
    """What the source says in a field."""
    if field != "date":
        return str(getattr(article, field))
    return local_day(article.published).isoformat() if article.published else ""
