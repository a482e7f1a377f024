"""What does taking articles in cost?  `khotin import`, everything included, beside Whoosh writing one plain field."""

import warnings
from pathlib import Path

from tests.bench.processes import run, size_of
from tests.bench.table import Row, tell, timed
from tests.bench.texts import Line, lines_of

with warnings.catch_warnings():  # Whoosh 2.7.4 holds escapes that newer Pythons warn of
    warnings.simplefilter("ignore")
    from whoosh.analysis import LowercaseFilter, RegexTokenizer
    from whoosh.fields import TEXT, Schema
    from whoosh.index import create_in

MEGABYTE = 1_000_000


def measure(file: Path, home: Path, plain: Path) -> list[Row]:
    """``home`` becomes the data folder of the file's articles; Whoosh's index is written to ``plain``."""
    tell(f"khotin import {file.name}")
    ours = run(home, "import", str(file))
    if ours.code:
        tell("some lines of the file were left out")
    tell(f"{ours.seconds:.0f} s; now Whoosh writes one plain field")
    articles, seconds = timed(lambda: write_plain(file, plain))
    speed, theirs = articles / ours.seconds, articles / seconds
    return [
        Row(
            f"import and index of {articles} articles : Whoosh writing one plain field",
            f"{ours.seconds:.0f} s, {speed:.0f} articles/s",
            f"{seconds:.0f} s, {theirs:.0f} articles/s",
            f"{speed / theirs:.2f} of its speed",
            "at least 0.5 of its speed",
        ),
        Row(
            "peak memory of the import (Pss of all processes)", f"{ours.peak / 1000:.0f} MB", wanted="at most 1,200 MB"
        ),
        Row("size of the index", megabytes(home / "index"), megabytes(plain)),
        Row("size of the database", f"{(home / 'khotin.db').stat().st_size / MEGABYTE:.0f} MB"),
    ]


def megabytes(folder: Path) -> str:
    return f"{size_of(folder) / MEGABYTE:.0f} MB"


def write_plain(file: Path, folder: Path) -> int:
    """Title, lead and body as one field of small-letter syllables with positions; nothing is stored."""
    folder.mkdir(parents=True, exist_ok=True)
    schema = Schema(text=TEXT(RegexTokenizer(r"[^\W_]+") | LowercaseFilter(), phrase=True))
    writer = create_in(str(folder), schema).writer()
    articles = 0
    for line in lines_of(file):
        writer.add_document(text=text_of(line))
        articles += 1
    writer.commit()
    return articles


def text_of(line: Line) -> str:
    return "\n".join(str(line.get(name) or "") for name in ("title", "lead", "body"))
