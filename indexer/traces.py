"""Which words of a text stand nowhere else, and how are they taken out of what else holds them?  (pure)

A trace is a run of five successive words. Words are compared without regard to capitals and to how they are written
down: as they are, with marks apart from their letters, or escaped for HTML, JSON or an address.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple

RUN = 5
Run = tuple[str, ...]
# What stands for words that were taken out.
GAP = "[...]"

INVISIBLE = {0xAD: None, 0xFEFF: None, **dict.fromkeys(range(0x200B, 0x2010)), **dict.fromkeys(range(0x2060, 0x2065))}
LETTERS = r"[\w\u0300-\u036f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]+"
WORD = re.compile(LETTERS)
TAG = re.compile(r"</?[a-zA-Z!?][^<>]*>")
ESCAPED = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z]\w*);|(?:\\u[0-9a-f]{4})+|(?:%[0-9a-f]{2})+", re.I)
WITHIN = re.compile(f"(?P<code>{ESCAPED.pattern})|(?P<letters>{LETTERS})", re.I)
PIECE = re.compile(f"(?P<tag>{TAG.pattern})|{WITHIN.pattern}", re.I)
PARTS = re.compile(f"{LETTERS}|[^{LETTERS[1:-2]}]+")


class Word(NamedTuple):
    """A word as it is compared, and where it stands in what was written."""

    text: str
    start: int
    end: int


def traces(own: Iterable[str], others: Iterable[str]) -> frozenset[Run]:
    """The runs of some texts that stand in none of the others."""
    left = {run for text in own for run in runs(words(text))}
    for text in others:
        left.difference_update(runs(words(text)))
        if not left:
            break
    return frozenset(left)


def words(text: str) -> list[str]:
    """The words of a plain text."""
    return WORD.findall(spelled(text))


def spelled(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(INVISIBLE)).casefold()


def runs(found: list[str]) -> Iterator[Run]:
    return zip(*(found[at:] for at in range(RUN)), strict=False)


def holds(text: str, wanted: Collection[Run]) -> bool:
    """Whether a text or a page holds any of some runs, between its tags, within them, or escaped."""
    if not wanted or not text:
        return False
    plain = unescaped(text)
    views = (plain, TAG.sub(" ", plain), TAG.sub(" ", text)) if "<" in plain else (plain,)
    return any(run in wanted for view in views for run in runs(words(view)))


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: unfolded(found[0]), text)


def unfolded(code: str) -> str:
    """What an escape stands for; a blank for one that stands for nothing."""
    if code[0] == "&":
        return unescape(code)
    try:
        if code[0] == "%":
            return bytes.fromhex(code.replace("%", "")).decode()
        return code.encode().decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16")
    except ValueError:
        return " "


def without(text: str, wanted: Collection[Run]) -> str:
    """The text with a gap in the place of each run; its tags stay, so that a page remains a page."""
    for inside in (False, True):
        found = list(located(text, inside))
        text = cut_out(text, marked(found, wanted))
    return text


def located(text: str, inside: bool) -> Iterator[Word]:
    """The words between the tags, or those ``inside`` them as well, as if there were none."""
    written: list[str] = []
    start = end = 0
    for letters, begin, after in chunks(text, inside):
        joins = bool(written) and begin <= end and is_word(letters)
        if written and not joins:
            yield Word(spelled("".join(written)), start, end)
            written = []
        if is_word(letters):
            start = start if joins else begin
            written.append(letters)
        end = after
    if written:
        yield Word(spelled("".join(written)), start, end)


def chunks(text: str, inside: bool) -> Iterator[tuple[str, int, int]]:
    """Letters and what divides them, as they are read, each with where they are written; an escape may hold several."""
    for piece in (WITHIN if inside else PIECE).finditer(text):
        if piece.lastgroup == "code":
            yield from ((each, *piece.span()) for each in PARTS.findall(unfolded(piece[0])))
        else:
            yield piece[0] if piece.lastgroup == "letters" else " ", *piece.span()


def is_word(letters: str) -> bool:
    return WORD.fullmatch(letters) is not None


def marked(found: list[Word], wanted: Collection[Run]) -> list[Word]:
    """The words that belong to one of the runs."""
    kept = [False] * len(found)
    for at, run in enumerate(runs([word.text for word in found])):
        if run in wanted:
            kept[at : at + RUN] = [True] * RUN
    return [word for word, is_kept in zip(found, kept, strict=True) if is_kept]


def cut_out(text: str, gone: list[Word]) -> str:
    """The text without some words; those with nothing but signs between them make one gap."""
    pieces: list[str] = []
    at = 0
    for word in gone:
        between = text[at : word.start]
        joins = bool(pieces) and not WORD.search(unescaped(between)) and not {"<", ">"} & set(between)
        pieces += [] if joins else [between, GAP]
        at = max(at, word.end)
    return "".join([*pieces, text[at:]])


def told_without(value: Any, wanted: Collection[Run]) -> Any:
    """A value as JSON knows it, with the runs taken out of all its texts."""
    if isinstance(value, str):
        return without(value, wanted) if holds(value, wanted) else value
    if isinstance(value, list):
        return [told_without(each, wanted) for each in value]
    if isinstance(value, dict):
        return {told_without(name, wanted): told_without(each, wanted) for name, each in value.items()}
    return value
