"""Is what somebody typed a good entry?  Names are cleaned, and every mistake is told in a sentence (pure)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from indexer.glossary import LONGEST, WORD, Entry, names
from indexer.glossary.laid_over import Cells, OwnWords
from indexer.language.clean import clean

Kind = Literal["term", "off", "compound"]
KINDS: tuple[Kind, ...] = ("term", "off", "compound")
FIELDS = ("vi", "en", "short")
HEADER = "\t".join((*FIELDS, "kind"))
MOST_NAMES, LONGEST_NAME = 20, 100
# A table program takes a cell that begins so for something to work out.
FORMULA = ("=", "+", "-", "@")
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is kept."""

    kind: Kind
    cells: Cells

    @property
    def entry(self) -> Entry:
        vi, en, short = map(names, self.cells)
        return Entry(vi, en, short)


def own_words(lines: Iterable[Line]) -> OwnWords:
    """Lines as they are laid over the glossary; the first of them stands first."""
    kept = list(lines)
    return OwnWords(
        terms=tuple(line.entry for line in kept if line.kind == "term"),
        off=frozenset(line.cells for line in kept if line.kind == "off"),
        compounds=tuple(line.cells[0] for line in kept if line.kind == "compound"),
    )


def tidy(cell: str) -> str:
    """Names as they are kept: cleaned, each once, `|` between them. In a form, each may stand on a line of its own."""
    parts = cell.replace("\r", "").replace("\n", "|").split("|")
    return "|".join(dict.fromkeys(filter(None, (" ".join(clean(each).split()) for each in parts))))


def line_of(fields: Mapping[str, str], kind: Kind = "term") -> Line:
    vi, en, short = (tidy(fields.get(name, "")) for name in FIELDS)
    return Line(kind, (vi, en, short))


def wrong(line: Line) -> Iterator[tuple[str, str]]:
    """What is to be mended, field by field, in sentences."""
    for field, cell in zip(FIELDS, line.cells, strict=True):
        yield from ((field, message) for message in wrong_names(names(cell)))
    vi, en, short = map(names, line.cells)
    if line.kind == "compound":
        if len(vi) != 1 or en or short or not 2 <= len(WORD.findall(vi[0])) <= LONGEST:
            message = "A compound is one Vietnamese phrase of two to eight syllables."
            yield "vi", message
    elif not vi and not en:
        message = "Give at least one Vietnamese or English name."
        yield "vi", message
    elif line.kind == "term" and len(vi) + len(en) + len(short) < 2:
        message = "Give at least two names that mean the same: one alone changes nothing."
        yield "vi", message


def wrong_names(found: tuple[str, ...]) -> Iterator[str]:
    if len(found) > MOST_NAMES:
        message = "No more than 20 names fit into one field."
        yield message
    if any(len(name) > LONGEST_NAME or len(WORD.findall(name)) > LONGEST for name in found):
        message = "A name has eight words and 100 characters at most."
        yield message
    if any(name.startswith(FORMULA) or not any(map(str.isalpha, name)) for name in found):
        message = "A name begins with a letter or a digit, and holds a letter."
        yield message


def written(lines: Iterable[Line]) -> str:
    """Entries as a table that can be read again."""
    return "\n".join([HEADER, *("\t".join((*line.cells, line.kind)) for line in lines)]) + "\n"


def read_table(text: str) -> tuple[list[Line], list[tuple[int, str]]]:
    """The good lines of a table, each once; and of the bad ones the number and what is wrong."""
    good: dict[Line, None] = {}
    bad: list[tuple[int, str]] = []
    for number, written_line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if not written_line.strip() or (number == 1 and written_line.lower().startswith("vi\t")):
            continue
        line, problem = read_line(written_line)
        if line and not problem and len(good) >= MOST_LINES:
            message = "Only 2,000 lines are taken at a time. Give the rest in another file."
            problem = message
        if line is None or problem:
            bad.append((number, problem))
        else:
            good[line] = None
    return list(good), bad


def read_line(written_line: str) -> tuple[Line | None, str]:
    parts = written_line.split("\t")
    kind = next((each for each in KINDS if each == parts[3].strip()), None) if len(parts) > 3 and parts[3] else "term"
    if len(parts) < 2 or len(parts) > 4 or kind is None:
        message = "Write Vietnamese, English and abbreviations with tabs between them."
        return None, message
    line = line_of(dict(zip(FIELDS, parts, strict=False)), kind)
    return line, next((sentence for _, sentence in wrong(line)), "")
