"""What is a peer asked for?  The same units, zones and evidence as our own search, as runs of terms with weights.

Understanding the line (accents, glossary, places, numbers) is ours; peers are handed what came of it, and their clocks
do not count it. Near matches, which we add and they do not, are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.choose import by_company
from indexer.evidence import by_alignment, joined_words
from indexer.glossary import Glossary
from indexer.heard import read_question
from indexer.language import fold, words
from indexer.match import Matches
from indexer.query import Query
from indexer.ranking import EVIDENCE, PARTS
from indexer.units import Form, Slot, Unit
from indexer.view import View

FOLDS = {"written": fold.lower, "key": fold.key, "bare": fold.bare_key}


@dataclass(frozen=True, slots=True)
class Clause:
    """Terms side by side, in any zone, in one of the fields that each zone has (`peers.KINDS`)."""

    kind: str
    terms: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Need:
    """One clause of each group of ``must`` has to hold; ``should`` only ranks. The query says filters and page."""

    query: Query
    must: tuple[tuple[Clause, ...], ...]
    should: tuple[Clause, ...]


def need_of(query: Query, view: View, glossary: Glossary) -> Need | None:
    """None for a question that uses more of our language than peers have."""
    matches = Matches(view)
    question = read_question(query, matches, glossary)
    if not question.tree.parts or not all(isinstance(part, Unit) for part in question.tree.parts):
        return None
    units = by_company(question.units, matches)
    must = tuple(
        tuple(clause for form in unit.forms for clause in of_form(form, unit, matches))
        for unit in units
        if unit.required
    )
    should = [clause for unit in units for clause in ranking(unit, matches)]
    should += [clause for left, right in pairwise(units) for clause in together(left, right)]
    should += [
        Clause("beside", (escaped(term),), PARTS["words"] * EVIDENCE["typed"]) for term in joined_words(question)
    ]
    known = {(clause.kind, clause.terms) for group in must for clause in group}
    rest = {(clause.kind, clause.terms): clause for clause in should}
    return Need(query, must, tuple(clause for name, clause in rest.items() if name not in known))


def of_form(form: Form, unit: Unit, matches: Matches) -> Iterator[Clause]:
    part = "syllables" if len(form.slots) == 1 else "neighbours"
    yield from clauses(form.slots, form.text or unit.text, PARTS[part] * EVIDENCE[form.why] * form.trust, matches)


def ranking(unit: Unit, matches: Matches) -> Iterator[Clause]:
    """What speaks for a unit beside its being there: its syllables as typed and letter by letter, its inner pairs."""
    typed, _ = by_alignment(unit)
    kind = "syllables" if unit.required else "frames"
    written = [token.term for token in words.syllables(unit.text)]
    for form in typed:
        for slot in form.slots:
            yield from clauses((slot,), slot.text, PARTS[kind] * EVIDENCE["typed"], matches)
        for pair in pairwise(form.slots):
            yield from clauses(pair, " ".join(slot.text for slot in pair), PARTS["neighbours"], matches)
    for term in written:
        yield Clause("written", (term,), PARTS[kind] * EVIDENCE["exact"])
    for form in unit.related:
        yield from clauses(form.slots, form.text, PARTS[kind] * EVIDENCE[form.why] * form.trust, matches)


def together(left: Unit, right: Unit) -> Iterator[Clause]:
    """Two units of the question side by side."""
    slots = (left.forms[0].slots[-1], right.forms[0].slots[0])
    if all(slot.how in FOLDS for slot in slots):
        yield phrase(slots, PARTS["neighbours"] * EVIDENCE["typed"])


def clauses(slots: Sequence[Slot], text: str, weight: float, matches: Matches) -> Iterator[Clause]:
    hows = {slot.how for slot in slots}
    if len(slots) == 1 and hows & {"term", "number", "stem"}:
        for term in matches.terms(slots[0]):
            yield Clause("beside", (escaped(term),), weight)
    elif hows <= {*FOLDS, "alone"}:
        yield phrase(slots, weight)
    else:  # English terms of several words: as they are written
        yield Clause("written", tuple(token.term for token in words.syllables(text)), weight)


def phrase(slots: Sequence[Slot], weight: float) -> Clause:
    """All slots in one field: the one that the loosest of them asks for."""
    hows = {"key" if slot.how == "alone" else slot.how for slot in slots}
    kind = next(each for each in ("bare", "key", "written") if each in hows)
    return Clause(kind, tuple(FOLDS[kind](slot.text) for slot in slots), weight)


def escaped(term: str) -> str:
    """A term that stands beside the syllables, as one that peers do not cut: places have blanks in their names."""
    return term.replace(" ", "·")
