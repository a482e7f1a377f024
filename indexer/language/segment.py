"""Where do Vietnamese words begin and end?  pyvi's own model, without pyvi, which would load scikit-learn.

The model is a linear-chain CRF that labels each token as the first of a word or as joined to the one before.
Tokens, features and the joining rule must stay exactly those of pyvi 0.1.1; a test compares the two.
"""

import codecs
import pickle
import re
import string
import threading
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pycrfsuite

from indexer.errors import KhotinError
from indexer.language.fold import modern

TOKEN = re.compile(
    r"[A-ZĐ]+\.|Tp\.|Mr\.|Mrs\.|Ms\.|Dr\.|ThS\."  # abbreviations keep their dot
    r"|==>|->|\.\.\.|>>"
    r"|\w+://[^\s]+"
    r"|[a-zA-Z0-9_.+-]+@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z0-9-]+"
    r"|\d+(?:[.,_]\d+)+"
    r"|[^\w\s]|\w+"
)

THREAD = threading.local()  # a tagger keeps the sequence it works on, so each thread has its own


class Span(NamedTuple):
    """One word: ``text[start:end]``, with the spaces between its syllables."""

    start: int
    end: int


class Traits(NamedTuple):
    """What the model is told of one token when it stands here, before and after the token in question."""

    here: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


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
    tokens = [(found[0], found.start(), found.end()) for found in TOKEN.finditer(line)]
    if not tokens:
        return []
    words = [token for token, _, _ in tokens]
    labels = tagger().tag(features(words))
    found = [tokens[0][1:]]
    for before, (word, start, end), label in zip(words, tokens[1:], labels[1:], strict=False):
        if label == "I_W" and joinable(before, word):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
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


def features(words: list[str]) -> list[list[str]]:
    """For each token the features that hold, in pyvi's order (sums of floats depend on it)."""
    pairs, triples = known_words()
    traits = [traits_of(word) for word in words]
    small = [word.lower() for word in words]
    last = len(words) - 1
    in_pair = [f"{one} {two}" in pairs for one, two in pairwise(small)]
    in_triple = [" ".join(three) in triples for three in zip(small, small[1:], small[2:], strict=False)]
    told = []
    for at, trait in enumerate(traits):
        row = [*trait.here]
        if at > 0:
            row += traits[at - 1].before
            if in_pair[at - 1]:
                row.append("-1:word.bi_gram()")
            if at > 1 and in_triple[at - 2]:
                row.append("-2:word.tri_gram()")
        if at < last:
            row += traits[at + 1].after
            if in_pair[at]:
                row.append("+1:word.bi_gram()")
            if at < last - 1 and in_triple[at]:
                row.append("+2:word.tri_gram()")
        told.append(row)
    return told


@lru_cache(maxsize=20_000)  # nearly every syllable of an archive, at about 1 kB each
def traits_of(word: str) -> Traits:
    small, title, upper = f"word.lower():{word.lower()}", word.istitle(), word.isupper()
    here = named(("bias", True), (small, True), ("word.isupper()", upper), ("word.istitle()", title),
                 ("word.isdigit()", word.isdigit()))  # fmt: skip
    beside = named((small, True), ("word.istitle()", title), ("word.isupper()", upper))
    return Traits(here, tuple(f"-1:{each}" for each in beside), tuple(f"+1:{each}" for each in beside))


def named(*features: tuple[str, bool]) -> tuple[str, ...]:
    return tuple(name for name, holds in features if holds)


def tagger() -> Any:
    """This thread's tagger, opened at its first use; without file or lock, so a fork may inherit it."""
    if not hasattr(THREAD, "tagger"):
        opened = pycrfsuite.Tagger()
        opened.open_inmemory(model())
        THREAD.tagger = opened
    return THREAD.tagger


@cache  # taggers read from these bytes while they live; two threads that come first together do no harm
def model() -> bytes:
    """The trained CRF out of pyvi's pickle, of which nothing else is wanted."""
    with (pyvi_models() / "pyvi3.pkl").open("rb") as file:
        estimator = ModelUnpickler(file).load()
    data: bytes = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    return data


class Ignored:
    """Stands in for every class that the pickle names, and keeps what the pickle says of it."""

    def __init__(self, *_: object) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class ModelUnpickler(pickle.Unpickler):
    """Runs no code that a pickle could bring along: bytes are decoded, all else is ignored."""

    def find_class(self, module: str, name: str) -> Any:
        return codecs.encode if (module, name) == ("_codecs", "encode") else Ignored


@cache
def known_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words of two and of three syllables in pyvi's word list."""
    words = (pyvi_models() / "words.txt").read_text(encoding="utf-8").split("\n")
    return (
        frozenset(word for word in words if word.count(" ") == 1),
        frozenset(word for word in words if word.count(" ") == 2),
    )


def pyvi_models() -> Path:
    found = find_spec("pyvi")
    if found is None or found.origin is None:
        raise KhotinError("The package pyvi is missing. Run “make install”.")
    return Path(found.origin).parent / "models"
