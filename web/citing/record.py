"""What does every citation say?  One neutral record of an archived article, whatever the style (pure)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from indexer.article import Kept, text_digest
from indexer.clock import local_day
from indexer.personal import masked
from web.citing.letters import one_line

# Between the names of several people; a comma inside the name of an office stays.
BETWEEN = re.compile(r" *[;,&/] *| +[-–—] +| +và +| +and +")
# A person's name: two to five words, each with a capital. What begins with one of these is an office all the same.
PERSON = re.compile(r"[^\W\d_a-z][^\W\d_]*(?: [^\W\d_a-z][^\W\d_]*){1,4}")
OFFICES = frozenset(
    "sở phòng ban báo đài ubnd hđnd bộ cục chi tỉnh thành trung thanh đảng tổ viện tạp department".split()
)
UNTITLED = {"vi": "(không có tiêu đề)", "en": "(without a title)"}


@dataclass(frozen=True, slots=True)
class Citation:
    """Published, captured and accessed are three dates; ``address`` is ours and lasts, ``source_address`` may go."""

    number: int
    title: str
    creators: tuple[str, ...]
    publisher: str
    unit: str
    abstract: str
    language: str  # of the article
    published: date | None
    event: date | None
    captured: date
    accessed: date
    address: str
    source_address: str
    archive: str
    digest: str
    spoken: str  # the language of the words that a style adds

    @property
    def key(self) -> str:
        return f"khotin{self.number}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What citations of this archive have in common: who keeps it, where it stands, today, the reader's language."""

    archive: str
    address_of: Callable[[int], str]
    today: date
    spoken: str


def cited(kept: Kept, desk: Desk) -> Citation:
    """What is to be cited of an article."""
    article = kept.article
    return Citation(
        number=kept.id,
        title=one_line(masked(article.title)) or UNTITLED[desk.spoken],
        creators=creators(one_line(article.author or article.unit)),
        publisher=publisher(kept, desk.spoken),
        unit=one_line(article.unit),
        abstract=one_line(masked(article.lead)),
        language=article.language,
        published=local_day(article.published) if article.published else None,
        event=article.event_date,
        captured=local_day(kept.last_seen),
        accessed=desk.today,
        address=desk.address_of(kept.id),
        source_address=one_line(article.address),
        archive=one_line(desk.archive),
        digest=text_digest(article),
        spoken=desk.spoken,
    )


def creators(byline: str) -> tuple[str, ...]:
    """Who wrote it, each in the order of their own name; a byline that is no list of people is one author."""
    names = [name for name in BETWEEN.split(byline) if name]
    return tuple(names) if len(names) > 1 and all(map(is_person, names)) else (byline,) if byline else ()


def is_person(name: str) -> bool:
    return bool(PERSON.fullmatch(name)) and name.split()[0].lower() not in OFFICES


def publisher(kept: Kept, spoken: str) -> str:
    """The department whose it is, where the archive names them; else the host that published it; for an import without
    addresses the name of the collection."""
    if kept.department.short:
        return one_line(kept.department.name(spoken))
    try:
        host = urlsplit(kept.article.address).hostname
    except ValueError:
        host = None
    return one_line(host or kept.source)
