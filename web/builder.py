"""How is a question asked with boxes?  They become a line of the query language, and a line fills them (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from indexer.days import span
from indexer.language import fold
from indexer.language.clean import clean
from indexer.question import FARTHEST, FIELDS, NEAR_BY_DEFAULT, Lexeme, scan

SIGNS = re.compile(r"[()\"“”«»„]")
OPERATORS = ("AND", "OR", "NOT")
# As people write months and days: 03/2024, 15/03/2024.
WRITTEN = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, slots=True)
class Boxes:
    """What stands in each box. Several things in ``any``, ``none`` and ``sections`` are parted by commas."""

    all: str = ""
    any: str = ""
    phrase: str = ""
    none: str = ""
    near: str = ""
    within: str = str(NEAR_BY_DEFAULT)
    title: str = ""
    sections: str = ""
    first: str = ""
    last: str = ""

    @property
    def in_order(self) -> bool:
        """Whether the days can be read, and the first does not lie after the last."""
        try:
            first, last = span(f"{day(self.first)}..{day(self.last)}") if self.first or self.last else (None, None)
        except ValueError:
            return False
        return first is None or last is None or first <= last


NAMES = tuple(each.name for each in fields(Boxes))


def line_of(boxes: Boxes) -> str:
    """The question that the boxes ask, as a line of the query language."""
    return " ".join(each for each in written(boxes) if each)


def written(boxes: Boxes) -> Iterator[str]:
    yield as_typed(boxes.all)
    yield either([plain(each) for each in boxes.any.split(",")])
    yield quoted(boxes.phrase)
    yield quoted(boxes.near) and f"{quoted(boxes.near)}~{distance(boxes.within)}"
    yield " ".join("-" + (quoted(each) if " " in each else each) for each in map(plain, boxes.none.split(",")) if each)
    title = plain(boxes.title)
    yield title and f"title:({title})" if " " in title else title and f"title:{title}"
    yield either([f"section:{quoted(each)}" for each in boxes.sections.split(",") if plain(each)])
    yield dates(day(boxes.first), day(boxes.last))


def either(parts: Sequence[str]) -> str:
    kept = [each for each in parts if each]
    return f"({' OR '.join(kept)})" if len(kept) > 1 else "".join(kept)


def dates(first: str, last: str) -> str:
    if not first and not last:
        return ""
    return f"date:{first}" if first == last else f"date:{first}..{last}"


def day(text: str) -> str:
    """A year, month or day as the query language has it: 03/2024 -> 2024-03."""
    found = WRITTEN.fullmatch(text.strip())
    if not found:
        return text.strip()
    before, month, year = found.groups()
    return f"{year}-{int(month):02}" + (f"-{int(before):02}" if before else "")


def distance(text: str) -> int:
    right = text.isascii() and text.isdigit() and len(text) <= len(str(FARTHEST))
    return min(max(int(text), 1), FARTHEST) if right else NEAR_BY_DEFAULT


def as_typed(text: str) -> str:
    """The first box holds whatever fits no other: it stays as it is, unless it would break what follows."""
    line = " ".join(clean(text).split())
    lexemes = scan(line)
    closed = all(each.closed for each in lexemes)
    kinds = [each.kind for each in lexemes]
    whole = closed and kinds.count("(") == kinds.count(")") and (kinds or [""])[-1] not in (*OPERATORS, "field")
    return line if whole else plain(text)


def plain(text: str) -> str:
    """Words without any sign of the query language."""
    spoken = SIGNS.sub(" ", clean(text)).split()
    return " ".join(word for word in map(harmless, spoken) if word)


def harmless(word: str) -> str:
    name, colon, rest = word.partition(":")
    if colon and fold.bare(name) in FIELDS:
        word = f"{name} {rest}".strip()
    return (word.lower() if word in OPERATORS else word).lstrip("-").strip(",")


def quoted(text: str) -> str:
    words = " ".join(SIGNS.sub(" ", clean(text)).split())
    return f'"{words}"' if words else ""


def boxes_of(line: str) -> Boxes:
    """The boxes that ask this line; what fits no box stays in the first one as it was written."""
    text = " ".join(clean(line).split())
    lexemes = scan(text)
    if any(each.kind in OPERATORS and not depth for each, depth in deep(lexemes)):
        return Boxes(all=text)
    boxes, rest, at = Boxes(), [], 0
    while at < len(lexemes):
        end = after(lexemes, at)
        taken = fitted(boxes, lexemes[at:end], text)
        if taken is None:
            rest.append(text[lexemes[at].start : lexemes[end - 1].end])
        boxes, at = taken or boxes, end
    return replace(boxes, all=" ".join(rest))


def deep(lexemes: Sequence[Lexeme]) -> Iterator[tuple[Lexeme, int]]:
    """Each lexeme with how many brackets it stands in."""
    depth = 0
    for each in lexemes:
        depth -= each.kind == ")"
        yield each, depth
        depth += each.kind == "("


def after(lexemes: Sequence[Lexeme], at: int) -> int:
    """Where the piece that begins here ends: a sign or a field takes what follows, a bracket all that it holds."""
    kind = lexemes[at].kind
    if kind in ("-", "field") and at + 1 < len(lexemes):
        return after(lexemes, at + 1)
    if kind != "(":
        return at + 1
    depth = 0
    for number in range(at, len(lexemes)):
        depth += (lexemes[number].kind == "(") - (lexemes[number].kind == ")")
        if not depth:
            return number + 1
    return len(lexemes)


def fitted(boxes: Boxes, piece: Sequence[Lexeme], text: str) -> Boxes | None:
    """The boxes with one piece of the line in the box it belongs to; None when it fits none, or that one is full."""
    box, value = box_of(piece, text)
    if not box or (box not in ("none", "dates") and getattr(boxes, box)):
        return None
    if box == "none":
        return replace(boxes, none=f"{boxes.none}, {value}" if boxes.none else value)
    if box == "dates":
        first, dots, last = value.partition("..")
        full = boxes.first or boxes.last
        return None if full else replace(boxes, first=first, last=last if dots else first)
    if box == "near":
        return replace(boxes, near=value, within=str(piece[0].near))
    return replace(boxes, **{box: value})


def box_of(piece: Sequence[Lexeme], text: str) -> tuple[str, str]:
    """In which box a piece belongs, and what is written there."""
    first, kinds = piece[0], [each.kind for each in piece]
    words = [each.value if each.kind == "phrase" else text[each.start : each.end] for each in piece]
    if kinds == ["phrase"] and first.closed and plain_value(first.value):
        return ("near" if first.near else "phrase"), first.value.strip()
    if kinds in (["-", "word"], ["-", "phrase"]) and plain(words[1]) == words[1] and not piece[1].near:
        return ("none", words[1]) if (" " in words[1]) == (kinds[1] == "phrase") else ("", "")
    if first.kind == "field":
        return field_box(first.value, kinds[1:], words[1:])
    if kinds[0] == "(" and kinds[-1] == ")" and "OR" in kinds:
        return alternatives(piece[1:-1], text)
    return "", ""


def plain_value(value: str) -> bool:
    return bool(value.strip()) and not SIGNS.search(value)


def field_box(name: str, kinds: Sequence[str], words: Sequence[str]) -> tuple[str, str]:
    inside = words[1:-1] if kinds and kinds[0] == "(" else words
    if name == "title" and {*kinds} <= {"word", "(", ")"} and plain(" ".join(inside)) == " ".join(inside):
        return ("title", " ".join(inside)) if len(inside) != 1 or kinds[0] == "word" else ("", "")
    if name == "section" and kinds in (["phrase"], ["word"]) and "," not in words[0]:
        return "sections", words[0]
    if name == "date" and kinds == ["word"]:
        try:
            span(words[0])
        except ValueError:
            return "", ""
        return "dates", words[0]
    return "", ""


def alternatives(inside: Sequence[Lexeme], text: str) -> tuple[str, str]:
    """What stands in brackets with OR between: words, or sections."""
    parts: list[list[Lexeme]] = [[]]
    for each in inside:
        if each.kind == "OR":
            parts.append([])
        else:
            parts[-1].append(each)
    if all(part and all(each.kind == "word" for each in part) for part in parts):
        words = [text[part[0].start : part[-1].end] for part in parts]
        return ("any", ", ".join(words)) if all(plain(each) == each for each in words) else ("", "")
    boxes = [box_of(part, text) if part else ("", "") for part in parts]
    return (
        ("sections", ", ".join(value for _, value in boxes)) if {box for box, _ in boxes} == {"sections"} else ("", "")
    )
