"""What does the command line do with the database itself?"""

import click

from indexer.commands import need_settings
from indexer.speech import say
from indexer.terminal import Front, bar, tell


@click.group(cls=Front)
def store() -> None:
    """The database that keeps the archive. Example: khotin store copy data postgresql://khotin@db/khotin"""


@store.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def store_copy(source: str, target: str) -> None:
    """Copy an archive into an empty database, every row, and prove it; FROM and TO are folders or addresses.
    Example: khotin store copy data postgresql://khotin@db/khotin"""
    from indexer import moving

    home = need_settings().home
    with bar(label=say("Copying")) as advance:
        done = moving.move(moving.side(source, home), moving.side(target, home), advance)
    for each in done.tables:
        click.echo(f"{each.table:20} {each.rows:>10,}  {each.digest[:16]}")
    tell(
        "The copy is equal: %(tables)s tables with %(rows)s rows, each by a digest of all it holds on both sides.",
        tables=len(done.tables),
        rows=sum(each.rows for each in done.tables),
    )
    if done.files:
        tell("%(count)s files of fetched pages were copied as well.", count=done.files)
