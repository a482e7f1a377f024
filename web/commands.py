"""How does the command line search, show an article, invite a person and serve the site?"""

import json
import time
from collections.abc import Callable

import click

from indexer import logs
from indexer.commands import need_settings, opened
from indexer.commands.article import need_article
from indexer.query import Query
from indexer.settings import Settings
from indexer.terminal import Spoken, tell


@click.command(cls=Spoken)
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
        results = find(Query(q=question, per_page=count, exact=exact), store, engine.reading(), glossary_of(store))
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


@click.command("show", cls=Spoken)
@click.argument("which", metavar="ADDRESS|ID")
def article_show(which: str) -> None:
    """Everything that is kept of an article. Example: khotin article show 12"""
    from web.answers import article_answer

    with opened() as (store, _), store.read() as connection:
        found = need_article(connection, which)
    click.echo(json.dumps(article_answer(found), ensure_ascii=False, indent=2))


@click.command("invite", cls=Spoken)
@click.option("--email", default="", help="Send the link there as well.")
@click.option("--lang", "language", type=click.Choice(["vi", "en"]), default="vi", show_default=True)
def user_invite(email: str, language: str) -> None:
    """A link by which one person can make an account. Example: khotin user invite --email lan@example.org"""
    from indexer import signed
    from web.inviting import invite
    from web.letters import invited, site

    settings = need_settings()
    with opened() as (store, _):
        nonce = invite(store, settings, "command line", email, language)
        token = signed.sign(store.home, "invite", nonce)
    click.echo(site(settings, invited(token), f"http://{settings.host}:{settings.port}"))


def serving(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where the site listens."""
    command = click.option("--port", type=click.IntRange(1, 65535), help="The port of the search site.")(command)
    return click.option("--host", help="The address on which it listens.")(command)


@click.command(cls=Spoken)
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
