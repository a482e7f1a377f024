"""The front door: the `khotin` command, and the table of job kinds; the only file in which all three rooms meet."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from indexer import (
    access,
    accounts,
    build,
    clock,
    cron_words,
    deciding,
    destroy,
    imports,
    learn,
    logs,
    schedules,
    upkeep,
)
from indexer import settings as settings_of
from indexer.blackouts import Blackout
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.query import SORTS, Query
from indexer.settings import Settings
from indexer.speech import command_language, say
from indexer.store import Store, articles, blackouts, has_archive, open_store, previews, screening, sources
from indexer.terminal import Front, bar, fail, tell
from indexer.worker import Desk, Handler, Outcome

VERSION = "0.1.0"
# As web.taking.formats has them, which is read only when it is needed.
TAKEN_AS = ("csv", "jsonl", "txt", "bibtex", "ris", "csl", "vi", "en", "zip")
HOME = "data"
# An answer may take 20 seconds to its end, a crawl 15 until it has its last page.
SECONDS_TO_END = 30
DUE_TIMES_SHOWN = 5


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", envvar="KHOTIN_HOME", default=HOME, type=click.Path(path_type=Path), help="The data folder.")
@click.version_option(VERSION, prog_name="khotin")
@click.pass_context
def main(context: click.Context, home: Path) -> None:
    """Khotin: crawl a department's news, keep it, and find it again in Vietnamese and English.

    Example: khotin --home data search "nhà ở xã hội"
    """
    context.obj = home


def need_settings() -> Settings:
    return settings_of.load(click.get_current_context().find_root().obj)


@contextmanager
def opened(create: bool = False) -> Iterator[tuple[Store, WhooshEngine]]:
    store = open_store(need_settings().home, create)
    try:
        yield store, WhooshEngine(store.index)
    finally:
        store.close()


# Sources


@main.group()
def source() -> None:
    """The sites that are crawled. Example: khotin source add https://soxd.example.gov.vn/"""


@source.command("add")
@click.argument("address", metavar="URL")
@click.option("--name", help="A short name; the host's name when left out.")
@click.option("--profile", default="", help="How the site is marked up; found out by itself when left out.")
@click.option("--delay", "delay_seconds", type=float, help="Seconds between two requests.")
@click.option("--allow-private", is_flag=True, help="Allow a host inside your own network.")
def source_add(address: str, name: str | None, **options: Any) -> None:
    """Add a site. Example: khotin source add https://soxd.example.gov.vn/ --name soxd"""
    from crawler.sources import check_new

    host = check_new(address, options["profile"])
    with opened(create=True) as (store, _), store.write() as connection:
        made = sources.add(connection, name or host, address, **options)
    tell("Source “%(name)s” was added. Crawl it with: khotin crawl %(name)s", name=made.name)


@source.command("list")
def source_list() -> None:
    """All sites, a line each. Example: khotin source list"""
    with opened() as (store, _), store.read() as connection:
        for each in sources.every(connection):
            click.echo(f"{each.name}\t{each.address or '-'}")


@source.command("show")
@click.argument("name")
def source_show(name: str) -> None:
    """Everything that is set for one site. Example: khotin source show soxd"""
    with opened() as (store, _), store.read() as connection:
        each = sources.need(connection, name)
    for key in (
        "name",
        "address",
        "profile",
        "delay_seconds",
        "allow_private",
        "hosts",
        "ca_file",
        "legacy_tls",
        "made_at",
    ):
        click.echo(f"{key}: {'' if getattr(each, key) is None else getattr(each, key)}")
    if each.overrides:
        click.echo(each.overrides)


@source.command("edit")
@click.argument("name")
@click.option("--address", help="Another start page.")
@click.option("--profile", help="Another profile.")
@click.option("--delay", "delay_seconds", type=float, help="Seconds between two requests.")
@click.option("--host", "hosts", multiple=True, help="A further host of the site, or its old one; may be repeated.")
@click.option("--ca-file", help="Certificates to trust beside the machine's own, for an incomplete chain; '' for none.")
@click.option("--legacy-tls/--no-legacy-tls", default=None, help="Accept old TLS from this site. Less safe.")
@click.option("--keep-images/--no-keep-images", default=None, help="Fetch pictures inside articles, up to 5 MB each.")
@click.option("--overrides", type=click.File(encoding="utf-8"), help="A TOML file that lies over the profile.")
def source_edit(name: str, overrides: Any, hosts: tuple[str, ...], **options: Any) -> None:
    """Change a site. Example: khotin source edit soxd --delay 2"""
    from crawler.profiles import named
    from crawler.sources import check_certificates

    changes = {key: value for key, value in options.items() if value is not None}
    if hosts:
        changes["hosts"] = " ".join(host.strip().lower() for host in hosts)
    if changes.get("ca_file"):
        changes["ca_file"] = check_certificates(changes["ca_file"])
    if overrides is not None:
        changes["overrides"] = overrides.read()
    with opened() as (store, _), store.write() as connection:
        each = sources.need(connection, name)
        profile = changes.get("profile", each.profile)
        named(profile or "generic", changes.get("overrides", each.overrides))
        if changes.get("overrides", each.overrides) != each.overrides:  # the old lines can be found among the decisions
            before, after = {"overrides": each.overrides}, {"overrides": changes["overrides"]}
            access.decide(connection, "command line", "change profile lines", f"source {name}", "", before, after)
        sources.change(connection, each.id, **changes)
    tell("Source “%(name)s” was changed.", name=name)


@source.command("remove")
@click.argument("name")
def source_remove(name: str) -> None:
    """Crawl a site no more; its articles stay. Example: khotin source remove soxd"""
    with opened() as (store, _), store.write() as connection:
        sources.remove(connection, sources.need(connection, name).id)
    tell("Source “%(name)s” is crawled no more. Its articles stay in the archive.", name=name)


# Crawling


@main.command()
@click.argument("address", metavar="URL")
@click.option("--allow-private", is_flag=True, help="Allow a host inside your own network.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def probe(address: str, allow_private: bool, as_json: bool) -> None:
    """What we would take from a page. Example: khotin probe https://soxd.example.gov.vn/tin-tuc"""
    from crawler.process import probe as ask

    settings = need_settings()
    found = ask(address, settings, allow_private)
    if has_archive(settings.home):
        note_probe(address, found)
    click.echo(
        json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(f"{k}: {v}" for k, v in found.items())
    )


def note_probe(address: str, found: dict[str, Any]) -> None:
    """Keep what was found with the source whose page it is, for the administration."""
    with opened() as (store, _), store.write() as connection:
        source = sources.of_host(connection, address)
        if source:
            sources.probed(connection, source.id, found)


@main.command()
@click.argument("names", nargs=-1, metavar="[NAME…]")
@click.option("--max-pages", type=int, help="Ask for so many pages at the most.")
@click.option("--full", is_flag=True, help="Ask for every page anew, also unchanged ones.")
@click.option("--replay", is_flag=True, help="Read all kept pages again, without network.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def crawl(names: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """One round over all sites, or those named, now. Example: khotin crawl soxd --max-pages 50"""
    with opened() as (store, engine):
        failed = False
        for name in names or crawled(store):
            report = run_round(store, name, options)
            failed |= report["state"] not in ("done", "joined")
            click.echo(json.dumps(report, ensure_ascii=False) if as_json else report_text(report))
        update_index(store, engine)
    sys.exit(1 if failed else 0)


def crawled(store: Store) -> list[str]:
    with store.read() as connection:
        names = [each.name for each in sources.every(connection) if each.address and not each.paused_at]
    if not names:
        raise KhotinError("There is no site to crawl yet. Add one: khotin source add https://…")
    return names


def run_round(store: Store, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Crawl one source in a process of its own, with a bar on the terminal; returns the report."""
    from crawler.alarm import heed
    from crawler.process import run

    with store.read() as connection:
        source_id = sources.need(connection, name).id
    with bar(label=name) as advance:
        total = 0

        def listen(event: dict[str, Any]) -> None:
            nonlocal total
            if event["kind"] == "progress":
                advance(event["done"])

        report = run(store.home, name, options, listen)
    heed(store, source_id, report)
    return report


def report_text(report: dict[str, Any]) -> str:
    from crawler.report import text

    return "\n".join(text(report))


def update_index(store: Store, engine: WhooshEngine) -> None:
    with bar(label=say("Indexing")) as advance:
        build.update(store, engine, advance)
    learn.learn_when_due(store, engine)


@main.command("import")
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


# The index


@main.group()
def index() -> None:
    """The search index; it can always be made again. Example: khotin index rebuild"""


@index.command("update")
def index_update() -> None:
    """Take up what changed in the archive. Example: khotin index update"""
    with opened() as (store, engine):
        update_index(store, engine)
    tell("The index is up to date.")


@index.command("rebuild")
def index_rebuild() -> None:
    """Write a new index aside and put it in the old one's place. Example: khotin index rebuild"""
    with opened() as (store, engine):
        with store.read() as connection:
            size = articles.count(connection)
        with bar(size, say("Indexing")) as advance:
            done = build.rebuild(store, engine, advance)
    tell("%(count)s articles were indexed.", count=done)


@index.command("learn")
def index_learn() -> None:
    """Learn anew from the archive which syllables form words and where accents belong. Example: khotin index learn"""
    with opened() as (store, engine):
        learn.learn(store, engine, engine.columns())
    tell("Learned; questions are read with it from now on.")


@index.command("check")
@click.option("--repair", is_flag=True, help="Mend what is wrong: damaged columns, else the whole index anew.")
def index_check(repair: bool) -> None:
    """Whether the index fits the archive. Example: khotin index check --repair"""
    with opened() as (store, engine):
        problems = build.check(store, engine)
        for problem in problems:
            click.echo(problem, err=True)
        if problems and repair and build.mend(store, engine):
            problems = build.check(store, engine)
        if problems and repair:
            build.rebuild(store, engine)
            problems = build.check(store, engine)
    if problems:
        fail(say("The index does not fit. Mend it with: khotin index check --repair"))
    tell("The index fits the archive.")


@main.command()
@click.argument("question")
@click.option("-n", "count", default=10, type=click.IntRange(1, 100), help="How many results.")
@click.option("--exact", is_flag=True, help="Only exactly what was typed.")
@click.option("--json", "as_json", is_flag=True, help="Print what the HTTP API answers.")
def search(question: str, count: int, exact: bool, as_json: bool) -> None:
    """Search from the terminal. Example: khotin search "nha o xa hoi" -n 5"""
    from indexer.search import search as find
    from indexer.wordbook import glossary_of
    from web.answers import answer

    with opened() as (store, engine):
        began = time.perf_counter()
        results = find(Query(q=question, per_page=count, exact=exact), store, engine.columns(), glossary_of(store))
        took = round((time.perf_counter() - began) * 1000, 1)
    if as_json:
        click.echo(json.dumps(answer(results, took), ensure_ascii=False, indent=2))
        return
    tell("%(total)s results", total=results.total)
    if results.did_you_mean:
        tell("Did you mean: %(question)s", question=results.did_you_mean)
    for number, hit in enumerate(results.hits, start=1):
        if not hit.counted and (number == 1 or results.hits[number - 2].counted):
            tell("Near matches, not counted in the total:")
        article = hit.kept.article
        click.echo(f"{number:3}. {article.title}\n     {article.address}")


@main.command()
@click.argument("question")
@click.option("--format", "name", type=click.Choice(TAKEN_AS), required=True, help="How the articles are written.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--sort", type=click.Choice(SORTS), help="The order; by article number when left out.")
@click.option("--bom", is_flag=True, help="Begin a CSV so that Excel reads its letters right.")
def export(question: str, name: str, output: Path | None, sort: Any, bom: bool) -> None:
    """All articles that a question counts, as a file. Example: khotin export "nhà ở xã hội" --format csv -o a.csv"""
    from indexer.taking import gather
    from indexer.wordbook import glossary_of
    from web.taking.sending import desk_of, passes, pieces
    from web.taking.stream import Taking, Written, missing

    if name == "zip" and output is None and sys.stdout.isatty():
        raise KhotinError("A ZIP cannot be shown on a terminal. Name a file: -o news.zip")
    settings, told = need_settings(), Written()
    with opened() as (store, engine):
        query = Query(q=question, sort=sort or "relevance")
        gathered = gather(query, store, engine.columns(), glossary_of(store), as_asked=bool(sort))
        with bar(gathered.total * passes(name), say("Exporting")) as advance, written_to(output) as file:
            desk, whole = desk_of(settings, command_language()), settings.export_full_text_of_others
            taking = Taking(gathered, store, desk, whole, adding_up(advance))
            file.writelines(pieces(taking, name, told, bom))
    if output:
        tell("%(written)s articles were written to %(file)s.", written=told.written, file=output)
    if told.withheld and name != "zip":
        fail(missing(told, command_language()))
    if told.withheld:
        sentence = "%(withheld)s articles stopped being public meanwhile and were left out; the manifest says so."
        click.echo(say(sentence, withheld=told.withheld), err=True)


def adding_up(advance: Callable[[int], None]) -> Callable[[int], None]:
    """A bar wants to know how much is done; this is told how much more."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        advance(done)

    return add


@contextmanager
def written_to(output: Path | None) -> Iterator[BinaryIO]:
    """A file that takes its place when it is whole, so that nobody meets half of one; the terminal without a name."""
    if output is None:
        yield sys.stdout.buffer
        return
    aside = output.with_name(f".{output.name}.part")
    try:
        with aside.open("wb") as file:
            yield file
        aside.replace(output)
    except OSError as problem:
        raise KhotinError(
            "%(file)s cannot be written: %(problem)s. Choose another place with -o.",
            file=output,
            problem=problem.strerror or problem,
        ) from None
    finally:
        aside.unlink(missing_ok=True)


@main.command()
@click.option("--queries", required=True, type=click.Path(path_type=Path), help="Questions, a JSON object a line.")
@click.option("--qrels", required=True, type=click.Path(path_type=Path), help="Question, article, relevance; by tabs.")
@click.option("--plain", is_flag=True, help="Plain BM25 over syllables, to compare with.")
@click.option("--without", multiple=True, metavar="NAME", help="Switch off a part, zone or kind of evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def evaluate(queries: Path, qrels: Path, plain: bool, without: tuple[str, ...], as_json: bool) -> None:
    """Measure the answers with judged questions. Example: khotin evaluate --queries q.jsonl --qrels r.tsv"""
    from indexer import evaluate as measuring
    from indexer.wordbook import glossary_of

    weights = switched_off(without)
    judged = measuring.read_judged(queries, qrels)
    with opened() as (store, engine):
        columns = engine.columns()
        compared = measuring.plain_ranker(store, columns)
        ranker = compared if plain else measuring.ranker(store, columns, glossary_of(store), weights)
        measured = measuring.measure(judged, ranker)
        beside = None if plain or as_json else measuring.measure(judged, compared)
    figures = measuring.summary(measured)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:12}{value:>8}")
    if beside:
        low, high = measuring.interval([each.mrr for each in measured], [each.mrr for each in beside])
        base = measuring.summary(beside)["mrr@10"]
        tell("Plain BM25 over syllables: mrr@10 %(base)s; the difference lies between %(low)s and %(high)s (95 %%).",
             base=base, low=f"{low:+.4f}", high=f"{high:+.4f}")  # fmt: skip


def switched_off(names: tuple[str, ...]) -> Any:
    from indexer.ranking import Weights

    try:
        return Weights().without(names)
    except KeyError as unknown:
        known = ", ".join(Weights().names)
        raise KhotinError(
            "%(name)s is no part of the ranking. Choose among: %(known)s.", name=unknown.args[0], known=known
        ) from None


@main.command()
@click.argument("month", metavar="YYYY-MM")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
def report(month: str, output: Path) -> None:
    """The report of a month, as DOCX or XLSX. Example: khotin report 2026-10 -o bao-cao.docx"""
    from indexer.monthly import month_named
    from web.words_report import form_of, made

    form, first = form_of(output), month_named(month)
    with opened() as (store, _), written_to(output) as file:
        file.write(made(store, need_settings(), first, form, command_language()))
    tell("The report was written to %(file)s.", file=output)


# Schedules and accounts


@main.group()
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


def local(moment: Any) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "-"


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


@main.group()
def user() -> None:
    """Who may sign in, and with what. Example: khotin user add lan --role editor

    \b
    khotin user add lan --role editor         a new account; asks for its password
    khotin user reset lan --second-factor     the telephone is lost
    khotin user token lan --for báo-cáo       a program may ask in her name
    """


def written_down(connection: Any, action: str, kind: str, name: str, before: Any = None, after: Any = None) -> None:
    """A change of an account, into the log of decisions and the security log."""
    from indexer.store import events

    access.decide(connection, "command line", action, f"account {name}", "", before, after)
    events.note(connection, kind, name, "command line", days=need_settings().security_log_days)


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(accounts.ROLES), default="admin", show_default=True)
def user_add(name: str, role: str) -> None:
    """A new account; the password is asked for, or read from stdin. Example: khotin user add lan"""
    password = asked_password()
    with opened(create=True) as (store, _), store.write() as connection:
        accounts.add(connection, name, password, role)
        written_down(connection, "add account", "made", name, None, {"role": role})
    tell("Account “%(name)s” was added.", name=name)


def asked_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt(say("Password"), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@user.command("list")
def user_list() -> None:
    """All accounts, a line each. Example: khotin user list"""
    from indexer import second_factor

    with opened() as (store, _), store.read() as connection:
        for each in accounts.every(connection):
            factor = say("second factor") if second_factor.is_on(connection, each.id) else "-"
            last = local(each.signed_in_at).partition(" ")[0]
            click.echo(f"{each.name}\t{each.role}\t{factor}\t{last}\t{say('disabled') if each.disabled_at else ''}")


@user.command("reset")
@click.argument("name")
@click.option("--second-factor", is_flag=True, help="Take the second factor off; the password stays.")
def user_reset(name: str, second_factor: bool) -> None:
    """A new password for an account. Example: khotin user reset lan"""
    if second_factor:
        take_factor_off(name)
        return
    with opened() as (store, _):
        with store.read() as connection:
            accounts.need(connection, name)
        password = asked_password()
        with store.write() as connection:
            accounts.reset(connection, name, password)
            written_down(connection, "change password", "password", accounts.need(connection, name).name)
    tell("The password of “%(name)s” was changed.", name=name)


def take_factor_off(name: str) -> None:
    from indexer import second_factor

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        if not second_factor.remove(connection, account.id):
            raise KhotinError("“%(name)s” has no second factor.", name=name)
        before, after = {"second_factor": True}, {"second_factor": False}
        written_down(connection, "take second factor off", "second factor off", account.name, before, after)
    tell("The second factor of “%(name)s” was taken off.", name=name)


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """No more signing in for an account. Example: khotin user disable lan"""
    with opened() as (store, _), store.write() as connection:
        accounts.disable(connection, name)
        found = accounts.need(connection, name).name
        written_down(connection, "disable account", "disabled", found, {"disabled": False}, {"disabled": True})
    tell("Account “%(name)s” was disabled.", name=name)


@user.command("enable")
@click.argument("name")
def user_enable(name: str) -> None:
    """Let a disabled account in again, with its old password. Example: khotin user enable lan"""
    with opened() as (store, _), store.write() as connection:
        accounts.enable(connection, name)
        found = accounts.need(connection, name).name
        written_down(connection, "enable account", "enabled", found, {"disabled": True}, {"disabled": False})
    tell("Account “%(name)s” works again.", name=name)


@user.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(accounts.ROLES))
def user_role(name: str, role: str) -> None:
    """Another role for an account. Example: khotin user role lan editor"""
    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        accounts.change_role(connection, account, role)
        written_down(connection, "change role", "role", account.name, {"role": account.role}, {"role": role})
    tell("Account “%(name)s” is %(role)s now.", name=name, role=role)


@user.command("token")
@click.argument("name")
@click.option("--for", "program", required=True, help="The program that will use it.")
@click.option("--scope", "scopes", multiple=True, default=("search",), show_default=True,
              type=click.Choice(("search", "export", "restrict")), help="What it may do; may be repeated.")  # fmt: skip
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="How long it is good.")
def user_token(name: str, program: str, scopes: tuple[str, ...], days: int) -> None:
    """A token with which a program asks in somebody's name; shown once. Example: khotin user token lan --for báo-cáo"""
    from indexer.store import tokens

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        told = tokens.add(connection, account, program, scopes, days)
        written_down(connection, "make token", "token", account.name, None, {"name": program, "scopes": list(scopes)})
    click.echo(told)


@user.command("tokens")
@click.argument("name")
def user_tokens(name: str) -> None:
    """The tokens of an account: number, program, scopes, last day, state. Example: khotin user tokens lan"""
    from indexer.store import tokens

    with opened() as (store, _), store.read() as connection:
        for each in tokens.every(connection, accounts.need(connection, name).id):
            last = local(each.expires_at).partition(" ")[0]
            state = say("good") if each.is_good else say("revoked") if each.revoked_at else say("expired")
            click.echo(f"{each.id}\t{each.name}\t{' '.join(each.scopes)}\t{last}\t{state}")


@user.command("revoke")
@click.argument("name")
@click.argument("number", metavar="ID", type=int)
def user_revoke(name: str, number: int) -> None:
    """Make a token open nothing any more. Example: khotin user revoke lan 3"""
    from indexer.store import tokens

    with opened() as (store, _), store.write() as connection:
        account = accounts.need(connection, name)
        if not tokens.revoke(connection, account.id, number):
            raise KhotinError("“%(name)s” has no such token. `khotin user tokens NAME` shows them.", name=name)
        written_down(connection, "revoke token", "token revoked", account.name)
    tell("The token opens nothing any more.")


@user.command("invite")
@click.option("--email", default="", help="Send the link there as well.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def user_invite(email: str, language: str) -> None:
    """A link by which one person can make an account. Example: khotin user invite --email lan@example.org"""
    from indexer import signed
    from web.inviting import address_of, invite

    settings = need_settings()
    with opened() as (store, _):
        nonce = invite(store, settings, "command line", email, language)
        token = signed.sign(store.home, "invite", nonce)
    click.echo(address_of(settings, token, f"http://{settings.host}:{settings.port}"))


# Articles


@main.group()
def article() -> None:
    """One article: show it, restrict it, release it. Example: khotin article show 12"""


def need_article(connection: Any, which: str) -> Any:
    found = articles.get(connection, int(which)) if which.isdigit() else articles.find(connection, which)
    if found is None:
        raise KhotinError("There is no article “%(which)s”. Name its number or its address.", which=which)
    return found


@article.command("show")
@click.argument("which", metavar="ADDRESS|ID")
def article_show(which: str) -> None:
    """Everything that is kept of an article. Example: khotin article show 12"""
    from web.answers import article_answer

    with opened() as (store, _), store.read() as connection:
        found = need_article(connection, which)
    click.echo(json.dumps(article_answer(found), ensure_ascii=False, indent=2))


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


# Upkeep


@main.command()
@click.option("--full", is_flag=True, help="Read every record and compare every row: as long as the archive is large.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(full: bool, as_json: bool) -> None:
    """Whether everything is well, and what to do where it is not. Example: khotin doctor"""
    from indexer import doctor as looks

    with bar(len(looks.CHECKS), say("Looking")) as advance:
        found = looks.examine(click.get_current_context().find_root().obj, full, advance)
    click.echo(
        json.dumps(looks.as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(looks.lines(found))
    )
    sys.exit(0 if looks.is_well(found) else 1)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave out the key of sessions and links; see docs/upkeep.md.")
def backup(file: Path, without_key: bool) -> None:
    """Copy the archive into one file, also while it is in use. Example: khotin backup /mnt/khotin.tar"""
    from indexer import backup as copying

    with opened() as (store, _), bar(label=say("Copying")) as advance:
        made = copying.make(store, file, not without_key, advance)
    values = {"file": file, "size": copying.size_of(file), "records": made.captures}
    tell("%(file)s was written and read again: %(size)s MB, %(records)s fetched pages.", **values)
    if made.left_out:
        tell("Left out, because they are secret: %(names)s.", names=", ".join(made.left_out))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="Replace the archive that is in the folder; it is deleted.")
def restore(file: Path, over: bool) -> None:
    """Bring the archive back from a backup, and prove it whole. Example: khotin --home new restore khotin.tar"""
    from indexer import restore as bringing

    home = click.get_current_context().find_root().obj
    with bar(label=say("Proving")) as advance:
        done = bringing.restore(file, home, over, advance)
    tell("Restored into %(home)s, as it was at %(moment)s.", home=home, moment=done.manifest.made_at)
    values = {"files": len(done.manifest.files), "records": done.records, "articles": done.articles}
    tell(
        "Proved: %(files)s files by their digests, the database, %(records)s fetched pages, %(articles)s articles.",
        **values,
    )
    if done.destroyed:
        tell("%(count)s destroyed articles stay destroyed.", count=done.destroyed)
    if done.manifest.left_out:
        tell("Set again what the backup leaves out: %(names)s.", names=", ".join(done.manifest.left_out))


# Serving


def serving(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where the site listens."""
    command = click.option("--port", type=click.IntRange(1, 65535), help="The port of the search site.")(command)
    return click.option("--host", help="The address on which it listens.")(command)


@main.command()
@serving
def web(host: str | None, port: int | None) -> None:
    """The search site alone. Example: khotin web --port 8080"""
    from web.server import serve as serve_site

    chosen = listening(host, port)
    logs.prepare(chosen.log_format)
    serve_site(chosen)


def listening(host: str | None, port: int | None) -> Settings:
    from dataclasses import replace

    chosen = need_settings()
    return replace(chosen, host=host or chosen.host, port=port or chosen.port)


@main.command()
def work() -> None:
    """The worker alone: schedules, rounds, the index. Example: khotin work"""
    from indexer.worker import work as go

    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    logs.prepare(need_settings().log_format)
    with opened(create=True) as (store, engine):
        go(store, engine, handlers(), need_settings().workers, stop)


@main.command()
@serving
def serve(host: str | None, port: int | None) -> None:
    """Search site and worker together. Example: khotin serve --port 8080"""
    chosen = listening(host, port)
    open_store(chosen.home, create=True).close()
    keep_running(chosen)


def keep_running(chosen: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Run site and worker in processes of their own; one that dies is started again; both end with us."""
    from web.server import check_port

    check_port(chosen)
    base = [sys.executable, "-m", "khotin", "--home", str(chosen.home)]
    commands = {
        "work": [*base, "work"],
        "web": [*base, "web", "--host", chosen.host, "--port", str(chosen.port)],
    }
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    running = {name: subprocess.Popen(command) for name, command in commands.items()}
    ready()
    while not stop.wait(1):
        for name, process in running.items():
            if process.poll() is not None:
                running[name] = subprocess.Popen(commands[name])
    end_all(list(running.values()))


def end_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """Tell them to end, and wait for what they have in hand. Who does not end in time is killed; nothing is lost."""
    for process in processes:
        process.terminate()
    until = time.monotonic() + SECONDS_TO_END
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@main.command()
@serving
def demo(host: str | None, port: int | None) -> None:
    """The bundled site: serve it, crawl it, index it, open the search site. Example: khotin demo"""
    from crawler.replica.server import serve as serve_replica

    chosen = listening(host, port)
    with serve_replica() as replica:
        # the crawls run in processes of their own and learn from the environment where the replica listens
        os.environ["KHOTIN_RESOLVE"] = replica.resolve
        begin(chosen, replica.url, DEMO_SOURCE, delay_seconds=0.0)


@main.command()
@click.argument("address", metavar="URL")
@click.option("--name", help="A short name; the host's name when left out.")
@serving
def start(address: str, name: str | None, host: str | None, port: int | None) -> None:
    """A site from nothing: add it, crawl it, index it, open the search site. Example: khotin start https://…"""
    from crawler.sources import check_new

    begin(listening(host, port), address, name or check_new(address))


DEMO_SOURCE = "soxd"


def begin(chosen: Settings, address: str, name: str, **options: Any) -> None:
    """From an address to a search site: what `make run` does."""
    from web.server import check_port

    check_port(chosen)
    with opened(create=True) as (store, engine):
        with store.write() as connection:
            if sources.find(connection, name) is None:
                sources.add(connection, name, address, **options)
        click.echo(report_text(run_round(store, name, {})))
        update_index(store, engine)
        password = first_admin(store)
    keep_running(chosen, lambda: welcome(chosen, password))


def first_admin(store: Store) -> str:
    """The password of an admin account made now; empty when there are accounts already."""
    with store.read() as connection:
        if accounts.every(connection):
            return ""
    password = secrets.token_urlsafe(12)
    with store.write() as connection:
        accounts.add(connection, "admin", password)
    return password


def welcome(chosen: Settings, password: str) -> None:
    address = f"http://{chosen.host}:{chosen.port}/"
    tell("The search site: %(address)s", address=address)
    if password:
        sentence = "Administration:  %(address)sadmin  (name: admin, password: %(password)s)"
        tell(sentence, address=address, password=password)
    else:
        tell("Administration:  %(address)sadmin  (a lost password: khotin user reset NAME)", address=address)
    tell("Stop with Ctrl+C.")


# What the worker can do: kind of job -> how


def handlers() -> dict[str, Handler]:
    return {
        "round": do_round,
        "learn": do_learn,
        "tidy": do_tidy,
        "post": do_post,
        "doctor": lambda desk: Outcome("done", upkeep.look_over(desk.store)),
        "backup": lambda desk: Outcome("done", upkeep.copy_away(desk.store)),
        "forget": lambda desk: Outcome("done", upkeep.forget_old(desk.store)),
        "fixity": do_fixity,
        "destroy": do_destroy,
        "words": do_words,
        "screen": do_screen,
        "preview": do_preview,
        "reread": do_reread,
    }


def do_fixity(desk: Desk) -> Outcome:
    """Read all records again, or on from where the reading stopped."""

    def tell(done: int) -> None:
        desk.progress({"done": done})

    report = upkeep.read_all(desk.store, desk.must_end, tell)
    return Outcome("done" if report["ended"] else "cancelled", report)


def do_learn(desk: Desk) -> Outcome:
    """Learn from the archive what its words are."""
    engine = WhooshEngine(desk.store.index)
    return Outcome("done", {"lesson": learn.learn(desk.store, engine, engine.columns())})


def do_tidy(desk: Desk) -> Outcome:
    """Make one piece of an index in many."""
    build.tidy(desk.store, WhooshEngine(desk.store.index))
    return Outcome("done", {})


def do_post(desk: Desk) -> Outcome:
    """Tell readers what is new for their searches, and send the letters that wait."""
    from web.posting import post

    post(desk.store, WhooshEngine(desk.store.index), settings_of.load(desk.store.home))
    return Outcome("done", {})


def do_destroy(desk: Desk) -> Outcome:
    """Destroy an article by a written decision; what stands in the way is tried again later."""
    number = int(desk.job.arguments["destruction"])
    try:
        destroy.carry_out(desk.store, WhooshEngine(desk.store.index), number)
    except destroy.Busy as problem:
        return Outcome("done", {}, str(problem))
    return Outcome("done", {})


def do_words(desk: Desk) -> Outcome:
    """Ask the questions again that found nothing, and forget what was asked long ago."""
    from indexer import retest
    from indexer.engine.columns import IndexMissingError
    from indexer.wordbook import glossary_of

    store = desk.store
    retest.forget_old(store, settings_of.load(store.home).question_days)
    try:
        return Outcome("done", retest.retest(store, WhooshEngine(store.index).columns(), glossary_of(store)))
    except IndexMissingError:  # an archive that has no article yet answers nothing
        return Outcome("done", {})


def do_screen(desk: Desk) -> Outcome:
    """Look for personal data in all that is held."""

    def told(done: int) -> bool:
        desk.progress({"done": done})
        return desk.must_end()

    done = deciding.look_through(desk.store, told)
    return Outcome("cancelled" if desk.must_end() else "done", {"looked_at": done})


def do_preview(desk: Desk) -> Outcome:
    """Look at a site for somebody who waits; or read what was fetched for that in another way."""
    from crawler.process import preview

    number = int(desk.job.arguments["preview"])
    with desk.store.write() as connection:
        previews.change(connection, number, job_id=desk.job.id)
    again = bool(desk.job.arguments.get("trial"))
    told = preview(desk.store.home, number, again, desk.progress, desk.must_end)
    state = "cancelled" if desk.must_end() else "failed" if told else "done"
    return Outcome(state, told, told.get("problem", ""))


def do_reread(desk: Desk) -> Outcome:
    """Read kept pages again, as the source's profile has them now: of one article, or all of a source."""
    from crawler.process import run

    number = desk.job.arguments.get("article")
    if number is None:
        return do_round(desk, replay=True)
    with desk.store.read() as connection:
        kept = articles.get(connection, number)
    if kept is None:
        return Outcome("failed", {}, "The article is not there any more.")
    options = {"replay": True, "article": number}
    report = run(desk.store.home, kept.source, options, lambda event: None, job=desk.job.id, must_end=desk.must_end)
    return Outcome(report["state"], report, report.get("problem", ""))


def do_round(desk: Desk, replay: bool = False) -> Outcome:
    """Crawl one source for the worker, passing on what the crawl tells."""
    from crawler.alarm import heed
    from crawler.process import run

    with desk.store.read() as connection:
        assert desk.job.source_id is not None
        name = sources.get(connection, desk.job.source_id).name

    def listen(event: dict[str, Any]) -> None:
        if event["kind"] == "line":
            desk.say(event["message"], event["values"], event["detail"])
        elif event["kind"] == "progress":
            desk.progress(event)

    asked = desk.job.arguments
    options = {key: asked.get(key) for key in ("max_pages", "full", "retry")} | {"replay": replay}
    options["goes_on"] = bool(asked.get("goes_on") or asked.get("resumes"))
    report = run(desk.store.home, name, options, listen, job=desk.job.id, must_end=desk.must_end)
    heed(desk.store, desk.job.source_id, report)
    return Outcome(report["state"], report, report.get("problem", ""))


if __name__ == "__main__":
    main(prog_name="khotin")
