"""How are found letters shown?  Text and its marks become safe HTML, line by line (pure)."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from indexer.passages import Span

# Beyond so many a reader looks for himself; each costs the page some hundred letters.
MOST_HITS = 300


class Hits:
    """Numbers the marks of a page through, so that each can be gone to, and from it to the ones before and behind.

    Hit 0 is the line above the text, the one behind the last the line below it.
    """

    def __init__(self, before: str, behind: str) -> None:
        self.count, self.before, self.behind = 0, before, behind

    def mark(self, text: str) -> Markup:
        if self.count == MOST_HITS:
            return Markup("<mark>{}</mark>").format(text)
        self.count += 1
        step = '<a href="#hit-{}" aria-label="{}">{}</a>'
        steps = Markup(step).format(self.count - 1, self.before, "↑") + Markup(step).format(
            self.count + 1, self.behind, "↓"
        )
        return Markup('<mark id="hit-{}">{}</mark><span class="step">{}</span>').format(self.count, text, steps)


def marked(text: str, marks: Sequence[Span], hits: Hits | None = None) -> Markup:
    """The text with ``<mark>`` around its marks, numbered when ``hits`` counts them; everything else is escaped."""
    parts: list[Markup] = []
    at = 0
    for start, end in marks:
        found = text[start:end]
        parts += [escape(text[at:start]), hits.mark(found) if hits else Markup("<mark>{}</mark>").format(found)]
        at = end
    return Markup("").join((*parts, escape(text[at:])))


def lines(text: str, marks: Sequence[Span] = (), hits: Hits | None = None) -> Iterator[Markup]:
    """The lines of a text that are not empty, each with its own marks."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            yield marked(line, shifted(marks, start, end), hits)
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
