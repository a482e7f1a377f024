"""What does the archive itself teach about its words?  Which syllables form words, and where accents belong."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from indexer import build, clock
from indexer.engine import Engine
from indexer.engine.columns import Columns
from indexer.engine.places import DOCUMENT_SHIFT, ZONES, documents_of
from indexer.engine.segments import NO_TERM, Segment, is_syllable
from indexer.language import fold
from indexer.language.detect import has_syllable_shape
from indexer.language.words import WORD
from indexer.match import Matches
from indexer.store import Store, lessons
from indexer.store.lessons import Lesson, Taught, Words
from indexer.units import Form, Slot
from indexer.view import view_of

# A compound: syllables that pyvi joined in so many articles, and in at least this share of where they stand together.
LEAST_ARTICLES, LEAST_SHARE, MOST_SYLLABLES = 5, 0.5, 4
# Accents seen less often are as likely a slip of the pen; more than a few spellings of one pair are of no use.
LEAST_OFTEN, MOST_SPELLINGS = 2, 4
EVERY = timedelta(days=7)
GROWTH = 1.1

Counts = dict[Words, int]


def is_due(taught: Taught | None, articles: int) -> bool:
    """After the first articles came in, weekly, and when the archive grew by a tenth."""
    if taught is None:
        return articles > 0
    grown = articles > taught.articles * GROWTH
    return articles != taught.articles and (grown or clock.now() - taught.made_at > EVERY)


def learn_when_due(store: Store, engine: Engine) -> bool:
    """Learn when it is time to; whether it was."""
    state = engine.state()
    if state is None:
        return False
    with store.read() as connection:
        taught = lessons.last(connection)
    if not is_due(taught, engine.size()):
        return False
    columns = engine.columns()
    learn(store, engine, columns)
    return True


def learn(store: Store, engine: Engine, columns: Columns) -> int:
    """Learn from what the index holds now, keep the lesson, and let questions be read with it; its number."""
    lesson = Lesson(frozenset(compounds(columns)), accents(columns))
    with store.write() as connection:
        number = lessons.save(connection, lesson, int(columns.live.sum()))
    build.name_lesson(engine, number)
    return number


def compounds(columns: Columns) -> Iterator[str]:
    """The words of several syllables that this archive has, as ``fold.key`` spells them, a blank between these."""
    matches = Matches(view_of(columns))
    for term in sorted(columns.signed(WORD)):
        syllables = tuple(term.removeprefix(WORD).split("_"))
        if 2 <= len(syllables) <= MOST_SYLLABLES and all(map(str.isalpha, syllables)):
            joined = live(columns, columns.places(term))
            if len(documents_of(joined)) >= LEAST_ARTICLES:
                together = live(columns, matches.form(Form(tuple(Slot(each, "key") for each in syllables))))
                if len(joined) >= LEAST_SHARE * len(together):
                    yield " ".join(syllables)


def live(columns: Columns, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    kept: npt.NDArray[np.int64] = places[columns.live[places >> DOCUMENT_SHIFT]]
    return kept


def accents(columns: Columns) -> Mapping[Words, tuple[tuple[Words, int], ...]]:
    """From plain syllables and plain neighbouring pairs to how the archive writes them."""
    counted: Counts = {}
    for base, segment in zip(columns.bases, columns.segments, strict=True):
        for words, often in spelled(segment, columns.live[base : base + len(segment.ids)]):
            counted[words] = counted.get(words, 0) + often
    by_plain: dict[Words, list[tuple[Words, int]]] = {}
    for words, often in counted.items():
        if often >= LEAST_OFTEN:
            by_plain.setdefault(tuple(map(fold.bare_key, words)), []).append((words, often))
    return {plain: best(spellings) for plain, spellings in by_plain.items() if is_telling(spellings)}


def is_telling(spellings: list[tuple[Words, int]]) -> bool:
    """Whether there is anything to restore."""
    return any(fold.is_marked(" ".join(words)) for words, _ in spellings)


def best(spellings: list[tuple[Words, int]]) -> tuple[tuple[Words, int], ...]:
    return tuple(sorted(spellings, key=lambda each: (-each[1], each[0]))[:MOST_SPELLINGS])


def spelled(segment: Segment, live: npt.NDArray[np.bool_]) -> Iterator[tuple[Words, int]]:
    """The syllables and the neighbouring pairs of a segment's live documents, each with how often."""
    terms = list(segment.terms)
    keys = [fold.key(term) if is_vietnamese(term) else "" for term in terms]
    known = sorted(set(keys) - {""})
    number = {key: at for at, key in enumerate(known)}
    of_term = np.array([number.get(key, NO_TERM) for key in keys] + [NO_TERM], dtype=np.int64)
    of_document = np.repeat(np.repeat(live, len(ZONES)), np.diff(segment.forward_starts))
    line = np.where(of_document, of_term[segment.forward], NO_TERM)
    yield from tally(line[line != NO_TERM], lambda code: (known[code],))
    pairs = (line[:-1] != NO_TERM) & (line[1:] != NO_TERM)
    coded = line[:-1][pairs] * len(known) + line[1:][pairs]
    yield from tally(coded, lambda code: (known[code // len(known)], known[code % len(known)]))


def tally(codes: npt.NDArray[np.int64], words_of: Callable[[int], Words]) -> Iterator[tuple[Words, int]]:
    values, often = np.unique(codes, return_counts=True)
    for value, count in zip(values.tolist(), often.tolist(), strict=True):
        yield words_of(value), count


def is_vietnamese(term: str) -> bool:
    return is_syllable(term) and term.isalpha() and has_syllable_shape(fold.bare(term))
