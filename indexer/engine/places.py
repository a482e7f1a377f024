"""Where does a term stand?  A *place* is one 64-bit number: document (32 bits), zone (4 bits), position (28 bits).

The sorted places of a term are its postings; two syllables are neighbours when their places differ by one.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.generic)
Places = npt.NDArray[np.int64]
Documents = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

ZONES = ("title", "lead", "body", "captions", "attachments", "byline")
DOCUMENT_SHIFT, ZONE_SHIFT, ZONE_MASK = 32, 28, 15
EMPTY: Places = np.empty(0, dtype=np.int64)


def entries_of(places: Places) -> Ints:
    """In which zone of which document (document x zones + zone) each place is."""
    return ((places >> DOCUMENT_SHIFT) * len(ZONES) + zone_of(places)).astype(np.int32)


def joined(parts: Sequence[npt.NDArray[Number]], kind: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=kind)


def zone_of(places: Places) -> Places:
    return (places >> ZONE_SHIFT) & ZONE_MASK


def position_of(places: Places) -> Places:
    return places & ((1 << ZONE_SHIFT) - 1)


def documents_of(places: Places) -> npt.NDArray[np.int64]:
    """The documents of sorted places, each once, in order."""
    documents = places >> DOCUMENT_SHIFT
    keep = np.ones(len(documents), dtype=np.bool_)
    keep[1:] = documents[1:] != documents[:-1]
    return documents[keep]
