"""How is a question written as a line again?  Understanding the line gives the same tree (pure)."""

import re
from collections.abc import Iterator, Sequence

from indexer.language import fold
from indexer.question import FIELD, FIELDS, All, Any, DateTerm, FacetTerm, Node, Question, Without
from indexer.units import Unit

# Kinds of units that stand for themselves; all others are words that were cut together.
ALONE = ("phrase", "wildcard", "fuzzy")
# What parts words: a bracket, an operator, the name of a field.
SYNTAX = re.compile(rf"[()]|(?<!\S)-(?=\S)|(?<!\S)(?:and|or|not)(?!\S)|(?<!\S)(?:{'|'.join(FIELDS)}):(?=\S)")
SIGN = re.compile(r"[^\s\w()\"“”«»„-]")


def line_of(question: Question) -> str:
    """The question as a line of the query language; what could not be understood is left out."""
    return together(question.tree.parts, question.text)


def together(parts: Sequence[Node], text: str) -> str:
    """Parts that must all hold, side by side; two runs of words are kept apart by AND."""
    written, words_before = "", False
    for run in runs(parts, text):
        is_words = all(isinstance(part, Unit) and part.kind not in ALONE and not part.field for part in run)
        written += (" AND " if words_before and is_words else " ") + one(run, text)
        words_before = is_words
    return written.strip()


def runs(parts: Sequence[Node], text: str) -> Iterator[list[Node]]:
    """The parts in order; plain words of one stretch of the line stay together, for they were cut together."""
    run: list[Node] = []
    for part in parts:
        if isinstance(part, Unit) and part.kind == "part":
            continue  # the figure of a document number, which comes back with the number
        if run and not belong_together(run[-1], part, text):
            yield run
            run = []
        run.append(part)
    if run:
        yield run


def belong_together(left: Node, right: Node, text: str) -> bool:
    plain = all(isinstance(each, Unit) and each.kind not in ALONE for each in (left, right))
    if not plain:
        return False
    assert isinstance(left, Unit) and isinstance(right, Unit)
    between = text[left.end : right.start]
    return left.field == right.field and not SYNTAX.search(fold.bare(between)) and not (left.field and " " in between)


def one(run: Sequence[Node], text: str) -> str:
    first = run[0]
    if isinstance(first, Unit):
        return unit(first, stretch(first, run[-1], text), text)
    if isinstance(first, FacetTerm):
        return f"{first.facet}:{quoted(first.value)}"
    if isinstance(first, DateTerm):
        return f"date:{first.first or ''}..{first.last or ''}"
    if isinstance(first, Without):
        return "-" + excluded(first.part, text)
    if isinstance(first, Any):
        return bracketed(" OR ".join(together(inner(part), text) for part in first.parts))
    return bracketed(together(first.parts, text))


def inner(part: Node) -> Sequence[Node]:
    return part.parts if isinstance(part, All) else (part,)


def excluded(part: Node, text: str) -> str:
    """What a minus sign takes out: one thing, or several that were written as one word."""
    parts = inner(part)
    written = together(parts, text)
    is_one = len(list(runs(parts, text))) == 1 and (" " not in written or written[0] in '("«')
    return written if is_one and re.match(r"[\w(\"«]", written) else bracketed(written)


def stretch(first: Unit, last: Node, text: str) -> str:
    """The line from one unit to another, with the signs that touch it: they are part of how it was cut."""
    assert isinstance(last, Unit)
    start, end = first.start, last.end
    while start and not first.field and SIGN.match(text[start - 1]):
        start -= 1
    while SIGN.match(text[end : end + 1]) or text[end : end + 1] == "-":
        end += 1
    return text[start:end]


def unit(first: Unit, words: str, text: str) -> str:
    if first.field in ("number", "place"):
        return f"{first.field}:{quoted(first.text)}"
    if first.kind == "phrase":
        near = first.forms[0].near
        words = quoted(first.text) + (f"~{near}" if near else "")
    name = {"byline": "author"}.get(first.field, first.field)
    if not name:
        return words
    if FIELD.match(words):  # title:.author:x asks for both words in the title
        words = words.replace(":", ".")
    return f"{name}:{words}" if " " not in words or first.kind == "phrase" else f"{name}:{bracketed(words)}"


def bracketed(line: str) -> str:
    """In brackets; a colon that ends the line must not become a field's."""
    return f"({line} )" if line.endswith(":") else f"({line})"


def quoted(value: str) -> str:
    """In quotation marks that the value itself does not hold."""
    opening, closing = ("«", "»") if '"' in value and "»" not in value else ('"', '"')
    return opening + " ".join(value.replace(closing, " ").split()) + closing
