"""What would speak for each part of a question: its syllables, its pairs, its words?  And what in the archive does?"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.language import segment, words
from indexer.match import Matches
from indexer.question import Question
from indexer.ranking import Evidence, Part
from indexer.units import Form, Slot, Unit

FOLDED = ("key", "bare", "stem")


class Speaks(NamedTuple):
    """A form that speaks for a part of a question where it stands: the kind of evidence, and how sure it is."""

    kind: str
    form: Form
    zones: tuple[str, ...] = ()
    trust: float = 1.0


class Sought(NamedTuple):
    """One thing that a question is weighed by (``kind``: a key of ranking.PARTS), and all that would speak for it."""

    text: str
    kind: str
    evidence: tuple[Speaks, ...]


def parts_of(question: Question, matches: Matches, units: Sequence[Unit]) -> list[Part]:
    """Everything that the question, cut into ``units``, is weighed by and that stands somewhere."""
    parts = [Part(each.text, each.kind, found(each, matches)) for each in sought(question, units)]
    return [part for part in parts if any(len(each.held.documents) for each in part.evidence)]


def found(part: Sought, matches: Matches) -> tuple[Evidence, ...]:
    return tuple(Evidence(kind, matches.held(form, zones), trust) for kind, form, zones, trust in part.evidence)


def sought(question: Question, units: Sequence[Unit]) -> list[Sought]:
    """Everything that the question, cut into ``units``, would be weighed by."""
    parts = [part for unit in units for part in parts_of_unit(unit)]
    parts += [together(left, right) for left, right in pairwise(units) if not left.zones and not right.zones]
    return parts + [joined_word(term) for term in joined_words(question)]


def parts_of_unit(unit: Unit) -> Iterator[Sought]:
    """The syllables and inner pairs of a unit. Where another form of it stands (an abbreviation, a translation), the
    article is weighed as if it said the unit itself, so that form speaks for each of them."""
    typed, other = by_alignment(unit)
    whole = tuple(Speaks(form.why, form, unit.zones, form.trust) for form in (*other, *unit.related))
    written = [token.term for token in words.syllables(unit.text)]
    kind = "syllables" if unit.required else "frames"
    for number, slot in enumerate(typed[0].slots):
        own = [Speaks("typed", Form((form.slots[number],)), unit.zones) for form in typed]
        own += as_written(slot, written[number : number + 1], unit)
        yield Sought(slot.text, kind, (*own, *whole))
    if not typed[0].near:
        for left, right in pairwise(typed[0].slots):
            pair = Speaks("typed", Form((left, right)), unit.zones)
            yield Sought(f"{left.text} {right.text}", "neighbours", (pair, *whole))


def by_alignment(unit: Unit) -> tuple[list[Form], list[Form]]:
    """The forms that were typed, slot by slot, and those that stand for the unit as a whole."""
    first = unit.forms[0]
    aligned = [form for form in unit.forms if form.why == "typed" and len(form.slots) == len(first.slots)] or [first]
    return aligned, [form for form in unit.forms if form not in aligned]


def as_written(slot: Slot, written: Sequence[str], unit: Unit) -> Iterator[Speaks]:
    """The syllable letter by letter as it was typed."""
    if slot.how in (*FOLDED, "written") and written:
        yield Speaks("exact", Form((Slot(written[0], "written"),)), unit.zones)


def together(left: Unit, right: Unit) -> Sought:
    """Two units of the question side by side."""
    slots = (left.forms[0].slots[-1], right.forms[0].slots[0])
    return Sought(f"{slots[0].text} {slots[1].text}", "neighbours", (Speaks("typed", Form(slots)),))


def joined_word(term: str) -> Sought:
    text = term.removeprefix(words.WORD).replace("_", " ")
    return Sought(text, "words", (Speaks("typed", Form((Slot(term, "term"),))),))


def joined_words(question: Question) -> list[str]:
    """The words that pyvi joins in an accented question: without accents it has nothing to go by, and who quotes a
    phrase asks for that alone."""
    if not question.plain or question.reading.accents not in ("accented", "half"):
        return []
    loose = [unit for unit in question.units if unit.kind != "phrase"]
    spans = [
        question.text[start:end]
        for start, end in segment.spans(question.text)
        if any(unit.start <= start < unit.end for unit in loose)
    ]
    return [words.WORD + words.joined(text) for text in spans if " " in text]
