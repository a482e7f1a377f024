"""How are found letters shown?  Text and its marks become safe HTML, line by line (pure)."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from indexer.passages import Span


def marked(text: str, marks: Sequence[Span]) -> Markup:
    """The text with ``<mark>`` around its marks; everything else is escaped."""
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join((*parts, escape(text[at:])))


def lines(text: str, marks: Sequence[Span] = ()) -> Iterator[Markup]:
    """The lines of a text that are not empty, each with its own marks."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield marked(line, shifted(marks, start, end))
        start = end + 1


def shifted(marks: Sequence[Span], start: int, end: int) -> list[Span]:
    """The marks between two characters, counted from the first of them."""
    return [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]


def web_address(address: str) -> str:
    """The address when a browser may follow it, else nothing: imports can say anything."""
    try:
        found = urlsplit(address)
    except ValueError:
        return ""
    return address if found.scheme in ("http", "https") and found.netloc else ""
