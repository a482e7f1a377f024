"""Is everything well?  A table of small checks: each says what is fine, worth a look or broken, and what to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from indexer import settings as settings_of
from indexer.doctor import configured, database, folder, pages, running
from indexer.doctor.finding import Case, Finding, Verdict, broken
from indexer.errors import KhotinError
from indexer.speech import say
from indexer.store import open_store

Look = Callable[[Case], Iterable[Finding]]


class Check(NamedTuple):
    """What is looked at, and what must have been opened for that."""

    name: str
    look: Look
    needs_store: bool = True
    needs_settings: bool = False


# In the order in which a person would mend them.
CHECKS = (
    Check("Data folder", folder.rights, needs_store=False),
    Check("Leftovers", folder.leftovers, needs_store=False),
    Check("Disk space", folder.space, needs_store=False),
    Check("Settings", configured.readable, needs_store=False),
    Check("Environment", configured.around, needs_store=False),
    Check("Safety of settings", configured.safe, needs_store=False, needs_settings=True),
    Check("Address of the site", configured.address, needs_store=False, needs_settings=True),
    Check("Mail server", configured.mail, needs_store=False, needs_settings=True),
    Check("Clock", running.time, needs_store=False),
    Check("Opening the database", database.opens, needs_store=False),
    Check("Database", database.integrity, needs_store=False),
    Check("References", database.references),
    Check("Files of fetched pages", pages.files),
    Check("Fetched pages", pages.digests),
    Check("Monthly check", running.monthly),
    Check("Index", running.index),
    Check("Worker", running.worker),
    Check("Schedules", running.schedules),
    Check("Backups", running.backups, needs_settings=True),
    Check("Accounts", configured.admins),
)


class Told(NamedTuple):
    """A finding of a check, by the check's name."""

    name: str
    finding: Finding


def examine(home: Path, full: bool = False, tell: Callable[[int], None] = lambda done: None) -> list[Told]:
    """Make every check that can be made. ``tell`` is told how many are done."""
    case = opened(home, full)
    try:
        found = []
        for number, check in enumerate(CHECKS, start=1):
            found += [Told(check.name, each) for each in made(check, case)]
            tell(number)
        return found
    finally:
        if case.store:
            case.store.close()


def opened(home: Path, full: bool) -> Case:
    settings, settings_problem, store, store_problem = None, None, None, None
    try:
        settings = settings_of.load(home)
    except KhotinError as problem:
        settings_problem = problem
    try:
        store = open_store(home)
    except KhotinError as problem:
        store_problem = problem
    return Case(home, settings, settings_problem, store, store_problem, full)


def made(check: Check, case: Case) -> Iterator[Finding]:
    """What one check finds; a check that stumbles over damage has found it."""
    if (check.needs_store and case.store is None) or (check.needs_settings and case.settings is None):
        return
    try:
        yield from check.look(case)
    except (OSError, ValueError, SQLAlchemyError) as problem:
        advice = "Mend what the lines above say first; if it stays, send this line to whoever looks after Khotin."
        yield broken("This could not be looked at: %(problem)s.", advice, problem=problem)
    except KhotinError as problem:
        yield Finding("broken", problem.message, "", dict(problem.values))


def is_well(found: Sequence[Told]) -> bool:
    """Whether nothing is broken; what is worth a look may stay as it is."""
    return all(each.finding.verdict != "broken" for each in found)


def sentence(finding: Finding, language: str | None = None) -> str:
    return say(finding.message, language, **spoken(finding.values, language))


def advice(finding: Finding, language: str | None = None) -> str:
    return say(finding.advice, language, **finding.values) if finding.advice else ""


def spoken(values: Mapping[str, Any], language: str | None) -> dict[str, Any]:
    """A problem that is a message of ours is told in the same language as what is told of it."""
    return {name: say(str(each), language) if name == "problem" and each else each for name, each in values.items()}


def as_data(found: Sequence[Told], language: str | None = None) -> dict[str, Any]:
    """What programs are told; and what is kept for the page, with the messages as they stand in the code."""
    return {
        "well": is_well(found),
        "checks": [
            {
                "check": name,
                "verdict": each.verdict,
                "sentence": sentence(each, language),
                "advice": advice(each, language),
            }
            for name, each in found
        ],
    }


def kept(found: Sequence[Told]) -> dict[str, Any]:
    """What can be told again in any language."""
    return {"well": is_well(found), "findings": [as_kept(each) for each in found]}


def as_kept(told: Told) -> dict[str, Any]:
    values = {name: str(value) for name, value in told.finding.values.items()}
    return {"check": told.name, "verdict": told.finding.verdict, "message": told.finding.message,
            "advice": told.finding.advice, "values": values}  # fmt: skip


SHAPES: Mapping[Verdict, str] = {"fine": "●", "look": "▲", "broken": "✕"}


def lines(found: Sequence[Told]) -> Iterator[str]:
    """What a person on the terminal reads."""
    words = {"fine": say("fine"), "look": say("look at it"), "broken": say("broken")}
    width = max(map(len, words.values()))
    for name, each in found:
        yield f"{SHAPES[each.verdict]} {words[each.verdict]:{width}}  {say(name)}: {sentence(each)}"
        if each.advice:
            yield f"  {'':{width}}  → {advice(each)}"
