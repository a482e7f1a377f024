"""Which terms, abbreviations and words do we know in both languages?  Data files beside this one, read once.

Two layers: `terms/` holds the terms of a department, one file per domain, whose names all mean the same; `lexicon.tsv`
holds general English words, each with its usual Vietnamese renderings, the commonest first.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from indexer.language import fold
from indexer.language.english import bases, stem
from indexer.language.frames import ENGLISH_FUNCTION_WORDS
from indexer.language.places import gazetteer

FOLDER = Path(__file__).parent
TERMS, LEXICON = FOLDER / "terms", FOLDER / "lexicon.tsv"
LONGEST = 8  # no term is longer than eight words
MatchedAs = Literal["term", "abbreviation", "english"]
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept: its names in Vietnamese (the usual one first), in English, and its abbreviations.

    In a ``general`` entry, one of the lexicon, the Vietnamese names are renderings of one English word and mean
    different things.
    """

    vi: tuple[str, ...]
    en: tuple[str, ...]
    short: tuple[str, ...] = ()
    general: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A name of one or more entries, ``length`` words long, and which kind of name it is.

    ``unlikely``: entries that are less likely meant (`build` for `building`).
    """

    length: int
    entries: tuple[Entry, ...]
    as_: MatchedAs
    written: str
    unlikely: tuple[Entry, ...] = ()


Index = Mapping[Words, tuple[Entry, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Glossary:
    """All entries, ready to be looked up by the words of a question."""

    entries: tuple[Entry, ...]
    by_key: Index
    by_bare: Index
    by_short: Index
    by_english: Index  # as written
    by_stem: Index
    places_by_key: frozenset[Words]
    places_by_bare: frozenset[Words]
    compounds_by_key: frozenset[Words] = frozenset()  # learnt from the archive
    compounds_by_bare: frozenset[Words] = frozenset()
    absent: frozenset[str] = frozenset()  # bare names of several words that are to be passed over

    def longest(self, syllables: Sequence[str], start: int, bare: bool) -> Match | None:
        """The longest Vietnamese term or abbreviation that begins at ``start``; syllables are folded by
        ``fold.bare_key`` when ``bare``, else by ``fold.key``."""
        here = syllables[start : start + LONGEST]
        sizes = self.sizes(here)
        terms = longest(self.by_bare if bare else self.by_key, here, sizes)
        short = longest(self.by_short, [fold.bare_key(each) for each in here], sizes)
        if short and not bare:  # with accents HĐ is no HD
            written = " ".join(here[: len(short[0])])
            same = tuple(each for each in short[1] if written in map(fold.key, each.short))
            short = (short[0], same) if same else None
        if terms and (not short or len(terms[0]) >= len(short[0])):
            return Match(len(terms[0]), terms[1], "term", " ".join(terms[0]))
        return Match(len(short[0]), short[1], "abbreviation", " ".join(short[0])) if short else None

    def longest_english(self, words: Sequence[str], start: int) -> Match | None:
        """The longest English term that begins at ``start``; words in small letters. Terms of several words are
        compared by their stems, a single word by its inflections, and by its stem only when nothing else is known."""
        here = list(words[start : start + LONGEST])
        sizes = self.sizes(here)
        written = longest(self.by_english, here, sizes)
        stemmed = longest(self.by_stem, [stem(word) for word in here], sizes)
        if not stemmed:
            return None
        size = len(stemmed[0])
        if size > 1:
            exact = written[1] if written and len(written[0]) == size else ()
            return Match(size, tuple(dict.fromkeys((*exact, *stemmed[1]))), "english", " ".join(here[:size]))
        if here[0] in ENGLISH_FUNCTION_WORDS:
            return None
        inflected = dict.fromkeys(each for base in bases(here[0]) for each in self.by_english.get((base,), ()))
        exact = self.by_english.get((here[0],), ())
        likely, unlikely = (exact, tuple(inflected)) if exact else (tuple(inflected), ())
        return Match(1, likely, "english", here[0], unlikely if likely else stemmed[1])

    def sizes(self, words: Sequence[str]) -> list[int]:
        """How many of the words a name may have, the most first."""
        sizes = range(len(words), 0, -1)
        if not self.absent:
            return list(sizes)
        return [n for n in sizes if fold.bare(" ".join(words[:n])) not in self.absent]

    def longest_place(self, syllables: Sequence[str], start: int, bare: bool) -> int:
        """How many syllables from ``start`` on name a place, with or without its kind (xã, phường …); 0 when none."""
        return longest_of(self.places_by_bare if bare else self.places_by_key, syllables, start)

    def longest_compound(self, syllables: Sequence[str], start: int, bare: bool) -> int:
        """How many syllables from ``start`` on are one word of this archive; 0 when they are none."""
        return longest_of(self.compounds_by_bare if bare else self.compounds_by_key, syllables, start)

    def passing_over(self, names: Iterable[str]) -> "Glossary":
        """The same without terms that an archive does not have, so that the words in them are looked up."""
        return replace(self, absent=self.absent | {fold.bare(name) for name in names})

    def with_compounds(self, compounds: Iterable[Words]) -> "Glossary":
        """The same with the words that an archive taught."""
        by_key = frozenset(compounds)
        by_bare = frozenset(tuple(map(fold.bare_key, words)) for words in by_key)
        return replace(self, compounds_by_key=by_key, compounds_by_bare=by_bare)


def longest_of(known: frozenset[Words], words: Sequence[str], start: int) -> int:
    sizes = range(min(LONGEST, len(words) - start), 1, -1)
    return next((size for size in sizes if tuple(words[start : start + size]) in known), 0)


def longest(index: Index, words: Sequence[str], sizes: Iterable[int]) -> tuple[Words, tuple[Entry, ...]] | None:
    for size in sizes:
        found = index.get(tuple(words[:size]))
        if found:
            return tuple(words[:size]), found
    return None


@cache
def load() -> Glossary:
    """The glossary of this installation."""
    terms = [entry for file in sorted(TERMS.glob("*.tsv")) for entry in read_terms(file)]
    entries = (*terms, *read_lexicon(LEXICON))
    places = place_names()
    return Glossary(
        entries,
        by_key=index_of((syllables(fold.key(name)), each) for each in entries for name in each.vi),
        by_bare=index_of((syllables(fold.bare_key(name)), each) for each in entries for name in each.vi),
        by_short=index_of((syllables(fold.bare_key(name)), each) for each in entries for name in each.short),
        by_english=index_of((syllables(fold.lower(name)), each) for each in entries for name in each.en),
        by_stem=index_of((stems(name), each) for each in entries for name in each.en),
        places_by_key=frozenset(tuple(syllables(fold.key(name))) for name in places),
        places_by_bare=frozenset(tuple(syllables(fold.bare_key(name))) for name in places),
    )


def rows(file: Path) -> list[list[str]]:
    """The lines of a table below its header."""
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]


def read_terms(file: Path) -> list[Entry]:
    return [Entry(names(vi), names(en), names(short)) for vi, en, short in rows(file)]


def read_lexicon(file: Path) -> list[Entry]:
    return [Entry(names(vi), (en,), general=True) for en, vi in rows(file)]


def names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("|") if name.strip())


def syllables(folded: str) -> list[str]:
    """As the words of a question are cut: `kinh tế - xã hội` and `Đ/c` lose their signs."""
    return re.findall(r"[^\W_]+", folded)


def stems(name: str) -> list[str]:
    return [stem(word) for word in syllables(fold.lower(name))]


def index_of(pairs: Iterable[tuple[Sequence[str], Entry]]) -> Index:
    index: dict[Words, dict[Entry, None]] = {}
    for words, entry in pairs:
        index.setdefault(tuple(words), {})[entry] = None
    return {words: tuple(found) for words, found in index.items()}


def place_names() -> set[str]:
    """Every place, alone and behind its kind."""
    return {name for place in gazetteer().values() for name in (place.name, place.title)}
