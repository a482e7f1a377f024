"""What does the command line do with articles?  It takes them in, restricts, releases and destroys them."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from indexer import access, clock, deciding, destroy, imports
from indexer.commands import opened, update_index
from indexer.errors import KhotinError
from indexer.speech import say
from indexer.store import articles, screening
from indexer.terminal import Front, Spoken, bar, tell


@click.command("import", cls=Spoken)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", "source_name", default="", help="The source of lines that name none.")
def import_(file: Path, source_name: str) -> None:
    """Take in articles from a .jsonl or .jsonl.gz file. Example: khotin import news.jsonl.gz"""
    if not file.is_file():
        raise KhotinError("There is no file %(file)s.", file=file)
    with opened(create=True) as (store, engine):
        with bar(label=say("Importing")) as advance:
            report = imports.import_file(store, file, source_name, advance)
        for number, problem in report.bad:
            tell("Line %(number)s was left out: %(problem)s", number=number, problem=problem)
        if report.bad_lines > len(report.bad):
            tell("… and %(more)s more lines.", more=report.bad_lines - len(report.bad))
        values = {"new": report.new, "changed": report.changed, "same": report.same, "bad": report.bad_lines}
        tell("%(new)s new, %(changed)s changed, %(same)s unchanged, %(bad)s left out.", **values)
        update_index(store, engine)
    sys.exit(1 if report.bad_lines else 0)


@click.group(cls=Front)
def article() -> None:
    """One article: show it, restrict it, release it. Example: khotin article show 12"""


def need_article(connection: Any, which: str) -> Any:
    found = articles.get(connection, int(which)) if which.isdigit() else articles.find(connection, which)
    if found is None:
        raise KhotinError("There is no article “%(which)s”. Name its number or its address.", which=which)
    return found


@article.command("screen")
def article_screen() -> None:
    """Look for personal data in everything that is kept. Example: khotin article screen"""
    with opened() as (store, _):
        done = deciding.look_through(store)
        with store.read() as connection:
            withheld, listed = (screening.count(connection, (state,)) for state in ("withheld", "listed"))
    tell(
        "%(done)s articles were looked at. %(withheld)s texts are withheld, %(listed)s pages listed for review.",
        done=done, withheld=withheld, listed=listed,
    )  # fmt: skip


@article.command("restrict")
@click.argument("which", metavar="ADDRESS|ID")
@click.option("--reason", prompt=True, help="Why; it is kept in the log.")
def article_restrict(which: str, reason: str) -> None:
    """Keep an article, but show it to the public no more. Example: khotin article restrict 12 --reason "…" """
    with opened() as (store, _), store.write() as connection:
        found = need_article(connection, which)
        access.restrict(connection, found.id, "command line", reason)
    tell("Article %(number)s is no longer public: %(title)s", number=found.id, title=found.article.title)


@article.command("release")
@click.argument("which", metavar="ADDRESS|ID")
@click.option("--reason", default="", help="Why; it is kept in the log.")
def article_release(which: str, reason: str) -> None:
    """Show a restricted article to the public again. Example: khotin article release 12"""
    with opened() as (store, _), store.write() as connection:
        found = need_article(connection, which)
        access.release(connection, found.id, "command line", reason)
    tell("Article %(number)s is public again: %(title)s", number=found.id, title=found.article.title)


@article.command("destroy")
@click.argument("which", metavar="ADDRESS|ID")
@click.option("--decision", required=True, help="The number of the written decision.")
@click.option("--decided-on", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Its day; today when left out.")
@click.option("--signed-by", required=True, help="Who signed it.")
@click.option("--reason", required=True, help="Why, with the legal basis.")
@click.confirmation_option("--yes", prompt="Nothing of it can be brought back. Destroy it?", help="Do not ask back.")
def article_destroy(which: str, decided_on: Any, **told: str) -> None:
    """Destroy an article by a written decision. Example: khotin article destroy 12 --decision 12/QĐ-SXD …"""
    day = decided_on.date() if decided_on else clock.local_day(clock.now())
    with opened() as (store, engine):
        with store.write() as connection:
            found = need_article(connection, which)
            decided = destroy.Decided(told["decision"], day, told["signed_by"], told["reason"])
            number = destroy.begun(connection, found.merged_into or found.id, "command line", decided)
        wait_for_crawls(lambda: destroy.carry_out(store, engine, number))
    tell("Article %(number)s was destroyed; a stub with its address and the decision stays.", number=found.id)


def wait_for_crawls(act: Callable[[], None]) -> None:
    while True:
        try:
            return act()
        except destroy.Busy as problem:
            click.echo(str(problem), err=True)
            time.sleep(10)
