"""What is sent for the name of a format: the file in pieces, and what it is called?"""

import re
from collections.abc import Iterator

from indexer.clock import local_day, now
from indexer.language import fold
from indexer.query import Query
from indexer.settings import Settings
from indexer.speech import say
from web.citing.record import Desk
from web.taking.formats import EVERYTHING, EXCEL, FORMATS, ZIP, Format
from web.taking.stream import Taking, Written, stream
from web.taking.zipped import zipped

ZIP_TYPE = "application/zip"
# Some systems take no longer names, and a person reads no more of them.
LONGEST_SLUG = 60
SEPARATORS = re.compile(r"[^a-z0-9]+")


def pieces(taking: Taking, name: str, told: Written, bom: bool = False) -> Iterator[bytes]:
    """The whole file; ``told`` holds what became of it when the last piece was given."""
    if name == ZIP:
        yield from zipped(taking, told)
        return
    for text in stream(taking, format_of(name, bom), told):
        yield text.encode("utf-8", "replace")


def format_of(name: str, bom: bool = False) -> Format:
    return EXCEL if bom and name == "csv" else FORMATS[name]


def passes(name: str) -> int:
    """How many times the articles are gone through."""
    return len(EVERYTHING) if name == ZIP else 1


def media_type(name: str) -> str:
    return ZIP_TYPE if name == ZIP else FORMATS[name].media_type


def desk_of(settings: Settings, spoken: str, site: str = "") -> Desk:
    """What citations have in common; ``site`` is where it was reached, unless the operator says where it stands."""
    base = (settings.site_address or site or f"http://{settings.host}:{settings.port}").rstrip("/")
    owner = settings.site_name_vi if spoken == "vi" else settings.site_name_en
    archive = f"{say('Khotin', spoken)} – {owner}"
    return Desk(archive, lambda number: f"{base}/articles/{number}", local_day(now()), spoken)


def file_name(query: Query, name: str, desk: Desk) -> str:
    """Letters and figures of ASCII only: a question can hold anything."""
    slug = SEPARATORS.sub("-", fold.bare(query.q).lower())[:LONGEST_SLUG].strip("-")
    ending = ZIP if name == ZIP else FORMATS[name].ending
    return "-".join(part for part in ("khotin", slug, desk.today.isoformat()) if part) + f".{ending}"
