"""How do a few articles of a cluster become columns?  In memory, as the embedded engine would have them."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from marisa_trie import Trie

from indexer.engine import Document
from indexer.engine.columns import Columns
from indexer.engine.gathered import Gathered, numbered
from indexer.engine.segments import NO_TERM, WORD_FACETS, Segment, is_syllable
from indexer.engine.vocabulary import BEHIND, Spellings, Vocabulary
from indexer.language import fold


def columns_of(documents: Iterable[Document], generation: str = "") -> Columns:
    """The columns of some articles, in their order."""
    gathered = Gathered()
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
