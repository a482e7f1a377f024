"""Which articles are near to this one?  Those that share its rarest words, numbers and places, by the usual ranking."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from indexer.article import Article, Kept
from indexer.engine.columns import Columns, Lines
from indexer.engine.places import DOCUMENT_SHIFT, ZONES, zone_of
from indexer.language import fold
from indexer.language.words import NUMBER, PLACE, WORD
from indexer.ranking import Evidence, Part, counted, idf, score
from indexer.store import Store, articles
from indexer.view import View

MOST = 5
# So many candidates are read from the store: some of the best may be the same text again.
CANDIDATES = 4 * MOST
# What an article is about stands at its beginning; tables behind it may be endless.
FIRST_SYLLABLES = 1_500
LONGEST_WORD = 4  # syllables; pyvi joins hardly any longer ones
# So many words tell an article from others; more cost time and change little.
TELLING = 24
# What stands in the title is what the article is about.
TITLE = ZONES.index("title")
IN_TITLE = 3
# A word that stands in more of the articles than this says little.
MOST_COMMON = 0.1
# Two texts that share this part of their words are one text, published again.
SAME_TEXT = 0.85


def related(kept: Kept, numbers: Sequence[int], store: Store) -> list[Kept]:
    """Of the articles that are nearest to one, the nearest first, those that do not repeat it or each other."""
    with store.read() as connection:
        found = articles.several(connection, numbers)
    near: list[Kept] = []
    for each in (found[number] for number in numbers if number in found):
        if len(near) < MOST and not any(repeats(each.article, known.article) for known in (kept, *near)):
            near.append(each)
    return near


def nearest(document: int, view: View) -> list[int]:
    """The documents that are nearest to one, the nearest first."""
    parts = [part for term in telling(document, view) if (part := part_of(term, view))]
    if not parts:
        return []
    scores = np.where(view.shown, score(parts, view.shown, view.weights), 0)
    scores[document] = 0
    order = np.lexsort((view.columns.ids, -np.round(scores, 9)))[:CANDIDATES]
    found: list[int] = order[scores[order] > 0].tolist()
    return found


def part_of(term: str, view: View) -> Part | None:
    entries, often = view.columns.entries([term])
    held = counted(entries, often, view.factor)
    return Part(term, "words", (Evidence("exact", held),)) if len(held.documents) > 1 else None


def telling(document: int, view: View) -> list[str]:
    """The words, document numbers and places that tell a document from others."""
    columns = view.columns
    often = Counter(terms(document, columns))
    weights = {term: size * rarity(term, view) for term, size in often.items()}
    best = sorted((term for term in weights if weights[term] > 0), key=lambda term: (-weights[term], term))
    return best[:TELLING]


def rarity(term: str, view: View) -> float:
    """How telling a term is; 0 for one that stands here alone, or nearly everywhere."""
    held = len(view.columns.entries([term])[0])  # zones of documents: near enough to choose by
    if held < 2 or held > max(10, MOST_COMMON * view.size):
        return 0.0
    return idf(min(held, view.size), view.size) * (1.5 if term[0] in NUMBER + PLACE else 1.0)


def terms(document: int, columns: Columns) -> Iterator[str]:
    """The words of several syllables at a document's beginning, those of its title several times; and its numbers and
    places."""
    for lines in columns.reading([document]):
        base = columns.bases[columns.segments.index(lines.segment)]
        yield from words(lines, base)
    for sign in (NUMBER, PLACE):
        pairs = columns.pairs(sign)
        yield from (pairs.names[number] for number in pairs.numbers[pairs.documents == document].tolist())


def words(lines: Lines, base: int) -> Iterator[str]:
    segment, numbers = lines.segment, lines.terms[:FIRST_SYLLABLES]
    places = lines.places[:FIRST_SYLLABLES] - (base << DOCUMENT_SHIFT)
    in_word = segment.joined.take(segment.at(places)) & (numbers >= 0)
    spelled = {number: fold.key(segment.terms[number]) for number in np.unique(numbers[in_word]).tolist()}
    title = (zone_of(places) == TITLE).tolist()
    syllables = [spelled[number] if joined else "" for number, joined in zip(numbers.tolist(), in_word, strict=True)]
    for at in range(len(syllables)):
        word = longest(syllables[at : at + LONGEST_WORD], lines)
        if word:
            yield from [word] * (IN_TITLE if title[at] else 1)


def longest(syllables: Sequence[str], lines: Lines) -> str:
    """The longest word that some syllables begin with; empty when they begin with none."""
    for size in range(len(syllables), 1, -1):
        if all(syllables[:size]):
            word = WORD + "_".join(syllables[:size])
            if word in lines.segment.terms:
                return word
    return ""


def repeats(one: Article, other: Article) -> bool:
    """Is it the same text again?"""
    if one.title and fold.key(one.title) == fold.key(other.title):
        return True
    left, right = (set(f"{each.lead} {each.body}".lower().split()) for each in (one, other))
    return len(left & right) >= SAME_TEXT * max(len(left), len(right), 1)
