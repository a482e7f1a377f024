"""What becomes of a text in which personal data was found?  It may be public, stays withheld, or its article goes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from indexer import access, audit, personal
from indexer.article import Attachment, Kept
from indexer.audit import Wish
from indexer.errors import KhotinError
from indexer.store import Store, articles, screening
from indexer.store.screening import PAGE, Found

# What the log says of a text that stays withheld.
WITHHOLD = "withhold personal data"
# Articles looked through in one write: some tens of milliseconds.
SLICE = 50


def allow(connection: Connection, found: Found, who: str, reason: str) -> None:
    """The text may be public, here and wherever else it stands; it is not asked about again."""
    need_reason(reason)
    same = screening.alike(connection, found.signature)
    screening.decide(connection, found.signature, "public", who)
    for each in same:
        access.decide(
            connection, who, "allow personal data", f"article {each.article_id}", reason, **changed(each, "public")
        )
        kept = articles.get(connection, each.article_id)
        if each.part == PAGE and each.state != "listed" and kept and kept.restricted_at and for_this(connection, each):
            access.release(connection, each.article_id, who, reason)
        elif each.part != PAGE:
            articles.change_files(connection, each.article_id, given_back(each))


def for_this(connection: Connection, found: Found) -> bool:
    """Is it for its personal data that an article is not public, and for no other reason that somebody gave?"""
    told = [
        next(iter(audit.found(connection, Wish(subject=f"article {found.article_id}", action=action), 1)), None)
        for action in ("restrict", WITHHOLD)
    ]
    restricted, withheld = ((each.who, each.reason) if each else None for each in told)
    return restricted is not None and (restricted[0] == screening.SCREEN or restricted == withheld)


def given_back(found: Found) -> Callable[[Attachment], Attachment]:
    def change(file: Attachment) -> Attachment:
        mine = (file.address, file.digest, file.problem) == (found.part, found.digest, screening.WITHHELD)
        return replace(file, text=found.text, problem=found.problem) if mine else file

    return change


def keep(connection: Connection, found: Found, who: str, reason: str) -> None:
    """The text stays withheld: a file without its text, a vanished page restricted."""
    need_reason(reason)
    for each in screening.alike(connection, found.signature):
        access.decide(connection, who, WITHHOLD, f"article {each.article_id}", reason, **changed(each, "kept"))
        if each.part != PAGE:
            take_back(connection, each)
        elif each.state == "public":
            take_away(connection, each.article_id, who, reason)
    screening.decide(connection, found.signature, "kept", who)


def take_back(connection: Connection, found: Found) -> None:
    """A file that was shown is withheld again."""

    def change(file: Attachment) -> Attachment:
        mine = file.address == found.part and file.text and screening.signature(file.text) == found.signature
        return screening.withheld(file) if mine else file

    articles.change_files(connection, found.article_id, change)


def restrict(connection: Connection, found: Found, who: str, reason: str) -> None:
    """The whole article goes from the public."""
    need_reason(reason)
    keep(connection, found, who, reason)
    take_away(connection, found.article_id, who, reason)


def take_away(connection: Connection, article_id: int, who: str, reason: str) -> None:
    kept = articles.get(connection, article_id)
    if kept and not kept.restricted_at:
        access.restrict(connection, article_id, who, reason)


def changed(found: Found, state: str) -> dict[str, dict[str, str]]:
    """What the log says of a decision: of which part, and from what to what."""
    return {"before": {"part": found.part or "page", "state": found.state}, "after": {"state": state}}


def need_reason(reason: str) -> None:
    if not reason.strip():
        raise KhotinError("Give the reason; it is kept in the log.")


def look_through(store: Store, tell: Callable[[int], bool] = lambda done: False) -> int:
    """Look for personal data in all that is held; ``tell`` is told how many are done, and says whether to end."""
    last = done = 0
    while True:
        with store.read() as connection:
            held = articles.after(connection, last, SLICE)
        if not held or tell(done):
            return done
        for each in held:  # the slow part, before anything is written
            screening.kinds_in(personal.texts_of(each.article))
        with store.write() as connection:
            for each in held:
                look_again(connection, each)
        last, done = held[-1].id, done + len(held)


def look_again(connection: Connection, kept: Kept) -> None:
    screening.look_at(connection, kept.id, kept.article, is_gone=kept.gone_at is not None)
    if kept.article.attachments:
        articles.change_files(connection, kept.id, partial(screening.let_in, connection, kept.id))
