"""The front door: the `khotin` command, and the table of job kinds; the only file in which all three rooms meet."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from crawler.commands import crawl, probe, report_text, run_round
from crawler.commands_source import source
from crawler.handlers import do_preview, do_reread, do_round
from indexer import accounts, logs, upkeep
from indexer import settings as settings_of
from indexer.commands import need_settings, opened, update_index
from indexer.commands.article import article, import_
from indexer.commands.evaluate import evaluate
from indexer.commands.index import index
from indexer.commands.schedule import schedule
from indexer.commands.store import store as store_
from indexer.commands.upkeep import backup, doctor, restore
from indexer.commands.user import user
from indexer.commands.user_tokens import user_revoke, user_token, user_tokens
from indexer.engine.open import engine_of
from indexer.handlers import do_destroy, do_fixity, do_learn, do_screen, do_tidy, do_words
from indexer.settings import Settings
from indexer.store import Store, open_store, sources
from indexer.terminal import Front, tell
from indexer.worker import Desk, Handler, Outcome
from web.commands import article_show, listening, search, serving, user_invite, web
from web.commands_files import export, report

VERSION = "0.1.0"
HOME = "data"
DEMO_SOURCE = "soxd"
# An answer may take 20 seconds to its end, a crawl 15 until it has its last page.
SECONDS_TO_END = 30


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", envvar="KHOTIN_HOME", default=HOME, type=click.Path(path_type=Path), help="The data folder.")
@click.version_option(VERSION, prog_name="khotin")
@click.pass_context
def main(context: click.Context, home: Path) -> None:
    """Khotin: crawl a department's news, keep it, and find it again in Vietnamese and English.

    Example: khotin --home data search "nhà ở xã hội"
    """
    context.obj = home


# What each room brings

for each in (source, probe, crawl):
    main.add_command(each)
for each in (import_, index, evaluate, schedule, user, article, doctor, backup, restore, store_):
    main.add_command(each)
for each in (search, export, report, web):
    main.add_command(each)
for each in (user_token, user_tokens, user_revoke, user_invite):
    user.add_command(each)
article.add_command(article_show)


# Serving


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


def do_post(desk: Desk) -> Outcome:
    """Tell readers what is new for their searches, and send the letters that wait."""
    from web.posting import post

    chosen = settings_of.load(desk.store.home)
    post(desk.store, engine_of(desk.store, chosen), chosen)
    return Outcome("done", {})


if __name__ == "__main__":
    main(prog_name="khotin")
