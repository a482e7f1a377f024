"""What do the commands of all rooms stand on?  The archive they open, the index they bring up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from indexer import build, clock, learn, settings
from indexer.engine.whoosh_index import WhooshEngine
from indexer.settings import Settings
from indexer.speech import say
from indexer.store import Store, open_store
from indexer.terminal import bar


def need_settings() -> Settings:
    return settings.load(click.get_current_context().find_root().obj)


@contextmanager
def opened(create: bool = False) -> Iterator[tuple[Store, WhooshEngine]]:
    store = open_store(need_settings().home, create)
    try:
        yield store, WhooshEngine(store.index)
    finally:
        store.close()


def update_index(store: Store, engine: WhooshEngine) -> None:
    with bar(label=say("Indexing")) as advance:
        build.update(store, engine, advance)
    learn.learn_when_due(store, engine)


def local(moment: Any) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "-"
