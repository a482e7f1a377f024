"""What do our letters say?  Plain text in the reader's language, with nothing in it that would tell of its reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from indexer.alarms import Alarm
from indexer.article import Kept
from indexer.clock import VIETNAM, local_day
from indexer.corrected import day_of
from indexer.news import query_of
from indexer.personal import masked
from indexer.query import address
from indexer.settings import Settings
from indexer.speech import say, tell
from indexer.store.requests import Request
from web.plain import line
from web.visitor import day

# A letter is to be read, not scrolled: the rest is one click away.
MOST_OF_A_SEARCH = 20
RECEIVED = "On %(day)s you wrote to us about article %(article)s of this archive (request %(number)s)."
# What was decided about a reader's request.
GRANTED = "We did what you asked for."
PARTLY = "We did a part of what you asked for."
REFUSED = "We did not do what you asked for."
ANSWERED = "Your request was answered."
OUTCOMES = {"granted": GRANTED, "partly": PARTLY, "refused": REFUSED, "answered": ANSWERED}


@dataclass(frozen=True, slots=True)
class Written:
    """A letter as its reader gets it; ``unsubscribe`` is the address that ends letters like it."""

    to: str
    language: str
    subject: str
    text: str
    unsubscribe: str = ""


class Found(NamedTuple):
    """What is new for one saved search: some of the articles, the newest first, and how many there are."""

    name: str
    question: str
    articles: Sequence[Kept]
    total: int


def site(settings: Settings, path: str, otherwise: str = "") -> str:
    """The address of a page of ours, as readers outside know it, or ``otherwise`` as whoever asks reached us."""
    return (settings.site_address or otherwise).rstrip("/") + path


def confirmation(settings: Settings, to: str, language: str, name: str, token: str) -> Written:
    text = (
        say("The account “%(name)s” asks for e-mails about new articles at this address.", language, name=line(name)),
        say("Is it yours? Then confirm it within 7 days:", language),
        site(settings, f"/confirm/{token}"),
        say("If not, do nothing: no other e-mail will come.", language),
    )  # fmt: skip
    subject = say("Please confirm your e-mail address", language)
    return Written(to, language, subject, letter(settings, language, text))


def resetting(settings: Settings, to: str, language: str, name: str, token: str) -> Written:
    text = (
        say("Somebody, probably you, asked for a new password for the account “%(name)s”.", language, name=line(name)),
        say("Choose one within 2 hours:", language),
        site(settings, f"/reset/{token}"),
        say("If it was not you, do nothing: the password stays as it is.", language),
    )
    return Written(to, language, say("A new password", language), letter(settings, language, text))


def invitation(settings: Settings, to: str, language: str, token: str) -> Written:
    text = (
        say("You are invited to make an account, to keep searches and articles and to be told of new ones.", language),
        say("The link works once, within 14 days:", language),
        site(settings, invited(token)),
    )
    return Written(to, language, say("An invitation", language), letter(settings, language, text))


def invited(token: str) -> str:
    """Where an invitation leads."""
    return f"/sign-up?{urlencode({'invitation': token})}"


def digest(settings: Settings, to: str, language: str, alert: str, found: Sequence[Found], token: str) -> Written:
    often = say("You asked to be told once a week.", language) if alert == "weekly" else say(
        "You asked to be told once a day.", language
    )  # fmt: skip
    stop = site(settings, f"/unsubscribe/{token}")
    text = [say("New for your saved searches:", language)]
    text += [told for each in found for told in section(settings, language, each)]
    text += [
        "-- \n" + often,
        say("Change it: %(address)s", language, address=site(settings, "/desk")),
        say("No more of these e-mails: %(address)s", language, address=stop),
    ]
    count = sum(each.total for each in found)
    about = line(", ".join(each.name for each in found), 80)
    subject = say("New articles (%(count)s): %(searches)s", language, count=count, searches=about)
    return Written(to, language, subject, letter(settings, language, text), stop)


def reply(settings: Settings, to: str, asked: Request) -> Written:
    """What was decided about a request, in Vietnamese: readers leave an address and no language."""
    spoken = "vi"
    told = {"number": asked.id, "day": day(local_day(asked.made_at), spoken), "article": asked.article_id}
    text = (
        say(RECEIVED, spoken, **told),
        say(OUTCOMES[asked.state], spoken),
        say("Reason: %(reason)s", spoken, reason=asked.answer),
        say("If you do not agree, answer with your reasons and name the number of the request.", spoken),
    )  # fmt: skip
    return Written(to, spoken, say("Your request %(number)s", spoken, number=asked.id), letter(settings, spoken, text))


def section(settings: Settings, language: str, found: Found) -> list[str]:
    """A search with its news; the address leads to all of its hits, the newest first."""
    asked = address(query_of(found.question).changed(sort="newest"))
    told = [f"{line(found.name)} ({found.total})\n{site(settings, f'/search?{asked}')}"]
    told += [entry(settings, language, each) for each in found.articles[:MOST_OF_A_SEARCH]]
    more = found.total - len(told) + 1
    return told + ([say("… and %(more)s more.", language, more=more)] if more > 0 else [])


def entry(settings: Settings, language: str, kept: Kept) -> str:
    article = kept.article
    dated = day_of(kept)
    about = [day(dated, language) if dated else say("Date unknown", language), line(article.section, 60)]
    title = line(masked(article.title), 200) or say("(without a title)", language)
    return f"* {title}\n  {' · '.join(filter(None, about))}\n  {site(settings, f'/articles/{kept.id}')}"


def notice(settings: Settings, to: str, language: str, begun: Sequence[Alarm], ended: Sequence[Alarm]) -> Written:
    """For admins: what is wrong, and what is over."""
    text = [say("This needs to be looked at:", language)] if begun else []
    text += [trouble(each, language) for each in begun]
    text += [say("This is over:", language)] if ended else []
    text += [trouble(each, language) for each in ended]
    text += [
        say("Overview: %(address)s", language, address=site(settings, "/admin")),
        "-- \n" + say("You are told as an admin. Switch it off: %(address)s", language,
                      address=site(settings, "/desk/account")),
    ]  # fmt: skip
    about = line(tell((*begun, *ended)[0].parts, language), 100)
    head = say("To be looked at", language) if begun else say("It is over", language)
    subject = f"{head}: {about}"
    return Written(to, language, subject, letter(settings, language, text))


def trouble(alarm: Alarm, language: str) -> str:
    since = say("since %(moment)s", language, moment=moment_of(alarm.began_at, language))
    if alarm.ended_at:
        since += say(", until %(moment)s", language, moment=moment_of(alarm.ended_at, language))
    return f"* {line(tell(alarm.parts, language), 400)}\n  {since}"


def moment_of(at: datetime, language: str) -> str:
    return f"{day(local_day(at), language)} {at.astimezone(VIETNAM):%H:%M}"


def letter(settings: Settings, language: str, paragraphs: Sequence[str]) -> str:
    whose = settings.site_name_vi if language == "vi" else settings.site_name_en
    return "\n\n".join((f"{say('Khotin', language)} · {whose}", *paragraphs)) + "\n"
