"""How fast are words cut, and are they pyvi's?  Ours beside stock `ViTokenizer.tokenize`, line by line on one core."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from indexer.build import everything
from indexer.language.fold import modern
from indexer.language.segment import segment
from indexer.store import open_store
from tests.bench import asked
from tests.bench.asked import text_of
from tests.bench.table import Row, tell

SAMPLE = 500
PART = 100  # articles that one and then the other cuts, so that what else the machine does meets both


def measure(home: Path, every: bool) -> list[Row]:
    from pyvi import ViTokenizer  # slow to load, and nothing else needs it

    store = open_store(home)
    texts = [text_of(kept.article) for kept in everything(store)]
    store.close()
    if not every:
        texts = random.Random(asked.SEED).sample(texts, min(SAMPLE, len(texts)))
    ours = theirs = 0.0
    lines = differing = 0
    for at in range(0, len(texts), PART):
        part = [line for text in texts[at : at + PART] for line in text.split("\n") if line.strip()]
        own, seconds = cut(part, lambda line: " ".join(segment(line)))
        ours += seconds
        stock, seconds = cut(part, lambda line: str(ViTokenizer.tokenize(modern(line))))
        theirs += seconds
        lines += len(part)
        differing += sum(one != other for one, other in zip(own, stock, strict=True))
        if at % 2000 == 0:
            tell(f"{at} articles cut")
    identical = "identical" if not differing else f"{differing} lines differ"
    return [
        Row(
            f"segmentation of {len(texts)} articles ({lines} lines) : ViTokenizer.tokenize; {identical}",
            f"{len(texts) / ours:.0f} articles/s",
            f"{len(texts) / theirs:.0f} articles/s",
            f"{theirs / ours:.2f} x faster",
            "2 x faster, identical on all",
        )
    ]


def cut(lines: Sequence[str], how: Callable[[str], str]) -> tuple[list[str], float]:
    """What comes out, and the seconds of processor that it took."""
    began = time.process_time()
    found = [how(line) for line in lines]
    return found, time.process_time() - began
