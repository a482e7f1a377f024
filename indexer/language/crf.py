"""What did pyvi's model learn?  The weights of its linear-chain CRF, read from the file that CRFsuite wrote.

The format is CRFsuite's own (crf1d_model.c and cqdb.c of version 0.12): a header, a list of features, and two tables
of strings, the labels and the attributes. pyvi knows two labels: B_W, the first token of a word, and I_W, one joined
to the token before.
"""

import codecs
import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from indexer.errors import KhotinError

Pair = tuple[float, float]  # what speaks for a token being first in its word, and for its being joined

HEADER = struct.Struct("<4sI4sIIIIIIIII")
FEATURE = struct.Struct("<IIId")  # state or transition, from which attribute or label, to which label, weight
STATE, TRANSITION = 0, 1
LIST_HEAD, TABLE_HEAD, RECORD_HEAD = struct.Struct("<4sII"), struct.Struct("<4sIIIII"), struct.Struct("<II")
FIRST, JOINED = "B_W", "I_W"


@dataclass(frozen=True, slots=True)
class Crf:
    """A model of two labels: what each attribute says, and what each label says of the next (first or joined)."""

    attributes: Mapping[str, Pair]
    after_first: Pair
    after_joined: Pair


@cache
def crf() -> Crf:
    """pyvi's model.  Raises KhotinError when pyvi or its model is not what we know."""
    try:
        return read(model_bytes())
    except (struct.error, KeyError, ValueError, AttributeError) as problem:
        raise KhotinError(
            "pyvi's model cannot be read (%(problem)s). Run “make install”.", problem=problem
        ) from problem


def read(data: bytes) -> Crf:
    """A model from the bytes of its file.  Raises struct.error, KeyError or ValueError for other files."""
    magic, _, _, _, _, _, _, at_features, at_labels, at_attributes, _, _ = HEADER.unpack_from(data)
    if magic != b"lCRF":
        raise ValueError("not a CRFsuite model")
    labels = {name: number for number, name in enumerate(strings(data, at_labels))}
    first, joined = labels[FIRST], labels[JOINED]
    names = strings(data, at_attributes)
    _, _, count = LIST_HEAD.unpack_from(data, at_features)
    state: dict[tuple[int, int], float] = {}
    follows: dict[tuple[int, int], float] = {}
    begin = at_features + LIST_HEAD.size
    for kind, source, label, weight in FEATURE.iter_unpack(data[begin : begin + count * FEATURE.size]):
        (state if kind == STATE else follows)[source, label] = weight
    return Crf(
        {
            name: (state.get((number, first), 0.0), state.get((number, joined), 0.0))
            for number, name in enumerate(names)
        },
        (follows.get((first, first), 0.0), follows.get((first, joined), 0.0)),
        (follows.get((joined, first), 0.0), follows.get((joined, joined), 0.0)),
    )


def strings(data: bytes, at: int) -> list[str]:
    """The strings of a table in the order of their numbers."""
    _, _, _, _, count, back = TABLE_HEAD.unpack_from(data, at)
    places = struct.unpack_from(f"<{count}I", data, at + back)
    found = []
    for place in places:
        _, size = RECORD_HEAD.unpack_from(data, at + place)
        start = at + place + RECORD_HEAD.size
        found.append(data[start : start + size - 1].decode())  # a zero ends each
    return found


def model_bytes() -> bytes:
    """The trained CRF out of pyvi's pickle, of which nothing else is wanted."""
    with (pyvi_models() / "pyvi3.pkl").open("rb") as file:
        estimator = ModelUnpickler(file).load()
    data: bytes = estimator.state["modelfile"].state["__FILE_RESOURCE_DATA__"]
    return data


class Ignored:
    """Stands in for every class that the pickle names, and keeps what the pickle says of it."""

    def __init__(self, *_: object) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


class ModelUnpickler(pickle.Unpickler):
    """Runs no code that a pickle could bring along: bytes are decoded, all else is ignored."""

    def find_class(self, module: str, name: str) -> Any:
        return codecs.encode if (module, name) == ("_codecs", "encode") else Ignored


def pyvi_models() -> Path:
    found = find_spec("pyvi")
    if found is None or found.origin is None:
        raise KhotinError("The package pyvi is missing. Run “make install”.")
    return Path(found.origin).parent / "models"
