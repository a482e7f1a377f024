"""Which lines stand on most of a site's articles, and so belong to none?  Learnt from what was taken (pure)."""

from collections import Counter
from collections.abc import Iterable

from crawler.byline import byline

FEWEST = 10  # articles: of fewer nobody can say what is common
SHARE = 0.6  # of them; a section's recurring heading stands on fewer
LONGEST = 200  # characters: two editors do not write the same paragraph, but one may copy a notice
CELLS = " | "  # a table's row is content, however often a form repeats it


def shared_lines(texts: Iterable[str]) -> frozenset[str]:
    """The lines that most of these texts hold, each text with one paragraph a line.

    A signature is none of them: it names the author.
    """
    held = [set(text.split("\n")) for text in texts]
    if len(held) < FEWEST:
        return frozenset()
    counted = Counter(line for lines in held for line in lines)
    return frozenset(line for line, times in counted.items() if times > SHARE * len(held) and may_be_shared(line))


def may_be_shared(line: str) -> bool:
    return 0 < len(line) <= LONGEST and CELLS not in line and byline(line) is None
