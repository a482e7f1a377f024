"""What is asked here?  Most asked, most missed, questions a day, how quickly they are answered; nobody's name in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from indexer import clock
from indexer.store import questions
from indexer.store.questions import Figures, Question
from web import sheets
from web.shelf import shelf
from web.tools import download
from web.visitor import translate
from web.words import words

DAYS = (7, 30, 90, 365)
SHOWN, MOST_EXPORTED = 30, 10_000
# A drawing of 100 units of height; a bar and its gap are this wide.
HIGH, STEP = 100, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the drawing: where it stands, how high all its questions are and those that found nothing."""

    day: date
    asked: int
    missed: int
    x: int
    height: float
    missed_height: float


def span() -> int:
    return next((each for each in DAYS if str(each) == request.args.get("days")), 30)


def statistics(days: int, limit: int = SHOWN) -> Figures:
    last = clock.local_day(clock.now())
    first, least = last - timedelta(days=days - 1), shelf().settings.question_sessions
    with shelf().store.read() as connection:
        return questions.figures(connection, first, last, least, limit)


def draw(told: Figures) -> list[Bar]:
    """A bar for each day, also for those on which nothing was asked."""
    known = {day: (total, missed) for day, total, missed in told.days}
    highest = max((total for total, _ in known.values()), default=0) or 1
    bars = []
    for number in range((told.last - told.first).days + 1):
        day = told.first + timedelta(days=number)
        total, missed = known.get(day, (0, 0))
        height, missed_height = (round(HIGH * each / highest, 1) for each in (total, missed))
        bars.append(Bar(day, total, missed, number * STEP, height, missed_height))
    return bars


@words.get("/statistics")
def figures() -> ResponseReturnValue:
    days = span()
    told = statistics(days)
    return render_template(
        "admin/words_statistics.html", told=told, bars=draw(told), days=days, choices=DAYS, high=HIGH, wide=days * STEP
    )


@words.get("/statistics.csv")
def figures_csv() -> ResponseReturnValue:
    """The questions that enough people asked."""
    told = statistics(span(), MOST_EXPORTED)
    head = (
        translate("Question as typed"),
        translate("Times asked"),
        translate("Times without a hit"),
        translate("Number of visitors"),
        translate("Last asked on"),
    )
    lines = [(each.text, each.asked, each.missed, each.sessions, day_of(each)) for each in told.most]
    text = sheets.begun("1") + "".join(map(sheets.line, (head, *lines)))
    return download(Response(text, mimetype="text/csv"), f"khotin-questions-{told.first}-{told.last}.csv")


def day_of(question: Question) -> str:
    return str(clock.local_day(question.last_at))
