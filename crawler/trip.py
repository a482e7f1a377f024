"""What does a round carry along?  Its source, its rules, its report, and what it learnt on the way."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crawler.addresses import host_of
from crawler.branches import Branches
from crawler.connect import Manners
from crawler.pagers import Onward
from crawler.profiles import Profile
from crawler.report import REASONS, Report
from crawler.robots import Rules
from crawler.tempo import Look
from indexer.canonical import canonical
from indexer.errors import KhotinError
from indexer.store import Store
from indexer.store.addresses import Known
from indexer.store.sources import Source
from indexer.store.warc import Captured

Tell = Callable[[dict[str, Any]], None]


class Hopeless(KhotinError):
    """Going on with this round makes no sense; what was fetched is kept."""


@dataclass(frozen=True, slots=True)
class Printing:
    """An article's page that showed no text, and its print view, which is asked for now."""

    known: Known
    captured: Captured
    number: int  # of the page's capture
    address: str


@dataclass(slots=True)
class Trip:
    """One process's part of a round."""

    store: Store
    source: Source
    round_id: int
    report: Report
    polite: Manners
    tell: Tell
    full: bool = False
    start: str = ""
    hosts: frozenset[str] = frozenset()
    profile: Profile | None = None
    rules: dict[str, Rules] = field(default_factory=dict)  # by host
    onward: Onward | None = None  # the next page of the list in hand, where no link leads to it
    printing: Printing | None = None
    tries: int = 1  # that the answer in hand took
    detail: str = ""  # what the machine said of it, where there is none
    asked: int = 0
    moved: str = ""  # where the last answer redirected to
    twins: Counter[str] = field(default_factory=Counter)  # articles that proved the same under a kind of further name
    silent: dict[str, int] = field(default_factory=dict)  # bad answers in a row, by host
    nothing_here: str = ""  # what the site shows, as if it were fine, at an address that cannot be
    mute: set[str] = field(default_factory=set)  # further hosts that are left in peace for the rest of the round
    rules_of: str = ""  # the host whose robots.txt is being asked for
    sitemaps: list[str] = field(default_factory=list)  # still to be asked for
    in_sitemap: str = ""  # the one that is asked for now
    feeds: list[str] = field(default_factory=list)  # still to be asked for
    fed: set[str] = field(default_factory=set)  # those that this process has dealt with
    feed: Known | None = None  # the one that is asked for now
    told: dict[str, float] = field(default_factory=dict)
    looks: list[Look] = field(default_factory=list)  # how far it was lately
    branches: Branches = field(default_factory=Branches)
    lists: dict[str, str] = field(default_factory=dict)  # what a list shows -> the address that showed it first
    shown: set[int] = field(default_factory=set)  # hashes of addresses that a page has led to
    left_out: set[int] = field(default_factory=set)  # hashes of addresses that the report has counted already

    def __post_init__(self) -> None:
        self.start = canonical(self.source.address)
        self.hosts = hosts_of(self.source)

    @property
    def boilerplate(self) -> frozenset[str]:
        """Lines that stand on most of the site's articles."""
        return self.source.shared_lines

    @property
    def elsewhere(self) -> frozenset[str]:
        """Hosts of the site beside the start page's."""
        return self.hosts - twins(host_of(self.start))

    def allows(self, address: str) -> bool:
        """May we ask for it, as far as the robots.txt of its host is known?"""
        rules = self.rules.get(host_of(address)) or self.rules.get(host_of(self.start))
        return rules is None or rules.allows(address)

    def skip(self, address: str, reason: str) -> None:
        """Count an address that is not asked for, once, under the reason."""
        if hash(address) not in self.left_out:
            self.left_out.add(hash(address))
            told = REASONS.get(reason, reason)
            self.report.skipped[told] = self.report.skipped.get(told, 0) + 1

    def line(self, message: str, detail: str = "", **values: Any) -> None:
        """A line of the log, in parts; ``detail`` is what machines said."""
        self.tell({"kind": "line", "message": message, "values": values, "detail": detail})


def hosts_of(source: Source) -> frozenset[str]:
    """All hosts that belong to a source's site."""
    hosts = (host_of(canonical(source.address)), *source.hosts.split())
    return frozenset().union(*map(twins, hosts))


def twins(host: str) -> frozenset[str]:
    """A host with and without www: sites mix the two in their links."""
    plain = host.removeprefix("www.")
    return frozenset((plain, f"www.{plain}"))
