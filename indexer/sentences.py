"""Where does a sentence end?  Text becomes sentences, with Vietnamese short forms in mind (pure)."""

import re
from collections.abc import Iterator

from indexer.language.syllable import is_syllable

# What may end a sentence, with closing quotes, a blank behind it.
END = re.compile(r"(?<![.!?…])(?P<sign>[.!?…]+)[”\"’»)\]]* +(?=\S)")
WORD = re.compile(r"[^\W\d_]*\Z")  # right before it
# Short forms that could be syllables, or are no capitals.
SHORT = frozenset("đt tel fax st mr mrs ms dr no vol".split())
LONGEST_SHORT = 3
LABEL = re.compile(r"\s*(?:\d{1,3}|[A-Za-zĐđ]|[IVX]{1,4})(?:[.)]\d{0,2})*")  # 1. or a. at the beginning of a line
POINT = re.compile(r"[a-zđ]\) ")  # a) begins a point of a list
# Longer than any sentence that is read as one; a word without end is cut as well.
LONGEST = 2_000


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in order; a paragraph's end is a sentence's end."""
    for line in text.split("\n"):
        begin = 0
        for found in END.finditer(line):
            if ends(line, begin, found):
                yield from pieces(line[begin : found.end()].strip())
                begin = found.end()
        yield from pieces(line[begin:].strip())


def ends(line: str, begin: int, found: re.Match[str]) -> bool:
    """Is it a sentence that ends here, and no short form, initial or number of a list?"""
    if line[found.end()].islower() and not POINT.match(line, found.end()):
        return False
    if found["sign"] != ".":
        return True
    before = WORD.search(line, max(begin, found.start() - LONGEST_SHORT - 1), found.start())
    word = before[0] if before else ""
    shape = 0 < len(word) <= LONGEST_SHORT and word[0].isupper() and (len(word) == 1 or not is_syllable(word))
    return not (shape or word.lower() in SHORT or LABEL.fullmatch(line, begin, found.end("sign")))


def pieces(sentence: str) -> Iterator[str]:
    """A sentence, or the parts of one that has no end, cut at blanks where there are any."""
    at = 0
    while len(sentence) - at > LONGEST:
        cut = sentence.rfind(" ", at, at + LONGEST) + 1 or at + LONGEST
        yield sentence[at:cut].rstrip()
        at = cut
    if at < len(sentence):
        yield sentence[at:]
