"""How do articles come in from a file?  One JSON object a line; bad lines are told by number, the rest go in."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from indexer import clock
from indexer.article import Article, Language
from indexer.clock import VIETNAM
from indexer.days import YEARS, first_day
from indexer.errors import KhotinError
from indexer.language.clean import clean
from indexer.language.words import dominant_language
from indexer.store import Store, articles, sources

# Other names by which collections call the same fields.
ACCEPTED = {"summary": "lead", "text": "body", "date": "published", "lang": "language"}
# No address and no name has these, and no database takes them.
NO_LETTERS = re.compile(r"[\0\ud800-\udfff]")
TEXTS = ("lead", "body")
LINES = ("title", "section", "author", "unit", "source")  # these are shown and linked as one line
KNOWN = {"id", "url", "published", "language", *TEXTS, *LINES}
# Articles per transaction: some tens of milliseconds of writing.
BATCH = 50
# The longest articles with their files' words have some megabytes.
LONGEST_LINE = 50_000_000
# So many bad lines are told one by one; the others are counted.
MOST_TOLD = 20


@dataclass(slots=True)
class Report:
    """What an import did; ``bad`` holds (line number, what is wrong) of the first bad lines."""

    new: int = 0
    changed: int = 0
    same: int = 0
    bad_lines: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)

    def told_bad(self, number: int, problem: str) -> None:
        self.bad_lines += 1
        if len(self.bad) < MOST_TOLD:
            self.bad.append((number, problem))


class BadLineError(KhotinError):
    """A line of an import file that is no article."""


def import_file(store: Store, path: Path, source: str = "", tell: Callable[[int], None] = lambda n: None) -> Report:
    """Take in a .jsonl or .jsonl.gz file. ``source`` names the source of lines that name none (default: the file)."""
    report = Report()
    default = source or path.name.split(".")[0]
    lines = numbered_lines(path)
    while batch := list(islice(lines, BATCH)):
        good = [(number, read) for number, line in batch if (read := try_line(line, number, report, default))]
        with store.write() as connection:
            for number, (article, name) in good:
                known = sources.find(connection, name, removed=True) or sources.add(connection, name)
                try:
                    saved = articles.save(connection, known.id, article, clock.now(), lane="bulk")
                except articles.DestroyedError as problem:
                    report.told_bad(number, str(problem))
                    continue
                setattr(report, saved.outcome, getattr(report, saved.outcome) + 1)
        tell(batch[-1][0])
    return report


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            number = 0
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:  # a small packed file may hold one line without end
                    raise KhotinError(
                        "Line %(number)s of %(file)s is longer than %(most)s MB, which no article is.",
                        number=number,
                        file=path,
                        most=LONGEST_LINE // 1_000_000,
                    )
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as problem:
        raise KhotinError("%(file)s cannot be read: %(problem)s.", file=path, problem=problem) from None


def try_line(line: bytes, number: int, report: Report, default: str) -> tuple[Article, str] | None:
    try:
        return read_line(line, default)
    except BadLineError as problem:
        report.told_bad(number, str(problem))
        return None


def read_line(line: bytes, default_source: str) -> tuple[Article, str]:
    """The article on a line and the name of its source. Raises BadLineError."""
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadLineError("This is no JSON object in UTF-8.") from None
    if not isinstance(given, dict):
        raise BadLineError("This is no JSON object in UTF-8.")
    given = {ACCEPTED.get(name, name): value for name, value in given.items() if value is not None}
    for name in KNOWN & set(given):
        if not isinstance(given[name], str | int):
            raise BadLineError("“%(name)s” must be a text.", name=name)
        if name in ("url", "id") and NO_LETTERS.search(str(given[name])):
            raise BadLineError("“%(name)s” holds signs that no text may hold.", name=name)
    texts = {name: clean(str(given.get(name, ""))) for name in (*TEXTS, *LINES)}
    texts |= {name: " ".join(texts[name].split()) for name in LINES}
    if not texts["title"] and not texts["body"]:
        raise BadLineError("Neither “title” nor “body” holds a text.")
    published = moment(given.get("published"))
    return Article(
        address=str(given.get("url", "")),
        title=texts["title"],
        lead=texts["lead"],
        body=texts["body"],
        section=texts["section"],
        author=texts["author"],
        unit=texts["unit"],
        language=language(given.get("language"), texts),
        published=published,
        date_source="import" if published else "",
        external_id=str(given["id"]) if "id" in given else None,
    ), texts["source"] or default_source


def moment(written: Any) -> datetime | None:
    """An ISO 8601 time (in Vietnam when it names no zone) or a year, month or day. Raises BadLineError."""
    if written in (None, ""):
        return None
    try:
        found = read_moment(str(written))
        if found.year not in YEARS:
            raise ValueError(written)
    except ValueError:
        message = "“%(value)s” is no date; write 2024-01-30 or 2024-01-30T15:20:00+07:00."
        raise BadLineError(message, value=str(written)[:40]) from None
    return (found if found.tzinfo else found.replace(tzinfo=VIETNAM)).astimezone(UTC)


def read_moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return datetime.combine(first_day(written), datetime.min.time())


def language(given: Any, texts: dict[str, str]) -> Language:
    if given == "vi" or given == "en":
        return given  # type: ignore[no-any-return]
    if given:
        raise BadLineError("“%(value)s” is no language we know; write vi or en.", value=str(given)[:40])
    return dominant_language("\n".join((texts["title"], texts["lead"], texts["body"])))
