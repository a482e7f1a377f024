"""What does the cluster know of the words of a question?  Each is asked once in a generation, several at a time."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from indexer.afar.clauses import LISTED, Clause, clause_of, clause_of_form
from indexer.afar.far import FarView
from indexer.held import Asked, Counts
from indexer.language import fold, numbers
from indexer.language.slips import LONGEST, slips
from indexer.language.words import NUMBER
from indexer.match import LEAST_OFTEN, MOST_TERMS, pattern_of, too_long, too_many
from indexer.question import Node
from indexer.units import Form, Slot, Unit

# No archive has more values of a facet; the number of a facet's values in an answer is bounded by the cluster.
MOST_VALUES = 10_000
# What an aggregation takes at a time.
MOST_AT_ONCE = 1_000
# The cluster takes patterns of a thousand signs, and of a word so many letters.
MOST_SIGNS, MOST_LETTERS = 1_000, 40
# The cluster lays a hundred filters beside each other, two halves of them at a time.
HALF = 50


class Asking:
    """The words of one archive, as its readers may ask for them; `indexer.held.Archive` for a cluster."""

    def __init__(self, view: FarView) -> None:
        self.view, self.far = view, view.far

    # indexer.held.Archive

    def any(self, node: Node) -> bool:
        return self.counts([clause_of(node, self)])[0] > 0

    def stands(self, form: Form, zones: tuple[str, ...] = ()) -> bool:
        return self.often(form, zones) > 0

    def is_shown(self, form: Form) -> bool:
        return self.shown([clause_of_form(form, (), self)])[0] > 0

    def prepare(self, units: Iterable[Unit]) -> None:
        """Learn of some units, and of each of their forms, what will be asked next."""
        asked = list(units)
        self.expanded([slot for unit in asked for form in unit.forms for slot in form.slots if slot.how in LISTED])
        forms = [clause_of_form(form, unit.zones, self) for unit in asked for form in unit.forms]
        self.counts([*forms, *(clause_of(unit, self) for unit in asked)])

    def together(self, forms: Sequence[Asked]) -> tuple[Counts, int]:
        """In how many articles each two forms stand together, and how many there are."""
        clauses = [clause_of_form(form, zones, self) for form, zones in forms]
        alone = self.counts(clauses)
        met = [number for number, often in enumerate(alone) if often]
        counts = np.zeros((len(forms), len(forms)))
        for one, other, often in self.pairs([clauses[number] for number in met]):
            counts[met[one], met[other]] = counts[met[other], met[one]] = often
        return counts, self.far.size

    def nearest(self, term: str) -> str:
        found = slips_among(term, self.listed("syllables", slipped(term), MOST_VALUES, self.view.shown_only))
        best = max((each for each in found if each[0].isalpha()), key=lambda each: (found[each], each), default="")
        return best if found.get(best, 0) >= LEAST_OFTEN else ""

    # indexer.afar.clauses.Vocabulary

    def often(self, form: Form, zones: tuple[str, ...] = ()) -> int:
        return self.counts([clause_of_form(form, zones, self)])[0]

    def values(self, facet: str) -> Sequence[str]:
        return list(self.listed(facet, most=MOST_VALUES))

    def terms(self, slot: Slot) -> Sequence[str]:
        return self.expanded([slot])[0]

    # how it is asked

    def counts(self, clauses: Sequence[Clause]) -> list[int]:
        """How many articles meet each clause, hidden ones among them."""
        return self.counted(clauses, [], "all")

    def shown(self, clauses: Sequence[Clause]) -> list[int]:
        """How many shown articles meet each clause."""
        return self.counted(clauses, self.view.shown_only, self.view.whose)

    def counted(self, clauses: Sequence[Clause], among: list[Clause], whose: str) -> list[int]:
        names = [f"{whose} {json.dumps(each, ensure_ascii=False)}" for each in clauses]
        return self.far.remembered(names, clauses, lambda fresh: self.asked(fresh, among))

    def asked(self, clauses: Sequence[Clause], among: list[Clause]) -> list[int]:
        parts = [clauses[at : at + MOST_AT_ONCE] for at in range(0, len(clauses), MOST_AT_ONCE)]
        bodies = [counting({"n": {"filters": {"filters": list(part)}}}, among) for part in parts]
        return [bucket["doc_count"] for told in self.far.ask(bodies) for bucket in told["aggregations"]["n"]["buckets"]]

    def pairs(self, clauses: Sequence[Clause]) -> Iterator[tuple[int, int, int]]:
        """In how many articles each clause is met, alone and with each other one."""
        named = [(str(number), clause) for number, clause in enumerate(clauses)]
        blocks = [dict(named[at : at + HALF]) for at in range(0, len(named), HALF)]
        sides = [one | other for one, other in combinations(blocks, 2)] or blocks
        bodies = [counting({"n": {"adjacency_matrix": {"filters": side}}}, []) for side in sides]
        for told in self.far.ask(bodies):
            for bucket in told["aggregations"]["n"]["buckets"]:
                one, _, other = bucket["key"].partition("&")
                yield int(one), int(other or one), bucket["doc_count"]

    def listed(
        self, field: str, pattern: str = "", most: int = MOST_TERMS + 1, among: Sequence[Clause] = ()
    ) -> Mapping[str, int]:
        """The values of a field that match a pattern of Lucene's, each with the number of its articles."""
        return values_in(self.far.ask([listing(field, pattern, most, among)])[0])

    # patterns

    def expanded(self, slots: Sequence[Slot]) -> list[list[str]]:
        """The terms that each of some patterns stands for, asked at once."""
        return self.far.remembered([f"terms {slot!r}" for slot in slots], slots, self.looked_up)

    def looked_up(self, slots: Sequence[Slot]) -> list[list[str]]:
        answers = self.far.ask([listing(*wanted(slot)) for slot in slots])
        return [sorted(standing_for(slot, values_in(told))) for slot, told in zip(slots, answers, strict=True)]


def wanted(slot: Slot) -> tuple[str, str, int]:
    """The field, the pattern and how many values at the most tell what a slot may stand for, and more."""
    if slot.how == "number":
        assert slot.pattern is not None
        return "numbers", f".*{escaped(slot.pattern.parts[0])}.*", MOST_VALUES
    if slot.how == "fuzzy":
        if len(slot.text) > LONGEST:
            raise too_long(slot)
        return "syllables", slipped(slot.text), MOST_VALUES
    return "syllables", wildcard(slot.text), MOST_TERMS + 1


def standing_for(slot: Slot, found: Mapping[str, int]) -> list[str]:
    """Those of the values found that a slot does stand for. Raises KhotinError when they are too many."""
    if slot.how == "number":
        assert slot.pattern is not None
        kept = [NUMBER + bare for bare in found if numbers.matches_bare(slot.pattern, bare)]
    elif slot.how == "fuzzy":
        kept = list(slips_among(slot.text, found))
    else:
        pattern = pattern_of(slot.text)
        kept = [term for term in found if pattern.fullmatch(term if fold.is_marked(slot.text) else fold.bare(term))]
    if len(kept) > MOST_TERMS or (slot.how == "number" and len(found) == MOST_VALUES):
        raise too_many(slot)
    return kept


def slips_among(typed: str, found: Mapping[str, int]) -> Mapping[str, int]:
    """The syllables that one slip of the hand turns ``typed`` into; without regard to accents when it has none."""
    if fold.is_marked(typed):
        known = set(slips(typed, set("".join(found))))
        return {term: often for term, often in found.items() if term in known}
    known = set(slips(typed, fold.BARE_LETTERS))
    return {term: often for term, often in found.items() if fold.bare(term) in known}


def listing(field: str, pattern: str, most: int, among: Sequence[Clause] = ()) -> Clause:
    matching = {"include": pattern} if pattern else {}
    # each piece of the index tells all it has: what is cut off at a piece would be counted wrongly
    return counting({"n": {"terms": {"field": field, "size": most, "shard_size": 1_000_000, **matching}}}, list(among))


def values_in(told: Any) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in told["aggregations"]["n"]["buckets"]}


def counting(aggregations: Clause, among: list[Clause]) -> Clause:
    return {"size": 0, "track_total_hits": False, "query": {"bool": {"filter": among}}, "aggs": aggregations}


def wildcard(text: str) -> str:
    """A word with * and ? as a pattern of Lucene's, accents by intent; of a very long one its beginning."""

    def pattern(letter: Callable[[str], str]) -> str:
        found = "".join({"*": ".*", "?": "."}.get(each) or letter(each) for each in text[:MOST_LETTERS])
        return found if len(text) <= MOST_LETTERS else found + ".*"

    return fitting(pattern, fold.is_marked(text))


def slipped(typed: str) -> str:
    """What one slip turns a word into, as a pattern of Lucene's, and more: before or behind its middle nothing is
    changed, or the two letters in the middle are swapped."""
    half = len(typed) // 2

    def pattern(letter: Callable[[str], str]) -> str:
        letters = [letter(each) for each in typed]
        first, last = letters[:half], letters[half:]
        return "|".join(
            (
                "".join(first) + f".{{{max(0, len(last) - 1)},{len(last) + 1}}}",
                f".{{{max(0, half - 1)},{half + 1}}}" + "".join(last),
                "".join([*first[:-1], *last[:1], *first[-1:], *last[1:]]),
            )
        )

    return fitting(pattern, fold.is_marked(typed))


def fitting(pattern: Callable[[Callable[[str], str]], str], is_marked: bool) -> str:
    """A pattern whose letters are as typed, or with any accent; of a long word any letter where one may have accents:
    what is found is looked at once more."""
    found = pattern(escaped if is_marked else accented)
    return found if len(found) <= MOST_SIGNS else pattern(lambda each: "." if each in VARIANTS else escaped(each))


def accented(letter: str) -> str:
    """A letter with any accent."""
    return f"[{letter}{VARIANTS[letter]}]" if letter in VARIANTS else escaped(letter)


def escaped(text: str) -> str:
    return re.sub(r"([^\w])", r"\\\1", text)


def variants() -> dict[str, str]:
    """Each letter with all that lose their marks to it."""
    found: dict[str, str] = {}
    for code, plain in fold.WITHOUT_MARKS.items():
        if chr(code).islower():
            found[plain] = found.get(plain, "") + chr(code)
    return found


VARIANTS = variants()
