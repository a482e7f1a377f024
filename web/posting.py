"""What does the worker do about letters?  It asks saved searches for news, writes it down, and sends what waits."""

import smtplib
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from indexer import access, accounts, alarms, clock, signed, telling
from indexer.accounts import Account
from indexer.engine import Engine
from indexer.errors import KhotinError
from indexer.news import query_of, unknown
from indexer.settings import Settings
from indexer.store import Store, articles, letters, mailboxes, requests, searches
from indexer.store.letters import Letter
from indexer.store.mailboxes import Mailbox
from indexer.store.searches import Saved
from indexer.wordbook import glossary_of
from web import letters as words
from web.letters import Found, Written
from web.post import can_send, message, post_office, send

# The articles of a search that a letter remembers; more than it shows, since some may be restricted until it leaves.
REMEMBERED = 100


def post(store: Store, engine: Engine, settings: Settings) -> None:
    """Once round: news into letters, letters to the mail server. Raises KhotinError when that cannot be used."""
    telling.write(store)
    write_digests(store, engine)
    with store.read() as connection:
        waiting = letters.due(connection)
    if waiting:
        deliver(store, settings, waiting)


def write_digests(store: Store, engine: Engine) -> None:
    """Ask the searches whose time has come; each account gets one letter for all of a rhythm."""
    with store.read() as connection:
        due = searches.due(connection)
    if not due:
        return
    with store.write() as connection:
        searches.postpone(connection, due)
    columns, glossary = engine.reading(), glossary_of(store)
    ordered = sorted(due, key=lambda each: (each.account_id, each.alert))
    for (account_id, alert), mine in groupby(ordered, key=lambda each: (each.account_id, each.alert)):
        news = [(each, news_of(store, columns, glossary, each)) for each in mine]
        write_digest(store, account_id, alert, news)


def news_of(store: Store, columns: Any, glossary: Any, saved: Saved) -> list[int]:
    """The articles that are new for a search; none when it can no longer be asked."""
    with store.read() as connection:
        told = searches.told_of(connection, saved.id)
    try:
        return unknown(query_of(saved.question), store, columns, glossary, saved.known_up_to, told)
    except KhotinError:  # a wildcard that stands for too many words by now: the desk says so
        return []


def write_digest(store: Store, account_id: int, alert: str, news: Sequence[tuple[Saved, list[int]]]) -> None:
    """Put the letter down and note its articles as told, in one: so nothing is told twice, and nothing is lost."""
    content = {
        "alert": alert,
        "found": [{"search": e.id, "count": len(new), "articles": new[:REMEMBERED]} for e, new in news if new],
    }
    with store.write() as connection:
        for saved, new in news:
            if searches.get(connection, account_id, saved.id):  # it may have been deleted meanwhile
                searches.tell(connection, saved, new)
        if content["found"]:
            letters.write(connection, "digest", account_id, content)


def deliver(store: Store, settings: Settings, waiting: Sequence[Letter]) -> None:
    """Send what waits. Raises KhotinError when the mail server cannot be used; everything is tried again later."""
    try:
        if not can_send(settings):
            raise KhotinError("E-mails wait: set smtp_host, mail_from and site_address, or switch alerts off.")
        with post_office(settings) as server:
            for each in waiting:
                put_off(store, [each])
                hand_over(store, settings, server, each)
    except KhotinError:
        put_off(store, waiting)
        raise
    except (OSError, smtplib.SMTPServerDisconnected) as problem:
        raise KhotinError("The mail server broke off; the e-mails wait.") from problem


def put_off(store: Store, waiting: Sequence[Letter]) -> None:
    """Before each try, so that a letter that breaks its worker holds up no other."""
    with store.write() as connection:
        for each in waiting:
            letters.later(connection, each)


def hand_over(store: Store, settings: Settings, server: smtplib.SMTP, letter: Letter) -> None:
    written = None if is_stale(letter) else composed(store, settings, letter)
    try:
        mail = message(written, settings, f"{letter.id}.{store.id}") if written else None
    except ValueError:  # an address that no letter can bear; such are refused when they are given
        mail = None
    if written is None or mail is None:  # there is nobody to tell, or nothing left to tell
        with store.write() as connection:
            letters.drop(connection, letter.id)
        return
    fate, said = send(server, mail, settings, written.to)
    with store.write() as connection:
        if fate == "taken" or (fate == "refused" and letter.kind not in letters.OF_OURSELVES):
            letters.drop(connection, letter.id)
        if letter.account_id and fate == "taken":
            mailboxes.took(connection, letter.account_id)
        elif letter.account_id and fate == "refused":
            mailboxes.refused(connection, letter.account_id, said)


def is_stale(letter: Letter) -> bool:
    """Whether nobody waits for it any more: a letter about a password comes soon or not at all."""
    if letter.kind == "digest" or letter.kind == "notice" or letter.kind == "reply":
        return False
    life = signed.GOOD_FOR[letter.kind]
    return life is not None and clock.now() - letter.made_at > life


def composed(store: Store, settings: Settings, letter: Letter) -> Written | None:
    """The words of a letter, from what is so now; None when it is not to be sent any more."""
    content = letter.content
    if letter.kind == "invite":
        token = signed.sign(store.home, "invite", content["nonce"])
        return words.invitation(settings, content["address"], content["language"], token)
    if letter.kind == "reply":
        return reply_letter(store, settings, content)
    with store.read() as connection:
        account = accounts.get(connection, letter.account_id or 0)
        box = mailboxes.get(connection, letter.account_id or 0)
    if account is None or box is None:
        return None
    if letter.kind == "confirm":
        token = signed.sign(store.home, "confirm", box.nonce)
        return (
            None if box.confirmed_at else words.confirmation(settings, box.address, box.language, account.name, token)
        )
    if letter.kind == "reset":
        return reset_letter(store, settings, account, box)
    if letter.kind == "notice":
        return notice_letter(store, settings, account, box, content)
    return digest_letter(store, settings, box, content)


def reset_letter(store: Store, settings: Settings, account: Account, box: Mailbox) -> Written | None:
    if not box.confirmed_at:
        return None
    token = signed.sign(store.home, "reset", str(account.id), accounts.fingerprint(account))
    return words.resetting(settings, box.address, box.language, account.name, token)


def reply_letter(store: Store, settings: Settings, content: Mapping[str, Any]) -> Written | None:
    """What was decided about a reader's request, as it stands now."""
    with store.read() as connection:
        found = requests.get(connection, content["request"])
    return words.reply(settings, content["to"], found) if found and found.answered_at else None


def notice_letter(
    store: Store, settings: Settings, account: Account, box: Mailbox, content: Mapping[str, Any]
) -> Written | None:
    """Troubles that last still, and those that are over; for an admin who wants to know."""
    with store.read() as connection:
        begun = [each for each in alarms.several(connection, content["begun"]) if each.ended_at is None]
        ended = alarms.several(connection, content["ended"])
    if account.role != "admin" or not box.notices or not (begun or ended):
        return None
    return words.notice(settings, box.address, box.language, begun, ended)


def digest_letter(store: Store, settings: Settings, box: Mailbox, content: Mapping[str, Any]) -> Written | None:
    found = [each for part in content["found"] for each in found_now(store, box.account_id, part)]
    if not found:
        return None
    token = signed.sign(store.home, "unsubscribe", box.nonce)
    return words.digest(settings, box.address, box.language, content["alert"], found, token)


def found_now(store: Store, account_id: int, part: Mapping[str, Any]) -> list[Found]:
    """What a search found, as far as it may be seen now."""
    with store.read() as connection:
        saved = searches.get(connection, account_id, part["search"])
        held = articles.several(connection, part["articles"])
    shown = [held[number] for number in part["articles"] if number in held and access.may_see(held[number])]
    count = part["count"] - (len(part["articles"]) - len(shown))
    return [Found(saved.name, saved.question, shown, count)] if saved and saved.alert != "none" and shown else []
