"""Which terms, abbreviations and words do we know in both languages?  Data files beside this one, read once.

Two layers: `terms/` holds the terms of a department, one file per domain, whose names all mean the same; `lexicon.tsv`
holds general English words, each with its usual Vietnamese renderings, the commonest first.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
WORD = re.compile(r"[^\W_]+")
LONGEST = 8  # no term is longer than eight words
MatchedAs = Literal["term", "abbreviation", "english"]
Names = Mapping[str, tuple["Entry", ...]]  # folded words with a blank between them -> the entries called so


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


@dataclass(frozen=True, eq=False, slots=True)
class Glossary:
    """All entries, ready to be looked up by the words of a question."""

    entries: tuple[Entry, ...]
    by_key: Names
    by_bare: Names
    by_short: Names
    by_english: Names  # as written
    by_stem: Names
    places_by_key: frozenset[str]
    places_by_bare: frozenset[str]
    compounds_by_key: frozenset[str] = frozenset()  # learnt from the archive
    compounds_by_bare: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()  # bare names of several words that are to be passed over
    made: frozenset[str] = frozenset()  # compounds that people made, not the archive

    def longest(self, syllables: Sequence[str], start: int, bare: bool) -> Match | None:
        """The longest Vietnamese term or abbreviation that begins at ``start``; syllables are folded by
        ``fold.bare_key`` when ``bare``, else by ``fold.key``."""
        here = syllables[start : start + LONGEST]
        sizes = self.sizes(here)
        terms = longest(self.by_bare if bare else self.by_key, here, sizes)
        short = longest(self.by_short, [fold.bare_key(each) for each in here], sizes)
        if short and not bare:  # with accents HĐ is no HD
            written = " ".join(here[: short[0]])
            same = tuple(each for each in short[1] if written in map(fold.key, each.short))
            short = (short[0], same) if same else None
        if terms and (not short or terms[0] >= short[0]):
            return Match(*terms, "term", " ".join(here[: terms[0]]))
        if not short:
            return None
        return Match(*short, "abbreviation", " ".join(fold.bare_key(each) for each in here[: short[0]]))

    def longest_english(self, words: Sequence[str], start: int) -> Match | None:
        """The longest English term that begins at ``start``; words in small letters. Terms of several words are
        compared by their stems, a single word by its inflections, and by its stem only when nothing else is known."""
        here = list(words[start : start + LONGEST])
        sizes = self.sizes(here)
        written = longest(self.by_english, here, sizes)
        stemmed = longest(self.by_stem, [stem(word) for word in here], sizes)
        if not stemmed:
            return None
        size = stemmed[0]
        if size > 1:
            exact = written[1] if written and written[0] == size else ()
            return Match(size, tuple(dict.fromkeys((*exact, *stemmed[1]))), "english", " ".join(here[:size]))
        if here[0] in ENGLISH_FUNCTION_WORDS:
            return None
        inflected = dict.fromkeys(each for base in bases(here[0]) for each in self.by_english.get(base, ()))
        exact = self.by_english.get(here[0], ())
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
        known = self.compounds_by_bare if bare else self.compounds_by_key
        size = longest_of(known, syllables, start)
        if size and self.absent:  # one that people made may stand nowhere
            return next(
                (
                    n
                    for n in self.sizes(syllables[start : start + size])
                    if n > 1 and " ".join(syllables[start : start + n]) in known
                ),
                0,
            )
        return size

    def passing_over(self, names: Iterable[str]) -> "Glossary":
        """The same without terms that an archive does not have, so that the words in them are looked up."""
        return replace(self, absent=self.absent | {fold.bare(name) for name in names})

    def with_compounds(self, compounds: frozenset[str]) -> "Glossary":
        """The same with the words that an archive taught (``fold.key``), beside those that people made."""
        known = compounds | self.made
        return replace(self, compounds_by_key=known, compounds_by_bare=frozenset(map(folding(fold.bare_key), known)))


def longest_of(known: frozenset[str], words: Sequence[str], start: int) -> int:
    sizes = range(min(LONGEST, len(words) - start), 1, -1)
    return next((size for size in sizes if " ".join(words[start : start + size]) in known), 0)


def longest(known: Names, words: Sequence[str], sizes: Iterable[int]) -> tuple[int, tuple[Entry, ...]] | None:
    for size in sizes:
        found = known.get(" ".join(words[:size]))
        if found:
            return size, found
    return None


@cache
def load() -> Glossary:
    """The glossary of this installation."""
    terms = [entry for file in sorted(TERMS.glob("*.tsv")) for entry in read_terms(file)]
    entries = (*terms, *read_lexicon(LEXICON))
    places = place_names()
    key, bare, small, stemmed = folding(fold.key), folding(fold.bare_key), folding(fold.lower), folding(stem_of)
    return Glossary(
        entries,
        by_key=called((key(name), each) for each in entries for name in each.vi),
        by_bare=called((bare(name), each) for each in entries for name in each.vi),
        by_short=called((bare(name), each) for each in entries for name in each.short),
        by_english=called((small(name), each) for each in entries for name in each.en),
        by_stem=called((stemmed(name), each) for each in entries for name in each.en),
        places_by_key=frozenset(map(key, places)),
        places_by_bare=frozenset(map(bare, places)),
    )


def folding(fold_word: Callable[[str], str]) -> Callable[[str], str]:
    """A fold of whole names, cut as the words of a question are: `kinh tế - xã hội` and `Đ/c` lose their signs. The
    many names share few words, and each word is folded once."""

    @cache
    def folded(word: str) -> str:
        return " ".join(map(fold_word, WORD.findall(word)))

    return lambda name: fold_word(name) if name.isalnum() else " ".join(filter(None, map(folded, name.split())))


def stem_of(word: str) -> str:
    return stem(fold.lower(word))


def rows(file: Path) -> list[list[str]]:
    """The lines of a table below its header."""
    return [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()[1:]]


def read_terms(file: Path) -> list[Entry]:
    return [Entry(names(vi), names(en), names(short)) for vi, en, short in rows(file)]


def read_lexicon(file: Path) -> list[Entry]:
    return [Entry(names(vi), (en,), general=True) for en, vi in rows(file)]


def names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split("|") if name.strip())


def called(names: Iterable[tuple[str, Entry]]) -> Names:
    found: dict[str, tuple[Entry, ...]] = {}
    for name, entry in names:
        known = found.get(name)
        if known is None:
            found[name] = (entry,)
        elif known[-1] is not entry:  # two names of one entry may be folded to the same
            found[name] = (*known, entry)
    return found


def place_names() -> set[str]:
    """Every place, alone and behind its kind."""
    return {name for place in gazetteer().values() for name in (place.name, place.title)}


@cache
def edition() -> str:
    """What tells these tables from those of another day: the first letters of the SHA-256 of all their lines."""
    files = (*sorted(TERMS.glob("*.tsv")), LEXICON)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
