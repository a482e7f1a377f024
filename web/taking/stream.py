"""How do articles leave?  Batch by batch, in one format; what may not be shown any more stays, and the end tells so."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from indexer.article import Kept
from indexer.reprint import newspaper
from indexer.speech import say
from indexer.store import Store
from indexer.taking import Gathering, batches, why_found
from web.citing.record import Desk, cited
from web.taking.formats import Format
from web.taking.item import Item, quoted


@dataclass(slots=True)
class Written:
    """What became of a list as it was written."""

    written: int = 0
    withheld: int = 0
    numbers_withheld: set[int] = field(default_factory=set)
    extractors: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Taking:
    """What is taken away, from where, and for whom."""

    gathering: Gathering
    store: Store
    desk: Desk
    full_text_of_others: bool = False
    advance: Callable[[int], None] = lambda count: None  # told how many more articles are done


def stream(taking: Taking, chosen: Format, told: Written, has_manifest: bool = False) -> Iterator[str]:
    """The whole file in pieces, each read from the archive when it is asked for; counts into ``told``."""
    if chosen.head:
        yield chosen.head
    for batch in batches(taking.gathering, taking.store):
        told.withheld += len(batch.withheld)
        told.numbers_withheld.update(batch.withheld)
        entries = [chosen.entry(item(taking, chosen, kept)) for kept in batch.articles]
        if entries:
            yield (chosen.between if told.written else "") + chosen.between.join(entries)
        told.written += len(entries)
        told.extractors.update(kept.article.extractor for kept in batch.articles)
        taking.advance(len(batch.articles) + len(batch.withheld))
    if told.withheld and not has_manifest:
        yield (chosen.between if told.written else "") + chosen.failing(missing(told, taking.desk.spoken))
    if chosen.tail:
        yield chosen.tail


def item(taking: Taking, chosen: Format, kept: Kept) -> Item:
    citation = cited(kept, taking.desk)
    if not chosen.needs_passages:
        return Item(kept, citation)
    reprint = newspaper(kept.article)
    if not reprint or taking.full_text_of_others:
        return Item(kept, citation, reprint)
    texts = why_found(taking.gathering, kept).texts
    return Item(kept, citation, reprint, whole=False, passages=tuple(map(quoted, texts)))


def missing(told: Written, spoken: str) -> str:
    return say(
        "This file is not whole: %(withheld)s of %(total)s articles stopped being public while it was written, and "
        "were left out. Download it again.",
        spoken,
        withheld=told.withheld,
        total=told.written + told.withheld,
    )
