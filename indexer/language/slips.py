"""Which spellings are one slip of the hand away?"""

from collections.abc import Iterable, Iterator

# No word that people slip on is longer; every letter of it is tried with every other one.
LONGEST = 40


def slips(word: str, letters: Iterable[str]) -> Iterator[str]:
    """The word itself, and with one letter left out, swapped with the next, changed or added (Damerau 1964); some come
    more than once."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield word
    yield from (before + after[1:] for before, after in cuts if after)
    yield from (before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1)
    for letter in letters:
        yield from (before + letter + after[1:] for before, after in cuts if after)
        yield from (before + letter + after for before, after in cuts)
