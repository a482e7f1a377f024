"""Where do articles come from?  The departments' sites, and the names of imports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert, select, update

from indexer import alarms, clock
from indexer.errors import KhotinError
from indexer.store.tables import schedules, sources

# The folder of certificates that were pasted for a source, within the data folder.
CERTIFICATES = "certificates"


@dataclass(frozen=True, slots=True)
class Source:
    """One site (or one import, when ``address`` is empty) and how it is to be treated."""

    id: int
    name: str
    address: str
    profile: str
    overrides: str
    delay_seconds: float | None
    allow_private: bool
    made_at: datetime
    removed_at: datetime | None
    hosts: str = ""  # further hosts that belong to the site, apart by blanks: where it stood before, or stands too
    ca_file: str = ""  # certificates that are trusted beside the machine's own, for a site with an incomplete chain
    keep_images: bool = True  # pictures inside articles are fetched after the articles
    legacy_tls: bool = False  # old protocols and weak keys are accepted from this site
    boilerplate: str = ""  # lines that stand on most of its articles and belong to none
    probe: Mapping[str, Any] = field(default_factory=dict)  # what a look at one of its pages told last
    probed_at: datetime | None = None
    paused_at: datetime | None = None  # since when it rests: neither schedules nor people crawl it until it goes on
    max_pages: int | None = None  # the most pages that one round asks it for; none: as the settings say
    department_id: int | None = None  # whose site it is, where an archive holds those of several departments

    @property
    def shared_lines(self) -> frozenset[str]:
        """The lines of its boilerplate."""
        return frozenset(self.boilerplate.split("\n")) if self.boilerplate else frozenset()


def add(connection: Connection, name: str, address: str = "", **options: Any) -> Source:
    """A new source; raises KhotinError when the name is taken. A removed source of that name comes back."""
    known = find(connection, name, removed=True)
    if known and known.removed_at is None:
        raise KhotinError("There is already a source named “%(name)s”. Choose another name with --name.", name=name)
    values = {"name": name, "address": address} | options
    if known:
        connection.execute(update(sources).where(sources.c.id == known.id).values(values | {"removed_at": None}))
    else:
        connection.execute(insert(sources).values(values | {"made_at": clock.now()}))
    return need(connection, name)


def find(connection: Connection, name: str, removed: bool = False) -> Source | None:
    row = connection.execute(select(sources).where(sources.c.name == name)).first()
    found = Source(**row._mapping) if row else None
    return found if found and (removed or found.removed_at is None) else None


def need(connection: Connection, name: str) -> Source:
    """The source of that name, or a KhotinError that lists the names there are."""
    found = find(connection, name)
    if found is None:
        names = ", ".join(each.name for each in every(connection)) or "-"
        raise KhotinError("There is no source named “%(name)s”. Known are: %(names)s.", name=name, names=names)
    return found


def get(connection: Connection, source_id: int) -> Source:
    row = connection.execute(select(sources).where(sources.c.id == source_id)).one()
    return Source(**row._mapping)


def every(connection: Connection) -> list[Source]:
    """All sources that were not removed, by name."""
    rows = connection.execute(select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.name))
    return [Source(**row._mapping) for row in rows]


def of_host(connection: Connection, address: str) -> Source | None:
    """The source to whose site an address belongs."""
    host = plain_host(address)
    for each in every(connection):
        if host and host in (plain_host(each.address), *(name.removeprefix("www.") for name in each.hosts.split())):
            return each
    return None


def plain_host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.").lower()


def names(connection: Connection) -> dict[int, str]:
    """The names of all sources by number, also of removed ones."""
    return {row.id: row.name for row in connection.execute(select(sources.c.id, sources.c.name))}


def change(connection: Connection, source_id: int, **values: Any) -> None:
    connection.execute(update(sources).where(sources.c.id == source_id).values(values))


def probed(connection: Connection, source_id: int, told: Mapping[str, Any]) -> None:
    """Remember what a look at one of its pages told."""
    change(connection, source_id, probe=dict(told), probed_at=clock.now())


def remove(connection: Connection, source_id: int) -> None:
    """Crawl it no more: its schedules are off. What it gave us stays."""
    off = update(schedules).where(schedules.c.source_id == source_id)
    connection.execute(off.values(enabled=False, next_due=None))
    change(connection, source_id, removed_at=clock.now())
    for cause in ("failed round of", "quiet", "changed"):
        alarms.calm(connection, f"{cause} source {source_id}")
