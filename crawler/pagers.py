"""How does a list go on where no link leads?  The next request, worked out from the page before (pure).

Buttons that send the page's form back, scripts that ask for more entries by a form, scripts that ask for JSON.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

from bs4 import Tag

from crawler.dates import read_moment
from crawler.discover import Found, Link
from crawler.page import Page, told_by
from crawler.profiles import Profile
from crawler.tree import IMPOSSIBLE
from indexer.canonical import canonical
from indexer.decode import decode

MOST_PAGES = 2_000  # as many as any department's list has
PER_PAGE = 10
POSTBACK = re.compile(r"__doPostBack\(\s*'([^']*)'\s*,\s*'([^']*)'")
FIELD = re.compile(r"(\w+)\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+))")
LAST_PAGE = re.compile(r"maxPage\s*=\s*(?:parseInt\()?\s*['\"]?(\d+)")


@dataclass(frozen=True, slots=True)
class Onward:
    """A further page of the list at ``of``: what to send, which page it is, and the last one if the list says so."""

    of: str
    address: str
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    page: int = 2
    last: int = MOST_PAGES


def onward(page: Page, profile: Profile, before: Onward | None = None) -> Onward | None:
    """The next request of a list; None where it ends, or goes on by links."""
    if before and before.page >= min(before.last, MOST_PAGES):
        return None
    of = before.of if before else page.address
    number = before.page + 1 if before else 2
    return posted_back(page, profile, of, number) or fragment(page, profile, before) or in_json(page, profile, before)


def posted_back(page: Page, profile: Profile, of: str, number: int) -> Onward | None:
    """The form of an ASP.NET page, sent back by one of its buttons with everything that it remembers."""
    for selector in profile.postback:
        button = page.soup.select_one(selector)
        told = POSTBACK.search(told_by(button, "href") + told_by(button, "onclick")) if button else None
        form = button.find_parent("form") if button else None
        if told and isinstance(form, Tag):
            hidden = {told_by(each, "name"): told_by(each, "value") for each in form.select("input[type=hidden]")}
            fields = hidden | {"__EVENTTARGET": told[1], "__EVENTARGUMENT": told[2]}
            address = urljoin(page.base, told_by(form, "action") or page.address)
            return Onward(of, canonical(address, query_keep=profile.query_keep), fields, cookie(page), number)
    return None


def cookie(page: Page) -> dict[str, str]:
    """The session that the page opened: the next one belongs to it."""
    told = page.headers.get("set-cookie", "").partition(";")[0].strip()
    return {"Cookie": told} if told else {}


def fragment(page: Page, profile: Profile, before: Onward | None) -> Onward | None:
    """The endpoint that a script of the first page names, with the fields that it sends."""
    if before and before.form.get("page"):
        number = before.page + 1
        return Onward(before.of, before.address, {**before.form, "page": str(number)}, {}, number, before.last)
    for script in page.soup.find_all("script"):
        text = script.get_text()
        for endpoint in profile.fragment:
            _, named, rest = text.partition(endpoint)
            if named:
                fields = {name: a or b or c for name, a, b, c in FIELD.findall(rest.partition("}")[0])}
                last = LAST_PAGE.search(text)
                most = int(last[1]) if last else MOST_PAGES
                address = urljoin(page.base, endpoint)
                return Onward(page.address, address, fields | {"page": "2"}, {}, 2, most) if most > 1 else None
    return None


def in_json(page: Page, profile: Profile, before: Onward | None) -> Onward | None:
    """The list that a script asks for page by page; the page itself shows nothing of it."""
    if before:
        told = records(page)
        if not told or not before.address.partition("pageNum=")[1]:
            return None
        last = int(told.get("totalPageNum") or MOST_PAGES)
        number = before.page + 1
        address = re.sub(r"pageNum=\d+", f"pageNum={number}", before.address)
        return Onward(before.of, address, {}, {}, number, last) if number <= last else None
    text = "\n".join(script.get_text() for script in page.soup.find_all("script")) if profile.json_list else ""
    for variable in profile.json_list:
        found = re.search(rf"\b{re.escape(variable)}[\"']?\s*[:=]\s*[\"']([^\"']+)[\"']", text)
        if found:
            address = urljoin(page.base, found[1].replace("\\/", "/").replace("&amp;", "&"))
            wanted = urlencode({"pageNum": 1, "recordPerPage": PER_PAGE})
            return Onward(page.address, address + ("&" if "?" in address else "?") + wanted, {}, {}, 1)
    return None


def records(page: Page) -> dict[str, Any]:
    """The object that an answer in JSON holds; empty for any other answer."""
    if not page.body.lstrip().startswith(b"{"):
        return {}
    try:
        told = json.loads(decode(page.body))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def found_in(page: Page, profile: Profile) -> Found | None:
    """The articles that an answer in JSON lists; None for any other answer."""
    if not records(page):
        return None
    links: dict[str, Link] = {}
    items = records(page).get("items")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            address = canonical(str(item.get("urlDetail", "")), page.address, profile.query_keep)
            if address:
                moment = read_moment(str(item.get("createdDate", "")))
                links[address] = Link(address, IMPOSSIBLE.sub("", str(item.get("title", ""))), moment)
    return Found(articles=tuple(links.values()))
