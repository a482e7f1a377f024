"""What is an article?  One frozen record, passed along every stage from the page to the reader."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from indexer.clock import local_day

Language = Literal["vi", "en"]
Kind = Literal["article", "document"]
DateSource = Literal["", "profile", "meta", "list", "near-title", "address", "import"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article links to; ``text`` is empty until the file was fetched and read."""

    address: str
    name: str
    media_type: str = ""
    digest: str = ""
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What a department published on one page.

    Text is clean (``language.clean``), paragraphs are separated by a newline. Times are UTC.
    ``published`` is the day the page gives, with ``date_source`` saying where it stood;
    ``event_date`` is the day the text speaks of and never stands in for it.
    """

    address: str
    title: str = ""
    lead: str = ""
    body: str = ""
    captions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    author: str = ""
    unit: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    language: Language = "vi"
    kind: Kind = "article"
    published: datetime | None = None
    date_source: DateSource = ""
    updated: datetime | None = None
    event_date: date | None = None
    external_id: str | None = None
    profile: str = ""
    extractor: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What an admin says of a field (a day as 2024-01-30), and why; what the source says stays beside it."""

    field: str
    text: str
    reason: str
    made_at: datetime


class Department(NamedTuple):
    """Whose article it is, where the archive holds those of several: what addresses call it, and its names."""

    short: str = ""
    name_vi: str = ""
    name_en: str = ""

    def name(self, language: str) -> str:
        return self.name_vi if language == "vi" else self.name_en


@dataclass(frozen=True, slots=True)
class Kept:
    """An article as the store holds it: with its number, its history and what may be shown of it."""

    id: int
    article: Article
    source: str
    first_seen: datetime
    last_seen: datetime
    gone_at: datetime | None = None
    restricted_at: datetime | None = None
    merged_into: int | None = None
    destroyed_at: datetime | None = None
    versions: int = 1
    lane: str = "crawl"
    change: int = 0
    corrections: tuple[Correction, ...] = ()
    department: Department = Department()


def shown_date(article: Article) -> date | None:
    """The date for sorting, filtering and charts: published, else the event's, else updated, else unknown.

    Days are those of the department's own clock (Asia/Ho_Chi_Minh).
    """
    if article.published:
        return local_day(article.published)
    if article.event_date:
        return article.event_date
    return local_day(article.updated) if article.updated else None


def text_digest(article: Article) -> str:
    """The SHA-256 of what was read: title, lead and body in UTF-8, those that there are, a newline between each two.

    Anyone who holds the text can work it out again, so a citation with it says which text was meant.
    """
    read = "\n".join(part for part in (article.title, article.lead, article.body) if part)
    return hashlib.sha256(read.encode("utf-8", "surrogatepass")).hexdigest()
