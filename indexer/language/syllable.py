"""How is a Vietnamese syllable built, and which of its letters carries the tone?"""

import re
import unicodedata
from functools import lru_cache

TONES = "\u0300\u0301\u0303\u0309\u0323"  # huyền, sắc, ngã, hỏi, nặng
VOWELS = "aăâeêioôơuưy"
CONSONANTS = "bcdđghklmnpqrstvx"

# Every rhyme, written with its tone where the new style puts it: alone, and before a final consonant.
OPEN = """á é ế í ó ố ớ ú ứ ý ái áo áu áy ấu ấy éo ếu ía íu ói ối ới úa úi ứa ứi ứu oá oé uế uớ uý
          oái oáo oáy oéo uấy uếu uýa uýu iếu yếu uối ưới ướu"""
CLOSED = "á ắ ấ é ế í ó ố ớ ú ứ ý iế yế oá oắ oé oó uấ uế uố uý uyế ướ"

TONED = {
    unicodedata.normalize("NFC", vowel + tone): (vowel, tone) for vowel in VOWELS + VOWELS.upper() for tone in TONES
}
VIETNAMESE = frozenset(TONED) | frozenset("ăâđêôơưĂÂĐÊÔƠƯ")
WITHOUT_TONE = str.maketrans({letter: vowel for letter, (vowel, _) in TONED.items()})
ALL_VOWELS = VOWELS + VOWELS.upper() + "".join(TONED)
SHAPE = re.compile(
    rf"(?:ngh?|nh|gh|gi(?=[{VOWELS}])|qu(?=[{VOWELS}])|[ckpt]h|tr|[bcdđghklmnprstvx])?"
    rf"(?P<rhyme>[{VOWELS}]+)(?P<final>c|ch|k|m|ng?|nh|p|t)?"
)
SEVERAL_VOWELS = re.compile(
    r"(?<![^\W\d_])[{0}]{{0,3}}[{1}]{{2,4}}[{0}]{{0,2}}(?![^\W\d_])".format(CONSONANTS + CONSONANTS.upper(), ALL_VOWELS)
)

OLD_STYLE = re.compile("(?:[òóõỏọ][ae]|[ùúũủụ]y)$")  # hòa, khỏe, thủy: another custom, no mistake


def carriers(rhymes: str) -> dict[str, int]:
    """From rhymes written with a tone to the place in each where it stands."""
    return {
        rhyme.translate(WITHOUT_TONE): next(at for at, letter in enumerate(rhyme) if letter in TONED)
        for rhyme in rhymes.split()
    }


CARRIERS = {False: carriers(OPEN), True: carriers(CLOSED)}


def carrier(syllable: str) -> int | None:
    """Which letter carries the tone of ``syllable``; None when it is no Vietnamese syllable."""
    parts = SHAPE.fullmatch(syllable.translate(WITHOUT_TONE).lower())
    if parts is None:
        return None
    within = CARRIERS[parts["final"] is not None].get(parts["rhyme"])
    return None if within is None else parts.start("rhyme") + within


@lru_cache(maxsize=65_536)  # more than all syllables there are, so only foreign words ever leave it
def with_tone_in_place(syllable: str) -> str:
    """The same syllable with its tone on the letter that the new style wants; anything else as it is."""
    toned = [at for at, letter in enumerate(syllable) if letter in TONED]
    target = carrier(syllable)
    if target is None or len(toned) != 1 or toned[0] == target:
        return syllable
    letters = list(syllable)
    letters[toned[0]], tone = TONED[letters[toned[0]]]
    letters[target] = unicodedata.normalize("NFC", letters[target] + tone)
    return "".join(letters)


def is_syllable(word: str) -> bool:
    """Could ``word`` be a Vietnamese syllable: small, in capitals or capital first, its tone in place?"""
    if not (word.islower() or word.isupper() or word == word.capitalize()) or carrier(word) is None:
        return False
    if sum(letter in TONED for letter in word) > 1:
        return False
    return word == with_tone_in_place(word) or OLD_STYLE.search(word.lower()) is not None
