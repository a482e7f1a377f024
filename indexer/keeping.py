"""What does a person keep with us, all of it?  To be taken along, or deleted with the account."""

from typing import Any

from sqlalchemy import Connection

from indexer import accounts, second_factor
from indexer.accounts import Account
from indexer.store import collections, letters, mailboxes, searches, sessions, tokens
from indexer.store.collections import Collection


def everything(connection: Connection, account: Account) -> dict[str, Any]:
    """All that is kept of and for an account, as plain values; its password is known to nobody, so it is not in it."""
    box = mailboxes.get(connection, account.id)
    return {
        "account": {"name": account.name, "role": account.role, "made_at": account.made_at.isoformat()},
        "email": box and {
            "address": box.address,
            "language": box.language,
            "confirmed_at": box.confirmed_at and box.confirmed_at.isoformat(),
        },
        "searches": [
            {"name": e.name, "question": e.question, "alert": e.alert, "made_at": e.made_at.isoformat()}
            for e in searches.every(connection, account.id)
        ],
        "collections": [collection(connection, each) for each in collections.every(connection, account.id)],
        "second_factor": second_factor.is_on(connection, account.id),
        "tokens": [
            {"name": e.name, "scopes": list(e.scopes), "made_at": e.made_at.isoformat(),
             "expires_at": e.expires_at.isoformat()}
            for e in tokens.every(connection, account.id)
        ],
    }  # fmt: skip


def collection(connection: Connection, held: Collection) -> dict[str, Any]:
    """A collection as plain values: numbers of articles and her own words, no text of ours."""
    return {
        "name": held.name,
        "note": held.note,
        "made_at": held.made_at.isoformat(),
        "articles": [
            {"id": e.article_id, "note": e.note, "tags": list(e.tags), "added_at": e.added_at.isoformat()}
            for e in collections.items(connection, held.id)
        ],
    }


def erase(connection: Connection, account: Account) -> None:
    """The account and all that it keeps are no more. Raises KhotinError for the last admin."""
    accounts.keep_an_admin(connection, account)
    for saved in searches.every(connection, account.id):
        searches.remove(connection, saved.id)
    for held in collections.every(connection, account.id):
        collections.remove(connection, held.id)
    letters.drop_all(connection, account.id)
    mailboxes.remove(connection, account.id)
    sessions.end_all(connection, account.id)
    second_factor.remove(connection, account.id)
    tokens.remove_all(connection, account.id)
    accounts.remove(connection, account.id)
