"""How do a few articles of a cluster become columns?  In memory, as the embedded engine would have them; of the terms
that a question does not ask for no more is kept than that something stands there, which takes a third of the time."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from marisa_trie import Trie

from indexer.afar.clauses import LISTED
from indexer.engine import Document
from indexer.engine.columns import Columns
from indexer.engine.gathered import LEFT_OUT, Gathered, Numbering, numbered
from indexer.engine.segments import NO_TERM, WORD_FACETS, Segment, is_syllable
from indexer.engine.shape import bare, key
from indexer.engine.vocabulary import BEHIND, Spellings, Vocabulary
from indexer.language import fold
from indexer.language.words import STEM, WORD
from indexer.units import Slot

OTHER = "x··"  # a syllable that no text and no question holds, nor one that a slip makes of theirs


class Wanted(Numbering):
    """The numbers of those terms that may stand in some slots.

    All other syllables have the number of one that nobody asks for, and so have, where a syllable is asked for that
    stands alone, all other words that of one as long: lengths, paragraphs and places stay what they are.
    """

    def __init__(self, slots: Iterable[Slot], patterns: Callable[[Slot], Sequence[str]]) -> None:
        super().__init__()
        self.terms, self.written, self.unaccented = set[str](), set[str](), set[str]()
        self.words = False
        for slot in slots:
            if slot.how in LISTED:
                self.terms.update(patterns(slot))
            elif slot.how in ("key", "alone"):
                self.written.add(key(slot.text))
                self.words |= slot.how == "alone"
            elif slot.how == "bare":
                self.unaccented.add(bare(slot.text))
            else:
                self.terms.add(STEM + slot.text if slot.how == "stem" else slot.text)

    def __missing__(self, term: str) -> int:
        instead = self.instead_of(term)
        if instead == term:
            return super().__missing__(term)
        self[term] = number = self[instead] if instead else LEFT_OUT
        return number

    def instead_of(self, term: str) -> str:
        if term in self.terms:
            return term
        if is_syllable(term):
            return term if key(term) in self.written or bare(term) in self.unaccented else OTHER
        return WORD + "_".join([OTHER] * term.count("_")) if self.words and term[0] == WORD else ""


def columns_of(documents: Iterable[Document], generation: str = "", wanted: Wanted | None = None) -> Columns:
    """The columns of some articles, in their order."""
    gathered = Gathered(wanted)
    for each in documents:
        gathered.add(each.id, each.terms, each.facets)
    return Columns(generation, [segment_of(gathered)], [np.empty(0, dtype=np.int64)])


def segment_of(gathered: Gathered) -> Segment:
    terms = gathered.sorted.terms
    trie = Trie(terms)
    numbers = np.empty(len(terms), dtype=np.int32)
    numbers[[trie[term] for term in terms]] = np.arange(len(terms), dtype=np.int32)
    syllables = [term for term in terms if is_syllable(term)]
    columns: dict[str, Any] = gathered.columns()
    ranks = columns["pair_ranks"]
    return Segment(
        terms=Vocabulary(trie, numbers),
        facets={name: numbered([str(each[name]) for each in gathered.stored]) for name in WORD_FACETS},
        keys=Spellings(Trie(fold.key(each) + BEHIND + each for each in syllables)),
        bare=Spellings(Trie(fold.bare_key(each) + BEHIND + each for each in syllables)),
        frequent=int(ranks.max(initial=NO_TERM)) + 1,
        **columns,
    )
