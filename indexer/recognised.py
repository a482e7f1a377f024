"""Which terms of the glossary stand in an article, and what are they called in the other language?  (pure)"""

from collections.abc import Iterator
from typing import NamedTuple

from indexer.article import Article
from indexer.glossary import Entry, Glossary, Match
from indexer.language import fold, words

# What an article is about is named at its beginning.
FIRST_SYLLABLES = 1_200
MOST = 10
LEAST_SHORT = 3  # letters: what is shorter, as TP, everybody knows, or it is many things


class Recognised(NamedTuple):
    """A term as the article writes it, and its name in the other language; ``full``: what a short form stands for."""

    written: str
    gloss: str
    full: str = ""


def recognised(article: Article, glossary: Glossary) -> list[Recognised]:
    """The article's terms in the order in which they appear; the longest, then the most frequent, when there are many.

    A name that several concepts share is left out: we do not guess which is meant.
    """
    text = "\n".join((article.title, article.lead, article.body))
    often: dict[int, int] = {}
    found: dict[int, tuple[int, Recognised]] = {}
    for number, (written, match) in enumerate(matches(text, glossary, article.language)):
        entry = match.entries[0]
        often[id(entry)] = often.get(id(entry), 0) + 1
        found.setdefault(id(entry), (number, told(written, match, entry, article.language)))
    best = sorted(found, key=lambda key: (-weight(found[key][1], often[key]), found[key][0]))[:MOST]
    return [term for _, term in sorted(found[key] for key in best)]


def weight(term: Recognised, often: int) -> int:
    """Long terms are special ones; one that comes back is what the article is about."""
    return 2 * min(len((term.full or term.written).split()), 6) + min(often, 5)


def told(written: str, match: Match, entry: Entry, language: str) -> Recognised:
    if language == "en":
        return Recognised(written, entry.vi[0])
    return Recognised(written, entry.en[0], entry.vi[0] if match.as_ == "abbreviation" and entry.vi else "")


def matches(text: str, glossary: Glossary, language: str) -> Iterator[tuple[str, Match]]:
    """The terms in a text, longest first, from the left; each as it is written."""
    tokens = words.syllables(text)[:FIRST_SYLLABLES]
    folded = [each.term if language == "en" else fold.key(each.term) for each in tokens]
    at = 0
    while at < len(tokens):
        english = language == "en"
        match = glossary.longest_english(folded, at) if english else glossary.longest(folded, at, bare=False)
        if match:
            written = text[tokens[at].start : tokens[at + match.length - 1].end]
            if clear(written, match, language):
                yield written, match
        at += match.length if match else 1


def clear(written: str, match: Match, language: str) -> bool:
    """Is it one concept of a department that is meant, and is it whole on one line?"""
    if len(match.entries) != 1 or match.entries[0].general or "\n" in written:
        return False
    if not (match.entries[0].vi if language == "en" else match.entries[0].en):  # nothing to tell of it
        return False
    if match.as_ == "abbreviation":
        return written.isupper() and len(written) >= LEAST_SHORT
    return match.length > 1
