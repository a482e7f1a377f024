"""What may the reader have meant, and what may he be about to type?  From this archive's own words, never from what
others asked."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from indexer import cited
from indexer.glossary import Glossary
from indexer.held import Archive
from indexer.language import fold, words
from indexer.language.clean import clean
from indexer.language.places import gazetteer
from indexer.language.slips import LONGEST
from indexer.language.words import Token
from indexer.personal import masked
from indexer.question import Question
from indexer.searcher import Searcher
from indexer.store import Store, articles
from indexer.store.lessons import Lesson, Words
from indexer.units import BOTH, Form, Slot, english_slots, vietnamese_slots

Accents = Mapping[Words, tuple[tuple[Words, int], ...]]
Kind = Literal["title", "term", "place", "number"]
# A completion shorter than this would be a list of everything.
LEAST_TYPED = 2
MOST_OF_A_KIND, MOST = 4, 8
# So many misspelt words of a question are mended: each is looked for among all words of the archive.
MOST_MENDED = 12


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line that can be searched, and where it comes from."""

    text: str
    kind: Kind


# Did you mean


def did_you_mean(question: Question, archive: Archive, lesson: Lesson, total: int) -> str:
    """The question with its accents, or with its slips mended; empty when there is nothing better.

    ``total``: how many articles it found; only a question that found nothing is taken for misspelt.
    """
    typed = words.syllables(question.text)
    mended = misspelt(question, typed, archive) if not total and question.reading.accents != "exact" else {}
    accented = restored(question, typed, lesson) if question.reading.accents in ("folded", "half") else {}
    seen = {at: spelled for at, spelled in accented.items() if is_seen(spelled, archive)}
    return replaced(question.text, typed, seen | mended)


def is_seen(syllable: str, archive: Archive) -> bool:
    """Whether it stands anywhere that every reader may see: a lesson was learned from what may be hidden by now."""
    return archive.is_shown(Form((Slot(syllable, "key"),)))


def replaced(text: str, typed: Sequence[Token], by_place: dict[int, str]) -> str:
    """The text with some of its syllables replaced; empty when none differs."""
    out, at = "", 0
    for number, token in enumerate(typed):
        was = text[token.start : token.end]
        out += text[at : token.start] + as_capital(by_place.get(number, was), was)
        at = token.end
    out += text[at:]
    return "" if out == text else out


def as_capital(new: str, was: str) -> str:
    return new.upper() if was.isupper() and len(was) > 1 else new.capitalize() if was[:1].isupper() else new


def restored(question: Question, typed: Sequence[Token], lesson: Lesson) -> dict[int, str]:
    """Accents for plain syllables: the likeliest way through the spellings that the archive has for each pair
    (Viterbi), a marked syllable being as it is."""
    known: Accents = lesson.accents if lesson.accents is not None else {}
    options = [spellings(question, token, known) for token in typed]
    best: list[dict[str, tuple[float, str]]] = []
    for number, choices in enumerate(options):
        before = best[-1] if best else {"": (0.0, "")}
        best.append(
            {
                choice: max(
                    (score + often + joint(known, typed, number, previous, choice), previous)
                    for previous, (score, _) in before.items()
                )
                for choice, often in choices.items()
            }
        )
    path: dict[int, str] = {}
    choice = max(best[-1], key=lambda each: best[-1][each][0]) if best else ""
    for number in range(len(best) - 1, -1, -1):
        path[number] = choice
        choice = best[number][choice][1]
    return {at: spelled for at, spelled in path.items() if spelled != fold.key(typed[at].term)}


def spellings(question: Question, token: Token, known: Accents) -> dict[str, float]:
    """How a syllable may be written here, each with the logarithm of how often."""
    written = fold.key(token.term)
    languages = question.reading.languages.get(token.start, BOTH)
    if fold.is_marked(token.term) or languages == {"en"}:
        return {written: 0.0}
    found = known.get((fold.bare_key(token.term),), ())
    return {spelled[0]: math.log(often) for spelled, often in found} or {written: 0.0}


def joint(known: Accents, typed: Sequence[Token], number: int, previous: str, choice: str) -> float:
    """How much two spellings belong together: often seen side by side weighs more than each alone."""
    if number == 0:
        return 0.0
    pair = tuple(fold.bare_key(token.term) for token in typed[number - 1 : number + 1])
    seen: dict[Words, int] = dict(known.get(pair, ()))
    often = seen.get((previous, choice), 0)
    return 3 * math.log(1 + often)


def misspelt(question: Question, typed: Sequence[Token], archive: Archive) -> dict[int, str]:
    """For syllables that stand nowhere, the commonest one that a slip of the hand away does; for the first of them."""

    def stands_nowhere(term: str) -> bool:
        a_word = term.isalpha() and 2 < len(term) <= LONGEST
        return a_word and not archive.stands(Form((Slot(term, question.reading.how(term)),)))

    nowhere = ((number, token.term) for number, token in enumerate(typed) if stands_nowhere(token.term))
    nearest = ((number, archive.nearest(term)) for number, term in islice(nowhere, MOST_MENDED))
    return {number: near for number, near in nearest if near}


# Completion


def complete(typed: str, searcher: Searcher) -> list[Suggestion]:
    """Lines that begin as ``typed`` does: document numbers, places, terms, titles. All of them find something that
    every reader may see; a person's name alone is never among them."""
    line = " ".join(clean(typed).split())
    if len(line) < LEAST_TYPED:
        return []
    bare = cited.bare_of(line)
    kinds = (
        number_lines(searcher.documents(bare) if bare[:1].isdigit() else {}),
        place_lines(line, searcher.places()),
        term_lines(searcher.often(names_of(line, searcher.glossary))),
        titles_of(searcher.titled(line, MOST_OF_A_KIND), searcher.store),
    )
    found = [each for lines in kinds for each in islice(lines, MOST_OF_A_KIND)]
    unlike = {fold.key(each.text): each for each in reversed(found)}
    return [each for each in found if unlike[fold.key(each.text)] is each][:MOST]


def number_lines(held: Mapping[str, int]) -> Iterator[Suggestion]:
    for bare in sorted(held, key=lambda each: (-held[each], each)):
        if cited.is_document(bare):
            yield Suggestion(cited.written(bare), "number")


def place_lines(line: str, held: Mapping[str, int]) -> Iterator[Suggestion]:
    wanted = fold.as_typed(line, line)
    titles = {each.title: each.name for each in gazetteer().values()}
    for title in sorted(titles, key=lambda each: (-held.get(each, 0), each)):
        if title in held and any(fold.as_typed(line, name).startswith(wanted) for name in (title, titles[title])):
            yield Suggestion(title, "place")


def names_of(line: str, glossary: Glossary) -> dict[str, Form]:
    """The glossary's names that begin as the line does, each as it is sought."""
    wanted = fold.as_typed(line, line)
    return {
        name: Form(vietnamese_slots(name) if name in entry.vi else english_slots(name))
        for entry in glossary.entries
        if not entry.general
        for name in (*entry.vi, *entry.en)
        if fold.as_typed(line, name).startswith(wanted)
    }


def term_lines(often: Mapping[str, int]) -> Iterator[Suggestion]:
    for name in sorted(often, key=lambda each: (-often[each], each)):
        if often[name]:
            yield Suggestion(name, "term")


def titles_of(numbers: Sequence[int], store: Store) -> Iterator[Suggestion]:
    with store.read() as connection:
        kept = articles.several(connection, numbers)
    for number in numbers:
        if found := kept.get(number):
            yield Suggestion(masked(found.article.title), "title")
