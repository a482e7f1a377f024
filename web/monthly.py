"""What does the monthly report say?  Its sentences and tables in one language, for whatever kind of file (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from babel.dates import format_date
from babel.numbers import format_decimal

from indexer.monthly import Month
from indexer.settings import Settings
from indexer.speech import say
from indexer.store.questions import Question

NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML does not take
OF_PLACE = re.compile(r"^(?P<office>.+?) (?P<kind>tỉnh|thành phố) (?P<place>\S.*)$")
UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A head and rows of text and whole numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Paragraph | Table, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is laid out: who writes, what about, its sections, its end."""

    language: str
    office: str
    above: str  # the body that the office belongs to; empty when the name does not say
    place: str
    title: str
    about: str
    sections: tuple[Section, ...]
    made: str


class Say(Protocol):
    def __call__(self, message: str, **values: object) -> str: ...


def report(month: Month, settings: Settings, language: str) -> Report:
    """The whole report."""
    tell: Say = partial(say_in, language)
    office, above, place = letterhead(settings, language)
    written = format_date(month.first, "MM/yyyy" if language == "vi" else "MMMM yyyy", locale=language)
    day = format_date(month.made, "dd/MM/yyyy" if language == "vi" else "d MMMM yyyy", locale=language)
    return Report(
        language,
        office,
        above,
        place,
        tell("Official report"),
        tell("Collecting, keeping and searching of news in %(month)s", month=written),
        tuple(sections(month, tell, language)),
        tell("Figures gathered by Khotin on %(day)s; the sizes are those of this day.", day=day),
    )


def say_in(language: str, message: str, **values: object) -> str:
    return say(message, language, **values)


def letterhead(settings: Settings, language: str) -> tuple[str, str, str]:
    """The office, the body above it and the place of writing, as the office's name tells them."""
    if language != "vi":
        return settings.site_name_en, "", ""
    found = OF_PLACE.match(settings.site_name_vi)
    if not found:
        return settings.site_name_vi, "", ""
    return found["office"], f"Ủy ban nhân dân {found['kind']} {found['place']}", found["place"]


def sections(month: Month, tell: Say, language: str) -> Iterator[Section]:
    count = partial(format_decimal, locale=language)
    yield Section(tell("Collecting news"), tuple(collected(month, tell, count)))
    yield Section(tell("Searching"), tuple(searched(month, tell, count)))
    yield Section(tell("Requests of readers"), tuple(requested(month, tell, count)))
    yield Section(tell("Storage"), tuple(stored(month, tell, language)))


Count = partial[str]


def collected(month: Month, tell: Say, count: Count) -> Iterator[Paragraph | Table]:
    new, changed, gone = (sum(getattr(each, name) for each in month.sources) for name in ("new", "changed", "gone"))
    yield Paragraph(
        tell(
            "In this month %(new)s articles came in; at their sources %(changed)s changes were noticed, and %(gone)s "
            "articles are no longer shown there (their copies are kept). The archive holds %(all)s articles.",
            new=count(new), changed=count(changed), gone=count(gone), all=count(month.articles),
        )
    )  # fmt: skip
    head = (
        tell("Source (report)"), tell("New articles"), tell("Changes noticed"), tell("No longer shown"),
        tell("Crawls made"), tell("Crawls that failed"), tell("Pages not obtained"),
    )  # fmt: skip
    yield Table(
        head,
        tuple(
            (each.name, each.new, each.changed, each.gone, each.rounds, each.failed_rounds, each.failed_pages)
            for each in month.sources
        ),
    )


def searched(month: Month, tell: Say, count: Count) -> Iterator[Paragraph | Table]:
    told = month.questions
    share = f"{told.percent}%" if told.asked else "–"
    median = f"{count(told.median)} ms" if told.median else "–"
    yield Paragraph(
        tell(
            "%(asked)s questions were asked; %(missed)s of them (%(share)s) found nothing. Half were answered within "
            "%(median)s. %(mended)s missed questions find something now; %(open)s are still open.",
            asked=count(told.asked), missed=count(told.missed), share=share, median=median,
            mended=count(month.mended), open=count(month.open),
        )
    )  # fmt: skip
    for title, found, name in (
        (tell("Asked most often"), told.most, "asked"),
        (tell("Most often without a hit"), told.most_missed, "missed"),
    ):
        if found:
            yield Table((title, tell("Times asked"), tell("Number of visitors")), tuple(listed(found, name)))
    yield Paragraph(
        tell(
            "Questions that fewer than %(least)s visitors asked (%(rare)s) are not named here: they may hold personal "
            "data.",
            least=count(month.least), rare=count(told.rare),
        )
    )  # fmt: skip


def listed(found: Sequence[Question], name: str) -> Iterator[tuple[str | int, ...]]:
    return ((plain(each.text), getattr(each, name), each.sessions) for each in found)


def requested(month: Month, tell: Say, count: Count) -> Iterator[Paragraph | Table]:
    told = month.handled
    yield Paragraph(
        tell(
            "%(received)s requests came in. %(answered)s were handled, %(in_time)s of them in time. "
            "%(late)s were overdue at the end of the month.",
            received=count(told.received), answered=count(told.answered), in_time=count(told.in_time),
            late=count(told.late),
        )
    )  # fmt: skip


def stored(month: Month, tell: Say, language: str) -> Iterator[Paragraph | Table]:
    size, room = partial(bytes_told, language=language), month.room
    yield Paragraph(
        tell(
            "The database takes %(database)s, the captured pages %(captures)s, the search index %(index)s; %(free)s of "
            "the disk are free.",
            database=size(room.parts["database"]), captures=size(room.parts["pages"]), index=size(room.parts["index"]),
            free=size(room.free),
        )
    )  # fmt: skip


def bytes_told(size: int, language: str) -> str:
    """1.5 GB, in the figures of a language."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{format_decimal(round(amount, 1), locale=language)} {UNITS[unit]}"


def plain(text: str) -> str:
    return " ".join(NO_CHARACTERS.sub("", text).split())
