"""What does the replica site hold?  Its articles, one TOML file each, and the addresses that Drupal would give them."""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from indexer.language import fold

FOLDER = Path(__file__).parent / "articles"
# Path of a section -> its name, its number in the taxonomy, and whether its list has the theme of the second kind.
SECTIONS: Mapping[str, tuple[str, int, bool]] = {
    "tin-tuc": ("Tin tức - Sự kiện", 1, False),
    "thong-bao": ("Thông báo", 2, True),
    "quy-hoach": ("Quy hoạch - Kiến trúc", 3, False),
    "quan-ly-nha-o": ("Quản lý nhà ở", 4, True),
    "gia-vat-lieu": ("Giá vật liệu", 5, False),
    "thanh-tra": ("Thanh tra xây dựng", 6, False),
    "van-ban": ("Văn bản", 7, False),
    "english": ("News in English", 8, False),
}
# The words that pathauto takes out of a slug, and the length at which it cuts (the leading slash counts).
REMOVED = frozenset(
    """a an as at before but by for from is in into like of off on onto per since than the this that to up via
    with""".split()
)
LONGEST_SLUG = 100


@dataclass(frozen=True, slots=True)
class Image:
    """A picture with the alt text that an editor typed only because he had to, and its caption."""

    alt: str
    caption: str
    after: int  # stands behind this paragraph; 0 = behind the lead
    style: str = "figure"


@dataclass(frozen=True, slots=True)
class File:
    """A PDF of a few text lines."""

    file: str
    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplicaArticle:
    """One page of the site, as its editor would have entered it."""

    node: int
    title: str
    lead: str
    body: str
    section: str
    published: datetime
    author: str = ""
    shows_date: bool = True
    language: str = "vi"
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[File, ...] = ()
    edited: int = 0  # how often it was changed since
    changed: datetime | None = None  # when it was last changed

    @property
    def last_change(self) -> datetime:
        return self.changed or self.published

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in re.split(r"\n\s*\n", self.body) if part.strip()]


@dataclass(slots=True)
class Site:
    """What the site shows at the moment: its articles by node, and their slugs.

    A change puts a new mapping in place of the old one, because other threads may be reading that.
    """

    articles: dict[int, ReplicaArticle]
    slugs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for each in sorted(self.articles.values(), key=lambda one: one.node):
            self.name(each)

    def put(self, article: ReplicaArticle) -> None:
        self.name(article)
        self.articles = {**self.articles, article.node: article}

    def remove(self, node: int) -> None:
        left = dict(self.articles)
        del left[node]
        self.articles = left

    def name(self, article: ReplicaArticle) -> None:
        """Give an article its slug, once: an edited title leaves the address as it was."""
        if article.node in self.slugs.values():
            return
        wanted, number = slug(article.title), 0
        while wanted in self.slugs or wanted in SECTIONS:
            wanted, number = f"{slug(article.title)}-{number}", number + 1
        self.slugs = self.slugs | {wanted: article.node}

    def slug_of(self, node: int) -> str:
        return next(name for name, held in self.slugs.items() if held == node)

    def newest(self, section: str | None = None) -> list[ReplicaArticle]:
        chosen = [each for each in self.articles.values() if section in (None, each.section)]
        return sorted(chosen, key=lambda one: (one.published, one.node), reverse=True)


def slug(title: str) -> str:
    """A title's address by pathauto's rule: without accents, signs and some English words, cut at a dash."""
    plain = re.sub(r"[^a-z0-9\s-]", "", fold.bare(title))
    words = [word for word in re.split(r"[\s-]+", plain) if word and word not in REMOVED]
    made = "-".join(words)
    while len(made) + 1 > LONGEST_SLUG:
        made = made.rpartition("-")[0]
    return made


FIRST_DAY = datetime(2010, 1, 4, 1, tzinfo=UTC)  # of articles made in numbers


@cache
def articles() -> tuple[ReplicaArticle, ...]:
    """All bundled articles, by node."""
    return tuple(read(tomllib.loads(file.read_text(encoding="utf-8"))) for file in sorted(FOLDER.glob("*.toml")))


def many(count: int) -> tuple[ReplicaArticle, ...]:
    """As many articles as are asked for, each unlike the others: paragraphs of the bundled ones, mixed and numbered."""
    mix, texts = random.Random(count), articles()
    made = []
    for node in range(1, count + 1):
        first, second = mix.sample(texts, 2)
        body = "\n\n".join(
            (*mix.sample(first.paragraphs + second.paragraphs, 3), f"Hồ sơ lưu số {node} tại Văn phòng.")
        )
        day = FIRST_DAY + timedelta(hours=7 * node)
        title = f"{' '.join(first.title.split()[:9])}, kỳ {node}"
        made.append(ReplicaArticle(node, title, second.lead, body, first.section, day, second.author))
    return tuple(made)


def read(given: Mapping[str, Any]) -> ReplicaArticle:
    return ReplicaArticle(**fields(given))


def fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Some fields of an article from TOML or JSON, in the form in which an article holds them."""
    return {name: FORMS[name](value) if name in FORMS else value for name, value in given.items()}


def moment(given: datetime | str) -> datetime:
    """A time with its zone; JSON knows it as text only."""
    made = datetime.fromisoformat(given) if isinstance(given, str) else given
    if made.tzinfo is None:
        raise ValueError(f"the time {given} needs a zone, such as +07:00")
    return made


def images(given: Iterable[Mapping[str, Any]]) -> tuple[Image, ...]:
    return tuple(Image(**each) for each in given)


def files(given: Iterable[Mapping[str, Any]]) -> tuple[File, ...]:
    return tuple(File(each["file"], each["label"], tuple(each["lines"])) for each in given)


FORMS: Mapping[str, Callable[[Any], Any]] = {
    "published": moment,
    "tags": tuple,
    "images": images,
    "attachments": files,
}
