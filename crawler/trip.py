"""What does a round carry along?  Its source, its rules, its report, and what it learnt on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crawler.addresses import canonical, host_of
from crawler.connect import Manners
from crawler.pagers import Onward
from crawler.profiles import Profile
from crawler.report import Report
from crawler.robots import Rules
from indexer.errors import KhotinError
from indexer.store import Store
from indexer.store.sources import Source

Tell = Callable[[dict[str, Any]], None]


class Hopeless(KhotinError):
    """Going on with this round makes no sense; what was fetched is kept."""


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
    rules: Rules | None = None
    onward: Onward | None = None  # the next page of the list in hand, where no link leads to it
    asked: int = 0
    moved: str = ""  # where the last answer redirected to
    silent: int = 0  # answers in a row that were none
    told: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.start = canonical(self.source.address)
        self.hosts = twins(host_of(self.start))

    def line(self, text: str) -> None:
        self.tell({"kind": "line", "text": text})


def twins(host: str) -> frozenset[str]:
    """A host with and without www: sites mix the two in their links."""
    plain = host.removeprefix("www.")
    return frozenset((plain, f"www.{plain}"))
