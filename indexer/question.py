"""What was asked?  A typed line becomes a tree of units; what broke is told with its place (pure).

    words  "a phrase"  “also so”  «or so»  AND OR NOT  -word  ( )  field:value  field:"value"
    work*  w?rk  work~  "a b"~5

Ordinary typing is never punished: a final question mark, a dash between names, `Số:` and `V/v:` are plain text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indexer.days import span
from indexer.glossary import Glossary
from indexer.language import fold, words
from indexer.language.clean import clean
from indexer.language.numbers import NumberPattern, parts_of
from indexer.language.places import titles_named
from indexer.language.words import PLACE
from indexer.units import Form, Reading, Slot, Unit, cut, read

# How each field may be written (accents optional), and what it asks.
ZONE_FIELDS = {
    "title": ("title", "tiêu-đề"),
    "body": ("body", "nội-dung"),
    "byline": ("author", "tác-giả"),
}
FACET_FIELDS = {
    "section": ("section", "mục"),
    "source": ("source", "nguồn"),
    "unit": ("unit", "đơn-vị"),
}
OTHER_FIELDS = {
    "number": ("number", "số-hiệu"),
    "place": ("place", "địa-danh"),
    "date": ("date", "ngày"),
}
FIELDS = {
    fold.bare(written): name
    for table in (ZONE_FIELDS, FACET_FIELDS, OTHER_FIELDS)
    for name, spellings in table.items()
    for written in spellings
}
QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "”": "”"}
# `"b c"~` without a number asks for the two with at most so many syllables between them.
NEAR_BY_DEFAULT = 5
# Farther apart is not near; deeper brackets are a slip of the hand or a trick.
FARTHEST, DEEPEST = 1000, 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be understood, and at which character."""

    message: str
    at: int
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FacetTerm:
    """The article's section, source or unit must hold these words."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class DateTerm:
    """The article's date must lie in this span; None = open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    part: "Node"


Node = Unit | FacetTerm | DateTerm | All | Any | Without


@dataclass(frozen=True, slots=True)
class Question:
    """A typed line, understood. ``plain``: its units are joined only by blanks, and not all of them are quoted."""

    text: str
    tree: All
    reading: Reading
    plain: bool
    problems: tuple[Problem, ...] = ()

    @property
    def units(self) -> list[Unit]:
        """Every unit that is asked for, in order; excluded ones are left out."""
        return list(units_of(self.tree))


def units_of(node: Node) -> Iterator[Unit]:
    if isinstance(node, Unit):
        yield node
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from units_of(part)


def understand(line: str, glossary: Glossary, exact: bool = False, half: bool = False) -> Question:
    """Read a typed line. Never raises: what is broken is told in ``problems``, the rest is understood."""
    text = " ".join(clean(line).split())
    lexemes = scan(text)
    parser = Parser(text, lexemes, read(only_words(text, lexemes), exact, half), glossary)
    tree = parser.everything()
    kinds = {lexeme.kind for lexeme in parser.lexemes}
    plain = "word" in kinds and kinds <= {"word", "phrase", "-", "(", ")"}
    return Question(text, tree, parser.reading, plain, tuple(parser.problems))


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A piece of the line: word, phrase, (, ), AND, OR, NOT, -, or field (with its name in ``value``)."""

    kind: str
    start: int
    end: int
    value: str = ""
    near: int = 0
    closed: bool = True


# Fields whose value is no wording of the article: it says nothing about the language of the question.
VALUE_FIELDS = (*FACET_FIELDS, *OTHER_FIELDS)


def only_words(text: str, lexemes: Sequence[Lexeme]) -> str:
    """The text with operators, names of fields and values of facets blanked out: its words stay where they are."""
    out = list(text)
    value, depth = False, 0
    for lexeme in lexemes:
        depth += (lexeme.kind == "(") - (lexeme.kind == ")") if value else 0
        if value or lexeme.kind not in ("word", "phrase"):
            out[lexeme.start : lexeme.end] = " " * (lexeme.end - lexeme.start)
        elif lexeme.near:  # the distance behind a phrase
            after = lexeme.start + len(lexeme.value) + 2
            out[after : lexeme.end] = " " * (lexeme.end - after)
        value = lexeme.value in VALUE_FIELDS if lexeme.kind == "field" else value and depth > 0
    return "".join(out)


FIELD = re.compile(r"([\w-]+):(?=\S)")
NEAR = re.compile(r"~(\d*)")
WORD = re.compile(r"[^\s()\"“”«»„]+")


def scan(text: str) -> list[Lexeme]:
    lexemes: list[Lexeme] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = piece(text, at)
        lexemes.append(found)
        at = found.end
    return lexemes


def piece(text: str, at: int) -> Lexeme:
    fresh = at == 0 or text[at - 1] in " (" or text[at - 1] == "-"
    if text[at] in "()":
        return Lexeme(text[at], at, at + 1)
    if text[at] in QUOTES and not is_stray(text, at):
        return quoted(text, at)
    if text[at] == "-" and fresh and re.match(r"[\w(\"“«]", text[at + 1 : at + 2]):
        return Lexeme("-", at, at + 1)
    field = FIELD.match(text, at)
    if field and fold.bare(field.group(1)) in FIELDS:
        return Lexeme("field", at, field.end(), FIELDS[fold.bare(field.group(1))])
    word = WORD.match(text, at)
    end = word.end() if word else at + 1
    kind = text[at:end] if text[at:end] in ("AND", "OR", "NOT") else "word"
    return Lexeme(kind, at, end)


def is_stray(text: str, at: int) -> bool:
    """A closing mark that opened nothing: it is no more than a sign."""
    return text[at] == "”" and "”" not in text[at + 1 :]


def quoted(text: str, at: int) -> Lexeme:
    close = text.find(QUOTES[text[at]], at + 1)
    if close < 0:
        return Lexeme("phrase", at, len(text), text[at + 1 :], closed=False)
    near = NEAR.match(text, close + 1)
    distance = min(int(near.group(1) or NEAR_BY_DEFAULT), FARTHEST) if near else 0
    return Lexeme("phrase", at, near.end() if near else close + 1, text[at + 1 : close], distance)


class Parser:
    """Reads lexemes from left to right: OR binds weaker than standing side by side (AND)."""

    def __init__(self, text: str, lexemes: list[Lexeme], reading: Reading, glossary: Glossary) -> None:
        self.text, self.lexemes, self.reading, self.glossary = text, lexemes, reading, glossary
        self.at = self.depth = 0
        self.problems: list[Problem] = []

    @property
    def next(self) -> str:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else ""

    def everything(self) -> All:
        parts: list[Node] = []
        while self.next:
            part = self.either()
            parts += part.parts if isinstance(part, All) else [part]
            if self.next == ")":
                self.broken("This closing bracket has no opening one.")
        return All(tuple(parts))

    def either(self) -> Node:
        parts = [self.together()]
        while self.next == "OR":
            self.operator()
            parts.append(self.together())
        kept = tuple(part for part in parts if part != All(()))
        return kept[0] if len(kept) == 1 else Any(kept) if kept else All(())

    def together(self) -> Node:
        parts: list[Node] = []
        while self.next and self.next not in (")", "OR"):
            if self.next == "AND":
                self.operator()
            else:
                parts.extend(self.negated())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def negated(self) -> list[Node]:
        if self.next not in ("NOT", "-"):
            return self.atom()
        sign = self.lexemes[self.at]
        self.at += 1
        part = self.atom(one_word=True) if self.next and self.next not in (")", "AND", "OR") else []
        if not part:
            values = (("sign", self.text[sign.start : sign.end]),)
            self.say(Problem("Nothing follows “%(sign)s”.", sign.start, values))
        return [Without(only_typed(All(tuple(part))))] if part else []

    def operator(self) -> None:
        sign = self.lexemes[self.at]
        self.at += 1
        first = self.at == 1 or self.lexemes[self.at - 2].kind in ("(", "OR", "AND")
        if first or self.next in ("", ")", "AND", "OR"):
            values = (("sign", self.text[sign.start : sign.end]),)
            self.say(Problem("“%(sign)s” joins two things; one of them is missing.", sign.start, values))

    def say(self, problem: Problem) -> None:
        """Once is enough: who forgot a hundred brackets need not read a hundred sentences."""
        if problem.message not in [each.message for each in self.problems]:
            self.problems.append(problem)

    def broken(self, message: str) -> None:
        self.say(Problem(message, self.lexemes[self.at].start))
        self.at += 1

    def atom(self, one_word: bool = False) -> list[Node]:
        lexeme = self.lexemes[self.at]
        readers: dict[str, Callable[[], list[Node]]] = {
            "(": self.group,
            "phrase": self.phrase,
            "field": self.field,
        }
        if lexeme.kind in readers:
            return readers[lexeme.kind]()
        return self.words(one_word)

    def group(self) -> list[Node]:
        opening = self.lexemes[self.at]
        if self.depth == DEEPEST:
            self.broken("Brackets stand too deep inside each other; from here on nothing was read.")
            self.at = len(self.lexemes)
            return []
        self.at += 1
        self.depth += 1
        inside = self.either()
        self.depth -= 1
        if self.next == ")":
            self.at += 1
        else:
            self.say(Problem("This bracket is not closed.", opening.start))
        return [] if inside == All(()) else [inside]

    def phrase(self) -> list[Node]:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if not lexeme.closed:
            self.say(Problem("This quotation mark is not closed.", lexeme.start))
        slots = self.typed_slots(lexeme.start, lexeme.end, lexeme.value)
        if not slots:
            return []
        form = Form(slots, near=lexeme.near)
        return [Unit(lexeme.value.strip(), lexeme.start, lexeme.end, "phrase", (form,))]

    def typed_slots(self, start: int, end: int, value: str) -> tuple[Slot, ...]:
        at = self.text.index(value, start, end) if value else start
        return tuple(
            Slot(token.term, self.reading.how(token.term)) for token in words.syllables(self.text[at : at + len(value)])
        )

    def words(self, one_word: bool) -> list[Node]:
        """As many plain words as follow; a word with a wildcard or ~ stands alone."""
        first = self.lexemes[self.at]
        special = self.special(first)
        self.at += 1
        if special:
            return [special]
        end = first.end
        while not one_word and self.next == "word" and not self.special(self.lexemes[self.at]):
            end = self.lexemes[self.at].end
            self.at += 1
        return list(cut(self.text, first.start, end, self.reading, self.glossary))

    def special(self, lexeme: Lexeme) -> Unit | None:
        written = self.text[lexeme.start : lexeme.end]
        pattern = fold.lower(written)
        if re.fullmatch(r"[^\W_]+~[12]?", written):
            slot = Slot(pattern.split("~")[0], "fuzzy")
        elif re.fullmatch(r"[^\W_]+(\*[^\W_]*|\?[^\W_]+)([*?]?[^\W_]+)*", written):
            slot = Slot(pattern, "wildcard")
        else:
            return None
        return Unit(written, lexeme.start, lexeme.end, slot.how, (Form((slot,)),))

    def field(self) -> list[Node]:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if self.next not in ("word", "phrase", "("):
            self.say(Problem("Nothing follows this field's name.", lexeme.start))
            return []
        if lexeme.value in ZONE_FIELDS:
            return [in_field(part, lexeme.value) for part in self.atom(one_word=True)]
        value_at = self.lexemes[self.at]
        value = self.field_value()
        if lexeme.value in FACET_FIELDS:
            return [FacetTerm(lexeme.value, value)] if value else []
        readers = {"date": self.date, "number": self.number, "place": self.place}
        return readers[lexeme.value](value, value_at)

    def field_value(self) -> str:
        """A word, a phrase, or all that stands in brackets."""
        first = self.lexemes[self.at]
        self.at += 1
        if first.kind != "(":
            return (first.value or self.text[first.start : first.end]).strip()
        start = first.end
        while self.next and self.next != ")":
            self.at += 1
        end = self.lexemes[self.at].start if self.next else len(self.text)
        if self.next:
            self.at += 1
        else:
            self.say(Problem("This bracket is not closed.", first.start))
        return self.text[start:end].strip()

    def date(self, value: str, place: Lexeme) -> list[Node]:
        try:
            return [DateTerm(*span(value))]
        except ValueError:
            message = "“%(value)s” is no date. Write date:2024, date:2024-03 or date:2023-01..2024-06."
            self.say(Problem(message, place.start, (("value", value),)))
            return []

    def number(self, value: str, place: Lexeme) -> list[Node]:
        """A document number or whole parts of one: here a lone figure is one too."""
        parts = parts_of(value)
        if not parts:
            return []
        pattern = NumberPattern(place.start, place.end, parts, full=False)
        slot = Slot("/".join(parts), "number", pattern)
        return [Unit(value, place.start, place.end, "number", (Form((slot,)),), field="number")]

    def place(self, value: str, place: Lexeme) -> list[Node]:
        """A place by its name, with or without its kind, as the gazetteer knows it."""
        titles = titles_named(value)
        if not titles:
            message = "“%(value)s” is no place of the gazetteer; its words were not searched."
            self.say(Problem(message, place.start, (("value", value),)))
            return []
        forms = tuple(Form((Slot(PLACE + title, "term"),)) for title in titles)
        return [Unit(value, place.start, place.end, "place", forms, field="place")]


def in_field(node: Node, name: str) -> Node:
    """The node, its units bound to a field: as typed, required, in the field's zones."""
    if isinstance(node, All | Any):
        return type(node)(tuple(in_field(part, name) for part in node.parts))
    if isinstance(node, Without):
        return Without(in_field(node.part, name))
    if not isinstance(node, Unit):
        return node
    return replace(node, field=name, required=node.kind != "part", related=())


def only_typed(node: Node) -> Node:
    """An exclusion never widens: translations, synonyms and abbreviations are left out of it."""
    if isinstance(node, All | Any):
        return type(node)(tuple(only_typed(part) for part in node.parts if not is_part(part)))
    if isinstance(node, Unit):
        typed = tuple(form for form in node.forms if form.why in ("typed", "vietnamese", "english"))
        return replace(node, forms=typed, required=True)
    return node


def is_part(node: Node) -> bool:
    return isinstance(node, Unit) and node.kind == "part"


def trimmed(question: Question, without: Sequence[str]) -> Question:
    """Without the forms whose chips the reader took out."""
    return replace(question, tree=All(tuple(trim(part, frozenset(without)) for part in question.tree.parts)))


def trim(node: Node, without: frozenset[str]) -> Node:
    if isinstance(node, All | Any):
        return type(node)(tuple(trim(part, without) for part in node.parts))
    if isinstance(node, Unit):
        chips = {form.chip for form in node.forms}
        # who drops the English reading of a word drops its translations
        dropped = {"translation"} if "english:" in chips & without else set()
        forms = tuple(form for form in node.forms if form.chip not in without and form.why not in dropped)
        return replace(node, forms=forms or node.forms[:1])
    return node
