"""What do the commands of all rooms stand on?  The archive they open, the index they bring up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from indexer import build, clock, learn, settings
from indexer.engine import Engine
from indexer.engine.open import engine_of
from indexer.settings import Settings
from indexer.speech import say
from indexer.store import Store, open_store
from indexer.terminal import bar


def need_settings() -> Settings:
    return settings.load(click.get_current_context().find_root().obj)


@contextmanager
def opened(create: bool = False) -> Iterator[tuple[Store, Engine]]:
    chosen = need_settings()
    store = open_store(chosen.home, create)
    try:
        yield store, engine_of(store, chosen)
    finally:
        store.close()


def update_index(store: Store, engine: Engine) -> None:
    with bar(label=say("Indexing")) as advance:
        build.update(store, engine, advance)
    learn.learn_when_due(store, engine)


def local(moment: Any) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M") if moment else "-"
