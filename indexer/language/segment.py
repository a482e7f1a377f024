"""Where do Vietnamese words begin and end?  As pyvi cuts them, by its own model and several times as fast.

The model is a linear-chain CRF that labels each token as the first of a word or as joined to the one before. pyvi
hands it the names of all features of every token; here what a token brings along is added up once and remembered.
Tokens, features and the joining rule must stay exactly those of pyvi 0.1.1; a test compares the two.
"""

import re
import string
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from indexer.language.crf import Crf, Pair, crf, pyvi_models
from indexer.language.fold import modern

TOKEN = re.compile(
    r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\."  # abbreviations keep their dot
    r"|==>|->|\.\.\.|>>"
    r"|\w+://[^\s]+"
    r"|[a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
    r"|\d+(?:[.,_]\d+)+"
    r"|[^\w\s]|\w+"
)


class Span(NamedTuple):
    """One word: ``text[start:end]``, with the spaces between its syllables."""

    start: int
    end: int


class Traits(NamedTuple):
    """What speaks for a token being first and for its being joined: the token itself when it stands here, or when it is
    the one before or after."""

    small: str
    here: Pair
    before: Pair
    after: Pair


def spans(text: str) -> list[Span]:
    """The words of clean text, each line for itself; punctuation marks are words of their own.

    Offsets are those of ``text``; the model is shown its new-style spelling, which is as long.
    """
    found: list[Span] = []
    start = 0
    for line in modern(text).split("\n"):
        found += (Span(start + first, start + last) for first, last in line_spans(line))
        start += len(line) + 1
    return found


def segment(text: str) -> list[str]:
    """The words of clean text as pyvi would cut it: in new-style spelling, syllables joined by ``_``."""
    spelled = modern(text)
    return ["_".join(TOKEN.findall(spelled, *span)) for span in spans(text)]


def line_spans(line: str) -> list[tuple[int, int]]:
    tokens = list(TOKEN.finditer(line))
    if not tokens:
        return []
    words = [token[0] for token in tokens]
    found = [tokens[0].span()]
    for number, joined in enumerate(joins(words)):
        if joined and number and joinable(words[number - 1], words[number]):
            found[-1] = (found[-1][0], tokens[number].end())
        elif number:
            found.append(tokens[number].span())
    return found


def joinable(before: str, word: str) -> bool:
    """pyvi joins no punctuation, no number, and no capital to a small letter."""
    return (
        word not in string.punctuation
        and before not in string.punctuation
        and not word[0].isdigit()
        and not before[0].isdigit()
        and not (word[0].istitle() and not before[0].istitle())
    )


def joins(words: Sequence[str]) -> list[bool]:
    """Which tokens the likeliest labels join to the one before (Viterbi; of two equal ways the first label's)."""
    model = crf()
    (first_first, first_joined), (joined_first, joined_joined) = model.after_first, model.after_joined
    scores = iter(speaking(words, model))
    first, joined = next(scores)
    came: list[tuple[bool, bool]] = []  # was the token before a joined one, if this is first or joined
    for of_first, of_joined in scores:
        to_first, joined_to_first = first + first_first, joined + joined_first
        to_joined, joined_to_joined = first + first_joined, joined + joined_joined
        came.append((joined_to_first > to_first, joined_to_joined > to_joined))
        first = (joined_to_first if joined_to_first > to_first else to_first) + of_first
        joined = (joined_to_joined if joined_to_joined > to_joined else to_joined) + of_joined
    path = [joined > first]
    for each in reversed(came):
        path.append(each[path[-1]])
    return path[::-1]


def speaking(words: Sequence[str], model: Crf) -> list[Pair]:
    """For each token what speaks for its being first and joined: itself, its neighbours, words on the list."""
    traits = [traits_of(word) for word in words]
    first = [trait.here[0] for trait in traits]
    joined = [trait.here[1] for trait in traits]
    for at, (left, right) in enumerate(pairwise(traits)):
        first[at] += right.after[0]
        joined[at] += right.after[1]
        first[at + 1] += left.before[0]
        joined[at + 1] += left.before[1]
    for at, name in listed([trait.small for trait in traits]):
        weight = model.attributes.get(name)
        if weight:
            first[at] += weight[0]
            joined[at] += weight[1]
    return list(zip(first, joined, strict=True))


def listed(small: Sequence[str]) -> list[tuple[int, str]]:
    """At which tokens a word of the list stands on either side, and the name of the feature that says so."""
    found: list[tuple[int, str]] = []
    known, begun = word_list()
    for at, (one, two) in enumerate(pairwise(small)):
        if f"{one} {two}" in known:
            found += ((at, "+1:word.bi_gram()"), (at + 1, "-1:word.bi_gram()"))
        if one in begun and at + 2 < len(small) and f"{one} {two} {small[at + 2]}" in known:
            found += ((at, "+2:word.tri_gram()"), (at + 2, "-2:word.tri_gram()"))
    return found


@lru_cache(maxsize=20_000)  # nearly every syllable of an archive
def traits_of(word: str) -> Traits:
    small, title, upper = f"word.lower():{word.lower()}", word.istitle(), word.isupper()
    beside = named((small, True), ("word.istitle()", title), ("word.isupper()", upper))
    return Traits(
        word.lower(),
        added(named(("bias", True), (small, True), ("word.isupper()", upper), ("word.istitle()", title),
                    ("word.isdigit()", word.isdigit()))),
        added(f"-1:{each}" for each in beside),
        added(f"+1:{each}" for each in beside),
    )  # fmt: skip


def added(names: Iterable[str]) -> Pair:
    """What these features say together."""
    known = [crf().attributes.get(name, (0.0, 0.0)) for name in names]
    return sum(first for first, _ in known), sum(joined for _, joined in known)


def named(*features: tuple[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, holds in features if holds)


@cache
def word_list() -> tuple[frozenset[str], frozenset[str]]:
    """pyvi's word list, and with which syllables its words of three begin."""
    known = (pyvi_models() / "words.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(known), frozenset(word[: word.index(" ")] for word in known if word.count(" ") == 2)
