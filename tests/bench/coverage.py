"""How many of the words of an English text does the glossary know?  `python -m tests.bench.coverage FILE`

Counted are the running words in small letters, outside the stop list that docs/relevance.md publishes.
"""

import re
import sys
from collections import Counter
from pathlib import Path

from indexer.glossary import load

DOCS = Path(__file__).parents[2] / "docs" / "relevance.md"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def stop_list() -> frozenset[str]:
    """The words of the block that follows the heading of the stop list."""
    return frozenset(DOCS.read_text(encoding="utf-8").split("## The stop list")[1].split("```")[1].split())


def running_words(text: str) -> list[str]:
    """Words in small letters, without 's and n't: names and beginnings of sentences are left out."""
    found = (re.sub(r"(?:n['’]t|['’].*)$", "", word) for word in WORD.findall(text) if word == word.lower())
    return [word for word in found if len(word) > 1]


def main() -> None:
    stop, glossary = stop_list(), load()
    words = [word for word in running_words(Path(sys.argv[1]).read_text(encoding="utf-8")) if word not in stop]
    missing = Counter(word for word in words if not glossary.longest_english([word], 0))
    known = 1 - missing.total() / len(words)
    most = ", ".join(word for word, _ in missing.most_common(20))
    print(f"{len(words)} words, {known:.1%} known; missing most often: {most}")


if __name__ == "__main__":
    main()
