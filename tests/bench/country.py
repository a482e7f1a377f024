"""How large is a country?  A model of all that grows with the articles, its laws fitted at 20,000 and looked at again.

python -m tests.bench.country model                          what the model says of 20,000, 200,000 and 1,000,000
python -m tests.bench.country archive SMALL LARGE            its predictions beside what two data folders hold
python -m tests.bench.country generate SMALL --size 1000000  and beside a stream of generated articles
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import numpy.typing as npt
from marisa_trie import Trie

from indexer import disk
from tests.bench.table import Row, print_table, tell

SIZES = (20_000, 200_000, 1_000_000)
SEED = 1
# Of a stream: so many articles are drawn and sorted at a time, and so many spellings can be told apart in it.
BATCH, MOST_TERMS = 2_000, 1 << 26
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of 20,000 Vietnamese news articles (docs/speed.md) and taken for true of more."""

    syllables: float = 522  # of an article
    store_bytes: float = 9_641  # of an article in SQLite, with its words and versions
    index_bytes: float = 22_740  # of an article in the embedded index: Whoosh's own files and the columns
    entries: float = 383  # of an article: in how many zones how many different terms stand
    terms: tuple[float, float] = (110_181, 0.454)  # different ones in 20,000 articles, and the power they grow with
    question_ms: tuple[float, float] = (5.78, 0.166)  # p50 of a whole search: a + b · thousand articles
    answer_ms: float = 5.0  # of a processor, around a search: the framework, JSON
    page_bytes: float = 25_000  # of a fetched page, packed; assumed
    pages: float = 1.6  # that are asked for in a first round to get an article: lists, files, further names; assumed
    hosts: int = 1_000
    second: float = 1.0  # between two requests to one host

    def vocabulary(self, articles: float) -> float:
        """Different terms, by Heaps' law; its power is `exponent` of the 20,000."""
        known, power = self.terms
        return float(known * (articles / SIZES[0]) ** power)

    def p50(self, articles: float) -> float:
        fixed, each = self.question_ms
        return fixed + each * articles / 1000

    def rate(self, articles: float) -> float:
        """Questions a second that one processor answers."""
        return 1000 / (self.p50(articles) + self.answer_ms)


class Budget(NamedTuple):
    """How long a crawl of all hosts takes, and what it costs."""

    requests_a_day: float
    first_round_hours: float
    pages_a_second: float


def budget(model: Model, articles: float) -> Budget:
    """Every host is asked at its own pace: the first round takes as long as one host's share of it."""
    pages = articles * model.pages
    hours = pages / model.hosts * model.second / 3600
    return Budget(model.hosts * DAY / model.second, hours, pages / (hours * 3600))


def told(model: Model, sizes: Sequence[int]) -> Iterator[Row]:
    for size in sizes:
        name = f"{size:,} articles"
        yield Row(f"{name}: database", gigabytes(size * model.store_bytes))
        yield Row(f"{name}: embedded index", gigabytes(size * model.index_bytes))
        yield Row(f"{name}: fetched pages, one capture of each", gigabytes(size * model.pages * model.page_bytes))
        yield Row(f"{name}: entries (term, zone, article)", millions(size * model.entries))
        yield Row(f"{name}: different terms", f"{model.vocabulary(size):,.0f}")
        yield Row(f"{name}: whole search on one machine, p50", f"{model.p50(size):.0f} ms")
        yield Row(f"{name}: questions a second, each processor", f"{model.rate(size):.0f}")
        crawl = budget(model, size)
        yield Row(
            f"{name}: first round over {model.hosts:,} hosts",
            f"{crawl.first_round_hours:.1f} h at {crawl.pages_a_second:,.0f} pages/s",
        )


def gigabytes(bytes_: float) -> str:
    return f"{bytes_ / 1e9:,.2f} GB"


def millions(count: float) -> str:
    return f"{count / 1e6:,.1f} million"


# Archives


class Found(NamedTuple):
    """What an archive holds."""

    articles: int
    store_bytes: int
    index_bytes: int
    places: int
    entries: int
    often: "Counter[str]"  # in how many places each term stands


def found(home: Path) -> Found:
    """Read, never written: the database's own figures and the shapes of the columns."""
    connection = sqlite3.connect(f"file:{home / 'khotin.db'}?mode=ro", uri=True)
    (articles,) = connection.execute("SELECT count(*) FROM articles WHERE merged_into IS NULL").fetchone()
    connection.close()
    published = json.loads((home / "index" / "current.json").read_text())
    folder = home / "index" / published["folder"]
    often, places, entries = Counter[str](), 0, 0
    for each in (folder / "columns" / name for name in published["segments"]):
        many = np.diff(np.load(each / "starts.npy", mmap_mode="r"))
        places, entries = places + int(many.sum()), entries + len(np.load(each / "entries.npy", mmap_mode="r"))
        often.update(dict(zip(sorted(Trie().load(str(each / "terms.trie")).keys()), map(int, many), strict=True)))
    return Found(articles, (home / "khotin.db").stat().st_size, disk.size(folder), places, entries, often)


def beside(model: Model, small: Found, large: Found) -> Iterator[Row]:
    """What the smaller archive says of one of the larger's size, and what that holds."""
    scale = large.articles / small.articles
    yield Row("articles", f"{small.articles:,}", f"{large.articles:,}")
    for name, one, other in (
        ("database, bytes", small.store_bytes, large.store_bytes),
        ("embedded index, bytes", small.index_bytes, large.index_bytes),
        ("places (term, position)", small.places, large.places),
        ("entries (term, zone, article)", small.entries, large.entries),
    ):
        yield compared(name, one * scale, other)
    yield compared("different terms, if they grew as in new texts", heaps(small, large.places), len(large.often))


def compared(name: str, predicted: float, measured: float) -> Row:
    return Row(name, f"{predicted:,.0f} predicted", f"{measured:,.0f} measured", f"{measured / predicted:.2f}")


def heaps(small: Found, places: float) -> float:
    """Different terms in so many places, going on from an archive as Heaps' law does."""
    return len(small.often) * (places / small.places) ** exponent(small)


def exponent(small: Found) -> float:
    """By Good and Turing: the share of terms that were met once tells how fast new ones come at the end."""
    once = sum(many == 1 for many in small.often.values())
    return once / len(small.often)


# A stream of generated articles


class Drawn(NamedTuple):
    """What terms are drawn from: those of an archive as often as there, and behind them the ones never met yet."""

    upto: npt.NDArray[np.float64]  # the share of places that the terms up to each take, the commonest first
    steep: float  # how the shares of the unmet fall with their rank


def drawn(small: Found) -> Drawn:
    many = np.sort(np.fromiter(small.often.values(), dtype=np.int64))[::-1]
    unmet = float((many == 1).sum()) / small.places  # Good and Turing: what the next place brings that is new
    steep = 1 / max(exponent(small), 0.05)
    return Drawn(np.cumsum(many / small.places) * (1 - unmet), steep)


def terms(law: Drawn, count: int, draw: np.random.Generator) -> npt.NDArray[np.int64]:
    """So many places, each with the number of its term."""
    chance = draw.random(count)
    picked = np.searchsorted(law.upto, chance).astype(np.int64)
    met, new = len(law.upto), picked >= len(law.upto)
    share, power = draw.random(int(new.sum())), 1 - law.steep
    most = (MOST_TERMS / met) ** power
    picked[new] = np.minimum(met * (1 - share * (1 - most)) ** (1 / power), MOST_TERMS - 1).astype(np.int64)
    return picked


class Counted(NamedTuple):
    """What a stream held up to some article."""

    articles: int
    places: int
    entries: int
    terms: int


def stream(small: Found, sizes: Sequence[int], draw: np.random.Generator) -> Iterator[Counted]:
    """Articles drawn one batch after the other; nothing of them is kept but what is counted."""
    law, mean = drawn(small), small.places / small.articles
    met = np.zeros(MOST_TERMS, dtype=np.bool_)
    articles = places = entries = 0
    for size in sizes:
        while articles < size:
            count = min(BATCH, size - articles)
            lengths = np.maximum(1, draw.gamma(2.0, mean / 2.0, count)).astype(np.int64)
            picked = terms(law, int(lengths.sum()), draw)
            met[picked] = True
            keys = np.repeat(np.arange(count, dtype=np.int64), lengths) * MOST_TERMS + picked
            keys.sort()
            entries += int((np.diff(keys) != 0).sum()) + 1
            articles, places = articles + count, places + len(picked)
        tell(f"{articles:,} articles drawn")
        yield Counted(articles, places, entries, int(met.sum()))


# The command


FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)


@click.group()
def main() -> None:
    """A model of a whole country's news, and what was measured beside it."""


@main.command("model")
def model_() -> None:
    """What the model says."""
    print_table(told(Model(), SIZES))


@main.command()
@click.argument("small", type=FOLDER)
@click.argument("large", type=FOLDER)
def archive(small: Path, large: Path) -> None:
    """What one archive says of a larger one, and what that holds."""
    print_table(beside(Model(), found(small), found(large)))


@main.command()
@click.argument("small", type=FOLDER)
@click.option("--size", default=SIZES[-1], show_default=True, help="How many articles are drawn.")
def generate(small: Path, size: int) -> None:
    """Draw articles as an archive's are, and count."""
    held = found(small)
    rows = []
    for each in stream(held, [*(least for least in SIZES if least < size), size], np.random.default_rng(SEED)):
        rows += [
            compared(f"{each.articles:,}: places", held.places / held.articles * each.articles, each.places),
            compared(
                f"{each.articles:,}: terms of articles", held.entries / held.articles * each.articles, each.entries
            ),
            compared(f"{each.articles:,}: different terms", heaps(held, each.places), each.terms),
        ]
    print_table(rows)


if __name__ == "__main__":
    main()
