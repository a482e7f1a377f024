"""How does the command line say when sites are crawled again?"""

import click

from indexer import cron_words, schedules
from indexer.blackouts import Blackout
from indexer.commands import local, opened
from indexer.speech import say
from indexer.store import blackouts, sources
from indexer.terminal import Front, tell

DUE_TIMES_SHOWN = 5


@click.group(cls=Front)
def schedule() -> None:
    """When sites are crawled again. Example: khotin schedule add soxd "0 2 * * *" """


@schedule.command("add")
@click.argument("source_name", metavar="SOURCE")
@click.argument("cron")
@click.option("--tz", default=schedules.DEFAULT_ZONE, show_default=True, help="The time zone of the cron line.")
def schedule_add(source_name: str, cron: str, tz: str) -> None:
    """Crawl a site again and again. Example: khotin schedule add soxd "0 2 * * 1"

    CRON is minute, hour, day, month, weekday: "0 2 1 * *" is the 1st of each month at 02:00, "30 5 * * 1-5" Monday to
    Friday at 05:30, "0 */6 * * *" every six hours. What it means is told when it is added.
    """
    with opened() as (store, _), store.write() as connection:
        number = schedules.add(connection, sources.need(connection, source_name).id, cron, tz)
        made, resting = schedules.get(connection, number), blackouts.every(connection)
    tell("Schedule %(number)s was added; next due %(due)s.", number=number, due=times_of(made, resting, 1))
    click.echo(spoken(cron))


@schedule.command("list")
def schedule_list() -> None:
    """All schedules, a line each, with their next five times and in words. Example: khotin schedule list"""
    with opened() as (store, _), store.read() as connection:
        resting, names = blackouts.every(connection), sources.names(connection)
        for each in schedules.every(connection):
            told = (each.cron, each.time_zone, times_of(each, resting), spoken(each.cron))
            click.echo("\t".join((str(each.id), names[each.source_id], *told)))


def times_of(schedule: schedules.Schedule, resting: list[Blackout], count: int = DUE_TIMES_SHOWN) -> str:
    """When its next rounds begin, hours without crawling considered."""
    return ", ".join(local(begins) for begins, _ in schedules.upcoming(schedule, resting, count)) or "-"


def spoken(cron: str) -> str:
    return cron_words.sentence(cron) or say("This cron line is too unusual for a sentence; go by its next times.")


@schedule.command("remove")
@click.argument("number", metavar="ID", type=int)
def schedule_remove(number: int) -> None:
    """Drop a schedule. Example: khotin schedule remove 3"""
    with opened() as (store, _), store.write() as connection:
        schedules.remove(connection, number)
    tell("Schedule %(number)s was removed.", number=number)
