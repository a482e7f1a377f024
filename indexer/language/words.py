"""How does text become words?  One function, for writing and for asking alike."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from indexer.article import Language
from indexer.language import fold, keys, numbers, places, segment
from indexer.language.detect import language_of
from indexer.language.english import stem

# A syllable is a run of letters and digits; a hyphen, slash or dot stands between two.
SYLLABLE = re.compile(r"[^\W_]+")
# Terms that are no syllables stand beside them at the same place, told apart by their first character.
WORD, NUMBER, KEY, STEM, PLACE = "_", "№", "#", "~", "@"


class Token(NamedTuple):
    """A term at a place: characters ``start`` to ``end`` of the text, syllable number ``position``.

    Adjacent syllables have adjacent positions; a paragraph's end leaves a gap of one.
    """

    term: str
    start: int
    end: int
    position: int


def tokens(text: str) -> list[Token]:
    """All terms of a clean text: written syllables; beside them pyvi words, document numbers, keys, places,
    English stems."""
    return [token for paragraph in paragraphs(text) for token in terms_of(*paragraph)]


def syllables(text: str) -> list[Token]:
    """Only the written syllables, in lower case: what highlighting and the cutting of questions need."""
    return [token for offset, position, line in paragraphs(text) for token in split(line, offset, position)]


class Spans:
    """Which characters the syllable at a position has, in a text whose paragraphs begin at the positions ``firsts``. A
    line is cut only when one of its syllables is asked for."""

    def __init__(self, text: str, firsts: Sequence[int]) -> None:
        self.firsts = firsts
        self.lines: list[tuple[int, str]] = []  # those that hold a syllable, each with its first character
        offset = 0
        for line in text.split("\n"):
            if SYLLABLE.search(line):
                self.lines.append((offset, line))
            offset += len(line) + 1
        self.cut: dict[int, tuple[list[tuple[int, int]], Iterator[re.Match[str]]]] = {}  # as far as was asked

    def at(self, position: int) -> tuple[int, int] | None:
        """First character and the one behind the last; none where no syllable stands."""
        number = bisect_right(self.firsts, position) - 1
        if not 0 <= number < len(self.lines):
            return None
        offset, line = self.lines[number]
        if number not in self.cut:
            self.cut[number] = [], SYLLABLE.finditer(line)
        (spans, rest), at = self.cut[number], position - self.firsts[number]
        if at >= len(spans):
            spans += [each.span() for each in islice(rest, at + 1 - len(spans))]
        return (offset + spans[at][0], offset + spans[at][1]) if at < len(spans) else None


def paragraphs(text: str) -> Iterator[tuple[int, int, str]]:
    """(character offset, first position, line) of each line that holds a syllable."""
    offset = position = 0
    for line in text.split("\n"):
        size = sum(1 for _ in SYLLABLE.finditer(line))
        if size:
            yield offset, position, line
            position += size + 1
        offset += len(line) + 1


def split(line: str, offset: int, position: int) -> list[Token]:
    lowered = fold.lower(line)
    return [
        Token(found.group(), offset + found.start(), offset + found.end(), position + number)
        for number, found in enumerate(SYLLABLE.finditer(lowered))
    ]


def terms_of(offset: int, position: int, line: str) -> Iterator[Token]:
    written = split(line, offset, position)
    yield from written
    place = Places(written, offset)
    named = numbers.find_numbers(line)
    for number in named:
        yield place.at(NUMBER + number.bare, number.start, number.end)
    for key in keys.find_keys(line):
        yield place.at(KEY + key.key, key.start, key.end)
    folded = fold.key(line)
    for mention in places.find_places(line, folded):
        yield place.at(PLACE + mention.title, mention.start, mention.end)
    if language_of(line) == "en":
        yield from (token._replace(term=STEM + stem(token.term)) for token in written if token.term.isascii())
    else:
        for start, end in segment.spans(hide(line, named)):
            if " " in line[start:end]:
                yield place.at(WORD + "_".join(folded[start:end].split()), start, end)


class Places:
    """Which syllable stands at a character of a line."""

    def __init__(self, written: list[Token], offset: int) -> None:
        self.offset = offset
        self.starts = {token.start - offset: token.position for token in written}
        self.written = written

    def at(self, term: str, start: int, end: int) -> Token:
        position = self.starts.get(start)
        if position is None:  # a span that begins with a sign counts from the first syllable in it
            position = next(
                (t.position for t in self.written if t.end - self.offset > start), self.written[-1].position
            )
        return Token(term, start + self.offset, end + self.offset, position)


def hide(line: str, named: list[numbers.DocumentNumber]) -> str:
    """Document numbers are kept from pyvi, which would blow them up; a run of digits holds their place."""
    pieces, at = [], 0
    for number in named:
        pieces += [line[at : number.start], "0" * (number.end - number.start)]
        at = number.end
    return "".join(pieces) + line[at:]


def joined(text: str) -> str:
    return "_".join(fold.key(text).split())


def dominant_language(text: str) -> Language:
    """The language in which most of the text's characters are written, judged paragraph by paragraph."""
    size = {"vi": 0, "en": 0}
    for line in text.split("\n"):
        if line.strip():
            size[language_of(line)] += len(line)
    return "en" if size["en"] > size["vi"] else "vi"
