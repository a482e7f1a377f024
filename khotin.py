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
from typing import Any, BinaryIO, NoReturn

import click

from indexer import access, accounts, build, clock, imports, learn, logs, schedules, upkeep
from indexer import settings as settings_of
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.query import SORTS, Query
from indexer.settings import Settings
from indexer.speech import command_language, say
from indexer.store import Store, articles, has_archive, open_store, sources
from indexer.worker import Desk, Handler, Outcome

VERSION = "0.1.0"
# As web.taking.formats has them, which is read only when it is needed.
TAKEN_AS = ("csv", "jsonl", "txt", "bibtex", "ris", "csl", "vi", "en", "zip")
HOME = "data"
# An answer may take 20 seconds to its end, a crawl 15 until it has its last page.
SECONDS_TO_END = 30


class Front(click.Group):
    """Tells every KhotinError as one plain sentence on stderr, with exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KhotinError as problem:
            fail(str(problem))
        except BrokenPipeError:  # the reader of our output has gone, as `| head` does
            sys.stderr.close()
            sys.exit(1)


def fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def tell(message: str, **values: object) -> None:
    click.echo(say(message, **values))


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


@contextmanager
def bar(length: int | None = None, label: str = "") -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, silence elsewhere; call it with how much is done."""
    with click.progressbar(length=length or 0, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        done = 0

        def advance(now: int) -> None:
            nonlocal done
            shown.update(now - done)
            done = now

        yield advance


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
            access.decide(connection, "command line", "change profile lines", f"source {name}", each.overrides or "-")
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
        names = [each.name for each in sources.every(connection) if each.address]
    if not names:
        raise KhotinError("There is no site to crawl yet. Add one: khotin source add https://…")
    return names


def run_round(store: Store, name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Crawl one source in a process of its own, with a bar on the terminal; returns the report."""
    from crawler.process import run

    with store.read() as connection:
        sources.need(connection, name)
    with bar(label=name) as advance:
        total = 0

        def listen(event: dict[str, Any]) -> None:
            nonlocal total
            if event["kind"] == "progress":
                advance(event["done"])

        return run(store.home, name, options, listen)


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
    from indexer.glossary import load
    from indexer.search import search as find
    from web.answers import answer

    with opened() as (store, engine):
        began = time.perf_counter()
        results = find(Query(q=question, per_page=count, exact=exact), store, engine.columns(), load())
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
    from indexer.glossary import load
    from indexer.taking import gather
    from web.taking.sending import desk_of, passes, pieces
    from web.taking.stream import Taking, Written, missing

    if name == "zip" and output is None and sys.stdout.isatty():
        raise KhotinError("A ZIP cannot be shown on a terminal. Name a file: -o news.zip")
    settings, told = need_settings(), Written()
    with opened() as (store, engine):
        query = Query(q=question, sort=sort or "relevance")
        gathered = gather(query, store, engine.columns(), load(), as_asked=bool(sort))
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
    from indexer.glossary import load

    weights = switched_off(without)
    judged = measuring.read_judged(queries, qrels)
    with opened() as (store, engine):
        columns = engine.columns()
        compared = measuring.plain_ranker(store, columns)
        ranker = compared if plain else measuring.ranker(store, columns, load(), weights)
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


# Schedules and accounts


@main.group()
def schedule() -> None:
    """When sites are crawled again. Example: khotin schedule add soxd "0 2 * * *" """


@schedule.command("add")
@click.argument("source_name", metavar="SOURCE")
@click.argument("cron")
@click.option("--tz", default=schedules.DEFAULT_ZONE, show_default=True, help="The time zone of the cron line.")
def schedule_add(source_name: str, cron: str, tz: str) -> None:
    """Crawl a site again and again. Example: khotin schedule add soxd "0 2 * * 1" """
    with opened() as (store, _), store.write() as connection:
        number = schedules.add(connection, sources.need(connection, source_name).id, cron, tz)
        due = schedules.get(connection, number).next_due
    assert due is not None
    tell("Schedule %(number)s was added; next due %(due)s.", number=number, due=local(due))


def local(moment: Any) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "-"


@schedule.command("list")
def schedule_list() -> None:
    """All schedules, a line each. Example: khotin schedule list"""
    with opened() as (store, _), store.read() as connection:
        for each in schedules.every(connection):
            name = sources.get(connection, each.source_id).name
            click.echo(f"{each.id}\t{name}\t{each.cron}\t{each.time_zone}\t{local(each.next_due)}")


@schedule.command("remove")
@click.argument("number", metavar="ID", type=int)
def schedule_remove(number: int) -> None:
    """Drop a schedule. Example: khotin schedule remove 3"""
    with opened() as (store, _), store.write() as connection:
        schedules.remove(connection, number)
    tell("Schedule %(number)s was removed.", number=number)


@main.group()
def user() -> None:
    """Who may sign in. Example: khotin user add lan --role editor"""


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(accounts.ROLES), default="admin", show_default=True)
def user_add(name: str, role: str) -> None:
    """A new account; the password is asked for, or read from stdin. Example: khotin user add lan"""
    password = asked_password()
    with opened(create=True) as (store, _), store.write() as connection:
        accounts.add(connection, name, password, role)
    tell("Account “%(name)s” was added.", name=name)


def asked_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt(say("Password"), hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@user.command("list")
def user_list() -> None:
    """All accounts, a line each. Example: khotin user list"""
    with opened() as (store, _), store.read() as connection:
        for each in accounts.every(connection):
            click.echo(f"{each.name}\t{each.role}\t{say('disabled') if each.disabled_at else ''}")


@user.command("reset")
@click.argument("name")
def user_reset(name: str) -> None:
    """A new password for an account. Example: khotin user reset lan"""
    with opened() as (store, _):
        with store.read() as connection:
            accounts.need(connection, name)
        password = asked_password()
        with store.write() as connection:
            accounts.reset(connection, name, password)
    tell("The password of “%(name)s” was changed.", name=name)


@user.command("disable")
@click.argument("name")
def user_disable(name: str) -> None:
    """No more signing in for an account. Example: khotin user disable lan"""
    with opened() as (store, _), store.write() as connection:
        accounts.disable(connection, name)
    tell("Account “%(name)s” was disabled.", name=name)


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


def do_round(desk: Desk) -> Outcome:
    """Crawl one source for the worker, passing on what the crawl tells."""
    from crawler.process import run

    with desk.store.read() as connection:
        assert desk.job.source_id is not None
        name = sources.get(connection, desk.job.source_id).name

    def listen(event: dict[str, Any]) -> None:
        if event["kind"] == "line":
            desk.say(event["text"])
        elif event["kind"] == "progress":
            desk.progress(event)

    options = {key: desk.job.arguments.get(key) for key in ("max_pages", "full", "retry")}
    report = run(desk.store.home, name, options, listen, job=desk.job.id, must_end=desk.must_end)
    return Outcome(report["state"], report, report.get("problem", ""))


if __name__ == "__main__":
    main()
