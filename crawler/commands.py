"""How does the command line crawl, and look at a page?"""

import json
import sys
from typing import Any

import click

from indexer.commands import need_settings, opened, update_index
from indexer.errors import KhotinError
from indexer.store import Store, has_archive, sources
from indexer.terminal import Spoken, bar


@click.command(cls=Spoken)
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


@click.command(cls=Spoken)
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
