"""How were Vietnamese letters written before Unicode?  Two tables, and the letter statistics that tell them.

TCVN3 is the 8-bit set VN3 of the standard TCVN 5712:1993 (fonts `.VnTime`): one code for each small letter
and seven capitals; `H` fonts (`.VnTimeH`) draw capitals from the codes of small letters. VNI (`VNI-Times`)
writes a letter and then its mark. Both reach us read as Windows-1252, where all their codes are Latin-1.
"""

import re
from collections.abc import Callable

from indexer.language.syllable import is_syllable

# Codes A1 to FE of VN3 in order, as Latin-1 has them (one is the soft hyphen), and what they stand for.
TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)

# VNI: letters of one code; then for each base letter the marks that may follow and what they make together.
VNI_ALONE = ("ñôöìíæóòî", "đơưìíỉĩịỵ")
VNI_MARKED = {
    "a": ("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ"),
    "e": ("øùûõïâàáåãä", "èéẻẽẹêềếểễệ"),
    "o": ("øùûõïâàáåãä", "òóỏõọôồốổỗộ"),
    "u": ("øùûõï", "ùúủũụ"),
    "y": ("øùûõ", "ỳýỷỹ"),
    "ô": ("øùûõï", "ờớởỡợ"),
    "ö": ("øùûõï", "ừứửữự"),
}

WORD = re.compile(r"[A-Za-z\u00a1-\u00ff]+")
CAPITALS = re.compile(r"(?<![^\W\d_])(?=(?:[^\W\d_a-z]*[A-Z]){2})[^\W\d_a-z]+(?![^\W\d_])")
# `.VnArial NarrowH, sans-serif`, `'VNI-Times'`
OLD_FONT = re.compile(r"(?<!\w)(?:\.vn[\w ]*|(vni)-\w+)", re.IGNORECASE)
# Letters that only Unicode text holds: it needs no conversion.
UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036f\u1ea0-\u1ef9]")
# What text in either table soon holds and other text seldom: odd signs, a capital in a word, double vowels.
SUSPECT = re.compile("[¡-¯µ-¾ÄÅÆËÏÑÖ×ØÛÜÞßäåæëïñöøûüþ]|[a-z][À-Þ]|[AEae][ÀÁÂÃàáâã]|[UYuy][Õõ]")
FRENCH = re.compile("[A-Za-zàâçéèêëîïôùû«»]+")


def vni_letters() -> dict[str, str]:
    """Every way to write a letter in VNI; a capital's mark may be small (`Uûy ban`)."""
    small = dict(zip(*VNI_ALONE, strict=True))
    for base, (marks, letters) in VNI_MARKED.items():
        small |= {base + mark: letter for mark, letter in zip(marks, letters, strict=True)}
    large = {written.upper(): letter.upper() for written, letter in small.items()}
    mixed = {written[0].upper() + written[1:]: letter.upper() for written, letter in small.items()}
    shouted = {written[0] + written[1:].upper(): letter for written, letter in small.items()}
    return shouted | small | mixed | large


VNI = vni_letters()
VNI_LETTER = re.compile("|".join(sorted(VNI, key=len, reverse=True)))


def from_tcvn3(text: str) -> str:
    """Text written for a TCVN3 font, as Unicode.  `TØNH` typed for a capitals font becomes `TỈNH`."""
    return CAPITALS.sub(lambda word: word[0].upper(), text.translate(TCVN3))


def from_vni(text: str) -> str:
    """Text written for a VNI font, as Unicode."""
    return VNI_LETTER.sub(lambda letter: VNI[letter[0]], text)


def from_font(text: str, font: str) -> str:
    """Text that a page shows in a font, as Unicode; as it is when the font is no old one."""
    name = OLD_FONT.search(font)
    if name is None:
        return text
    if name[1]:
        return from_vni(text)
    return from_tcvn3(text).upper() if name[0].rstrip().endswith("H") else from_tcvn3(text)


def is_plain(text: str) -> bool:
    """Text that no old font changes: without any accent, or with letters that only Unicode has."""
    return text.isascii() or UNICODE.search(text) is not None


def may_be_legacy(text: str) -> bool:
    return not is_plain(text) and SUSPECT.search(text) is not None


def from_legacy(text: str) -> str:
    """Text in TCVN3 or VNI as Unicode; any other text as it is."""
    if not may_be_legacy(text):
        return text
    words = {word for word in WORD.findall(text) if not word.isascii()}
    convert = max((from_tcvn3, from_vni), key=lambda table: gain(words, table))
    return convert(text) if gain(words, convert) > 0 else text


def gain(words: set[str], convert: Callable[[str], str]) -> int:
    """How many of these words become Vietnamese syllables that were none, when that is no chance; else 0.

    It takes two (one may be `10 µm`), hardly any that become something else, and one with a letter unknown to
    French (`où`, `goût`) or five in all. Abbreviations (`H§ND`) speak neither for nor against.
    """
    after = {word: convert(word) for word in words}
    won = [word for word, new in after.items() if is_syllable(new) and not is_syllable(word)]
    lost = [word for word, new in after.items() if not is_syllable(new) and not new.isupper()]
    foreign = len(won) < 5 and all(FRENCH.fullmatch(word) for word in won)
    return len(won) - len(lost) if len(won) >= max(2, 3 * len(lost)) and not foreign else 0
