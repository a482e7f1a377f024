"""How is one round run alone?  `python -m crawler HOME SOURCE`; tells events as JSON lines on its output."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from crawler.report import parts
from indexer import settings as settings_of
from indexer.errors import KhotinError
from indexer.store import open_store, sources

stop = threading.Event()


def tell(event: dict[str, Any]) -> None:
    """One event; when nobody reads any more, the round stops."""
    try:
        print(json.dumps(event, ensure_ascii=False), flush=True)
    except BrokenPipeError:
        stop.set()
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - lives as long as we do


@click.command()
@click.argument("home", type=click.Path(path_type=Path))
@click.argument("what", metavar="SOURCE|URL")
@click.option("--job", type=int, help="The job that this round belongs to.")
@click.option("--parent", type=int, help="Stop when this process, which started us, is gone.")
@click.option("--max-pages", type=int, help="Ask for so many pages at the most.")
@click.option("--full", is_flag=True, help="Ask for every page anew.")
@click.option("--retry", is_flag=True, help="Ask only for pages that failed.")
@click.option("--goes-on", is_flag=True, help="Go on with the last round, also one of --full or --retry.")
@click.option("--replay", "again", is_flag=True, help="Read kept pages again, without network.")
@click.option("--article", type=int, help="With --replay: only the kept pages of this article.")
@click.option("--probe", "look", is_flag=True, help="Only tell what would be taken from one page.")
@click.option("--preview", is_flag=True, help="Fetch the pages of the look with this number, and tell what they give.")
@click.option("--trial", is_flag=True, help="Read the pages of the look with this number in the way that is tried.")
@click.option("--allow-private", is_flag=True, help="With --probe: allow a host inside your own network.")
def main(home: Path, what: str, look: bool, preview: bool, trial: bool, allow_private: bool, **options: Any) -> None:
    """One round over a source's site. Example: python -m crawler data soxd"""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    try:
        chosen = settings_of.load(home)
        if preview or trial:
            tell({"kind": "preview", "preview": looked(chosen, int(what), again=trial)})
        elif look:
            from crawler.probe import probe

            tell({"kind": "probe", "probe": probe(what, chosen, allow_private)})
        else:
            tell({"kind": "report", "report": one_round(chosen, what, **options)})
    except KhotinError as problem:
        tell({"kind": "problem", "problem": str(problem), "cause": parts(problem)})
        sys.exit(1)


def looked(chosen: settings_of.Settings, number: int, again: bool) -> dict[str, Any]:
    """A look at a site, or its pages read again: without what the network needs, which takes a second to load."""
    store = open_store(chosen.home)
    try:
        if again:
            from crawler.mend import trial

            return trial(store, number, chosen)
        from crawler.preview import preview

        return preview(store, number, chosen, tell)
    finally:
        store.close()


def one_round(
    chosen: settings_of.Settings,
    name: str,
    job: int | None,
    parent: int | None,
    max_pages: int | None,
    full: bool,
    retry: bool,
    goes_on: bool,
    again: bool,
    article: int | None,
) -> dict[str, Any]:
    from crawler.crawl import crawl
    from crawler.replay import replay, replay_article

    store = open_store(chosen.home)
    try:
        with store.read() as connection:
            source = sources.need(connection, name)
        if again and article:
            return replay_article(store, source, article, chosen)
        if again:
            return replay(store, source, chosen, tell).as_dict()
        return crawl(
            store, source, chosen, max_pages=max_pages, full=full, retry=retry, goes_on=goes_on, tell=tell,
            stop=stop.is_set, job_id=job, parent=parent,
        ).as_dict()  # fmt: skip
    finally:
        store.close()


if __name__ == "__main__":
    main()
