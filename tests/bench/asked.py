"""Which questions are asked?  Drawn from the archive itself, the same ones for the same archive and seed."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexer.article import Article, Kept, shown_date
from indexer.engine.columns import Columns
from indexer.glossary import LONGEST, Entry, Glossary
from indexer.language import fold, words
from indexer.language.words import NUMBER
from indexer.query import Query, address
from indexer.store import Store, articles

SEED = 20240130
# Questions are drawn from so many articles; single syllables and English terms are those that stand in them.
DRAWN_FROM = 2000
COMMON = 400  # the most frequent syllables
SHARES = {  # in percent
    "one common syllable": 6,
    "pair": 20,
    "phrase in quotes": 10,
    "four words": 18,
    "eight words": 10,
    "unaccented": 14,
    "English": 8,
    "with a year": 4,
    "with a section": 4,
    "page 50": 3,
    "document number": 3,
}


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    query: Query


class Source:
    """What questions are drawn from: articles of the archive, and chance."""

    def __init__(self, store: Store, columns: Columns, glossary: Glossary, seed: int) -> None:
        self.chance = random.Random(seed)
        numbers = sorted(columns.ids[columns.live].tolist())
        chosen = self.chance.sample(numbers, min(DRAWN_FROM, len(numbers)))
        with store.read() as connection:
            kept = articles.several(connection, chosen)
        self.kept = [kept[number] for number in chosen if number in kept]
        self.common = common_syllables(self.kept)
        self.numbers = sorted(term[1:] for term in columns.holding(NUMBER, columns.live))
        self.chance.shuffle(self.numbers)
        self.english = terms_by_vietnamese(glossary)

    def article(self) -> Kept:
        return self.chance.choice(self.kept)

    def run(self, article: Article, size: int) -> str:
        """Neighbouring syllables of a line, as they are written."""
        lines = [line for line in text_of(article).split("\n") if len(words.syllables(line)) >= size]
        if not lines:
            return ""
        line = self.chance.choice(lines)
        found = words.syllables(line)
        at = self.chance.randrange(len(found) - size + 1)
        return line[found[at].start : found[at + size - 1].end].replace('"', " ")


def text_of(article: Article) -> str:
    return "\n".join((article.title, article.lead, article.body))


def common_syllables(kept: Sequence[Kept]) -> list[str]:
    """The syllables that stand in the most articles, the most frequent first."""
    held: Counter[str] = Counter()
    for each in kept:
        held.update({token.term for token in words.syllables(text_of(each.article)) if token.term.isalpha()})
    return sorted(held, key=lambda term: (-held[term], term))[:COMMON]


def terms_by_vietnamese(glossary: Glossary) -> dict[str, str]:
    """From a Vietnamese name of an entry to its usual English one; terms of a department go before general words."""
    found: dict[str, str] = {}
    for entry in sorted(glossary.entries, key=lambda entry: entry.general):
        for name in vietnamese(entry):
            found.setdefault(name, entry.en[0])
    return found


def vietnamese(entry: Entry) -> Iterator[str]:
    if entry.en and entry.vi:
        yield fold.key(entry.vi[0])


def questions(store: Store, columns: Columns, glossary: Glossary, many: int, seed: int = SEED) -> list[Asked]:
    """So many distinct questions in mixed order; where an archive has too few of a kind, pairs make up for them."""
    source = Source(store, columns, glossary, seed)
    seen: dict[str, Asked] = {}
    for kind, share in SHARES.items():
        draw(source, kind, many * share // 100, seen)
    draw(source, "pair", many - len(seen), seen)
    mixed = list(seen.values())
    source.chance.shuffle(mixed)
    return mixed


def draw(source: Source, kind: str, many: int, seen: dict[str, Asked]) -> None:
    wanted = len(seen) + many
    for _ in range(50 * many):  # beyond that the archive has no more of the kind
        if len(seen) >= wanted:
            return
        query = KINDS[kind](source)
        if query.q:
            seen.setdefault(address(query), Asked(kind, query))


def one_common_syllable(source: Source) -> Query:
    return Query(q=source.chance.choice(source.common))


def pair(source: Source) -> Query:
    return Query(q=source.run(source.article().article, 2))


def phrase(source: Source) -> Query:
    run = source.run(source.article().article, source.chance.choice((3, 4)))
    return Query(q=f'"{run}"' if run else "")


def four_words(source: Source) -> Query:
    """Two pairs of one article, as a reader puts together what he remembers."""
    article = source.article().article
    return Query(q=f"{source.run(article, 2)} {source.run(article, 2)}")


def eight_words(source: Source) -> Query:
    return Query(q=source.run(source.article().article, 8))


def unaccented(source: Source) -> Query:
    run = source.run(source.article().article, source.chance.choice((2, 3, 4, 6)))
    return Query(q=fold.bare(run)) if fold.is_marked(run) else Query()


def english(source: Source) -> Query:
    """One or two terms of an article, in English."""
    syllables = [fold.key(token.term) for token in words.syllables(source.article().article.body)]
    runs = (" ".join(syllables[at : at + size]) for size in range(1, LONGEST) for at in range(len(syllables)))
    terms = sorted({source.english[run] for run in runs if run in source.english})
    many = source.chance.choice((1, 2))
    return Query(q=" ".join(source.chance.sample(terms, many))) if len(terms) >= many else Query()


def with_a_year(source: Source) -> Query:
    kept = source.article()
    day = shown_date(kept.article)
    run = source.run(kept.article, 2)
    return Query(q=run, first=date(day.year, 1, 1), last=date(day.year, 12, 31)) if day else Query()


def with_a_section(source: Source) -> Query:
    kept = source.article()
    run = source.run(kept.article, 2)
    return Query(q=run, facets={"section": (kept.article.section,)}) if kept.article.section else Query()


def page_50(source: Source) -> Query:
    """One of the most frequent syllables: any two would be a phrase that few articles hold."""
    return Query(q=source.chance.choice(source.common[: COMMON // 4]), page=50)


def document_number(source: Source) -> Query:
    return Query(q=source.numbers.pop()) if source.numbers else Query()


KINDS: dict[str, Callable[[Source], Query]] = {
    "one common syllable": one_common_syllable,
    "pair": pair,
    "phrase in quotes": phrase,
    "four words": four_words,
    "eight words": eight_words,
    "unaccented": unaccented,
    "English": english,
    "with a year": with_a_year,
    "with a section": with_a_section,
    "page 50": page_50,
    "document number": document_number,
}


def write(asked: Sequence[Asked], file: Path) -> None:
    """The questions as addresses ask them, so that a run can be looked into."""
    with file.open("w", encoding="utf-8") as lines:
        for each in asked:
            told = {"kind": each.kind, "q": each.query.q, "address": address(each.query)}
            lines.write(json.dumps(told, ensure_ascii=False) + "\n")
