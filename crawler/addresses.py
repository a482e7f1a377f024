"""Which addresses mean the same page, and which lead nowhere?  Nothing here asks a server."""

import re
from collections import Counter
from itertools import pairwise
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from indexer.canonical import canonical

ENTRANCE = re.compile(r"^/index\.php(?=/|$)")


def other_entrance(address: str) -> str:
    """The same path with `/index.php` before it, or without: on most sites that have it another name of the page."""
    parts = urlsplit(address)
    path = ENTRANCE.sub("", parts.path)
    return urlunsplit(parts._replace(path=path if path != parts.path else f"/index.php{path}"))


def further_names(address: str) -> list[tuple[str, str]]:
    """The plainer names that an address may be another of, each with what sets it apart: the entrance, some keys."""
    bare, _, told = address.partition("?")
    keys = "&".join(sorted(part.partition("=")[0] for part in told.split("&")))
    return [("entrance", other_entrance(address)), *([(f"?{keys}", bare)] if told else [])]


# Print view -> the article it prints. Groups: what stands before, the article's own path.
PRINT_VIEWS = (
    re.compile(r"^(?P<before>.*)(?P<path>/node/\d+)/printable/\w+$"),
    re.compile(r"^(?P<before>.*)/print(?:/\w+)?(?P<path>/node/\d+)$"),
    re.compile(r"^(?P<before>.*/news)/print(?P<path>/[^/]+/[^/]+-\d+\.html)$"),
)


def print_of(address: str) -> str | None:
    """The article that a print view shows; None when the address is no print view."""
    parts = urlsplit(address)
    for view in PRINT_VIEWS:
        found = view.match(parts.path)
        if found:
            return f"{parts.scheme}://{parts.netloc}{found['before']}{found['path']}"
    return None


# The forms in which sites name their print views, whatever the system.
PRINT = re.compile(
    r"/(print|printable|printer|printpreview|in-bai-viet|ban-in(-\d+)?)(/|\.|$|\?)"
    r"|[?&](print|printpreview|inbaiviet)=|[?&](tmpl=component|viewmode=print)\b",
    re.I,
)


def is_print(address: str) -> bool:
    """Is it a view for printers?  Such pages are never taken as pages."""
    return PRINT.search(path_of(address)) is not None


# The endings of files that articles hand out.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}
PICTURES = {"jpg", "jpeg", "png", "gif", "webp", "svg", "bmp", "ico", "mp3", "mp4", "avi", "wmv", "css", "js"}
VIEWER_KEYS = ("url", "src", "file")


def file_of(address: str) -> str | None:
    """The file behind a link: the link itself, or what a viewer was told to show."""
    if ending(address) in MEDIA_TYPES:
        return address
    told = dict(parse_qsl(urlsplit(address).query))
    shown = (canonical(told[key], address) for key in VIEWER_KEYS if key in told)
    return next((each for each in shown if ending(each) in MEDIA_TYPES), None)


def ending(address: str) -> str:
    last = last_step(address)
    return last.rpartition(".")[2].lower() if "." in last else ""


def last_step(address: str) -> str:
    """The last step of a path; one system puts a number behind its files' names: /documents/10/20/name.pdf/4c1f-…"""
    steps = urlsplit(address).path.split("/")
    behind = len(steps) > 2 and steps[1] == "documents" and "." not in steps[-1] and "." in steps[-2]
    return steps[-2] if behind else steps[-1]


def file_name(address: str) -> str:
    return normalize("NFC", unquote(last_step(address)))


def host_of(address: str) -> str:
    return urlsplit(address).netloc


def path_of(address: str) -> str:
    """Path and query: what a profile's patterns are held against."""
    parts = urlsplit(address)
    return parts.path + ("?" + parts.query if parts.query else "")


MAX_DEPTH = 200  # steps from the start: deeper than the longest pager of a department's archive
MAX_PAGE = 2_000  # twenty thousand articles at ten to a page: more than any department has
PER_PAGE = 10  # of lists that count their entries, not their pages
MAX_SEGMENTS = 12
MAX_LENGTH = 1_000  # Vietnamese letters take up to nine characters each when percent-encoded

CALENDAR = re.compile(
    r"/(lich-cong-tac|lich-lam-viec|calendar|events?/\d{4})(/|$|\?)|[?&](date|month|ngay|thang)=", re.I
)
SEARCH = re.compile(r"/(search|tim-kiem|timkiem|tim)(/|\.|$)|[?&](keys|keyword|tu-khoa|s|search_api_fulltext)=", re.I)
SORTING = re.compile(r"[?&](sort|sort_by|order|order_by|orderby|dir|f%5B\d*%5D|items_per_page)=", re.I)
MAILING = re.compile(r"/(sendmail|send-mail|forward|email|savefile|rate|vote)(/|$)|[?&]sendmail=", re.I)
PAGE_NUMBER = re.compile(
    r"[?&](?:page|p|pageindex|pageno|pagenum(?:ber)?|trang|\w*cur)=(\d+)|/(?:page|trang)[-/](\d+)"
    r"|[?&](?:start|limitstart|offset)=(\d+)",
    re.I,
)
PRINTED = re.compile(r"/(ban-in|in-bai-viet)[-/]\d+(/|\.|$)", re.I)  # one that does not name its article's path

TRAPS = {
    "print view": PRINTED, "calendar": CALENDAR, "search page": SEARCH, "sorted list": SORTING,
    "mail or vote form": MAILING,
}  # fmt: skip


def looks_like_trap(address: str, depth: int = 0) -> str | None:
    """Why a crawler should not go to a canonical address; None when it may."""
    for reason, pattern in TRAPS.items():
        if pattern.search(address):
            return reason
    return bounds(address, depth)


def bounds(address: str, depth: int) -> str | None:
    segments = [each for each in urlsplit(address).path.split("/") if each]
    number = PAGE_NUMBER.search(address)
    if len(segments) > MAX_SEGMENTS or len(address) > MAX_LENGTH:
        return "address too long"
    if repeats(segments):
        return "repeated segments"
    if number and int(number[1] or number[2] or int(number[3]) // PER_PAGE) > MAX_PAGE:
        return "page number too high"
    return "too deep" if depth > MAX_DEPTH else None


def repeats(segments: list[str]) -> bool:
    """A path that grows in circles: one part three times, or the same two parts twice in a row."""
    thrice = any(times > 2 for times in Counter(segments).values())
    pairs = list(pairwise(segments))
    return thrice or any(pair == later for pair, later in zip(pairs, pairs[2:], strict=False))
