"""Is anything left for an admin to do?  Troubles that last and people who wait, each with what to click."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import url_for

from indexer.alarms import Alarm
from indexer.speech import catalogue, tell
from indexer.store.sources import Source
from web.visitor import language, number, translate

OF_SOURCE = re.compile(r"(failed round of|quiet|changed) source (\d+)")


class Act(NamedTuple):
    """What to click: a page, or a form of one button when there are fields."""

    label: str
    address: str
    fields: Mapping[str, str] | None = None


class Need(NamedTuple):
    """Something that waits for somebody."""

    sentence: str
    since: datetime | None
    acts: Sequence[Act]


def of_alarm(alarm: Alarm) -> Need:
    found = OF_SOURCE.fullmatch(alarm.cause)
    acts = of_source(found[1], int(found[2])) if found else []
    return Need(tell(alarm.parts, language()), alarm.began_at, acts or elsewhere(alarm.cause))


def elsewhere(cause: str) -> list[Act]:
    """Where a trouble that is no source's is looked at."""
    kind, _, number = cause.partition(" ")
    if cause.startswith("disk"):
        return [Act(translate("See what takes the room"), url_for("admin.overview", _anchor="room"))]
    if cause in ("doctor", "backup", "fixity"):
        return [Act(translate("Look at it"), url_for("upkeep.page"))]
    if cause == "personal data":
        return [Act(translate("Look at it"), url_for("cases.personal_data"))]
    if kind == "request":
        return [Act(translate("Look at it"), url_for("cases.request_page", number=int(number)))]
    if kind == "destroy":
        return [Act(translate("Look at it"), url_for("destroying.page"))]
    return []


def of_source(about: str, source_id: int) -> list[Act]:
    """A failed crawl is tried again; where lists or pages changed, the source is looked at first."""
    crawl = Act(translate("Crawl now"), url_for("admin.source_crawl", number=source_id), {})
    look = Act(translate("Look at the source"), url_for("admin.source", number=source_id))
    return [crawl, look] if about == "failed round of" else [look, crawl]


def of_requests(count: int) -> Need | None:
    one, many = "%(count)s report from readers is waiting", "%(count)s reports from readers are waiting"
    sentence = catalogue(language()).ngettext(one, many, count) % {"count": number(count)}
    acts = (Act(translate("Answer them"), url_for("cases.inbox")),)
    return Need(sentence, None, acts) if count else None


def of_silence(since: datetime | None) -> Need | None:
    sentence = translate("A job waits and nobody does it: the worker is not running. Start it with: khotin serve")
    return Need(sentence, since, (Act(translate("Jobs"), url_for("admin.history")),)) if since else None


def of_rhythm(source: Source) -> Need:
    sentence = translate("“%(name)s” has no schedule, so nothing new comes in by itself.", name=source.name)
    act = Act(translate("Give it a schedule"), url_for("admin.schedule_new", number=source.id))
    return Need(sentence, None, (act,))


def of_index(is_missing: bool, count: int) -> Need | None:
    sentence = translate("There is no index, so nothing is found. Make it with: khotin index rebuild")
    return Need(sentence, None, ()) if is_missing and count else None
