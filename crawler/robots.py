"""What does a site's robots.txt ask of us?  Decided on its text; fetching it is the round's business."""

from dataclasses import dataclass

from protego import Protego

from indexer.decode import decode, sniff
from indexer.errors import KhotinError
from indexer.store.warc import Captured, unpacked

NAME = "Khotin"
LONGEST = 5_000_000  # bytes; RFC 9309 asks crawlers to read at least a tenth of it
LONGEST_DELAY = 60.0  # seconds; more would make a round last for weeks


@dataclass(frozen=True, slots=True)
class Rules:
    """Where we may go, and how slowly."""

    told: Protego

    def allows(self, address: str) -> bool:
        return bool(self.told.can_fetch(address, NAME))

    @property
    def sitemaps(self) -> list[str]:
        return list(self.told.sitemaps)

    @property
    def delay(self) -> float:
        return min(float(self.told.crawl_delay(NAME) or 0), LONGEST_DELAY)


def rules_in(captured: Captured | None) -> Rules:
    """What an answer allows; everything, when none came or it cannot be unpacked."""
    try:
        return read(captured.status, unpacked(captured, LONGEST)) if captured else read(0, b"")
    except KhotinError:
        return read(0, b"")


def read(status: int, body: bytes) -> Rules:
    """The rules of a site; one without the file, or with a web page in its place, allows everything."""
    has_rules = status == 200 and sniff(body) == "other"
    return Rules(Protego.parse(decode(body) if has_rules else ""))
