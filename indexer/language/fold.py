"""Which spellings count as the same?  Every fold maps one character to one, so places in the text stay."""

import re
import unicodedata

from indexer.language.syllable import SEVERAL_VOWELS, VIETNAMESE, with_tone_in_place

# Syllables written with i or with y as the writer likes, in the spelling that stands for both (the one that
# dictionaries or newspapers prefer). A closed list: `vi` and `Vy`, `mi` and `My` are different words.
EITHER = "hy hý hỷ ký kỳ kỷ kỹ kỵ ly lý lỳ lỵ mỳ mỹ mỵ sĩ ty tý tỳ tỷ tỵ vĩ quy quý quỳ quỷ quỹ quỵ"
# The same without accents, where `vi` may stand for `vĩ` and `vy` for `vỹ`.
EITHER_BARE = "hy ky ly my sy ty vy quy"

BARE_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

MARKED = re.compile(f"[{''.join(sorted(VIETNAMESE))}]")
OTHER_LETTER = str.maketrans("iìíĩỉịyỳýỹỷỵ", "yỳýỹỷỵiìíĩỉị")
I_OR_Y = re.compile(r"(?<![^\W\d_])(?:qu|[hklmstv])[iìíĩỉịyỳýỹỷỵ](?![^\W\d_])")


def other_spellings(kept: str) -> dict[str, str]:
    """From the spelling that is folded away to the one that is kept."""
    return {syllable[:-1] + syllable[-1].translate(OTHER_LETTER): syllable for syllable in kept.split()}


SAME = other_spellings(EITHER)
SAME_BARE = other_spellings(EITHER_BARE)


def without_marks() -> dict[int, str]:
    """Every accented Latin letter, and the plain small one (so `muller` finds `Müller` as well)."""
    plain = {ord("đ"): "d", ord("Đ"): "d"}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        parts = unicodedata.normalize("NFD", chr(code))
        if len(parts) > 1 and parts[0].isascii():
            plain[code] = parts[0].lower()
    return plain


WITHOUT_MARKS = without_marks()


def lower(text: str) -> str:
    """Small letters; the few characters whose small form is longer (İ) stay as they are."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one if len(one := letter.lower()) == 1 else letter for letter in text)


def modern(text: str) -> str:
    """Tones where the new style puts them: hoà, thuỷ, uỷ, quý, toàn, được, whichever letter carried them."""
    if text.isascii():
        return text
    return SEVERAL_VOWELS.sub(lambda found: with_tone_in_place(found[0]), text)


def key(text: str) -> str:
    """The form under which words with accents are kept and sought: small, tones in place, one of i and y."""
    return I_OR_Y.sub(lambda found: SAME.get(found[0], found[0]), modern(lower(text)))


def bare(text: str) -> str:
    """Small letters without any mark; đ is d."""
    return lower(text.translate(WITHOUT_MARKS))


def bare_key(text: str) -> str:
    """The form under which words without accents are kept and sought: bare, one of i and y."""
    return I_OR_Y.sub(lambda found: SAME_BARE.get(found[0], found[0]), bare(text))


def is_marked(text: str) -> bool:
    """Has ``text`` a letter that only an accented Vietnamese keyboard gives?"""
    return MARKED.search(text) is not None


def as_typed(typed: str, text: str) -> str:
    """``text`` as it is compared with what was typed: accents count once one was typed."""
    return key(text) if is_marked(typed) else bare_key(text)
