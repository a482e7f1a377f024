"""How is each kind of site marked up?  One frozen record per kind, chosen by the marks a page carries."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import soupsieve
from bs4 import BeautifulSoup
from cssselect import SelectorError

from crawler.profiles.drupal import DRUPAL
from crawler.profiles.generic import GENERIC
from crawler.profiles.liferay import LIFERAY
from crawler.profiles.nukeviet import NUKEVIET
from crawler.profiles.others import DNN, JOOMLA, WORDPRESS
from crawler.profiles.sharepoint import SHAREPOINT, SHAREPOINT_MOC, SHAREPOINT_TD
from crawler.profiles.vnpt import VNPT
from crawler.selectors import compiled
from indexer.errors import KhotinError


@dataclass(frozen=True, slots=True)
class Profile:
    """What one kind of site is like.  Selectors are tried in order; the first that finds something wins."""

    name: str
    match_generator: tuple[str, ...] = ()
    match_header: tuple[str, ...] = ()
    match_markup: tuple[str, ...] = ()
    refines: tuple[str, ...] = ()  # profiles of which this one is a family, told by its markup
    whole: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    attachment: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    list_item: tuple[str, ...] = ()
    list_link: tuple[str, ...] = ()
    list_date: tuple[str, ...] = ()
    next_page: tuple[str, ...] = ()
    postback: tuple[str, ...] = ()  # buttons that send the page's form back
    fragment: tuple[str, ...] = ()  # where a script asks for more entries by a form
    json_list: tuple[str, ...] = ()  # variables of a script that hold the address of a list in JSON
    article_url: tuple[str, ...] = ()
    list_url: tuple[str, ...] = ()
    ignore_url: tuple[str, ...] = ()
    print_url: tuple[str, ...] = ()  # rules from an article's address to its print view: "/node/(\\d+)$ -> /print/\\1"
    query_keep: tuple[str, ...] = ()
    feed: tuple[str, ...] = ()  # addresses of feeds that no page names
    own: tuple[str, ...] = ()  # selectors of fields that a source's own lines add: somebody saw that they are right


@dataclass(frozen=True, slots=True)
class Detection:
    """Which profile fits a page, and the marks that say so."""

    profile: Profile
    reasons: tuple[str, ...]


RULES = {"print_url"}
ARROW = " -> "  # between the two sides of a rule
PATTERNS = {"match_generator", "match_header", "article_url", "list_url", "ignore_url"}
PLAIN = {"name", "query_keep", "feed", "refines", "fragment", "json_list"}
KEYS = tuple(each.name for each in fields(Profile) if each.name not in ("name", "own"))
# Keys whose selectors show a field of an article.
SHOWN = ("title", "date", "updated", "lead", "body", "author", "caption", "attachment", "tags", "section")

# Order matters: the first match wins. The generic profile carries no marks and stands last.
MAPPINGS: tuple[Mapping[str, Any], ...] = (
    DRUPAL, NUKEVIET, VNPT, SHAREPOINT_TD, SHAREPOINT_MOC, SHAREPOINT, LIFERAY, DNN, JOOMLA, WORDPRESS, GENERIC,
)  # fmt: skip
PROFILES = tuple(Profile(**mapping) for mapping in MAPPINGS)


def detect(tree: BeautifulSoup, headers: Mapping[str, str]) -> Detection:
    """The profile a page shows by its generator line, else by its headers, else by its markup."""
    for evidence in EVIDENCE:
        for profile in PROFILES:
            reasons = evidence(profile, tree, headers)
            if reasons:
                return refined(Detection(profile, reasons), tree)
    return Detection(PROFILES[-1], ("no mark of a known system",))


def refined(found: Detection, tree: BeautifulSoup) -> Detection:
    """The family within a system, where the page shows one."""
    for profile in PROFILES:
        if found.profile.name in profile.refines:
            reasons = by_markup(profile, tree, {})
            if reasons:
                return Detection(profile, (*found.reasons, *reasons))
    return found


def by_generator(profile: Profile, tree: BeautifulSoup, headers: Mapping[str, str]) -> tuple[str, ...]:
    told = [str(meta.get("content", "")) for meta in tree.find_all("meta", attrs={"name": GENERATOR})]
    return tuple(f"generator: {line}" for line in told if matches(profile.match_generator, line))


def by_header(profile: Profile, tree: BeautifulSoup, headers: Mapping[str, str]) -> tuple[str, ...]:
    lines = [f"{name.lower()}: {value}" for name, value in headers.items()]
    return tuple(f"header {line}" for line in lines if matches(profile.match_header, line))


def by_markup(profile: Profile, tree: BeautifulSoup, headers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"markup {each}" for each in profile.match_markup if tree.select_one(each))


GENERATOR = re.compile("^generator$", re.I)
Evidence = Callable[[Profile, BeautifulSoup, Mapping[str, str]], tuple[str, ...]]
EVIDENCE: tuple[Evidence, ...] = (by_generator, by_header, by_markup)


def matches(patterns: tuple[str, ...], text: str) -> bool:
    """Does any of the patterns stand in the text?"""
    return any(re.search(pattern, text, re.I) for pattern in patterns)


def named(name: str, overrides_toml: str = "") -> Profile:
    """The profile of that name with a source's own keys on top.  Raises KhotinError."""
    known = {profile.name: profile for profile in PROFILES}
    if name not in known:
        raise KhotinError("There is no profile “%(name)s”. Known are: %(known)s.", name=name, known=", ".join(known))
    plain, given = known[name], overrides(overrides_toml)
    own = (each for key in SHOWN for each in given.get(key, ()) if each not in getattr(plain, key))
    return replace(plain, **given, own=tuple(own))


def overrides(text: str) -> dict[str, Any]:
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise KhotinError("The profile's own lines are not TOML: %(problem)s.", problem=problem) from None
    return {key: checked(key, value) for key, value in given.items()}


def checked(key: str, value: object) -> tuple[str, ...]:
    """A key's value as a profile holds it: a list of selectors, patterns or words that can be used."""
    if key not in KEYS:
        raise KhotinError("A profile has no key “%(key)s”. Known are: %(known)s.", key=key, known=", ".join(KEYS))
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise KhotinError('The profile key “%(key)s” needs a list of texts, as in ["h1.title"].', key=key)
    for each in listed:
        usable(key, each)
    return tuple(listed)


def usable(key: str, text: str) -> None:
    try:
        if key in RULES:
            pattern, arrow, target = text.partition(ARROW)
            re.compile(pattern)
            if not arrow or not target.strip():
                raise re.error("it needs two sides, as in /node/(\\d+)$ -> /print/\\1")
        elif key in PATTERNS:
            re.compile(text)
        elif key not in PLAIN:
            soupsieve.compile(text)
            compiled(text)
    except (re.error, soupsieve.SelectorSyntaxError, SelectorError) as problem:
        reason = str(problem).splitlines()[0]
        raise KhotinError(
            "The profile key “%(key)s” holds “%(text)s”, which cannot be used: %(reason)s",
            key=key,
            text=text,
            reason=reason,
        ) from None
