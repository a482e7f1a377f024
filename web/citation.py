"""How is an archived article cited?  One line, as it is written in Vietnamese and in English (pure)."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from indexer.article import Kept, shown_date
from indexer.clock import local_day


def vietnamese(kept: Kept, address: str, today: date, day: Callable[[date, str], str]) -> str:
    article = kept.article
    dated = shown_date(article)
    parts = [
        *([article.author or article.unit] if article.author or article.unit else []),
        f"“{article.title}”",
        publisher(kept),
        *([f"ngày {day(dated, 'vi')}"] if dated else ["không rõ ngày"]),
        *([article.address] if article.address else []),
    ]
    return (
        f"{', '.join(parts)}. Bản chụp ngày {day(local_day(kept.last_seen), 'vi')} tại Kho tin: {address} "
        f"(truy cập ngày {day(today, 'vi')})."
    )


def english(kept: Kept, address: str, today: date, day: Callable[[date, str], str]) -> str:
    article = kept.article
    dated = shown_date(article)
    by = f"{article.author or article.unit}. " if article.author or article.unit else ""
    when = day(dated, "en") if dated else "n.d"
    source = f" {article.address}." if article.address else ""
    return (
        f"{by}“{article.title}”. {publisher(kept)}, {when}.{source} Captured {day(local_day(kept.last_seen), 'en')} "
        f"by Khotin: {address} (accessed {day(today, 'en')})."
    )


def publisher(kept: Kept) -> str:
    """The host that published it; for an import without addresses the name of the collection."""
    try:
        host = urlsplit(kept.article.address).hostname
    except ValueError:
        host = None
    return host or kept.source
