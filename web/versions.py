"""How did an article change?  Its versions with their dates, each to read, any two compared sentence by sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from indexer.article import Kept
from indexer.compare import Row, changed_zones, compare
from indexer.errors import KhotinError
from indexer.personal import masked
from indexer.store import articles, captures
from indexer.store.articles import Version
from web.answers import attachment, moment
from web.api import LARGEST, api, of_article_as_data, told
from web.freshness import revalidated
from web.pages import pages
from web.replay import ARTICLE, VERSION, of_article
from web.shelf import shelf

# So many unchanged sentences around a change stay in sight; further ones are folded away.
SEEN_AROUND = 1
# A run of unchanged sentences is folded only when that spares something.
LEAST_FOLDED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A version as it is listed: since when the source showed it, what had changed, whether its page is kept."""

    version: Version
    changed: tuple[str, ...]
    archived: bool


def steps(connection: Connection, kept: Kept) -> list[Step]:
    """The versions of an article, oldest first."""
    known = articles.history(connection, kept.id)
    before = [None, *known]
    return [
        Step(
            each,
            changed_zones(earlier, each) if earlier else (),
            captures.page_of(connection, kept.id, each.number) is not None,
        )
        for earlier, each in zip(before, known, strict=False)
    ]


@pages.get(f"{ARTICLE}/versions")
@revalidated
@of_article
def version_list(kept: Kept) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = steps(connection, kept)
    return render_template("versions.html", kept=kept, steps=found[::-1])


@pages.get(VERSION)
@revalidated
@of_article
def version_page(kept: Kept, version: int) -> ResponseReturnValue:
    with shelf().store.read() as connection:
        found = steps(connection, kept)
    step = next((each for each in found if each.version.number == version), None) or abort(404)
    return render_template("version.html", kept=kept, step=step, last=len(found))


@pages.get(f"{ARTICLE}/compare")
@revalidated
@of_article
def comparison(kept: Kept) -> ResponseReturnValue:
    """Any two versions; the last two when the address names none."""
    with shelf().store.read() as connection:
        known = {each.number: each for each in articles.history(connection, kept.id)}
    latest = max(known, default=1)
    first = chosen("from", max(1, latest - 1), known)
    second = chosen("to", latest, known)
    old, new = known[min(first, second)], known[max(first, second)]
    parts = [(part, list(runs(part.rows))) for part in compare(old, new)]
    return render_template("compare.html", kept=kept, old=old, new=new, parts=parts, versions=list(known.values()))


def chosen(name: str, default: int, known: dict[int, Version]) -> int:
    """The version that the address names.  Raises KhotinError."""
    typed = request.args.get(name, str(default))
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if number not in known:
        raise KhotinError(
            "This article has no version “%(version)s”. Choose one from 1 to %(last)s.",
            version=typed[:20],
            last=max(known, default=1),
        )
    return number


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences that stand together; a long run of unchanged ones is folded away."""

    folded: bool
    rows: tuple[Row, ...]


def runs(rows: Sequence[Row]) -> Iterator[Run]:
    groups = [list(each) for _, each in groupby(rows, key=lambda row: row.kind == "same")]
    for number, group in enumerate(groups):
        if group[0].kind != "same":
            yield Run(False, tuple(group))
            continue
        above = SEEN_AROUND if number else 0
        below = SEEN_AROUND if number < len(groups) - 1 else 0
        middle = group[above : len(group) - below]
        if len(middle) < LEAST_FOLDED:
            yield Run(False, tuple(group))
            continue
        yield from (
            run
            for run in (
                Run(False, tuple(group[:above])),
                Run(True, tuple(middle)),
                Run(False, tuple(group[len(group) - below :])),
            )
            if run.rows
        )


@api.get(f"/articles/<int(max={LARGEST}):number>/versions")
@revalidated
@of_article_as_data
def versions(kept: Kept) -> ResponseReturnValue:
    """All versions of an article, oldest first."""
    with shelf().store.read() as connection:
        found = steps(connection, kept)
    answers = [version_answer(kept, each) for each in found]
    return told({"id": kept.id, "url": kept.article.address, "versions": answers})


def version_answer(kept: Kept, step: Step) -> dict[str, Any]:
    version = step.version
    page = url_for("pages.archived_page", number=kept.id, version=version.number, _external=True)
    return {
        "number": version.number,
        "captured_at": moment(version.captured_at),
        "changed": list(step.changed),
        "title": masked(version.title),
        "lead": masked(version.lead),
        "body": masked(version.body),
        "captions": list(map(masked, version.captions)),
        "attachments": [attachment(each) | {"text": masked(each.text)} for each in version.attachments],
        "archived": page if step.archived else None,
    }


def dated(kept: Kept) -> list[tuple[int, datetime]]:
    """The versions whose pages are kept, each with when that page was captured, oldest first, no page twice."""
    with shelf().store.read() as connection:
        numbers = [each.number for each in articles.history(connection, kept.id)]
        seen = [(number, captures.page_of(connection, kept.id, number)) for number in numbers]
    found = {page.id: (number, page.fetched_at) for number, page in reversed(seen) if page}
    return sorted(found.values())
