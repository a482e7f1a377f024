"""What was understood of a question, as it is told to who asked?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from indexer.held import Archive
from indexer.query import LONGEST_QUESTION, Query
from indexer.question import Problem, Question
from indexer.units import Unit

# A chip names so many of a word's translations; all of them are searched.
MEANINGS = 3


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that the question was widened by, and the name under which it is taken out again."""

    id: str
    typed: str
    meaning: str
    why: str


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was understood: the units, what they were widened by, how accents were read, what broke."""

    question: Question
    chips: tuple[Chip, ...]
    removed: tuple[str, ...]
    accents: str
    problems: tuple[Problem, ...]

    @property
    def ignores_accents(self) -> bool:
        """Whether syllables were searched without regard to their accents."""
        forms = (form for unit in self.question.units for form in unit.forms)
        return any(slot.how == "bare" for form in forms for slot in form.slots)


class Understood(Protocol):
    """What a question was understood as, in one generation."""

    @property
    def question(self) -> Question: ...
    @property
    def units(self) -> Sequence[Unit]: ...
    @property
    def archive(self) -> Archive: ...


def interpretation(query: Query, found: Understood) -> Interpretation:
    problems = list(found.question.problems)
    if len(query.q) > LONGEST_QUESTION:
        problems.append(
            Problem("The question is too long; only its first 1,000 characters were searched.", LONGEST_QUESTION)
        )
    accents = found.question.reading.accents
    return Interpretation(found.question, tuple(chips(found)), query.without, accents, tuple(problems))


def chips(found: Understood) -> Iterator[Chip]:
    """What widened the question, each once, with the meanings that this archive holds: most likely ones first."""
    told: set[str] = set()
    for unit in found.units:
        for name in dict.fromkeys(form.chip for form in unit.forms):
            forms = [form for form in unit.forms if form.chip == name and found.archive.stands(form, unit.zones)]
            if name and name not in told and forms:
                told.add(name)
                likely = sorted(forms, key=lambda form: -form.trust)
                meanings = list(dict.fromkeys(form.text for form in likely if form.text))
                yield Chip(name, unit.text, ", ".join(meanings[:MEANINGS]), forms[0].why)
