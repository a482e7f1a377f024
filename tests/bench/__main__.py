"""How fast is it here?  `make bench`, or `make bench FILE=news.jsonl.gz SIZE=200000` for articles of your own.

`python -m tests.bench search --home DIR` and its like measure one part on an archive that is already there.
"""

import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.bench import asked, building, cluster, fresh, searching, segmenting, serving
from tests.bench.table import Clock, Row, print_table, tell
from tests.bench.texts import written

PEERS = "tantivy,fts5,whoosh"
# Beyond so many, plain Whoosh would take most of the time of a run.
MOST_FOR_WHOOSH = 50_000
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)

home = click.option("--home", required=True, type=FOLDER, help="A data folder.")
seed = click.option("--seed", default=asked.SEED, show_default=True, help="Another one draws other questions.")
questions = click.option("--questions", default=searching.MANY, show_default=True, help="How many.")
peers = click.option(
    "--peers", "folder", type=FOLDER, help="Where the peers' indexes are kept; beside the data folder."
)
busy = click.option("--busy", is_flag=True, help="Count time of the processor: the machine does other things.")
names = click.option("--with", "names", default=PEERS, show_default=True, help="Which peers.")
on_cluster = click.option("--cluster", "also", is_flag=True, help="Beside three nodes of OpenSearch here, too.")
every = click.option("--all", "every", is_flag=True, help="All articles, not a sample.")


@click.group()
def main() -> None:
    """Figures about Khotin on this machine: a table on stdout, progress on stderr."""


@main.command("all")
@click.argument("file", required=False, type=FILE)
@click.option("--size", type=int, help="So many articles: those of the file again and again, slightly varied.")
@click.option("--home", "home_folder", type=FOLDER, help="Build the archive here and keep it; else it is removed.")
@questions
@seed
@every
@on_cluster
def everything(
    file: Path | None, size: int | None, home_folder: Path | None, questions: int, seed: int, every: bool, also: bool
) -> None:
    """Build an archive and measure everything on it."""
    with room(home_folder) as chosen:
        kept = beside(chosen)
        kept.mkdir(parents=True, exist_ok=True)
        articles = written(file, size, kept)
        few = (size or 0) <= MOST_FOR_WHOOSH
        wanted = PEERS.split(",") if few else ["tantivy", "fts5"]
        parts: dict[str, Callable[[], list[Row]]] = {
            "build": lambda: building.measure(articles, chosen, kept / "plain"),
            "search": lambda: searching.measure(chosen, kept, questions, seed, wanted),
            "http": lambda: serving.measure(chosen, seed),
            "segment": lambda: segmenting.measure(chosen, every),
            "fresh": lambda: fresh.measure(chosen),
        }
        if also:
            parts["cluster"] = lambda: cluster.measure(chosen, cluster.MANY, seed)
        print_table([row for name, part in parts.items() for row in told(name, part)])


def told(name: str, part: Callable[[], list[Row]]) -> list[Row]:
    """The rows of a part; one that breaks must not cost the others."""
    tell(f"measuring: {name}")
    try:
        return part()
    except Exception as problem:
        traceback.print_exc(file=sys.stderr)
        return [Row(f"{name}: could not be measured", f"{type(problem).__name__}: {problem}")]


@contextmanager
def room(chosen: Path | None) -> Iterator[Path]:
    if chosen:
        yield chosen
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "data"


def clock(busy: bool) -> Clock:
    """What passes on the wall is what readers feel; what the processor takes is the same whatever else it does."""
    return time.process_time if busy else time.perf_counter


def beside(home: Path) -> Path:
    """Where what belongs to an archive's measurements is kept."""
    return home.with_name(home.name + ".peers")


@main.command()
@click.argument("file", required=False, type=FILE)
@click.option("--size", type=int, help="So many articles: those of the file again and again, slightly varied.")
@home
def build(file: Path | None, size: int | None, home: Path) -> None:
    """Import and index, beside Whoosh writing one plain field. The folder must be new."""
    kept = beside(home)
    kept.mkdir(parents=True, exist_ok=True)
    print_table(building.measure(written(file, size, kept), home, kept / "plain"))


@main.command()
@home
@peers
@names
@questions
@seed
@busy
def search(home: Path, folder: Path | None, names: str, questions: int, seed: int, busy: bool) -> None:
    """Searches: ours, plain Whoosh, SQLite FTS5, tantivy."""
    chosen = [name for name in names.split(",") if name]
    print_table(searching.measure(home, folder or beside(home), questions, seed, chosen, clock(busy)))


@main.command()
@click.argument("small", type=FOLDER)
@click.argument("large", type=FOLDER)
@questions
@seed
@busy
def growth(small: Path, large: Path, questions: int, seed: int, busy: bool) -> None:
    """The whole search on two data folders, with the same questions."""
    print_table(searching.growth(small, large, questions, seed, clock(busy)))


@main.command()
@home
@seed
def http(home: Path, seed: int) -> None:
    """The site: its start, its memory, 1, 4 and 16 clients."""
    print_table(serving.measure(home, seed))


@main.command()
@home
@every
def segment(home: Path, every: bool) -> None:
    """Cutting words, beside stock pyvi."""
    print_table(segmenting.measure(home, every))


@main.command("fresh")
@home
def fresh_(home: Path) -> None:
    """New articles while a rebuild runs."""
    print_table(fresh.measure(home))


@main.command("cluster")
@home
@click.option("--questions", default=cluster.MANY, show_default=True, help="How many.")
@seed
def cluster_(home: Path, questions: int, seed: int) -> None:
    """The same archive on three nodes of OpenSearch, beside the embedded engine."""
    print_table(cluster.measure(home, questions, seed))


if __name__ == "__main__":
    main()
