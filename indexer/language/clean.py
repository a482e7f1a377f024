"""What did the writer mean to write?  Text is cleaned once, at the door, and questions in the same way."""

import re
import unicodedata
from html import unescape

import ftfy

from indexer.language.legacy import from_legacy, from_tcvn3, from_vni, may_be_legacy
from indexer.language.syllable import VIETNAMESE, is_syllable

__all__ = ["clean", "from_tcvn3", "from_vni"]

MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
# Nearly all text is clean already, which one look must tell: only good letters and signs, and single blanks.
GOOD = "!-~°²³–—‘’“”…•" + "".join(sorted(VIETNAMESE))
TIDY = re.compile(rf"(?:[{GOOD}]++(?:[ \n][{GOOD}]++)*+)?")

INVISIBLE = (0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x180E)
CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
BLANKS = (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
BREAKS = (0x0A, 0x0B, 0x0C, 0x0D, 0x2028, 0x2029)
SURROGATES = range(0xD800, 0xE000)  # half a character, which no file and no database takes

# The soft hyphen and the controls 80-9F are letters in TCVN3 and mojibake: they go only when those are read.
FIRST: dict[int, str | None] = dict.fromkeys((*INVISIBLE, *SURROGATES))
THEN: dict[int, str | None] = {
    **dict.fromkeys((*CONTROLS, 0xAD)),
    **dict.fromkeys(BLANKS, " "),
    **dict.fromkeys(BREAKS, "\n"),
    0xD0: "Đ",  # Ð and ð of Icelandic, typed for their looks
    0xF0: "đ",
}

# UTF-8 read as Windows-1252 or Latin-1: the first byte of a Vietnamese letter, then one of 80 to BF. A sign
# in second place is nothing else; after a capital Ã a quotation mark or a blank may be meant.
SURE_MOJIBAKE = re.compile("[ÃÄÅÆÌ][¡-¿]|á[º»]")
MOJIBAKE = re.compile(SURE_MOJIBAKE.pattern + "|[ÃÄÅÆÌ][\u0080-\u00a0\u0152-\u0192ˆ˜\u2013-\u203a€™ ]")
# A letter or blank that was escaped for HTML once too often, or copied from a page's source.
ENTITY = re.compile(r"&(?:amp;)*(?:[AEIOUYaeiouy](?:acute|grave|circ|tilde)|nbsp|#\d{2,5}|#[xX][\da-fA-F]{2,4});")
WORD = re.compile(r"[^\W\d_]+")
LATE_HAT = re.compile("([\u0300\u0301\u0303\u0309])([\u0302\u0306])")
LONE_MARK = re.compile(rf"(?<![^\W\d_])([^\W\d_]++)((?: +[{MARKS}])+)(?:( +)(?=([^\W\d_]+)))?")


def clean(text: str) -> str:
    """The text in NFC without invisible characters, old encodings and idle blanks, one newline per paragraph.

    Cleaning clean text changes nothing.
    """
    while not is_clean(text):
        cleaned = cleaned_once(text)
        if cleaned == text:  # nothing wrong, only a character that most texts have not, such as €
            break
        text = cleaned
    return text


def is_clean(text: str) -> bool:
    """Nothing to mend, as one look at its characters and a search for what they may make together show."""
    return TIDY.fullmatch(text) is not None and not (
        MOJIBAKE.search(text) or may_be_legacy(text) or ("&" in text and ENTITY.search(text))
    )


def cleaned_once(text: str) -> str:
    if ENTITY.search(text):
        text = unescape(text)
    text = from_legacy(from_mojibake(text.translate(FIRST))).translate(THEN)
    return tidy(LONE_MARK.sub(mark_regained, composed(text)))


def from_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, line by line, where that makes more Vietnamese words."""
    if not MOJIBAKE.search(text):
        return text
    return "\n".join(better(line, ftfy.fix_encoding(line)) for line in text.split("\n"))


def better(line: str, mended: str) -> str:
    return mended if vietnamese_words(mended) > vietnamese_words(SURE_MOJIBAKE.sub("", line)) else line


def vietnamese_words(text: str) -> int:
    return sum(not word.isascii() and is_syllable(word) for word in WORD.findall(text))


def composed(text: str) -> str:
    """NFC, also where the tone was typed before the hat (`a`, sắc, `^`), which NFC alone leaves apart."""
    return unicodedata.normalize("NFC", LATE_HAT.sub(r"\2\1", unicodedata.normalize("NFD", text)))


def mark_regained(found: re.Match[str]) -> str:
    """A mark that blanks cut off goes back to its letter, and the rest of the syllable too: `nga ̀ y`, ngày.

    A rest of several letters that is a word itself stays apart: `va ̀ anh`, và anh.
    """
    start, marks, gap, rest = found.groups()
    whole = composed(start + marks.replace(" ", ""))
    if len(whole) != len(start):
        return found[0]
    fits = gap and is_syllable(whole + rest) and (len(rest) == 1 or not is_syllable(rest))
    return whole if fits else whole + (gap or "")


def tidy(text: str) -> str:
    """One blank between words, one newline between paragraphs, none around."""
    return re.sub(" *\n[ \n]*", "\n", re.sub("  +", " ", text)).strip(" \n")
