"""Where was personal data found, and what was decided about it?  Asked wherever a text comes in, so nobody forgets.

A file in which the screen finds some is withheld: its text lies here, and nowhere where it is read. A page that has
vanished from its source is restricted; one that its source still shows is listed. What was decided about a text holds
for it wherever it comes again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, or_, select, true, update

from indexer import alarms, clock, personal
from indexer.article import Article, Attachment
from indexer.store.belonging import Reach, of_articles
from indexer.store.dialects import upsert
from indexer.store.tables import articles, decisions, findings

State = Literal["listed", "withheld", "public", "kept"]
OPEN: tuple[State, ...] = ("withheld", "listed")
PAGE = ""
SCREEN = "screen"  # who restricted a page, where nobody did
WITHHELD = "This file may hold personal data; it is shown when an admin has looked at it."
ALARM = "personal data"


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which personal data was found; ``part`` is a file's address, or empty for the page itself."""

    id: int
    article_id: int
    part: str
    signature: str
    kinds: Mapping[str, int]
    state: State
    found_at: datetime
    decided_at: datetime | None
    decided_by: str
    text: str
    problem: str
    digest: str


COLUMNS = [findings.c[each.name] for each in fields(Found)]


def signature(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=64)  # more than a slice of articles, and a file is named by several
def kinds_in(text: str) -> Mapping[str, int]:
    return personal.counted(personal.screen(text))


def decided(connection: Connection, sign: str) -> State | None:
    """What was decided about a text, last."""
    wanted = select(findings.c.state).where(findings.c.signature == sign, findings.c.decided_at.is_not(None))
    return connection.scalar(wanted.order_by(findings.c.decided_at.desc().nulls_last(), findings.c.id.desc()).limit(1))


def let_in(connection: Connection, article_id: int, file: Attachment) -> Attachment:
    """A file as readers may have it: without its text where that must wait for an admin, or was decided to stay."""
    if not file.text:
        return file
    sign, kinds = signature(file.text), kinds_in(file.text)
    known = decided(connection, sign)
    if not (kinds or known):
        return file
    put_down(connection, article_id, file.address, sign, kinds, known or "withheld", file)
    return file if known == "public" else withheld(file)


def withheld(file: Attachment) -> Attachment:
    return replace(file, text="", problem=WITHHELD)


def look_at(connection: Connection, article_id: int, article: Article, *, is_gone: bool) -> None:
    """List a page with personal data; restrict it when its source shows it no more."""
    text = personal.texts_of(article)
    sign = signature(text)
    forget(connection, article_id, but=sign)
    kinds = kinds_in(text)
    if not kinds or decided(connection, sign):
        return
    put_down(connection, article_id, PAGE, sign, kinds, "withheld" if is_gone else "listed")
    if is_gone:
        restrict(connection, article_id)


def restrict(connection: Connection, article_id: int) -> None:
    """Take a vanished page from the public, unless it is already."""
    open_page = update(articles).where(articles.c.id == article_id, articles.c.restricted_at.is_(None))
    if connection.execute(open_page.values(restricted_at=clock.now())).rowcount:
        row = {"who": SCREEN, "action": "restrict", "subject": f"article {article_id}", "at": clock.now(), "reason": ""}
        connection.execute(insert(decisions).values(row))


def forget(connection: Connection, article_id: int, but: str) -> None:
    """An earlier text of a page waits for a decision no more. One of a file does: versions still hold that file."""
    same = (findings.c.article_id == article_id) & (findings.c.part == PAGE)
    connection.execute(delete(findings).where(same, findings.c.signature != but, findings.c.decided_at.is_(None)))


def put_down(
    connection: Connection,
    article_id: int,
    part: str,
    sign: str,
    kinds: Mapping[str, int],
    state: State,
    file: Attachment | None = None,
) -> None:
    row = {"article_id": article_id, "part": part, "signature": sign, "kinds": dict(kinds), "state": state}
    row |= {"text": file.text, "problem": file.problem, "digest": file.digest} if file else {}
    again = upsert(findings).values(row | {"found_at": clock.now(), **by_decision(state)})
    again = again.on_conflict_do_update(
        index_elements=["article_id", "part", "signature"],
        set_={"kinds": dict(kinds)} if state == "listed" else row | {"kinds": dict(kinds)},
    )
    connection.execute(again)
    if state == "withheld":
        tell(connection)


def by_decision(state: State) -> Mapping[str, Any]:
    """A text that was decided about elsewhere is decided about here."""
    return {} if state in OPEN else {"decided_at": clock.now(), "decided_by": SCREEN}


def tell(connection: Connection) -> None:
    """Ring while anything is withheld that nobody has looked at."""
    waiting = count(connection, ("withheld",))
    if waiting:
        message = "%(count)s files or vanished pages with personal data wait for your decision."
        alarms.ring(connection, ALARM, message, count=waiting)
    else:
        alarms.calm(connection, ALARM)


def get(connection: Connection, number: int) -> Found | None:
    row = connection.execute(select(*COLUMNS).where(findings.c.id == number)).first()
    return Found(**row._mapping) if row else None


def alike(connection: Connection, sign: str) -> list[Found]:
    """Everywhere where a text was found."""
    rows = connection.execute(select(*COLUMNS).where(findings.c.signature == sign).order_by(findings.c.id))
    return [Found(**row._mapping) for row in rows]


def of_article(connection: Connection, article_id: int) -> list[Found]:
    rows = connection.execute(select(*COLUMNS).where(findings.c.article_id == article_id).order_by(findings.c.id))
    return [Found(**row._mapping) for row in rows]


def listed(connection: Connection, states: Sequence[State], limit: int, reach: Reach = None) -> list[Found]:
    """Those in these states: what is withheld before what is only listed, then as they came."""
    first = case((findings.c.state == "withheld", 0), else_=1)
    wanted = select(*COLUMNS).where(findings.c.state.in_(states), within(reach)).order_by(first, findings.c.id.desc())
    return [Found(**row._mapping) for row in connection.execute(wanted.limit(limit))]


def count(connection: Connection, states: Sequence[State], reach: Reach = None) -> int:
    wanted = select(func.count()).select_from(findings).where(findings.c.state.in_(states), within(reach))
    return connection.scalar(wanted) or 0


def within(reach: Reach) -> ColumnElement[bool]:
    return true() if reach is None else of_articles(findings.c.article_id, reach)


def decide(connection: Connection, sign: str, state: State, who: str) -> None:
    """Write down what was decided about a text, wherever it stands."""
    values = {"state": state, "decided_at": clock.now(), "decided_by": who}
    connection.execute(update(findings).where(findings.c.signature == sign).values(values))
    tell(connection)


def page_may_be_seen(connection: Connection, article_id: int, who: str) -> None:
    """Somebody made a restricted article public again: its page is not asked about any more."""
    waiting = or_(findings.c.state == "withheld", findings.c.state == "kept")
    page = (findings.c.article_id == article_id) & (findings.c.part == PAGE)
    signs = connection.execute(select(findings.c.signature).where(page, waiting)).scalars().all()
    for sign in signs:
        decide(connection, sign, "public", who)
