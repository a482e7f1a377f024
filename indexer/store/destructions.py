"""Which articles are destroyed, by whose decision, what never comes in again, and what is left of one in the tables."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, insert, or_, select, union, update

from indexer import clock
from indexer.canonical import spellings
from indexer.store.dialects import upsert
from indexer.store.tables import (
    addresses,
    aliases,
    announced,
    articles,
    barred,
    captures,
    corrections,
    destructions,
    file_links,
    findings,
    sources,
    versions,
)

# Pages that lead to articles are asked for again, whatever they once showed.
LEADING = ("start", "list", "feed")
# The state of an address that is never asked for again.
DESTROYED = "destroyed"
# What is said of articles elsewhere than in their own rows: corrected by hand, or withheld.
BESIDE = (corrections, findings)
# Fewer words may be the same by chance, and what they say may come in again.
WORDS_TO_BAR = 50
EMPTY: dict[str, Any] = {
    "title": "", "lead": "", "body": "", "captions": [], "attachments": [], "author": "", "unit": "", "section": "",
    "tags": [], "signature": "", "versions": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Destruction:
    """A decision to destroy an article, and how far that has come; ``step`` is the next one, "" after the last."""

    id: int
    article_id: int
    asked_at: datetime
    asked_by: str
    decision: str
    decided_on: date
    signed_by: str
    reason: str
    step: str
    left_over: list[str]
    tried_at: datetime | None
    finished_at: datetime | None


class Told(NamedTuple):
    """What is written down of an article before nothing else is left of it; no word of its text."""

    id: int
    source: str
    external_id: str | None
    published: datetime | None
    first_seen: datetime
    addresses: list[str]
    digests: list[str]


COLUMNS = [destructions.c[each.name] for each in fields(Destruction)]


def add(connection: Connection, article_id: int, step: str, **decided: Any) -> int:
    row = {"article_id": article_id, "asked_at": clock.now(), "step": step, "left_over": []} | decided
    return int(connection.execute(insert(destructions).values(row).returning(destructions.c.id)).scalar_one())


def change(connection: Connection, number: int, **values: Any) -> None:
    connection.execute(update(destructions).where(destructions.c.id == number).values(values))


def get(connection: Connection, number: int) -> Destruction | None:
    return next(iter(many(connection, chosen().where(destructions.c.id == number))), None)


def of_article(connection: Connection, article_id: int) -> Destruction | None:
    """The decision by which an article is or was destroyed, also one that was merged into the one decided on."""
    direct = select(destructions.c.id).where(destructions.c.article_id == article_id)
    merged = select(destructions.c.id).join(articles, articles.c.merged_into == destructions.c.article_id)
    alike = select(barred.c.destruction_id).join(aliases, aliases.c.address == barred.c.mark)
    for wanted in (direct, merged.where(articles.c.id == article_id), alike.where(aliases.c.article_id == article_id)):
        number = connection.scalar(wanted.limit(1))
        if number is not None:
            return get(connection, number)
    return None


def every(connection: Connection, limit: int = 200) -> list[Destruction]:
    """The newest first."""
    return many(connection, chosen().order_by(destructions.c.id.desc()).limit(limit))


def unfinished(connection: Connection) -> list[Destruction]:
    return many(connection, chosen().where(destructions.c.finished_at.is_(None)).order_by(destructions.c.id))


def chosen() -> Select[Any]:
    return select(*COLUMNS)


def many(connection: Connection, query: Select[Any]) -> list[Destruction]:
    return [Destruction(**row._mapping) for row in connection.execute(query)]


def bar(connection: Connection, number: int, marks: Iterable[str]) -> None:
    """Let nothing with these marks come in again, however an address among them is spelled."""
    spelled = {spelling for mark in marks for spelling in spellings(mark)}
    rows = [{"mark": each, "destruction_id": number} for each in sorted(spelled - {""})]
    if rows:
        connection.execute(upsert(barred).on_conflict_do_nothing(), rows)


def barring(connection: Connection, marks: Collection[str]) -> Destruction | None:
    """The decision by which something with one of these marks is not to come in."""
    found = select(barred.c.destruction_id).where(barred.c.mark.in_(marks)).limit(1)
    number = connection.scalar(found)
    return None if number is None else get(connection, number)


def barred_among(connection: Connection, marks: Collection[str]) -> set[str]:
    return set(connection.execute(select(barred.c.mark).where(barred.c.mark.in_(marks))).scalars())


def is_any(connection: Connection) -> bool:
    """Whether anything at all may not come in."""
    return connection.scalar(select(barred.c.mark).limit(1)) is not None


def bars_of(connection: Connection, number: int) -> set[str]:
    return set(connection.execute(select(barred.c.mark).where(barred.c.destruction_id == number)).scalars())


def family(connection: Connection, article_id: int) -> list[int]:
    """An article, those that were merged into it, and those that stand at one of its addresses: one by law."""
    found, before = {article_id}, set[int]()
    other = aliases.alias()
    while found != before:
        before = set(found)
        merged = select(articles.c.id).where(articles.c.merged_into.in_(before))
        beside = select(other.c.article_id).join(aliases, aliases.c.address == other.c.address)
        both = union(merged, beside.where(aliases.c.article_id.in_(before)))
        found |= set(connection.execute(both).scalars())
    return sorted(found)


def pages(connection: Connection, members: Collection[int]) -> set[str]:
    """The addresses of the pages that showed some articles, but for those that lead to others too."""
    shown = select(captures.c.address).join(versions, versions.c.capture_id == captures.c.id)
    found = union(
        select(aliases.c.address).where(aliases.c.article_id.in_(members)),
        select(articles.c.address).where(articles.c.id.in_(members)),
        select(addresses.c.address).where(addresses.c.article_id.in_(members)),
        shown.where(versions.c.article_id.in_(members)),
    )
    leading = select(addresses.c.address).where(addresses.c.kind.in_(LEADING), addresses.c.address.in_(found))
    every_one = set(connection.execute(found).scalars())
    linked = select(file_links.c.address).where(file_links.c.address.in_(every_one))
    return every_one - set(connection.execute(union(leading, linked)).scalars()) - {""}


def files(connection: Connection, members: Collection[int]) -> set[str]:
    """The addresses of files that only these articles link to."""
    linked = select(file_links.c.address).where(file_links.c.article_id.in_(members))
    others = select(file_links.c.address).where(
        file_links.c.address.in_(linked), file_links.c.article_id.not_in(members)
    )
    return set(connection.execute(linked).scalars()) - set(connection.execute(others).scalars())


def pictures(connection: Connection, found_on: Collection[str]) -> set[str]:
    """The addresses of pictures that were first met on these pages."""
    met = select(addresses.c.address).where(addresses.c.kind == "image", addresses.c.found_on.in_(found_on))
    return set(connection.execute(met).scalars())


def digests(connection: Connection, members: Collection[int], own_files: Collection[str]) -> set[str]:
    """By what the articles' texts and files are known when they come again under other names."""
    told = select(versions.c.signature, versions.c.body, versions.c.attachments)
    found = set()
    for row in connection.execute(told.where(versions.c.article_id.in_(members))):
        found |= {row.signature} if len(row.body.split()) >= WORDS_TO_BAR else set()
        found |= {each["digest"] for each in row.attachments if each["address"] in own_files}
    return found - {""}


def told(connection: Connection, members: Collection[int], found_at: Iterable[str], known: Iterable[str]) -> list[Told]:
    wanted = select(articles, sources.c.name.label("source")).join(sources, sources.c.id == articles.c.source_id)
    rows = connection.execute(wanted.where(articles.c.id.in_(members)).order_by(articles.c.id)).all()
    shared = sorted(found_at), sorted(known)
    return [Told(row.id, row.source, row.external_id, row.published, row.first_seen, *shared) for row in rows]


def own_captures(
    connection: Connection, members: Collection[int], at: Collection[str], files_at: Collection[str]
) -> set[int]:
    """The captures at some addresses that no version of another article was read from."""
    other = select(versions.c.capture_id).where(
        versions.c.article_id.not_in(members), versions.c.capture_id.is_not(None)
    )
    there = or_(captures.c.address.in_(at), captures.c.address.in_(files_at))
    return set(connection.execute(select(captures.c.id).where(there, captures.c.id.not_in(other))).scalars())


def own_texts(connection: Connection, members: Collection[int]) -> list[str]:
    """All that the articles ever said."""
    now = connection.execute(select(articles).where(articles.c.id.in_(members)))
    then = connection.execute(select(versions).where(versions.c.article_id.in_(members)))
    found = [text for row in (*now, *then) for text in texts_of(row._mapping)]
    for table in BESIDE:
        said = connection.execute(select(table).where(table.c.article_id.in_(members)))
        found += [value for row in said for value in row if isinstance(value, str)]
    return found


def titles(connection: Connection, members: Collection[int]) -> set[str]:
    now = select(articles.c.title).where(articles.c.id.in_(members))
    then = select(versions.c.title).where(versions.c.article_id.in_(members))
    return set(connection.execute(union(now, then)).scalars()) - {""}


def texts_of(row: Any) -> Iterator[str]:
    """Every text of a row of articles or versions."""
    yield from (row[name] for name in ("title", "lead", "body"))
    yield from row["captions"]
    yield from (text for each in row["attachments"] for text in (each["name"], each["text"]))
    yield from (row[name] for name in ("author", "unit", "section") if name in row)
    yield from row.get("tags", ())


def some_others(connection: Connection, members: Sequence[int], after: int, limit: int) -> tuple[list[str], int]:
    """The texts of the next other articles by number, of all their versions; and the last number."""
    wanted = select(articles).where(articles.c.id > after, articles.c.id.not_in(members))
    now = connection.execute(wanted.order_by(articles.c.id).limit(limit)).all()
    changed = [row.id for row in now if row.versions > 1]
    then = connection.execute(select(versions).where(versions.c.article_id.in_(changed))).all()
    found = [text for row in (*now, *then) for text in texts_of(row._mapping)]
    return found, now[-1].id if now else 0


def purge(connection: Connection, members: Collection[int], marks: Collection[str]) -> None:
    """Leave of some articles their numbers, addresses and dates; and of their addresses that they were."""
    for table in (versions, file_links, announced, *BESIDE):
        connection.execute(delete(table).where(table.c.article_id.in_(members)))
    now = clock.now()
    stub = EMPTY | {"destroyed_at": now, "restricted_at": now}
    connection.execute(update(articles).where(articles.c.id.in_(members)).values(stub))
    forgotten = {
        "state": DESTROYED, "link_text": "", "etag": "", "last_modified": "", "digest": "", "problem": "",
        "list_date": None, "rest_until": None,
    }  # fmt: skip
    connection.execute(
        update(addresses).where(addresses.c.address.in_(marks), addresses.c.kind.not_in(LEADING)).values(forgotten)
    )


def matching(connection: Connection, source_id: int, entry: Mapping[str, Any]) -> int | None:
    """The article that an entry of the list of destroyed ones means, as long as it holds anything. Its number alone
    tells nothing: in an archive from an older backup another article may have this one by now."""
    left = select(articles.c.id).where(articles.c.destroyed_at.is_(None))
    by_address = select(aliases.c.article_id).where(aliases.c.address.in_(entry["addresses"]))
    by_text = select(versions.c.article_id).where(versions.c.signature.in_(entry["digests"]))
    by_id = (articles.c.source_id == source_id) & (articles.c.external_id == (entry["external_id"] or ""))
    itself = (articles.c.id == entry["id"]) & (articles.c.first_seen == datetime.fromisoformat(entry["first_seen"]))
    met = or_(articles.c.id.in_(by_address), articles.c.id.in_(by_text), by_id, itself)
    return connection.scalar(left.where(met).order_by(articles.c.id).limit(1))
