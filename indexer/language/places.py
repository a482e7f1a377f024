"""Which places does a text name?  Units of administration, told by their kind word or by a name that is theirs alone.

The gazetteer is `glossary/places.tsv`: a line per unit and time, undated rather than guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from indexer.language import fold

FILE = Path(__file__).parents[1] / "glossary" / "places.tsv"
# How each kind is written in text; the short forms stand before a name only.
KINDS = {
    "tỉnh": "tỉnh",
    "thành phố": "thành phố|tp\\.?",
    "thị xã": "thị xã|tx\\.",
    "huyện": "huyện|h\\.",
    "thị trấn": "thị trấn|tt\\.",
    "phường": "phường|p\\.",
    "xã": "xã|x\\.",
}
ENGLISH = {
    "tỉnh": "province",
    "thành phố": "city",
    "thị xã": "town",
    "huyện": "district",
    "thị trấn": "township|town",
    "phường": "ward",
    "xã": "commune",
}
LONGEST = 4  # syllables of a name
WORD = re.compile(r"[^\W\d_]+")
CAPITALS = "".join(letter for letter in map(chr, range(0x2000)) if letter.isupper())
CAPITAL = re.compile(rf"(?<![^\W\d_])[{CAPITALS}]")  # the first letter of a word
BEFORE = re.compile("|".join(rf"(?P<k{at}>{words})" for at, words in enumerate(KINDS.values())))
KIND_WORD = re.compile(rf"(?<!\w)(?:{BEFORE.pattern})(?=\s+\w)")
AFTER = re.compile(rf"(?<!\w)({'|'.join(ENGLISH.values())})(?!\w)")
# `các xã Mẫu Sơn, Công Sơn và Ba Sơn`: the kind word speaks for the names that follow as well.
NEXT_NAME = re.compile(r"\s*(?:,|;|\s+và)\s+(?=\w)")
# Full names of persons stand on streets, schools and people as well.
PERSON = re.compile(r"\w+ (?:văn|thị|đình|hữu) \w+")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of administration during one time; dates are ISO or empty."""

    id: str
    name: str
    kind: str
    parent: str
    begins: str
    ends: str
    successors: tuple[str, ...]
    source: str

    @property
    def title(self) -> str:
        """What a text calls it: xã Mẫu Sơn."""
        return f"{self.kind} {self.name}"


class Mention(NamedTuple):
    """The characters that name a place, and its title."""

    start: int
    end: int
    title: str


@cache
def gazetteer() -> Mapping[str, Place]:
    """Every unit by its id."""
    lines = [line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines()[1:]]
    places = []
    for number, name, kind, parent, begins, ends, successors, source in lines:
        places.append(
            Place(number, name, kind, parent, begins, ends, tuple(filter(None, successors.split("|"))), source)
        )
    return {place.id: place for place in places}


@cache
def titles() -> Mapping[tuple[str, str], str]:
    """From a kind and a folded name, with or without accents, to the title."""
    known = gazetteer().values()
    return {(each.kind, how(each.name)): each.title for how in (fold.bare_key, fold.key) for each in known}


@cache
def titles_by_words() -> Mapping[str, frozenset[str]]:
    """From a folded title, with or without accents, to the titles that are written so."""
    found: dict[str, set[str]] = {}
    for each in gazetteer().values():
        for how in (fold.bare_key, fold.key):
            found.setdefault(how(each.title), set()).add(each.title)
    return {words: frozenset(named) for words, named in found.items()}


def titles_named(typed: str) -> list[str]:
    """The titles that a name means, with or without its kind; accents count once one was typed."""
    how = fold.key if fold.is_marked(typed) else fold.bare_key
    wanted = " ".join(how(typed).split())
    return sorted({each.title for each in gazetteer().values() if wanted in (how(each.name), how(each.title))})


@cache
def alone() -> Mapping[str, str]:
    """From the folded names that only one place has, to its title."""
    named: dict[str, set[str]] = {}
    for each in gazetteer().values():
        named.setdefault(fold.key(each.name), set()).add(each.title)
    return {
        name: next(iter(found))
        for name, found in named.items()
        if len(found) == 1 and " " in name and not PERSON.fullmatch(name)
    }


def find_places(line: str, folded: str = "") -> list[Mention]:
    """The places that one line of clean text names, in order; ``folded``: its key, where that is known already."""
    folded = folded or fold.key(line)
    found = list(after_kind_words(line, folded))
    taken = [range(mention.start, mention.end) for mention in found]
    for mention in (*by_name_alone(line, folded), *before_kind_words(line)):
        if not any(mention.start in span for span in taken):
            found.append(mention)
    return sorted(found)


def after_kind_words(line: str, folded: str) -> Iterator[Mention]:
    for match in KIND_WORD.finditer(folded):
        kind = list(KINDS)[int((match.lastgroup or "k0")[1:])]
        start, at = match.start(), match.end()
        while name := name_at(line, folded, at, kind):
            yield Mention(start, name.end, name.title)
            following = NEXT_NAME.match(folded, name.end)
            if not following:
                break
            start = at = following.end()


def name_at(line: str, folded: str, at: int, kind: str) -> Mention | None:
    """The longest name of a unit of this kind that begins here."""
    words = capitalised(line, at)
    for size in range(len(words), 0, -1):
        start, end = words[0].start(), words[size - 1].end()
        title = titles().get((kind, " ".join(folded[start:end].split())))
        if title:
            return Mention(start, end, title)
    return None


def capitalised(line: str, at: int) -> list[re.Match[str]]:
    """The run of capitalised syllables that begins here, as long as a name may be."""
    words: list[re.Match[str]] = []
    for match in WORD.finditer(line, at):
        joined = not line[words[-1].end() if words else at : match.start()].strip()
        if not joined or not match[0][0].isupper() or len(words) == LONGEST:
            break
        words.append(match)
    return words


def by_name_alone(line: str, folded: str) -> Iterator[Mention]:
    """Names that nothing else has, as a whole run of capitals: in Lê Hồng Phong there is no Hồng Phong."""
    end = 0
    for match in CAPITAL.finditer(line):
        if match.start() >= end:
            words = capitalised(line, match.start())
            end = words[-1].end()
            title = alone().get(" ".join(folded[match.start() : end].split()))
            if title:
                yield Mention(match.start(), end, title)


def before_kind_words(line: str) -> Iterator[Mention]:
    """English: Cao Loc District, Mau Son commune."""
    bare = fold.bare_key(line)
    for match in AFTER.finditer(bare):
        words = list(WORD.finditer(line, max(0, match.start() - 40), match.start()))[-LONGEST:]
        kinds = [kind for kind, written in ENGLISH.items() if match[1] in written.split("|")]
        for size in range(len(words), 0, -1):
            start = words[-size].start()
            name = " ".join(bare[start : match.start()].split())
            title = next((titles()[kind, name] for kind in kinds if (kind, name) in titles()), None)
            if title and line[start].isupper():
                yield Mention(start, match.end(), title)
                break


def former_titles(title: str) -> list[str]:
    """What a commune, ward or township was called before, or became as a whole: its titles at other times."""
    small = ("xã", "phường", "thị trấn")
    known = gazetteer()
    found = []
    for each in known.values():
        if each.kind in small and each.title == title:
            before = [old for old in known.values() if each.id in old.successors and old.kind in small]
            became = [known[next_id] for next_id in each.successors] if len(each.successors) == 1 else []
            found += [other.title for other in (*before, *became) if other.title != title]
    return list(dict.fromkeys(found))
