"""What in the archive speaks for each part of a question: its syllables, its pairs, its words?"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from indexer.language import segment, words
from indexer.match import Matches
from indexer.question import Question
from indexer.ranking import Evidence, Part
from indexer.units import Form, Slot, Unit

FOLDED = ("key", "bare", "stem")


def parts_of(question: Question, matches: Matches, units: Sequence[Unit]) -> list[Part]:
    """Everything that the question, cut into ``units``, is weighed by."""
    parts = [part for unit in units for part in parts_of_unit(unit, matches)]
    parts += [together(left, right, matches) for left, right in pairwise(units) if not left.zones and not right.zones]
    parts += [joined_word(term, matches) for term in joined_words(question)]
    return [part for part in parts if any(len(each.held.documents) for each in part.evidence)]


def parts_of_unit(unit: Unit, matches: Matches) -> Iterator[Part]:
    """The syllables and inner pairs of a unit. Where another form of it stands (an abbreviation, a translation), the
    article is weighed as if it said the unit itself, so that form speaks for each of them."""
    typed, other = by_alignment(unit)
    whole = tuple(Evidence(form.why, matches.held(form, unit.zones), form.trust) for form in (*other, *unit.related))
    written = [token.term for token in words.syllables(unit.text)]
    kind = "syllables" if unit.required else "frames"
    for number, slot in enumerate(typed[0].slots):
        own = [Evidence("typed", matches.held(Form((form.slots[number],)), unit.zones)) for form in typed]
        own += as_written(slot, written[number : number + 1], unit, matches)
        yield Part(slot.text, kind, (*own, *whole))
    if not typed[0].near:
        for left, right in pairwise(typed[0].slots):
            held = matches.held(Form((left, right)), unit.zones)
            yield Part(f"{left.text} {right.text}", "neighbours", (Evidence("typed", held), *whole))


def by_alignment(unit: Unit) -> tuple[list[Form], list[Form]]:
    """The forms that were typed, slot by slot, and those that stand for the unit as a whole."""
    first = unit.forms[0]
    aligned = [form for form in unit.forms if form.why == "typed" and len(form.slots) == len(first.slots)] or [first]
    return aligned, [form for form in unit.forms if form not in aligned]


def as_written(slot: Slot, written: Sequence[str], unit: Unit, matches: Matches) -> Iterator[Evidence]:
    """The syllable letter by letter as it was typed."""
    if slot.how in (*FOLDED, "written") and written:
        yield Evidence("exact", matches.held(Form((Slot(written[0], "written"),)), unit.zones))


def together(left: Unit, right: Unit, matches: Matches) -> Part:
    """Two units of the question side by side."""
    slots = (left.forms[0].slots[-1], right.forms[0].slots[0])
    return Part(f"{slots[0].text} {slots[1].text}", "neighbours", (Evidence("typed", matches.held(Form(slots))),))


def joined_word(term: str, matches: Matches) -> Part:
    text = term.removeprefix(words.WORD).replace("_", " ")
    return Part(text, "words", (Evidence("typed", matches.held(Form((Slot(term, "term"),)))),))


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
