"""What does the command line do with the search index?"""

import click

from indexer import build, learn
from indexer.commands import opened, update_index
from indexer.speech import say
from indexer.store import articles
from indexer.terminal import Front, bar, fail, tell


@click.group(cls=Front)
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
