"""How is a question asked in OpenSearch's own words?  A tree of units becomes a clause (pure)."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from indexer.engine.shape import ALONE, GROUPS, LONGEST_TERM
from indexer.language import fold
from indexer.language.english import stem
from indexer.language.words import STEM
from indexer.question import All, DateTerm, FacetTerm, Node, Without
from indexer.question import Any as Either
from indexer.units import Form, Slot, Unit

Clause = dict[str, Any]

EVERYTHING: Clause = {"match_all": {}}
NOTHING: Clause = {"match_none": {}}
# Slots that stand for a syllable in the line of a field; all others are keywords beside it.
SPOKEN = {"written": "written", "wildcard": "written", "fuzzy": "written", "key": "key", "bare": "bare", "stem": "stem"}
LISTED = ("wildcard", "fuzzy", "number")


class Vocabulary(Protocol):
    """Which words an archive has."""

    def terms(self, slot: Slot) -> Sequence[str]:
        """The terms that a wildcard, a fuzzy word or a number stands for. Raises KhotinError when they are too many."""

    def values(self, facet: str) -> Sequence[str]:
        """All values of a facet."""


def clause_of(node: Node, known: Vocabulary) -> Clause:
    """Which articles hold ``node``: every required unit in one of its forms."""
    if isinstance(node, Unit):
        return either(clause_of_form(form, node.zones, known) for form in node.forms)
    if isinstance(node, All):
        wanted = [part for part in node.parts if not isinstance(part, Unit) or part.required]
        return every(clause_of(part, known) for part in wanted)
    if isinstance(node, Either):
        return either(clause_of(part, known) for part in node.parts)
    if isinstance(node, Without):
        return but(clause_of(node.part, known))
    if isinstance(node, FacetTerm):
        return clause_of_facet(node, known)
    return clause_of_days(node)


def either(clauses: Iterable[Clause]) -> Clause:
    parts = [each for each in clauses if each != NOTHING]
    return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}} if parts else NOTHING


def every(clauses: Iterable[Clause]) -> Clause:
    parts = [each for each in clauses if each != EVERYTHING]
    return {"bool": {"filter": parts}} if parts else EVERYTHING


def but(clause: Clause) -> Clause:
    return {"bool": {"must_not": [clause]}}


def one_of(field: str, values: Sequence[Any]) -> Clause:
    """One of some values stands in a field."""
    if len(values) < 2:
        return {"term": {field: values[0]}} if values else NOTHING
    return {"terms": {field: list(values)}}


def clause_of_facet(node: FacetTerm, known: Vocabulary) -> Clause:
    """The facet holds the words, accents by intent."""
    how = fold.key if fold.is_marked(node.value) else fold.bare
    wanted = " ".join(how(node.value).split())
    return one_of(node.facet, [value for value in known.values(node.facet) if wanted in how(value)])


def clause_of_days(node: DateTerm) -> Clause:
    bounds = {"gte": node.first, "lte": node.last}
    return (
        {"range": {"day": {name: day.toordinal() for name, day in bounds.items() if day}}}
        if any(bounds.values())
        else {"exists": {"field": "day"}}
    )


def group_of(zones: tuple[str, ...]) -> str:
    """The group of fields that holds what stands in some zones; none = anywhere."""
    return next(name for name, held in GROUPS.items() if held == zones) if zones else "all"


def clause_of_form(form: Form, zones: tuple[str, ...], known: Vocabulary) -> Clause:
    group = group_of(zones)
    if len(form.slots) == 1:
        return clause_of_slot(form.slots[0], group, known)
    if form.near:
        return clause_of_near(form, zones, known)
    if is_mixed(form):  # only asked to learn how rare it is: not more often than both in one article
        return every(clause_of_slot(slot, group, known) for slot in form.slots)
    stream = stream_of(form.slots)
    if stream:
        line = " ".join(token(slot, stream) for slot in form.slots)
        return {"match_phrase": {f"{group}_{stream}": {"query": line, "analyzer": "whitespace"}}}
    spans = [span(slot, group, known) for slot in form.slots]
    if NOTHING in spans:
        return NOTHING
    return {"span_near": {"clauses": spans, "slop": 0, "in_order": True}}


def is_mixed(form: Form) -> bool:
    """Does a number or another sign stand beside a syllable?  No line of a field holds both."""
    return len(form.slots) > 1 and not all(slot.how in SPOKEN for slot in form.slots)


def stream_of(slots: Sequence[Slot]) -> str:
    """The one line that a phrase can be read from; empty when its syllables are read in different ways."""
    hows = {slot.how for slot in slots}
    if hows <= {"stem", "written"}:
        return "stem" if "stem" in hows else "written"
    return SPOKEN[hows.pop()] if len(hows) == 1 and not hows & set(LISTED) else ""


def token(slot: Slot, stream: str) -> str:
    """A slot as its line has it."""
    if stream == "stem":  # in English text a figure has a stem as well: itself
        text = slot.text if slot.how == "stem" else stem(slot.text) if slot.text.isascii() else ""
        return (STEM + text if text else slot.text)[:LONGEST_TERM]
    folds = {"key": fold.key, "bare": fold.bare_key}
    return folds[stream](slot.text)[:LONGEST_TERM] if stream in folds else slot.text[:LONGEST_TERM]


def clause_of_slot(slot: Slot, group: str, known: Vocabulary) -> Clause:
    if slot.how in LISTED:
        field = f"{group}_beside" if slot.how == "number" else f"{group}_written"
        return one_of(field, known.terms(slot))
    if slot.how == "alone":
        return one_of(f"{group}_beside", [ALONE + token(Slot(slot.text, "key"), "key")])
    if slot.how == "term":
        return one_of(f"{group}_beside", [slot.text[:LONGEST_TERM]])
    stream = SPOKEN[slot.how]
    return one_of(f"{group}_{stream}", [token(slot, stream)])


def span(slot: Slot, group: str, known: Vocabulary) -> Clause:
    """A slot as one of several that must stand near each other; all lines of an article count alike, so any may stand
    for the line of written syllables."""
    if slot.how not in SPOKEN:
        return NOTHING
    stream = SPOKEN[slot.how]
    field = f"{group}_{stream}"
    terms = known.terms(slot) if slot.how in LISTED else [token(slot, stream)]
    spans: list[Clause] = [{"span_term": {field: term}} for term in terms]
    if not spans:
        return NOTHING
    found: Clause = spans[0] if len(spans) == 1 else {"span_or": {"clauses": spans}}
    if stream == "written":
        return found
    return {"span_field_masking": {"query": found, "field": f"{group}_written"}}


def clause_of_near(form: Form, zones: tuple[str, ...], known: Vocabulary) -> Clause:
    """All slots in one stretch, whatever their order. One that was asked for twice beside others need stand there only
    once: the server may take one place for both; alone, it is asked for in order."""
    group = group_of(zones)
    asked = [span(slot, group, known) for slot in form.slots]
    spans = [each for number, each in enumerate(asked) if each not in asked[:number]]
    if NOTHING in spans:
        return NOTHING
    if len(spans) == 1:
        return {"span_near": {"clauses": spans * len(form.slots), "slop": form.near, "in_order": True}}
    others = form.near + len(form.slots) - len(spans)
    return {"span_near": {"clauses": spans, "slop": others, "in_order": False}}
