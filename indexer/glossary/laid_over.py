"""How do an archive's own words lie over the glossary that comes with the program?  (pure)"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexer.glossary import Entry, Glossary, Names, called, folding, load, stem_of
from indexer.language import fold

Cells = tuple[str, str, str]  # Vietnamese, English, abbreviations, as a line of a table has them
Fold = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What an archive's people say: their own terms, shipped ones that are not to count, phrases that are one unit."""

    terms: tuple[Entry, ...] = ()
    off: frozenset[Cells] = frozenset()
    compounds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.off or self.compounds)


def cells(entry: Entry) -> Cells:
    return "|".join(entry.vi), "|".join(entry.en), "|".join(entry.short)


@cache
def shipped() -> dict[Cells, Entry]:
    """Every entry that comes with the program, by what its line says."""
    return {cells(entry): entry for entry in load().entries}


def lay_over(own: OwnWords) -> Glossary:
    """The whole glossary. The department's own terms stand before the shipped ones of the same name."""
    glossary = load()
    if not own:
        return glossary
    gone = [shipped()[each] for each in own.off if each in shipped()]
    away = set(map(id, gone))
    key, bare, small, stemmed = folding(fold.key), folding(fold.bare_key), folding(fold.lower), folding(stem_of)

    def laid(names: Names, fold_name: Fold, of: Callable[[Entry], Iterable[str]]) -> Names:
        return changed(names, named(gone, fold_name, of), named(own.terms, fold_name, of))

    return replace(
        glossary,
        entries=(*own.terms, *(each for each in glossary.entries if id(each) not in away)),
        by_key=laid(glossary.by_key, key, lambda entry: entry.vi),
        by_bare=laid(glossary.by_bare, bare, lambda entry: entry.vi),
        by_short=laid(glossary.by_short, bare, lambda entry: entry.short),
        by_english=laid(glossary.by_english, small, lambda entry: entry.en),
        by_stem=laid(glossary.by_stem, stemmed, lambda entry: entry.en),
        compounds_by_key=frozenset(map(key, own.compounds)),
        compounds_by_bare=frozenset(map(bare, own.compounds)),
        made=frozenset(map(key, own.compounds)),
    )


def named(
    entries: Sequence[Entry], fold_name: Fold, of: Callable[[Entry], Iterable[str]]
) -> Iterator[tuple[str, Entry]]:
    return ((fold_name(name), entry) for entry in entries for name in of(entry))


def changed(names: Names, gone: Iterable[tuple[str, Entry]], added: Iterable[tuple[str, Entry]]) -> Names:
    """The names without those of some entries, and with those of others."""
    found = dict(names)
    for name, entry in gone:
        found[name] = tuple(each for each in found.get(name, ()) if each is not entry)
        if not found[name]:
            del found[name]
    for name, entries in called(added).items():
        found[name] = (*entries, *found.get(name, ()))
    return found
