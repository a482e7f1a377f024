"""How does everything leave at once?  One ZIP in all formats; its last member says what was asked and what is in it."""

import hashlib
import json
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED

from zipstream import ZipStream

from indexer import clock
from indexer.glossary import edition
from indexer.wordbook import wordbook
from web import answers
from web.freshness import software
from web.taking.formats import EVERYTHING, Format
from web.taking.stream import Taking, Written, stream

MANIFEST = "manifest.json"
# What the manifest is written in: raise it when a name changes its meaning.
MANIFEST_FORMAT = 1


class Member:
    """One file of the ZIP: counts and digests itself as it is written."""

    def __init__(self, chosen: Format) -> None:
        self.format, self.counts = chosen, Written()
        self.digest, self.bytes = hashlib.sha256(), 0

    def pieces(self, taking: Taking) -> Iterator[bytes]:
        for text in stream(taking, self.format, self.counts, has_manifest=True):
            piece = text.encode("utf-8", "replace")
            self.digest.update(piece)
            self.bytes += len(piece)
            yield piece

    def told(self) -> dict[str, object]:
        return {
            "file": self.format.file,
            "format": self.format.name,
            "written": self.counts.written,
            "withheld": self.counts.withheld,
            "bytes": self.bytes,
            "sha256": self.digest.hexdigest(),
        }


def zipped(taking: Taking, told: Written) -> Iterator[bytes]:
    """The ZIP in pieces. Each member reads the archive anew, so that no more than a batch is ever held."""
    members = [Member(each) for each in EVERYTHING]
    packed = ZipStream(compress_type=ZIP_DEFLATED)
    for member in members:
        packed.add(member.pieces(taking), member.format.file)
    packed.add(closing(taking, members, told), MANIFEST)
    yield from packed


def closing(taking: Taking, members: list[Member], told: Written) -> Iterator[bytes]:
    """Asked for last, when all members have been written."""
    told.numbers_withheld.update(*(member.counts.numbers_withheld for member in members))
    told.withheld = len(told.numbers_withheld)
    told.written = taking.gathering.total - told.withheld
    yield (json.dumps(manifest(taking, members, told), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def manifest(taking: Taking, members: list[Member], told: Written) -> dict[str, object]:
    """What a paper needs to say how its texts were gathered."""
    gathered = taking.gathering
    columns = gathered.searcher.view.columns
    return {
        "manifest": MANIFEST_FORMAT,
        "archive": taking.desk.archive,
        "made_at": clock.now().isoformat(),
        "software": f"khotin {software()}".strip(),
        "question": gathered.query.q,
        "parameters": asked(taking),
        "order": gathered.order,
        "interpretation": answers.interpretation(gathered.counted.interpretation),
        "generation": columns.generation,
        "lesson": columns.lesson,
        "glossary": f"{edition()}.{wordbook(taking.store).number}",  # as shipped, and the department's own words
        "extractors": {str(number): count for number, count in sorted(members[0].counts.extractors.items())},
        "full_text_of_newspapers": taking.full_text_of_others,
        "total": gathered.total,
        "written": told.written,
        "withheld": told.withheld,
        "members": [member.told() for member in members],
    }


def asked(taking: Taking) -> dict[str, object]:
    """The parameters of the search, without those of its pages; in which order is told beside it."""
    told = answers.query(taking.gathering.query)
    return {name: value for name, value in told.items() if name not in ("page", "per_page", "sort")}
