"""What differs between two versions?  Sentence by sentence, and word by word within a changed one (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from indexer.article import Attachment
from indexer.sentences import sentences
from indexer.store.articles import Version

Kind = Literal["same", "added", "removed"]
RowKind = Literal["same", "added", "removed", "changed"]
ZONES = ("title", "lead", "body", "captions", "attachments")
TOKEN, WORD = re.compile(r"\S+\s*"), re.compile(r"\w+")
# Pairs of sentences, and of words, that all comparisons of one page may look at: a second or two of work, whatever was
# written. Beyond them a text is told as taken out and put in whole. A price list of a province has some thousand rows,
# of which most stay at the beginning and end, where they cost nothing.
MOST_PAIRS = 2_000_000
# So many of the next sentences may be the new form of one that changed.
AHEAD = 6
# Two sentences are forms of one when they share this part of their words.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both versions have, or only one."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence as it stayed, came, went, or changed in some of its words."""

    kind: RowKind
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One zone of the article, or one of its files, with all its sentences."""

    zone: str
    name: str  # of the file; empty for the other zones
    rows: tuple[Row, ...]

    @property
    def differs(self) -> bool:
        return any(row.kind != "same" for row in self.rows)


class Room:
    """How much work is left before texts are no longer compared piece by piece."""

    def __init__(self) -> None:
        self.left = MOST_PAIRS

    def take(self, pairs: int) -> bool:
        self.left -= pairs
        return self.left >= 0


def changed_zones(old: Version, new: Version) -> tuple[str, ...]:
    """Which zones of two versions differ; of files their names and bytes count, not what we read from them."""
    return tuple(zone for zone in ZONES if held(old, zone) != held(new, zone))


def held(version: Version, zone: str) -> object:
    if zone == "attachments":
        return [(each.address, each.name, each.digest) for each in version.attachments]
    return getattr(version, zone)


def compare(old: Version, new: Version) -> list[Part]:
    """Every zone that either version has, then every file."""
    room = Room()
    texts = [(zone, *(getattr(each, zone) for each in (old, new))) for zone in ("title", "lead", "body")]
    texts.append(("captions", "\n".join(old.captions), "\n".join(new.captions)))
    parts = [Part(zone, "", rows(before, after, room)) for zone, before, after in texts if before or after]
    return [*parts, *files(old.attachments, new.attachments, room)]


def files(old: Sequence[Attachment], new: Sequence[Attachment], room: Room) -> Iterator[Part]:
    """Files by their addresses: those that came and went as a whole, the others by their texts."""
    before, after = ({each.address: each for each in which} for which in (old, new))
    for address in dict.fromkeys((*after, *before)):
        was, now = before.get(address), after.get(address)
        shown = now or was
        assert shown
        name = rows(was.name if was else "", now.name if now else "", room)
        told = rows(was.text, now.text, room) if was and now and was.digest and now.digest else ()
        yield Part("attachments", shown.name or address, (*name, *told))


def rows(old: str, new: str, room: Room | None = None) -> tuple[Row, ...]:
    """The sentences of both texts in the order of reading."""
    room = room or Room()
    before, after = list(sentences(old)), list(sentences(new))
    start = common(before, after)
    end = common(before[start:][::-1], after[start:][::-1])
    middle = between(before[start : len(before) - end], after[start : len(after) - end], room)
    return (*map(same, before[:start]), *middle, *map(same, before[len(before) - end :]))


def common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many items two rows begin with alike."""
    differing = (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other)
    return next(differing, min(len(left), len(right)))


def between(before: list[str], after: list[str], room: Room) -> Iterator[Row]:
    if not room.take(len(before) * len(after)):
        yield from (whole("removed", each) for each in before)
        yield from (whole("added", each) for each in after)
        return
    for kind, i, j, m, n in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            yield from map(same, before[i:j])
        else:
            yield from replaced(before[i:j], after[m:n], room)


def replaced(before: list[str], after: list[str], room: Room) -> Iterator[Row]:
    """Sentences that went and came at one place: those that are much alike are two forms of one."""
    at = 0
    for sentence in before:
        twin = next((n for n in range(at, min(at + AHEAD, len(after))) if alike(sentence, after[n])), None)
        if twin is None:
            yield whole("removed", sentence)
            continue
        yield from (whole("added", each) for each in after[at:twin])
        yield from word_by_word(sentence, after[twin], room)
        at = twin + 1
    yield from (whole("added", each) for each in after[at:])


def alike(one: str, other: str) -> bool:
    left, right = (set(WORD.findall(each.lower())) for each in (one, other))
    return 2 * len(left & right) >= ALIKE * (len(left) + len(right)) > 0


def word_by_word(old: str, new: str, room: Room) -> Iterator[Row]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if not room.take(len(before) * len(after)):
        yield from (whole("removed", old), whole("added", new))
        return
    was, now = ([each.rstrip() for each in row] for row in (before, after))
    pieces: list[Piece] = []
    for kind, i, j, m, n in SequenceMatcher(None, was, now).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(after[m:n])))
            continue
        pieces += [*apart("removed", "".join(before[i:j])), *apart("added", "".join(after[m:n]))]
    yield Row("changed", tuple(pieces))


def apart(kind: Literal["added", "removed"], text: str) -> Iterator[Piece]:
    """Words that came or went; the blank behind them belongs to neither."""
    words = text.rstrip()
    if words:
        yield Piece(kind, words)
    if len(words) < len(text):
        yield Piece("same", " ")


def same(sentence: str) -> Row:
    return Row("same", (Piece("same", sentence),))


def whole(kind: Literal["added", "removed"], sentence: str) -> Row:
    return Row(kind, (Piece(kind, sentence),))
