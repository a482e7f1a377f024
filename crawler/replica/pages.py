"""What do the kinds of sites have in common?  Answers, templates, pictures and files (pure)."""

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, select_autoescape

from crawler.replica import pdf
from crawler.replica.content import Image, ReplicaArticle, Site

PER_PAGE = 10
TEASER = 180
TEMPLATES = Path(__file__).parent / "templates"

environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
)


class Answer(NamedTuple):
    """What the site answers. ``stamp`` is what its ETag is made of: the content without clock and counter."""

    status: int
    media_type: str
    body: bytes
    stamp: str = ""
    changed: datetime | None = None


class Moment(NamedTuple):
    """What changes with every request: the time and the visitor counter."""

    now: datetime
    counter: int


class Asked(NamedTuple):
    """A request: where to, with what in the address and in the form, and when."""

    path: str
    query: dict[str, str]
    form: dict[str, str]
    moment: Moment


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a page with the images behind it, each with its number."""

    text: str
    images: tuple[tuple[int, Image], ...]


def flow(article: ReplicaArticle) -> list[Part]:
    """The paragraphs in order, each followed by its images; the first part holds those behind the lead."""
    images = list(enumerate(article.images))
    texts = ["", *article.paragraphs]
    last = len(texts) - 1
    return [
        Part(text, tuple((n, each) for n, each in images if min(each.after, last) == place))
        for place, text in enumerate(texts)
    ]


def teaser(article: ReplicaArticle) -> str:
    """The beginning of the lead, cut after a word."""
    if len(article.lead) <= TEASER:
        return article.lead
    return article.lead[:TEASER].rpartition(" ")[0].rstrip(" ,;") + "…"


def html(template: str, status: int, stamp: str, changed: datetime | None, **values: Any) -> Answer:
    body = environment.get_template(template).render(**values).encode()
    return Answer(status, "text/html; charset=UTF-8", body, stamp, changed)


def png(seed: int, width: int = 320, height: int = 180) -> bytes:
    """A small picture in one colour, which its number decides."""
    colour = bytes(60 + seed * part % 160 for part in (37, 61, 89))
    rows = (b"\0" + colour * width) * height
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def picture(number: int) -> Answer:
    return Answer(200, "image/png", png(number), str(number))


def file(site: Site, name: str) -> Answer | None:
    """A file that an article hands out."""
    for article in site.articles.values():
        for each in article.attachments:
            if each.file == name:
                return Answer(200, "application/pdf", pdf.make(each.lines), str(each), article.last_change)
    return None
