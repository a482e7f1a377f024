"""Is this Vietnamese or English?  Judged from the text alone: its letters, its syllables, a list of English words.

Only these two are told apart. On unaccented questions of a few words, which readers type every day, general
detectors are wrong half of the time; the shape of the Vietnamese syllable is the better witness.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from indexer.article import Language
from indexer.language import fold
from indexer.language.english import stem
from indexer.language.frames import ENGLISH_FUNCTION_WORDS
from indexer.language.syllable import CARRIERS, SHAPE, VIETNAMESE

Witness = Literal["vi", "en", "either", "neither"]
WORD = re.compile(r"[^\W\d_]+")
MARKED = re.compile(f"[{''.join(sorted(VIETNAMESE))}][^\\W\\d_]*")  # a word from its first such letter
# Foreign names bring single marked letters into English text (café, Nguyễn); more than this share is Vietnamese.
MARKED_SHARE = 0.15
BARE_RHYMES = frozenset(fold.bare(rhyme) for rhymes in CARRIERS.values() for rhyme in rhymes)
VI, EN, BOTH = frozenset({"vi"}), frozenset({"en"}), frozenset({"vi", "en"})


def language_of(paragraph: str) -> Language:
    """The language of a clean paragraph; Vietnamese when nothing speaks for either."""
    found = WORD.findall(paragraph)
    marked = len(MARKED.findall(paragraph))
    if marked > MARKED_SHARE * len(found):
        return "vi"
    seen = [witness(word) for word in found]
    return "en" if seen.count("en") > votes_for_vietnamese(found, seen) else "vi"


def readings(words: Sequence[str]) -> tuple[frozenset[str], ...]:
    """For each word of a question the languages it is to be read in, judged from the whole question.

    Names, numbers and unknown words are read in both.
    """
    seen = [witness(word) for word in words]
    english, vietnamese = seen.count("en"), votes_for_vietnamese(words, seen)
    return tuple(reading(word, each, english, vietnamese) for word, each in zip(words, seen, strict=True))


def votes_for_vietnamese(words: Sequence[str], seen: Sequence[Witness]) -> int:
    """Unmarked capitalised syllables beside English words are a name (Lang Son) and say nothing."""
    names = "en" in seen
    return sum(
        each == "vi" and not (names and word[0].isupper() and not fold.is_marked(word))
        for word, each in zip(words, seen, strict=True)
    )


def reading(word: str, seen: Witness, english: int, vietnamese: int) -> frozenset[str]:
    if seen == "neither":
        return BOTH
    if seen == "en":
        return EN
    if seen == "vi":
        return VI if fold.is_marked(word) or vietnamese >= english else BOTH
    return VI if vietnamese > english else EN if english > vietnamese else BOTH


@lru_cache(maxsize=65_536)  # the words of some thousand articles
def witness(word: str) -> Witness:
    """What a single word speaks for."""
    if any(letter in VIETNAMESE for letter in word):
        return "vi"
    lowered = word.lower()
    known = is_english(lowered)
    if has_syllable_shape(lowered):
        return "either" if known else "vi"
    return "en" if known else "neither"


def has_syllable_shape(word: str) -> bool:
    """Whether an unaccented word in small letters could be a Vietnamese syllable."""
    parts = SHAPE.fullmatch(word)
    return parts is not None and parts["rhyme"] in BARE_RHYMES


def is_english(word: str) -> bool:
    """Whether a word in small letters, or its stem, is on the list of English words."""
    return word in english_words() or stem(word) in english_stems()


@cache
def english_words() -> frozenset[str]:
    lexicon = (Path(__file__).parents[1] / "glossary" / "lexicon.tsv").read_text(encoding="utf-8").splitlines()[1:]
    listed = {line.split("\t")[0] for line in lexicon} | set(
        (Path(__file__).parent / "data" / "en_words.txt").read_text(encoding="utf-8").split()
    )
    return frozenset(word for word in listed if " " not in word) | ENGLISH_FUNCTION_WORDS


@cache
def english_stems() -> frozenset[str]:
    # a stem of two letters would make half of the Vietnamese syllables English
    return frozenset(stem(word) for word in english_words() if len(stem(word)) > 2)
