"""Which lines of an article show that it was found?  Marks on its text, and the best passages of it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import itemgetter

import numpy as np

from indexer.article import Kept
from indexer.engine.places import ZONES
from indexer.language import keys, numbers, places, words
from indexer.language.syllable import is_syllable
from indexer.match import Matches, told
from indexer.personal import masked
from indexer.units import Form, Unit
from indexer.zones import zone_texts

Span = tuple[int, int]
Found = tuple[Form, str, int]  # what was found, in which zone, from which position on
# About two lines on a desktop screen, three or four on a phone.
PASSAGE_LENGTH = 220
PASSAGE_SYLLABLES = 60  # a Vietnamese one takes four letters and a blank; a few more to choose from
MOST_PASSAGES = 2
FEW_MARKS = 8
READ_FIRST = ("lead", "body", "captions", "attachments", "byline")
# Where a passage begins best: behind a paragraph, else a sentence, else a part of one.
SENTENCE_ENDS = (re.compile(r"\n"), re.compile(r"(?P<word>[^\W\d_]*)[.!?…][”\"’)]? "), re.compile("; "))


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a zone's text, and which characters of the piece were found."""

    zone: str
    text: str
    marks: tuple[Span, ...]
    cut_before: bool = False
    cut_after: bool = False


@dataclass(frozen=True, slots=True)
class Passages:
    """The title with its marks, and the passages that show why the article was found."""

    title: Passage
    texts: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article was found: forms, zones and positions; and where the paragraphs of each zone begin."""

    found: list[Found]
    paragraphs: Mapping[str, list[int]]

    def within(self, zone: str) -> list[tuple[Form, int]]:
        return [(form, position) for form, where, position in self.found if where == zone]


def passages(kept: Kept, standing: Standing) -> Passages:
    """What a result shows of an article: at most two passages around what was found, else its beginning."""
    texts, name = zone_texts(kept), kept.article.title
    title = Passage("title", masked(name), tuple(marks_in("title", name, standing)))
    marked = ((zone, marks_in(zone, texts[zone], standing, FEW_MARKS)) for zone in READ_FIRST)
    shown = list(islice((piece(zone, masked(texts[zone]), marks) for zone, marks in marked if marks), MOST_PASSAGES))
    if not shown:
        shown = [piece(zone, masked(texts[zone]), []) for zone in ("lead", "body") if texts[zone]][:1]
    return Passages(title, tuple(shown))


def marks(texts: Mapping[str, str], standing: Standing) -> dict[str, list[Span]]:
    """For each zone the characters that were found, in order, without overlaps."""
    return {zone: marks_in(zone, texts[zone], standing) for zone in ZONES}


def marks_in(zone: str, text: str, standing: Standing, few: int = 0) -> list[Span]:
    """The characters of one zone's text that were found, in order, without overlaps. Beyond a ``few``, where only one
    passage is to be shown, those where they stand closest."""
    here = standing.within(zone)
    if not here:
        return []
    if few and len(here) > few:
        here = closest(here)
    ruler = Ruler(text, standing.paragraphs[zone])
    return merged([span for form, position in here for span in ruler.spans(form, position)], text)


def closest(here: list[tuple[Form, int]]) -> list[tuple[Form, int]]:
    """What was found in the stretch of a passage's length, in syllables, that holds most of it."""
    positions = np.sort(np.array([position for _, position in here]))
    after = np.searchsorted(positions, positions + PASSAGE_SYLLABLES)
    first = int(positions[np.argmax(after - np.arange(len(positions)))])
    return [each for each in here if first <= each[1] < first + PASSAGE_SYLLABLES]


def found_on(documents: Sequence[int], units: Sequence[Unit], matches: Matches) -> dict[int, Standing]:
    """Where the units of a question stand in each of a few documents."""
    asked = dict.fromkeys((form, unit.zones) for unit in units for form in unit.forms)
    lines = list(matches.columns.reading(documents))
    found = {document: Standing([], {zone: [] for zone in ZONES}) for document in documents}
    for each in lines:
        for document, zone, position in told(each.paragraphs()):
            found[document].paragraphs[zone].append(position)
    for form, document, zone, position in matches.on_page(asked, documents, lines):
        found[document].found.append((form, zone, position))
    return found


class Ruler:
    """From positions of syllables to characters, for one zone's text."""

    def __init__(self, text: str, paragraphs: Sequence[int]) -> None:
        self.text = text
        self.syllables = words.Spans(text, paragraphs)

    @cached_property
    def signs(self) -> list[Span]:
        """Numbers, dates and places. Line by line, as the index reads them; a long table at once would take seconds."""
        found: list[Span] = []
        for offset, _, line in words.paragraphs(self.text):
            found += [(offset + each.start, offset + each.end) for each in numbers.find_numbers(line)]
            found += [(offset + each.start, offset + each.end) for each in keys.find_keys(line)]
            found += [(offset + each.start, offset + each.end) for each in places.find_places(line)]
        return sorted(found)

    def spans(self, form: Form, position: int) -> Iterator[Span]:
        """The characters of a form that begins at a position; none when the text has changed since it was indexed."""
        length = 1 if form.near else len(form.slots)
        first = self.syllables.at(position)
        final = first if length == 1 else self.syllables.at(position + length - 1)
        if first is None or final is None:
            return
        if length == 1 and form.slots[0].how in ("number", "term"):
            yield self.sign(*first)
        else:
            yield first[0], final[1]

    def sign(self, start: int, end: int) -> Span:
        """The document number or date that begins at a syllable."""
        before = bisect_right(self.signs, start, key=itemgetter(0))
        # what begins before a syllable and reaches over it is at most a few signs back: a day, its month
        around = (each for each in self.signs[max(0, before - 4) : before][::-1] if start < each[1])
        return next(around, (start, end))


def merged(spans: Iterable[Span], text: str) -> list[Span]:
    """In order; overlapping ones, and those with only a blank between them, become one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or text[out[-1][1] : start] == " "):
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def piece(zone: str, text: str, marked: Sequence[Span]) -> Passage:
    """The stretch of about PASSAGE_LENGTH characters that holds the most marks, cut at blanks."""
    first = best_start(marked)
    start = begin(text, first)
    end = finish(text, start, next((b for a, b in marked if a == first), 0))
    inside = tuple((max(a, start) - start, min(b, end) - start) for a, b in marked if a < end and b > start)
    return Passage(zone, text[start:end], inside, start > 0, end < len(text))


def best_start(marked: Sequence[Span]) -> int:
    """Where the stretch with the most marked characters begins (the first of several)."""
    best, best_size, size, after = 0, 0, 0, 0
    for at, (start, end) in enumerate(marked):
        while after < len(marked) and marked[after][1] <= start + PASSAGE_LENGTH:
            size += marked[after][1] - marked[after][0]
            after += 1
        if size > best_size:
            best, best_size = at, size
        if after > at:
            size -= end - start
        else:
            after = at + 1
    return marked[best][0] if marked else 0


def begin(text: str, mark: int) -> int:
    """A little before the mark, at the beginning of a sentence if one is near, else of a word."""
    earliest = max(0, mark - PASSAGE_LENGTH // 3)
    for sign in SENTENCE_ENDS:
        ends = [each.end() for each in sign.finditer(text, earliest, mark) if not is_short_form(each)]
        if ends:
            return ends[-1]
    blank = text.find(" ", earliest, mark)
    return 0 if earliest == 0 else blank + 1 if blank >= 0 else earliest


def is_short_form(end: re.Match[str]) -> bool:
    """Does the dot belong to an abbreviation?  TP. Lạng Sơn, ThS. Lò Thị Mẫu: short, capital, and no syllable."""
    word = end.groupdict().get("word") or ""
    return 0 < len(word) <= 3 and word[0].isupper() and not is_syllable(word)


def finish(text: str, start: int, marked: int) -> int:
    """Where the passage ends: at a blank, but never before the end of its first mark."""
    if len(text) - start <= PASSAGE_LENGTH:
        return len(text)
    end = text.rfind(" ", start, start + PASSAGE_LENGTH)
    return max(end if end > start else start + PASSAGE_LENGTH, min(marked, start + 2 * PASSAGE_LENGTH))
