"""In which order do Vietnamese readers look words up?  A sort key (pure).

The letters of the alphabet first, each behind its plain one (a, ă, â; d, đ); among words of the same letters those
without a tone, then huyền, hỏi, ngã, sắc, nặng: ma, mà, mả, mã, má, mạ, măng, mâm. So dictionaries have it.
"""

from functools import lru_cache

from indexer.language import fold
from indexer.language.syllable import TONED, TONES

# Each letter becomes two: its plain one, and how far behind that it stands.
LETTERS = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}
FOREIGN = "9"  # letters of other languages stand behind ours: ó before ö
TONE = dict(zip(("", *TONES), "014325", strict=True))  # TONES has huyền, sắc, ngã, hỏi, nặng
BEHIND = "\0"  # before every letter, so that short words come before longer ones


@lru_cache(maxsize=65_536)  # the syllables of an archive are met again and again
def key(word: str) -> str:
    """Puts words in dictionary order; capitals and old tone placement make no difference."""
    parts = [TONED.get(letter, (letter, "")) for letter in fold.modern(fold.lower(word))]
    letters = "".join(LETTERS.get(letter) or place(letter) for letter, _ in parts)
    return f"{letters}{BEHIND}{''.join(TONE[tone] for _, tone in parts)}"


def place(letter: str) -> str:
    plain = fold.bare(letter)
    return plain + ("0" if plain == letter else FOREIGN)
