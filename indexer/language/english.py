"""Which base forms may an English word have?  Inflections only: attacks is attack, attacker is another word."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import Stemmer

DATA = Path(__file__).parent / "data"
DOUBLED = re.compile(r"([bdgklmnprtvz])\1$")


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem (Snowball, Porter 2) of a word in small letters; irregular forms have that of their base."""
    return str(stemmer().stemWord(irregular().get(word, word)))


def bases(word: str) -> Iterator[str]:
    """What a word in small letters may be an inflection of; not all of it need be a word."""
    if word in irregular():
        yield irregular()[word]
    for ending, replacements in (
        ("ies", ("y", "ie")),
        ("es", ("", "e", "is")),
        ("s", ("",)),
        ("ied", ("y", "ie")),
        ("ed", ("", "e")),
        ("ying", ("ie",)),
        ("ing", ("", "e")),
        ("ier", ("y",)),
        ("iest", ("y",)),
        ("er", ("", "e")),
        ("est", ("", "e")),
    ):
        # what is left must still be a word: bed is not the past of b
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            left = word.removesuffix(ending)
            yield from (left + more for more in replacements)
            if DOUBLED.search(left):
                yield left[:-1]


@cache
def irregular() -> dict[str, str]:
    """From went to go, from children to child: what no rule can know."""
    lines = (DATA / "english_irregular.txt").read_text(encoding="utf-8").splitlines()
    return {form: base for base, *forms in map(str.split, lines) for form in forms}


@cache
def stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english", 0)  # without its cache, which threads may not share; ours stands before it
