"""How does an admin correct a field of an article?  Beside what the source says, with a reason; to be taken back."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from indexer import access
from indexer.article import Kept
from indexer.corrected import FIELDS, said
from indexer.days import YEARS
from indexer.errors import KhotinError
from indexer.language.clean import clean
from indexer.store import articles, corrections

# As long as the longest article that we met, and some more.
LONGEST = 200_000
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def correct(connection: Connection, kept: Kept, field: str, text: str, reason: str, who: str) -> None:
    """Set a correction beside what the source says.  Raises KhotinError that says what to mend."""
    text, reason = clean(text).strip(), clean(reason).strip()
    if field not in FIELDS:
        raise KhotinError("Choose what is to be corrected.")
    was = said(kept.article, field)
    known = {each.field: each.text for each in kept.corrections}
    check(field, text, was, reason)
    corrections.add(connection, kept.id, field, text, was, reason, who)
    articles.mark(connection, kept.id, "crawl")
    told = {"before": {field: known.get(field, was)}, "after": {field: text}}
    access.decide(connection, who, "correct", f"article {kept.id}", reason, **told)


def check(field: str, text: str, was: str, reason: str) -> None:
    if not text:
        raise KhotinError("Write how it is right.")
    if text == was:
        raise KhotinError("This is what the source says already.")
    if len(text) > LONGEST:
        raise KhotinError("This text is too long. Shorten it to 200,000 characters.")
    if not reason:
        raise KhotinError("Write why it is corrected; readers see it beside the correction.")
    if field == "date":
        check_day(text)


def check_day(text: str) -> None:
    try:
        if not DAY.fullmatch(text) or date.fromisoformat(text).year not in YEARS:
            raise ValueError(text)
    except ValueError:
        raise KhotinError("“%(value)s” is no day. Write it as 2024-01-30.", value=text[:40]) from None


def withdraw(connection: Connection, number: int, reason: str, who: str) -> int:
    """End a correction; the number of its article.  Raises KhotinError without a reason."""
    found = corrections.get(connection, number)
    if found is None or found.withdrawn_at:
        raise KhotinError("This correction does not stand any more.")
    if not reason.strip():
        raise KhotinError("Give the reason; it is kept in the log.")
    corrections.withdraw(connection, number)
    articles.mark(connection, found.article_id, "crawl")
    told: Mapping[str, Any] = {"before": {found.field: found.text}, "after": {found.field: None}}
    access.decide(connection, who, "withdraw correction", f"article {found.article_id}", reason.strip(), **told)
    return found.article_id
