"""Into which units is a question cut?  Each holds the forms in which an article may hold it (pure).

Longest match from the left: document number, month or amount, glossary term, name written with capitals,
place, else one syllable or word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal, NamedTuple, TypeVar

from indexer.glossary import LONGEST, Entry, Glossary, Match
from indexer.language import fold, frames, keys, numbers, words
from indexer.language.detect import has_syllable_shape, readings
from indexer.language.english import stem
from indexer.language.numbers import NumberPattern
from indexer.language.places import former_titles, titles_by_words
from indexer.language.words import KEY, PLACE, Token

How = Literal["term", "written", "key", "alone", "bare", "stem", "number", "wildcard", "fuzzy"]
Why = Literal["typed", "abbreviation", "synonym", "translation", "former", "related", "english", "vietnamese"]
Accents = Literal["exact", "accented", "half", "folded"]
Span = TypeVar("Span")

BOTH = frozenset({"vi", "en"})
# A rendering behind its entry's second says little of what the word means; more than a few only slow the search.
FOREMOST, MOST_RELATED = 1, 6
# The zones that a field of the query language asks for.
ZONES_OF = {"title": ("title",), "body": ("lead", "body"), "byline": ("byline",)}
# How much a less likely meaning of a word counts beside the likely ones.
UNLIKELY = 0.5
# Names of the glossary that are kept folded and cut: those that questions meet are few, and met again and again.
NAMES_KEPT = 20_000


class Slot(NamedTuple):  # as is a form: both are looked up by the hundred in a single search, and tuples are quick
    """One place in a form, and which terms may stand there."""

    text: str
    how: How
    pattern: NumberPattern | None = None


class Form(NamedTuple):
    """Slots that stand side by side, or in any order with at most ``near`` other syllables between all of them; and why
    this counts as the unit."""

    slots: tuple[Slot, ...]
    why: Why = "typed"
    label: str = ""
    near: int = 0
    text: str = ""  # as the glossary has it; empty for what was typed
    trust: float = 1.0  # how likely this is what was meant, among the unit's alternatives

    @property
    def chip(self) -> str:
        """The name under which a reader removes this form; empty for what he typed himself."""
        return "" if self.why == "typed" else f"{self.why}:{self.label}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a question that an article holds in one of its forms, or does not hold."""

    text: str
    start: int
    end: int
    kind: str
    forms: tuple[Form, ...]
    required: bool = True
    field: str = ""  # of the query language: which field it was asked in
    related: tuple[Form, ...] = ()  # near in meaning: helps the order of what is found, finds nothing

    @property
    def zones(self) -> tuple[str, ...]:
        """Where it must stand; empty = anywhere."""
        return ZONES_OF.get(self.field, ())


@dataclass(frozen=True, slots=True)
class Reading:
    """How a whole question is read: its accents, and for each syllable (by its first character) its languages."""

    accents: Accents
    languages: Mapping[int, frozenset[str]]

    def how(self, syllable: str) -> How:
        if self.accents == "exact":
            return "written"
        if self.accents == "folded" or (self.accents == "half" and not fold.is_marked(syllable)):
            return "bare"
        return "key"

    @property
    def is_bare(self) -> bool:
        """Whether the question is looked up without accents."""
        return self.accents in ("folded", "half")

    @property
    def is_english(self) -> bool:
        only = [spoken for spoken in self.languages.values() if len(spoken) == 1]
        return sum("en" in spoken for spoken in only) > len(only) / 2

    @property
    def is_either(self) -> bool:
        return bool(self.languages) and all(spoken == BOTH for spoken in self.languages.values())


@dataclass(frozen=True, slots=True)
class Run:
    """Plain words joined by blanks, somewhere in a question; offsets are those of the whole question."""

    whole: str
    start: int
    end: int
    typed: Sequence[Token]
    folded: Sequence[str]  # the same as the glossary's names are looked up
    reading: Reading
    glossary: Glossary
    numbers: Mapping[int, NumberPattern]
    keys: Mapping[int, tuple[keys.Key, ...]]


def read(whole: str, exact: bool = False, half: bool = False) -> Reading:
    """Judge a whole clean question: one marked syllable makes it accented, none at all folded."""
    typed = words.syllables(whole)
    marked = any(fold.is_marked(token.term) for token in typed)
    accents: Accents = "exact" if exact else "folded" if not marked else "half" if half else "accented"
    spoken = readings([whole[token.start : token.end] for token in typed])
    return Reading(accents, {token.start: each for token, each in zip(typed, spoken, strict=True)})


def cut(whole: str, start: int, end: int, reading: Reading, glossary: Glossary) -> list[Unit]:
    """The units of the plain words between two characters of a question."""
    run = prepare(whole, start, end, reading, glossary)
    units: list[Unit] = []
    place = 0
    while place < len(run.typed):
        size, found = max(candidates(run, place), key=lambda each: each[0])
        units.extend(found)
        place += size
    return settle_optional(units, run)


def prepare(whole: str, start: int, end: int, reading: Reading, glossary: Glossary) -> Run:
    text = whole[start:end]
    typed = [token._replace(start=token.start + start, end=token.end + start) for token in words.syllables(text)]
    folded = [fold.bare_key(token.term) if reading.is_bare else fold.key(token.term) for token in typed]
    if reading.accents == "exact":
        return Run(whole, start, end, typed, folded, reading, glossary, {}, {})
    named = {pattern.start + start: pattern for pattern in numbers.find_number_patterns(text)}
    return Run(whole, start, end, typed, folded, reading, glossary, named, longest_keys(text, start))


def longest_keys(text: str, offset: int) -> dict[int, tuple[keys.Key, ...]]:
    """By where it begins, what a date or amount says: of several keys the longest says most (the day, not its month);
    a list of months has several."""
    found: dict[int, list[keys.Key]] = {}
    for key in keys.find_keys(text):
        found.setdefault(key.start + offset, []).append(key)
    best = {start: max((key.end, len(key.key)) for key in each) for start, each in found.items()}
    return {
        start: tuple(key for key in each if (key.end, len(key.key)) == best[start]) for start, each in found.items()
    }


Candidate = tuple[int, tuple[Unit, ...]]


def candidates(run: Run, place: int) -> Iterator[Candidate]:
    """Every reading that begins at a syllable, the preferred of equally long ones first."""
    for reader in (number, key, year, name, term, corpus_compound, place_name):
        found = reader(run, place)
        if found:
            yield found
    yield 1, (single(run, place),)


def number(run: Run, place: int) -> Candidate | None:
    pattern = starting(run, run.numbers, place)
    if pattern is None:
        return None
    size = size_until(run, place, pattern.end)
    unit = make(run, place, size, "number", (Form((Slot("/".join(pattern.parts), "number", pattern),)),))
    # a bare 788 is no 788/QĐ-UBND but the next best thing: it ranks, and makes a near match
    digits = [at for at in range(place, place + size) if run.typed[at].term[0].isdigit()][:1]
    parts = [make(run, at, 1, "part", (Form((Slot(run.typed[at].term, "written"),)),)) for at in digits]
    return size, (unit, *(replace(part, required=False) for part in parts))


def key(run: Run, place: int) -> Candidate | None:
    found = starting(run, run.keys, place)
    if found is None:
        return None
    size = size_until(run, place, found[0].end)
    forms = [Form((Slot(KEY + each.key, "term"),)) for each in found]
    if size == 1 and run.typed[place].term.isdigit():  # 1000 is an amount, and the number of a house
        forms.append(Form((Slot(run.typed[place].term, "written"),)))
    return size, (make(run, place, size, "key", forms),)


def year(run: Run, place: int) -> Candidate | None:
    """`năm 2023` is one unit, met by the bare year as well: a plan for 2018-2023 and English text name no năm."""
    if place + 1 >= len(run.typed) or run.reading.accents == "exact":
        return None
    word, figures = run.typed[place].term, run.typed[place + 1].term
    if fold.bare(word) != "nam" or not re.fullmatch(r"(19|20)\d\d", figures) or run.reading.is_english:
        return None
    return 2, (make(run, place, 2, "key", (typed_form(run, place, 2), Form((Slot(figures, "written"),)))),)


def term(run: Run, place: int) -> Candidate | None:
    """A glossary term or abbreviation, in either language, with everything it may be met as."""
    found = max(glossary_matches(run, place), key=lambda match: match.length, default=None)
    if found is None:
        return None
    typed = read_both(run, place, found.length) if run.reading.is_either and found.as_ == "english" else ()
    typed = typed or (typed_form(run, place, found.length, found.as_ == "english"),)
    unit = make(run, place, found.length, "compound", (*typed, *widened(found)))
    return found.length, (replace(unit, related=tuple(related(found))),)


def glossary_matches(run: Run, place: int) -> Iterator[Match]:
    if run.reading.accents == "exact":
        return
    bare = run.reading.is_bare
    found = run.glossary.longest(run.folded, place, bare)
    # one unmarked syllable is too little to tell a term by: `gia` is not only `giá`
    if found and found.as_ == "abbreviation":
        telling = is_abbreviation(run, place)
    else:
        telling = found is not None and (found.length > 1 or not bare)
    if found and telling and agrees(run, place, found):
        yield found
    if "en" in run.reading.languages.get(run.typed[place].start, BOTH):
        english = run.glossary.longest_english([token.term for token in run.typed[place : place + LONGEST]], 0)
        if english and (english.length > 1 or run.reading.is_english or run.reading.is_either):
            yield english


def is_abbreviation(run: Run, place: int) -> bool:
    """`TU` may be Tỉnh ủy, but `tu` and a question all in capitals are read as the syllable."""
    token = run.typed[place]
    written = run.whole[token.start : token.end]
    return (
        not has_syllable_shape(fold.bare(written))
        or (written.isupper() and not run.whole.isupper())
        or run.whole == written
    )


def agrees(run: Run, place: int, found: Match) -> bool:
    """In a half-typed question the syllables that do have marks must be the term's own."""
    if run.reading.accents != "half" or found.as_ != "term":
        return True
    typed = [token.term for token in run.typed[place : place + found.length]]
    spellings = [fold.key(variant).split() for entry in found.entries for variant in entry.vi]
    return any(
        len(spelling) == len(typed)
        and all(
            fold.key(t) == s or (not fold.is_marked(t) and fold.bare_key(t) == fold.bare_key(s))
            for t, s in zip(typed, spelling, strict=True)
        )
        for spelling in spellings
    )


def name(run: Run, place: int) -> Candidate | None:
    """Two or more capitalised syllables in a question that also has words in small letters; not a name that the
    glossary knows, such as Tây Ban Nha."""
    if not any(run.whole[start].islower() for start in run.reading.languages):
        return None
    size = 0
    for token in run.typed[place:]:
        if not is_capitalised(run, token) or (size and run.whole[run.typed[place + size - 1].end : token.start] != " "):
            break
        size += 1
    size = until_longer_term(run, place, size)
    if size > 1 and is_known_name(run, place, size):
        return None
    return (size, (make(run, place, size, "name", (typed_form(run, place, size),)),)) if size > 1 else None


def is_known_name(run: Run, place: int, size: int) -> bool:
    """Whether all these syllables are in capitals in the glossary too: Hòa Bình is a name, hòa bình means peace."""
    found = run.glossary.longest(run.folded, place, run.reading.is_bare)
    if found is None or found.length != size:
        return False
    names = [words.SYLLABLE.findall(name) for entry in found.entries for name in entry.vi]
    return any(len(name) == size and all(each[0].isupper() for each in name) for name in names)


def until_longer_term(run: Run, place: int, size: int) -> int:
    """Where a run of capitals ends: `Theo Luật Xây` gives back what belongs to the term `Luật Xây dựng`."""
    for at in range(1, size):
        term = run.glossary.longest(run.folded, place + at, run.reading.is_bare)
        compound = run.glossary.longest_compound(run.folded, place + at, run.reading.is_bare)
        length = max(term.length if term else 0, compound)
        if at + length > size:
            return at
    return size


def is_capitalised(run: Run, token: Token) -> bool:
    written = run.whole[token.start : token.end]
    spoken = run.reading.languages.get(token.start, BOTH)
    return written[0].isupper() and (len(written) == 1 or not written.isupper()) and "vi" in spoken


def corpus_compound(run: Run, place: int) -> Candidate | None:
    """Syllables that this archive has as one word."""
    if run.reading.accents == "exact":
        return None
    size = run.glossary.longest_compound(run.folded, place, run.reading.is_bare)
    return (size, (make(run, place, size, "compound", (typed_form(run, place, size),)),)) if size else None


def place_name(run: Run, place: int) -> Candidate | None:
    """A place, with or without its kind; with it, also where a list shares the kind word, and under its names of
    other times."""
    if run.reading.accents == "exact":
        return None
    size = run.glossary.longest_place(run.folded, place, run.reading.is_bare)
    if not size:
        return None
    named = titles_by_words().get(" ".join(run.folded[place : place + size]), frozenset())
    listed = [Form((Slot(PLACE + title, "term"),)) for title in sorted(named)]
    former = [
        Form((Slot(PLACE + other, "term"),), "former", title, text=other)
        for title in sorted(named)
        for other in former_titles(title)
    ]
    return size, (make(run, place, size, "place", (typed_form(run, place, size), *listed, *former)),)


def single(run: Run, place: int) -> Unit:
    token = run.typed[place]
    spoken = run.reading.languages.get(token.start, BOTH)
    plain, english = typed_form(run, place, 1), typed_form(run, place, 1, english=True)
    if run.reading.accents == "exact" or spoken == {"vi"} or not token.term.isascii() or not token.term.isalpha():
        forms: tuple[Form, ...] = (plain,)
    elif spoken == {"en"}:
        forms = (english,)
    elif run.reading.is_either:
        forms = read_both(run, place, 1)
    else:
        forms = (plain, english)
    return make(run, place, 1, "syllable", forms)


def read_both(run: Run, place: int, size: int) -> tuple[Form, ...]:
    """In a question that may be Vietnamese as well as English, each reading with its chip."""
    vietnamese, english = typed_form(run, place, size), typed_form(run, place, size, english=True)
    return vietnamese._replace(why="vietnamese"), english._replace(why="english")


def typed_form(run: Run, place: int, size: int, english: bool = False) -> Form:
    """What was typed, side by side, each syllable as the question's accents ask."""
    typed = run.typed[place : place + size]
    return Form(tuple(stemmed(t.term) if english else Slot(t.term, run.reading.how(t.term)) for t in typed))


def widened(found: Match) -> Iterator[Form]:
    """The other forms of a glossary term: its synonyms, abbreviations and translations."""
    for entry in found.entries:
        yield from translations(entry, found) if entry.general else other_forms(entry, found)
    for entry in found.unlikely:
        forms = translations(entry, found) if entry.general else other_forms(entry, found)
        yield from (form._replace(trust=form.trust * UNLIKELY) for form in forms)


def related(found: Match) -> list[Form]:
    """Vietnamese words that share an English word with a Vietnamese one: chết, qua đời. The lexicon is no book of
    synonyms, so only its foremost renderings speak for each other."""
    if found.as_ != "term":
        return []
    trusts: dict[str, float] = {}
    for entry in found.entries:
        rank = rank_in(entry, found.written)
        if entry.general and rank <= FOREMOST:
            for other, variant in enumerate(entry.vi):
                if folded_name(variant) != folded_name(found.written):
                    trusts[variant] = max(trusts.get(variant, 0.0), 1 / ((1 + rank) * (1 + other)))
    best = sorted(trusts, key=lambda variant: (-trusts[variant], variant))[:MOST_RELATED]
    return [Form(vietnamese_slots(each), "related", text=each, trust=trusts[each]) for each in best]


def rank_in(entry: Entry, written: str) -> int:
    """At which place an entry has a Vietnamese name, however it is accented; 0 = foremost."""
    wanted = folded_name(written)
    return next((at for at, each in enumerate(entry.vi) if folded_name(each) == wanted), 0)


@lru_cache(NAMES_KEPT)
def folded_name(name: str) -> str:
    return fold.bare_key(name)


def translations(entry: Entry, found: Match) -> Iterator[Form]:
    """A word of the lexicon: the commoner a rendering, the surer it is what was meant."""
    if found.as_ == "english":
        for rank, variant in enumerate(entry.vi):
            yield Form(vietnamese_slots(variant), "translation", found.written, text=variant, trust=usual(rank))
    else:
        for variant in entry.en:
            trust = usual(rank_in(entry, found.written))
            yield Form(english_slots(variant), "translation", found.written, text=variant, trust=trust)


def usual(rank: int) -> float:
    """How likely the rendering of this rank is meant; the lexicon has the commonest first."""
    return float(1 / (1 + rank) ** 0.5)


def other_forms(entry: Entry, found: Match) -> Iterator[Form]:
    typed = fold.bare(found.written)
    reasons: dict[str, tuple[Why, Why, Why]] = {  # typed as -> why its Vietnamese, short and English forms count
        "term": ("synonym", "abbreviation", "translation"),
        "abbreviation": ("abbreviation", "abbreviation", "translation"),
        "english": ("translation", "abbreviation", "synonym"),
    }
    vietnamese, short, english = reasons[found.as_]
    for variants, why, slots in (
        (entry.vi, vietnamese, vietnamese_slots),
        (tuple(each for each in entry.short if not is_syllable_too(each)), short, short_slots),
        (entry.en, english, english_slots),
    ):
        for variant in variants:
            if fold.bare(variant) != typed:
                yield Form(slots(variant), why, variants[0], text=variant)


def is_syllable_too(short: str) -> bool:
    """`TU` for Tỉnh ủy cannot be told from the syllable `tu` once the text is in small letters."""
    return has_syllable_shape(fold.bare(short))


@lru_cache(NAMES_KEPT)
def vietnamese_slots(text: str) -> tuple[Slot, ...]:
    """A name of several syllables stands side by side; one of a single syllable must be a word by itself."""
    typed = words.syllables(text)
    return tuple(Slot(token.term, "key" if len(typed) > 1 else "alone") for token in typed)


@lru_cache(NAMES_KEPT)
def short_slots(text: str) -> tuple[Slot, ...]:
    return tuple(Slot(token.term, "written") for token in words.syllables(text))


@lru_cache(NAMES_KEPT)
def english_slots(text: str) -> tuple[Slot, ...]:
    return tuple(stemmed(token.term) for token in words.syllables(text))


def stemmed(word: str) -> Slot:
    return Slot(stem(word), "stem") if word.isalpha() else Slot(word, "written")


def make(run: Run, place: int, size: int, kind: str, forms: Iterable[Form]) -> Unit:
    start, end = run.typed[place].start, run.typed[place + size - 1].end
    return Unit(run.whole[start:end], start, end, kind, tuple(dict.fromkeys(forms)))


def starting(run: Run, spans: Mapping[int, Span], place: int) -> Span | None:
    """The span whose first syllable is this one (a span may begin with a sign before it)."""
    before = run.typed[place - 1].end if place else run.start
    return next((spans[at] for at in range(before, run.typed[place].start + 1) if at in spans), None)


def size_until(run: Run, place: int, end: int) -> int:
    """How many syllables from ``place`` on begin before ``end`` (counted from the run's start)."""
    return sum(1 for token in run.typed[place:] if token.start < run.start + end)


def settle_optional(units: list[Unit], run: Run) -> list[Unit]:
    """English function words and Vietnamese question frames rank but never gate, unless nothing else was asked."""
    optional = frame_spans(run)
    settled = [
        replace(unit, required=False)
        if unit.required
        and (is_function_word(unit, run) or any(a <= unit.start and unit.end <= b for a, b in optional))
        else unit
        for unit in units
    ]
    return settled if any(unit.required for unit in settled) else [replace(u, required=u.kind != "part") for u in units]


def is_function_word(unit: Unit, run: Run) -> bool:
    if unit.kind != "syllable" or unit.text.lower() not in frames.ENGLISH_FUNCTION_WORDS:
        return False
    spoken = run.reading.languages.get(unit.start, BOTH)
    return run.reading.accents != "exact" and (spoken == {"en"} or ("en" in spoken and run.reading.is_english))


@cache
def folded_frames() -> list[list[tuple[str, str]]]:
    """Each question frame, its syllables with and without accents."""
    return [[(fold.key(part), fold.bare(part)) for part in frame.split()] for frame in frames.QUESTION_FRAMES]


def frame_spans(run: Run) -> list[tuple[int, int]]:
    """Where a Vietnamese question frame begins or ends the run."""
    if run.reading.accents == "exact":
        return []
    typed = [(fold.key(token.term), fold.bare(token.term)) for token in run.typed]
    spans = []
    for wanted in folded_frames():
        for at in {0, len(typed) - len(wanted)}:
            if 0 <= at <= len(typed) - len(wanted) and all(
                here[0] == each[0] or here[0] == here[1] == each[1]
                for here, each in zip(typed[at:], wanted, strict=False)
            ):
                spans.append((run.typed[at].start, run.typed[at + len(wanted) - 1].end))
    return spans
