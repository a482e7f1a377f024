"""How does the command line say whose sources an archive holds?"""

from pathlib import Path

import click

from indexer import access, pictures
from indexer.commands import opened
from indexer.store import departments
from indexer.store.departments import Department
from indexer.terminal import Front, tell


@click.group(cls=Front)
def department() -> None:
    """Whose sources these are. Example: khotin department add soxd "Sở Xây dựng" --en "Department of Construction"

    \b
    khotin department add soxd "Sở Xây dựng"          a department; soxd stands in addresses
    khotin source edit trang-soxd --department soxd   its source
    khotin user bind lan --department soxd            who looks after it alone
    """


@department.command("add")
@click.argument("short")
@click.argument("name")
@click.option("--en", "name_en", default="", help="Its name in English.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A PNG of up to 200 kB.")
def department_add(short: str, name: str, name_en: str, logo: Path | None) -> None:
    """A department. Example: khotin department add soxd "Sở Xây dựng" --en "Department of Construction" """
    picture = pictures.harmless(logo.read_bytes()) if logo else None
    with opened(create=True) as (store, _), store.write() as connection:
        made = departments.add(connection, short, name, name_en)
        if picture:
            departments.set_logo(connection, made, picture)
        access.decide(connection, "command line", "add department", f"department {short}", after=told_of(made))
    tell("Department “%(name)s” was added.", name=made.name_vi)


@department.command("list")
def department_list() -> None:
    """All departments, a line each. Example: khotin department list"""
    with opened() as (store, _), store.read() as connection:
        whose = [short for _, short in departments.of_sources(connection)]
        for each in departments.every(connection):
            click.echo(f"{each.short}\t{each.name_vi}\t{each.name_en}\t{whose.count(each.short)}")


@department.command("rename")
@click.argument("short")
@click.argument("name")
@click.option("--en", "name_en", default="", help="Its name in English.")
def department_rename(short: str, name: str, name_en: str) -> None:
    """Another name; SHORT stays, as addresses hold it. Example: khotin department rename soxd "Sở Xây dựng" """
    with opened() as (store, _), store.write() as connection:
        before = departments.need(connection, short)
        departments.rename(connection, before, name, name_en)
        after = departments.need(connection, short)
        subject = f"department {short}"
        access.decide(
            connection, "command line", "rename department", subject, before=told_of(before), after=told_of(after)
        )
    tell("Department “%(short)s” is called “%(name)s” now.", short=short, name=after.name_vi)


def told_of(found: Department) -> dict[str, str]:
    """What the log of decisions keeps of a department."""
    return {"name_vi": found.name_vi, "name_en": found.name_en}
