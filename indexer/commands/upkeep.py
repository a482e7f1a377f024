"""How does the command line look after an archive?  Is it well, where is its copy, how does it come back?"""

import json
import sys
from pathlib import Path

import click

from indexer.commands import opened
from indexer.speech import say
from indexer.terminal import Spoken, bar, tell


@click.command(cls=Spoken)
@click.option("--full", is_flag=True, help="Read every record and compare every row: as long as the archive is large.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(full: bool, as_json: bool) -> None:
    """Whether everything is well, and what to do where it is not. Example: khotin doctor"""
    from indexer import doctor as looks

    with bar(len(looks.CHECKS), say("Looking")) as advance:
        found = looks.examine(click.get_current_context().find_root().obj, full, advance)
    click.echo(
        json.dumps(looks.as_data(found), ensure_ascii=False, indent=2) if as_json else "\n".join(looks.lines(found))
    )
    sys.exit(0 if looks.is_well(found) else 1)


@click.command(cls=Spoken)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--without-key", is_flag=True, help="Leave out the key of sessions and links; see docs/upkeep.md.")
def backup(file: Path, without_key: bool) -> None:
    """Copy the archive into one file, also while it is in use. Example: khotin backup /mnt/khotin.tar"""
    from indexer import backup as copying

    with opened() as (store, _), bar(label=say("Copying")) as advance:
        made = copying.make(store, file, not without_key, advance)
    values = {"file": file, "size": copying.size_of(file), "records": made.captures}
    tell("%(file)s was written and read again: %(size)s MB, %(records)s fetched pages.", **values)
    if made.left_out:
        tell("Left out, because they are secret: %(names)s.", names=", ".join(made.left_out))


@click.command(cls=Spoken)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--over", is_flag=True, help="Replace the archive that is in the folder; it is deleted.")
def restore(file: Path, over: bool) -> None:
    """Bring the archive back from a backup, and prove it whole. Example: khotin --home new restore khotin.tar"""
    from indexer import restore as bringing

    home = click.get_current_context().find_root().obj
    with bar(label=say("Proving")) as advance:
        done = bringing.restore(file, home, over, advance)
    tell("Restored into %(home)s, as it was at %(moment)s.", home=home, moment=done.manifest.made_at)
    values = {"files": len(done.manifest.files), "records": done.records, "articles": done.articles}
    tell(
        "Proved: %(files)s files by their digests, the database, %(records)s fetched pages, %(articles)s articles.",
        **values,
    )
    if done.destroyed:
        tell("%(count)s destroyed articles stay destroyed.", count=done.destroyed)
    if done.manifest.left_out:
        tell("Set again what the backup leaves out: %(names)s.", names=", ".join(done.manifest.left_out))
