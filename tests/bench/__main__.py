"""How fast is it here?  `make bench`, or `make bench FILE=news.jsonl.gz SIZE=200000` for articles of your own.

`python -m tests.bench search --home DIR` and its like measure one part on an archive that is already there.
"""

from pathlib import Path

import click

from tests.bench import asked, searching
from tests.bench.table import print_table

FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def main() -> None:
    """Figures about Khotin on this machine: a table on stdout, progress on stderr."""


home_option = click.option("--home", required=True, type=FOLDER, help="A data folder; it is written to.")


@main.command()
@home_option
@click.option("--peers", "folder", type=FOLDER, help="Where the peers' indexes are kept; beside the data folder.")
@click.option("--with", "names", default="tantivy,fts5,whoosh", show_default=True, help="Which peers.")
@click.option("--questions", default=searching.MANY, show_default=True)
@click.option("--seed", default=asked.SEED, show_default=True)
def search(home: Path, folder: Path | None, names: str, questions: int, seed: int) -> None:
    """Searches: ours, plain Whoosh, SQLite FTS5, tantivy."""
    chosen = [name for name in names.split(",") if name]
    print_table(searching.measure(home, folder or beside(home), questions, seed, chosen))


def beside(home: Path) -> Path:
    """Where what belongs to an archive's measurements is kept."""
    return home.with_name(home.name + ".peers")


if __name__ == "__main__":
    main()
