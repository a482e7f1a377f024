"""How are articles kept?  Saving, versions, addresses, change numbers; gone is not deleted."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Label, Row, Select, and_, bindparam, false, func, insert, or_, select, update

from indexer.article import Article, Attachment, Correction, Department, Kept, shown_date
from indexer.errors import KhotinError
from indexer.store import destructions, screening
from indexer.store.belonging import Reach
from indexer.store.dialects import all_as_json, as_json, upsert
from indexer.store.tables import aliases, articles, corrections, departments, file_links, lanes, sources, versions

Lane = Literal["crawl", "bulk"]
Outcome = Literal["new", "changed", "same"]

# Below this many words two pages may be alike by chance (one-line notices), so they are never joined.
WORDS_TO_JOIN = 50
# What a version holds, and so what makes a new one when it changes at the source.
VERSIONED = ("title", "lead", "body", "captions", "attachments")
# A change of one of these is looked at for personal data.
SCREENED = {"title", "lead", "body", "captions", "gone_at"}


class Saved(NamedTuple):
    """What became of an article that was handed in."""

    id: int
    outcome: Outcome


class Version(NamedTuple):
    """One state of an article as the source showed it."""

    number: int
    captured_at: datetime
    capture_id: int | None
    title: str
    lead: str
    body: str
    captions: tuple[str, ...]
    attachments: tuple[Attachment, ...]


def save(
    connection: Connection,
    source_id: int,
    article: Article,
    seen_at: datetime,
    lane: Lane = "crawl",
    capture_id: int | None = None,
) -> Saved:
    """Keep an article that was met at ``seen_at``; a new version only when the source changed its content."""
    known = find_same(connection, source_id, article)
    refuse_destroyed(connection, article, known)
    if known is None:
        saved = add(connection, source_id, article, seen_at, lane, capture_id)
    else:
        saved = renew(connection, known, article, seen_at, lane, capture_id)
    note_addresses(connection, source_id, saved.id, article)
    return saved


class DestroyedError(KhotinError):
    """What was destroyed by a written decision does not come in again."""


def refuse_destroyed(connection: Connection, article: Article, known: Kept | None = None) -> None:
    """Raises DestroyedError for an article that was destroyed, by its number, its address or its very text."""
    decided = destructions.barring(connection, marks(article))
    if known and decided is None and (known.destroyed_at or known.restricted_at):
        decided = destructions.of_article(connection, known.id)
    if decided:
        raise DestroyedError(
            "It was destroyed by decision %(decision)s and does not come in again.", decision=decided.decision
        )


def marks(article: Article) -> set[str]:
    """By what an article is known when it comes again."""
    enough = len(article.body.split()) >= destructions.WORDS_TO_BAR
    return ({article.address} | ({signature(article)} if enough else set())) - {""}


def signature(article: Article) -> str:
    """A digest of what a version holds. A file's own bytes are left out: they arrive later than the page."""
    content = [article.title, article.lead, article.body, article.captions]
    files = [(each.address, each.name) for each in article.attachments]
    return hashlib.sha256(json.dumps([content, files], ensure_ascii=False).encode()).hexdigest()


def find_same(connection: Connection, source_id: int, article: Article) -> Kept | None:
    """The article we already hold: by its import id, else by address, else by identical content."""
    if article.external_id is not None:
        return first(
            connection,
            chosen().where(articles.c.source_id == source_id, articles.c.external_id == article.external_id),
        )
    held = find(connection, article.address, source_id) if article.address else None
    return held or find_alike(connection, source_id, article)


def find_alike(connection: Connection, source_id: int, article: Article) -> Kept | None:
    if len(article.body.split()) < WORDS_TO_JOIN:
        return None
    same = chosen().where(
        articles.c.source_id == source_id,
        articles.c.signature == signature(article),
        articles.c.external_id.is_(None),
        articles.c.merged_into.is_(None),
    )
    held = first(connection, same.order_by(articles.c.id))
    return held if held and shown_date(held.article) == shown_date(article) else None


def add(
    connection: Connection,
    source_id: int,
    article: Article,
    seen_at: datetime,
    lane: Lane,
    capture_id: int | None,
) -> Saved:
    row = to_row(article) | {
        "source_id": source_id,
        "first_seen": seen_at,
        "last_seen": seen_at,
        "versions": 1,
        "signature": signature(article),
        "lane": lane,
        "change": next_change(connection, lane),
    }
    key = connection.execute(insert(articles).values(row)).inserted_primary_key
    assert key is not None
    add_version(connection, int(key[0]), 1, article, seen_at, capture_id)
    screening.look_at(connection, int(key[0]), article, is_gone=False)
    return Saved(int(key[0]), "new")


def renew(
    connection: Connection,
    known: Kept,
    article: Article,
    seen_at: datetime,
    lane: Lane,
    capture_id: int | None,
) -> Saved:
    fresh = replace(
        article,
        address=known.article.address,
        attachments=with_texts(article.attachments, known.article.attachments),
    )
    if fresh == known.article and known.gone_at is None:
        connection.execute(update(articles).where(articles.c.id == known.id).values(last_seen=seen_at))
        return Saved(known.id, "same")
    values = to_row(fresh) | {"last_seen": seen_at, "gone_at": None}
    if signature(fresh) != signature(known.article):
        values |= {"versions": known.versions + 1, "signature": signature(fresh)}
        add_version(connection, known.id, known.versions + 1, fresh, seen_at, capture_id)
    mark(connection, known.id, lane, **values)
    return Saved(known.id, "changed")


def with_texts(fresh: Sequence[Attachment], known: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The page's attachments, with what we read from these files before."""
    read = {each.address: each for each in known}
    return tuple(replace(read[each.address], name=each.name) if each.address in read else each for each in fresh)


def mark(connection: Connection, article_id: int, lane: Lane, **values: Any) -> None:
    """Write a visible change, with its number, so that the index takes it up."""
    told = values | {"lane": lane, "change": next_change(connection, lane)}
    connection.execute(update(articles).where(articles.c.id == article_id).values(told))
    kept = get(connection, article_id) if SCREENED & values.keys() else None
    if kept:
        screening.look_at(connection, article_id, kept.article, is_gone=kept.gone_at is not None)


def next_change(connection: Connection, lane: Lane) -> int:
    """The lane's next number; it rises in the order of commits because writers begin one after the other."""
    rise = upsert(lanes).values(lane=lane, last=1)
    rise = rise.on_conflict_do_update(index_elements=["lane"], set_={"last": lanes.c.last + 1})
    return int(connection.execute(rise.returning(lanes.c.last)).scalar_one())


def add_version(
    connection: Connection,
    article_id: int,
    number: int,
    article: Article,
    at: datetime,
    capture_id: int | None,
) -> None:
    row = {name: value for name, value in to_row(article).items() if name in VERSIONED}
    row |= {
        "article_id": article_id,
        "number": number,
        "capture_id": capture_id,
        "captured_at": at,
        "signature": signature(article),
        "extractor": article.extractor,
    }
    connection.execute(insert(versions).values(row))


def note_addresses(connection: Connection, source_id: int, article_id: int, article: Article) -> None:
    note_alias(connection, source_id, article.address, article_id)
    for each in article.attachments:
        link = {"source_id": source_id, "address": each.address, "article_id": article_id}
        connection.execute(upsert(file_links).values(link).on_conflict_do_nothing())


def note_alias(connection: Connection, source_id: int, address: str, article_id: int) -> None:
    """Remember one more address that leads to the article; an address that is taken stays where it is."""
    if not address:  # an imported line may have none
        return
    row = {"source_id": source_id, "address": address, "article_id": article_id}
    connection.execute(upsert(aliases).values(row).on_conflict_do_nothing())


def file_arrived(
    connection: Connection, source_id: int, file: Attachment, at: datetime, capture_id: int | None = None
) -> int:
    """Give a file's text to the articles that link to it; returns how many changed.

    A file whose bytes differ from what we had is a new version; a first reading is not.
    """
    linked = select(file_links.c.article_id).where(
        file_links.c.source_id == source_id, file_links.c.address == file.address
    )
    changed = 0
    for kept in many(connection, chosen().where(articles.c.id.in_(linked))):
        changed += take_file(connection, kept, file, at, capture_id)
    return changed


def take_file(connection: Connection, kept: Kept, file: Attachment, at: datetime, capture_id: int | None) -> bool:
    before = next((each for each in kept.article.attachments if each.address == file.address), None)
    if before is None:
        return False
    file = screening.let_in(connection, kept.id, file)
    if replace(file, name=before.name) == before:
        return False
    files = tuple(replace(file, name=e.name) if e.address == file.address else e for e in kept.article.attachments)
    fresh = replace(kept.article, attachments=files)
    values: dict[str, Any] = {"attachments": to_row(fresh)["attachments"]}
    if before.digest and before.digest != file.digest:
        values["versions"] = kept.versions + 1
        add_version(connection, kept.id, kept.versions + 1, fresh, at, capture_id)
    else:
        connection.execute(
            update(versions)
            .where(versions.c.article_id == kept.id, versions.c.number == kept.versions)
            .values(attachments=values["attachments"])
        )
    mark(connection, kept.id, "crawl", **values)
    return True


def change_files(connection: Connection, article_id: int, change: Callable[[Attachment], Attachment]) -> None:
    """Change what is read of an article's files, in all of its versions: what they say at the source stays as it is."""
    kept = get(connection, article_id)
    assert kept is not None
    for row in connection.execute(select(versions).where(versions.c.article_id == article_id)).all():
        files = [asdict(change(each)) for each in from_files(row.attachments)]
        if files != row.attachments:
            connection.execute(update(versions).where(versions.c.id == row.id).values(attachments=files))
    fresh = tuple(map(change, kept.article.attachments))
    if fresh != kept.article.attachments:
        mark(connection, article_id, "crawl", attachments=[asdict(each) for each in fresh])


def reread(connection: Connection, capture_id: int, article: Article) -> Outcome:
    """Write a better extractor's reading over the version that this capture made; never adds a version."""
    made = connection.execute(select(versions).where(versions.c.capture_id == capture_id)).one_or_none()
    if made is None:
        return "same"
    known = get(connection, made.article_id)
    assert known is not None
    row = to_row(replace(article, attachments=with_texts(article.attachments, known.article.attachments)))
    text = {name: row[name] for name in VERSIONED}
    connection.execute(
        update(versions)
        .where(versions.c.id == made.id)
        .values(text | {"signature": signature(article), "extractor": article.extractor})
    )
    fresh = replace(article, address=known.article.address, attachments=from_files(row["attachments"]))
    if made.number != known.versions or fresh == known.article:
        return "same"
    mark(connection, known.id, "bulk", **(to_row(fresh) | {"signature": signature(fresh)}))
    note_addresses(connection, source_of(connection, known.id), known.id, fresh)
    return "changed"


def latest_texts(connection: Connection, source_id: int, most: int) -> list[str]:
    """The bodies of a source's newest articles, one paragraph a line."""
    own = and_(articles.c.source_id == source_id, articles.c.merged_into.is_(None), articles.c.body != "")
    newest = select(articles.c.body).where(own).order_by(articles.c.id.desc()).limit(most)
    return list(connection.execute(newest).scalars())


def source_of(connection: Connection, article_id: int) -> int:
    return int(connection.execute(select(articles.c.source_id).where(articles.c.id == article_id)).scalar_one())


def gone(connection: Connection, article_id: int, at: datetime) -> None:
    """The source shows the page no more: keep everything, say so."""
    mark(connection, article_id, "crawl", gone_at=at)


def seen(connection: Connection, article_id: int, at: datetime) -> None:
    """The page is still there and unchanged; a tombstone that came back is alive again."""
    kept = get(connection, article_id)
    if kept and kept.gone_at:
        mark(connection, article_id, "crawl", gone_at=None, last_seen=at)
    else:
        connection.execute(update(articles).where(articles.c.id == article_id).values(last_seen=at))


def get(connection: Connection, article_id: int) -> Kept | None:
    return first(connection, chosen().where(articles.c.id == article_id))


def find(connection: Connection, address: str, source_id: int | None = None) -> Kept | None:
    """The article that one of its addresses leads to."""
    wanted = select(aliases.c.article_id).where(aliases.c.address == address)
    if source_id is not None:
        wanted = wanted.where(aliases.c.source_id == source_id)
    return first(connection, chosen().where(articles.c.id.in_(wanted)).order_by(articles.c.id))


def linking(connection: Connection, address: str) -> list[int]:
    """The numbers of the articles that link, or once linked, to a file; none that was merged or destroyed."""
    linked = select(file_links.c.article_id).where(file_links.c.address == address)
    there = articles.c.merged_into.is_(None) & articles.c.destroyed_at.is_(None)
    return list(connection.execute(select(articles.c.id).where(articles.c.id.in_(linked), there)).scalars())


def several(connection: Connection, ids: Sequence[int]) -> dict[int, Kept]:
    """The articles with these numbers, by number."""
    rows = connection.execute(numbered(), {"ids": list(ids)}).all()
    return {kept.id: kept for kept in map(to_kept, rows)}


def changes_after(connection: Connection, lane: str, number: int, limit: int) -> list[Kept]:
    """The next articles that changed after ``number`` in a lane, in the order of their numbers."""
    wanted = chosen().where(articles.c.lane == lane, articles.c.change > number)
    return many(connection, wanted.order_by(articles.c.change).limit(limit))


def after(connection: Connection, article_id: int, limit: int) -> list[Kept]:
    """The next articles by number."""
    return many(connection, chosen().where(articles.c.id > article_id).order_by(articles.c.id).limit(limit))


def numbers_up_to(connection: Connection, lanes: dict[str, int]) -> set[int]:
    """The articles (none merged or destroyed) whose last change an index at these lane numbers has seen."""
    seen = or_(false(), *(and_(articles.c.lane == lane, articles.c.change <= number) for lane, number in lanes.items()))
    wanted = select(articles.c.id).where(articles.c.merged_into.is_(None), articles.c.destroyed_at.is_(None), seen)
    return set(connection.execute(wanted).scalars())


def last_changes(connection: Connection) -> dict[str, int]:
    """The last number given out in each lane."""
    return {row.lane: row.last for row in connection.execute(select(lanes))}


def count(connection: Connection, reach: Reach = None) -> int:
    wanted = select(func.count()).select_from(articles)
    wanted = wanted.where(articles.c.merged_into.is_(None), articles.c.destroyed_at.is_(None))
    wanted = wanted if reach is None else wanted.where(articles.c.source_id.in_(reach))
    return int(connection.execute(wanted).scalar_one())


def arrivals(connection: Connection, source_id: int) -> list[datetime]:
    """When each article of a source was first seen."""
    seen = select(articles.c.first_seen).where(articles.c.source_id == source_id)
    return list(connection.execute(seen).scalars())


def history(connection: Connection, article_id: int) -> list[Version]:
    """All versions of an article, oldest first."""
    rows = connection.execute(select(versions).where(versions.c.article_id == article_id).order_by(versions.c.number))
    return [to_version(row) for row in rows]


def other_addresses(connection: Connection, article_id: int) -> list[str]:
    rows = connection.execute(select(aliases.c.address).where(aliases.c.article_id == article_id))
    return sorted(row.address for row in rows)


ARTICLE_COLUMNS = tuple(each.name for each in fields(Article))
BESIDE = ("article", "corrections", "department")
KEPT_COLUMNS = tuple(each.name for each in fields(Kept) if each.name not in BESIDE)
OFFICE = [func.coalesce(departments.c[name], "") for name in Department._fields]
LISTS = [ARTICLE_COLUMNS.index(name) for name in ("captions", "tags")]
FILES = ARTICLE_COLUMNS.index("attachments")
CORRECTED = tuple(each.name for each in fields(Correction))
NONE = "[]"


@cache  # every search asks for its hits: what they are asked with is made once
def chosen() -> Select[Any]:
    """The fields of an article, then those that are kept beside it; `to_kept` counts on this order."""
    kept = [sources.c.name.label(name) if name == "source" else articles.c[name] for name in KEPT_COLUMNS]
    wanted = select(*(articles.c[name] for name in ARTICLE_COLUMNS), *kept, *OFFICE, standing_corrections())
    whose = departments.c.id == sources.c.department_id
    return wanted.join(sources, sources.c.id == articles.c.source_id).outerjoin(departments, whose)


def standing_corrections() -> Label[Any]:
    """The corrections of the article in a row, as JSON: most have none, and then nothing is read."""
    told = as_json(*(part for name in CORRECTED for part in (name, corrections.c[name])))
    standing = and_(corrections.c.article_id == articles.c.id, corrections.c.withdrawn_at.is_(None))
    return select(all_as_json(told)).where(standing).scalar_subquery().label("corrections")


@cache
def numbered() -> Select[Any]:
    return chosen().where(articles.c.id.in_(bindparam("ids", expanding=True))).order_by(articles.c.id)


def first(connection: Connection, query: Select[Any]) -> Kept | None:
    row = connection.execute(query.limit(1)).first()
    return to_kept(row) if row else None


def many(connection: Connection, query: Select[Any]) -> list[Kept]:
    return [to_kept(row) for row in connection.execute(query)]


def to_row(article: Article) -> dict[str, Any]:
    row = {name: getattr(article, name) for name in ARTICLE_COLUMNS}
    row["captions"], row["tags"] = list(article.captions), list(article.tags)
    row["attachments"] = [asdict(each) for each in article.attachments]
    return row


def to_kept(row: Row[Any]) -> Kept:
    held = list(row)
    for at in LISTS:
        held[at] = tuple(held[at])
    held[FILES] = from_files(held[FILES])
    size = len(ARTICLE_COLUMNS)
    told = from_corrections(held.pop())
    after = size + len(KEPT_COLUMNS)
    known = dict(zip(KEPT_COLUMNS, held[size:after], strict=True))
    return Kept(article=Article(*held[:size]), corrections=told, department=Department(*held[after:]), **known)


def from_corrections(held: str) -> tuple[Correction, ...]:
    if held == NONE:
        return ()
    told = [
        each | {"made_at": datetime.fromisoformat(each["made_at"]).replace(tzinfo=UTC)} for each in json.loads(held)
    ]
    return tuple(Correction(**each) for each in told)


def from_files(held: Sequence[dict[str, Any]]) -> tuple[Attachment, ...]:
    return tuple(Attachment(**each) for each in held)


def to_version(row: Row[Any]) -> Version:
    return Version(
        row.number, row.captured_at, row.capture_id, row.title, row.lead, row.body,
        tuple(row.captions), from_files(row.attachments),
    )  # fmt: skip


def names(connection: Connection) -> dict[int, str]:
    """From the numbers of articles to what they are known by outside: the id that they were imported with, else their
    address."""
    rows = connection.execute(select(articles.c.id, func.coalesce(articles.c.external_id, articles.c.address)))
    return {row[0]: row[1] for row in rows}
