"""What is an index of the cluster made of?  Its pieces and copies, as data; its fields are told by shape.py."""

from collections.abc import Mapping
from typing import Any

from indexer.engine.shape import MAPPINGS
from indexer.settings import Settings

# More terms than any slot of a question stands for.
MOST_CLAUSES = 8192


def index_of(settings: Settings) -> Mapping[str, Any]:
    """What a new index is made of."""
    return {
        "settings": {
            "number_of_shards": settings.opensearch_shards,
            "number_of_replicas": settings.opensearch_replicas,
            "refresh_interval": -1,  # published when a whole write is there
            "gc_deletes": "1h",  # so long no late writer can bring back what was taken out
            "merge.policy.expunge_deletes_allowed": 0,  # what is forgotten leaves the segments, all of it
            "unassigned.node_left.delayed_timeout": "10s",  # a node that is started again finds its copies
        },
        "mappings": MAPPINGS,
    }


def states_of() -> Mapping[str, Any]:
    """The small index that says how far each other one has come; a copy on every node."""
    return {
        "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-all"},
        "mappings": {"dynamic": False, "properties": {}},
    }


# What the cluster is told once. A node that lost the others answers nothing, rather than what was right before.
OF_THE_CLUSTER: Mapping[str, Any] = {
    "persistent": {
        "cluster.no_cluster_manager_block": "all",
        "indices.query.bool.max_clause_count": MOST_CLAUSES,
    }
}
