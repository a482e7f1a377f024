"""What do the peers hold?  The same articles as our index, in fields of their own, written once and kept in a folder.

Each zone has four fields: the text as it is written, its syllables folded with and without accents, and the terms that
stand beside them (words of pyvi, document numbers, dates, places), cut by us beforehand.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from indexer import build
from indexer.article import Kept, shown_date
from indexer.corrected import laid_over
from indexer.language import fold, words
from indexer.store import Store, articles
from indexer.zones import zone_texts
from tests.bench.needs import Need, escaped
from tests.bench.table import tell, timed

KINDS = ("written", "key", "bare", "beside")
# Zones that the archives we measure on leave empty would cost peers time for nothing.
ZONES = ("title", "lead", "body")
FACETS = ("section", "source", "unit", "language", "kind")
TOP = 10
SLICE = 400
FEW = 0.01


@dataclass(frozen=True, slots=True)
class Held:
    """An article as peers take it."""

    number: int
    fields: Mapping[str, str]  # ZONE_KIND -> text; terms are parted by signs or blanks
    facets: Mapping[str, str]
    year: int  # 0 when unknown
    month: int  # 12 x year + month - 1


class Writer(Protocol):
    def add(self, held: Held) -> None: ...
    def close(self) -> None: ...


class Peer(Protocol):
    """One way of asking one index; peers with several ways are several of these."""

    name: str

    def prepared(self, need: Need) -> Any:
        """The question in the peer's own words; None when it cannot say it."""

    def ask(self, prepared: Any) -> int:
        """Answer, and tell the total."""


def field(zone: str, kind: str) -> str:
    return f"{zone}_{kind}"


def held(kept: Kept) -> Held:
    texts, article = zone_texts(kept), laid_over(kept)
    fields: dict[str, str] = {}
    for zone in ZONES:
        text = texts[zone]
        beside = [escaped(token.term) for token in words.tokens(text) if not token.term[0].isalnum()]
        made = (text, fold.key(text), fold.bare_key(text), " ".join(beside))
        fields |= {field(zone, kind): each for kind, each in zip(KINDS, made, strict=True)}
    day = shown_date(article)
    told = (article.section, kept.source, article.unit, article.language, article.kind)
    month = 12 * day.year + day.month - 1 if day else 0
    return Held(kept.id, fields, dict(zip(FACETS, told, strict=True)), month // 12, month)


def everything_held(store: Store) -> Iterator[Held]:
    """All articles, cut in two processes."""
    kept = build.everything(store)
    with ProcessPoolExecutor(2, get_context("forkserver")) as pool:
        while coming := list(islice(kept, SLICE)):
            yield from pool.map(held, coming, chunksize=20)


def filled(store: Store, folder: Path, writers: Mapping[str, Callable[[Path], Writer]]) -> None:
    """See to it that each peer's index in ``folder`` shows this archive; those that do stay as they are."""
    with store.read() as connection:
        state = {"store": store.id, "articles": articles.count(connection)}
    missing = [name for name in writers if not shows(folder / name, state)]
    if not missing:
        return
    for name in missing:
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    tell(f"writing the indexes of {', '.join(missing)}; they are kept in {folder}")
    _, seconds = timed(lambda: fill(store, [writers[name](folder / name) for name in missing]))
    for name in missing:
        (folder / name / "state.json").write_text(json.dumps(state), encoding="utf-8")
    tell(f"written in {seconds:.0f} s")


def fill(store: Store, writers: Sequence[Writer]) -> None:
    for number, each in enumerate(everything_held(store), start=1):
        for writer in writers:
            writer.add(each)
        if number % 2000 == 0:
            tell(f"{number} articles")
    for writer in writers:
        writer.close()


def shows(folder: Path, state: Mapping[str, Any]) -> bool:
    """Whether a peer's index is of this archive; the few articles that measuring adds make no difference."""
    try:
        written = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    more = abs(int(state["articles"]) - int(written["articles"]))
    return bool(written["store"] == state["store"]) and more <= FEW * int(state["articles"])
