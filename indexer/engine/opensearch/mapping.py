"""How does OpenSearch keep our terms?  As data: what each field of a document is.

We cut the words, OpenSearch only splits at blanks, so that no plug-in of the server is needed and both sides cut alike.
"""

from collections.abc import Mapping
from typing import Any

from indexer.engine.places import ZONES
from indexer.engine.segments import WORD_FACETS
from indexer.settings import Settings

# A paragraph's end leaves a gap of one position, as in `indexer.language.words`.
PLACED = {"type": "text", "analyzer": "whitespace", "norms": False, "position_increment_gap": 1}
COUNTED = {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "freqs"}
WORD = {"type": "keyword"}
LISTED = {"type": "keyword", "index": False}  # counted, never looked up
KEPT = {"type": "object", "enabled": False}
NUMBER, SMALL = {"type": "long"}, {"type": "integer"}

# w as written, k and b by `fold.key` and `fold.bare_key`, s English stems: aligned, position by position; x all other
# terms, a the syllables that stand in no joined word: as often as they stand there.
OF_ZONE: Mapping[str, Any] = {"w": PLACED, "k": PLACED, "b": PLACED, "s": PLACED, "x": COUNTED, "a": COUNTED}
PROPERTIES: Mapping[str, Any] = {
    "id": NUMBER,
    "day": SMALL,
    "month": SMALL,
    "year": SMALL,
    "facet": {"properties": dict.fromkeys(WORD_FACETS, WORD)},
    "length": {"properties": dict.fromkeys(ZONES, SMALL)},
    "spelled": LISTED,
    "beside": LISTED,
    "number": WORD,
    "place": WORD,
    "terms": KEPT,
    **{zone: {"properties": dict(OF_ZONE)} for zone in ZONES},
}
# What can be made again from `terms` is not kept a second time.
UNKEPT = [*(f"{zone}.*" for zone in ZONES), "spelled", "beside"]


def index_of(settings: Settings) -> Mapping[str, Any]:
    """What a new index is made of."""
    return {
        "settings": {
            "number_of_shards": settings.opensearch_shards,
            "number_of_replicas": settings.opensearch_replicas,
            "refresh_interval": -1,  # published when a whole write is there
            "gc_deletes": "1h",  # so long no late writer can bring back what was taken out
            "max_result_window": 100_000,
            "merge.policy.expunge_deletes_allowed": 0,  # what is forgotten leaves the segments, all of it
            "unassigned.node_left.delayed_timeout": "10s",
        },
        "mappings": {"dynamic": "strict", "_source": {"excludes": UNKEPT}, "properties": PROPERTIES},
    }


def states_of() -> Mapping[str, Any]:
    """The small index that says how far each other one has come; a copy on every node."""
    return {
        "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-all"},
        "mappings": {"dynamic": False, "properties": {}},
    }
