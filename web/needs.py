"""Is anything left for an admin to do?  Troubles that last and people who wait, each with what to click."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for

from indexer.alarms import Alarm
from indexer.store.sources import Source
from web.visitor import translate

OF_SOURCE = re.compile(r"(failed round of|quiet|changed) source (\d+)")


class Act(NamedTuple):
    """What to click: a page, or a form of one button when there are fields."""

    label: str
    address: str
    fields: Mapping[str, str] | None = None


class Need(NamedTuple):
    """Something that waits for somebody."""

    told: Mapping[str, Any]  # in parts
    since: datetime | None
    acts: Sequence[Act]


def of_alarm(alarm: Alarm) -> Need:
    found = OF_SOURCE.fullmatch(alarm.cause)
    return Need(alarm.parts, alarm.began_at, of_source(found[1], int(found[2])) if found else ())


def of_source(about: str, number: int) -> list[Act]:
    """A failed crawl is tried again; where lists or pages changed, the source is looked at first."""
    crawl = Act(translate("Crawl now"), url_for("admin.source_crawl", number=number), {})
    look = Act(translate("Look at the source"), url_for("admin.source", number=number))
    return [crawl, look] if about == "failed round of" else [look, crawl]


def of_requests(count: int) -> Need | None:
    message = "%(number)s reports from readers wait for an answer."
    acts = (Act(translate("Answer them"), url_for("cases.inbox")),)
    return Need({"message": message, "values": {"number": count}}, None, acts) if count else None


def of_silence(since: datetime | None) -> Need | None:
    message = "A job waits and nobody does it: the worker is not running. Start it with: khotin serve"
    return Need({"message": message}, since, (Act(translate("Jobs"), url_for("admin.history")),)) if since else None


def of_rhythm(source: Source) -> Need:
    message = "“%(source)s” has no schedule, so nothing new comes in by itself."
    act = Act(translate("Give it a schedule"), url_for("admin.schedule_new", number=source.id))
    return Need({"message": message, "values": {"source": source.name}}, None, (act,))


def of_index(is_missing: bool, count: int) -> Need | None:
    message = "There is no index, so nothing is found. Make it with: khotin index rebuild"
    return Need({"message": message}, None, ()) if is_missing and count else None
