"""Which articles are measured?  Those of a file in the import format, repeated up to a size; or generated ones."""

import gzip
import json
import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from crawler.replica.content import articles as bundled
from indexer.imports import ACCEPTED, numbered_lines

# Enough that sorting and intersecting show; small enough for a minute.
GENERATED = 3000
DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()

Line = dict[str, Any]


def lines_of(file: Path) -> Iterator[Line]:
    for _, line in numbered_lines(file):
        given = json.loads(line)
        yield {ACCEPTED.get(name, name): value for name, value in given.items()}


def repeated(file: Path) -> Iterator[Line]:
    """The articles of the file, again and again, each time a little different and under a new id."""
    yield from lines_of(file)
    for again in count(1):
        for number, line in enumerate(lines_of(file)):
            yield varied(line, again, number)


def varied(line: Line, again: int, number: int) -> Line:
    """The same article with its paragraphs in another order and a number spelled out behind them."""
    paragraphs = str(line.get("body", "")).split("\n")
    turned = again % len(paragraphs)
    spelled = " ".join(DIGITS[int(digit)] for digit in f"{again}{number}")
    body = "\n".join([*paragraphs[turned:], *paragraphs[:turned], f"Bản {spelled}."])
    return {**line, "id": f"{line.get('id', number)}-{again}", "url": f"{line.get('url', '')}?{again}", "body": body}


def generated() -> Iterator[Line]:
    """Articles put together from those of the demo site."""
    texts = [each for each in bundled() if each.language == "vi"]
    mix = random.Random(1)
    for number in range(GENERATED):
        first, second = mix.sample(texts, 2)
        body = "\n".join(mix.sample(first.paragraphs + second.paragraphs, 4))
        told = {"title": first.title, "lead": second.lead, "body": body, "section": first.section}
        published = first.published.isoformat() if first.published else None
        yield {"id": str(number), **told, "published": published, "language": "vi"}


def written(file: Path | None, size: int | None, folder: Path) -> Path:
    """A file that holds the articles asked for: the one given, or one made in ``folder``."""
    if file and not size:
        return file
    made = folder / "articles.jsonl.gz"
    lines = repeated(file) if file else generated()
    with gzip.open(made, "wt", encoding="utf-8", compresslevel=1) as out:
        for line in islice(lines, size):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    return made
