"""How does the command line add, change and remove the sites that are crawled?"""

from typing import Any

import click

from indexer import access
from indexer.commands import opened
from indexer.store import departments, sources
from indexer.terminal import Front, tell


@click.group(cls=Front)
def source() -> None:
    """The sites that are crawled. Example: khotin source add https://soxd.example.gov.vn/"""


@source.command("add")
@click.argument("address", metavar="URL")
@click.option("--name", help="A short name; the host's name when left out.")
@click.option("--profile", default="", help="How the site is marked up; found out by itself when left out.")
@click.option("--delay", "delay_seconds", type=float, help="Seconds between two requests.")
@click.option("--allow-private", is_flag=True, help="Allow a host inside your own network.")
@click.option("--department", "short", help="Whose site it is, by the department's short name.")
def source_add(address: str, name: str | None, short: str | None, **options: Any) -> None:
    """Add a site. Example: khotin source add https://soxd.example.gov.vn/ --name soxd"""
    from crawler.sources import check_new

    host = check_new(address, options["profile"])
    with opened(create=True) as (store, _), store.write() as connection:
        whose = {"department_id": departments.need(connection, short).id} if short else {}
        made = sources.add(connection, name or host, address, **options, **whose)
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
        "keep_images",
        "max_pages",
        "paused_at",
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
@click.option("--department", "short", help="Whose site it is, by the department's short name; '' for nobody's.")
def source_edit(name: str, overrides: Any, hosts: tuple[str, ...], short: str | None, **options: Any) -> None:
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
        if short is not None:
            changes["department_id"] = departments.need(connection, short).id if short else None
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
