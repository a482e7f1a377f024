"""How are pages asked for?  The only file of the crawler that uses the network: Scrapy, told to be polite."""

import asyncio
import hashlib
import logging
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from crawler.connect import Handler, Manners, guard_names
from crawler.pagers import Onward
from crawler.reach import patience
from crawler.sources import check_certificates
from indexer import clock
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store.warc import Captured

OLD_TLS = re.compile(r"unsupported protocol|protocol version|dh key too small|ee key too small|ca md too weak", re.I)
TRIES = 3  # a site that fails three times in a row is not merely busy
TRY_AGAIN = {408, 429, 500, 502, 503, 504}
BACK_OFF = 2.0  # the pause before another try: so many times the site's own, doubled each time
JITTER = 1.25  # the longest pause against the shortest, so that many crawlers do not come back together
LONGEST_WAIT = 120.0  # seconds; a site that asks for more is asked again in the next round
LOOK_UP = 0.2  # seconds between two looks at whether to stop


@dataclass(frozen=True, slots=True)
class Ask:
    """One address to ask for, what makes the answer conditional, and a form to send there.

    ``onward``: a further page of a list, which no link leads to.
    """

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    onward: Onward | None = None
    most: int = 0  # bytes; 0 for as many as the settings allow


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; a problem when nothing did."""

    captured: Captured | None = None
    problem: KhotinError | None = None
    detail: str = ""  # the problem as the machine told it
    tries: int = 1


def manners(
    settings: Settings,
    delay: float | None = None,
    allow_private: bool = False,
    ca_file: str = "",
    legacy_tls: bool = False,
) -> Manners:
    """How to behave towards one site; the last two make exceptions for its certificate. Raises KhotinError."""
    contact = f" (+{settings.contact})" if settings.contact else ""
    return Manners(
        settings.delay_seconds if delay is None else delay,
        settings.timeout_seconds,
        settings.max_page_bytes,
        f"Khotin/{version('khotin')}{contact}",
        dict(fixed(line) for line in settings.resolve),
        allow_private,
        check_certificates(str(settings.home / ca_file)) if ca_file else "",
        legacy_tls,
    )


def fixed(line: str) -> tuple[str, tuple[str, int]]:
    """One line of the setting `resolve`."""
    name, _, place = line.partition("=")
    host, _, port = place.rpartition(":")
    if not (name and host and port.isdigit()):
        raise KhotinError("The setting resolve says “%(line)s”. Write it as name=address:port.", line=line)
    return name.lower(), (host, int(port))


def run(
    asks: Iterator[Ask], take: Callable[[Ask, Answer], None], polite: Manners, stop: Callable[[], bool] = lambda: False
) -> None:
    """Ask for one address after the other and hand each answer over before the next is asked for.

    Runs once in a process (a Twisted reactor cannot be started again). What ``asks`` or ``take`` raise ends it.
    """
    for name in ("scrapy", "twisted", "py.warnings"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    raised: list[BaseException] = []

    async def errand(spider: Spider) -> None:
        guard_names(polite)
        try:
            for ask in asks:
                answer = await fetch(spider, ask, polite, stop)
                if answer is None:
                    return
                take(ask, answer)
        except BaseException as problem:
            raised.append(problem)

    process = AsyncCrawlerProcess(scrapy_settings(polite))
    process.crawl(Walker, errand=errand, polite=polite)
    process.start(install_signal_handlers=False)
    if raised:
        raise raised[0]


class Walker(Spider):
    """Lends its engine to the errand; Scrapy's own queue stays empty."""

    name = "khotin"
    errand: Callable[[Spider], Awaitable[None]]
    polite: Manners

    async def start(self) -> AsyncIterator[Any]:
        await self.errand(self)
        return
        yield  # Scrapy wants a generator


def scrapy_settings(polite: Manners) -> dict[str, Any]:
    headers = {
        "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
        "Accept-Language": "vi,en;q=0.8",
        "Accept-Encoding": "gzip, deflate",
    }
    # Two ports that Scrapy opens by itself, one of which runs what is posted to it.
    shut = {"TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}
    # Done by us, because the answer is kept as it came and each request is decided by our own table.
    ours = ("COMPRESSION", "REDIRECT", "METAREFRESH", "RETRY", "COOKIES", "HTTPCACHE", "HTTPPROXY", "REFERER")
    return {
        **shut,
        **{f"{name}_ENABLED": False for name in ours},
        "ROBOTSTXT_OBEY": False,  # crawler.robots reads it: Scrapy's own would not obey its Crawl-delay
        "DOWNLOAD_HANDLERS": {
            "http": Handler, "https": Handler, "file": None, "ftp": None, "s3": None, "data": None,
        },
        "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",  # the default one knows no IPv6
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_TIMEOUT": polite.timeout,
        "DOWNLOAD_MAXSIZE": polite.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,  # `fetch` rests between requests, so that it can be told to stop meanwhile
        "USER_AGENT": polite.agent,
        "DEFAULT_REQUEST_HEADERS": headers,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "STATS_DUMP": False,
        "MEMUSAGE_ENABLED": False,
    }  # fmt: skip


async def fetch(spider: Spider, ask: Ask, polite: Manners, stop: Callable[[], bool]) -> Answer | None:
    """One address's answer, after some tries if need be; None when told to stop."""
    for attempt in range(TRIES):
        if not await rest(polite.delay if attempt == 0 else 0, stop):
            return None
        answer = await unless_stopped(download(spider, ask, polite), stop)
        answer = answer and replace(answer, tries=attempt + 1)
        if answer is None or attempt == TRIES - 1 or not passing(answer):
            return answer
        wait = pause(answer, polite.delay, attempt)
        if wait > LONGEST_WAIT:
            return answer
        if not await rest(wait, stop):
            return None
    return None


def pause(answer: Answer, delay: float, attempt: int) -> float:
    """The seconds before another try: longer each time, never shorter than the site asks, and never quite the same."""
    return max(asked_wait(answer), delay * BACK_OFF ** (attempt + 1)) * random.uniform(1, JITTER)


def passing(answer: Answer) -> bool:
    """May another try help?"""
    if answer.captured is None:
        return isinstance(answer.problem, Passing)
    return answer.captured.status in TRY_AGAIN


def asked_wait(answer: Answer) -> float:
    told = answer.captured.named.get("retry-after", "") if answer.captured else ""
    return patience(told, clock.now())


class Passing(KhotinError):
    """A trouble that may be over in a moment."""


async def rest(seconds: float, stop: Callable[[], bool]) -> bool:
    """Wait; False as soon as we are to stop."""
    while seconds > 0 and not stop():
        await asyncio.sleep(min(seconds, LOOK_UP))
        seconds -= LOOK_UP
    return not stop()


async def unless_stopped(work: Any, stop: Callable[[], bool]) -> Answer | None:
    task: asyncio.Task[Answer] = asyncio.ensure_future(work)
    while not task.done():
        await asyncio.wait({task}, timeout=LOOK_UP)
        if stop() and not task.done():
            task.cancel()
            return None
    return task.result()


async def download(spider: Spider, ask: Ask, polite: Manners) -> Answer:
    request = requested(ask)
    try:
        response = await spider.crawler.engine.download_async(request)
    except Exception as problem:  # whatever the network does to one page, the round goes on
        return Answer(problem=told(problem, request, polite), detail=f"{type(problem).__name__}: {reason_of(problem)}")
    return Answer(captured(request, response))


def requested(ask: Ask) -> Request:
    if not ask.form:
        bounds = {"download_maxsize": ask.most} if ask.most else {}
        return Request(ask.address, headers=dict(ask.headers), meta=bounds, dont_filter=True)
    headers = {**ask.headers, "Content-Type": "application/x-www-form-urlencoded"}
    return Request(ask.address, headers=headers, method="POST", body=urlencode(ask.form), dont_filter=True)


def captured(request: Request, response: Response) -> Captured:
    line, *headers = request.meta["lines"]
    # Chunks are joined by then, so the header that announces them would be untrue.
    pairs = [tuple(header.partition(": ")[::2]) for header in headers]
    kept = tuple((name, value) for name, value in pairs if name.lower() != "transfer-encoding")
    return Captured(name_of(request), clock.now(), line, kept, response.body)


def name_of(request: Request) -> str:
    """The address under which an answer is kept. A form's begins as archives of the web write it (`__wb_method`), with
    a digest for what was sent, which may be long."""
    if request.method == "GET":
        return str(request.url)
    mark = "&" if "?" in request.url else "?"
    return f"{request.url}{mark}__wb_method={request.method}&sent={hashlib.sha256(request.body).hexdigest()[:16]}"


def told(problem: Exception, request: Request, polite: Manners) -> KhotinError:
    """What went wrong, in a sentence."""
    host = urlsplit(request.url).hostname or ""
    if host in polite.refused:
        return KhotinError(
            "%(host)s leads into a private network. If it is one of your own, allow it: add the source with "
            "--allow-private.",
            host=host,
        )
    if isinstance(problem, CannotResolveHostError):
        return KhotinError("There is no host named %(host)s. Check the address.", host=host)
    if isinstance(problem, DownloadConnectionRefusedError):
        return Passing("%(host)s does not take connections now. Try again later.", host=host)
    if isinstance(problem, DownloadTimeoutError):
        return Passing("%(host)s did not answer within %(seconds)s seconds.", host=host, seconds=polite.timeout)
    if isinstance(problem, DownloadCancelledError):
        return KhotinError(
            "It is larger than %(most)s bytes and was not taken. Raise max_page_bytes to take it.",
            most=polite.max_bytes,
        )
    if isinstance(problem, ResponseDataLossError):
        return Passing("The answer of %(host)s broke off in the middle.", host=host)
    reason = reason_of(problem)
    doubt = about_certificate(host, polite.doubts.get(host, 0), reason)
    if doubt:
        return doubt
    return Passing("%(host)s could not be reached: %(reason)s.", host=host, reason=reason)


# What OpenSSL calls a certificate that it does not believe.
EXPIRED, SELF_SIGNED, INCOMPLETE = {9, 10}, {18, 19}, {20, 21}


def about_certificate(host: str, doubt: int, reason: str) -> KhotinError | None:
    """Why a site's certificate is not believed, and what can be done; None when that was not the trouble."""
    if doubt in EXPIRED:
        return KhotinError("The certificate of %(host)s has expired. Its owner must renew it.", host=host)
    if doubt in INCOMPLETE:
        return KhotinError(
            "The certificate of %(host)s cannot be traced to an authority: the site sends an incomplete chain. Save "
            "the missing certificates to a file and name it with: khotin source edit NAME --ca-file FILE",
            host=host,
        )
    if doubt in SELF_SIGNED:
        return KhotinError(
            "The certificate of %(host)s is signed by nobody whom this machine trusts. If it is right, save it to a "
            "file and name it with: khotin source edit NAME --ca-file FILE",
            host=host,
        )
    if "DNSMismatch" in reason:
        return KhotinError("The certificate of %(host)s belongs to another host. Its owner must mend it.", host=host)
    if OLD_TLS.search(reason):
        return KhotinError(
            "%(host)s speaks only old TLS (%(reason)s). If it must be, allow it for this source: khotin source edit "
            "NAME --legacy-tls",
            host=host,
            reason=reason,
        )
    if "certificate" in reason.lower():
        return KhotinError("The certificate of %(host)s cannot be trusted: %(reason)s.", host=host, reason=reason)
    return None


def reason_of(problem: BaseException) -> str:
    """The innermost reason: Twisted wraps them."""
    inner = getattr(problem, "reasons", None) or [problem.__cause__]
    first = getattr(inner[0], "value", inner[0])
    return reason_of(first) if isinstance(first, BaseException) else str(problem).strip(" .") or type(problem).__name__
