"""How does a source's own line get into its profile, and what would it change?  Tried on kept pages."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from crawler.profiles import Profile, named, overrides
from crawler.reading import profile_of
from crawler.told import look_at, source_of, told_of
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store, previews

# What can be pointed at on a page -> the key of the profile that says where it stands.
POINTED = {
    "title": "title", "date": "date", "lead": "lead", "body": "body", "author": "author", "section": "section",
    "attachment": "attachment", "remove": "remove", "list": "list_link",
}  # fmt: skip


def trial(store: Store, number: int, settings: Settings) -> dict[str, Any]:
    """Read the pages of a look by the lines that are wished for; kept with the look. Raises KhotinError."""
    with store.read() as connection:
        asked = previews.get(connection, number)
        pages = previews.pages(connection, number)
    if asked is None or not pages:
        raise KhotinError("This look is no longer kept. Look again.")
    wish = asked.trial
    source = source_of(asked.settings)
    detected, _ = profile_of(source_of({**asked.settings, "overrides": ""}), look_at(pages[0]))
    lines = str(wish["lines"]) if "lines" in wish else source.overrides
    if wish.get("selector"):
        lines = with_selector(detected, lines, str(wish["field"]), str(wish["selector"]))
    overrides(lines)
    report = told_of(source_of({**asked.settings, "overrides": lines}), pages)
    with store.write() as connection:
        previews.change(connection, number, trial={**wish, "lines": lines, "report": report})
    return report


def with_selector(profile: Profile, lines: str, field: str, selector: str) -> str:
    """The lines with a selector before those that the profile would try: pages of another make are read as before."""
    if field not in POINTED:
        raise KhotinError("There is no part of an article called “%(field)s”.", field=field)
    key = POINTED[field]
    known: Sequence[str] = getattr(named(profile.name, lines), key)
    return written(overrides(lines) | {key: [selector, *(each for each in known if each != selector)]})


def written(given: Mapping[str, Sequence[str]]) -> str:
    """Lines of TOML; a text is written in it as in JSON."""
    return "".join(f"{key} = {json.dumps(list(texts), ensure_ascii=False)}\n" for key, texts in given.items())
