"""How is a line understood, once it is known what the archive holds?"""

from indexer.glossary import Glossary
from indexer.held import Archive
from indexer.language import words
from indexer.query import LONGEST_QUESTION, Query
from indexer.question import Question, trimmed, understand
from indexer.units import Unit


def read_question(query: Query, archive: Archive, glossary: Glossary) -> Question:
    """Understand the line; a half-typed one is read folded where its plain syllables make sense only so (rule 4)."""
    question = understood(query, archive, glossary)
    if question.reading.accents != "accented":
        return question
    half = understood(query, archive, glossary, half=True)
    if half.tree == question.tree:
        return question
    if compounds(half) > compounds(question):
        return half
    if not archive.any(question.tree) and archive.any(half.tree):
        return half
    return question


def understood(query: Query, archive: Archive, glossary: Glossary, half: bool = False) -> Question:
    """Understand the line; a term that stands nowhere in the archive, in none of its forms, is read as its words."""
    line = query.q[:LONGEST_QUESTION]
    question = understand(line, glossary, query.exact, half)
    while absent := absent_units(question, archive):
        glossary = glossary.passing_over(" ".join(token.term for token in words.syllables(text)) for text in absent)
        again = understand(line, glossary, query.exact, half)
        if again.tree == question.tree:
            break
        question = again
    return trimmed(question, query.without)


def absent_units(question: Question, archive: Archive) -> list[str]:
    archive.prepare(question.units)
    return [unit.text for unit in question.units if is_absent(unit, archive)]


def is_absent(unit: Unit, archive: Archive) -> bool:
    several = unit.kind == "compound" and len(unit.forms[0].slots) > 1
    return several and not archive.any(unit)


def compounds(question: Question) -> int:
    """How many syllables of the question stand in compounds and places."""
    return sum(len(u.forms[0].slots) for u in question.units if u.kind in ("compound", "place"))
